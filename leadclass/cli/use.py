"""``leadclass use``: which model is used where none is named."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import PATH, encoding_option, labelled_options
from leadclass.defaults import MODEL_VARIABLE, SHIPPED, Check, model_in_use
from leadclass.errors import LeadclassError

if TYPE_CHECKING:
    from leadclass.wording import Wording


@click.command()
@click.argument("folder", type=PATH, metavar="[DIR]", required=False)
@click.option(
    "--check",
    "table",
    type=PATH,
    metavar="TABLE",
    help="Labelled statements on which to compare it with the model in use; by default the table "
    "of the last comparison.",
)
@click.option("--anyway", is_flag=True, help="Use it even if it is worse.")
@labelled_options
@encoding_option
def use(
    folder: Path | None,
    table: Path | None,
    anyway: bool,
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    encoding: str | None,
) -> None:
    """Make a model the one that all commands use, or tell which it is.

    DIR is a folder that train has written, or default for the shipped model. With --check it is not
    used if, on TABLE, it is probably worse than the model in use in the right label of four (behind
    in 80 % of resamples) or surely worse in the F1 of a side (in 97.5 %), unless --anyway is given.

    --model and the environment variable LEADCLASS_MODEL go before the choice.
    """
    if folder is None:
        if table is not None or anyway:
            raise click.UsageError("name the model to use")
        used = model_in_use()
        from leadclass.model import load  # numpy and pyarrow, which --help does not need

        load()
        click.echo(f"{used.folder} is in use: {used.reason}.")
        return
    if folder == SHIPPED:
        if table is not None:
            raise click.UsageError("going back needs no --check")
        from leadclass.choosing import go_back  # numpy and pyarrow

        go_back()
        click.echo("The shipped model is in use.")
        _say_overridden()
        return
    from leadclass.choosing import check_model_folder, choose, try_out, usual_check
    from leadclass.model import load

    check_model_folder(folder)
    model = load(folder)
    check = None
    if table is not None:
        where = tuple(str(path.absolute()) for path in texts)
        check = Check(str(table.absolute()), text, label, traits, where, encoding, wording)
    elif not anyway:
        check = usual_check()
    trial = try_out(folder, model, check)
    if trial.comparison is not None:
        from leadclass.views.comparisons import show_comparison  # rich

        show_comparison(trial.comparison, trial.current, str(folder))
        click.echo()
    for note in trial.notes:
        click.echo(note)
    if trial.refusal and not anyway:
        raise LeadclassError(
            f"not used: {trial.refusal}",
            file=folder,
            remedy="give --anyway to use it none the less",
        )
    choose(folder, model, check)
    if trial.refusal:
        click.echo(f"Against it speaks that {trial.refusal}.")
    elif trial.judgement is not None:
        click.echo(trial.judgement.reason)
    click.echo(f"{folder} is in use now; 'leadclass use default' goes back.")
    _say_overridden()


def _say_overridden() -> None:
    if named := os.environ.get(MODEL_VARIABLE):
        click.echo(f"But {MODEL_VARIABLE} names {named}, and goes before it.", err=True)
