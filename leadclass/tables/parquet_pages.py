"""A Parquet file's pages in, how it can be read in bounded memory out, or a refusal.

A few bytes of a page can stand for more values, or longer ones, than any memory holds. What a page
unpacks to is looked at before it is: the footer says it too, but nothing holds a footer to it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.tables.formats import BATCH_BYTES, BATCH_ROWS
from leadclass.tables.limits import LONGEST_BATCH
from leadclass.tables.thrift import INT32, INT64, LIST, STRUCT, Fields, Wanted, read_struct

#: Bytes that a row group takes at once however it is read: a page of each column, its dictionary,
#: and the values of lists, all of which may be those of one row. More of them are allowed to a file
#: that has its share of them in fact: so many bytes for each of the row group.
MOST_AT_ONCE = 1 << 27
MOST_FOR_A_BYTE = 32

#: Bytes of a footer, of which pyarrow makes twenty times as many; it has some 150 for each column
#: of each row group.
MOST_FOOTER = 1 << 24

#: Columns that are open at once; for each pyarrow takes some ten thousand bytes to read it, and ten
#: times as many to write it.
MOST_COLUMNS = 5_000

#: Bytes that are read for the head of a page, most of which have fewer; and the most of them.
_HEAD = 256
_LONGEST_HEAD = 1 << 24

#: Bytes after a column that old writers forgot to count.
_UNCOUNTED = 100

#: Bytes that pyarrow takes for a value beside its own, and for one of a dictionary.
_PLACE = 8
_ENTRY = 32

#: How often a dictionary is there: as a page, as what is sought in, and with a batch.
_COPIES = 3

#: Bytes of a dictionary within which its values are looked at one by one: all of less are short,
#: and more have none that is written in the usual way.
_SHORT, _LONG = 1 << 10, 1 << 22

#: How pages may be packed, by the numbers that Parquet gives them; nothing is for not at all.
_CODECS = {0: "", 1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}

#: Bytes that rows are given in parts of where values that the file has once are spelt out.
PART_BYTES = LONGEST_BATCH // 4

#: Bytes that a batch may have by the widths of its columns.
_WIDEST_BATCH = LONGEST_BATCH // 2

#: Encodings that share what they can, by the numbers that Parquet gives them.
_DELTA_LENGTHS, _DELTA_STRINGS = 6, 7

#: Kinds of pages, and the field that tells of each.
_DATA, _DICTIONARY_PAGE, _DATA_2 = 0, 2, 3
_ABOUT_KIND = {_DATA: 5, _DICTIONARY_PAGE: 7, _DATA_2: 8}

#: Fields of the footer: its row groups, their columns, and of those what is said of the values.
_GROUPS, _CHUNKS, _ABOUT = 4, 1, 3
_CODEC, _VALUES, _PACKED, _FIRST, _DICTIONARY = 4, 5, 7, 9, 11
_CHUNK: Wanted = {
    _CODEC: (INT32, {}),
    **{number: (INT64, {}) for number in (_VALUES, _PACKED, _FIRST, _DICTIONARY)},
}
_FOOTER: Wanted = {_GROUPS: (LIST, {_CHUNKS: (LIST, {_ABOUT: (STRUCT, _CHUNK)})})}

#: Fields of the head of a page, and of what tells of its kind.
_KIND, _PAGE_UNPACKED, _PAGE_PACKED = 1, 2, 3
_PAGE_VALUES, _ENCODING, _ENCODING_2 = 1, 2, 4
_NUMBERS: Wanted = {n: (INT32, {}) for n in (_PAGE_VALUES, _ENCODING, _ENCODING_2)}
_HEADER: Wanted = {
    **{number: (INT32, {}) for number in (_KIND, _PAGE_UNPACKED, _PAGE_PACKED)},
    **dict.fromkeys(_ABOUT_KIND.values(), (STRUCT, _NUMBERS)),
}


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


@dataclass(frozen=True)
class _Page:
    kind: int
    unpacked: int
    n_values: int
    encoding: int
    begins: int  # in the file, after its head
    packed: int


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

    def add(self, page: _Page) -> None:
        self.encodings.add(page.encoding)
        if page.kind == _DICTIONARY_PAGE:
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
            for chunks in _groups(file.fileno(), about):
                _look(file.fileno(), chunks, columns, path)
        except (IndexError, KeyError, RecursionError):
            raise ValueError("what it says of its pages cannot be read") from None
    return Plan(_rows(columns, about), [column.path for column in columns if column.folded])


def check_footer(path: str) -> None:
    """Refuse a file that says more of itself than is to be held in memory.

    Raises
    ------
    LeadclassError
    OSError
    """
    with Path(path).open("rb", buffering=0) as file:
        size = min(_footer_bytes(file.fileno()), os.fstat(file.fileno()).st_size)
    if size > MOST_FOOTER:
        raise LeadclassError(
            f"has {size:,} bytes that tell of its parts, more than {MOST_FOOTER:,}",
            file=path,
            remedy="write it with larger row groups, or fewer columns",
        )


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


def _groups(file: int, about: pq.FileMetaData) -> Iterator[list[Fields]]:
    """What the footer says of the columns of each row group.

    pyarrow says it too, but to ask it for a damaged one can end the process.
    """
    length = _footer_bytes(file)
    data = os.pread(file, length, os.fstat(file).st_size - 8 - length)
    groups = read_struct(data, 0, _FOOTER)[0].get(_GROUPS, [])
    if len(groups) != about.num_row_groups:
        raise ValueError("its row groups cannot be counted")
    for group in groups:
        chunks = group[_CHUNKS]
        if len(chunks) != about.num_columns:
            raise ValueError("a row group has other columns than the table")
        yield [chunk[_ABOUT] for chunk in chunks]


def _footer_bytes(file: int) -> int:
    return int.from_bytes(os.pread(file, 4, max(os.fstat(file).st_size - 8, 0)), "little")


def _look(file: int, chunks: list[Fields], columns: list[_Column], path: str) -> None:
    """Take down the pages of a row group, and refuse one that takes too much at once."""
    needed = []
    for chunk, column in zip(chunks, columns, strict=True):
        page_bytes = n_values = 0
        for page in _pages(file, chunk):
            column.add(page)
            if page.kind == _DICTIONARY_PAGE:
                if column.spelt_out:
                    column.longest = max(column.longest, _longest(file, page, chunk, column))
                needed.append(_COPIES * page.unpacked + _ENTRY * page.n_values)
            else:
                page_bytes = max(page_bytes, page.unpacked)
                n_values += page.n_values
        needed.append(page_bytes + column.in_lists * n_values * column.of_value())
    at_once = sum(needed)
    there = min(sum(chunk[_PACKED] for chunk in chunks), os.fstat(file).st_size)
    if at_once > max(MOST_AT_ONCE, MOST_FOR_A_BYTE * there):
        raise LeadclassError(
            f"has {there:,} bytes in a row group that unpack to {at_once:,} at once",
            file=path,
            remedy="write it with smaller pages and row groups",
        )


def _pages(file: int, chunk: Fields) -> Iterator[_Page]:
    first, dictionary = chunk[_FIRST], chunk.get(_DICTIONARY, 0)
    at = min(first, dictionary) if dictionary > 0 else first
    end = min(at + chunk[_PACKED] + _UNCOUNTED, os.fstat(file).st_size)
    left = chunk[_VALUES]
    while left > 0 and 0 <= at < end:
        head, size = _head(file, at)
        at += size
        page = _page(head, at)
        if page is not None:
            if page.kind != _DICTIONARY_PAGE:
                left -= page.n_values
            yield page
        if head[_PAGE_PACKED] < 0:
            raise ValueError("a page has less than no bytes")
        at += head[_PAGE_PACKED]


def _head(file: int, at: int) -> tuple[Fields, int]:
    n_bytes = _HEAD
    while True:
        data = os.pread(file, n_bytes, at)
        try:
            head, size = read_struct(data, 0, _HEADER)
            if size <= len(data):
                return head, size
        except IndexError:
            pass
        if len(data) < n_bytes or n_bytes >= _LONGEST_HEAD:
            raise IndexError
        n_bytes *= 8


def _page(head: Fields, at: int) -> _Page | None:
    """A page of values, which those of an index are not."""
    kind = head[_KIND]
    if kind not in (_DATA, _DATA_2, _DICTIONARY_PAGE):
        return None
    about = head[_ABOUT_KIND[kind]]
    encoding = about[_ENCODING_2 if kind == _DATA_2 else _ENCODING]
    page = _Page(kind, head[_PAGE_UNPACKED], about[_PAGE_VALUES], encoding, at, head[_PAGE_PACKED])
    if min(page.unpacked, page.n_values, page.packed) < 0:
        raise ValueError("a page has less than no bytes or values")
    return page


def _longest(file: int, page: _Page, chunk: Fields, column: _Column) -> int:
    """The most bytes that a value of a dictionary may have."""
    codec = _CODECS.get(chunk.get(_CODEC, -1))
    looked_at = _SHORT < page.unpacked <= _LONG and page.packed <= _LONG
    if column.foldable or codec is None or not looked_at:
        return page.unpacked
    data = os.pread(file, page.packed, page.begins)
    if codec:
        data = pa.decompress(data, page.unpacked, codec, asbytes=True)
    longest = at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        longest = max(longest, size)
        at += 4 + size
    return min(longest, page.unpacked)


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
