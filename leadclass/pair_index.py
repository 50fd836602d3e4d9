"""Pairs of stems in, their places out: a hash table that looks up a whole array of them at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, numbers_of
from leadclass.errors import LeadclassError
from leadclass.features import PAIR_SEPARATOR

#: Slots for each pair.
_ROOM = 4

#: What an empty slot holds: no key's, since these leave the highest bit alone.
_EMPTY = np.uint64(2**64 - 1)
_MOST_BITS = 63

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class PairIndex:
    """The places of some pairs of stems.

    A slot holds the numbers of both stems and the place side by side, so that one look tells
    whether it is the pair's and where that is.

    Parameters
    ----------
    pairs : Arrow string array, length n_pairs
        Each two stems with a separator between.

    Raises
    ------
    LeadclassError
        If there are more than fit into a slot, some two millions.
    """

    def __init__(self, pairs: pa.StringArray) -> None:
        stems = pc.split_pattern(pairs, PAIR_SEPARATOR).flatten()
        firsts, seconds = (
            stems.take(as_numbers(np.arange(part, len(stems), 2))).dictionary_encode()
            for part in (0, 1)
        )
        self._numbers = [
            {stem: i for i, stem in enumerate(part.dictionary.to_pylist())}
            for part in (firsts, seconds)
        ]
        self._none = np.uint64(len(pairs))
        place_bits = len(pairs).bit_length()
        second_bits = len(seconds.dictionary).bit_length()
        self._shifts = (place_bits + second_bits, place_bits)
        self._last = np.uint64((1 << place_bits) - 1)
        if self._shifts[0] + len(firsts.dictionary).bit_length() > _MOST_BITS:
            raise LeadclassError(
                f"a model of {len(pairs):,} pairs of words is too large",
                remedy="train it without those that are rare",
            )
        keys = np.zeros(len(pairs), np.uint64)
        for part, shift in zip((firsts, seconds), self._shifts, strict=True):
            keys |= numbers_of(part.indices).astype(np.uint64) << np.uint64(shift)
        self._fill(keys)

    def _fill(self, keys: np.ndarray) -> None:
        """Give each key a slot: in the order of those they want, its own or the next free one."""
        bits = int(len(keys) * _ROOM).bit_length()
        self._unhashed = np.uint64(64 - bits)
        wanted = self._wanted(keys)
        order = np.argsort(wanted)
        wanted, rank = wanted[order], np.arange(len(keys))
        taken = np.maximum.accumulate(wanted - rank) + rank
        # The last keys may lie past the end; after them is an empty one, where a search ends.
        n_slots = max(1 << bits, int(taken.max(initial=0)) + 1) + 1
        self._slots = np.full(n_slots, _EMPTY)
        self._slots[taken] = keys[order] | order.astype(np.uint64)

    def _wanted(self, keys: np.ndarray) -> np.ndarray:
        """Where each key is looked for first (Fibonacci hashing; Knuth, TAOCP 3, 6.4)."""
        return ((keys * _GOLDEN) >> self._unhashed).view(np.int64)

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
        shape, keys = keys.shape, keys.ravel()
        slots = self._wanted(keys)
        held = self._slots[slots]
        # Where the slot is the key's, nothing but the place is left.
        found = held ^ keys
        elsewhere = np.flatnonzero((found > self._last) & (held != _EMPTY))
        places = np.minimum(found, self._none, out=found).view(np.int64)
        slots = slots[elsewhere]
        while len(elsewhere):
            slots += 1
            held = self._slots[slots]
            found = held ^ keys[elsewhere]
            places[elsewhere] = np.minimum(found, self._none).view(np.int64)
            going = np.flatnonzero((found > self._last) & (held != _EMPTY))
            elsewhere, slots = elsewhere[going], slots[going]
        return places.reshape(shape)
