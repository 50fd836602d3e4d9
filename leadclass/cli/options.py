"""The options that several commands share, each said once."""

from __future__ import annotations

from pathlib import Path

import click

ROW_FORMATS = ("table", "jsonl", "csv")
PAGE_FORMATS = ("table", "json")

PATH = click.Path(path_type=Path)

model_option = click.option(
    "--model",
    "-m",
    type=PATH,
    metavar="DIR",
    help="The folder of the model to use; the shipped one by default.",
)
row_format_option = click.option(
    "--format",
    "-f",
    "row_format",
    type=click.Choice(ROW_FORMATS),
    help="How rows come out: by default a table on a terminal, jsonl in a pipe.",
)
page_format_option = click.option(
    "--format",
    "-f",
    "page_format",
    type=click.Choice(PAGE_FORMATS),
    default=PAGE_FORMATS[0],
    help="A page to read, or JSON for machines.",
)
encoding_option = click.option(
    "--encoding",
    metavar="NAME",
    help="The encoding of the input, such as cp1252; UTF-8 by default.",
)


def _one_character(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    if value is not None and (len(value) != 1 or value in '"\r\n'):
        raise click.BadParameter("is one character, no quote and no line end")
    return value


delimiter_option = click.option(
    "--delimiter",
    metavar="CHAR",
    callback=_one_character,
    help="What stands between the cells of a csv; by default what its header uses.",
)
