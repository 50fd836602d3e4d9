"""``leadclass analyze``: profile documents."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
@model_options
@encoding_option
def analyze(
    path: tuple[str, ...],
    row_format: str,
    full: bool,
    html: Path | None,
    model: ChosenModel,
    encoding: str | None,
) -> None:
    """Profile documents: statements, balance, traits.

    PATH is a document (txt, md, html), a folder of them, or - for standard input, which is also
    what is read without any.
    """
    from leadclass.documents import find_documents, read_document  # with what follows, numpy
    from leadclass.profile import LabelledStatement

    names = find_documents(path or [STANDARD_STREAM])
    if html is not None:
        names = _without_target(names, path, html)
    loaded = model.load()
    documents = [read_document(name, encoding) for name in tracked(names, "documents")]
    profiles = [loaded.analyze(document) for document in documents]
    if html is not None:
        _write_report(html, loaded, profiles, [document.text for document in documents])
    if row_format == "table":
        from leadclass.views.analysis import show_profile, show_profiles  # rich

        if len(profiles) == 1:
            show_profile(profiles[0])
        else:
            show_profiles(profiles, full=full)
        return
    from leadclass.views.rows import print_rows

    pages = [profile.to_dict() for profile in profiles]
    if row_format == "jsonl":
        print_rows(pages, "jsonl", list(pages[0]))
        return
    rows = [{"document": page["name"]} | row for page in pages for row in page["statements"]]
    print_rows(rows, "csv", ["document", *(field.name for field in fields(LabelledStatement))])


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


def _write_report(
    html: Path, model: Model, profiles: Sequence[Profile], texts: Sequence[str]
) -> None:
    from leadclass.views.report import report  # jinja2, which only reports need

    with replacing(html) as unfinished:
        page = report(model, list(zip(profiles, texts, strict=True)))
        unfinished.write_text(page, encoding="utf-8")
    if sys.stderr.isatty():
        click.echo(f"The report is in {html}", err=True)
