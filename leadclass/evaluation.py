"""What labels say and what a model says in, figures with intervals out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from leadclass.decisions import labels_of
from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAITS

#: Resamples of the bootstrap, and the share of them that an interval covers.
RESAMPLES = 2000
COVERAGE = 0.95
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
    """

    n: int
    accuracy: Interval
    sides: dict[str, Scores]
    labels: dict[str, Scores]
    traits: Scores


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
        return _rounded(asdict(self))


def evaluate(
    truth: np.ndarray,
    said: np.ndarray,
    known: np.ndarray,
    slices: Mapping[str, Sequence[str]] | None = None,
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

    Returns
    -------
    Evaluation

    References
    ----------
    B. Efron, "Bootstrap methods: another look at the jackknife", 1979.
    """
    said = said & known
    parts = {
        column: {
            value: _slice(truth[rows], said[rows])
            for value in sorted(set(values))
            if (rows := np.array([v == value for v in values], bool)).any()
        }
        for column, values in (slices or {}).items()
    }
    right, named = labels_of(truth), labels_of(said)
    confusion = {r: {s: int(((right == r) & (named == s)).sum()) for s in LABELS} for r in LABELS}
    return Evaluation(_slice(truth, said), parts, confusion)


def _slice(truth: np.ndarray, said: np.ndarray) -> Slice:
    right, named = labels_of(truth), labels_of(said)
    hits = (right == named)[:, None]
    traits = [OUTPUTS.index(trait) for trait in TRAITS]
    return Slice(
        n=len(truth),
        accuracy=_interval(hits.astype(int), lambda counts: counts[:, 0] / max(len(truth), 1)),
        sides={side: _scores(truth[:, [i]], said[:, [i]]) for i, side in enumerate(SIDES)},
        labels={
            label: _scores((right == label)[:, None], (named == label)[:, None]) for label in LABELS
        },
        traits=_scores(truth[:, traits], said[:, traits]),
    )


def _scores(truth: np.ndarray, said: np.ndarray) -> Scores:
    """Scores over all cells of two arrays of the same shape, resampled by row."""
    counts = np.stack([(truth & said).sum(1), truth.sum(1), said.sum(1)], axis=1)
    hits, shown, named = counts.sum(axis=0).tolist()
    return Scores(
        precision=hits / max(named, 1),
        recall=hits / max(shown, 1),
        f1=_interval(counts, lambda sums: _f1(*sums.T)),
        n_shown=shown,
        n_said=named,
    )


def _f1(hits: np.ndarray, shown: np.ndarray, named: np.ndarray) -> np.ndarray:
    return 2 * hits / np.maximum(shown + named, 1)


def _interval(counts: np.ndarray, figure: Callable[[np.ndarray], np.ndarray]) -> Interval:
    """A figure of summed counts, a row a statement, with its bootstrap interval.

    Rows with the same counts are drawn together, so that the work does not grow with their number.
    """
    if not len(counts):
        return Interval(0.0, 0.0, 0.0)
    kinds, n_each = np.unique(counts, axis=0, return_counts=True)
    draws = np.random.default_rng(_SEED).multinomial(len(counts), n_each / len(counts), RESAMPLES)
    edge = (1 - COVERAGE) / 2
    low, high = np.quantile(figure(draws @ kinds), [edge, 1 - edge]).tolist()
    return Interval(float(figure(counts.sum(axis=0, keepdims=True))[0]), low, high)


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(inner) for key, inner in value.items()}
    return round(value, _DECIMALS) if isinstance(value, float) else value
