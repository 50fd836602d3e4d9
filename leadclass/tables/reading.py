"""A path in, batches of rows out."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.encodings import LONGEST_BOM, encoding_of, undecodable_file
from leadclass.errors import LeadclassError
from leadclass.tables.formats import BATCH_ROWS, JSONL, PARQUET, Batch, TableFormat, format_of

#: What may stand between cells where a csv does not say, commonest first.
_DELIMITERS = ",;\t|"

csv.field_size_limit(min(sys.maxsize, 2**31 - 1))


@dataclass
class TableReader:
    """An open table.

    Attributes
    ----------
    path : str
    format : TableFormat
    schema : pyarrow.Schema
        Its columns, as strings unless the file has types of its own.
    bytes_total : int
        The size of the file.
    """

    path: str
    format: TableFormat
    schema: pa.Schema
    bytes_total: int
    _batches: Iterator[Batch] = field(repr=False)

    def __iter__(self) -> Iterator[Batch]:
        try:
            yield from self._batches
        except UnicodeError:
            raise undecodable_file(self.path, self.format.encoding) from None
        except pa.ArrowException as error:
            raise _broken_parquet(self.path, error) from None

    def index_of(self, column: str, option: str) -> int:
        """The place of a column.

        Parameters
        ----------
        column : str
        option : str
            The option that names it, for the remedy.

        Raises
        ------
        LeadclassError
            If the table has no such column; the ones it has are named.
        """
        names = self.schema.names
        if column not in names:
            raise LeadclassError(
                "no such column",
                file=self.path,
                column=column,
                remedy=f"name one with {option}: it has {', '.join(map(repr, names))}",
            )
        return names.index(column)

    def text_index(self, column: str, option: str) -> int:
        """The same for a column that holds text."""
        index = self.index_of(column, option)
        kind = self.schema.field(index).type
        if not holds_text(kind):
            raise LeadclassError(
                f"holds {kind}, not text",
                file=self.path,
                column=column,
                remedy=f"name a column of text with {option}",
            )
        return index


def holds_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type is one of strings, or of nothing but nulls."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )


@contextmanager
def open_table(
    path: str | PathLike[str], *, encoding: str | None = None, delimiter: str | None = None
) -> Iterator[TableReader]:
    """Open a table for reading.

    Parameters
    ----------
    path : path-like
    encoding : str, optional
        Of a csv, tsv or jsonl; by default its byte order mark's, else UTF-8.
    delimiter : str, optional
        Between the cells of a csv; by default the one its header uses.

    Yields
    ------
    TableReader

    Raises
    ------
    LeadclassError
        If the file is missing, a folder, of an unknown kind, empty, or not what its name says.
    """
    name = fspath(path)
    if Path(name).is_dir():
        raise LeadclassError("is a folder, not a table", file=name, remedy="name a file in it")
    if not Path(name).exists():
        raise LeadclassError("no such file", file=name, remedy="check the path")
    kind = format_of(name)
    size = Path(name).stat().st_size
    if size == 0:
        raise LeadclassError(
            "the file is empty", file=name, remedy="give it a header and rows of text"
        )
    try:
        if kind.name == PARQUET:
            with _open_parquet(name, kind, size) as reader:
                yield reader
            return
        with Path(name).open("rb") as head:
            kind = replace(kind, encoding=encoding_of(head.read(LONGEST_BOM), encoding, name))
        with Path(name).open(encoding=kind.encoding, newline="") as lines:
            open_text = _open_jsonl if kind.name == JSONL else _open_csv
            yield open_text(name, kind, size, lines, delimiter)
    except UnicodeError:
        raise undecodable_file(name, kind.encoding) from None
    except OSError as error:
        if error.filename is not None and fspath(error.filename) != name:
            raise
        raise LeadclassError(f"cannot be read ({error.strerror})", file=name) from None


def _open_csv(
    path: str, kind: TableFormat, size: int, lines: TextIO, delimiter: str | None
) -> TableReader:
    first = lines.readline()
    newline = "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"
    if kind.name == "csv":
        kind = replace(kind, delimiter=delimiter or _delimiter_of(first))
    kind = replace(kind, newline=newline)
    lines.seek(0)
    rows = csv.reader(lines, delimiter=kind.delimiter, strict=True)
    try:
        header = next(rows, [])
    except csv.Error as error:
        raise _broken_csv(path, 0, rows.line_num, error) from None
    if not any(header):
        raise LeadclassError(
            "has no header", file=path, line=1, remedy="name the columns in its first line"
        )
    schema = pa.schema([(name, pa.string()) for name in header])
    return TableReader(path, kind, schema, size, _csv_batches(path, rows, schema))


def _delimiter_of(header: str) -> str:
    outside_quotes = "".join(header.split('"')[::2])
    counts = {mark: outside_quotes.count(mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _csv_batches(path: str, rows: Any, schema: pa.Schema) -> Iterator[Batch]:
    width = len(schema)
    pending: list[list[str]] = []
    row_number = first_row = 1
    try:
        for row in rows:
            if len(row) != width:
                if not row and width > 1:
                    continue  # an empty line between rows or at the end is no row
                if not row:
                    row = [""]
                else:
                    raise LeadclassError(
                        f"has {len(row)} cells where the header has {width}",
                        file=path,
                        row=row_number,
                        line=rows.line_num,
                        remedy="quote cells that hold the delimiter, or mend the row",
                    )
            pending.append(row)
            row_number += 1
            if len(pending) == BATCH_ROWS:
                yield _batch_of_strings(pending, schema, first_row)
                pending, first_row = [], row_number
    except csv.Error as error:
        raise _broken_csv(path, row_number, rows.line_num, error) from None
    if pending:
        yield _batch_of_strings(pending, schema, first_row)


def _batch_of_strings(rows: list[list[str]], schema: pa.Schema, first_row: int) -> Batch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return Batch(pa.RecordBatch.from_arrays(columns, schema=schema), first_row)


def _broken_csv(path: str, row: int, line: int, error: csv.Error) -> LeadclassError:
    return LeadclassError(
        f"is not valid CSV ({error})",
        file=path,
        row=row or None,
        line=line,
        remedy="close the quotes, or double a quote inside a quoted cell",
    )


def _open_jsonl(
    path: str, kind: TableFormat, size: int, lines: TextIO, delimiter: str | None
) -> TableReader:
    numbered = enumerate(lines, 1)
    head = _json_rows(path, numbered)
    names: dict[str, None] = {}
    for _, _, row in head:
        names |= dict.fromkeys(row)
    schema = pa.schema([(name, pa.string()) for name in names])
    return TableReader(path, kind, schema, size, _jsonl_batches(path, head, numbered, schema))


_JsonRow = tuple[int, str, dict[str, Any]]


def _json_rows(path: str, numbered: Iterator[tuple[int, str]]) -> list[_JsonRow]:
    rows = []
    for number, line in islice(numbered, BATCH_ROWS):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise LeadclassError(
                "is not a JSON object",
                file=path,
                line=number,
                remedy='write each row on a line of its own, as {"column": "value"}',
            )
        rows.append((number, line.strip(), row))
    return rows


def _jsonl_batches(
    path: str, head: list[_JsonRow], numbered: Iterator[tuple[int, str]], schema: pa.Schema
) -> Iterator[Batch]:
    rows, first_row = head, 1
    known = set(schema.names)
    while rows:
        stray = next(
            (
                (first_row + i, key)
                for i, (_, _, row) in enumerate(rows)
                for key in row
                if key not in known
            ),
            None,
        )
        columns = [
            pa.array([_as_text(row.get(name)) for _, _, row in rows], pa.string())
            for name in schema.names
        ]
        yield Batch(
            pa.RecordBatch.from_arrays(columns, schema=schema),
            first_row,
            lines=[line for _, line, _ in rows],
            stray=stray,
        )
        first_row += len(rows)
        rows = _json_rows(path, numbered)


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(value, ensure_ascii=False)


@contextmanager
def _open_parquet(path: str, kind: TableFormat, size: int) -> Iterator[TableReader]:
    try:
        file = pq.ParquetFile(path)
    except (pa.ArrowException, OSError) as error:
        raise _broken_parquet(path, error) from None
    with file:
        schema = file.schema_arrow
        yield TableReader(path, kind, schema, size, _parquet_batches(file))


def _parquet_batches(file: pq.ParquetFile) -> Iterator[Batch]:
    first_row = 1
    for rows in file.iter_batches(batch_size=BATCH_ROWS):
        yield Batch(rows, first_row)
        first_row += rows.num_rows


def _broken_parquet(path: str, error: Exception) -> LeadclassError:
    reason = str(error).split("\n", 1)[0].strip().rstrip(".")
    return LeadclassError(
        f"is not a whole Parquet file ({reason[:120]})", file=path, remedy="export it again"
    )
