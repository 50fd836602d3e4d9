"""Candidates in, a few of them out: those whose labels tell most of all that is in doubt.

Greedy: each time the statement whose label makes the log-odds of all candidates vary least, each
times what a mistake on it is expected to cost. What is like labelled or chosen statements tells
little more; what is like many others in doubt tells most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from leadclass.suggesting.candidates import Candidate
from leadclass.suggesting.design import Unknown
from leadclass.suggesting.likeness import LIKE, nearest, nearly_the_same, vectors


@dataclass(frozen=True)
class Choice:
    """A statement that was chosen.

    Attributes
    ----------
    candidate : Candidate
    likeness : float
        To the labelled statement that is most like it, in [0, 1].
    n_alike : int
        How many other candidates are like it, see `leadclass.suggesting.likeness.LIKE`.
    """

    candidate: Candidate
    likeness: float
    n_alike: int


def choose(
    by_kind: Mapping[str, Sequence[Candidate]],
    counts: Mapping[str, int],
    n: int,
    labelled: Sequence[str] = (),
) -> list[Choice]:
    """Choose statements to label.

    Parameters
    ----------
    by_kind : mapping of str to sequence of Candidate
    counts : mapping of str to int
        How many statements each kind has: places go to kinds by these numbers, rounded so that
        none goes without while there are enough.
    n : int
        How many to choose; fewer are chosen where no more are different.
    labelled : sequence of str
        The words of what is labelled, see `leadclass.tokens.as_words`.

    Returns
    -------
    list of Choice
        The one most worth labelling first; none all but the same as another or a labelled one.

    References
    ----------
    K. Yu, J. Bi and V. Tresp, "Active learning via transductive experimental design", ICML 2006,
    for the greedy choice by the variance of the others.
    A. I. Schein and L. H. Ungar, "Active learning for logistic regression: an evaluation", Machine
    Learning 68, 2007, for the same of logistic regression.
    """
    candidates = list(chain.from_iterable(by_kind.values()))
    if not candidates:
        return []
    kind_of = np.repeat(np.arange(len(by_kind)), [len(own) for own in by_kind.values()])
    sizes = np.array([counts[kind] for kind in by_kind], float)
    words = [candidate.words for candidate in candidates]
    made = vectors([*words, *labelled])
    own, others = made[: len(words)], made[len(words) :]
    likeness, which = nearest(own, others)
    doubts = np.array([candidate.doubt for candidate in candidates])
    unknown = Unknown(own, others, _telling(candidates), doubts)
    free = np.ones(len(candidates), bool)
    taken = np.zeros(len(by_kind))
    chosen: list[int] = []
    known = set(labelled)
    while len(chosen) < n and free.any():
        kind = _next_kind(sizes, taken, np.bincount(kind_of[free], minlength=len(sizes)))
        worth = np.where(free & (kind_of == kind), unknown.falls(), -1.0)
        place = int(worth.argmax())
        free[place] = False
        rivals = [words[i] for i in chosen]
        if labelled:
            rivals.append(labelled[which[place]])
        if words[place] in known or any(nearly_the_same(words[place], one) for one in rivals):
            continue
        chosen.append(place)
        taken[kind] += 1
        unknown.learn(place)
    return [
        Choice(candidates[i], float(likeness[i]), max(0, int((own @ own[i] >= LIKE).sum()) - 1))
        for i in chosen
    ]


def _telling(candidates: Sequence[Candidate]) -> np.ndarray:
    """How much a label of each would say, on the mean over the sides."""
    said = np.array([candidate.corrected for candidate in candidates])
    return (said * (1 - said)).mean(axis=1)


def _next_kind(sizes: np.ndarray, taken: np.ndarray, left: np.ndarray) -> int:
    """The kind whose turn it is, by Adams's method of apportionment: none goes without."""
    with np.errstate(divide="ignore"):
        claims = np.where(left > 0, sizes / taken, -1.0)
    # Of those that have none yet the largest comes first.
    return int(np.lexsort((-sizes, -claims))[0])
