"""Blocks of a plain text in, the places of their statements out, but of blocks that are not plain.

A block is cut here if every stop in it that may end a sentence is one of which that is sure:
`leadclass.sentences.cut_sentences` would cut there, or would not, whatever else the block holds.
Any other block is left to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from leadclass.blocks import HEADING_WORDS
from leadclass.plain_lines import PlainBlocks, width_of
from leadclass.plain_text import (
    ASIDE,
    CLOSER,
    END,
    LETTER,
    LIST_MARK,
    LOWER,
    QUOTE,
    STOP,
    UPPER,
    WHITE,
    PlainText,
)
from leadclass.sentences import (
    LAST_WORD,
    LOOK_BACK,
    MARKS_OF_A_LIST,
    NEXT_WORD,
    abbreviations,
    word_ends_sentence,
)

#: A run of stops and closing marks that is longer is left to the thorough way.
_LONGEST_RUN = 6
#: No abbreviation has so many letters.
_LONGER_THAN_ANY = 7


@dataclass(frozen=True)
class PlainSentences:
    """The statements of plain blocks.

    Attributes
    ----------
    starts, ends : ndarray of int64, shape (n_statements,)
        Their places, in bytes of the plain text.
    left : ndarray of int64, shape (n_left,)
        The blocks that are to be cut the thorough way.
    whole : ndarray of bool, shape (n_left,)
        Whether these are one statement whatever stops they have.
    """

    starts: np.ndarray
    ends: np.ndarray
    left: np.ndarray
    whole: np.ndarray


def plain_sentences(blocks: PlainBlocks) -> PlainSentences:
    """Cut the blocks that are plain.

    Parameters
    ----------
    blocks : PlainBlocks

    Returns
    -------
    PlainSentences
    """
    lines = blocks.lines
    text = lines.text
    starts, ends = lines.start[blocks.first], lines.end[blocks.last]
    none = np.zeros(0, np.int64)
    if not len(starts):
        return PlainSentences(none, none, none, none)
    whole = lines.row[blocks.first] | lines.titled[blocks.first]
    stops, nexts, sure, of_block = _cuts(text, starts, ends)
    kept = ~whole[of_block]
    stops, nexts, sure, of_block = stops[kept], nexts[kept], sure[kept], of_block[kept]
    cut = np.zeros(len(starts), bool)
    cut[of_block] = True
    left = np.zeros(len(starts), bool)
    left[of_block[~sure]] = True
    left |= cut & _enclosing(text, starts, ends, stops, of_block)
    marks = _block_of(text.places(LIST_MARK), starts, ends)[0]
    listed = (np.bincount(marks, minlength=len(starts)) >= MARKS_OF_A_LIST) & ~whole
    # Headings are not cut, and what may be one is.
    for n in np.flatnonzero((cut | listed) & _may_be_headings(blocks, starts, ends)).tolist():
        whole[n] = blocks.is_heading(n)
    left &= ~whole
    # Blanks that only the thorough way leaves out.
    left |= ((text.kinds[starts] | text.kinds[ends - 1]) & WHITE) != 0

    kept = ~(left | whole)[of_block]
    # The parts of a block are disjoint and in order, so starts and ends can be sorted apart.
    found_starts = np.sort(np.concatenate([starts[~left], nexts[kept]]))
    found_ends = np.sort(np.concatenate([ends[~left], stops[kept]]))
    if listed.any():
        one = whole[np.searchsorted(starts, found_starts, "right") - 1]
        found_starts, found_ends = _cut_lists(text, found_starts, found_ends, one)
    where = np.flatnonzero(left)
    return PlainSentences(*_with_letters(text, found_starts, found_ends), where, whole[where])


def _cut_lists(
    text: PlainText, starts: np.ndarray, ends: np.ndarray, whole: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Cut sentences that are lists, but those that are whole, as `cut_list` does."""
    marks = text.places(LIST_MARK)
    marks = marks[(text.codes[marks] & 0xC0) != 0x80]  # one byte of each
    of_mark, inside = _block_of(marks, starts, ends)
    marks = marks[inside]
    lists = (np.bincount(of_mark, minlength=len(starts)) >= MARKS_OF_A_LIST) & ~whole
    marks, of_mark = marks[lists[of_mark]], of_mark[lists[of_mark]]
    if not len(marks):
        return starts, ends
    first = np.flatnonzero(np.diff(of_mark, prepend=-1))
    until = np.zeros(len(starts), np.int64)
    until[of_mark[first]] = marks[first]
    colons = text.places(ASIDE)
    colons = colons[(text.codes[colons] == ord(":")) & ((text.kinds[colons + 1] & WHITE) != 0)]
    of_colon, inside = _block_of(colons, starts, until)
    leads = colons[inside][np.flatnonzero(np.diff(of_colon, prepend=-1))] + 1
    cut_ends = np.sort(np.concatenate([ends, marks, leads]))
    cut_starts = np.sort(np.concatenate([starts, marks + width_of(text.codes[marks]), leads]))
    # Without the white space around them.
    cut_starts = np.where(
        (text.kinds[cut_starts] & WHITE) != 0,
        np.append(text.word_starts, len(text.codes))[np.searchsorted(text.word_starts, cut_starts)],
        cut_starts,
    )
    cut_ends = np.where(
        (text.kinds[cut_ends - 1] & WHITE) != 0,
        np.append(text.word_ends, 0)[np.searchsorted(text.word_ends, cut_ends) - 1],
        cut_ends,
    )
    some = cut_starts < cut_ends
    return cut_starts[some], cut_ends[some]


def _cuts(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where sentences end inside blocks, the next begin, if that is sure, and in which block."""
    codes, kinds = text.codes, text.kinds
    stop = text.places(END)
    stop = stop[(kinds[stop - 1] & STOP) == 0]
    of_block, inside = _block_of(stop, starts, ends)
    stop = stop[inside]
    pure, after = stop + 1, stop + 1
    for _ in range(_LONGEST_RUN):
        pure = pure + ((kinds[pure] & STOP) != 0)
        after = after + ((kinds[after] & (STOP | CLOSER)) != 0)
    unknown = (kinds[after] & (STOP | CLOSER)) != 0
    blank = (kinds[after] & WHITE) != 0
    # Without a gap only after a small letter, a figure or a mark, and before a capital.
    tight = ((kinds[after] & UPPER) != 0) & ((kinds[stop - 1] & UPPER) == 0)
    may = (after < ends[of_block]) & (blank | tight | unknown)
    stop, pure, after, of_block = stop[may], pure[may], after[may], of_block[may]
    blank, tight = blank[may], tight[may]
    single = (pure == stop + 1) & (codes[stop] < 0x80)
    # As in "did well." with a quotation mark after the stop.
    quoted = single & blank & _closed(text, pure, after)
    # As in "did well.She", which is sure where "She" is a word.
    tight &= single & (pure == after) & _small_letters(text, after + 1, 1) & (codes[after] < 0x80)
    tight &= _small_letters(text, stop - 2, 2)
    sure = (blank & (pure == after)) | tight | quoted

    word = np.searchsorted(text.word_starts, stop, "right") - 1
    begin = np.where(
        blank, text.word_starts[np.minimum(word + 1, len(text.word_starts) - 1)], after
    )
    sure &= tight | ((text.doings[begin] & ASIDE) == 0)
    # Three points before a small letter are a pause.
    sure &= ~(quoted & ((kinds[begin] & LOWER) != 0))
    loud = (codes[stop] == ord("!")) | (codes[stop] == ord("?"))
    ends_one = loud | ((kinds[begin] & LOWER) == 0)
    asked = np.flatnonzero(sure & single & ~loud)
    ends_one[asked] = True
    asked = asked[~_small_letters(text, stop[asked] - _LONGER_THAN_ANY, _LONGER_THAN_ANY)]
    words = np.maximum(text.word_starts[word[asked]], starts[of_block[asked]])
    # The sentence before may have ended without a gap.
    words = np.maximum(words, np.append(0, np.where(tight, begin, 0))[asked])
    begins_block = words == starts[of_block[asked]]
    begins = begins_block | np.isin(words, begin)
    ends_one[asked], sure[asked] = _full_stops(
        text,
        zip(
            words.tolist(),
            stop[asked].tolist(),
            word[asked].tolist(),
            begins_block.tolist(),
            begins.tolist(),
            tight[asked].tolist(),
            strict=True,
        ),
    )
    cuts = ends_one | ~sure
    return after[cuts], begin[cuts], sure[cuts], of_block[cuts]


def _closed(text: PlainText, stops: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether there is one double quotation mark, and nothing else, from the one to the other."""
    straight = (ends == stops + 1) & (text.codes[stops] == ord('"'))
    curly = (ends == stops + 3) & ((text.doings[stops] & QUOTE) != 0)
    found: np.ndarray = straight | curly
    return found


def _small_letters(text: PlainText, places: np.ndarray, n: int) -> np.ndarray:
    """Whether small letters of ASCII are in so many places from each."""
    found = np.ones(len(places), bool)
    for k in range(n):
        codes = text.codes[places + k]
        found &= (codes >= ord("a")) & (codes <= ord("z"))
    return found


def _full_stops(
    text: PlainText, stops: Iterable[tuple[int, int, int, bool, bool, bool]]
) -> tuple[list[bool], list[bool]]:
    """Whether sentences end at full stops, and whether that is sure.

    Of each it is given where the word before it begins and ends, the number of that word, whether
    it surely is the first of its sentence, whether it may be, and whether no gap is after the stop.
    """
    written, known = text.written, abbreviations()
    ends_one, sure = [], []
    for start, end, n, is_first, may_be_first, tight in stops:
        word = written[start:end].decode()
        if len(word) > 1 and word.isalpha() and word.lower() not in known:
            ends_one.append(True)
            sure.append(True)
            continue
        if tight:
            ends_one.append(True)
            sure.append(False)
            continue
        last = LAST_WORD.search(word[-LOOK_BACK:])
        following = text.word(n + 1)
        next_word = NEXT_WORD.match(following)
        alone = last is not None and last.group() == word
        ends_one.append(
            word_ends_sentence(
                last.group() if last else "",
                alone and is_first,
                following[0],
                next_word[1] if next_word else "",
            )
        )
        # A number is no sentence of its own.
        sure.append(is_first or not (may_be_first and word.isdigit()))
    return ends_one, sure


def _enclosing(
    text: PlainText, starts: np.ndarray, ends: np.ndarray, stops: np.ndarray, of_block: np.ndarray
) -> np.ndarray:
    """Which blocks may have a stop, of those given, inside a quotation or brackets."""
    codes, kinds = text.codes, text.kinds
    found = np.zeros(len(starts), bool)
    asides, quotes = text.places(ASIDE), text.places(QUOTE)
    apostrophes = asides[codes[asides] == ord("'")]
    opening = ((kinds[apostrophes - 1] & WHITE) != 0) | (codes[apostrophes - 1] == ord("("))
    singles = quotes[codes[quotes] == "‘".encode()[-1]]
    found[_block_of(np.concatenate([singles, apostrophes[opening]]), starts, ends)[0]] = True
    # No other mark matters if each that opens is closed next and no stop is between them.
    for places, first, second in (
        (asides, b"(", b")"),
        (quotes, b'"', b'"'),
        (quotes, "“".encode(), "”".encode()),
    ):
        marks = places[(codes[places] == first[-1]) | (codes[places] == second[-1])]
        block, inside = _block_of(marks, starts, ends)
        marks = marks[inside]
        before = np.searchsorted(marks, starts)
        opens = (np.arange(len(marks)) - before[block]) % 2 == 0
        wrong = codes[marks] != np.where(opens, first[-1], second[-1])
        # A bracket may be the mouth of a face.
        for eyes in b":;-":
            wrong |= (codes[marks - 1] == eyes) & (first == b"(")
        found[block[wrong]] = True
        following = np.searchsorted(marks, stops)
        between = (following - before[of_block]) % 2 == 1
        if first != b"(":
            # What is quoted to the end of the block is cut as if it were not.
            between &= np.append(marks, -1)[following] + 1 != ends[of_block]
        found[of_block[between]] = True
    return found


def _may_be_headings(blocks: PlainBlocks, starts: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Which blocks may be headings, of those that have a stop or a mark inside."""
    text = blocks.lines.text
    last = text.codes[ends - 1]
    words = np.searchsorted(text.word_starts, ends) - np.searchsorted(text.word_starts, starts)
    closed = np.zeros(len(starts), bool)
    for character in ".!?;,":
        closed |= last == ord(character)
    # Marks of emphasis around it do not count as words.
    marks = (text.kinds[starts] & text.kinds[ends - 1] & LETTER) == 0
    alone = (blocks.first == blocks.last) & ~blocks.lines.marked[blocks.first]
    maybe: np.ndarray = alone & ~closed & ((words <= HEADING_WORDS) | marks)
    return maybe


def _with_letters(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if not len(starts):
        return starts, ends
    edges = np.stack([starts, ends], axis=1).ravel()
    lettered = (np.bitwise_or.reduceat(text.kinds, edges)[::2] & LETTER) != 0
    return starts[lettered], ends[lettered]


def _block_of(
    places: np.ndarray, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The blocks of those places that are in one, and which these are."""
    found = np.searchsorted(starts, places, "right") - 1
    inside = (found >= 0) & (places < ends[found])
    return found[inside], inside
