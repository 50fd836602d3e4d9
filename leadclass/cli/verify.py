"""``leadclass verify``: whether a model is the one that its data give."""

from __future__ import annotations

from pathlib import Path

import click

from leadclass.cli.options import PATH, needing, page_format_option, texts_option
from leadclass.cli.progress import progress_bar
from leadclass.defaults import model_in_use

#: Exit code where the model is another.
DIFFERS = 1


@click.command()
@click.argument("folder", type=PATH, metavar="[DIR]", required=False)
@click.option(
    "--corpus",
    "-c",
    type=PATH,
    metavar="PATH",
    multiple=True,
    required=True,
    help="A labelled table that it has learnt from or was settled by, or a folder of them. May be "
    "repeated.",
)
@click.option(
    "--from",
    "base",
    type=PATH,
    metavar="DIR",
    help="The model that it was adapted from, if that is not the shipped one.",
)
@texts_option
@page_format_option
def verify(
    folder: Path | None,
    corpus: tuple[Path, ...],
    base: Path | None,
    texts: tuple[Path, ...],
    page_format: str,
) -> None:
    """Train a model anew, and tell whether it is the same.

    DIR is the model, by default the one in use. Its data are found by their digests among what -c
    names. The exit code is 1 if the model is another than its data give.
    """
    with needing("training", "train"):
        from leadclass.training.verification import verify as make_anew  # scikit-learn
    from leadclass.training.settings import TrainingSettings

    folder = folder or model_in_use().folder
    with progress_bar("folds", TrainingSettings().folds) as progress:
        done = make_anew(folder, corpus, base=base, texts=texts, progress=progress)
    if page_format == "json":
        from dataclasses import asdict

        from leadclass.views.rows import print_json

        print_json({"model": str(folder), "same": done.same} | asdict(done))
    else:
        from leadclass.views.verifications import show_verification  # rich

        show_verification(done, str(folder))
    if not done.same:
        raise click.exceptions.Exit(DIFFERS)
