"""What the benchmarks of accuracy share: their arguments, and the table that they write."""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path


def arguments(purpose: str | None) -> argparse.ArgumentParser:
    """The arguments of a benchmark that trains on some tables and measures on another.

    Parameters
    ----------
    purpose : str
        Of which the first line is shown.
    """
    parser = argparse.ArgumentParser(description=(purpose or "").splitlines()[0])
    parser.add_argument("-c", "--corpus", action="append", required=True, help="learn from these")
    parser.add_argument("--texts", action="append", default=[], help="where stand-off texts are")
    parser.add_argument("--test", required=True, help="measure on this")
    parser.add_argument("-o", "--output", type=Path, help="the csv to write")
    return parser


def write_table(path: Path, heads: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Write a csv that the pages show."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([heads, *rows])
