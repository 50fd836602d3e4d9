"""A Parquet file's pages in, how it can be read in bounded memory out, or a refusal.

A few bytes of a page can stand for more values, or longer ones, than any memory holds. What a page
unpacks to is looked at before it is: the footer says it too, but nothing holds a footer to it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.parquet.pages import Page, longest_value, packed_bytes, pages_of, row_groups
from leadclass.parquet.thrift import Fields
from leadclass.tables.formats import BATCH_BYTES, BATCH_ROWS
from leadclass.tables.limits import LONGEST_BATCH

#: Bytes that a row group takes at once however it is read: a page of each column, its dictionary,
#: and the values of lists, all of which may be those of one row. More of them are allowed to a file
#: that has its share of them in fact: so many bytes for each of the row group.
MOST_AT_ONCE = 1 << 27
MOST_FOR_A_BYTE = 32

#: Columns that are open at once; for each pyarrow takes some ten thousand bytes to read it, and ten
#: times as many to write it.
MOST_COLUMNS = 5_000

#: Bytes that pyarrow takes for a value beside its own, and for one of a dictionary.
_PLACE = 8
_ENTRY = 32

#: How often a dictionary is there: as a page, as what is sought in, and with a batch.
_COPIES = 3

#: Bytes that rows are given in parts of where values that the file has once are spelt out.
PART_BYTES = LONGEST_BATCH // 4

#: Bytes that a batch may have by the widths of its columns.
_WIDEST_BATCH = LONGEST_BATCH // 2

#: Encodings that share what they can, by the numbers that Parquet gives them.
_DELTA_LENGTHS, _DELTA_STRINGS = 6, 7


@dataclass(frozen=True)
class Plan:
    """How a Parquet file is to be read.

    Attributes
    ----------
    rows : int
        At once.
    folded : list of str
        The columns of text and bytes that are to be read as they are in the file: a value once and
        its places. A megabyte that ten thousand rows share would else be ten gigabytes.
    """

    rows: int
    folded: list[str]


@dataclass
class _Column:
    """A column, and what is known of its pages in all row groups."""

    path: str
    in_lists: bool
    width: int | None  # of a value, where all have the same
    foldable: bool
    spelt_out: bool  # unless it is folded
    unpacked: list[int] = field(default_factory=list)
    n_values: list[int] = field(default_factory=list)
    longest: int = 0  # of a dictionary's values
    longest_delta: int = 0  # a value may have all bytes of those before it
    encodings: set[int] = field(default_factory=set)

    @property
    def folded(self) -> bool:
        # pyarrow cannot fold these
        return self.foldable and not self.encodings & {_DELTA_LENGTHS, _DELTA_STRINGS}

    def add(self, page: Page) -> None:
        self.encodings.add(page.encoding)
        if page.is_dictionary:
            return
        if page.encoding == _DELTA_STRINGS:
            self.longest_delta = max(self.longest_delta, page.unpacked)
        self.unpacked.append(page.unpacked)
        self.n_values.append(page.n_values)

    def of_value(self) -> int:
        """Bytes of a value beyond those that stand for it alone."""
        if self.width is not None:
            return self.width
        spelt_out = self.spelt_out and not self.folded
        return _PLACE + (self.longest if spelt_out else 0)


def plan(path: str, about: pq.FileMetaData, schema: pa.Schema) -> Plan:
    """Look at every page of a file.

    Parameters
    ----------
    path : str
    about : pyarrow.parquet.FileMetaData
    schema : pyarrow.Schema

    Raises
    ------
    LeadclassError
        If a row group of it cannot be read without more memory than it may take.
    ValueError
        If the file is damaged.
    OSError
    """
    columns = _columns(about, schema)
    with Path(path).open("rb", buffering=0) as file:
        try:
            for chunks in row_groups(file, about):
                _look(file, chunks, columns, path)
        except (IndexError, KeyError, RecursionError):
            raise ValueError("what it says of its pages cannot be read") from None
    return Plan(_rows(columns, about), [column.path for column in columns if column.folded])


def _columns(about: pq.FileMetaData, schema: pa.Schema) -> list[_Column]:
    kinds = [leaf for item in schema for leaf in _leaves(item.type)]
    foldable = [_is_foldable(item.type) for item in schema for _ in _leaves(item.type)]
    columns = []
    for i in range(about.num_columns):
        leaf = about.schema.column(i)
        known = len(kinds) == about.num_columns
        of_bytes = leaf.physical_type == "BYTE_ARRAY"
        columns.append(
            _Column(
                leaf.path,
                leaf.max_repetition_level > 0,
                None if of_bytes else max(leaf.length or 0, _PLACE) + _PLACE,
                of_bytes and known and foldable[i],
                of_bytes and not (known and pa.types.is_dictionary(kinds[i])),
            )
        )
    return columns


def _leaves(kind: pa.DataType) -> list[pa.DataType]:
    """The types of the columns that a type has in the file."""
    if pa.types.is_struct(kind):
        return [leaf for i in range(kind.num_fields) for leaf in _leaves(kind.field(i).type)]
    if pa.types.is_map(kind):
        return [*_leaves(kind.key_type), *_leaves(kind.item_type)]
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return _leaves(kind.value_type)
    return [kind]


def _is_foldable(kind: pa.DataType) -> bool:
    """Whether pyarrow can fold this; inside of other types it cannot across row groups."""
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or is_view(kind)
    )


def is_view(kind: pa.DataType) -> bool:
    """Whether this is a type of views, which can be read so too and want a step more after it."""
    return pa.types.is_string_view(kind) or pa.types.is_binary_view(kind)


def _look(file: FileIO, chunks: list[Fields], columns: list[_Column], path: str) -> None:
    """Take down the pages of a row group, and refuse one that takes too much at once."""
    needed = []
    for chunk, column in zip(chunks, columns, strict=True):
        page_bytes = n_values = 0
        for page in pages_of(file, chunk):
            column.add(page)
            if page.is_dictionary:
                if column.spelt_out:
                    longest = page.unpacked
                    if not column.foldable:
                        longest = longest_value(file, page, chunk)
                    column.longest = max(column.longest, longest)
                needed.append(_COPIES * page.unpacked + _ENTRY * page.n_values)
            else:
                page_bytes = max(page_bytes, page.unpacked)
                n_values += page.n_values
        needed.append(page_bytes + column.in_lists * n_values * column.of_value())
    at_once = sum(needed)
    there = min(sum(map(packed_bytes, chunks)), os.fstat(file.fileno()).st_size)
    if at_once > max(MOST_AT_ONCE, MOST_FOR_A_BYTE * there):
        raise LeadclassError(
            f"has {there:,} bytes in a row group that unpack to {at_once:,} at once",
            file=path,
            remedy="write it with smaller pages and row groups",
        )


def _rows(columns: list[_Column], about: pq.FileMetaData) -> int:
    """How many rows fit in a batch, whichever they are."""
    groups = [about.row_group(i).total_byte_size for i in range(about.num_row_groups)]
    width = sum(groups) / max(about.num_rows, 1)
    rows = max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(width, 1))))
    flat = [column for column in columns if not column.in_lists]
    of_row = sum(column.of_value() + column.longest_delta for column in flat)
    rows = min(rows, _WIDEST_BATCH // max(of_row, 1))
    while rows > 1 and sum(_most(column, rows) for column in flat) > PART_BYTES:
        rows //= 2
    return max(rows, 1)


def _most(column: _Column, rows: int) -> int:
    """The most bytes of the pages that so many rows have as a whole.

    What they have of the pages at their two ends is there at once already.
    """
    if column.width is not None or len(column.unpacked) < 3:
        return 0
    ends = np.cumsum(column.n_values)
    sums = np.cumsum([0, *column.unpacked])
    last = np.searchsorted(ends, ends + rows - 1, side="left").clip(max=len(ends) - 1)
    first = np.arange(len(ends)) + 1
    return int((sums[np.maximum(last, first)] - sums[first]).max())
