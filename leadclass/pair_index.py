"""Pairs of stems in, their places out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, numbers_of, text_bytes
from leadclass.errors import LeadclassError
from leadclass.features import PAIR_SEPARATOR
from leadclass.key_table import MOST_BITS, KeyTable, place_bits


class PairIndex:
    """The places of some pairs of stems: the key of a pair is made of the numbers of both.

    Parameters
    ----------
    pairs : Arrow string array, length n_pairs
        Each two stems with a separator between.

    Raises
    ------
    LeadclassError
        If there are more than fit into a key, some two millions.
    """

    def __init__(self, pairs: pa.StringArray) -> None:
        firsts, seconds = (part.dictionary_encode() for part in _parts(pairs))
        self._numbers = [
            {stem: i for i, stem in enumerate(part.dictionary.to_pylist())}
            for part in (firsts, seconds)
        ]
        lowest = place_bits(len(pairs))
        self._shifts = (lowest + len(seconds.dictionary).bit_length(), lowest)
        if self._shifts[0] + len(firsts.dictionary).bit_length() > MOST_BITS:
            raise LeadclassError(
                f"a model of {len(pairs):,} pairs of words is too large",
                remedy="train it without those that are rare",
            )
        keys = np.zeros(len(pairs), np.uint64)
        for part, shift in zip((firsts, seconds), self._shifts, strict=True):
            keys |= numbers_of(part.indices).astype(np.uint64) << np.uint64(shift)
        self._table = KeyTable(keys)

    def halves(self, stems: Sequence[str]) -> np.ndarray:
        """What each stem is in the key of a pair: as its first, and as its second.

        Parameters
        ----------
        stems : sequence of str, length n

        Returns
        -------
        ndarray of uint64, shape (2, n)
            The key of a pair is the first's first and the second's second, joined by ``|``.
        """
        return np.array(
            [
                [numbers.get(stem, len(numbers)) << shift for stem in stems]
                for numbers, shift in zip(self._numbers, self._shifts, strict=True)
            ],
            np.uint64,
        ).reshape(2, len(stems))

    def places(self, keys: np.ndarray) -> np.ndarray:
        """The place of each pair.

        Parameters
        ----------
        keys : ndarray of uint64
            See `halves`.

        Returns
        -------
        ndarray of int, of the same shape
            ``n_pairs`` for a pair that is not there.
        """
        return self._table.places(keys)


def _parts(pairs: pa.StringArray) -> tuple[pa.StringArray, pa.StringArray]:
    """The first stems of some pairs, and the second ones."""
    text, bounds = text_bytes(pairs)
    separators = np.flatnonzero(np.frombuffer(text, np.uint8) == ord(PAIR_SEPARATOR))
    n_parts = 3 * len(pairs)  # a first one, the separator, a second one, and so on
    places = np.empty(n_parts + 1, np.int32)
    places[:-1:3], places[1::3], places[2::3] = bounds[:-1], separators, separators + 1
    places[-1] = bounds[-1]
    parts = pa.StringArray.from_buffers(n_parts, pa.py_buffer(places), pa.py_buffer(text))
    first, second = (parts.take(as_numbers(np.arange(i, n_parts, 3))) for i in (0, 2))
    return first, second
