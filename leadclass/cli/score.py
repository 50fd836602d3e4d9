"""``leadclass score``: label statements given as arguments or as lines."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from leadclass.cli.options import ChosenModel, encoding_option, model_options, row_format_option

if TYPE_CHECKING:
    from leadclass.model import Model

_LINES_AT_ONCE = 2048


@click.command()
@click.argument("text", nargs=-1)
@model_options
@row_format_option
@encoding_option
def score(
    text: tuple[str, ...], model: ChosenModel, row_format: str | None, encoding: str | None
) -> None:
    """Label statements: leadership, management, both or neither.

    TEXT is one statement; without any, each line of standard input is one.
    """
    if not text and sys.stdin.isatty():
        raise click.UsageError("give statements as arguments, or lines on standard input")
    row_format = row_format or ("table" if sys.stdout.isatty() else "jsonl")
    rows = _scored(model.load(), text or _lines(encoding))
    if row_format == "table":
        from leadclass.views.scores import show_scores  # rich, which a pipe does not need

        show_scores(rows)
    else:
        from leadclass.labels import COLUMNS
        from leadclass.views.rows import print_rows

        print_rows(rows, row_format, ("text", *COLUMNS), own=("text",))


def _lines(encoding: str | None) -> Iterator[str]:
    """The lines of standard input."""
    from leadclass.encodings import encoding_of, undecodable

    asked = encoding_of(b"", encoding, "standard input")
    # A byte order mark at the beginning is no part of the first line.
    asked = "utf-8-sig" if asked == "utf-8" else asked
    try:
        for line in io.TextIOWrapper(sys.stdin.buffer, asked):
            yield line.rstrip("\r\n")
    except UnicodeError:
        raise undecodable("standard input", asked) from None


def _scored(model: Model, lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    from leadclass.tagging import label_rows  # numpy and pyarrow

    lines = iter(lines)
    while texts := list(islice(lines, _LINES_AT_ONCE)):
        for statement, row in zip(texts, label_rows(model.decide(texts)), strict=True):
            yield {"text": statement} | row
