"""``leadclass train``: fit, cross-validate, calibrate and write a model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import PATH, encoding_option, labelled_options, needing
from leadclass.cli.progress import progress_bar
from leadclass.errors import LeadclassError

if TYPE_CHECKING:
    from leadclass.defaults import InUse
    from leadclass.model import Model
    from leadclass.wording import Wording

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
    help="A model to adapt to the corpus, instead of training on the corpus alone; default for the "
    "shipped one.",
)
@click.option(
    "--settled",
    type=PATH,
    metavar="PATH",
    multiple=True,
    help="A labelled table whose labels go before those of the corpus. May be repeated.",
)
@labelled_options
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
    settled: tuple[Path, ...],
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    output: Path,
    overwrite: bool,
    encoding: str | None,
) -> None:
    """Train a model on labelled statements, or adapt one to them.

    With --from default, a few hundred statements of your own adapt the shipped model: words
    that they do not have keep their weights.

    A statement that is labelled twice, in the same words, must have one label: train names the rows
    that contradict each other, and --settled says which label holds. Where a table has no column of
    the names given by -t and -l or --sides, the usual text and label are read.
    """
    if base is not None and corpus == (_DEFAULT,):
        raise click.UsageError("--from needs -c, the statements to adapt to")
    with _told_when_stopped():
        with needing("training", "train"):
            from leadclass.training.advising import advise  # scikit-learn, as the next
            from leadclass.training.train import train_to
        from leadclass.columns import own_columns
        from leadclass.training.settings import TrainingSettings

        columns = own_columns(text, label, traits, wording)
        settings = TrainingSettings()
        with progress_bar("folds", settings.folds) as progress:
            trained = train_to(
                output,
                corpus,
                base=base,
                settled=settled,
                texts=texts,
                columns=columns,
                settings=settings,
                encoding=encoding,
                overwrite=overwrite,
                progress=progress,
            )
    from leadclass.views.advice import show_advice  # rich, as the next
    from leadclass.views.evaluations import show_evaluation

    show_evaluation(trained.evaluation, f"Cross-validated, {settings.folds} folds")
    used, current = _in_use()
    learnt = [str(path) for path in (*corpus, *settled)]
    advice = advise(trained, str(output), learnt, used, current, columns)
    comparison = trained.comparison or advice.comparison
    if comparison is not None:
        from leadclass.views.comparisons import show_comparison

        show_comparison(comparison, str(base or used.folder), str(output))
    show_advice(advice, str(output))


@contextmanager
def _told_when_stopped() -> Iterator[None]:
    try:
        yield
    except (KeyboardInterrupt, SystemExit) as error:
        error.add_note("no model was written: run it again")
        raise


def _in_use() -> tuple[InUse, Model | None]:
    """The model in use, and what it says, if it can be loaded: training does not need it."""
    from leadclass.defaults import InUse, model_in_use, shipped_model
    from leadclass.model import load

    try:
        return model_in_use(), load()
    except LeadclassError:
        return InUse(shipped_model(), "shipped"), None
