"""``leadclass info``: the model's card."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import model_option, page_format_option


@click.command()
@model_option
@page_format_option
def info(model: Path | None, page_format: str) -> None:
    """Show the model's card: what it is made of, how well it does."""
    from leadclass.model import load  # numpy and pyarrow, which --help does not need

    loaded = load(model)
    if page_format == "json":
        from leadclass.views.rows import print_json

        print_json(loaded.about)
        return
    from leadclass.card import card

    text = card(loaded.weights)
    from rich.console import Console  # only where a page is shown
    from rich.markdown import Markdown

    out = Console()
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        click.echo(text, nl=False)
