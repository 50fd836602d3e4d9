"""Parquet: row groups in, batches out; batches in, row groups out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pyarrow as pa
import pyarrow.parquet as pq

from leadclass.errors import LeadclassError
from leadclass.tables.formats import BATCH_ROWS, Batch, refuse_stray


def open_parquet(stack: ExitStack, path: str) -> tuple[pa.Schema, Iterator[Batch]]:
    """The columns and the rows of a Parquet file, which is closed with the stack."""
    try:
        file = stack.enter_context(pq.ParquetFile(path))
        return file.schema_arrow, _batches(path, file)
    except (pa.ArrowException, OSError) as error:
        raise _broken(path, error) from None


def _batches(path: str, file: pq.ParquetFile) -> Iterator[Batch]:
    first_row = 1
    try:
        for rows in file.iter_batches(batch_size=BATCH_ROWS):
            yield Batch(rows, first_row)
            first_row += rows.num_rows
    except (pa.ArrowException, OSError) as error:
        raise _broken(path, error) from None


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
        arrays = [*batch.rows.columns, *added]
        self._parquet.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self._schema))
