"""What has been labelled, and how far others agree, on a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from leadclass.labelling.results import Results
from leadclass.labels import LABELS, SIDES
from leadclass.views.agreements import kappa
from leadclass.views.console import BOLD, DIM, STYLES, console, harmless, label_text, table


def show_results(results: Results, n_done: int, n_asked: int, n_now: int | None) -> None:
    """Print how many have which label, and the agreement with the model and a second annotator.

    Parameters
    ----------
    results : Results
    n_done, n_asked : int
        How many statements of the table have a label, and how many there are.
    n_now : int, optional
        How many have got theirs just now.
    """
    out = console()
    line = Text(harmless(results.path), BOLD)
    now = f", {n_now:,} of them now" if n_now is not None else ""
    line.append(f"  {n_done:,} of {n_asked:,} labelled{now}", "not bold")
    out.print(line, soft_wrap=True)
    counts = [
        label_text(label).append(f" {results.counts.get(label, 0):,}", "default not bold")
        for label in LABELS
    ]
    out.print(Text("   ").join(counts), soft_wrap=True)
    if not results.agreements:
        return
    out.print_table(_agreements(results))
    if results.n_seen:
        left_out = f"Left out of the model's: {results.n_seen:,} labelled with its opinion in view."
        out.print(Text(left_out, DIM))
    out.print(Text("Kappa leaves out what chance would give: 1 is perfect, 0 is chance.", DIM))


def _agreements(results: Results) -> Table:
    shown = table("agreement with", "n", "same label", "kappa")
    for side in SIDES:
        shown.add_column(Text(side, STYLES[side]), justify="right")
    for name, report in results.agreements.items():
        whole = report.overall
        sides = [f"{report.sides[side].share:.1%} {kappa(report.sides[side])}" for side in SIDES]
        shown.add_row(harmless(name), f"{whole.n:,}", f"{whole.share:.1%}", kappa(whole), *sides)
    return shown
