"""``leadclass tag``: add columns to a table."""

from __future__ import annotations

import sys

import click

from leadclass.cli.messages import tell
from leadclass.cli.options import (
    ChosenModel,
    delimiter_option,
    encoding_option,
    model_options,
    text_option,
)
from leadclass.cli.progress import rows_bar
from leadclass.files import STANDARD_STREAM
from leadclass.labels import UNITS, Unit


@click.command()
@click.argument("table", type=click.Path())
@text_option()
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
    "--no-guard",
    "guards",
    flag_value=False,
    default=True,
    help="In a csv or tsv, write no apostrophe before statements that begin with =, +, - or @, "
    "which a spreadsheet would take for formulas.",
)
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(1),
    metavar="N",
    help="Use up to N processes; by default as many as there are cores.",
)
@click.option(
    "--resume",
    is_flag=True,
    help="Go on with what the same command has left when it was broken off: the result is that of "
    "an unbroken run, byte for byte.",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="What does the work: this program, or Spark, which also reads globs and addresses such "
    "as s3a://, and writes a folder of parquet or csv parts.",
)
@click.option(
    "--master",
    metavar="URL",
    help="The address of the Spark cluster; by default what Spark is set to, else local[*].",
)
@model_options
@encoding_option
@delimiter_option
def tag(
    table: str,
    text: str,
    output: str,
    unit: Unit,
    guards: bool,
    jobs: int | None,
    resume: bool,
    engine: str,
    master: str | None,
    model: ChosenModel,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Add label, probabilities and traits to every row of a table.

    TABLE is a csv, tsv, jsonl, parquet or xlsx file, the first three also compressed (.gz, .bz2,
    .zst, .lz4, .br), or a folder of them, for which OUT is a new folder. Its own columns come back
    unchanged, before label, p_leadership, p_management and traits.

    OUT appears when it is whole. Whatever breaks a long run off, what it has done stays beside OUT,
    and the same command with --resume goes on from there.
    """
    if engine == "spark":
        from leadclass.spark.files import tag_files  # numpy and pyarrow, as below

        if jobs is not None:
            raise click.UsageError("--jobs is for --engine local; Spark has its own")
        if resume:
            raise click.UsageError("--resume is for --engine local")
        renamed = tag_files(
            model.load(),
            table,
            output,
            text,
            unit=unit,
            master=master,
            encoding=encoding,
            delimiter=delimiter,
            guards=guards,
        )
        _say_renamed(renamed)
        return
    if master is not None:
        raise click.UsageError("--master is for --engine spark")
    to_file = output != STANDARD_STREAM
    if resume and not to_file:
        raise click.UsageError("--resume needs a file with -o: standard output keeps nothing")
    from leadclass.table_workers import workers_for  # which --help does not need
    from leadclass.workers import cores

    # They start while this process imports what they import, too.
    with workers_for(table, (jobs or cores()) - 1) as workers:
        from leadclass.table_tagging import tag_table  # numpy and pyarrow

        loaded = model.load()
        with rows_bar(silent=not to_file) as progress:
            done = tag_table(
                loaded,
                table,
                output,
                text,
                unit=unit,
                workers=workers,
                encoding=encoding,
                delimiter=delimiter,
                guards=guards,
                keep=to_file,
                resume=resume,
                progress=progress,
                tell=tell,
            )
    _say_renamed(done.renamed)
    if to_file and sys.stderr.isatty():
        tell(f"{done.n_rows:,} rows read, {done.n_written:,} written to {output}")


def _say_renamed(renamed: dict[str, str]) -> None:
    for name, instead in renamed.items():
        tell(f"The table has a column {name!r}: the new one is {instead!r}.")
