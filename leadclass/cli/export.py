"""``leadclass export``: the model in use, as files for programs that are not Python."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import PATH, ChosenModel, model_options, needing

_overwrite = click.option("--overwrite", is_flag=True, help="Replace an earlier export.")


@click.group()
def export() -> None:
    """Write the model for other programs: a database, or ONNX."""


@export.command()
@click.option(
    "--output", "-o", type=PATH, metavar="DIR", required=True, help="The folder to write."
)
@_overwrite
@model_options
def sql(output: Path, overwrite: bool, model: ChosenModel) -> None:
    """Write a folder with which DuckDB scores texts by itself.

    It holds the model, the words and characters that are read as others, score.sql, and test
    vectors for a scorer in any other language.
    """
    from leadclass.export.sql import FILES, SCRIPT_FILE, export_sql  # numpy and pyarrow

    export_sql(model.load(), output, overwrite=overwrite)
    click.echo(f"{output}: {', '.join(FILES)}.")
    click.echo("In DuckDB, with a query that gives a column of statements:")
    click.echo(f"  SET VARIABLE leadclass_model = '{output}';")
    click.echo(f"  .read '{output / SCRIPT_FILE}'")
    click.echo("  FROM leadclass_score('SELECT comment FROM reviews');")


@export.command()
@click.option("--output", "-o", type=PATH, metavar="FILE", required=True, help="The file to write.")
@_overwrite
@model_options
def onnx(output: Path, overwrite: bool, model: ChosenModel) -> None:
    """Write a graph that any ONNX runtime scores tokens with.

    Tokens and stems go in, see docs/model-format.md; label and probabilities come out.
    """
    with needing("an ONNX graph", "onnx"):
        from leadclass.export.onnx import export_onnx  # onnx, numpy and pyarrow

    export_onnx(model.load(), output, overwrite=overwrite)
    click.echo(f"{output}: written.")
