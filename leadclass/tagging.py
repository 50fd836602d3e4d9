"""A column of texts in, the columns that are added beside it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings
from leadclass.decisions import Decisions, pool
from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, PROBABILITY_DECIMALS, SIDES, UNITS, Unit, join_traits
from leadclass.statements import split

if TYPE_CHECKING:
    import pandas as pd

#: What says what statements show: `leadclass.Model.decide`.
Decide = Callable[[Sequence[str | None]], Decisions]

#: What stands before a new column's name where the table has a column of that name already.
PREFIX = "leadclass_"

_LABEL_TYPES = (pa.string(), pa.float64(), pa.float64(), pa.string())
_STATEMENT_TYPES = {"statement": pa.string(), "start": pa.int64(), "end": pa.int64()}


def tag_column(
    decide: Decide, texts: pa.Array, unit: Unit
) -> tuple[np.ndarray | None, list[pa.Array]]:
    """The cells that are added beside a column of texts.

    Each text is split into statements first. By row, it shows every side and trait that any of
    its statements shows, with the probability of the strongest.

    Parameters
    ----------
    decide : callable
        From statements to decisions.
    texts : Arrow array of strings, length n
    unit : {'row', 'statement'}

    Returns
    -------
    places : ndarray of int or None
        For each row of the result the row of `texts` it belongs to; None if they are the same.
    cells : list of pyarrow.Array
        The new columns, in the order of `added_schema`.
    """
    values = as_strings(texts).to_pylist()
    statements = [split(value) if value else [] for value in values]
    counts = np.array([len(found) for found in statements], np.int64)
    flat = [statement for found in statements for statement in found]
    decisions = decide([statement.text for statement in flat])
    if unit == "row":
        by_text = pool(decisions, np.concatenate([[0], np.cumsum(counts)]))
        return None, _arrays(_label_cells(by_text), _LABEL_TYPES)
    # A text without statements keeps its row, with nothing in it.
    kept = np.maximum(counts, 1)
    filled = np.repeat(counts > 0, kept)
    spread: list[Any] = [None] * len(filled)
    for place, statement in zip(np.flatnonzero(filled), flat, strict=True):
        spread[place] = statement
    by_statement = pool(decisions, np.concatenate([[0], np.cumsum(filled)]))
    own = [[s and s.text for s in spread], [s and s.start for s in spread]]
    cells = [*own, [s and s.end for s in spread], *_label_cells(by_statement)]
    types = (*_STATEMENT_TYPES.values(), *_LABEL_TYPES)
    return np.repeat(np.arange(len(values)), kept), _arrays(cells, types)


def _arrays(columns: Sequence[list[Any]], types: Sequence[pa.DataType]) -> list[pa.Array]:
    return [pa.array(cells, kind) for cells, kind in zip(columns, types, strict=True)]


def added_schema(existing: Sequence[str], unit: Unit) -> tuple[pa.Schema, dict[str, str]]:
    """The columns that are added to a table.

    Parameters
    ----------
    existing : sequence of str
        The columns that it has.
    unit : {'row', 'statement'}

    Returns
    -------
    schema : pyarrow.Schema
    renamed : dict of str to str
        New columns whose name the table has already, and the name they get instead.
    """
    types = dict(zip(COLUMNS, _LABEL_TYPES, strict=True))
    if unit == "statement":
        types = _STATEMENT_TYPES | types
    taken = set(existing)
    fields, renamed = [], {}
    for usual, kind in types.items():
        name, number = usual, 1
        while name in taken:
            name = f"{PREFIX}{usual}" + (f"_{number}" if number > 1 else "")
            number += 1
        taken.add(name)
        fields.append(pa.field(name, kind))
        if name != usual:
            renamed[usual] = name
    return pa.schema(fields), renamed


def label_rows(decisions: Decisions) -> list[dict[str, Any]]:
    """The cells of each decision by column, with None for a missing probability."""
    return [
        dict(zip(COLUMNS, row, strict=True)) for row in zip(*_label_cells(decisions), strict=True)
    ]


def _label_cells(decisions: Decisions) -> list[list[Any]]:
    rounded = np.round(decisions.probabilities[:, : len(SIDES)], PROBABILITY_DECIMALS)
    # What is not equal to itself is NaN.
    sides = [[p if p == p else None for p in side] for side in rounded.T.tolist()]
    traits = [join_traits(traits) for traits in decisions.traits]
    return [decisions.labels.tolist(), *sides, traits]


def tag_frame(
    decide: Decide, frame: pd.DataFrame | pa.Table, text: str, unit: Unit
) -> pd.DataFrame | pa.Table:
    """Tag a pandas frame or an Arrow table, see `leadclass.Model.tag`."""
    if unit not in UNITS:
        raise LeadclassError(f"no unit is called {unit!r}", remedy=f"use one of {', '.join(UNITS)}")
    if isinstance(frame, pa.Table):
        return _tag_arrow(decide, frame, text, unit)
    if not (hasattr(frame, "iloc") and hasattr(frame, "columns")):
        raise TypeError("tag takes a pandas DataFrame or a pyarrow Table")
    return _tag_pandas(decide, frame, text, unit)


def _tag_arrow(decide: Decide, table: pa.Table, text: str, unit: Unit) -> pa.Table:
    column = table.column(_place(text, table.column_names))
    try:
        strings = as_strings(column)
    except (pa.ArrowException, TypeError):
        raise LeadclassError(f"holds {column.type}, not text", column=text) from None
    places, cells = tag_column(decide, strings, unit)
    tagged = table if places is None else table.take(pa.array(places))
    added, _ = added_schema(table.column_names, unit)
    for field, values in zip(added, cells, strict=True):
        tagged = tagged.append_column(field, values)
    return tagged


def _tag_pandas(decide: Decide, frame: pd.DataFrame, text: str, unit: Unit) -> pd.DataFrame:
    names = [str(name) for name in frame.columns]
    column = frame.iloc[:, _place(text, names)]
    values = [None if gone else v for v, gone in zip(column, column.isna(), strict=True)]
    try:
        strings = as_strings(values)
    except TypeError:
        raise LeadclassError("holds something other than text", column=text) from None
    places, cells = tag_column(decide, strings, unit)
    tagged = (frame if places is None else frame.iloc[places]).copy()
    added, _ = added_schema(names, unit)
    for field, cell in zip(added, cells, strict=True):
        tagged[field.name] = cell.to_numpy(zero_copy_only=False)
    return tagged


def _place(text: str, names: Sequence[str]) -> int:
    if names.count(text) != 1:
        problem = "several columns have this name" if text in names else "no such column"
        raise LeadclassError(
            f"{problem} in the table",
            column=text,
            remedy=f"name one of {', '.join(map(repr, names))}",
        )
    return names.index(text)
