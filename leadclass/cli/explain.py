"""``leadclass explain``: what in a statement spoke for and against each label."""

from __future__ import annotations

import click

from leadclass.cli.options import ChosenModel, model_options, page_format_option


@click.command()
@click.argument("text")
@model_options
@page_format_option
def explain(text: str, model: ChosenModel, page_format: str) -> None:
    """Show the words of a statement that spoke for and against."""
    explanation = model.load().explain(text)
    if page_format == "json":
        from leadclass.views.rows import print_json

        print_json(explanation.to_dict())
    else:
        from leadclass.views.explanations import show_explanation  # rich

        show_explanation(explanation)
