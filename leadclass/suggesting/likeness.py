"""Words of statements in, vectors out whose products say how alike the statements are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from zlib import crc32

import numpy as np

from leadclass.features import stems

#: Numbers of a vector. Stems share them, with signs that cancel out on the whole.
WIDTH = 1024

#: Two statements whose vectors have at least this product are like each other.
LIKE = 0.25

#: Two statements of which this share of the words is the same are all but the same.
NEARLY_THE_SAME = 0.8

_SIGN = 1 << 31


def vectors(words: Sequence[str], counted: Sequence[str] | None = None) -> np.ndarray:
    """A vector of length 1 for each statement: its stems, the rarer the heavier.

    Parameters
    ----------
    words : sequence of str, length n
        See `leadclass.tokens.as_words`.
    counted : sequence of str, optional
        Where it is counted how rare a stem is; by default in `words`.

    Returns
    -------
    ndarray of float32, shape (n, WIDTH)
        The product of two is the cosine of their TF-IDF vectors, but for an error of about 0.03.

    References
    ----------
    K. Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009.
    """
    texts = [stems(text.split()) for text in words]
    reference = texts if counted is None else [stems(text.split()) for text in counted]
    within = Counter(stem for text in reference for stem in set(text))
    places, weights = {}, {}
    for stem in {stem for text in texts for stem in text}:
        code = crc32(stem.encode())
        rarity = np.log((1 + len(reference)) / (1 + within[stem])) + 1
        places[stem] = code % WIDTH
        weights[stem] = -rarity if code & _SIGN else rarity
    made = np.zeros((len(texts), WIDTH), np.float32)
    for vector, text in zip(made, texts, strict=True):
        for stem in set(text):
            vector[places[stem]] += weights[stem]
    lengths = np.linalg.norm(made, axis=1, keepdims=True)
    return made / np.where(lengths > 0, lengths, 1)


def nearest(vectors: np.ndarray, others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How alike each is to the most alike of the others, and which that is.

    Parameters
    ----------
    vectors : ndarray, shape (n, WIDTH)
    others : ndarray, shape (m, WIDTH)

    Returns
    -------
    alike : ndarray, shape (n,)
        In [0, 1]; 0 where there are no others.
    which : ndarray of int, shape (n,)
    """
    alike = np.zeros(len(vectors), np.float32)
    which = np.zeros(len(vectors), int)
    for start in range(0, len(others), _BLOCK):
        products = vectors @ others[start : start + _BLOCK].T
        best = products.argmax(axis=1)
        found = products[np.arange(len(best)), best]
        better = found > alike
        alike[better], which[better] = found[better], start + best[better]
    return np.minimum(alike, 1), which


#: Others that are compared at once.
_BLOCK = 2048


def nearly_the_same(one: str, other: str) -> bool:
    """Whether two statements, as words, have all but the same words, in whatever order."""
    first, second = Counter(one.split()), Counter(other.split())
    shared = (first & second).total()
    return 2 * shared >= NEARLY_THE_SAME * (first.total() + second.total())
