"""A Parquet file in, what its footer and its pages say of themselves out.

pyarrow says less: nothing of pages, and to ask it for a damaged column can end the process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO, FileIO
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.parquet.thrift import INT32, INT64, LIST, STRUCT, Fields, Wanted, read_struct

#: Bytes of a footer, of which pyarrow makes twenty times as many; it has some 150 for each column
#: of each row group.
MOST_FOOTER = 1 << 24

#: Bytes that are read for the head of a page, most of which have fewer; and the most of them.
_HEAD = 256
_LONGEST_HEAD = 1 << 24

#: Bytes after a column that old writers forgot to count.
_UNCOUNTED = 100

#: Bytes of a dictionary within which its values are looked at one by one: all of less are short,
#: and more have none that is written in the usual way.
_SHORT, _LONG = 1 << 10, 1 << 22

#: How pages may be packed, by the numbers that Parquet gives them; nothing is for not at all.
_CODECS = {0: "", 1: "snappy", 2: "gzip", 4: "brotli", 6: "zstd", 7: "lz4_raw"}

#: The encoding of values that are spelt out one by one, by the number that Parquet gives it.
PLAIN = 0

#: What is read, opened without a buffer or in memory.
File = FileIO | BytesIO

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
class Page:
    """What the head of a page says: bytes and values are its own, and where it is in the file."""

    kind: int
    unpacked: int
    n_values: int
    encoding: int
    begins: int  # in the file, after its head
    packed: int

    @property
    def is_dictionary(self) -> bool:
        return self.kind == _DICTIONARY_PAGE


def check_footer(file: File, path: str | Path) -> None:
    """Refuse a file that says more of itself than is to be held in memory.

    Parameters
    ----------
    file : file
    path : path-like
        What it is called in the error.

    Raises
    ------
    LeadclassError
    OSError
    """
    size = min(_footer_bytes(file), _size(file))
    if size > MOST_FOOTER:
        raise LeadclassError(
            f"has {size:,} bytes that tell of its parts, more than {MOST_FOOTER:,}",
            file=path,
            remedy="write it with larger row groups, or fewer columns",
        )


def row_groups(file: File, about: pq.FileMetaData) -> Iterator[list[Fields]]:
    """What the footer says of the columns of each row group."""
    length = _footer_bytes(file)
    data = _read(file, length, _size(file) - 8 - length)
    groups = read_struct(data, 0, _FOOTER)[0].get(_GROUPS, [])
    if len(groups) != about.num_row_groups:
        raise ValueError("its row groups cannot be counted")
    for group in groups:
        chunks = group[_CHUNKS]
        if len(chunks) != about.num_columns:
            raise ValueError("a row group has other columns than the table")
        yield [chunk[_ABOUT] for chunk in chunks]


def _footer_bytes(file: File) -> int:
    return int.from_bytes(_read(file, 4, max(_size(file) - 8, 0)), "little")


def _size(file: File) -> int:
    return file.seek(0, os.SEEK_END)


def _read(file: File, n_bytes: int, at: int) -> bytes:
    file.seek(at)
    return file.read(n_bytes)


def packed_bytes(chunk: Fields) -> int:
    """The bytes of a column of a row group, by what the footer says."""
    packed: int = chunk[_PACKED]
    return packed


def pages_of(file: File, chunk: Fields) -> Iterator[Page]:
    """The pages of a column of a row group, as far as there are any."""
    first, dictionary = chunk[_FIRST], chunk.get(_DICTIONARY, 0)
    at = min(first, dictionary) if dictionary > 0 else first
    end = min(at + packed_bytes(chunk) + _UNCOUNTED, _size(file))
    left = chunk[_VALUES]
    while left > 0 and 0 <= at < end:
        head, size = _head(file, at)
        at += size
        page = _page(head, at)
        if page is not None:
            if not page.is_dictionary:
                left -= page.n_values
            yield page
        if head[_PAGE_PACKED] < 0:
            raise ValueError("a page has less than no bytes")
        at += head[_PAGE_PACKED]


def _head(file: File, at: int) -> tuple[Fields, int]:
    n_bytes = _HEAD
    while True:
        data = _read(file, n_bytes, at)
        try:
            head, size = read_struct(data, 0, _HEADER)
            if size <= len(data):
                return head, size
        except IndexError:
            pass
        if len(data) < n_bytes or n_bytes >= _LONGEST_HEAD:
            raise IndexError
        n_bytes *= 8


def _page(head: Fields, at: int) -> Page | None:
    """A page of values, which those of an index are not."""
    kind = head[_KIND]
    if kind not in (_DATA, _DATA_2, _DICTIONARY_PAGE):
        return None
    about = head[_ABOUT_KIND[kind]]
    encoding = about[_ENCODING_2 if kind == _DATA_2 else _ENCODING]
    page = Page(kind, head[_PAGE_UNPACKED], about[_PAGE_VALUES], encoding, at, head[_PAGE_PACKED])
    if min(page.unpacked, page.n_values, page.packed) < 0:
        raise ValueError("a page has less than no bytes or values")
    return page


def longest_value(file: File, page: Page, chunk: Fields) -> int:
    """The most bytes that a value of a dictionary may have."""
    codec = _CODECS.get(chunk.get(_CODEC, -1))
    looked_at = _SHORT < page.unpacked <= _LONG and page.packed <= _LONG
    if codec is None or not looked_at:
        return page.unpacked
    data = _read(file, page.packed, page.begins)
    if codec:
        data = pa.decompress(data, page.unpacked, codec, asbytes=True)
    longest = at = 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "little")
        longest = max(longest, size)
        at += 4 + size
    return min(longest, page.unpacked)
