"""Rows of results as JSON Lines or CSV, for the next program in the pipe."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any


def print_rows(rows: Iterable[Mapping[str, Any]], kind: str) -> None:
    """Print rows as they come, a line each.

    Parameters
    ----------
    rows : iterable of mappings
        All with the same keys.
    kind : {'jsonl', 'csv'}
    """
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if kind == "jsonl":
            print(json.dumps(row, ensure_ascii=False))
            continue
        if writer is None:
            writer = csv.DictWriter(sys.stdout, list(row), lineterminator="\n")
            writer.writeheader()
        writer.writerow(row)


def print_json(page: Mapping[str, Any]) -> None:
    """Print one JSON object over several lines."""
    print(json.dumps(page, indent=2, ensure_ascii=False))
