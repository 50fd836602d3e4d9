"""What a table file can be, and the batch of rows that all formats share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import pyarrow as pa

from leadclass.errors import LeadclassError

#: Rows that are read, scored and written at once.
BATCH_ROWS = 8192

CSV, TSV, JSONL, PARQUET = "csv", "tsv", "jsonl", "parquet"
_FORMAT_OF_SUFFIX = {
    ".csv": CSV,
    ".tsv": TSV,
    ".tab": TSV,
    ".jsonl": JSONL,
    ".ndjson": JSONL,
    ".parquet": PARQUET,
    ".pq": PARQUET,
}


@dataclass(frozen=True)
class TableFormat:
    """How a table is written down.

    Attributes
    ----------
    name : {'csv', 'tsv', 'jsonl', 'parquet'}
    delimiter : str
        Between cells, of a csv or tsv.
    encoding : str
        Of its text.
    newline : str
        What ends its lines.
    """

    name: str
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"


def format_of(path: str | PathLike[str]) -> TableFormat:
    """The format that a file's extension names.

    Raises
    ------
    LeadclassError
        If it is not one of a table's.
    """
    suffix = Path(fspath(path)).suffix.lower()
    name = _FORMAT_OF_SUFFIX.get(suffix)
    if name is None:
        raise LeadclassError(
            f"{suffix or 'a file without extension'} is not a kind of table that is known",
            file=path,
            remedy=f"use one of {', '.join(_FORMAT_OF_SUFFIX)}",
        )
    return TableFormat(name, delimiter="\t" if name == TSV else ",")


@dataclass(frozen=True, eq=False)
class Batch:
    """Some rows of a table.

    Attributes
    ----------
    rows : pyarrow.RecordBatch
        Their cells; names of columns may repeat.
    first_row : int
        The number of the first of them in the file, counted from 1 below the header.
    lines : list of str, optional
        The rows as they stand in a jsonl file, so that they can be given back unchanged.
    stray : tuple of (int, str), optional
        The first row with a key that the table did not have at its beginning, and the key.
    """

    rows: pa.RecordBatch
    first_row: int
    lines: list[str] | None = None
    stray: tuple[int, str] | None = None

    def __len__(self) -> int:
        return self.rows.num_rows

    def take(self, indices: np.ndarray) -> Batch:
        """The rows at these places, in this order, as often as they are named."""
        return replace(
            self,
            rows=self.rows.take(pa.array(indices, pa.int64())),
            lines=None if self.lines is None else [self.lines[i] for i in indices],
        )


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
