"""Bytes of a csv in, the places of its rows and cells out: many rows at a time.

Only what is written by the rules of RFC 4180 is read here: a cell with a quote in it is quoted as a
whole, and quotes inside it are doubled. Whatever else there is in the world is left to
Python's reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers

_QUOTE, _LINE_FEED, _RETURN = b'"\n\r'


@dataclass(frozen=True, eq=False)
class Scanned:
    """The rows of some bytes.

    Attributes
    ----------
    data : bytes
        In UTF-8.
    bounds : ndarray of int, shape (n_rows, n_columns + 1)
        Where each cell begins; the last is where the row ends, plus one. Between two cells is
        one delimiter.
    taken : int
        How many of the bytes these rows are, line ends included.
    """

    data: bytes
    bounds: np.ndarray
    taken: int

    def parts(self, n_rows: int) -> Iterator[Scanned]:
        """The same, so many rows at a time; the last part is there if it has none."""
        ends = range(n_rows, len(self.bounds), n_rows)
        for end in ends:
            yield Scanned(self.data, self.bounds[end - n_rows : end], int(self.bounds[end, 0]))
        yield Scanned(self.data, self.bounds[len(ends) * n_rows :], self.taken)

    def lines(self) -> pa.StringArray:
        """The rows as they stand, without line ends."""
        return _slices(self.data, self.bounds[:, 0], self.bounds[:, -1] - 1)

    def cells(self, column: int) -> pa.StringArray:
        """The cells of one column, unquoted."""
        starts, ends = self.bounds[:, column], self.bounds[:, column + 1] - 1
        data = np.frombuffer(self.data, np.uint8)
        # An empty cell at the very end has no first byte to look at.
        quoted = (ends > starts) & (data[np.minimum(starts, len(data) - 1)] == _QUOTE)
        cells = _slices(self.data, starts + quoted, ends - quoted)
        doubled = pc.match_substring(cells, '"')
        if not pc.any(doubled).as_py():
            return cells
        return pc.replace_with_mask(
            cells, doubled, pc.replace_substring(cells.filter(doubled), '""', '"')
        )


def scan(data: bytes, delimiter: bytes, n_columns: int | None = None) -> Scanned | None:
    """Find the rows that end within some bytes.

    Parameters
    ----------
    data : bytes
        From the beginning of a row on.
    delimiter : bytes
        One byte.
    n_columns : int, optional
        How many cells each row must have; by default as many as the first.

    Returns
    -------
    Scanned or None
        None where the bytes keep other rules, or a row has another number of cells.
    """
    raw = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero((raw == _LINE_FEED) | (raw == _RETURN))
    places = np.flatnonzero(raw == ord(delimiter))
    if _QUOTE in data:
        quotes = np.flatnonzero(raw == _QUOTE)
        if not _quotes_whole_cells(raw, quotes, ord(delimiter)):
            return None
        marks, places = (found[_is_outside(found, quotes)] for found in (marks, places))
    # A line feed after a carriage return ends no other row.
    second = (raw[marks] == _LINE_FEED) & (marks > 0) & (raw[marks - 1] == _RETURN)
    ends = marks[~second]
    after = marks[~np.append(second[1:], False)[: len(marks)]] + 1
    starts = np.append(0, after)[: len(ends)]
    taken = int(after[-1]) if len(after) else 0
    places = places[: np.searchsorted(places, taken)]
    if n_columns is None:
        n_columns = int(np.searchsorted(places, ends[0])) + 1 if len(ends) else 1
    if n_columns > 1:
        # An empty line between rows or at the end is no row.
        full = ends > starts
        starts, ends = starts[full], ends[full]
    if len(places) != len(ends) * (n_columns - 1):
        return None
    inner = places.reshape(len(ends), n_columns - 1)
    if n_columns > 1 and ((inner[:, 0] < starts) | (inner[:, -1] > ends)).any():
        return None
    return Scanned(data, np.column_stack([starts, inner + 1, ends + 1]), taken)


def _is_outside(places: np.ndarray, quotes: np.ndarray) -> np.ndarray:
    """Whether each place is in no quoted cell: an even number of quotes is before it."""
    return np.searchsorted(quotes, places) % 2 == 0


def _quotes_whole_cells(raw: np.ndarray, quotes: np.ndarray, delimiter: int) -> bool:
    """Whether every quote opens a cell, closes it, or is doubled inside it."""
    opening, closing = quotes[::2], quotes[1::2]
    before, after = raw[opening[opening > 0] - 1], raw[closing[closing < len(raw) - 1] + 1]
    edges = np.array([delimiter, _LINE_FEED, _RETURN, _QUOTE], np.uint8)
    return bool(np.isin(before, edges).all() and np.isin(after, edges).all())


def _slices(data: bytes, starts: np.ndarray, ends: np.ndarray) -> pa.StringArray:
    """The bytes between these places as strings."""
    bounds = np.empty(2 * len(starts), np.int32)
    bounds[::2], bounds[1::2] = starts, ends
    both = pa.StringArray.from_buffers(
        max(len(bounds) - 1, 0), pa.py_buffer(bounds), pa.py_buffer(data)
    )
    # Every other string is what lies between two.
    return both.take(as_numbers(np.arange(0, len(both), 2)))
