"""Blocks of a plain text in, the places of their statements out, but of blocks that are not plain.

A block is cut here if every stop in it that may end a sentence is one of which that is sure:
`leadclass.sentences.cut_sentences` would cut there, or would not, whatever else the block holds.
Any other block is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.blocks import CLOSED
from leadclass.plain_blocks import PlainBlocks
from leadclass.plain_stops import ask_of, enclosing, find_stops
from leadclass.plain_text import (
    COLON,
    HIDDEN,
    LETTER,
    LIST_MARK,
    WHITE,
    PlainText,
    among,
    holders,
    width_of,
)
from leadclass.sentences import MARKS_OF_A_LIST

#: In the first so many bytes of nearly every statement a letter is.
_LETTERS_LOOKED_AT = 4


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
    stops = find_stops(text, starts, ends)
    cut = np.zeros(len(starts), bool)
    cut[stops.block] = True
    marks = holders(text.places(LIST_MARK), starts, ends)[0]
    listed = np.bincount(marks, minlength=len(starts)) >= MARKS_OF_A_LIST
    # Headings are not cut, and what may be one is.
    for n in _may_be_headings(blocks, np.flatnonzero((cut | listed) & ~whole)).tolist():
        whole[n] = blocks.is_heading(n)
    stops = ask_of(text, starts, ends, stops.some(~whole[stops.block]))
    left = enclosing(text, starts, ends, stops)
    # Blanks, and what is not seen, that only the thorough way leaves out.
    left |= text.are(WHITE, starts) | text.are(WHITE, ends - 1)
    left[holders(text.places(HIDDEN), starts, ends)[0]] = True
    stops = stops.some(~left[stops.block])

    # The parts of a block are disjoint and in order, so starts and ends can be sorted apart.
    found_starts = np.sort(np.concatenate([starts[~left], stops.begin]))
    found_ends = np.sort(np.concatenate([ends[~left], stops.end]))
    if (listed & ~whole).any():
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
    of_mark, inside = holders(marks, starts, ends)
    listed = (np.bincount(of_mark, minlength=len(starts)) >= MARKS_OF_A_LIST) & ~whole
    marks, of_mark = marks[inside][listed[of_mark]], of_mark[listed[of_mark]]
    if not len(marks):
        return starts, ends
    first = np.flatnonzero(np.diff(of_mark, prepend=-1))
    colons = text.places(COLON)
    colons = colons[text.are(WHITE, colons + 1)]
    of_colon, inside = holders(colons, starts[of_mark[first]], marks[first])
    leads = colons[inside][np.flatnonzero(np.diff(of_colon, prepend=-1))] + 1
    part_starts = [starts[listed], marks + width_of(text.codes[marks]), leads]
    part_ends = [ends[listed], marks, leads]
    # Without the white space around them.
    begins = text.word_starts(np.sort(np.concatenate(part_starts)))
    stops = text.word_ends(np.sort(np.concatenate(part_ends)))
    some = begins < stops
    return (
        np.sort(np.concatenate([starts[~listed], begins[some]])),
        np.sort(np.concatenate([ends[~listed], stops[some]])),
    )


def _may_be_headings(blocks: PlainBlocks, some: np.ndarray) -> np.ndarray:
    """Those of some blocks that may be headings: of one line that names what is below it."""
    lines, text = blocks.lines, blocks.lines.text
    some = some[blocks.first[some] == blocks.last[some]]
    line = blocks.first[some]
    below = np.minimum(line + 1, len(lines.start) - 1)
    parted = lines.marked[below] | (lines.spaced[line] & lines.spaced[below])
    parted &= (below > line) & (lines.row_of[below] == lines.row_of[line])
    last = lines.end[line] - 1
    # There may be a colon before marks of emphasis.
    named = parted | lines.capitals[line] | ~text.are(LETTER, last)
    found: np.ndarray = some[named & ~lines.marked[line] & ~among(text.codes[last], CLOSED)]
    return found


def _with_letters(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    lettered = text.are(LETTER, starts)
    for n in range(1, _LETTERS_LOOKED_AT):
        lettered |= text.are(LETTER, np.minimum(starts + n, ends - 1))
    for n in np.flatnonzero(~lettered).tolist():
        lettered[n] = text.are(LETTER, slice(starts[n], ends[n])).any()
    return starts[lettered], ends[lettered]
