"""The figures of a model on labelled statements, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leadclass.assessment import Error
from leadclass.evaluation import Evaluation, Interval, Quality, Scores, Slice
from leadclass.labels import LABELS, SIDES
from leadclass.views.console import (
    BOLD,
    DIM,
    MARKS,
    STYLES,
    console,
    harmless,
    label_text,
    percent,
    table,
)


def show_evaluation(evaluation: Evaluation, title: str) -> None:
    """Print figures for each side and label, for each slice, and the confusion of labels."""
    out = console()
    whole = evaluation.overall
    out.print(Text(harmless(title), BOLD))
    traits = (
        f"; traits F1 {_figure(whole.traits.f1)}, mean of the eight {whole.trait_macro_f1:.3f}"
        if whole.traits.n_shown
        else ""
    )
    out.print(
        f"{whole.n:,} statements; the right label of four for {_figure(whole.accuracy)}{traits}."
    )
    out.print_table(_scores({side: whole.sides[side] for side in SIDES}, "side"))
    out.print_table(_scores({label: whole.labels[label] for label in LABELS}, "label alone"))
    if whole.traits.n_shown:
        named = {trait: scores for trait, scores in whole.each_trait.items() if scores.n_shown}
        out.print_table(_scores(named, "trait"))
    if whole.quality:
        out.print_table(_quality(whole.quality))
    for column, parts in evaluation.slices.items():
        out.print_table(_slices(column, parts))
    out.print_table(confusion_table(evaluation.confusion, "is \\ said"))
    out.print()
    out.print(Text("In brackets: 95 % bootstrap intervals.", DIM))


def _scores(scores: dict[str, Scores], heading: str) -> Table:
    shown = table(heading, "precision", "recall", "F1", "shown", "said")
    for name, part in scores.items():
        shown.add_row(
            label_text(name) if name in LABELS else name.replace("_", " "),
            f"{part.precision:.3f}" if part.n_said else "-",
            f"{part.recall:.3f}" if part.n_shown else "-",
            _f1(part),
            str(part.n_shown),
            str(part.n_said),
        )
    return shown


def _quality(quality: dict[str, Quality]) -> Table:
    shown = table("probabilities", "average precision", "Brier", "calibration error")
    for side, part in quality.items():
        figures = (part.average_precision, part.brier, part.calibration_error)
        shown.add_row(label_text(side), *(f"{figure:.3f}" for figure in figures))
    return shown


def show_errors(errors: Sequence[Error]) -> None:
    """Print wrong labels with the words that misled the model."""
    if not errors:
        return
    out = console()
    out.print()
    out.print(Text("The errors it was surest of", BOLD))
    for error in errors:
        said = f"{percent(error.probability)} {error.side}: {', '.join(error.reasons)}"
        line = Text.assemble(
            (f"row {error.row} ", DIM), label_text(error.label), " said ", label_text(error.said)
        )
        out.print(line.append(f"  {said}", DIM))
        out.print(Padding(harmless(error.text), (0, 0, 0, 2)))


def _slices(column: str, parts: dict[str, Slice]) -> Table:
    shown = table(column, "n", "leadership F1", "management F1", "right label")
    for value, part in parts.items():
        figures = [_f1(part.sides[side]) for side in SIDES] + [_with_range(part.accuracy)]
        shown.add_row(harmless(value) or "not said", f"{part.n:,}", *figures)
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


def _f1(part: Scores) -> Text:
    """F1 with its interval, or nothing to say where there is nothing to find."""
    return _with_range(part.f1) if part.n_shown else Text("-")


def _with_range(interval: Interval) -> Text:
    return Text.assemble((f"{interval.value:.3f}", BOLD), (f" {_range(interval)}", DIM))


def _figure(interval: Interval) -> str:
    return f"{interval.value:.3f} {_range(interval)}"


def _range(interval: Interval) -> str:
    return f"({interval.low:.3f}–{interval.high:.3f})"
