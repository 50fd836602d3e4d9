"""Why a statement has its label, on a terminal: the words for and against each side."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leadclass.explanation import Explanation, Term
from leadclass.labels import SIDES
from leadclass.profile import spoken
from leadclass.views.console import (
    BOLD,
    COLOURS,
    DIM,
    STYLES,
    bar,
    console,
    harmless,
    label_text,
    percent,
)

_TERMS = 6
_BAR = 16


def show_explanation(explanation: Explanation) -> None:
    """Print the label, and for each side the words that moved it most."""
    out = console()
    out.print(Text(harmless(explanation.text), BOLD))
    headline = label_text(explanation.label)
    if explanation.traits:
        headline.append("  " + ", ".join(map(spoken, explanation.traits)), DIM)
    out.print(headline)
    for side in SIDES:
        out.print(Padding(_side(explanation, side), (1, 0, 0, 0)))
    out.print(
        Text(
            "\nBars: how far the loudest words, and pairs of words, move the log-odds.",
            DIM,
        )
    )


def _side(explanation: Explanation, side: str) -> RenderableType:
    probability, threshold = explanation.probabilities[side], explanation.thresholds[side]
    verdict = "shown" if probability >= threshold else "not shown"
    headline = Text.assemble(
        (f"{side} {percent(probability)}", STYLES[side]),
        (f"  {verdict}, from {percent(threshold)} on", DIM),
    )
    pro, con = explanation.strongest(side, _TERMS)
    largest = max((abs(t.contributions[side]) for t in pro + con), default=1.0)
    grid = Table.grid(padding=(0, 3, 0, 0))
    for _ in range(2):
        grid.add_column(width=36)
    grid.add_row(Text("for", DIM), Text("against", DIM))
    grid.add_row(
        _terms(pro, side, largest, COLOURS[side]),
        _terms(con, side, largest, "dim"),
    )
    return Group(headline, grid)


def _terms(terms: list[Term], side: str, largest: float, style: str) -> RenderableType:
    if not terms:
        return Text("nothing", DIM)
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_BAR, overflow="ellipsis", no_wrap=True)
    grid.add_column(justify="right", width=5)
    grid.add_column()
    for term in terms:
        weight = term.contributions[side]
        grid.add_row(term.text, f"{weight:+.1f}", bar(abs(weight) / largest, _BAR - 4, style))
    return grid
