"""Labelled statements as a table on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rich import box
from rich.table import Table
from rich.text import Text

from leadclass.labels import split_traits
from leadclass.profile import spoken
from leadclass.views.console import STYLES, console, harmless, label_text, percent


def show_scores(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print a table of statements with label, probabilities and traits."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("label", no_wrap=True)
    table.add_column("L", justify="right", no_wrap=True)
    table.add_column("M", justify="right", no_wrap=True)
    table.add_column("statement", ratio=1, overflow="fold")
    table.add_column("traits")
    for row in rows:
        table.add_row(
            label_text(row["label"]),
            percent(row["p_leadership"]),
            percent(row["p_management"]),
            Text(harmless(row["text"]), "" if row["label"] != "neither" else STYLES["neither"]),
            "\n".join(map(spoken, split_traits(row["traits"]))),
        )
    out = console()
    out.print(table)
    out.print("L and M: probability of leadership and of management.", style="dim")
