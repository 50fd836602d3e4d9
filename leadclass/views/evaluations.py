"""The figures of a model on labelled statements, on a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from leadclass.evaluation import Evaluation, Interval, Scores, Slice
from leadclass.labels import LABELS, SIDES
from leadclass.views.console import BOLD, DIM, MARKS, STYLES, console, label_text, table


def show_evaluation(evaluation: Evaluation, title: str) -> None:
    """Print figures for each side and label, for each slice, and the confusion of labels."""
    out = console()
    whole = evaluation.overall
    out.print(Text(title, BOLD))
    traits = f"; traits F1 {_figure(whole.traits.f1)}" if whole.traits.n_shown else ""
    out.print(
        f"{whole.n} statements; the right label of four for {_figure(whole.accuracy)}{traits}."
    )
    out.print(_scores({side: whole.sides[side] for side in SIDES}, "side"))
    out.print(_scores({label: whole.labels[label] for label in LABELS}, "label alone"))
    for column, parts in evaluation.slices.items():
        out.print(_slices(column, parts))
    out.print(confusion_table(evaluation.confusion, "is \\ said"))
    out.print(Text("In brackets: 95 % bootstrap intervals.", DIM))


def _scores(scores: dict[str, Scores], heading: str) -> Table:
    shown = table(heading, "precision", "recall", "F1", "shown", "said")
    for name, part in scores.items():
        shown.add_row(
            label_text(name),
            f"{part.precision:.3f}",
            f"{part.recall:.3f}",
            _with_range(part.f1),
            str(part.n_shown),
            str(part.n_said),
        )
    return shown


def _slices(column: str, parts: dict[str, Slice]) -> Table:
    shown = table(column, "n", "leadership F1", "management F1", "right label")
    for value, part in parts.items():
        figures = [part.sides[side].f1 for side in SIDES] + [part.accuracy]
        shown.add_row(value, str(part.n), *map(_with_range, figures))
    return shown


def confusion_table(confusion: dict[str, dict[str, int]], corner: str) -> Table:
    """Counts by the label that is right, or the first's, and by the label that was said."""
    shown = table(corner, *(f"{MARKS[label]} {label}" for label in LABELS))
    for right in LABELS:
        cells = [
            Text(str(confusion[right][said]), STYLES[right] if right == said else "")
            for said in LABELS
        ]
        shown.add_row(label_text(right), *cells)
    return shown


def _with_range(interval: Interval) -> Text:
    return Text.assemble((f"{interval.value:.3f}", BOLD), (f" {_range(interval)}", DIM))


def _figure(interval: Interval) -> str:
    return f"{interval.value:.3f} {_range(interval)}"


def _range(interval: Interval) -> str:
    return f"({interval.low:.3f}–{interval.high:.3f})"
