"""A plain text in, its lines out: those of `leadclass.blocks` for a whole column at once.

Every line is one row of arrays. What a line looks like is known from its beginning and from the
flags of its characters; a line that begins or looks otherwise is read by `read_line`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.blocks import Line, read_line, strip
from leadclass.plain_text import (
    BREAK,
    BULLET,
    CELL,
    HIDDEN,
    LETTER,
    LOWER,
    PLAIN,
    UPPER,
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


def plain_lines(text: PlainText) -> PlainLines:
    """Read the lines of a plain text.

    Parameters
    ----------
    text : PlainText

    Returns
    -------
    PlainLines
        Those with a letter, of texts that are not strange.
    """
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
