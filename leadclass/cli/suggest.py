"""``leadclass suggest``: the statements of a table that are most worth labelling."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.messages import tell
from leadclass.cli.options import (
    PATH,
    delimiter_option,
    encoding_option,
    model_option,
    needing,
    row_format_option,
    text_option,
)
from leadclass.cli.progress import rows_bar
from leadclass.files import check_file, refuse_overwriting
from leadclass.labels import UNITS, Unit

if TYPE_CHECKING:
    from leadclass.suggesting.suggest import Suggestions


@click.command()
@click.argument("table", type=PATH)
@text_option("text")
@click.option(
    "-n",
    "number",
    type=click.IntRange(1, 10_000),
    metavar="N",
    default=50,
    show_default=True,
    help="How many to suggest.",
)
@click.option(
    "--output",
    "-o",
    type=PATH,
    metavar="OUT",
    help="The table to write, for leadclass label; without it they are shown.",
)
@click.option(
    "--labelled",
    type=PATH,
    metavar="PATH",
    multiple=True,
    help="A table of statements that are labelled already, or a folder of them: they are not "
    "suggested, nor what is all but the same. May be repeated.",
)
@click.option(
    "--adapt",
    is_flag=True,
    help="Adapt the model to what is labelled first, as train --from does, but write none; wants a "
    "model that has not learnt from it.",
)
@click.option(
    "--unit",
    type=click.Choice(UNITS),
    default="statement",
    show_default=True,
    help="Suggest statements, into which longer texts are cut, or whole rows.",
)
@model_option
@row_format_option
@encoding_option
@delimiter_option
def suggest(
    table: Path,
    text: str,
    number: int,
    output: Path | None,
    labelled: tuple[Path, ...],
    adapt: bool,
    unit: Unit,
    model: Path | None,
    row_format: str | None,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Suggest the statements most worth labelling.

    TABLE is a csv, tsv, jsonl or parquet file of any length. Suggested are statements that the
    model is unsure of and whose labels tell most of all others that it is unsure of, none all but
    the same as another or as what is labelled, of all kinds if there is a column kind. The column
    reason says why.
    """
    from leadclass.model import load  # numpy and pyarrow, which --help does not need
    from leadclass.suggesting.suggest import suggest as suggest_from
    from leadclass.suggesting.suggest import write_suggestions
    from leadclass.tables import format_of

    adapting = None
    if adapt:
        if not labelled:
            raise click.UsageError("--adapt needs --labelled, what to adapt to")
        with needing("adapting", "train"):
            from leadclass.training.adapting import adapted  # scikit-learn
        adapting = adapted
    check_file(table)
    if output is not None:
        refuse_overwriting(output, table, *labelled)
        format_of(output)  # refused before the table is read, not after
    loaded = load(model)
    with rows_bar() as progress:
        found = suggest_from(
            loaded,
            table,
            text,
            number,
            unit=unit,
            labelled=labelled,
            adapt=adapting,
            encoding=encoding,
            delimiter=delimiter,
            progress=progress,
        )
    if output is not None:
        write_suggestions(output, found)
    if output is None or row_format is not None or sys.stdout.isatty():
        _show(found, row_format or ("table" if sys.stdout.isatty() else "jsonl"))
    if sys.stderr.isatty():
        counted = f"{len(found.chosen):,} of {found.n_statements:,} statements"
        tell(f"{counted}{f' written to {output}' if output else ''}")
        if output is not None:
            tell(f"Label them with: {shlex.join(['leadclass', 'label', str(output)])}")


def _show(found: Suggestions, row_format: str) -> None:
    if row_format == "table":
        from leadclass.views.suggestions import show_suggestions  # rich, as for other tables

        show_suggestions(found)
        return
    from leadclass.labelling.questions import CARRIED
    from leadclass.views.rows import print_rows

    rows = found.rows()
    print_rows(rows, row_format, list(rows[0]), own=CARRIED)
