"""What a table file can be, and the batch of rows that all formats share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, take
from leadclass.errors import LeadclassError

#: Rows that are read, scored and written at once, where a row is short.
BATCH_ROWS = 16384

#: Bytes of rows that are, where they are long.
BATCH_BYTES = 3 << 20

CSV, TSV, JSONL, PARQUET, EXCEL = "csv", "tsv", "jsonl", "parquet", "xlsx"
_FORMAT_OF_SUFFIX = {
    ".csv": CSV,
    ".tsv": TSV,
    ".tab": TSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".parquet": PARQUET,
    ".pq": PARQUET,
    ".xlsx": EXCEL,
}

#: Formats that are compressed inside.
_PACKED = (PARQUET, EXCEL)


@dataclass(frozen=True)
class TableFormat:
    """How a table is written down.

    Attributes
    ----------
    name : {'csv', 'tsv', 'jsonl', 'parquet', 'xlsx'}
    delimiter : str
        Between cells, of a csv or tsv.
    encoding : str
        Of its text.
    newline : str
        What ends its lines.
    compression : str, optional
        Of the whole file, as Arrow names it.
    guards : bool
        Whether a csv or tsv gets an apostrophe before what is added to it and a spreadsheet would
        take for a formula.
    """

    name: str
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    compression: str | None = None
    guards: bool = True


#: How a table may be compressed, by a second extension; as Arrow names it.
COMPRESSIONS = {".gz": "gzip", ".bz2": "bz2", ".zst": "zstd", ".lz4": "lz4", ".br": "brotli"}


def format_of(path: str | PathLike[str]) -> TableFormat:
    """The format that a file's extension names, such as ``.csv`` or ``.csv.gz``.

    Raises
    ------
    LeadclassError
        If it is not one of a table's, or of a kind that is not compressed as a whole.
    """
    *_, inner, last = ["", "", *(suffix.lower() for suffix in Path(fspath(path)).suffixes)]
    compression = COMPRESSIONS.get(last)
    suffix = inner if compression else last
    name = _FORMAT_OF_SUFFIX.get(suffix)
    if name is None:
        raise LeadclassError(
            f"{suffix or 'a file without extension'} is not a kind of table that is known",
            file=path,
            remedy=f"use one of {', '.join(_FORMAT_OF_SUFFIX)}, "
            f"those of text also with {', '.join(COMPRESSIONS)} after it",
        )
    if name in _PACKED and compression:
        raise LeadclassError(
            f"a {name} file is compressed inside, not as a whole",
            file=path,
            remedy=f"name it without {last}",
        )
    return TableFormat(name, "\t" if name == TSV else ",", compression=compression)


def is_table(path: str | PathLike[str]) -> bool:
    """Whether a file's extension is one of a table's."""
    try:
        format_of(path)
    except LeadclassError:
        return False
    return True


#: Where in a file reading goes on, in numbers that only its reader understands.
Place = dict[str, int]


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a table.

    Attributes
    ----------
    schema : pyarrow.Schema
        Their columns; names may repeat.
    n_rows : int
    first_row : int
        The number of the first of them in the file, counted from 1 below the header.
    read : callable
        From the place of a column to its cells, an Arrow array of length `n_rows`.
    lines : pyarrow.StringArray, optional
        The rows as they stand in a file of text, so that they can be given back unchanged.
    line_format : TableFormat, optional
        How these lines are written.
    stray : tuple of (int, str), optional
        The first row with a key that the table did not have at its beginning, and the key.
    after : Place, optional
        Where reading goes on after them, where a reader can begin there.
    """

    schema: pa.Schema
    n_rows: int
    first_row: int
    read: Callable[[int], pa.Array]
    lines: pa.StringArray | None = None
    line_format: TableFormat | None = None
    stray: tuple[int, str] | None = None
    after: Place | None = None

    def __len__(self) -> int:
        return self.n_rows

    def columns(self) -> list[pa.Array]:
        """The cells of every column."""
        return [self.read(place) for place in range(len(self.schema))]

    def lines_in(self, kind: TableFormat) -> pa.StringArray | None:
        """The rows as they stand in a file of that format, if they come from one."""
        own = self.line_format
        alike = own is not None and (own.name, own.delimiter) == (kind.name, kind.delimiter)
        return self.lines if alike else None

    def take(self, indices: np.ndarray) -> Batch:
        """The rows at these places, in this order, as often as they are named."""
        places = as_numbers(indices)
        return replace(
            self,
            n_rows=len(indices),
            read=lambda place: take(self.read(place), places),
            lines=None if self.lines is None else self.lines.take(places),
        )


def batch_of(rows: pa.RecordBatch, first_row: int = 1) -> Batch:
    """Rows that are in memory as a batch."""
    return Batch(rows.schema, rows.num_rows, first_row, rows.column)


def refuse_stray(batch: Batch) -> None:
    """Refuse a key that came late, where the columns of the result are fixed by then.

    Raises
    ------
    LeadclassError
        If the batch has such a key.
    """
    if batch.stray:
        row, key = batch.stray
        raise LeadclassError(
            f"the key {key!r} appears here for the first time",
            row=row,
            remedy="give the rows at the top every key, or write jsonl",
        )
