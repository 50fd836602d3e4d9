"""Tokens in, terms out: the names of the features that a text has.

Three kinds of term: the stem of a token (``word``), two stems in a row (``pair``), and the
character n-grams of one token between its boundary marks (``subword``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import Stemmer

KINDS = ("word", "pair", "subword")
PAIR_SEPARATOR = " "

#: Stands before the first token of a statement, so that how it begins is a pair of its own.
START = "^"


@dataclass(frozen=True)
class FeatureSettings:
    """What a text is cut into.

    Attributes
    ----------
    subword_min, subword_max : int
        The shortest and the longest character n-gram, boundary marks counted.
    subword_weight : float
        How much one occurrence of a sub-word counts beside one of a word or a pair.
    windows : tuple of int
        The numbers of tokens in the windows that are scored beside the whole statement.
    """

    subword_min: int = 2
    subword_max: int = 5
    subword_weight: float = 0.7
    windows: tuple[int, ...] = (4, 8)

    @property
    def n_spans(self) -> int:
        """How many scores a statement has for an output: its own and one a window size."""
        return 1 + len(self.windows)


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each word (Snowball's English stemmer, also called Porter 2)."""
    return list(_stemmer().stemWords(list(words)))


def pairs(stemmed: Sequence[str]) -> list[str]:
    """Every two neighbouring stems as one term; a statement's first stem follows `START`."""
    return [PAIR_SEPARATOR.join(two) for two in pairwise(stemmed)]


def marked(word: str) -> str:
    """A token between its boundary marks, as its sub-words are cut from it."""
    return f"<{word}>"


def subwords(word: str, settings: FeatureSettings) -> list[str]:
    """The character n-grams of ``<word>``; a word too short for a length is itself a term once."""
    whole = marked(word)
    terms = []
    for size in range(settings.subword_min, settings.subword_max + 1):
        if len(whole) <= size:
            terms.append(whole)
            break
        terms += [whole[i : i + size] for i in range(len(whole) - size + 1)]
    return terms


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
