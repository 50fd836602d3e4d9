"""Numbers in, their places out: a hash table that looks up a whole array of them at once."""

from __future__ import annotations

import numpy as np

from leadclass.arrow import gathered

#: Slots for each key.
_ROOM = 4

#: What an empty slot holds: no key's, since these leave the highest bit alone.
_EMPTY = np.uint64(2**64 - 1)

#: Bits that a key and its place may have together.
MOST_BITS = 63

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class KeyTable:
    """The places of some keys.

    A slot holds a key and its place side by side, so that one look tells whether it is the key's
    and where that is.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n,)
        No two the same; each leaves its lowest `place_bits` free, and the highest.
    """

    def __init__(self, keys: np.ndarray) -> None:
        self._none = np.uint64(len(keys))
        self._last = np.uint64((1 << place_bits(len(keys))) - 1)
        bits = int(len(keys) * _ROOM).bit_length()
        self._unhashed = np.uint64(64 - bits)
        # Each key gets a slot in the order of those they want: its own or the next free one.
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

    def places(self, keys: np.ndarray) -> np.ndarray:
        """The place of each key.

        Parameters
        ----------
        keys : ndarray of uint64
            As those of the table.

        Returns
        -------
        ndarray of int, of the same shape
            ``n`` for a key that is not there.
        """
        shape, keys = keys.shape, keys.ravel()
        slots = self._wanted(keys)
        held = gathered(self._slots, slots)
        # Where the slot is the key's, nothing but the place is left.
        found = held ^ keys
        elsewhere = np.flatnonzero((found > self._last) & (held != _EMPTY))
        places = np.minimum(found, self._none, out=found).view(np.int64)
        slots = slots[elsewhere]
        while len(elsewhere):
            slots += 1
            held = gathered(self._slots, slots)
            found = held ^ keys[elsewhere]
            places[elsewhere] = np.minimum(found, self._none).view(np.int64)
            going = np.flatnonzero((found > self._last) & (held != _EMPTY))
            elsewhere, slots = elsewhere[going], slots[going]
        return places.reshape(shape)


def place_bits(n: int) -> int:
    """How many of the lowest bits of a key are for its place among so many."""
    return n.bit_length()
