"""A column of texts in, its bytes with what each may mean to the splitter, and its words, out.

Splitting a column asks the same few questions of every character. They are answered here for all
texts at once, on their UTF-8 bytes: each byte of a character has the flags of the character.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, as_string, numbers_of
from leadclass.blocks import BULLETS, UNSEEN
from leadclass.sentences import ENDS, LIST_MARKS

#: Flags of a character that tell of its kind.
WHITE, LETTER, LOWER, UPPER, STOP, CLOSER, BULLET = (1 << n for n in range(7))
#: Flags that tell what it may do where it stands.
CELL, LIST_MARK, QUOTE, MARKUP, ASIDE, PLAIN, END, STRANGE = (1 << n for n in range(8))

#: White space that all patterns take for white space; a text with any other is strange.
_BLANKS = " \t\n\r\u00a0"
_CLOSERS = "\"'”’»)]*_`"
_QUOTES = '"“”‘'
#: What begins no bullet, number, title or quoted line, besides letters.
_PLAIN = "\"'“‘$£€"
_MARKUP = "*_`>]"
#: What, if a sentence ends before it, makes for a second look: faces, brackets, marks.
_ASIDES = ",;:)=8<\"“‘'([*_>"
#: The first of the pictures that may stand between two sentences.
_PICTURES = "☀"

_TO_BLANK = bytes.maketrans(b"\t\n\r", b"   ")
_ASCII = bytes(range(128))


@dataclass(frozen=True)
class PlainText:
    """Texts in one, each after a line break.

    Attributes
    ----------
    written : bytes
    codes, kinds, doings : ndarray of uint8, shape (n_bytes,)
        The bytes as numbers, and their flags.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``written[bounds[i]:bounds[i + 1] - 1]``.
    word_starts, word_ends : ndarray of int64, shape (n_words,)
        The place of each run of characters that are not white space.
    """

    written: bytes
    codes: np.ndarray
    kinds: np.ndarray
    doings: np.ndarray
    bounds: np.ndarray
    word_starts: np.ndarray
    word_ends: np.ndarray
    _inner: np.ndarray
    _marks: np.ndarray

    def characters(self, places: np.ndarray) -> np.ndarray:
        """Places in characters, counted from the beginning of the first text."""
        return places - np.searchsorted(self._inner, places) if len(self._inner) else places

    def decode(self, start: int, end: int) -> str:
        """The text between two places."""
        return self.written[start:end].decode()

    def word(self, n: int) -> str:
        """A word."""
        return self.decode(int(self.word_starts[n]), int(self.word_ends[n]))

    def blank_joined(self) -> bytes:
        """All of it in one line."""
        return self.written.translate(_TO_BLANK)

    def irregular(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Which stretches, in order, have white space to be made single, or Markdown's marks."""
        if not len(starts):
            return np.zeros(0, bool)
        wide = np.flatnonzero(self.word_starts[1:] - self.word_ends[:-1] > 1)
        places = np.concatenate([self.word_ends[wide], self.places(MARKUP)])
        irregular = np.zeros(len(starts), bool)
        irregular[holders(places, starts, ends)[0]] = True
        return irregular

    def strange_texts(self) -> np.ndarray:
        """Which texts have characters that only the thorough way knows, shape (n_texts,)."""
        places = self.places(STRANGE)
        # But a carriage return is none that stands before a line break.
        ended = (self.codes[places] == ord("\r")) & (self.codes[places + 1] == ord("\n"))
        strange = np.zeros(len(self.bounds) - 1, bool)
        strange[np.searchsorted(self.bounds, places[~ended], "right") - 1] = True
        return strange

    def places(self, doing: int) -> np.ndarray:
        """Where characters with a flag are."""
        return self._marks[(self.doings[self._marks] & doing) != 0]


def plain_text(texts: pa.StringArray) -> PlainText:
    """Read the characters of a column.

    Parameters
    ----------
    texts : pyarrow.StringArray
        Without nulls.

    Returns
    -------
    PlainText
    """
    bounds = np.ones(len(texts) + 1, np.int64)
    np.cumsum(numbers_of(pc.binary_length(texts)).astype(np.int64) + 1, out=bounds[1:])
    bounds[1:] += 1
    offsets = as_numbers(np.array([0, len(texts)]))
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, texts), as_string("\n"))
    # With line breaks around, so that what looks at the next byte or the one before finds one.
    written = b"\n" + joined[0].as_buffer().to_pybytes() + b"\n\n"
    codes = np.frombuffer(written, np.uint8)
    ascii_kinds, ascii_doings = _ascii_flags()
    kinds = np.frombuffer(written.translate(ascii_kinds), np.uint8)
    doings = np.frombuffer(written.translate(ascii_doings), np.uint8)
    inner = np.zeros(0, np.int64)
    if not written.isascii():
        kinds, doings = kinds.copy(), doings.copy()
        beyond = np.flatnonzero(codes >= 0x80)
        leads = (codes[beyond] & 0xC0) != 0x80
        inner = beyond[~leads]
        widths = np.diff(np.flatnonzero(leads), append=len(beyond))
        flags = _known_flags()
        found = np.array([flags[c] for c in written.translate(None, _ASCII).decode()], np.uint16)
        repeated = np.repeat(found, widths)
        kinds[beyond], doings[beyond] = repeated & 0xFF, repeated >> 8
    white = (kinds & WHITE) != 0
    marks = np.flatnonzero(doings != 0)
    edges = np.flatnonzero(white[1:] != white[:-1]) + 1
    return PlainText(written, codes, kinds, doings, bounds, edges[::2], edges[1::2], inner, marks)


def holders(
    places: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The stretches, of some in order, that hold places, and which places are in one.

    Parameters
    ----------
    places : ndarray of int64, shape (n_places,)
    starts, ends : ndarray of int64, shape (n_stretches,)

    Returns
    -------
    found : ndarray of int64, shape (n_inside,)
    inside : ndarray of bool, shape (n_places,)
    """
    if not len(starts):
        return np.zeros(0, np.int64), np.zeros(len(places), bool)
    found = np.searchsorted(starts, places, "right") - 1
    inside = (found >= 0) & (places < ends[found])
    return found[inside], inside


def among(codes: np.ndarray, characters: str) -> np.ndarray:
    """Which are codes of some characters, of which only those of ASCII count."""
    found = np.zeros(len(codes), bool)
    for character in filter(str.isascii, characters):
        found |= codes == ord(character)
    return found


def width_of(lead: np.ndarray) -> np.ndarray:
    """How many bytes the character has that begins with each byte."""
    return 1 + (lead >= 0xC0).astype(np.int64) + (lead >= 0xE0) + (lead >= 0xF0)


class _Flags(dict[str, int]):
    """The flags of characters, those of its doings in the upper byte."""

    def __missing__(self, character: str) -> int:
        self[character] = flags = _flags(character)
        return flags


@cache
def _known_flags() -> _Flags:
    return _Flags()


@cache
def _ascii_flags() -> tuple[bytes, bytes]:
    flags = [_flags(chr(code)) for code in range(128)] + [0] * 128
    return bytes(f & 0xFF for f in flags), bytes(f >> 8 for f in flags)


def _flags(character: str) -> int:
    cased = character.islower() or character.isupper() or character.istitle()
    strange = character not in _BLANKS and (
        character.isspace()
        or character in UNSEEN
        or (cased and not character.isalpha())
        or (character.istitle() and not character.isupper())
    )
    kinds = {
        WHITE: character in _BLANKS,
        LETTER: character.isalnum() and not character.isdecimal(),
        LOWER: character.islower(),
        UPPER: character.isupper(),
        STOP: character in ENDS,
        CLOSER: character in _CLOSERS,
        BULLET: character in BULLETS,
    }
    doings = {
        CELL: character in "\t|",
        LIST_MARK: character in LIST_MARKS,
        QUOTE: character in _QUOTES,
        MARKUP: character in _MARKUP,
        ASIDE: character in _ASIDES or (character >= _PICTURES and not character.isalnum()),
        PLAIN: character in _PLAIN,
        END: character in ENDS,
        STRANGE: strange or character == "\r",
    }
    return sum(f for f, has in kinds.items() if has) | sum(
        f << 8 for f, has in doings.items() if has
    )
