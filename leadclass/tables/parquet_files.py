"""Parquet: row groups in, batches out; batches in, row groups out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.tables.formats import BATCH_BYTES, BATCH_ROWS, Batch, batch_of, refuse_stray

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
                n_read += rows.num_rows
                yield batch_of(rows, n_read - rows.num_rows + 1)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from None

    try:
        file = stack.enter_context(pq.ParquetFile(path, buffer_size=_BUFFER))
        n_rows = file.metadata.num_rows
        # A damaged file may say that it has fewer rows than come.
        return (
            file.schema_arrow,
            batches(),
            lambda: n_read / max(n_rows, n_read) if n_rows > 0 else 1.0,
        )
    except (pa.ArrowException, OSError, UnicodeError) as error:
        raise _broken(path, error) from None


def _rows_at_once(about: pq.FileMetaData) -> int:
    groups = [about.row_group(i).total_byte_size for i in range(about.num_row_groups)]
    width = sum(groups) / max(about.num_rows, 1)
    return max(1, min(BATCH_ROWS, int(BATCH_BYTES / max(width, 1))))


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
