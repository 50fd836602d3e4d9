"""``leadclass analyze``: profile documents."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import fields
from itertools import chain
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import (
    ROW_FORMATS,
    ChosenModel,
    encoding_option,
    format_option,
    model_options,
)
from leadclass.cli.progress import tracked
from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM

if TYPE_CHECKING:
    from leadclass.model import Model
    from leadclass.profile import Profile

#: Exit code where some documents could not be read, and the others were.
SOME_FAILED = 1


@click.command()
@click.argument("path", nargs=-1)
@format_option(
    "row_format",
    ROW_FORMATS,
    "A page to read, a JSON line for each document, or a CSV row for each statement.",
    ROW_FORMATS[0],
)
@click.option("--full", is_flag=True, help="Of several documents show every statement too.")
@model_options
@encoding_option
def analyze(
    path: tuple[str, ...], row_format: str, full: bool, model: ChosenModel, encoding: str | None
) -> None:
    """Profile documents: statements, balance, traits.

    PATH is a document (txt, md, html, docx, pdf), a folder of them, a pattern such as 'jobs/*.pdf',
    or - for standard input, which is also what is read without any.

    Of several documents, one that cannot be read is named on standard error, the others are done,
    and the exit code is 1.
    """
    from leadclass.documents import find_documents  # with what follows, numpy
    from leadclass.profile import LabelledStatement

    names = find_documents(path or [STANDARD_STREAM])
    failed: list[str] = []
    profiles = _profiles(names, model.load(), encoding, failed)
    first = next(profiles, None)
    if first is None:
        raise LeadclassError(
            f"none of these {len(names)} documents could be read",
            remedy="each is named above with the reason",
        )
    profiles = chain([first], profiles)
    if row_format == "table":
        from leadclass.overview import Figures
        from leadclass.views.analysis import show_comparison, show_profile  # rich

        figures = []
        for profile in profiles:
            if full or len(names) == 1:
                show_profile(profile)
            figures.append(Figures.of(profile))
        if len(names) > 1:
            show_comparison(figures, n_failed=len(failed))
    else:
        from leadclass.views.rows import print_rows

        pages = (profile.to_dict() for profile in profiles)
        if row_format == "jsonl":
            print_rows(pages, "jsonl", [])
        else:
            rows = (
                {"document": page["name"]} | row for page in pages for row in page["statements"]
            )
            columns = [field.name for field in fields(LabelledStatement)]
            print_rows(rows, "csv", ["document", *columns])
    if failed:
        raise click.exceptions.Exit(SOME_FAILED)


def _profiles(
    names: Sequence[str], model: Model, encoding: str | None, failed: list[str]
) -> Iterator[Profile]:
    """Each document's profile as it is made; adds to `failed` what cannot be read."""
    from leadclass.documents import read_document

    for name in tracked(names, "documents"):
        try:
            document = read_document(name, encoding)
        except LeadclassError as error:
            if len(names) == 1:
                raise
            click.echo(f"leadclass: {error}", err=True)
            failed.append(name)
            continue
        if document.note:
            click.echo(f"leadclass: {name}: {document.note}", err=True)
        yield model.analyze(document)
