"""Probabilities in, labels and traits out: what passes its threshold counts as shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAIT_PLACES, TRAITS, label_of

#: The threshold of an output that the model has not learnt.
NEVER_SHOWN = 1.0

_N_SIDES = len(SIDES)
_LABELS_BY_NUMBER = np.array(
    [label_of(bool(n & 1), bool(n & 2)) for n in range(len(LABELS))], dtype=object
)


@dataclass(frozen=True, eq=False)
class Decisions:
    """What the model says of some texts.

    Attributes
    ----------
    probabilities : ndarray, shape (n, n_outputs)
        Calibrated, in [0, 1], a column for each of `leadclass.labels.OUTPUTS`; NaN for a text
        that says nothing.
    shown : ndarray of bool, shape (n, n_outputs)
        Which sides and which traits count as shown.
    """

    probabilities: np.ndarray
    shown: np.ndarray

    def __len__(self) -> int:
        return len(self.shown)

    @property
    def labels(self) -> np.ndarray:
        """The label of each text, an object array of str."""
        return labels_of(self.shown)

    @property
    def traits(self) -> list[tuple[str, ...]]:
        """The traits of each text, most certain first."""
        certain = np.argsort(-self.probabilities[:, _N_SIDES:], axis=1, kind="stable")
        shown = self.shown[:, _N_SIDES:]
        named: list[tuple[str, ...]] = [()] * len(self)
        for i in np.flatnonzero(shown.any(axis=1)):
            named[i] = tuple(TRAITS[t] for t in certain[i] if shown[i, t])
        return named


def labels_of(shown: np.ndarray) -> np.ndarray:
    """The labels that follow from the outputs that are shown.

    Parameters
    ----------
    shown : ndarray of bool, shape (n, n_outputs)

    Returns
    -------
    ndarray of str, shape (n,)
    """
    leadership, management = shown[:, :_N_SIDES].T.astype(int)
    return _LABELS_BY_NUMBER[leadership + 2 * management]


def decide(probabilities: np.ndarray, thresholds: np.ndarray) -> Decisions:
    """Labels and traits of statements.

    A trait is shown where its side is and its own probability passes; a side that is shown has
    at least its likeliest trait, of those that the model has learnt. Nothing is shown where the
    probabilities are NaN.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_outputs)
    thresholds : ndarray, shape (n_outputs,)

    Returns
    -------
    Decisions
    """
    shown = probabilities >= thresholds
    for side, traits in TRAIT_PLACES.items():
        learnt = np.array([trait for trait in traits if thresholds[trait] < NEVER_SHOWN], int)
        if len(learnt):
            odds = probabilities[:, learnt] / thresholds[learnt]
            shown[np.arange(len(shown)), learnt[odds.argmax(axis=1)]] = True
        shown[:, traits] &= shown[:, [side]]
    return Decisions(probabilities, shown)


def pool(statements: Decisions, offsets: np.ndarray) -> Decisions:
    """What texts show of which each has several statements, or none.

    A text shows whatever any of its statements shows, with the probability of the strongest.

    Parameters
    ----------
    statements : Decisions
    offsets : ndarray of int, shape (n_texts + 1,)
        Text ``i`` has the statements ``offsets[i]:offsets[i + 1]``.

    Returns
    -------
    Decisions
        Nothing shown, with probabilities of NaN, for a text without statements.
    """
    n_texts, width = len(offsets) - 1, len(OUTPUTS)
    probabilities = np.full((n_texts, width), np.nan)
    shown = np.zeros((n_texts, width), bool)
    some = np.diff(offsets) > 0
    if some.any():
        starts = offsets[:-1][some]
        probabilities[some] = np.maximum.reduceat(statements.probabilities, starts, axis=0)
        shown[some] = np.logical_or.reduceat(statements.shown, starts, axis=0)
    return Decisions(probabilities, shown)
