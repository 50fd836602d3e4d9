"""Parquet: row groups in, batches out; batches in, row groups out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadclass.arrow import numbers_of
from leadclass.errors import LeadclassError
from leadclass.tables.formats import BATCH_BYTES, BATCH_ROWS, Batch, batch_of, refuse_stray
from leadclass.tables.limits import LONGEST_BATCH, check_columns

#: Bytes of a column that are read at once: row groups may be larger than the memory.
_BUFFER = 1 << 20


def open_parquet(
    stack: ExitStack, path: str
) -> tuple[pa.Schema, Iterator[Batch], Callable[[], float]]:
    """The columns and the rows of a Parquet file, which is closed with the stack.

    And what tells how much of it has been read.
    """
    n_read = 0

    def batches() -> Iterator[Batch]:
        nonlocal n_read
        try:
            for rows in file.iter_batches(batch_size=_rows_at_once(file.metadata)):
                _check_text(rows, path)
                for some in _unfolded(rows, schema):
                    n_read += some.num_rows
                    yield batch_of(some, n_read - some.num_rows + 1)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from None

    try:
        about = pq.read_metadata(path)
        check_columns(path, about.num_columns)
        schema = about.schema.to_arrow_schema()
        folded = _folded(schema)
        file = stack.enter_context(
            pq.ParquetFile(path, buffer_size=_BUFFER, read_dictionary=folded)
        )
        n_rows = about.num_rows
        # A damaged file may say that it has fewer rows than come.
        return schema, batches(), lambda: n_read / max(n_rows, n_read) if n_rows > 0 else 1.0
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise _broken(path, error) from None


def _rows_at_once(about: pq.FileMetaData) -> int:
    groups = [about.row_group(i).total_byte_size for i in range(about.num_row_groups)]
    width = sum(groups) / max(about.num_rows, 1)
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(width, 1))))


def _folded(schema: pa.Schema) -> list[str]:
    """The columns of text, of which a batch may be far larger than it is in the file.

    They are read as what they are there, a text once and its places: a megabyte that ten thousand
    rows share would else be ten gigabytes. Which of them are so large the file does say, but to ask
    a damaged one can end the process.
    """
    return [field.name for field in schema if _is_plain_text(field.type)]


def _is_plain_text(kind: pa.DataType) -> bool:
    return pa.types.is_string(kind) or pa.types.is_large_string(kind)


def _unfolded(rows: pa.RecordBatch, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """The rows with the types of the file, no more at once than fit in the memory."""
    if rows.schema.types == schema.types:
        yield rows
        return
    sizes = np.zeros(rows.num_rows)
    for column, field in zip(rows.columns, schema, strict=True):
        if column.type != field.type:
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            sizes += numbers_of(pc.fill_null(lengths, 0))
    parts = np.cumsum(sizes) // LONGEST_BATCH
    edges = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), rows.num_rows]
    for start, end in pairwise(edges):
        cells = [
            column.slice(start, end - start).cast(field.type)
            for column, field in zip(rows.columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(cells, schema=schema)


def _check_text(rows: pa.RecordBatch, path: str) -> None:
    """Refuse text that is not UTF-8, which Parquet promises and nobody has looked at yet."""
    if rows.num_rows < 0:
        raise _broken(path, ValueError("it has less than no rows"))
    for name, column in zip(rows.schema.names, rows.columns, strict=True):
        try:
            column.validate(full=True)
        except pa.ArrowInvalid:
            raise LeadclassError(
                "holds text that is not UTF-8",
                file=path,
                column=name,
                remedy="export it again, as text",
            ) from None


def _broken(path: str, error: Exception) -> LeadclassError:
    reason = str(error).split("\n", 1)[0].strip().rstrip(".")
    return LeadclassError(
        f"is not a whole Parquet file ({reason[:120]})", file=path, remedy="export it again"
    )


class ParquetTableWriter:
    """Writes batches with the types and the metadata they came with."""

    def __init__(self, parquet: pq.ParquetWriter, schema: pa.Schema) -> None:
        self._parquet, self._schema = parquet, schema

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        refuse_stray(batch)
        arrays = [*batch.columns(), *added]
        self._parquet.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
