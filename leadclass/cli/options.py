"""The options that several commands share, each said once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from leadclass.errors import missing_extra

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


def format_option(
    name: str, choices: tuple[str, ...], shown: str, default: str | None = None
) -> Callable[[click.decorators.FC], click.decorators.FC]:
    """The option ``--format``, passed on as `name`."""
    return click.option(
        "--format", "-f", name, type=click.Choice(choices), default=default, help=shown
    )


row_format_option = format_option(
    "row_format",
    ROW_FORMATS,
    "How rows come out: by default a table on a terminal, jsonl in a pipe.",
)
page_format_option = format_option(
    "page_format", PAGE_FORMATS, "A page to read, or JSON for machines.", PAGE_FORMATS[0]
)
texts_option = click.option(
    "--texts",
    type=PATH,
    metavar="PATH",
    multiple=True,
    help="A table of texts that stand-off labels name by digest. May be repeated.",
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


@contextmanager
def needing(purpose: str, extra: str) -> Iterator[None]:
    """Say in one line which extra a command needs, where its import fails."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing_extra(error.name or extra, extra, purpose) from None
