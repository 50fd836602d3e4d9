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
        names, places = self.distinct_traits()
        return [names[place] for place in places.tolist()]

    def distinct_traits(self) -> tuple[list[tuple[str, ...]], np.ndarray]:
        """The traits that some text has, most certain first, and for each text which of them.

        Returns
        -------
        names : list of tuple of str
        places : ndarray of int, shape (n,)
        """
        shown = self.shown[:, _N_SIDES:]
        # Not shown goes last, and what is left of a row is a number in base one more than traits.
        odds = np.where(shown, np.nan_to_num(self.probabilities[:, _N_SIDES:]), -1.0)
        order = np.argsort(-odds, axis=1, kind="stable") + 1
        order[np.arange(len(TRAITS)) >= shown.sum(axis=1)[:, None]] = 0
        keys = order @ (len(TRAITS) + 1) ** np.arange(len(TRAITS))
        _, first, places = np.unique(keys, return_index=True, return_inverse=True)
        names = [tuple(TRAITS[trait - 1] for trait in row if trait) for row in order[first]]
        return names, places


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
