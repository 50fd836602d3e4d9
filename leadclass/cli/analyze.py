"""``leadclass analyze``: profile documents."""

from __future__ import annotations

from dataclasses import fields

import click

from leadclass.cli.options import (
    ROW_FORMATS,
    ChosenModel,
    encoding_option,
    format_option,
    model_options,
)
from leadclass.cli.progress import tracked
from leadclass.files import STANDARD_STREAM


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
    without_boilerplate: bool,
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
    loaded = model.load()
    profiles = [
        loaded.analyze(read_document(name, encoding)) for name in tracked(names, "documents")
    ]
    if without_boilerplate:
        profiles = [profile.without() for profile in profiles]
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
