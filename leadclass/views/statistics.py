"""What a corpus is made of, on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rich.table import Table
from rich.text import Text

from leadclass.curation.statistics import STEP, Statistics
from leadclass.labels import LABELS
from leadclass.views.console import BOLD, DIM, STYLES, bar, console, harmless, label_text, table

_BAR = 24


def show_statistics(figures: Statistics) -> None:
    """Print counts by every column, lengths, and the growth of the vocabulary."""
    out = console()
    out.print(Text(f"{figures.n:,} entries, {figures.n_words:,} words", BOLD))
    for column, values in figures.counts.items():
        out.print_table(_counts(column, values, figures.n))
    for column, n in figures.n_values.items():
        out.print(f"{harmless(column)}: {n:,} different values")
    out.print_table(_lengths(figures))
    out.print_table(_growth(figures))
    out.print()
    out.print(Text(f"Vocabulary: {figures.vocabulary:,} different words.", BOLD))
    out.print(Text("Entries in an order drawn by chance, so that each step is a sample.", DIM))


def _counts(column: str, values: Mapping[str, int], n: int) -> Table:
    shown = table(harmless(column), "entries", "share", "")
    most = max(values.values(), default=1)
    for value, count in _in_order(column, values):
        style = STYLES.get(value, "") if column == "label" else ""
        name = label_text(value) if column == "label" else Text(harmless(value) or "not said")
        cells = (f"{count:,}", f"{count / max(n, 1):.1%}", bar(count / most, _BAR, style))
        shown.add_row(name if value else Text("not said", DIM), *cells)
    return shown


def _in_order(column: str, values: Mapping[str, int]) -> Iterable[tuple[str, int]]:
    if column == "label":
        return [(label, values[label]) for label in LABELS if label in values]
    return sorted(values.items(), key=lambda item: not item[0])  # what is not said comes last


def _lengths(figures: Statistics) -> Table:
    quantiles = next(iter(figures.lengths.values())).quantiles
    shown = table("words", "entries", "mean", *quantiles)
    for name, part in figures.lengths.items():
        cells = [f"{value:g}" for value in part.quantiles.values()]
        shown.add_row(name, f"{part.n:,}", f"{part.mean:.1f}", *cells)
    return shown


def _growth(figures: Statistics) -> Table:
    shown = table("entries", "vocabulary", f"new words in {STEP:,}", "")
    most = max((step.n_new for step in figures.growth), default=1)
    for step in figures.growth:
        if step.n_entries % STEP and len(figures.growth) > 1:
            break  # the last step is a short one
        cells = (f"{step.n_words:,}", f"{step.n_new:,}", bar(step.n_new / most, _BAR))
        shown.add_row(f"{step.n_entries:,}", *cells)
    return shown
