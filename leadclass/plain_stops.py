"""Stops in blocks of a plain text in, those at which a sentence ends out.

The rules are those of `leadclass.sentences`. What is next to a stop tells of nearly every one
whether a sentence ends there: one before a blank and a letter does, after a word that is no
abbreviation. The others are asked about, one by one, by `ends_sentence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from leadclass.plain_text import (
    ASIDE,
    BRACKET,
    BYTES_BEFORE,
    CLOSER,
    END,
    LOWER,
    QUOTE,
    SINGLE,
    STOP,
    WHITE,
    PlainText,
    among,
    holders,
)
from leadclass.sentences import ENDING, ENDS, abbreviations, ends_sentence

#: A run of stops, or of closing marks, that is longer is asked about.
_LONGEST_RUN = 6
#: No abbreviation has so many letters.
LONGER_THAN_ANY = 7
#: The bit that makes a letter a small one.
_SMALL = 0x20


@dataclass(frozen=True)
class Stops:
    """Stops at which a sentence ends, or may end, with an element a stop.

    Attributes
    ----------
    place, end, begin : ndarray of int64
        Where it is, where the sentence ends and where the next begins.
    block : ndarray of int64
        The block that it is in.
    asked : ndarray of bool
        Whether that is to be asked.
    """

    place: np.ndarray
    end: np.ndarray
    begin: np.ndarray
    block: np.ndarray
    asked: np.ndarray

    def some(self, kept: np.ndarray) -> Stops:
        """Those at some places, or of which it is said."""
        return Stops(*(array[kept] for array in vars(self).values()))


def find_stops(text: PlainText, starts: np.ndarray, ends: np.ndarray) -> Stops:
    """The stops inside blocks at which a sentence ends, or may end, if nothing encloses them.

    Parameters
    ----------
    text : PlainText
    starts, ends : ndarray of int64, shape (n_blocks,)

    Returns
    -------
    Stops
    """
    codes = text.codes
    stop = text.places(END)
    stop = stop[~text.are(STOP, stop - 1)]
    block, inside = holders(stop, starts, ends)
    stop = stop[inside]
    pure = _after_run(text, stop + 1, STOP)
    after = _after_run(text, pure, CLOSER)
    # Without a gap a sentence ends before a capital alone, as in "well.She".
    asked = text.are(STOP, pure) | text.are(CLOSER, after) | _between(codes[after], "A", "Z")
    may = (asked | text.are(WHITE, after)) & (after < ends[block])
    stop, pure, after, block, asked = (a[may] for a in (stop, pure, after, block, asked))

    begin = text.word_starts(after)
    small = text.are(LOWER, begin)
    asked |= ((text.doings(begin) & ASIDE) != 0) | (small & (after != pure))
    full = (pure == stop + 1) & (codes[stop] == ord("."))
    worded = np.flatnonzero(full & ~asked)
    asked[worded] = ~_after_words(text, stop[worded], starts[block[worded]])
    # Three points before a small letter are a pause.
    ends_one = asked | full | ~small | among(codes[stop], "!?")
    return Stops(stop, after, begin, block, asked).some(ends_one)


def _after_run(text: PlainText, places: np.ndarray, kind: int) -> np.ndarray:
    """The places after characters of a kind, if there are not many of them at each."""
    after = places.copy()
    going = np.flatnonzero(text.are(kind, places))
    for _ in range(_LONGEST_RUN):
        if not len(going):
            break
        after[going] += 1
        going = going[text.are(kind, after[going])]
    return after


def _between(codes: np.ndarray, first: str, last: str) -> np.ndarray:
    found: np.ndarray = (codes >= ord(first)) & (codes <= ord(last))
    return found


def _after_words(text: PlainText, stop: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Whether what is before full stops is surely no abbreviation, initial or number.

    Of stops it is given where their blocks start.
    """
    windows = np.lib.stride_tricks.sliding_window_view(text.codes, BYTES_BEFORE)
    letters = windows[stop - BYTES_BEFORE][:, ::-1]  # the nearest first
    within, boundary = _parts_of_words()
    inside = within[letters]
    inside[:, LONGER_THAN_ANY] = False
    size = inside.argmin(axis=1)
    own = np.arange(BYTES_BEFORE) < size[:, None]
    word = np.where(own, letters | _SMALL, 0).astype(np.uint8)
    figures = (~own | _between(letters, "0", "9")).all(axis=1)
    alone = boundary[letters[np.arange(len(stop)), size]] | (size == LONGER_THAN_ANY)
    packed, abbreviated = word.view(np.uint64)[:, 0], _packed_abbreviations()
    known = abbreviated[np.searchsorted(abbreviated[:-1], packed)] == packed
    found: np.ndarray = alone & (size > 1) & (stop - size >= start) & ~figures & ~known
    return found


@cache
def _parts_of_words() -> tuple[np.ndarray, np.ndarray]:
    """By its code, whether a character is surely in the word before a stop, or surely before it."""
    boundary = among(np.arange(256), ' \t\n\r([/"')
    within = (np.arange(256) < 0x80) & ~boundary & ~among(np.arange(256), ENDS)
    return within, boundary


@cache
def _packed_abbreviations() -> np.ndarray:
    """The bytes of abbreviations, from the last on, as a number each, in order."""
    words = [word.encode()[::-1].ljust(BYTES_BEFORE, b"\0") for word in abbreviations()]
    return np.sort(np.frombuffer(b"".join(words), np.uint64))


def enclosing(text: PlainText, starts: np.ndarray, ends: np.ndarray, stops: Stops) -> np.ndarray:
    """Which blocks may have a stop inside a quotation or brackets after which it goes on.

    Parameters
    ----------
    text : PlainText
    starts, ends : ndarray of int64, shape (n_blocks,)
    stops : Stops
        Those of the blocks.

    Returns
    -------
    ndarray of bool, shape (n_blocks,)
    """
    codes = text.codes
    wrong = np.zeros(len(starts), bool)
    inside_one = np.zeros(len(starts), bool)
    singles = text.places(SINGLE)
    apostrophe = codes[singles] == ord("'")
    opening = text.are(WHITE, singles - 1) | (codes[singles - 1] == ord("("))
    wrong[holders(singles[~apostrophe | opening], starts, ends)[0]] = True
    # No other mark matters if each that opens is closed next and no stop is between them.
    brackets, quotes = text.places(BRACKET), text.places(QUOTE)
    for places, first, second in (
        (brackets, b"(", b")"),
        (quotes, b'"', b'"'),
        (quotes, "“".encode(), "”".encode()),
    ):
        marks = places[(codes[places] == first[-1]) | (codes[places] == second[-1])]
        if not len(marks):
            continue
        block, inside = holders(marks, starts, ends)
        marks = marks[inside]
        before = np.searchsorted(marks, starts)
        opens = (np.arange(len(marks)) - before[block]) % 2 == 0
        other = codes[marks] != np.where(opens, first[-1], second[-1])
        if first == b"(":
            # A bracket may be the mouth of a face.
            other |= among(codes[marks - 1], ":;-")
        wrong[block[other]] = True
        # A bracket that closes after a stop encloses it, a quotation mark does not.
        following = np.searchsorted(marks, stops.place if first == b"(" else stops.end)
        between = (following - before[stops.block]) % 2 == 1
        if first != b"(":
            # What is quoted to the end of the block is cut as if it were not.
            between &= np.append(marks, -1)[following] + 1 != ends[stops.block]
        inside_one[stops.block[between]] = True
    cut = np.zeros(len(starts), bool)
    cut[stops.block] = True
    return (wrong & cut) | inside_one


def ask_of(text: PlainText, starts: np.ndarray, ends: np.ndarray, stops: Stops) -> Stops:
    """The stops at which a sentence ends, those asked about that are to be asked.

    Parameters
    ----------
    text, starts, ends, stops
        As for `enclosing`.

    Returns
    -------
    Stops
    """
    asked = np.flatnonzero(stops.asked)
    if not len(asked):
        return stops
    place, block = stops.place[asked], stops.block[asked]
    # The sentence begins where the last has ended of which that is sure, or has been said.
    begins = np.maximum.accumulate(np.where(stops.asked, 0, stops.begin))
    begin = np.maximum(begins[asked], starts[block])
    row_of = np.searchsorted(text.bounds, place, "right") - 1
    first = text.characters(text.bounds[row_of])
    places = (
        asked,
        row_of,
        place,
        *(text.characters(p) - first for p in (place, begin, ends[block])),
    )
    ends_one = np.ones(len(stops.place), bool)
    row_before, source, begun = -1, "", 0
    for n, row, at, stop, start, end in zip(*(p.tolist() for p in places), strict=True):
        if row != row_before:
            row_before, begun = row, 0
            source = text.decode(int(text.bounds[row]), int(text.bounds[row + 1]) - 1)
        ending = ENDING.match(source, stop, end)
        if (
            not ending
            or ending.end() == end
            or not ends_sentence(source, max(start, begun), ending)
        ):
            ends_one[n] = False
            continue
        begun = ending.end()
        written = ending.group()
        stops.end[n] = at + len(written.rstrip().encode())
        stops.begin[n] = at + len(written.encode())
    return stops.some(ends_one)
