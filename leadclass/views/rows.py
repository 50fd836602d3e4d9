"""Rows of results as JSON Lines or CSV, for the next program in the pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from leadclass.harmless import guarded, harmless_json, harmless_lines


def print_rows(
    rows: Iterable[Mapping[str, Any]], kind: str, columns: Sequence[str], own: Collection[str] = ()
) -> None:
    """Print rows as they come, a line each.

    In a csv no cell is one that a spreadsheet takes for a formula, but those that the user gave.

    Parameters
    ----------
    rows : iterable of mappings
    kind : {'jsonl', 'csv'}
    columns : sequence of str
        The keys of every row.
    own : collection of str
        Those of them whose cells are the user's and given back as they were.
    """
    if kind == "jsonl":
        for row in rows:
            print(harmless_json(json.dumps(row, ensure_ascii=False)))
        return
    from leadclass.tables.csv_files import csv_writer  # all formats of tables, late for that

    writer = csv_writer(sys.stdout)
    writer.writerow(columns)
    shown = sys.stdout.isatty()
    for row in rows:
        writer.writerow([_cell(row[name], name in own, shown) for name in columns])


def _cell(value: Any, own: bool, shown: bool) -> Any:
    if not isinstance(value, str):
        return value
    value = value if own else guarded(value)
    return harmless_lines(value) if shown else value


def print_json(page: Mapping[str, Any]) -> None:
    """Print one JSON object over several lines."""
    print(harmless_json(json.dumps(page, indent=2, ensure_ascii=False)))
