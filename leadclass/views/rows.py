"""Rows of results as JSON Lines or CSV, for the next program in the pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any


def print_rows(rows: Iterable[Mapping[str, Any]], kind: str, columns: Sequence[str]) -> None:
    """Print rows as they come, a line each.

    Parameters
    ----------
    rows : iterable of mappings
    kind : {'jsonl', 'csv'}
    columns : sequence of str
        The keys of every row.
    """
    if kind == "jsonl":
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    from leadclass.tables.csv_files import csv_writer  # all formats of tables, late for that

    writer = csv_writer(sys.stdout)
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in rows)


def print_json(page: Mapping[str, Any]) -> None:
    """Print one JSON object over several lines."""
    print(json.dumps(page, indent=2, ensure_ascii=False))
