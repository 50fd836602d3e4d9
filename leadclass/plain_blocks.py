"""A plain text in, its blocks out: `leadclass.blocks.find_blocks` for a whole column at once.

Lengths, stops and first letters say of nearly every line whether it goes on with the one before;
where they do not, `continues` does.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.blocks import (
    JOINTS,
    NARROWEST_WRAP,
    STOPS,
    UNFINISHED,
    WIDEST_WRAP,
    WRAP_SLACK,
    continues,
    is_heading,
)
from leadclass.plain_lines import PlainLines, plain_lines
from leadclass.plain_text import COLON, LOWER, STOP, WHITE, PlainText, among, holders, width_of

#: The last letters of words after which a line goes on.
_UNFINISHED_ENDS = "".join({word[-1] for word in UNFINISHED})
_LONGEST_UNFINISHED = max(map(len, UNFINISHED))
#: No line that was wrapped has room for more bytes of a word.
_WIDEST_WORD = 4 * (WIDEST_WRAP + WRAP_SLACK)
#: The bit that makes a letter a small one.
_SMALL = 0x20


@dataclass(frozen=True)
class PlainBlocks:
    """The blocks of a plain text; ``first[i]`` to ``last[i]`` are the lines of block ``i``."""

    lines: PlainLines
    first: np.ndarray
    last: np.ndarray

    def is_heading(self, n: int) -> bool:
        """Whether a block is a heading."""
        lines, first = self.lines, int(self.first[n])
        if lines.titled[first] or self.last[n] > first:
            return bool(lines.titled[first])
        below = first + 1
        there = below < len(lines.start) and lines.row_of[below] == lines.row_of[first]
        return is_heading(lines.line(first), [lines.line(below)] if there else [])


def plain_blocks(text: PlainText) -> PlainBlocks:
    """Put the lines of a plain text together to blocks.

    Parameters
    ----------
    text : PlainText

    Returns
    -------
    PlainBlocks
        Of texts that are not strange.
    """
    lines = plain_lines(text)
    first = np.flatnonzero(_begins(lines))
    return PlainBlocks(lines, first, np.append(first[1:], len(lines.start))[: len(first)] - 1)


def _begins(lines: PlainLines) -> np.ndarray:
    """Whether each line begins a block, shape (n_lines,)."""
    if not len(lines.start):
        return np.zeros(0, bool)
    text = lines.text
    small = text.are(LOWER, lines.start)
    last = text.codes[lines.end - 1]
    ends = text.are(STOP, lines.end - 1)
    stops = ends | among(last, STOPS)
    regions = lines.spaced.copy()
    regions[1:] |= lines.quoted[1:] != lines.quoted[:-1]

    # The widths to which regions, and texts, were wrapped: `_wrap_width` of leadclass.blocks.
    # Of each line it is said what it and the next tell.
    tells = np.zeros(len(small), bool)
    tells[:-1] = ~(lines.spaced | lines.marked | lines.row)[1:] & ~lines.row[:-1] & small[1:]
    stopped = stops | (small & ~lines.marked)
    fits = (lines.length >= NARROWEST_WRAP) & (lines.length <= WIDEST_WRAP)
    wrapped, loose = tells & ~stopped & fits, tells & stopped & ends
    width = _widths(lines.length, wrapped, loose, np.diff(lines.row_of, prepend=-1) > 0)
    inside = ~np.append(regions[1:], True)
    own = _widths(lines.length, wrapped & inside, loose & inside, regions)
    width = np.where(own > 0, own, width)

    # Whether each line but the first goes on: surely not, surely, or else to be asked.
    before, after = slice(None, -1), slice(1, None)
    alone = lines.titled | lines.row
    never = regions[after] | lines.marked[after] | alone[after] | alone[before]
    one = lines.end - lines.start == width_of(text.codes[lines.start])
    never |= (lines.capitals[before] != lines.capitals[after]) & ~one[after]
    colons = text.places(COLON)
    colons = colons[text.are(WHITE, colons + 1)]
    labelled = np.zeros(len(small), bool)
    labelled[holders(colons, lines.start, lines.end)[0]] = True
    sure = small[after] | ~labelled[after]
    full = _full(lines, width)
    follows = ~never & sure & full & (small[after] | (last[before] != ord(":")))
    apart = stops[before] | (~small[after] & (lines.indent[after] == 0) & ~_joints(lines)[before])
    never |= np.where(full, sure & ~follows, apart)
    begins = np.append(True, ~follows)
    asked = np.flatnonzero(~never & ~follows) + 1
    if len(asked):
        _ask(lines, width, begins, asked)
    return begins


def _full(lines: PlainLines, width: np.ndarray) -> np.ndarray:
    """Whether each line but the last had no room for the first word of the next."""
    full = np.zeros(len(width) - 1, bool)
    some = np.flatnonzero((width[1:] > 0) & (lines.length[:-1] <= width[1:] + WRAP_SLACK))
    if len(some):
        text = lines.text
        start = text.word_starts(lines.start[some + 1])
        end = np.minimum(start + text.word_sizes(start, _WIDEST_WORD), lines.end[some + 1])
        first_word = text.characters(end) - text.characters(start)
        full[some] = lines.length[some] + 1 + first_word > width[some + 1]
    return full


def _joints(lines: PlainLines) -> np.ndarray:
    """Which lines may end with a mark or a word after which they go on."""
    text = lines.text
    last = text.codes[lines.end - 1]
    joints = (last >= 0x80) | among(last, JOINTS)
    some = np.flatnonzero(among(last | _SMALL, _UNFINISHED_ENDS))
    short = lines.end[some] - lines.start[some] <= _LONGEST_UNFINISHED
    for n in range(2, _LONGEST_UNFINISHED + 2):
        short |= text.are(WHITE, lines.end[some] - n)
    joints[some[short]] = True
    return joints


def _ask(lines: PlainLines, width: np.ndarray, begins: np.ndarray, asked: np.ndarray) -> None:
    """Say of some lines, one by one, whether they begin a block."""
    begins[asked] = False
    surely = np.maximum.accumulate(np.where(begins, np.arange(len(begins)), 0))
    begun = 0  # the last of those asked that begins a block
    for n in asked.tolist():
        first = max(int(surely[n]), begun)
        if not continues(
            lines.line(first), lines.line(n - 1), lines.line(n), int(width[n]) or None
        ):
            begins[n] = True
            begun = n


def _widths(
    length: np.ndarray, wrapped: np.ndarray, loose: np.ndarray, begins: np.ndarray
) -> np.ndarray:
    """The width of the part that each line is of; 0 if each stands for itself."""
    if not wrapped.any():
        return np.zeros(len(length), np.int64)
    where = np.flatnonzero(begins)
    sizes = np.diff(where, append=len(length))
    width = np.maximum.reduceat(np.where(wrapped, length, 0), where)
    longer = loose.astype(np.int64) + (length > np.repeat(width, sizes) + WRAP_SLACK)
    more = np.add.reduceat(wrapped.astype(np.int64), where) > np.add.reduceat(longer, where)
    return np.repeat(np.where(more, width, 0), sizes)
