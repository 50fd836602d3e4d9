"""Text in, tokens out: a whole Arrow column of strings at a time.

A token is a run of letters in lower case, apostrophes inside it kept; every number is the one
token ``0``; pronouns and first names are one token, and so are titles that tell a person's gender:
nothing downstream can see which of them was written.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from unicodedata import category, normalize

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, gathered, numbers_of, text_bytes, without_nulls
from leadclass.package_files import package_rows

#: What a byte is part of: a letter, as all bytes beyond ASCII are; a digit; an apostrophe; none.
_NONE, _LETTER, _DIGIT, _APOSTROPHE = range(4)
_KIND = bytearray([_NONE] * 128 + [_LETTER] * 128)
for _byte in range(128):
    if chr(_byte).isalpha():
        _KIND[_byte] = _LETTER
    elif chr(_byte).isdigit():
        _KIND[_byte] = _DIGIT
_KIND[ord("'")] = _APOSTROPHE

#: Whether a byte may be part of a token.
_IS_PART = bytes(kind != _NONE for kind in _KIND)

#: What a byte is read as: in lower case, all digits the same.
_READ_AS = bytes.maketrans(b"123456789", b"0" * 9).lower()


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
    column = without_nulls(as_strings(texts))
    written, bounds = _written_words(column)
    # A word that is written twice is looked at once.
    encoded, places = _cut(_simplified(written.dictionary))
    neutral = neutral_words()
    words = [neutral.get(word, word) for word in encoded.dictionary.to_pylist()]
    codes = numbers_of(encoded.indices).astype(np.int64)
    which = numbers_of(written.indices)
    counts = gathered(np.diff(places), which)
    ends = np.concatenate([[0], np.cumsum(counts)])
    # Nearly every written word is one token; of one that is none, the first is never looked at.
    first = np.append(codes, 0)[places[:-1]]
    in_order = np.repeat(gathered(first, which), counts)
    several = np.flatnonzero(counts > 1)
    in_order[_runs(ends[several], counts[several])] = codes[
        _runs(places[which[several]], counts[several])
    ]
    return Tokens(words, in_order, ends[bounds])


def _runs(starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The numbers from each start on, so many of them, one run after the other."""
    before = np.cumsum(lengths) - lengths
    return np.repeat(starts - before, lengths) + np.arange(lengths.sum())


def as_words(texts: pa.Array | Iterable[str]) -> list[str]:
    """Each text as the model reads it: its tokens with blanks between."""
    given = texts if isinstance(texts, pa.Array) else list(texts)
    return [" ".join(tokens) for tokens in tokenise(given).texts()]


def _written_words(column: pa.StringArray) -> tuple[pa.DictionaryArray, np.ndarray]:
    """The words of all texts as they are written, and where those of each text begin and end.

    A written word is a run of bytes that a token may have, with the marks and the white space that
    follow it. What it is as tokens does not depend on its neighbours.
    """
    raw, bounds = text_bytes(column)
    part = np.frombuffer(bytearray(raw).translate(_IS_PART), bool)
    begins = np.empty_like(part)
    begins[:1] = part[:1]
    np.greater(part[1:], part[:-1], out=begins[1:])
    inner = bounds[:-1][bounds[:-1] < len(part)]
    begins[inner] = part[inner]
    starts = np.flatnonzero(begins)
    places = np.append(starts, len(part)).astype(np.int32)
    words = pa.StringArray.from_buffers(len(starts), pa.py_buffer(places), pa.py_buffer(raw))
    return words.dictionary_encode(), np.searchsorted(starts, bounds)


def _simplified(column: pa.StringArray) -> pa.StringArray:
    """The same texts with no characters beyond ASCII but lower-case letters and their marks."""
    plain = pc.string_is_ascii(column)
    if pc.all(plain).as_py() in (True, None):
        return column
    # Few are left, and Arrow takes longer to compile a pattern of Unicode than Python to read them.
    other = [
        normalize("NFKC", text).lower().translate(_read_character)
        for text in column.filter(pc.invert(plain)).to_pylist()
    ]
    return pc.replace_with_mask(column, pc.invert(plain), as_strings(other))


class _ReadCharacter(dict[int, int]):
    """What a character is read as: letters and their marks as they are, others as a blank."""

    def __missing__(self, code: int) -> int:
        kind = category(chr(code))
        if code < 128 or kind[0] in "LM":
            self[code] = code
        else:
            self[code] = ord("0") if kind == "Nd" else ord(" ")
        return self[code]


_read_character = _ReadCharacter(dict.fromkeys(map(ord, "\u2019\u02bc"), ord("'")))


def _cut(column: pa.StringArray) -> tuple[pa.DictionaryArray, np.ndarray]:
    """The tokens of all texts in one column, and where those of each text begin and end.

    Works on the bytes of all texts at once: a token begins where the kind of byte changes.
    """
    raw, bounds = text_bytes(column)
    kind = np.frombuffer(bytearray(raw).translate(_KIND), np.uint8)
    edge = np.zeros(len(kind) + 1, bool)
    edge[bounds] = True

    marks = np.flatnonzero(kind == _APOSTROPHE)
    around = np.concatenate([[_NONE], kind, [_NONE]])
    inside = (around[marks] == _LETTER) & (around[marks + 2] == _LETTER)
    inside &= ~(edge[marks] | edge[marks + 1])
    kind[marks] = np.where(inside, _LETTER, _NONE)

    edge[1:-1] |= kind[1:] != kind[:-1]
    token = kind != _NONE
    starts, ends = np.flatnonzero(edge[:-1] & token), np.flatnonzero(edge[1:] & token) + 1
    digits = kind == _DIGIT
    # Of a number one digit is kept.
    kept = np.frombuffer(raw, np.uint8)[token & ~(digits & ~edge[:-1])].tobytes()
    places = np.zeros(len(starts) + 1, np.int32)
    np.cumsum(np.where(digits[starts], 1, ends - starts), out=places[1:])
    tokens = pa.StringArray.from_buffers(
        len(starts), pa.py_buffer(places), pa.py_buffer(kept.translate(_READ_AS))
    )
    return tokens.dictionary_encode(), np.searchsorted(starts, bounds).astype(np.int64)


@cache
def neutral_words() -> dict[str, str]:
    """The words that are read as another, so that gender and origin do not show."""
    names = [row["name"].lower() for row in package_rows("data/first_names.csv")]
    neutral = {row["word"]: row["neutral"] for row in package_rows("data/neutral_words.csv")}
    named = neutral[_STANDS_FOR_A_NAME]
    return dict.fromkeys([*names, *(f"{name}'s" for name in names)], named) | neutral


#: A name is read as this pronoun is.
_STANDS_FOR_A_NAME = "she"
