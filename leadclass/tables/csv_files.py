"""Comma-separated files, and their kin: lines in, batches out; batches in, lines out."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, TextIO

import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.tables.cells import written_cells
from leadclass.tables.formats import BATCH_ROWS, CSV, Batch, TableFormat, refuse_stray

#: What may stand between cells where a csv does not say, commonest first.
_DELIMITERS = ",;\t|"

#: Excel's way to say the delimiter, in a line before the header.
_SAYS_DELIMITER = "sep="

#: The longest cell, in characters: as long as the module takes.
_LONGEST_CELL = 2**31 - 1


def open_csv(
    path: str, kind: TableFormat, lines: TextIO, delimiter: str | None
) -> tuple[TableFormat, pa.Schema, Iterator[Batch]]:
    """The exact format, the columns and the rows of a csv or tsv."""
    csv.field_size_limit(_LONGEST_CELL)
    first = lines.readline()
    newline = "\r\n" if first.endswith("\r\n") else "\r" if first.endswith("\r") else "\n"
    start = 0
    if first.lower().startswith(_SAYS_DELIMITER) and len(first.rstrip("\r\n")) == 5:
        delimiter = delimiter or first[len(_SAYS_DELIMITER)]
        start = 1
    if kind.name == CSV:
        kind = replace(kind, delimiter=delimiter or delimiter_of(first))
    kind = replace(kind, newline=newline)
    lines.seek(0)
    for _ in range(start):
        lines.readline()
    rows = csv.reader(lines, delimiter=kind.delimiter, strict=True)
    try:
        header = next(rows, [])
    except csv.Error as error:
        raise _broken(path, None, rows.line_num + start, error) from None
    if not any(header):
        raise LeadclassError(
            "has no header", file=path, line=1, remedy="name the columns in its first line"
        )
    schema = pa.schema([(name, pa.string()) for name in header])
    return kind, schema, _batches(path, rows, schema, start)


def delimiter_of(header: str) -> str:
    """What stands between the cells of a csv, by the line of its header."""
    outside_quotes = "".join(header.split('"')[::2])
    counts = {mark: outside_quotes.count(mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _batches(path: str, rows: Any, schema: pa.Schema, skipped: int) -> Iterator[Batch]:
    width = len(schema)
    pending: list[list[str]] = []
    number = first_row = 1
    try:
        for row in rows:
            if not row:
                if width > 1:
                    continue  # an empty line between rows or at the end is no row
                row = [""]
            if len(row) != width:
                raise LeadclassError(
                    f"has {len(row)} cells where the header has {width}",
                    file=path,
                    row=number,
                    line=rows.line_num + skipped,
                    remedy="quote cells that hold the delimiter, or mend the row",
                )
            pending.append(row)
            number += 1
            if len(pending) == BATCH_ROWS:
                yield _batch(pending, schema, first_row)
                pending, first_row = [], number
    except csv.Error as error:
        raise _broken(path, number, rows.line_num + skipped, error) from None
    if pending:
        yield _batch(pending, schema, first_row)


def _batch(rows: list[list[str]], schema: pa.Schema, first_row: int) -> Batch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    return Batch(pa.RecordBatch.from_arrays(columns, schema=schema), first_row)


def _broken(path: str, row: int | None, line: int, error: csv.Error) -> LeadclassError:
    return LeadclassError(
        f"is not valid CSV ({error})",
        file=path,
        row=row,
        line=line,
        remedy="close the quotes, or double a quote inside a quoted cell",
    )


def csv_writer(text: TextIO, delimiter: str = ",", newline: str = "\n") -> Any:
    """A `csv.writer` that quotes every cell with a carriage return or a line feed in it."""
    return csv.writer(_Lines(text, newline), delimiter=delimiter)


class _Lines:
    """Takes lines that end in CR LF and writes them with the line ends of the table.

    Only with CR LF does `csv.writer` quote every cell that holds either of the two.
    """

    def __init__(self, text: TextIO, newline: str) -> None:
        self._text, self._newline = text, newline

    def write(self, line: str) -> int:
        return self._text.write(line.removesuffix("\r\n") + self._newline)


class CsvWriter:
    """Writes batches as the rows of a csv or tsv."""

    def __init__(
        self, text: TextIO, kind: TableFormat, schema: pa.Schema, added: pa.Schema
    ) -> None:
        self._rows = csv_writer(text, kind.delimiter, kind.newline)
        self._rows.writerow([*schema.names, *added.names])

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        refuse_stray(batch)
        columns = [written_cells(column) for column in [*batch.rows.columns, *added]]
        self._rows.writerows(zip(*columns, strict=True))
