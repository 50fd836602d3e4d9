"""``leadclass drift``: whether new text is like what a model knows."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import (
    PATH,
    ChosenModel,
    delimiter_option,
    encoding_option,
    model_options,
    page_format_option,
    text_option,
)
from leadclass.cli.progress import progress_bar


@click.command()
@click.argument("table", type=PATH)
@text_option()
@click.option(
    "--kind",
    metavar="KIND",
    help="Compare with what the model has learnt from of this kind, such as review or posting; "
    "with all by default.",
)
@model_options
@page_format_option
@encoding_option
@delimiter_option
def drift(
    table: Path,
    text: str,
    kind: str | None,
    model: ChosenModel,
    page_format: str,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Say whether new text is like what the model has learnt from.

    TABLE is a csv, tsv, jsonl or parquet file of text without labels.
    """
    from leadclass.drift import drift as held_against  # numpy and pyarrow

    loaded = model.load()
    with progress_bar("rows", None) as progress:
        found = held_against(
            loaded,
            table,
            text,
            kind=kind,
            encoding=encoding,
            delimiter=delimiter,
            progress=progress,
        )
    if page_format == "json":
        from leadclass.views.rows import print_json

        print_json(found.to_dict())
    else:
        from leadclass.views.drifts import show_drift  # rich

        show_drift(found, str(table), text)
