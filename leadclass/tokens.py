"""Text in, tokens out: a whole Arrow column of strings at a time.

A token is a run of letters in lower case, apostrophes inside it kept; every number is the one
token ``0``; pronouns and first names are one token, and so are titles that tell a person's gender:
nothing downstream can see which of them was written.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, numbers_of

#: A letter to Unicode, so that it stays inside a token; given back as a plain apostrophe.
_INNER_APOSTROPHE = "\u02bc"


@dataclass(frozen=True)
class Tokens:
    """The tokens of a column of texts.

    Attributes
    ----------
    words : list of str
        Each distinct token of the column once.
    codes : ndarray of int64, shape (n_tokens,)
        For each token in reading order its index into `words`.
    offsets : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` has the tokens ``codes[offsets[i]:offsets[i + 1]]``.
    """

    words: list[str]
    codes: np.ndarray
    offsets: np.ndarray

    def texts(self) -> list[list[str]]:
        """The tokens of each text, as lists of strings."""
        words = [self.words[code] for code in self.codes]
        bounds = self.offsets.tolist()
        return [words[i:j] for i, j in pairwise(bounds)]


def tokenise(texts: pa.Array | Sequence[str | None]) -> Tokens:
    """Cut every text into tokens.

    Parameters
    ----------
    texts : Arrow string array or sequence of str
        A null has no tokens.

    Returns
    -------
    Tokens
    """
    column = as_strings(texts)
    if column.null_count:
        column = column.fill_null("")
    column = pc.utf8_lower(pc.utf8_normalize(column, form="NFKC"))
    column = pc.replace_substring_regex(
        column, r"(\p{L})['\x{2019}](\p{L})", rf"\1{_INNER_APOSTROPHE}\2"
    )
    column = pc.replace_substring_regex(column, r"\p{Nd}+", " 0 ")
    column = pc.replace_substring_regex(column, r"[^\p{L}\p{M}0]+", " ")
    lists = pc.split_pattern(pc.utf8_trim(column, " "), " ")
    encoded = lists.flatten().dictionary_encode()
    words = encoded.dictionary.to_pylist()
    codes = numbers_of(encoded.indices).astype(np.int64)
    offsets = numbers_of(lists.offsets).astype(np.int64)
    offsets = offsets - offsets[0] if len(offsets) else np.zeros(1, np.int64)
    if "" in words:  # what a text without tokens splits into
        kept = codes != words.index("")
        offsets = np.concatenate([[0], np.cumsum(kept)])[offsets]
        codes = codes[kept]
    neutral = neutral_words()
    plain = (word.replace(_INNER_APOSTROPHE, "'") for word in words)
    return Tokens([neutral.get(word, word) for word in plain], codes, offsets)


@cache
def neutral_words() -> dict[str, str]:
    """The words that are read as another, so that gender and origin do not show."""
    data = files("leadclass") / "data"
    with (data / "first_names.csv").open(encoding="utf-8") as lines:
        names = [row["name"].lower() for row in csv.DictReader(lines)]
    with (data / "neutral_words.csv").open(encoding="utf-8") as lines:
        neutral = {row["word"]: row["neutral"] for row in csv.DictReader(lines)}
    named = neutral[_STANDS_FOR_A_NAME]
    return dict.fromkeys([*names, *(f"{name}'s" for name in names)], named) | neutral


#: A name is read as this pronoun is.
_STANDS_FOR_A_NAME = "she"
