"""A column of texts in, the columns that are added beside it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, as_strings, holds_text
from leadclass.decisions import Decisions, pool
from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, PROBABILITY_DECIMALS, SIDES, UNITS, Unit, join_traits
from leadclass.statements import split_column

if TYPE_CHECKING:
    import pandas as pd

#: What says what statements show: `leadclass.Model.decide`.
Decide = Callable[[pa.Array], Decisions]

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
    column = as_strings(texts)
    found = split_column(column)
    decisions = decide(found.texts)
    if unit == "row":
        return None, label_cells(pool(decisions, found.offsets))
    # A text without statements keeps its row, with nothing in it.
    counts = np.diff(found.offsets)
    kept = np.maximum(counts, 1)
    filled = np.repeat(counts > 0, kept)
    places = as_numbers(np.cumsum(filled) - 1, ~filled)
    own = [as_numbers(found.starts), as_numbers(found.ends)]
    by_statement = pool(decisions, np.concatenate([[0], np.cumsum(filled)]))
    cells = [cell.take(places) for cell in (found.texts, *own)]
    return np.repeat(np.arange(len(column)), kept), cells + label_cells(by_statement)


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
    cells = [cell.to_pylist() for cell in label_cells(decisions)]
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*cells, strict=True)]


def label_cells(decisions: Decisions) -> list[pa.Array]:
    """The columns of some decisions: label, probabilities, traits."""
    rounded = np.round(decisions.probabilities[:, : len(SIDES)], PROBABILITY_DECIMALS)
    sides = [as_numbers(side, np.isnan(side)) for side in rounded.T]
    names, places = decisions.distinct_traits()
    joined = as_strings([join_traits(traits) for traits in names])
    return [as_strings(decisions.labels), *sides, joined.take(as_numbers(places))]


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
    if not holds_text(column.type):
        raise LeadclassError(f"holds {column.type}, not text", column=text)
    places, cells = tag_column(decide, as_strings(column), unit)
    tagged = table if places is None else table.take(as_numbers(places))
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
