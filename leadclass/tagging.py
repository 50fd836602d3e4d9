"""A table in, the same table out with label, probabilities and traits beside every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings
from leadclass.decisions import Decisions, pool
from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, SIDES, join_traits, label_of
from leadclass.profile import PROBABILITY_DECIMALS
from leadclass.statements import split
from leadclass.tables import create_table, format_of, open_table
from leadclass.tables.reading import holds_text
from leadclass.tables.writing import STDOUT
from leadclass.units import UNITS, Unit

if TYPE_CHECKING:
    import pandas as pd

    from leadclass.model import Model

#: What stands before a new column's name where the table has a column of that name already.
PREFIX = "leadclass_"

_LABEL_FIELDS = [
    pa.field(COLUMNS[0], pa.string()),
    pa.field(COLUMNS[1], pa.float64()),
    pa.field(COLUMNS[2], pa.float64()),
    pa.field(COLUMNS[3], pa.string()),
]
_STATEMENT_FIELDS = [
    pa.field("statement", pa.string()),
    pa.field("start", pa.int64()),
    pa.field("end", pa.int64()),
]


@dataclass(frozen=True)
class Tagged:
    """How a table was tagged.

    Attributes
    ----------
    n_rows : int
        Rows read.
    n_written : int
        Rows written, more than were read where each statement has its own.
    renamed : dict of str to str
        New columns whose name the table had already, and the name they have instead.
    """

    n_rows: int
    n_written: int
    renamed: dict[str, str]


def tag_table(
    model: Model,
    source: str | PathLike[str],
    target: str | PathLike[str],
    text: str,
    *,
    unit: Unit = "row",
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Tagged:
    """Tag a table file, in memory that does not grow with it.

    Parameters
    ----------
    model : Model
    source, target : path-like
        `target` may be ``-``, standard output in the format of `source`.
    text : str
        The column to read.
    unit : {'row', 'statement'}
        Whether a row of the result is a row of the table or one of its statements.
    encoding, delimiter : str, optional
        Of `source`, where they are not what its bytes say.
    progress : callable, optional
        Called with the number of rows done after each batch.

    Returns
    -------
    Tagged

    Raises
    ------
    LeadclassError
        If the table or a row of it cannot be read, or the target not be written; then no
        target is left behind.
    """
    if fspath(target) != STDOUT and _same_file(source, target):
        raise LeadclassError(
            "would overwrite the table that is read", file=target, remedy="name another with -o"
        )
    with open_table(source, encoding=encoding, delimiter=delimiter) as table:
        column = table.text_index(text, "-t")
        added, renamed = _added_schema(table.schema.names, unit)
        kind = table.format
        if fspath(target) != STDOUT and format_of(target).name != kind.name:
            kind = format_of(target)
        n_rows = n_written = 0
        with create_table(target, kind, table.schema, added) as writer:
            for batch in table:
                places, cells = tag_column(model, batch.rows.column(column), unit)
                rows = batch if places is None else batch.take(places)
                try:
                    writer.write(rows, cells)
                except LeadclassError as error:
                    error.file = error.file or fspath(source)
                    raise
                n_rows += len(batch)
                n_written += len(rows)
                if progress is not None:
                    progress(n_rows)
    return Tagged(n_rows, n_written, renamed)


def tag_frame(
    model: Model, frame: pd.DataFrame | pa.Table, text: str, unit: Unit = "row"
) -> pd.DataFrame | pa.Table:
    """Tag a pandas frame or an Arrow table, see `leadclass.Model.tag`."""
    if unit not in UNITS:
        raise LeadclassError(f"no unit is called {unit!r}", remedy=f"use one of {', '.join(UNITS)}")
    tag = _tag_arrow if isinstance(frame, pa.Table) else _tag_pandas
    return tag(model, frame, text, unit)


def _tag_arrow(model: Model, table: pa.Table, text: str, unit: Unit) -> pa.Table:
    _check_column(text, table.column_names)
    column = table.column(text)
    if not holds_text(column.type):
        raise LeadclassError(f"holds {column.type}, not text", column=text)
    places, cells = tag_column(model, as_strings(column), unit)
    tagged = table if places is None else table.take(pa.array(places))
    added, _ = _added_schema(table.column_names, unit)
    for field, values in zip(added, cells, strict=True):
        tagged = tagged.append_column(field, values)
    return tagged


def _tag_pandas(model: Model, frame: pd.DataFrame, text: str, unit: Unit) -> pd.DataFrame:
    names = [str(name) for name in frame.columns]
    _check_column(text, names)
    column = frame.iloc[:, names.index(text)]
    values = [None if gone else v for v, gone in zip(column, column.isna(), strict=True)]
    try:
        strings = as_strings(values)
    except TypeError:
        raise LeadclassError("holds something other than text", column=text) from None
    places, cells = tag_column(model, strings, unit)
    tagged = frame if places is None else frame.iloc[places]
    added, _ = _added_schema(names, unit)
    new = zip(added, cells, strict=True)
    return tagged.assign(**{f.name: v.to_numpy(zero_copy_only=False) for f, v in new})


def _check_column(text: str, names: Sequence[str]) -> None:
    if text not in names:
        raise LeadclassError(
            "the table has no such column",
            column=text,
            remedy=f"name one of {', '.join(map(repr, names))}",
        )


def tag_column(
    model: Model, texts: pa.Array, unit: Unit
) -> tuple[np.ndarray | None, list[pa.Array]]:
    """The cells that are added beside a column of texts.

    Parameters
    ----------
    model : Model
    texts : Arrow array of strings, length n
    unit : {'row', 'statement'}

    Returns
    -------
    places : ndarray of int or None
        For each row of the result the row of `texts` it belongs to; None if they are the same.
    cells : list of pyarrow.Array
        The new columns, in the order of the fields for `unit`.
    """
    values = as_strings(texts).to_pylist()
    statements = [split(value) if value else [] for value in values]
    counts = np.array([len(found) for found in statements], np.int64)
    flat = [statement for found in statements for statement in found]
    decisions = model.decide([statement.text for statement in flat])
    offsets = np.concatenate([[0], np.cumsum(counts)])
    if unit == "row":
        return None, _label_cells(pool(decisions, offsets))
    # A text without statements keeps its row, with nothing in it.
    kept = np.maximum(counts, 1)
    places = np.repeat(np.arange(len(values)), kept)
    filled = np.repeat(counts > 0, kept)
    bounds = np.concatenate([[0], np.cumsum(filled)])
    spread: list[Any] = [None] * len(places)
    for place, statement in zip(np.flatnonzero(filled), flat, strict=True):
        spread[place] = statement
    columns = [
        pa.array([s and s.text for s in spread], pa.string()),
        pa.array([s and s.start for s in spread], pa.int64()),
        pa.array([s and s.end for s in spread], pa.int64()),
    ]
    return places, columns + _label_cells(pool(decisions, bounds))


def _label_cells(decisions: Decisions) -> list[pa.Array]:
    sides = [
        pa.array(np.round(decisions.probabilities[:, i], PROBABILITY_DECIMALS), from_pandas=True)
        for i in range(len(SIDES))
    ]
    return [
        pa.array(decisions.labels, pa.string()),
        *sides,
        pa.array([join_traits(traits) for traits in decisions.traits], pa.string()),
    ]


def label_row(decisions: Decisions, place: int, *, blank: bool = False) -> dict[str, Any]:
    """The cells that belong to one text, by column; a blank one shows nothing."""
    probabilities = [
        None if blank else round(float(p), PROBABILITY_DECIMALS)
        for p in decisions.probabilities[place, : len(SIDES)]
    ]
    return dict(
        zip(
            COLUMNS,
            (
                label_of(False, False) if blank else decisions.labels[place],
                *probabilities,
                "" if blank else join_traits(decisions.traits[place]),
            ),
            strict=True,
        )
    )


def _added_schema(existing: Sequence[str], unit: Unit) -> tuple[pa.Schema, dict[str, str]]:
    fields = _LABEL_FIELDS if unit == "row" else _STATEMENT_FIELDS + _LABEL_FIELDS
    taken = set(existing)
    named, renamed = [], {}
    for field in fields:
        name, number = field.name, 1
        while name in taken:
            name = f"{PREFIX}{field.name}" + (f"_{number}" if number > 1 else "")
            number += 1
        taken.add(name)
        named.append(field.with_name(name))
        if name != field.name:
            renamed[field.name] = name
    return pa.schema(named), renamed


def _same_file(source: str | PathLike[str], target: str | PathLike[str]) -> bool:
    return Path(target).exists() and Path(source).exists() and Path(source).samefile(target)
