"""``leadclass train``: fit, cross-validate, calibrate and write a model."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import PATH, encoding_option, needing, texts_option
from leadclass.cli.progress import progress_bar


@click.command()
@click.option(
    "--corpus",
    "-c",
    type=PATH,
    metavar="PATH",
    multiple=True,
    default=[Path("corpus")],
    help="A labelled table or a folder of them; corpus by default. May be repeated.",
)
@texts_option
@click.option(
    "--output",
    "-o",
    type=PATH,
    metavar="DIR",
    default=Path("models", "mine"),
    show_default=True,
    help="The folder to write.",
)
@click.option("--overwrite", is_flag=True, help="Replace the model that is in the folder.")
@encoding_option
def train(
    corpus: tuple[Path, ...],
    texts: tuple[Path, ...],
    output: Path,
    overwrite: bool,
    encoding: str | None,
) -> None:
    """Train a model on labelled statements."""
    with needing("training", "train"):
        from leadclass.training.train import train_to  # scikit-learn
    from leadclass.training.settings import TrainingSettings
    from leadclass.views.evaluations import show_evaluation  # rich

    settings = TrainingSettings()
    with progress_bar("folds", settings.folds) as progress:
        trained = train_to(
            output,
            corpus,
            texts=texts,
            settings=settings,
            encoding=encoding,
            overwrite=overwrite,
            progress=progress,
        )
    show_evaluation(trained.evaluation, f"Cross-validated, {settings.folds} folds")
    click.echo(f"Written to {output}. Use it with --model {output}.")
