"""A labelled table and a model in, figures with intervals out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAITS, sides_of

#: Resamples of the bootstrap, and the share of them that an interval covers.
RESAMPLES = 2000
COVERAGE = 0.95
_SEED = 0
_DECIMALS = 4


@dataclass(frozen=True)
class Interval:
    """A figure with its bootstrap interval (95 %, percentiles)."""

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
        return {
            "overall": _plain(self.overall),
            "slices": {
                column: {value: _plain(part) for value, part in parts.items()}
                for column, parts in self.slices.items()
            },
            "confusion": self.confusion,
        }


def evaluate(
    truth: np.ndarray, said: np.ndarray, slices: Mapping[str, Sequence[str]] | None = None
) -> Evaluation:
    """Compare what the labels say with what the model says.

    Parameters
    ----------
    truth, said : ndarray of bool, shape (n, n_outputs)
        Which of `leadclass.labels.OUTPUTS` each row shows.
    slices : dict of str to sequence of str, length n, optional
        Columns by whose values the figures are also given.

    Returns
    -------
    Evaluation

    References
    ----------
    B. Efron, "Bootstrap methods: another look at the jackknife", 1979.
    """
    parts = {
        column: {
            value: _slice(truth[rows], said[rows])
            for value in sorted(set(values))
            if (rows := np.array([v == value for v in values], bool)).any()
        }
        for column, values in (slices or {}).items()
    }
    right, named = _labels(truth), _labels(said)
    confusion = {
        r: {s: int(((right == i) & (named == j)).sum()) for j, s in enumerate(LABELS)}
        for i, r in enumerate(LABELS)
    }
    return Evaluation(_slice(truth, said), parts, confusion)


def _slice(truth: np.ndarray, said: np.ndarray) -> Slice:
    n = len(truth)
    resample = (
        np.random.default_rng(_SEED).multinomial(n, np.full(n, 1 / n), RESAMPLES) if n else None
    )
    right, named = _labels(truth), _labels(said)
    hit = (right == named).astype(float)
    traits = [OUTPUTS.index(trait) for trait in TRAITS]
    return Slice(
        n=n,
        accuracy=_interval(float(hit.mean()), resample @ hit / n) if n else Interval(0.0, 0.0, 0.0),
        sides={
            side: _scores(truth[:, [i]], said[:, [i]], resample) for i, side in enumerate(SIDES)
        },
        labels={
            label: _scores((right == i)[:, None], (named == i)[:, None], resample)
            for i, label in enumerate(LABELS)
        },
        traits=_scores(truth[:, traits], said[:, traits], resample),
    )


def _labels(shown: np.ndarray) -> np.ndarray:
    """The place of each row's label in `LABELS`."""
    place = {sides_of(label): i for i, label in enumerate(LABELS)}
    number = shown[:, 0].astype(int) + 2 * shown[:, 1].astype(int)
    by_number = [place[tuple(s for b, s in enumerate(SIDES) if n >> b & 1)] for n in range(4)]
    return np.array(by_number)[number]


def _scores(truth: np.ndarray, said: np.ndarray, resample: np.ndarray | None) -> Scores:
    """Scores over all cells of two arrays of the same shape, resampled by row."""
    counts = np.stack([(truth & said).sum(1), truth.sum(1), said.sum(1)], axis=1)
    hits, shown, named = counts.sum(axis=0).tolist()
    spread = _f1(*(resample @ counts).T) if resample is not None else np.zeros(1)
    return Scores(
        precision=hits / max(named, 1),
        recall=hits / max(shown, 1),
        f1=_interval(float(_f1(*counts.sum(axis=0, keepdims=True).T)[0]), spread),
        n_shown=shown,
        n_said=named,
    )


def _f1(hits: np.ndarray, shown: np.ndarray, named: np.ndarray) -> np.ndarray:
    return 2 * hits / np.maximum(shown + named, 1)


def _interval(value: float, spread: np.ndarray) -> Interval:
    edge = (1 - COVERAGE) / 2
    low, high = np.quantile(spread, [edge, 1 - edge]).tolist()
    return Interval(value, low, high)


def _plain(part: Slice) -> dict[str, Any]:
    return {
        "n": part.n,
        "accuracy": _plain_interval(part.accuracy),
        "sides": {name: _plain_scores(scores) for name, scores in part.sides.items()},
        "labels": {name: _plain_scores(scores) for name, scores in part.labels.items()},
        "traits": _plain_scores(part.traits),
    }


def _plain_interval(figure: Interval) -> dict[str, float]:
    return {
        "value": round(figure.value, _DECIMALS),
        "low": round(figure.low, _DECIMALS),
        "high": round(figure.high, _DECIMALS),
    }


def _plain_scores(scores: Scores) -> dict[str, Any]:
    return {
        "precision": round(scores.precision, _DECIMALS),
        "recall": round(scores.recall, _DECIMALS),
        "f1": _plain_interval(scores.f1),
        "n_shown": scores.n_shown,
        "n_said": scores.n_said,
    }
