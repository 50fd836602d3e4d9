"""Parquet: row groups in, batches out; batches in, row groups out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadclass.arrow import numbers_of
from leadclass.errors import LeadclassError
from leadclass.parquet.pages import check_footer
from leadclass.tables.formats import Batch, batch_of, refuse_stray
from leadclass.tables.limits import LONGEST_BATCH, check_columns
from leadclass.tables.parquet_plan import MOST_COLUMNS, PART_BYTES, is_view, plan

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
            for rows in file.iter_batches(batch_size=reading.rows):
                _check_text(rows, path)
                for some in _unfolded(rows, schema, path, n_read + 1):
                    n_read += some.num_rows
                    yield batch_of(some, n_read - some.num_rows + 1)
        except (pa.ArrowException, OSError) as error:
            raise _broken(path, error) from None

    try:
        with Path(path).open("rb", buffering=0) as raw:
            check_footer(raw, path)
        about = pq.read_metadata(path)
        check_columns(path, about.num_columns, MOST_COLUMNS)
        schema = about.schema.to_arrow_schema()
        reading = plan(path, about, schema)
        file = stack.enter_context(
            pq.ParquetFile(path, buffer_size=_BUFFER, read_dictionary=reading.folded)
        )
        n_rows = about.num_rows
        # A damaged file may say that it has fewer rows than come.
        return schema, batches(), lambda: n_read / max(n_rows, n_read) if n_rows > 0 else 1.0
    except LeadclassError:
        raise
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _broken(path, error) from None


def _unfolded(
    rows: pa.RecordBatch, schema: pa.Schema, path: str, first_row: int
) -> Iterator[pa.RecordBatch]:
    """The rows with the types of the file, no more at once than fit in the memory."""
    if rows.schema.types == schema.types:
        yield rows
        return
    sizes = np.zeros(rows.num_rows)
    for column, item in zip(rows.columns, schema, strict=True):
        if column.type != item.type:
            lengths = pc.binary_length(column.dictionary).take(column.indices)
            sizes += numbers_of(pc.fill_null(lengths, 0))
    if sizes.max(initial=0) > LONGEST_BATCH:
        raise LeadclassError(
            f"has more than {LONGEST_BATCH:,} bytes, too much for one row",
            file=path,
            row=first_row + int(sizes.argmax()),
            remedy="cut it, or leave it out",
        )
    parts = np.cumsum(sizes) // PART_BYTES
    edges = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), rows.num_rows]
    for start, end in pairwise(edges):
        cells = [
            _cast(column.slice(start, end - start), item.type)
            for column, item in zip(rows.columns, schema, strict=True)
        ]
        yield pa.RecordBatch.from_arrays(cells, schema=schema)


def _cast(column: pa.Array, kind: pa.DataType) -> pa.Array:
    if column.type == kind:
        return column
    if is_view(kind):
        column = column.cast(column.type.value_type)
    return column.cast(kind)


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
