"""``leadclass analyze``: profile documents."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.messages import tell
from leadclass.cli.options import (
    PATH,
    ROW_FORMATS,
    ChosenModel,
    encoding_option,
    format_option,
    model_options,
)
from leadclass.cli.progress import tracked
from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM, is_same_file, replacing

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
@click.option(
    "--html",
    type=PATH,
    metavar="FILE",
    help="Write a report, too: one HTML file to read in a browser, to share and to print.",
)
@click.option(
    "--without-boilerplate",
    is_flag=True,
    help="Leave out what says who the employer is, benefits, equal opportunity, how to apply.",
)
@model_options
@encoding_option
def analyze(
    path: tuple[str, ...],
    row_format: str,
    full: bool,
    html: Path | None,
    without_boilerplate: bool,
    model: ChosenModel,
    encoding: str | None,
) -> None:
    """Profile documents: statements, balance, traits.

    PATH is a document (txt, md, html, docx, pdf), a folder of them, a pattern such as 'jobs/*.pdf',
    or - for standard input, which is also what is read without any.

    Of several documents, one that cannot be read is named on standard error, the others are done,
    and the exit code is 1.
    """
    from leadclass.documents import find_documents  # with what follows, numpy

    names = find_documents(path or [STANDARD_STREAM])
    if html is not None:
        names = _without_target(names, path, html)
    failed: list[str] = []
    loaded = model.load()
    pages = _pages(names, loaded, encoding, failed, without_boilerplate)
    first = next(pages, None)
    if first is None:
        raise LeadclassError(
            f"none of these {len(names)} documents could be read",
            remedy="each is named above with the reason",
        )
    pages = chain([first], pages)
    if html is not None:
        kept = list(pages)
        _write_report(html, loaded, kept)
        pages = iter(kept)
    profiles = (profile for profile, _ in pages)
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
        _print_rows(profiles, row_format)
    if failed:
        raise click.exceptions.Exit(SOME_FAILED)


def _without_target(names: list[str], given: tuple[str, ...], html: Path) -> list[str]:
    """The documents to read: not a report in their folder that is now made anew.

    Raises
    ------
    LeadclassError
        If the report would take the place of a document.
    """
    if str(html) == STANDARD_STREAM:
        raise click.UsageError("--html writes to a file, not to standard output")
    same = [name for name in names if is_same_file(name, html)]
    if not same:
        return names
    from leadclass.views.report import is_report  # jinja2, which only reports need

    others = [name for name in names if name not in same]
    if not others or not is_report(html) or set(same) & set(given):
        raise LeadclassError(
            "would overwrite a document that is read",
            file=html,
            remedy="name another file with --html",
        )
    return others


def _pages(
    names: Sequence[str],
    model: Model,
    encoding: str | None,
    failed: list[str],
    without_boilerplate: bool,
) -> Iterator[tuple[Profile, str]]:
    """Each document's profile as it is made, with its text; adds to `failed` what is not read."""
    from leadclass.documents import read_document

    for name in tracked(names, "documents"):
        try:
            document = read_document(name, encoding)
        except LeadclassError as error:
            if len(names) == 1:
                raise
            tell(f"leadclass: {error}")
            failed.append(name)
            continue
        if document.note:
            tell(f"leadclass: {name}: {document.note}")
        profile = model.analyze(document)
        yield (profile.without() if without_boilerplate else profile), document.text


def _write_report(html: Path, model: Model, pages: Sequence[tuple[Profile, str]]) -> None:
    from leadclass.views.report import report  # jinja2, which only reports need

    with replacing(html) as unfinished:
        # The name of a file may have bytes that are no text.
        unfinished.write_text(report(model, pages), encoding="utf-8", errors="replace")
    if sys.stderr.isatty():
        tell(f"The report is in {html}")


def _print_rows(profiles: Iterable[Profile], row_format: str) -> None:
    from leadclass.profile import LabelledStatement
    from leadclass.views.rows import print_rows

    pages = (profile.to_dict() for profile in profiles)
    if row_format == "jsonl":
        print_rows(pages, "jsonl", [])
        return
    rows = ({"document": page["name"]} | row for page in pages for row in page["statements"])
    print_rows(rows, "csv", ["document", *(field.name for field in fields(LabelledStatement))])
