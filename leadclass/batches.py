"""Tables in memory in, whole or batch by batch; the same out, with the new columns after their own.

Every engine that speaks Arrow is served by `tag_batches`, and by `tag_batch`, one batch of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import pyarrow as pa

from leadclass.arrow import as_numbers, as_strings, holds_text, portions, row_bytes, take
from leadclass.errors import LeadclassError, some_of, wrong_type
from leadclass.labels import UNITS, Unit
from leadclass.tagging import Decide, added_schema, check_repeated, tag_column

if TYPE_CHECKING:
    import pandas as pd

#: Rows that are scored at once: of a longer batch the numbers in between would fill the memory.
MOST_ROWS = 65_536


def tag_batches(
    decide: Decide,
    batches: pa.RecordBatchReader | Iterable[pa.RecordBatch],
    text: str,
    unit: Unit,
) -> pa.RecordBatchReader:
    """Tag a stream of record batches, see `leadclass.Model.tag_batches`."""
    check_unit(unit)
    reader = _reader(batches)
    place = text_place(reader.schema, text)
    added, _ = added_schema(reader.schema.names, unit)
    tagged = (
        part
        for batch in reader
        for start in range(0, batch.num_rows, MOST_ROWS)
        for part in tag_batch(decide, batch.slice(start, MOST_ROWS), place, added, unit)
    )
    return pa.RecordBatchReader.from_batches(extended(reader.schema, added), tagged)


def tag_batch(
    decide: Decide, batch: pa.RecordBatch, place: int, added: pa.Schema, unit: Unit
) -> Iterator[pa.RecordBatch]:
    """Tag one record batch, which by statement may become several.

    Parameters
    ----------
    decide : callable
        From statements to decisions.
    batch : pyarrow.RecordBatch
    place : int
        Of the column to read.
    added : pyarrow.Schema
        The new columns, see `leadclass.tagging.added_schema`.
    unit : {'row', 'statement'}

    Yields
    ------
    pyarrow.RecordBatch

    Raises
    ------
    LeadclassError
        If a row would be repeated beyond all bounds.
    """
    places, cells = tag_column(decide, batch.column(place), unit)
    schema = extended(batch.schema, added)
    if places is None:
        yield pa.RecordBatch.from_arrays([*batch.columns, *cells], schema=schema)
        return
    sizes = row_bytes(batch.columns)
    check_repeated(sizes, places, 1)
    for start, end in portions(sizes[places], _BYTES_AT_ONCE):
        own = [take(column, as_numbers(places[start:end])) for column in batch.columns]
        new = [cell.slice(start, end - start) for cell in cells]
        yield pa.RecordBatch.from_arrays([*own, *new], schema=schema)


#: Of rows that are repeated as much is put together at once: an Arrow string ends at two gigabytes.
_BYTES_AT_ONCE = 1 << 28


def extended(schema: pa.Schema, added: pa.Schema) -> pa.Schema:
    """The columns of a table and those that are added to it."""
    return pa.schema([*schema, *added], metadata=schema.metadata)


def check_unit(unit: str) -> None:
    """Refuse a unit that there is not.

    Raises
    ------
    LeadclassError
    """
    if unit not in UNITS:
        raise LeadclassError(f"no unit is called {unit!r}", remedy=f"use one of {', '.join(UNITS)}")


def text_place(schema: pa.Schema, text: str) -> int:
    """The place of the column to read.

    Raises
    ------
    LeadclassError
        If there is no such column, or several, or it does not hold text.
    """
    place = place_of(text, schema.names)
    kind = schema.field(place).type
    if not holds_text(kind):
        raise LeadclassError(
            f"holds {kind}, not text", column=text, remedy="name a column of text, or cast it"
        )
    return place


def place_of(text: str, names: Sequence[str]) -> int:
    """The place of the one column of this name, see `text_place`."""
    if names.count(text) != 1:
        problem = "several columns have this name" if text in names else "no such column"
        raise LeadclassError(
            f"{problem} in the table",
            column=text,
            remedy=f"name one of {some_of(names)}",
        )
    return names.index(text)


def _reader(batches: pa.RecordBatchReader | Iterable[pa.RecordBatch]) -> pa.RecordBatchReader:
    if isinstance(batches, pa.RecordBatchReader):
        return batches
    if hasattr(batches, "__arrow_c_stream__"):
        return pa.RecordBatchReader.from_stream(batches)
    if not isinstance(batches, Iterable):
        raise wrong_type("a stream", batches, "a pyarrow.RecordBatchReader or record batches")
    given = iter(batches)
    first = next(given, None)
    if first is None:
        raise LeadclassError(
            "no batch came, so the columns are not known",
            remedy="give a pyarrow.RecordBatchReader, which has a schema without one",
        )
    _check_batch(first)
    return pa.RecordBatchReader.from_batches(first.schema, _alike(chain([first], given)))


def _check_batch(batch: object) -> None:
    if not isinstance(batch, pa.RecordBatch):
        raise wrong_type("a batch", batch, "a pyarrow.RecordBatch")


def _alike(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The batches, as long as their columns are those of the first."""
    schema = None
    for number, batch in enumerate(batches, 1):
        _check_batch(batch)
        schema = schema or batch.schema
        if not batch.schema.equals(schema):
            raise LeadclassError(
                f"batch {number} has other columns than the first",
                remedy="cast every batch to one schema",
            )
        yield batch


def tag_frame(
    decide: Decide, frame: pd.DataFrame | pa.Table, text: str, unit: Unit
) -> pd.DataFrame | pa.Table:
    """Tag a pandas frame or an Arrow table, see `leadclass.Model.tag`."""
    check_unit(unit)
    if isinstance(frame, pa.Table):
        return tag_batches(decide, frame, text, unit).read_all()
    if not (hasattr(frame, "iloc") and hasattr(frame, "columns")):
        raise wrong_type("a table", frame, "a pandas.DataFrame or a pyarrow.Table")
    return _tag_pandas(decide, frame, text, unit)


def _tag_pandas(decide: Decide, frame: pd.DataFrame, text: str, unit: Unit) -> pd.DataFrame:
    names = [str(name) for name in frame.columns]
    column = frame.iloc[:, place_of(text, names)]
    values = [None if gone else v for v, gone in zip(column, column.isna(), strict=True)]
    try:
        strings = as_strings(values)
    except TypeError:
        raise LeadclassError(
            "holds something other than text", column=text, remedy="name a column of text"
        ) from None
    places, cells = tag_column(decide, strings, unit)
    tagged = (frame if places is None else frame.iloc[places]).copy()
    added, _ = added_schema(names, unit)
    for field, cell in zip(added, cells, strict=True):
        tagged[field.name] = cell.to_numpy(zero_copy_only=False)
    return tagged
