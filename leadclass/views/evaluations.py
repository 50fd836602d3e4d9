"""The figures of a model on labelled statements, on a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from leadclass.evaluation import Evaluation, Interval, Scores, Slice
from leadclass.labels import LABELS, SIDES
from leadclass.views.console import BOLD, DIM, MARKS, STYLES, console, label_text


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
    out.print(_confusion(evaluation.confusion))
    out.print(Text("In brackets: 95 % bootstrap intervals.", DIM))


def _scores(scores: dict[str, Scores], heading: str) -> Table:
    table = _table(heading, "precision", "recall", "F1", "shown", "said")
    for name, part in scores.items():
        table.add_row(
            label_text(name),
            f"{part.precision:.3f}",
            f"{part.recall:.3f}",
            _with_range(part.f1),
            str(part.n_shown),
            str(part.n_said),
        )
    return table


def _slices(column: str, parts: dict[str, Slice]) -> Table:
    table = _table(column, "n", "leadership F1", "management F1", "right label")
    for value, part in parts.items():
        figures = [part.sides[side].f1 for side in SIDES] + [part.accuracy]
        table.add_row(value, str(part.n), *map(_with_range, figures))
    return table


def _confusion(confusion: dict[str, dict[str, int]]) -> Table:
    table = _table("is \\ said", *(f"{MARKS[label]} {label}" for label in LABELS))
    for right in LABELS:
        cells = [
            Text(str(confusion[right][said]), STYLES[right] if right == said else "")
            for said in LABELS
        ]
        table.add_row(label_text(right), *cells)
    return table


def _table(first: str, *others: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first)
    for name in others:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _with_range(interval: Interval) -> Text:
    return Text.assemble((f"{interval.value:.3f}", BOLD), (f" {_range(interval)}", DIM))


def _figure(interval: Interval) -> str:
    return f"{interval.value:.3f} {_range(interval)}"


def _range(interval: Interval) -> str:
    return f"({interval.low:.3f}–{interval.high:.3f})"
