"""Words in, the places of their sub-words out: of many words at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import numbers_of, portions, text_bytes
from leadclass.errors import LeadclassError
from leadclass.features import FeatureSettings, marked
from leadclass.key_table import MOST_BITS, KeyTable, place_bits

#: Characters that are looked at at once; a word of megabytes has millions.
AT_ONCE = 1 << 16

#: The place of what is no sub-word, but may be the beginning of one.
_NONE = -1


class SubwordIndex:
    """The places of some sub-words: a trie (Fredkin 1960) with all its edges in one hash table.

    Parameters
    ----------
    subwords : Arrow string array, length n_subwords
        No two the same.
    settings : FeatureSettings

    Raises
    ------
    LeadclassError
        If there are more than fit into a key, some millions.
    """

    def __init__(self, subwords: pa.StringArray, settings: FeatureSettings) -> None:
        self._settings = settings
        lengths = numbers_of(pc.utf8_length(subwords)).astype(np.int64)
        starts = np.cumsum(lengths) - lengths
        codes = _code_points(str(text_bytes(subwords)[0], "utf-8"))
        # Letter 0 is any that they do not have, the last number of all that are beyond.
        self._letter = np.zeros(int(codes.max(initial=0)) + 2, np.int64)
        self._letter[codes] = 1
        alphabet = np.flatnonzero(self._letter)
        self._letter[alphabet] = np.arange(1, len(alphabet) + 1)
        self._letter_bits = len(alphabet).bit_length()
        letters = self._letter[codes]

        # Which node each has come to: the first is where all begin.
        node = np.zeros(len(lengths), np.int64)
        going = np.flatnonzero(lengths)
        edges: list[np.ndarray] = []
        n_nodes = 1
        while len(going) and len(edges) < settings.subword_max:
            place = starts[going] + len(edges)
            keys, which = _distinct(self._keys(node[going], letters[place]))
            edges.append(keys)
            node[going] = n_nodes + which
            n_nodes += len(keys)
            going = going[lengths[going] > len(edges)]
        self._depth = len(edges)
        shift = place_bits(n_nodes - 1)
        if n_nodes.bit_length() + self._letter_bits + shift > MOST_BITS:
            raise LeadclassError(
                f"a model of {len(subwords):,} sub-words is too large",
                remedy="train it without those that are rare",
            )
        self._shift = np.uint64(shift)
        self._edges = KeyTable(np.concatenate([*edges, []]).astype(np.uint64) << self._shift)
        # One more for all that lead nowhere.
        self._place = np.full(n_nodes + 1, _NONE)
        looked_for = np.flatnonzero((lengths > 0) & (lengths <= self._depth))
        self._place[node[looked_for]] = looked_for

    def found(self, words: Sequence[str]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """The sub-words of some words, each as often as a word has it.

        Parameters
        ----------
        words : sequence of str

        Yields
        ------
        places : ndarray of int, shape (n,)
            Of all that are of one length, in some of the words.
        which : ndarray of int, shape (n,)
            The word that has it, in ascending order.
        """
        written = [marked(word) for word in words]
        lengths = np.fromiter(map(len, written), np.int64, len(written))
        for first, last in portions(lengths, AT_ONCE):
            codes = _code_points("".join(written[first:last]))
            letters = self._letter[np.minimum(codes, len(self._letter) - 1)]
            ends = np.cumsum(lengths[first:last])
            for start in range(0, len(letters), AT_ONCE):
                at = np.arange(start, min(start + AT_ONCE, len(letters)))
                which = np.searchsorted(ends, at, "right")
                yield from self._from(at, letters, ends[which], first + which, lengths)

    def _from(
        self,
        at: np.ndarray,
        letters: np.ndarray,
        ends: np.ndarray,
        which: np.ndarray,
        lengths: np.ndarray,
    ) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Those that begin at these letters, of words that end there."""
        node = np.zeros(len(at), np.int64)
        for n in range(1, self._depth + 1):
            keys = self._keys(node, letters[at + n - 1]).view(np.uint64)
            node = self._edges.places(keys << self._shift) + 1
            places = self._place[node]
            is_one = places != _NONE
            if n < self._settings.subword_min:
                is_one &= lengths[which] == n  # a word that is shorter than they are
            yield places[is_one], which[is_one]
            going = np.flatnonzero((node < len(self._place) - 1) & (at + n < ends))
            node, at, ends, which = node[going], at[going], ends[going], which[going]

    def _keys(self, node: np.ndarray, letter: np.ndarray) -> np.ndarray:
        """The number of an edge: of the node it leads from, and of its letter."""
        return node << self._letter_bits | letter


def _distinct(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Each key once, in ascending order, and which of them each is."""
    steps = np.diff(keys)
    if (steps < 0).any():  # of a model whose terms someone has moved
        return np.unique(keys, return_inverse=True)
    is_new = np.concatenate([[True], steps > 0])
    return keys[is_new], np.cumsum(is_new) - 1


def _code_points(text: str) -> np.ndarray:
    """The numbers of its characters."""
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)
