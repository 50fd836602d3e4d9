"""What two models say of the same labelled statements in, which is better and how sure out."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from math import comb
from typing import Any

import numpy as np

from leadclass.decisions import labels_of
from leadclass.evaluation import COVERAGE, Interval, f1_score, resampled, rounded
from leadclass.labels import SIDES

#: From which share of resamples on a difference is called sure.
SURE = 0.975


@dataclass(frozen=True)
class Difference:
    """How two models differ in one figure.

    Attributes
    ----------
    first, second : float
        The figure of each.
    difference : Interval
        The second's less the first's, by paired bootstrap.
    second_better : float
        The share of resamples in which the second is better, ties counted half, in [0, 1].
    only_first, only_second : int
        Statements that the one gets right and the other wrong.
    p_value : float
        McNemar's, exact, of these two numbers being that unlike by chance.
    """

    first: float
    second: float
    difference: Interval
    second_better: float
    only_first: int
    only_second: int
    p_value: float


@dataclass(frozen=True)
class Comparison:
    """Two models side by side.

    Attributes
    ----------
    n : int
        Statements.
    accuracy : Difference
        In the share of statements whose label, of the four, is right.
    sides : dict of str to Difference
        In the F1 of each side.
    """

    n: int
    accuracy: Difference
    sides: dict[str, Difference]

    def verdict(self, first: str, second: str) -> str:
        """Which model is better, by how much and how sure, in a sentence."""
        part = self.accuracy
        if not part.only_first and not part.only_second:
            return f"{first} and {second} are right on the very same statements."
        sure = max(part.second_better, 1 - part.second_better)
        better, worse = (second, first) if part.second_better >= 0.5 else (first, second)
        points = abs(part.difference.value) * 100
        low, high = sorted((abs(part.difference.low) * 100, abs(part.difference.high) * 100))
        if sure >= SURE:
            return (
                f"{better} is better than {worse}: it gives the right label for {points:.1f} "
                f"statements more in a hundred ({low:.1f} to {high:.1f}; McNemar's "
                f"p {_p(part.p_value)})."
            )
        return (
            f"It is not sure that the two differ: {better} gives the right label for {points:.1f} "
            f"statements more in a hundred, and is ahead in {sure:.0%} of resamples (McNemar's "
            f"p {_p(part.p_value)})."
        )

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, ready for JSON."""
        return rounded(asdict(self))


def compare(truth: np.ndarray, first: np.ndarray, second: np.ndarray) -> Comparison:
    """Compare what two models say of the same statements.

    Parameters
    ----------
    truth, first, second : ndarray of bool, shape (n, n_outputs)
        What the labels show, and what each model says.

    Returns
    -------
    Comparison

    References
    ----------
    Q. McNemar, "Note on the sampling error of the difference between correlated proportions or
    percentages", 1947.
    B. Efron and R. Tibshirani, "An introduction to the bootstrap", 1993.
    """
    right = labels_of(truth)
    hits = [labels_of(said) == right for said in (first, second)]
    ones = np.ones(len(truth), int)
    return Comparison(
        n=len(truth),
        accuracy=_difference(
            np.column_stack([*hits, ones]).astype(int),
            lambda sums: (sums[:, 0] / sums[:, 2], sums[:, 1] / sums[:, 2]),
            *hits,
        ),
        sides={
            side: _difference(
                np.column_stack(
                    [
                        truth[:, i],
                        first[:, i],
                        second[:, i],
                        truth[:, i] & first[:, i],
                        truth[:, i] & second[:, i],
                    ]
                ).astype(int),
                lambda sums: (
                    f1_score(sums[:, 3], sums[:, 0], sums[:, 1]),
                    f1_score(sums[:, 4], sums[:, 0], sums[:, 2]),
                ),
                first[:, i] == truth[:, i],
                second[:, i] == truth[:, i],
            )
            for i, side in enumerate(SIDES)
        },
    )


def _difference(
    counts: np.ndarray, figures: Any, first_right: np.ndarray, second_right: np.ndarray
) -> Difference:
    (one,), (other,) = figures(counts.sum(axis=0, keepdims=True))
    first, second = figures(resampled(counts))
    differences = second - first
    edge = (1 - COVERAGE) / 2
    low, high = np.quantile(differences, [edge, 1 - edge]).tolist()
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    return Difference(
        first=float(one),
        second=float(other),
        difference=Interval(float(other - one), low, high),
        second_better=float((differences > 0).mean() + (differences == 0).mean() / 2),
        only_first=only_first,
        only_second=only_second,
        p_value=mcnemar(only_first, only_second),
    )


def mcnemar(one: int, other: int) -> float:
    """The exact two-sided probability that two numbers of a fair coin's sides are so unlike."""
    n, fewer = one + other, min(one, other)
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def _p(value: float) -> str:
    return f"{value:.2g}" if value >= 1e-4 else "< 0.0001"
