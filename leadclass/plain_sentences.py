"""Blocks of a plain text in, the places of their statements out, but of blocks that are not plain.

A block is cut here if every stop in it that may end a sentence is one of which that is sure:
`leadclass.sentences.cut_sentences` would cut there, or would not, whatever else the block holds.
Any other block is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.blocks import HEADING_WORDS
from leadclass.plain_lines import PlainBlocks
from leadclass.plain_text import (
    ASIDE,
    CLOSER,
    LETTER,
    LIST_MARK,
    LOWER,
    OPENING,
    STOP,
    UPPER,
    WHITE,
    PlainText,
)
from leadclass.sentences import MARKS_OF_A_LIST, abbreviations

#: A run of stops and closing marks that is longer is left to the thorough way.
_LONGEST_RUN = 6


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

    # Blocks with marks of lists, or with something that encloses around a stop.
    cut = np.zeros(len(starts), bool)
    cut[of_block] = True
    left = np.zeros(len(starts), bool)
    left[of_block[~sure]] = True
    opening = np.flatnonzero(text.doings & OPENING)
    apostrophes = np.flatnonzero(text.codes == ord("'"))
    apostrophes = apostrophes[(text.kinds[apostrophes - 1] & WHITE) != 0]
    left[_block_of(np.concatenate([opening, apostrophes]), starts, ends)[0]] = True
    left &= cut
    marks = _block_of(np.flatnonzero(text.doings & LIST_MARK), starts, ends)[0]
    listed = (np.bincount(marks, minlength=len(starts)) >= MARKS_OF_A_LIST) & ~whole
    left |= listed
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
    where = np.flatnonzero(left)
    return PlainSentences(*_with_letters(text, found_starts, found_ends), where, whole[where])


def _cuts(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Where sentences end inside blocks, the next begin, if that is sure, and in which block."""
    codes, kinds = text.codes, text.kinds
    stop = np.flatnonzero(kinds & STOP)
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
    capital = ((kinds[after] & UPPER) != 0) & ((kinds[stop - 1] & UPPER) == 0)
    may = (after < ends[of_block]) & (blank | capital | unknown)
    stop, pure, after, of_block = stop[may], pure[may], after[may], of_block[may]
    sure = blank[may] & (pure == after)

    # Of a block that ends later, a word comes after.
    word = np.minimum(np.searchsorted(text.word_starts, after), len(text.word_starts) - 1)
    begin = text.word_starts[word]
    sure &= (text.doings[begin] & ASIDE) == 0
    small = (kinds[begin] & LOWER) != 0
    first = codes[stop]
    single = (first == ord(".")) & (after == stop + 1)
    softly = ~_is_loud(first)
    asked = np.flatnonzero(sure & single)
    words = np.maximum(text.word_starts[word[asked] - 1], starts[of_block[asked]])
    sure[asked] = _end_sentences(text, words, stop[asked])
    # Three points before a small letter are a pause.
    cuts = ~(sure & ~single & softly & small)
    return after[cuts], begin[cuts], sure[cuts], of_block[cuts]


def _is_loud(codes: np.ndarray) -> np.ndarray:
    found: np.ndarray = (codes == ord("!")) | (codes == ord("?"))
    return found


def _end_sentences(text: PlainText, starts: np.ndarray, ends: np.ndarray) -> list[bool]:
    """Whether a full stop after each word surely ends a sentence."""
    written, known = text.written, abbreviations()
    words = [written[s:e].decode() for s, e in zip(starts.tolist(), ends.tolist(), strict=True)]
    return [len(w) > 1 and w.isalpha() and w.lower() not in known for w in words]


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
