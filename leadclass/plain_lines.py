"""A plain text in, its blocks out: `leadclass.blocks.find_blocks` for a whole column at once.

Every line is one row of arrays. What a line looks like is known from its first and last word and
from the flags of its characters; a line that begins or looks otherwise is read by `read_line`. The
same of two lines: where lengths and stops do not say whether the second goes on with the first,
`continues` does. So the rules are those of `leadclass.blocks`, and what is here are only those of
their answers that are sure.
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
    Line,
    continues,
    is_heading,
    read_line,
    strip,
)
from leadclass.plain_text import (
    BREAK,
    BULLET,
    CELL,
    COLON,
    HIDDEN,
    LETTER,
    LOWER,
    PLAIN,
    STOP,
    UPPER,
    WHITE,
    PlainText,
    among,
    holders,
    width_of,
)

#: The longest numbering by letters, as "(xvii)", has this many characters.
_LONGEST_NUMBERING = 6
#: The longest mark of a list that is surely one, as a bullet or "12.", has this many bytes.
_LONGEST_MARK = 3
#: So many blanks in a row may part cells.
_BLANKS_OF_A_ROW = 3
_FIRST_LETTER = "A"
#: The last letters of words after which a line goes on.
_UNFINISHED_ENDS = "".join({word[-1] for word in UNFINISHED})
_LONGEST_UNFINISHED = max(map(len, UNFINISHED))
#: No line that was wrapped has room for more bytes of a word.
_WIDEST_WORD = 4 * (WIDEST_WRAP + WRAP_SLACK)
#: The bit that makes a letter a small one.
_SMALL = 0x20


@dataclass
class PlainLines:
    """The lines of a plain text, as arrays with an element a line.

    They are those of `leadclass.blocks.Line`, but that places are bytes of the plain text.
    """

    text: PlainText
    row_of: np.ndarray
    """The text that it is of."""
    start: np.ndarray
    end: np.ndarray
    length: np.ndarray
    indent: np.ndarray
    quoted: np.ndarray
    marked: np.ndarray
    titled: np.ndarray
    row: np.ndarray
    spaced: np.ndarray
    capitals: np.ndarray
    """Whether its words are all in capitals."""

    def line(self, n: int) -> Line:
        """The same as an object."""
        start, end = int(self.start[n]), int(self.end[n])
        return Line(
            start,
            end,
            self.text.decode(start, end),
            int(self.length[n]),
            int(self.indent[n]),
            int(self.quoted[n]),
            bool(self.marked[n]),
            bool(self.titled[n]),
            bool(self.row[n]),
            bool(self.spaced[n]),
        )


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
    lines = _read_lines(text)
    first = np.flatnonzero(_begins(lines))
    return PlainBlocks(lines, first, np.append(first[1:], len(lines.start))[: len(first)] - 1)


def _read_lines(text: PlainText) -> PlainLines:
    breaks = text.places(BREAK)
    begins = text.word_starts(breaks)
    # A line is what is between two line breaks, if there is a word.
    opened = np.flatnonzero(begins[:-1] < breaks[1:])
    start = begins[opened]
    row_of = np.searchsorted(text.bounds, start, "right") - 1
    flags = np.bitwise_or.reduceat(text.kinds, start) if len(start) else text.kinds[:0]
    kept = ((flags & LETTER) != 0) & ~text.strange_texts()[row_of]
    opened, start, row_of, flags = opened[kept], start[kept], row_of[kept], flags[kept]

    whole, end = breaks[opened] + 1, text.word_ends(breaks[opened + 1])
    begins_text = np.diff(row_of, prepend=-1) > 0
    marked, odd = _beginnings(text, start)
    words = start.copy()
    words[marked] = text.word_starts(start[marked] + text.word_sizes(start[marked], _LONGEST_MARK))
    gap_starts, gap_ends = text.gaps
    wide = gap_starts[gap_ends - gap_starts >= _BLANKS_OF_A_ROW]
    for places in (text.places(CELL), wide):
        odd[holders(places, words, end)[0]] = True
    hidden = text.places(HIDDEN)
    for edge in (start, end - 1):
        odd[holders(hidden, edge, edge + 1)[0]] = True

    no = np.zeros(len(start), bool)
    written_whole = text.characters(whole)
    lines = PlainLines(
        text=text,
        row_of=row_of,
        start=words,
        end=end,
        length=text.characters(end) - written_whole,
        indent=text.characters(start) - written_whole,
        quoted=np.zeros(len(start), np.int64),
        marked=marked,
        titled=no,
        row=no.copy(),
        spaced=begins_text | (np.diff(opened, prepend=0) > 1),
        capitals=(flags & (LOWER | UPPER)) == UPPER,
    )
    return _read_odd(lines, whole, np.flatnonzero(odd)) if odd.any() else lines


def _beginnings(text: PlainText, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Whether lines, of which the starts are given, surely begin with a mark, and what is not sure.

    The mark is one of a list, and is followed by white space.
    """
    first, second, third = (text.codes[start + n] for n in range(3))
    size = text.word_sizes(start, _LONGEST_NUMBERING + 1)
    last = text.codes[start + size - 1]
    bullet = text.are(BULLET, start) & (size == width_of(first))
    figures = [(code >= ord("0")) & (code <= ord("9")) for code in (first, second)]
    number = figures[0] & among(last, ".)") & ((size == 2) | (size == 3) & figures[1])
    # "12 days", but not "1.2" or "1.Plans".
    amount = figures[0] & (second < 0x80) & (third < 0x80)
    amount &= ~among(second, ".)") & ~among(third, ".)")
    lettered = text.are(LETTER, start) | ((text.doings(start) & PLAIN) != 0)
    lettered &= ~(among(last, ".)]") & (size <= _LONGEST_NUMBERING))
    lettered &= ~((first == ord("(")) & figures[1]) & ((size > 1) | ~among(first, "o["))
    strong = (first == ord("*")) & (second == ord("*"))
    return bullet | number, ~(bullet | number | amount | lettered | strong)


def _read_odd(lines: PlainLines, whole: np.ndarray, odd: np.ndarray) -> PlainLines:
    """Read some lines, that begin where it is said, one by one."""
    found, nothing = [], []
    letter, row_before = _FIRST_LETTER, -1
    places = (odd, lines.row_of[odd], whole[odd], lines.end[odd])
    for n, row_of, begin, end in zip(*(p.tolist() for p in places), strict=True):
        if row_of != row_before:
            letter, row_before = _FIRST_LETTER, row_of
        written = lines.text.decode(begin, end)
        line, letter = read_line(written, 0, *strip(written, 0, len(written)), letter)
        if line is None:
            nothing.append(n)
            continue
        edges = (line.start, line.end)
        if not written.isascii():
            edges = (len(written[: line.start].encode()), len(written[: line.end].encode()))
        looks = (line.length, line.indent, line.quoted, line.marked, line.titled, line.row)
        found.append((n, begin + edges[0], begin + edges[1], *looks, line.words.isupper()))
    if found:
        numbers, *columns = np.array(found).T
        names = "start end length indent quoted marked titled row capitals".split()
        for name, column in zip(names, columns, strict=True):
            getattr(lines, name)[numbers] = column
    if not nothing:
        return lines
    kept = np.delete(np.arange(len(lines.start)), nothing)
    arrays = {name: a[kept] for name, a in vars(lines).items() if isinstance(a, np.ndarray)}
    lines = PlainLines(text=lines.text, **arrays)
    lines.spaced |= np.diff(lines.row_of, prepend=-1) > 0
    return lines


def _begins(lines: PlainLines) -> np.ndarray:
    """Whether each line begins a block, shape (n_lines,)."""
    if not len(lines.start):
        return np.zeros(0, bool)
    text = lines.text
    small = (text.kinds[lines.start] & LOWER) != 0
    last = text.codes[lines.end - 1]
    ends = (text.kinds[lines.end - 1] & STOP) != 0
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
        end = start + text.word_sizes(start, _WIDEST_WORD)
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
    where = np.flatnonzero(begins)
    sizes = np.diff(where, append=len(length))
    width = np.maximum.reduceat(np.where(wrapped, length, 0), where)
    longer = loose.astype(np.int64) + (length > np.repeat(width, sizes) + WRAP_SLACK)
    more = np.add.reduceat(wrapped.astype(np.int64), where) > np.add.reduceat(longer, where)
    return np.repeat(np.where(more, width, 0), sizes)
