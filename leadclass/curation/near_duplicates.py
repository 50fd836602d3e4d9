"""Texts in, the pairs of them that are all but the same out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from leadclass.curation.findings import SIMILARITY

#: Texts that are compared with all others of a like length at a time.
_BLOCK = 512


def near_duplicates(
    texts: Sequence[str],
    others: Sequence[str] | None = None,
    *,
    similarity: float = SIMILARITY,
    progress: Callable[[int], object] | None = None,
) -> Iterator[tuple[int, int, float]]:
    """Find the pairs of texts that are the same or nearly so.

    Every pair is compared that can be alike by its lengths, so none is missed. The similarity is
    the normalised Indel one: twice the longest common subsequence over the sum of both lengths.

    Parameters
    ----------
    texts : sequence of str
        Compared as they stand; see `leadclass.tokens.as_words`. An empty text is like no other.
    others : sequence of str, optional
        Compare `texts` with these; by default with each other.
    similarity : float
        In (0, 1]; pairs at least so alike are given.
    progress : callable, optional
        Called with the number of texts done.

    Yields
    ------
    i : int
        The place of a text in `texts`.
    j : int
        The place of one like it in `others`; greater than `i` where they are the same list.
    alike : float
        In [similarity, 1].
    """
    by_length, lengths = _by_length(texts)
    choices, choice_lengths = (by_length, lengths) if others is None else _by_length(others)
    chosen = texts if others is None else others
    longest = (2 - similarity) / similarity  # a longer text has too much that the other lacks
    start = int(np.searchsorted(lengths, 1))
    for first in range(start, len(by_length), _BLOCK):
        block = by_length[first : first + _BLOCK]
        low = first
        if others is not None:
            low = int(np.searchsorted(choice_lengths, max(1, lengths[first] / longest)))
        high = int(
            np.searchsorted(choice_lengths, lengths[first + len(block) - 1] * longest, "right")
        )
        scores = cdist(
            [texts[i] for i in block],
            [chosen[j] for j in choices[low:high]],
            scorer=ratio,
            score_cutoff=100 * similarity,
            dtype=np.float32,
            workers=-1,
        )
        if others is None:
            scores = np.triu(scores, 1)
        for row, column in np.argwhere(scores > 0).tolist():
            i, j = int(block[row]), int(choices[low + column])
            if others is None and i > j:
                i, j = j, i
            yield i, j, float(scores[row, column]) / 100
        if progress is not None:
            progress(first + len(block))


def _by_length(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The places of texts from the shortest to the longest, and their lengths in that order."""
    lengths = np.array([len(text) for text in texts], int)
    places = np.argsort(lengths, kind="stable")
    return places, lengths[places]
