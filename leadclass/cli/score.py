"""``leadclass score``: label statements given as arguments or as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from leadclass.cli.options import model_option, row_format_option

if TYPE_CHECKING:
    from pathlib import Path

    from leadclass.model import Model

_LINES_AT_ONCE = 2048


@click.command()
@click.argument("text", nargs=-1)
@model_option
@row_format_option
def score(text: tuple[str, ...], model: Path | None, row_format: str | None) -> None:
    """Label statements: leadership, management, both or neither.

    TEXT is one statement; without any, each line of standard input is one.
    """
    from leadclass.model import load  # numpy and pyarrow, which --help does not need

    if not text and sys.stdin.isatty():
        raise click.UsageError("give statements as arguments, or lines on standard input")
    row_format = row_format or ("table" if sys.stdout.isatty() else "jsonl")
    lines = text or (line.rstrip("\r\n") for line in sys.stdin)
    rows = _scored(load(model), lines)
    if row_format == "table":
        from leadclass.views.scores import show_scores  # rich, which a pipe does not need

        show_scores(rows)
    else:
        from leadclass.views.rows import print_rows

        print_rows(rows, row_format)


def _scored(model: Model, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    from leadclass.tagging import label_row  # numpy and pyarrow

    lines = iter(lines)
    while texts := list(islice(lines, _LINES_AT_ONCE)):
        decisions = model.decide(texts)
        for i, statement in enumerate(texts):
            yield {"text": statement} | label_row(decisions, i, blank=not statement.strip())
