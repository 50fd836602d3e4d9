"""The statements that two readings differ on in, a table to label them a third time out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from os import PathLike

import pyarrow as pa

from leadclass.curation.agreement import Difference
from leadclass.tables import batch_of, create_table, format_of

#: The column that is to be filled in.
_TO_FILL = "label"

_COLUMNS = pa.schema(
    [
        (field.name, pa.int64() if field.name.endswith("_row") else pa.string())
        for field in fields(Difference)
    ]
    + [(_TO_FILL, pa.string())]
)


def write_differences(differences: Sequence[Difference], path: str | PathLike[str]) -> None:
    """Write statements with both their labels, and an empty column for a third.

    Raises
    ------
    LeadclassError
        If the table cannot be written.
    """
    columns = {
        field.name: [getattr(one, field.name) for one in differences]
        for field in fields(Difference)
    } | {_TO_FILL: [""] * len(differences)}
    rows = pa.RecordBatch.from_pydict(columns, schema=_COLUMNS)
    with create_table(path, format_of(path), _COLUMNS, pa.schema([])) as writer:
        writer.write(batch_of(rows), [])
