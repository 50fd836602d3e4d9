"""``leadclass tag``: add columns to a table."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from leadclass.cli.options import (
    PATH,
    ChosenModel,
    delimiter_option,
    encoding_option,
    model_options,
)
from leadclass.cli.progress import rows_bar
from leadclass.files import STANDARD_STREAM
from leadclass.labels import UNITS, Unit


@click.command()
@click.argument("table", type=PATH)
@click.option("--text", "-t", metavar="COLUMN", required=True, help="The column to read.")
@click.option(
    "--output",
    "-o",
    metavar="OUT",
    required=True,
    help="The file to write, in the format of its extension, or the folder; - is standard output.",
)
@click.option(
    "--unit",
    type=click.Choice(UNITS),
    default=UNITS[0],
    show_default=True,
    help="Label each row as a whole, or write a row for each of its statements.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    metavar="N",
    help="Use N processes; by default as many as there are cores.",
)
@model_options
@encoding_option
@delimiter_option
def tag(
    table: Path,
    text: str,
    output: str,
    unit: Unit,
    jobs: int | None,
    model: ChosenModel,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Add label, probabilities and traits to every row of a table.

    TABLE is a csv, tsv, jsonl, parquet or xlsx file, the first three also compressed (.gz, .bz2,
    .zst, .lz4, .br), or a folder of them, for which OUT is a new folder. Its own columns come back
    unchanged, before label, p_leadership, p_management and traits.
    """
    from leadclass.parallel import cores  # numpy and pyarrow, which --help does not need
    from leadclass.table_tagging import tag_table

    loaded = model.load()
    with rows_bar(silent=output == STANDARD_STREAM) as progress:
        done = tag_table(
            loaded,
            table,
            output,
            text,
            unit=unit,
            jobs=jobs or cores(),
            encoding=encoding,
            delimiter=delimiter,
            progress=progress,
        )
    for name, instead in done.renamed.items():
        click.echo(f"The table has a column {name!r}: the new one is {instead!r}.", err=True)
    if output != STANDARD_STREAM and sys.stderr.isatty():
        click.echo(f"{done.n_rows:,} rows read, {done.n_written:,} written to {output}", err=True)
