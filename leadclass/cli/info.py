"""``leadclass info``: the model's card."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import model_option, page_format_option


@click.command()
@model_option
@page_format_option
def info(model: Path | None, page_format: str) -> None:
    """Show which model is in use, and its card."""
    from leadclass.defaults import model_in_use
    from leadclass.model import load  # numpy and pyarrow, which --help does not need

    used, loaded = model_in_use(model), load(model)
    if page_format == "json":
        from leadclass.views.rows import print_json

        place = {"folder": str(used.folder), "why": used.why, "sha256": loaded.weights.digest}
        print_json(loaded.about | {"in_use": place})
        return
    from leadclass.card import card

    text = card(loaded.weights)
    from leadclass.views.lineages import show_lineage

    click.echo(f"{used.folder}, {used.reason}.\n")
    show_lineage(loaded.weights)
    from rich.console import Console  # only where a page is shown
    from rich.markdown import Markdown

    out = Console()
    if out.is_terminal:
        out.print(Markdown(text))
    else:
        click.echo(text, nl=False)
