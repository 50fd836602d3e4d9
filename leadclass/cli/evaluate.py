"""``leadclass evaluate``: a labelled table against a model."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.messages import tell
from leadclass.cli.options import (
    PATH,
    ChosenModel,
    encoding_option,
    labelled_options,
    model_options,
    most_option,
    needing,
    page_format_option,
)

if TYPE_CHECKING:
    from leadclass.wording import Wording


@click.command()
@click.argument("table", type=PATH)
@labelled_options
@click.option(
    "--by",
    metavar="COLUMN",
    multiple=True,
    help="Give the figures for each value of this column too; kind by default. May be repeated.",
)
@most_option("--errors", 5, "Show the N wrong labels that the model was surest of, and why.")
@click.option(
    "--plot",
    type=PATH,
    metavar="FILE",
    help="Draw precision against recall, and how far probabilities can be trusted, as png, svg "
    "or pdf.",
)
@model_options
@page_format_option
@encoding_option
def evaluate(
    table: Path,
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    by: tuple[str, ...],
    errors: int,
    plot: Path | None,
    model: ChosenModel,
    page_format: str,
    encoding: str | None,
) -> None:
    """Measure a model on labelled statements.

    TABLE holds statements with the labels they should have, in any format that tag reads.
    """
    from leadclass.assessment import assess  # numpy and pyarrow, which --help does not need

    if plot is not None:
        with needing("drawing", "plot"):
            from leadclass.views.plots import check_plot, draw_evaluation  # matplotlib

        check_plot(plot)
    assessment = assess(
        model.load(),
        table,
        text=text,
        label=label,
        by=by or None,
        traits=traits,
        texts=texts,
        wording=wording,
        encoding=encoding,
    )
    if assessment.learnt_from:
        tell(f"The model has learnt from {table}: these figures are too good.")
    evaluation, worst = assessment.evaluate(), assessment.worst_errors(errors)
    if page_format == "json":
        from dataclasses import asdict

        from leadclass.views.rows import print_json

        print_json(evaluation.to_dict() | {"errors": [asdict(error) for error in worst]})
    else:
        from leadclass.views.evaluations import show_errors, show_evaluation  # rich

        show_evaluation(evaluation, str(table))
        show_errors(worst)
    if plot is not None:
        draw_evaluation(assessment, plot)
