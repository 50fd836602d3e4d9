"""The words of a page in, its lines in the order in which people read them out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from leadclass.readers.blocks import BETWEEN_CELLS
from leadclass.readers.pdf_pages import Page
from leadclass.readers.pdf_words import Segment, joined, lines_of


@dataclass(frozen=True)
class Column:
    """Lines that stand below one another, or the rows of a table.

    Attributes
    ----------
    lines : tuple of Segment
        From the top down; empty for a table.
    rows : tuple of tuple of str
        The cells of each row of a table.
    """

    lines: tuple[Segment, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


#: Two columns have at least this many lines each, and so many side by side,
_FEWEST_LINES = 3
_FEWEST_BESIDE = 2
#: with at least this many sizes of a letter between them,
_GUTTER = 0.8
#: and end where this many are empty between two lines.
_END_GAP = 3.0
#: Left edges of lines are the same if they differ by less, in points.
_EDGE_SLACK = 2.0
_ROUNDING = 0.1
#: So many left edges are tried, the commonest first, and columns in columns cut so often.
_MOST_EDGES = 40
_MOST_CUTS = 8

#: A table's first column has few words a line, a partner for most lines, few that go on in small.
_MOST_WORDS_OF_LABEL = 5
_FEWEST_PARTNERS = 0.6
_MOST_GOING_ON = 0.2
#: Cells further apart than this are cells although there is no table, in sizes of a letter.
_CELL_GAP = 2.5


def in_reading_order(page: Page) -> list[Column]:
    """The columns and tables of a page, one after the other.

    Parameters
    ----------
    page : Page

    Returns
    -------
    list of Column
    """
    return _ordered(list(page.segments), _MOST_CUTS)


@dataclass(frozen=True)
class _Cut:
    above: list[Segment]
    left: list[Segment]
    right: list[Segment]
    below: list[Segment]


def _ordered(segments: list[Segment], cuts: int) -> list[Column]:
    if not segments:
        return []
    segments = [segment for line in lines_of(segments) for segment in line]
    cut = _best_cut(segments) if cuts else None
    if cut is None:
        return [Column(tuple(_line(line) for line in lines_of(segments)))]
    rows = _beside_one_another(cut)
    if _is_table(rows.left, rows.right):
        cut = rows
        inside = [_table(cut.left + cut.right)]
    else:
        inside = _ordered(cut.left, cuts - 1) + _ordered(cut.right, cuts - 1)
    return _ordered(cut.above, cuts - 1) + inside + _ordered(cut.below, cuts - 1)


def _line(line: list[Segment]) -> Segment:
    whole = line[0]
    for segment in line[1:]:
        apart = segment.left - whole.right > _CELL_GAP * segment.size
        whole = joined([whole, segment], BETWEEN_CELLS if apart else " ")
    return whole


def _best_cut(segments: Sequence[Segment]) -> _Cut | None:
    """The two columns that take in the most lines, with what is above and below them."""
    edges: dict[int, list[float]] = defaultdict(list)
    for segment in segments:
        edges[round(segment.left / _EDGE_SLACK)].append(segment.left)
    common = sorted(edges.values(), key=len, reverse=True)[:_MOST_EDGES]
    best: _Cut | None = None
    for edge in sorted(min(lefts) for lefts in common if len(lefts) >= _FEWEST_LINES):
        cut = _longest_cut(segments, edge - _ROUNDING)
        if cut and (best is None or _taken(cut) > _taken(best)):
            best = cut
    return best


def _taken(cut: _Cut) -> int:
    return len(cut.left) + len(cut.right)


def _longest_cut(segments: Sequence[Segment], x: float) -> _Cut | None:
    """The longest run of lines with nothing across this place, and no wide gap between two."""
    best: _Cut | None = None
    for start, end in _runs(segments, x):
        cut = _cut(segments, start, end, x)
        if cut and (best is None or _taken(cut) > _taken(best)):
            best = cut
    return best


def _runs(segments: Sequence[Segment], x: float) -> Iterator[tuple[int, int]]:
    start = 0
    for i, segment in enumerate(segments):
        if segment.left < x < segment.right + _GUTTER * segment.size:
            yield start, i
            start = i + 1
        elif i > start and segments[i - 1].y - segment.y > _END_GAP * segment.size:
            yield start, i
            start = i
    yield start, len(segments)


def _cut(segments: Sequence[Segment], start: int, end: int, x: float) -> _Cut | None:
    run = segments[start:end]
    left, right = [s for s in run if s.left < x], [s for s in run if s.left >= x]
    if min(len(left), len(right)) < _FEWEST_LINES:
        return None
    # What stands alone above or below the two does not belong to them.
    foot = _end(left, right[-1].y, down=True)
    left_head = _end(left, right[0].y, down=False)
    head = _end(right, left[0].y, down=False)
    left_in = [s for s in left if foot <= s.y <= left_head]
    right_in = [s for s in right if s.y <= head]
    if not left_in or not right_in:
        return None
    top, bottom = min(left_in[0].y, right_in[0].y), max(left_in[-1].y, right_in[-1].y)
    beside = [sum(bottom <= s.y <= top for s in side) for side in (left_in, right_in)]
    if min(beside) < _FEWEST_BESIDE:
        return None
    return _Cut(
        [
            *segments[:start],
            *(s for s in left if s.y > left_head),
            *(s for s in right if s.y > head),
        ],
        left_in,
        right_in,
        [*(s for s in left if s.y < foot), *segments[end:]],
    )


def _end(side: Sequence[Segment], limit: float, *, down: bool) -> float:
    """How far a column goes on beyond the end of the other: to the first wide gap."""
    lines = list(side) if down else list(side)[::-1]
    for before, after in pairwise(lines):
        beyond = after.y < limit if down else after.y > limit
        if beyond and abs(before.y - after.y) > _END_GAP * after.size:
            return before.y
    return lines[-1].y


def _beside_one_another(cut: _Cut) -> _Cut:
    """The cut without the lines above and below that stand in one of the columns alone."""
    top = min(max(s.y + s.size / 2 for s in side) for side in (cut.left, cut.right))
    bottom = min(s.y - _END_GAP * s.size for s in cut.right)
    return _Cut(
        cut.above + [s for s in cut.left + cut.right if s.y > top],
        [s for s in cut.left if bottom <= s.y <= top],
        [s for s in cut.right if s.y <= top],
        [s for s in cut.left if s.y < bottom] + cut.below,
    )


def _is_table(left: Sequence[Segment], right: Sequence[Segment]) -> bool:
    n = max(len(left), 1)
    words = sum(len(s.text.split()) for s in left) / n
    going_on = sum(s.text[0].islower() for s in left) / n
    marked = sum(not s.text[0].isalnum() for s in left) / n
    heights = [s.y for s in right]
    partners = sum(any(abs(s.y - y) < 0.35 * s.size for y in heights) for s in left) / n
    return (
        words <= _MOST_WORDS_OF_LABEL
        and partners >= _FEWEST_PARTNERS
        and max(going_on, marked) <= _MOST_GOING_ON
    )


def _table(segments: Sequence[Segment]) -> Column:
    """Rows by their first cells; what stands below a cell goes on with it."""
    first = min(s.left for s in segments)
    rows: list[list[tuple[float, str]]] = []
    for line in lines_of(segments):
        if rows and line[0].left > first + _EDGE_SLACK + line[0].size:
            for segment in line:
                _go_on(rows[-1], segment)
        else:
            rows.append([(s.left, s.text) for s in line])
    return Column(rows=tuple(tuple(text for _, text in row) for row in rows))


def _go_on(row: list[tuple[float, str]], segment: Segment) -> None:
    nearest = min(range(len(row)), key=lambda i: abs(row[i][0] - segment.left))
    left, text = row[nearest]
    if abs(left - segment.left) <= _CELL_GAP * segment.size:
        row[nearest] = left, f"{text} {segment.text}"
    else:
        row.append((segment.left, segment.text))
