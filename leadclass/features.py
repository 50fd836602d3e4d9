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


@dataclass(frozen=True)
class FeatureSettings:
    """What a text is cut into.

    Attributes
    ----------
    subword_min, subword_max : int
        The shortest and the longest character n-gram, boundary marks counted.
    window : int
        The number of tokens in the windows that are scored beside the whole statement.
    """

    subword_min: int = 2
    subword_max: int = 5
    window: int = 8


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each word (Snowball's English stemmer, also called Porter 2)."""
    return list(_stemmer().stemWords(list(words)))


def pairs(stemmed: Sequence[str]) -> list[str]:
    """Every two neighbouring stems as one term."""
    return [PAIR_SEPARATOR.join(two) for two in pairwise(stemmed)]


def subwords(word: str, settings: FeatureSettings) -> list[str]:
    """The character n-grams of ``<word>``; a word too short for a length is itself a term once."""
    marked = f"<{word}>"
    grams = []
    for size in range(settings.subword_min, settings.subword_max + 1):
        if len(marked) <= size:
            grams.append(marked)
            break
        grams.extend(marked[i : i + size] for i in range(len(marked) - size + 1))
    return grams


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
