"""Batches of rows in, a file out: whole or not at all."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from typing import Any, BinaryIO, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.outputs import replacing
from leadclass.tables.formats import JSONL, PARQUET, Batch, TableFormat

STDOUT = "-"


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
        If the folder does not exist or cannot be written to.
    """
    if fspath(path) == STDOUT:
        with _writer(sys.stdout.buffer, kind, schema, added) as writer:
            yield writer
        sys.stdout.buffer.flush()
        return
    with (
        replacing(path) as unfinished,
        unfinished.open("wb") as file,
        _writer(file, kind, schema, added) as writer,
    ):
        yield writer


@contextmanager
def _writer(
    file: BinaryIO, kind: TableFormat, schema: pa.Schema, added: pa.Schema
) -> Iterator[TableWriter]:
    if kind.name == PARQUET:
        fields = [*schema, *added]
        whole = pa.schema(fields, metadata=schema.metadata)
        with pq.ParquetWriter(file, whole, compression="zstd") as parquet:
            yield _ParquetWriter(parquet, whole)
        return
    text = io.TextIOWrapper(file, encoding=kind.encoding, newline="", write_through=False)
    try:
        if kind.name == JSONL:
            yield _JsonlWriter(text, added.names)
        else:
            yield _CsvWriter(text, kind, schema, added)
        text.flush()
    finally:
        text.detach()


class _ParquetWriter:
    def __init__(self, parquet: pq.ParquetWriter, schema: pa.Schema) -> None:
        self._parquet, self._schema = parquet, schema

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        _refuse_stray(batch)
        arrays = [*batch.rows.columns, *added]
        self._parquet.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))


class _CsvWriter:
    def __init__(
        self, text: io.TextIOWrapper, kind: TableFormat, schema: pa.Schema, added: pa.Schema
    ) -> None:
        self._rows = csv.writer(_Lines(text, kind.newline), delimiter=kind.delimiter)
        self._rows.writerow([*schema.names, *added.names])

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        _refuse_stray(batch)
        columns = [_cells(column) for column in [*batch.rows.columns, *added]]
        self._rows.writerows(zip(*columns, strict=True))


class _Lines:
    """Takes lines that end in CR LF and writes them with the line ends of the table.

    Only with CR LF does `csv.writer` quote every cell that holds either of the two.
    """

    def __init__(self, text: io.TextIOWrapper, newline: str) -> None:
        self._text, self._newline = text, newline

    def write(self, line: str) -> int:
        return self._text.write(line.removesuffix("\r\n") + self._newline)


class _JsonlWriter:
    def __init__(self, text: io.TextIOWrapper, added: list[str]) -> None:
        self._text, self._added = text, added

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        new = _objects(self._added, added)
        if batch.lines is None:
            own = _objects(batch.rows.schema.names, batch.rows.columns)
            rows = [_dump(theirs | ours) for theirs, ours in zip(own, new, strict=True)]
        else:
            if batch.stray and batch.stray[1] in self._added:
                _refuse_stray(batch)
            rows = [_extended(line, values) for line, values in zip(batch.lines, new, strict=True)]
        self._text.writelines(row + "\n" for row in rows)


def _extended(line: str, values: dict[str, Any]) -> str:
    """A JSON object as it stands, with these keys before its closing brace."""
    own = line[:-1].rstrip()
    return f"{own}{'' if own == '{' else ', '}{_dump(values)[1:]}"


def _objects(names: list[str], columns: list[pa.Array]) -> list[dict[str, Any]]:
    cells = [column.to_pylist() for column in columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*cells, strict=True)]


def _dump(row: dict[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, default=str)


def _cells(column: pa.Array) -> list[Any]:
    """What stands in the cells of a csv: nulls are empty, nested values are JSON."""
    values = column.to_pylist()
    if pa.types.is_nested(column.type):
        return ["" if v is None else _dump(v) for v in values]
    return ["" if v is None else v for v in values]


def _refuse_stray(batch: Batch) -> None:
    if batch.stray:
        row, key = batch.stray
        raise LeadclassError(
            f"the key {key!r} appears here for the first time",
            row=row,
            remedy="give the rows at the top every key, or write jsonl",
        )
