"""Suggested statements as a table on a terminal."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from leadclass.suggesting.suggest import Suggestions
from leadclass.views.console import DIM, console, harmless


def show_suggestions(suggestions: Suggestions) -> None:
    """Print a table of statements, each with the reason why it is suggested."""
    kinds = any(one.carried.get("kind") for one in suggestions.chosen)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=False)
    table.add_column("row", justify="right", no_wrap=True, style=DIM)
    table.add_column("statement", ratio=3, overflow="fold")
    if kinds:
        table.add_column("kind", overflow="fold")
    table.add_column("reason", ratio=2, overflow="fold")
    for one in suggestions.chosen:
        kind = [Text(harmless(one.carried.get("kind", "")))] if kinds else []
        reason = "\n".join(one.reason.split("; "))
        table.add_row(f"{one.row:,}", Text(harmless(one.text)), *kind, Text(reason))
    console().print(table)
