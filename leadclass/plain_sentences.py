"""Blocks of a plain text in, the places of their statements out, but of blocks that are not plain.

A block is cut here if every stop in it that may end a sentence is one of which that is sure:
`leadclass.sentences.cut_sentences` would cut there, or would not, whatever else the block holds.
Any other block is left to it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.blocks import CLOSED, HEADING_WORDS
from leadclass.plain_lines import PlainBlocks
from leadclass.plain_stops import enclosing, sentence_stops
from leadclass.plain_text import (
    ASIDE,
    LETTER,
    LIST_MARK,
    WHITE,
    PlainText,
    among,
    holders,
    width_of,
)
from leadclass.sentences import MARKS_OF_A_LIST


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
    stops, nexts, sure, of_block = sentence_stops(text, starts, ends)
    kept = ~whole[of_block]
    stops, nexts, sure, of_block = stops[kept], nexts[kept], sure[kept], of_block[kept]
    cut = np.zeros(len(starts), bool)
    cut[of_block] = True
    left = np.zeros(len(starts), bool)
    left[of_block[~sure]] = True
    left |= cut & enclosing(text, starts, ends, stops, of_block)
    marks = holders(text.places(LIST_MARK), starts, ends)[0]
    listed = (np.bincount(marks, minlength=len(starts)) >= MARKS_OF_A_LIST) & ~whole
    # Headings are not cut, and what may be one is.
    for n in _may_be_headings(blocks, np.flatnonzero((cut | listed) & ~whole)).tolist():
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
    of_mark, inside = holders(marks, starts, ends)
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
    of_colon, inside = holders(colons, starts, until)
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


def _may_be_headings(blocks: PlainBlocks, some: np.ndarray) -> np.ndarray:
    """Those of some blocks, which have stops or marks inside, that may be headings."""
    lines, text = blocks.lines, blocks.lines.text
    some = some[(blocks.first[some] == blocks.last[some])]
    some = some[~lines.marked[blocks.first[some]]]
    starts, ends = lines.start[blocks.first[some]], lines.end[blocks.first[some]]
    words = np.searchsorted(text.word_starts, ends) - np.searchsorted(text.word_starts, starts)
    # Marks of emphasis around it do not count as words.
    marks = (text.kinds[starts] & text.kinds[ends - 1] & LETTER) == 0
    closed = among(text.codes[ends - 1], CLOSED)
    return some[~closed & ((words <= HEADING_WORDS) | marks)]


def _with_letters(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if not len(starts):
        return starts, ends
    edges = np.stack([starts, ends], axis=1).ravel()
    lettered = (np.bitwise_or.reduceat(text.kinds, edges)[::2] & LETTER) != 0
    return starts[lettered], ends[lettered]
