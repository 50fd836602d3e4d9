"""The figures of a corpus and of a model as pictures; needs the extra ``leadclass[plot]``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

import matplotlib
import numpy as np

matplotlib.use("agg")  # draws to a file, wants no screen
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, ScalarFormatter

from leadclass.assessment import Assessment
from leadclass.curation.statistics import Statistics
from leadclass.errors import LeadclassError
from leadclass.evaluation import precision_recall
from leadclass.files import is_folder, replacing
from leadclass.labels import LABELS, SIDE_OF_TRAIT, SIDES, TRAITS

FORMATS = (".png", ".svg", ".pdf")

#: Told apart by colour-blind eyes, after M. Okabe and K. Ito; also by their order.
COLOURS = {
    "leadership": "#0072b2",
    "management": "#e69f00",
    "both": "#cc79a7",
    "neither": "#b0b0b0",
}
_SIZE = (10, 7)


def check_plot(path: str | PathLike[str]) -> None:
    """Refuse a file that no picture can be written to.

    Raises
    ------
    LeadclassError
    """
    if Path(path).suffix.lower() not in FORMATS:
        raise LeadclassError(
            "is not a kind of picture that is known",
            file=path,
            remedy=f"use one of {', '.join(FORMATS)}",
        )
    if not is_folder(Path(path).parent):
        raise LeadclassError(
            "its folder does not exist", file=path, remedy=f"create {Path(path).parent} first"
        )


def draw_statistics(figures: Statistics, path: str | PathLike[str]) -> None:
    """Draw labels, traits, lengths and the growth of the vocabulary.

    Parameters
    ----------
    figures : Statistics
    path : path-like
        Its extension, one of `FORMATS`, says the format.

    Raises
    ------
    LeadclassError
        If it cannot be written.
    """
    check_plot(path)
    figure = Figure(figsize=_SIZE, layout="constrained")
    (labels, traits), (lengths, growth) = figure.subplots(2, 2)
    _draw_counts(labels, "Labels", LABELS, figures.counts["label"])
    _draw_counts(traits, "Traits", TRAITS, figures.counts.get("traits", {}))
    _draw_lengths(lengths, figures)
    _draw_growth(growth, figures)
    for axes in (labels, traits, lengths, growth):
        axes.spines[["top", "right"]].set_visible(False)
        for axis in (axes.xaxis, axes.yaxis):
            if isinstance(axis.get_major_formatter(), ScalarFormatter):
                axis.set_major_locator(MaxNLocator(5, integer=True))
                axis.set_major_formatter("{x:,.0f}")
    figure.suptitle(f"{figures.n:,} entries, {figures.vocabulary:,} different words")
    _save(figure, path)


def _draw_counts(axes: Axes, title: str, names: Sequence[str], counts: Mapping[str, int]) -> None:
    bars = axes.barh(
        [name.replace("_", " ") for name in names],
        [counts.get(name, 0) for name in names],
        color=[COLOURS[SIDE_OF_TRAIT.get(name, name)] for name in names],
    )
    axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.invert_yaxis()
    axes.set_title(title)
    axes.set_xlabel("entries")
    axes.margins(x=0.15)


def _draw_lengths(axes: Axes, figures: Statistics) -> None:
    for name, counted in figures.histograms.items():
        axes.step(list(counted), list(counted.values()), where="mid", label=name)
    axes.set_title("Lengths")
    axes.set_xlabel("words")
    axes.set_ylabel("entries")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def _draw_growth(axes: Axes, figures: Statistics) -> None:
    entries = [0, *(step.n_entries for step in figures.growth)]
    words = [0, *(step.n_words for step in figures.growth)]
    axes.plot(entries, words, marker=".", color=COLOURS["leadership"])
    axes.set_title("Vocabulary")
    axes.set_xlabel("entries, in an order drawn by chance")
    axes.set_ylabel("different words")
    axes.set_xlim(left=0)
    axes.set_ylim(bottom=0)
    if figures.growth:
        last = figures.growth[-1]
        axes.text(
            0.97,
            0.06,
            f"the last {last.n_entries - entries[-2]:,} entries brought {last.n_new:,} new words",
            transform=axes.transAxes,
            ha="right",
        )


def draw_evaluation(assessment: Assessment, path: str | PathLike[str]) -> None:
    """Draw precision against recall, and reliability, for each side.

    Parameters
    ----------
    assessment : Assessment
    path : path-like
        Its extension, one of `FORMATS`, says the format.

    Raises
    ------
    LeadclassError
        If it cannot be written.
    """
    check_plot(path)
    truth = assessment.corpus.shown()
    given = np.nan_to_num(assessment.decisions.probabilities)
    overall = assessment.evaluate().overall
    figure = Figure(figsize=(10, 5.4), layout="constrained")
    curve, reliability = figure.subplots(1, 2)
    for i, side in enumerate(SIDES):
        quality, scores = overall.quality[side], overall.sides[side]
        precision, recall, _ = precision_recall(truth[:, i], given[:, i])
        label = f"{side}, average precision {quality.average_precision:.2f}"
        curve.plot(recall, precision, color=COLOURS[side], label=label)
        curve.plot(scores.recall, scores.precision, "o", color=COLOURS[side])
        said = [part.said for part in quality.reliability]
        shown = [part.shown for part in quality.reliability]
        sizes = [10 + 200 * part.n / overall.n for part in quality.reliability]
        label = f"{side}, calibration error {quality.calibration_error:.3f}"
        reliability.plot(said, shown, color=COLOURS[side], label=label)
        reliability.scatter(said, shown, s=sizes, color=COLOURS[side])
    curve.set(title="Precision and recall", xlabel="recall", ylabel="precision")
    reliability.plot([0, 1], [0, 1], color=COLOURS["neither"], linestyle=":", zorder=0)
    reliability.set(title="Reliability", xlabel="probability that was said", ylabel="share shown")
    for axes in (curve, reliability):
        axes.set(xlim=(0, 1.02), ylim=(0, 1.12 if axes is reliability else 1.02))
        axes.legend(frameon=False, loc="lower left" if axes is curve else "upper left")
        axes.spines[["top", "right"]].set_visible(False)
    figure.suptitle(f"{overall.n:,} statements; dots on the curves: the thresholds in use")
    _save(figure, path)


def _save(figure: Figure, path: str | PathLike[str]) -> None:
    with replacing(path) as unfinished:
        figure.savefig(unfinished, format=Path(path).suffix[1:].lower(), dpi=150)
