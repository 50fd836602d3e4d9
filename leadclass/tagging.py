"""A column of texts in, the columns that are added beside it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, as_strings
from leadclass.decisions import Decisions, pool
from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, PROBABILITY_DECIMALS, SIDES, Unit, join_traits
from leadclass.statements import split_column

#: What says what statements show: `leadclass.Model.decide`.
Decide = Callable[[pa.Array], Decisions]

#: What stands before a new column's name where the table has a column of that name already.
PREFIX = "leadclass_"

#: Bytes that one row may become where each of its statements has a row with all its columns.
MOST_REPEATED = 1 << 30

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


def check_repeated(sizes: np.ndarray, places: np.ndarray, first_row: int) -> None:
    """Refuse a row that would be repeated, a time for each of its statements, beyond all bounds.

    Parameters
    ----------
    sizes : ndarray, shape (n,)
        The bytes of each row.
    places : ndarray of int
        For each row of the result the row it belongs to.
    first_row : int
        The number of the first.

    Raises
    ------
    LeadclassError
    """
    if sizes.sum() * len(places) <= MOST_REPEATED:
        return
    counts = np.bincount(places, minlength=len(sizes))
    row = int((sizes * counts).argmax())
    if sizes[row] * counts[row] > MOST_REPEATED:
        raise LeadclassError(
            f"has {counts[row]:,} statements, too many to repeat {sizes[row]:,.0f} bytes for each",
            row=first_row + row,
            remedy="tag it by row, or cut it into several",
        )


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
