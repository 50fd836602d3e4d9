"""``leadclass label``: label the statements of a table in the terminal, one key each."""

from __future__ import annotations

import getpass
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import (
    PATH,
    ChosenModel,
    delimiter_option,
    encoding_option,
    model_options,
    text_option,
)
from leadclass.errors import LeadclassError
from leadclass.files import check_file, refuse_overwriting
from leadclass.labels import UNITS, Unit

if TYPE_CHECKING:
    from leadclass.labelling.opinions import Opinions
    from leadclass.labelling.questions import Question

_ENDING = ".labels.csv"

#: Terminals that cannot move a cursor.
_LINES_ONLY = ("", "dumb")


@click.command()
@click.argument("file", type=PATH)
@text_option("text")
@click.option(
    "--output",
    "-o",
    type=PATH,
    metavar="LABELS",
    help="The csv or tsv that labels go to, and are gone on from; by default FILE with the ending "
    f"{_ENDING}.",
)
@click.option(
    "--unit",
    type=click.Choice(UNITS),
    default=UNITS[0],
    show_default=True,
    help="Label each row as a whole, or each of its statements.",
)
@click.option("--no-traits", is_flag=True, help="Ask for labels alone.")
@click.option("--blind", is_flag=True, help="Hide the model's opinion until the end.")
@click.option("--shuffle", is_flag=True, help="Ask in an order of chance, not the table's.")
@click.option("--seed", type=int, metavar="N", default=0, show_default=True, help="Of that order.")
@click.option(
    "--annotator", metavar="NAME", help="Whose labels these are; by default who is logged in."
)
@click.option(
    "--with",
    "other",
    type=PATH,
    metavar="LABELS",
    help="A second annotator's labels, to show how far the two agree.",
)
@click.option("--report", is_flag=True, help="Show what is labelled and how far others agree.")
@model_options
@encoding_option
@delimiter_option
def label(
    file: Path,
    text: str,
    output: Path | None,
    unit: Unit,
    no_traits: bool,
    blind: bool,
    shuffle: bool,
    seed: int,
    annotator: str | None,
    other: Path | None,
    report: bool,
    model: ChosenModel,
    encoding: str | None,
    delimiter: str | None,
) -> None:
    """Label the statements of a table, one key each.

    FILE is a csv, tsv, jsonl or parquet file. Each answer is on the disk before the next statement
    is asked; the same command goes on where one stopped. The model's opinion is shown once one has
    answered, or when one asks for it.
    """
    if not report and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise LeadclassError(
            "labelling needs a terminal to ask in", remedy="run it in one, or give --report"
        )
    from leadclass.labelling.opinions import Opinions  # pyarrow
    from leadclass.labelling.questions import in_order, read_questions

    labels = output or file.with_name(file.stem + _ENDING)
    refuse_overwriting(labels, file, *([other] if other else []))
    if other is not None:
        check_file(other)
    questions = read_questions(file, text, unit=unit, encoding=encoding, delimiter=delimiter)
    if not questions:
        raise LeadclassError(
            "has no text", file=file, column=text, remedy="name another column with -t"
        )
    opinions = Opinions(model.load)
    if report:
        check_file(labels)
        if problem := _show(labels, opinions, other, questions, None):
            raise problem
        return

    from leadclass.labelling.asking import ask_on_screen, begin  # rich
    from leadclass.labelling.journal import Journal
    from leadclass.labelling.lines import ask_in_lines
    from leadclass.labelling.locks import only_here

    with only_here(labels):
        journal = Journal(labels, annotator or _who(), questions[0].carried)
        answered = journal.answers
        asking = begin(
            str(file),
            questions,
            journal,
            opinions,
            order=in_order(questions, answered, shuffled=shuffle, seed=seed),
            asks_traits=not no_traits,
            blind=blind,
        )
        in_lines = os.environ.get("TERM", "") in _LINES_ONLY and sys.platform != "win32"
        (ask_in_lines if in_lines else ask_on_screen)(asking)
        if not journal.answers:
            click.echo("Nothing is labelled yet.")
            return
        n_now = len(journal.answers.keys() - answered.keys())
        problem = _show(labels, opinions, other, questions, n_now)
        if asking.session.queue:
            click.echo(f"\nGo on with: {shlex.join(['leadclass', *sys.argv[1:]])}")
        if problem:
            raise problem


def _show(
    labels: Path,
    opinions: Opinions,
    other: Path | None,
    questions: list[Question],
    n_now: int | None,
) -> LeadclassError | None:
    """Show what is labelled; what kept an agreement from being shown is given back."""
    from leadclass.labelling.results import results_of
    from leadclass.views.labelling import show_results

    results = results_of(labels, opinions, other)
    n_done = sum(question.text in results.texts for question in questions)
    show_results(results, n_done, len(questions), n_now)
    return results.problem


def _who() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):  # no one the system knows by name
        return ""
