"""Batches of rows in, a file out: whole or not at all."""

from __future__ import annotations

import sys
from codecs import getincrementaldecoder
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM, replacing
from leadclass.harmless import harmless_lines
from leadclass.tables.csv_files import CsvWriter
from leadclass.tables.excel_writing import excel_writer
from leadclass.tables.formats import EXCEL, JSONL, PARQUET, Batch, TableFormat
from leadclass.tables.jsonl_files import JsonlWriter
from leadclass.tables.parquet_files import ParquetTableWriter
from leadclass.tables.streams import compressing


class TableWriter(Protocol):
    """What takes the rows of a table, one batch after the other."""

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        """Write the rows of a batch with the cells that are added to them."""


@contextmanager
def create_table(
    path: str | PathLike[str], kind: TableFormat, schema: pa.Schema, added: pa.Schema
) -> Iterator[TableWriter]:
    """Open a table for writing; it appears under its name when all rows are written.

    Parameters
    ----------
    path : path-like
        ``-`` for standard output.
    kind : TableFormat
    schema : pyarrow.Schema
        The columns of the batches.
    added : pyarrow.Schema
        The columns that come after them.

    Yields
    ------
    TableWriter

    Raises
    ------
    LeadclassError
        If the folder does not exist or cannot be written to, or the format cannot hold the table.
    """
    if fspath(path) == STANDARD_STREAM:
        with writing_table(_standard_output(kind), path, kind, schema, added) as writer:
            yield writer
        sys.stdout.buffer.flush()
    else:
        with (
            replacing(path) as unfinished,
            unfinished.open("wb") as file,
            compressing(file, kind.compression) as stream,
            writing_table(stream, path, kind, schema, added) as writer,
        ):
            yield writer


@contextmanager
def writing_table(
    stream: Any,
    path: str | PathLike[str],
    kind: TableFormat,
    schema: pa.Schema,
    added: pa.Schema,
    *,
    begun: bool = False,
) -> Iterator[TableWriter]:
    """What writes a table to a stream, which is whole when the block ends.

    Parameters
    ----------
    stream : binary file
        What it is given is not compressed.
    path : path-like
        What the table is called in errors.
    kind, schema, added
        See `create_table`.
    begun : bool
        Whether the stream has rows already, and only more are to come: of text alone.

    Yields
    ------
    TableWriter

    Raises
    ------
    LeadclassError
        If the format cannot hold the table.
    """
    names = [*schema.names, *added.names]
    if kind.name == JSONL and len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise LeadclassError(
            "several columns have this name, which jsonl cannot hold",
            file=path,
            column=twice,
            remedy="rename them, or write csv",
        )
    try:
        with _writer(stream, kind, schema, added, begun) as writer:
            yield writer
    except UnicodeEncodeError as error:
        raise LeadclassError(
            f"{error.object[error.start]!r} cannot be written in {kind.encoding}",
            file=path,
            remedy="write parquet, or convert the table to UTF-8 first",
        ) from None


def _standard_output(kind: TableFormat) -> Any:
    """Standard output; where a person looks on, without what would steer their terminal."""
    if not sys.stdout.isatty():
        return sys.stdout.buffer
    if kind.name in (PARQUET, EXCEL):
        raise LeadclassError(
            f"a {kind.name} file is nothing to look at in a terminal",
            remedy="name a file with -o, or send it into a pipe",
        )
    return _Shown(kind.encoding)


class _Shown:
    """Takes the bytes of a text and shows them on a terminal."""

    closed = False

    def __init__(self, encoding: str) -> None:
        self._decoder = getincrementaldecoder(encoding)("replace")

    def write(self, data: Any) -> int:
        sys.stdout.write(harmless_lines(self._decoder.decode(bytes(data))))
        return len(data)

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    seekable = readable

    def flush(self) -> None:
        sys.stdout.flush()


@contextmanager
def _writer(
    stream: Any, kind: TableFormat, schema: pa.Schema, added: pa.Schema, begun: bool
) -> Iterator[TableWriter]:
    if kind.name == PARQUET:
        whole = pa.schema([*schema, *added], metadata=schema.metadata)
        with pq.ParquetWriter(stream, whole, compression="zstd") as parquet:
            yield ParquetTableWriter(parquet, whole)
        return
    if kind.name == EXCEL:
        with excel_writer(stream, schema, added) as sheet:
            yield sheet
        return
    if kind.name == JSONL:
        yield JsonlWriter(stream, kind, added.names, begun)
        return
    yield CsvWriter(stream, kind, schema, added, begun)
