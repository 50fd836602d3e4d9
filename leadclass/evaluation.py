"""What labels say and what a model says in, figures with intervals out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from leadclass.decisions import labels_of
from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAITS

#: Resamples of the bootstrap, and the share of them that an interval covers.
RESAMPLES = 2000
COVERAGE = 0.95

#: Of the expected calibration error, each as wide as the others.
BINS = 10

_SEED = 0
_DECIMALS = 4


@dataclass(frozen=True)
class Interval:
    """A figure with its bootstrap interval, by percentiles, of `COVERAGE`."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Scores:
    """How well something is recognised.

    Attributes
    ----------
    precision, recall : float
        In [0, 1]; zero where nothing was said or nothing was there.
    f1 : Interval
        Their harmonic mean.
    n_shown, n_said : int
        How many show it by their label, and how many the model says do.
    """

    precision: float
    recall: float
    f1: Interval
    n_shown: int
    n_said: int


@dataclass(frozen=True)
class Quality:
    """How good the probabilities of a side are, whatever the threshold.

    Attributes
    ----------
    average_precision : float
        The area under the precision-recall curve, as a sum of steps, in [0, 1].
    brier : float
        The mean squared distance of probability and truth, in [0, 1]; less is better.
    calibration_error : float
        Expected calibration error over `BINS` bins of equal width, in [0, 1]; less is better.
    reliability : list of Bin
        The bins that have rows.
    """

    average_precision: float
    brier: float
    calibration_error: float
    reliability: list[Bin]


@dataclass(frozen=True)
class Bin:
    """Rows of a like probability: how many, what was said of them, and how many show it."""

    n: int
    said: float
    shown: float


@dataclass(frozen=True)
class Slice:
    """The figures of some rows.

    Attributes
    ----------
    n : int
        Rows.
    accuracy : Interval
        The share of rows whose label, of the four, is right.
    sides : dict of str to Scores
        For leadership and for management.
    labels : dict of str to Scores
        For each of the four labels.
    traits : Scores
        Over all traits together (micro-averaged), where the table names traits.
    trait_macro_f1 : float
        The mean F1 of the traits that some row shows.
    each_trait : dict of str to Scores
    quality : dict of str to Quality
        Of the probabilities of each side; empty where they were not given.
    """

    n: int
    accuracy: Interval
    sides: dict[str, Scores]
    labels: dict[str, Scores]
    traits: Scores
    trait_macro_f1: float
    each_trait: dict[str, Scores]
    quality: dict[str, Quality]


@dataclass(frozen=True)
class Evaluation:
    """The figures of a whole table and of its slices.

    Attributes
    ----------
    overall : Slice
    slices : dict of str to dict of str to Slice
        By column, then by value.
    confusion : dict of str to dict of str to int
        By the label that is right, then by the label that was said.
    """

    overall: Slice
    slices: dict[str, dict[str, Slice]]
    confusion: dict[str, dict[str, int]]

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, ready for JSON."""
        return rounded(asdict(self))


def evaluate(
    truth: np.ndarray,
    said: np.ndarray,
    known: np.ndarray,
    slices: Mapping[str, Sequence[str]] | None = None,
    probabilities: np.ndarray | None = None,
) -> Evaluation:
    """Compare what the labels say with what the model says.

    Parameters
    ----------
    truth, said : ndarray of bool, shape (n, n_outputs)
        Which of `leadclass.labels.OUTPUTS` each row shows.
    known : ndarray of bool, shape (n, n_outputs)
        Which of them the labels tell; what they do not is left out.
    slices : dict of str to sequence of str, length n, optional
        Columns by whose values the figures are also given.
    probabilities : ndarray, shape (n, n_outputs), optional
        For figures that do not depend on thresholds; NaN counts as zero.

    Returns
    -------
    Evaluation

    References
    ----------
    B. Efron, "Bootstrap methods: another look at the jackknife", 1979.
    M. Naeini, G. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian
    binning", AAAI 2015.
    """
    said = said & known
    given = None if probabilities is None else np.nan_to_num(probabilities)

    def part(rows: np.ndarray) -> Slice:
        return _slice(truth[rows], said[rows], None if given is None else given[rows])

    parts = {
        column: {
            value: part(rows)
            for value in sorted(set(values), key=_natural)
            if (rows := np.array([v == value for v in values], bool)).any()
        }
        for column, values in (slices or {}).items()
    }
    right, named = labels_of(truth), labels_of(said)
    confusion = {r: {s: int(((right == r) & (named == s)).sum()) for s in LABELS} for r in LABELS}
    return Evaluation(part(np.ones(len(truth), bool)), parts, confusion)


def _natural(value: str) -> list[tuple[int, str]]:
    """A key by which numbers inside values are in order."""
    return [(int(part), "") if part.isdigit() else (-1, part) for part in _NUMBERS.split(value)]


_NUMBERS = re.compile(r"([0-9]+)")


def _slice(truth: np.ndarray, said: np.ndarray, given: np.ndarray | None) -> Slice:
    right, named = labels_of(truth), labels_of(said)
    hits = (right == named)[:, None]
    traits = [OUTPUTS.index(trait) for trait in TRAITS]
    each_trait = {OUTPUTS[i]: _scores(truth[:, [i]], said[:, [i]]) for i in traits}
    of_traits = [scores.f1.value for scores in each_trait.values() if scores.n_shown]
    return Slice(
        n=len(truth),
        accuracy=_interval(hits.astype(int), lambda counts: counts[:, 0] / max(len(truth), 1)),
        sides={side: _scores(truth[:, [i]], said[:, [i]]) for i, side in enumerate(SIDES)},
        labels={
            label: _scores((right == label)[:, None], (named == label)[:, None]) for label in LABELS
        },
        traits=_scores(truth[:, traits], said[:, traits]),
        trait_macro_f1=float(np.mean(of_traits)) if of_traits else 0.0,
        each_trait=each_trait,
        quality={}
        if given is None
        else {side: _quality(truth[:, i], given[:, i]) for i, side in enumerate(SIDES)},
    )


def _quality(truth: np.ndarray, given: np.ndarray) -> Quality:
    bins: list[Bin] = []
    places = np.minimum((given * BINS).astype(int), BINS - 1)
    for place in np.unique(places):
        rows = places == place
        bins.append(Bin(int(rows.sum()), float(given[rows].mean()), float(truth[rows].mean())))
    distances = [part.n * abs(part.said - part.shown) for part in bins]
    return Quality(
        average_precision=_average_precision(truth, given),
        brier=float(np.square(given - truth).mean()) if len(truth) else 0.0,
        calibration_error=sum(distances) / max(len(truth), 1),
        reliability=bins,
    )


def precision_recall(
    truth: np.ndarray, given: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Precision and recall at every threshold that a probability is, the highest first.

    Parameters
    ----------
    truth : ndarray of bool, shape (n,)
    given : ndarray, shape (n,)

    Returns
    -------
    precision, recall, thresholds : ndarray, shape (n_distinct,)
    """
    order = np.argsort(-given, kind="stable")
    last = np.flatnonzero(np.append(np.diff(given[order]) != 0, True)) if len(order) else order
    hits = np.cumsum(truth[order])[last]
    return hits / (last + 1), hits / max(truth.sum(), 1), given[order][last]


def _average_precision(truth: np.ndarray, given: np.ndarray) -> float:
    precision, recall, _ = precision_recall(truth, given)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def _scores(truth: np.ndarray, said: np.ndarray) -> Scores:
    """Scores over all cells of two arrays of the same shape, resampled by row."""
    counts = np.stack([(truth & said).sum(1), truth.sum(1), said.sum(1)], axis=1)
    hits, shown, named = counts.sum(axis=0).tolist()
    return Scores(
        precision=hits / max(named, 1),
        recall=hits / max(shown, 1),
        f1=_interval(counts, lambda sums: f1_score(*sums.T)),
        n_shown=shown,
        n_said=named,
    )


def f1_score(hits: np.ndarray, shown: np.ndarray, named: np.ndarray) -> np.ndarray:
    """The harmonic mean of precision and recall, from counts."""
    return 2 * hits / np.maximum(shown + named, 1)


def resampled(counts: np.ndarray) -> np.ndarray:
    """Sums of counts, a row a statement, over statements drawn with replacement.

    Rows with the same counts are drawn together, so that the work does not grow with their number.

    Parameters
    ----------
    counts : ndarray of int, shape (n, n_counts)

    Returns
    -------
    ndarray, shape (RESAMPLES, n_counts)
    """
    kinds, n_each = np.unique(counts, axis=0, return_counts=True)
    draws = np.random.default_rng(_SEED).multinomial(len(counts), n_each / len(counts), RESAMPLES)
    return draws @ kinds


def _interval(counts: np.ndarray, figure: Callable[[np.ndarray], np.ndarray]) -> Interval:
    """A figure of summed counts, a row a statement, with its bootstrap interval."""
    if not len(counts):
        return Interval(0.0, 0.0, 0.0)
    edge = (1 - COVERAGE) / 2
    low, high = np.quantile(figure(resampled(counts)), [edge, 1 - edge]).tolist()
    return Interval(float(figure(counts.sum(axis=0, keepdims=True))[0]), low, high)


def rounded(value: Any) -> Any:
    """Plain data with its figures rounded, ready for JSON."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return round(value, _DECIMALS) if isinstance(value, float) else value
