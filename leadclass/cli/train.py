"""``leadclass train``: fit, cross-validate, calibrate and write a model."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import PATH, encoding_option, needing, texts_option
from leadclass.cli.progress import progress_bar

_DEFAULT = Path("corpus")


@click.command()
@click.option(
    "--corpus",
    "-c",
    type=PATH,
    metavar="PATH",
    multiple=True,
    default=[_DEFAULT],
    help="A labelled table or a folder of them; corpus by default. May be repeated.",
)
@click.option(
    "--from",
    "base",
    type=PATH,
    metavar="DIR",
    help="A model to adapt to the corpus, instead of training on the corpus alone.",
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
    base: Path | None,
    texts: tuple[Path, ...],
    output: Path,
    overwrite: bool,
    encoding: str | None,
) -> None:
    """Train a model on labelled statements, or adapt one to them.

    With --from models/default, a few hundred statements of your own adapt the shipped model: words
    that they do not have keep their weights.
    """
    if base is not None and corpus == (_DEFAULT,):
        raise click.UsageError("--from needs -c, the statements to adapt to")
    with needing("training", "train"):
        from leadclass.training.train import train_to  # scikit-learn
    from leadclass.training.settings import TrainingSettings
    from leadclass.views.evaluations import show_evaluation  # rich

    settings = TrainingSettings()
    with progress_bar("folds", settings.folds) as progress:
        trained = train_to(
            output,
            corpus,
            base=base,
            texts=texts,
            settings=settings,
            encoding=encoding,
            overwrite=overwrite,
            progress=progress,
        )
    show_evaluation(trained.evaluation, f"Cross-validated, {settings.folds} folds")
    if trained.comparison is not None:
        from leadclass.views.comparisons import show_comparison

        show_comparison(trained.comparison, str(base), str(output))
    click.echo(f"Written to {output}. Use it with --model {output}.")
