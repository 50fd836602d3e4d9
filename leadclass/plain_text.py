"""A column of texts in, its bytes with what each may mean to the splitter out.

Splitting a column asks the same few questions of every character. They are answered here for all
texts at once, on their UTF-8 bytes: each byte of a character has the flags of the character. What
few characters have is kept as the list of their places.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, as_string, numbers_of
from leadclass.blocks import BULLETS, UNSEEN
from leadclass.sentences import CLOSERS, ENDS, EYES, LIST_MARKS, NO_BEGINNINGS, OPENERS

#: Flags of a character that every byte has: its kind.
WHITE, LETTER, LOWER, UPPER, STOP, CLOSER, BULLET, _SOUGHT = (1 << n for n in range(8))
#: Flags of characters whose places are known.
_PLACES_KNOWN = [1 << n for n in range(11)]
BREAK, CELL, LIST_MARK, COLON, BRACKET, QUOTE, SINGLE, MARKUP, END, HIDDEN, STRANGE = _PLACES_KNOWN
#: Flags of what a character may do at the beginning of a line, and of what it may after a stop.
PLAIN, ASIDE = 1 << 11, 1 << 12
#: The flag of every character whose flags are known.
_KNOWN = 1 << 31

#: White space that all patterns take for white space; a text with any other is strange.
_BLANKS = " \t\n\r\u00a0"
_CELL_MARKS = "\t|"
_BRACKETS = "()"
_QUOTES = '"“”'
_SINGLES = "'‘"
#: What begins no bullet, title or quoted line, besides letters, but may begin numbering.
_PLAIN = "\"'“‘$£€(["
_MARKUP = "*_`>]"
#: What, if a sentence ends before it, makes for a second look: faces, brackets, marks.
_ASIDES = NO_BEGINNINGS + EYES + "<" + OPENERS
#: The first of the pictures that may stand between two sentences.
_PICTURES = "☀"

#: So many bytes are before every character of the texts.
BYTES_BEFORE = 8


@dataclass(frozen=True)
class PlainText:
    """Texts in one, each after a line break.

    Attributes
    ----------
    written : bytes
    codes, kinds : ndarray of uint8, shape (n_bytes,)
        The bytes as numbers, and their flags.
    bounds : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` is ``written[bounds[i]:bounds[i + 1] - 1]``.
    """

    written: bytes
    codes: np.ndarray
    kinds: np.ndarray
    bounds: np.ndarray
    _beyond: np.ndarray
    """Where bytes beyond ASCII are."""
    _beyond_doings: np.ndarray

    @cached_property
    def gaps(self) -> tuple[np.ndarray, np.ndarray]:
        """Where runs of white space of more than a byte start and end; one is before all texts."""
        white = (self.kinds & WHITE) != 0
        double = np.flatnonzero(white[1:] & white[:-1])
        first = np.diff(double, prepend=-2) != 1
        return double[first], double[np.append(first[1:], True)] + 2

    @cached_property
    def _inner(self) -> np.ndarray:
        """Where bytes are that do not begin a character."""
        return self._beyond[(self.codes[self._beyond] & 0xC0) == 0x80]

    @cached_property
    def _marks(self) -> tuple[np.ndarray, np.ndarray, int]:
        """The places that are known, the flags there, and those that are anywhere."""
        places = np.flatnonzero((self.kinds & _SOUGHT) != 0)
        doings = self.doings(places)
        return places, doings, int(np.bitwise_or.reduce(doings))

    def characters(self, places: np.ndarray) -> np.ndarray:
        """Places in characters, counted from the beginning of the first text."""
        return places - np.searchsorted(self._inner, places) if len(self._inner) else places

    def decode(self, start: int, end: int) -> str:
        """The text between two places."""
        return self.written[start:end].decode()

    def are(self, kind: int, places: np.ndarray | slice) -> np.ndarray:
        """Whether the characters at some places are of a kind, or of one of several."""
        found: np.ndarray = (self.kinds[places] & kind) != 0
        return found

    def places(self, doing: int) -> np.ndarray:
        """Where characters with a flag are, of those whose places are known."""
        places, doings, met = self._marks
        return places[(doings & doing) != 0] if met & doing else places[:0]

    def doings(self, places: np.ndarray) -> np.ndarray:
        """The other flags of the characters at some places."""
        codes = self.codes[places]
        found = _ascii_flags()[1][codes]
        beyond = np.flatnonzero(codes >= 0x80)
        found[beyond] = self._beyond_doings[np.searchsorted(self._beyond, places[beyond])]
        return found

    def word_starts(self, places: np.ndarray) -> np.ndarray:
        """The first place from each on that is not white."""
        starts, ends = self.gaps
        gap_end = ends[np.searchsorted(starts, places, "right") - 1]
        return np.where(places < gap_end, gap_end, places + self.are(WHITE, places))

    def word_ends(self, places: np.ndarray) -> np.ndarray:
        """The end of what is not white before each place."""
        starts, ends = self.gaps
        gap = np.searchsorted(starts, places - 1, "right") - 1
        return np.where(places <= ends[gap], starts[gap], places - self.are(WHITE, places - 1))

    def word_sizes(self, places: np.ndarray, most: int) -> np.ndarray:
        """How many bytes are from each place to the next white space, or to so many."""
        sizes = np.zeros(len(places), np.int64)
        going = np.flatnonzero(~self.are(WHITE, places))
        for size in range(1, most + 1):
            if not len(going):
                break
            sizes[going] = size
            going = going[~self.are(WHITE, places[going] + size)]
        return sizes

    def blank_joined(self) -> bytearray:
        """All of it in one line."""
        joined = bytearray(self.written)
        places = self.places(BREAK | CELL | STRANGE)
        np.frombuffer(joined, np.uint8)[places[self.are(WHITE, places)]] = ord(" ")
        return joined

    def irregular(self, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """Which stretches, in order, have white space to be made single, or Markdown's marks."""
        irregular = np.zeros(len(starts), bool)
        for places in (self.gaps[0], self.places(MARKUP)):
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
    bounds = np.full(len(texts) + 1, BYTES_BEFORE, np.int64)
    bounds[1:] += np.cumsum(numbers_of(pc.binary_length(texts)).astype(np.int64) + 1)
    offsets = as_numbers(np.array([0, len(texts)]))
    joined = pc.binary_join(pa.LargeListArray.from_arrays(offsets, texts), as_string("\n"))
    # With line breaks around, so that what looks at bytes beside a character finds some.
    written = b"\n" * BYTES_BEFORE + joined[0].as_buffer().to_pybytes() + b"\n\n"
    codes = np.frombuffer(written, np.uint8)
    ascii_kinds, ascii_doings = _ascii_flags()
    kinds = np.frombuffer(bytearray(written).translate(ascii_kinds), np.uint8)
    beyond, doings = np.zeros(0, np.int64), ascii_doings[:0]
    if not written.isascii():
        beyond = np.flatnonzero(codes >= 0x80)
        leads = np.flatnonzero((codes[beyond] & 0xC0) != 0x80)
        flags = _flags_of(codes[beyond].tobytes().decode())
        repeated = np.repeat(flags, np.diff(leads, append=len(beyond)))
        kinds[beyond], doings = repeated & 0xFF, (repeated >> 8).astype(np.uint16)
    return PlainText(written, codes, kinds, bounds, beyond, doings)


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


@cache
def _ascii_flags() -> tuple[bytes, np.ndarray]:
    flags = np.array([_flags(chr(code)) for code in range(128)] + [0] * 128)
    return (flags & 0xFF).astype(np.uint8).tobytes(), (flags >> 8).astype(np.uint16)


def _flags_of(characters: str) -> np.ndarray:
    """The flags of each character, those of its doings above the byte of its kind."""
    codes = np.frombuffer(characters.encode("utf-32-le"), np.uint32)
    known = _known_flags()
    flags = known[codes]
    for code in set(codes[flags == 0].tolist()):
        known[code] = _flags(chr(code)) | _KNOWN
    return known[codes]


@cache
def _known_flags() -> np.ndarray:
    """The flags of all characters; 0 of those that were not met yet."""
    return np.zeros(sys.maxunicode + 1, np.uint32)


def _flags(character: str) -> int:
    cased = character.islower() or character.isupper() or character.istitle()
    strange = character not in _BLANKS and (
        character.isspace()
        or (cased and not character.isalpha())
        or (character.istitle() and not character.isupper())
    )
    kinds = {
        WHITE: character in _BLANKS,
        LETTER: character.isalnum() and not character.isdecimal(),
        LOWER: character.islower(),
        UPPER: character.isupper(),
        STOP: character in ENDS,
        CLOSER: character in CLOSERS,
        BULLET: character in BULLETS,
    }
    doings = {
        BREAK: character == "\n",
        CELL: character in _CELL_MARKS,
        LIST_MARK: character in LIST_MARKS,
        COLON: character == ":",
        BRACKET: character in _BRACKETS,
        QUOTE: character in _QUOTES,
        SINGLE: character in _SINGLES,
        MARKUP: character in _MARKUP,
        END: character in ENDS,
        HIDDEN: character in UNSEEN and character not in _BLANKS,
        STRANGE: strange or character == "\r",
        PLAIN: character in _PLAIN,
        ASIDE: character in _ASIDES or (character >= _PICTURES and not character.isalnum()),
    }
    kinds[_SOUGHT] = any(doings[doing] for doing in _PLACES_KNOWN)
    return sum(f for f, has in kinds.items() if has) | sum(
        f << 8 for f, has in doings.items() if has
    )
