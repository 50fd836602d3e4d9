"""``leadclass corpus``: what labelled tables hold, what is wrong with them, how readings agree."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import (
    PATH,
    encoding_option,
    format_option,
    labelled_options,
    most_option,
    needing,
    page_format_option,
)
from leadclass.cli.progress import progress_bar
from leadclass.curation.findings import LIKELY_ERRORS, SIMILARITY
from leadclass.errors import LeadclassError
from leadclass.files import refuse_overwriting

if TYPE_CHECKING:
    from leadclass.wording import Wording

#: Exit code of a check that found an error in a corpus that could be read.
FOUND = 1

FINDING_FORMATS = ("lines", "jsonl", "csv")

_DEFAULT = Path("corpus")

_files = click.argument("files", type=PATH, nargs=-1)


def _a_number(context: click.Context, parameter: click.Parameter, value: float) -> float:
    if value != value:
        raise click.BadParameter("is a number from 0.5 to 1")
    return value


@click.group()
def corpus() -> None:
    """Look after labelled statements: check, count, compare readings."""


@corpus.command()
@_files
@click.option(
    "--against",
    type=PATH,
    metavar="PATH",
    multiple=True,
    help="A table of which no row may be in FILES, such as a test set. May be repeated.",
)
@labelled_options
@click.option(
    "--similarity",
    type=click.FloatRange(0.5, 1),
    callback=_a_number,
    default=SIMILARITY,
    show_default=True,
    help="From which likeness on two texts are near duplicates; 1 for equal words only.",
)
@click.option(
    "--shared-words",
    type=click.IntRange(2),
    metavar="N",
    help="With --against, find N words in a row that both have, too.",
)
@most_option(
    "--likely-errors",
    LIKELY_ERRORS,
    "Name at most N labels that the other rows speak against; 0 for none.",
)
@format_option("finding_format", FINDING_FORMATS, "How findings come out.", FINDING_FORMATS[0])
@encoding_option
def check(
    files: tuple[Path, ...],
    against: tuple[Path, ...],
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    similarity: float,
    shared_words: int | None,
    likely_errors: int,
    finding_format: str,
    encoding: str | None,
) -> None:
    """Find bad rows, duplicates, conflicting labels and likely label errors.

    FILES are labelled tables or folders of them; the folder corpus by default. Every finding is a
    line, with file and row first; rows count from 1 below the header. The exit code is 1 if one of
    them is an error, which all are but likely label errors. Where a table has no column of the
    names given by -t and -l or --sides, the usual text and label are read.
    """
    if shared_words and not against:
        raise click.UsageError("--shared-words needs a table --against which to look")
    with needing("checking a corpus", "train"):
        from leadclass.curation.check import check as find  # scikit-learn and rapidfuzz
    from leadclass.columns import own_columns

    n_rows, findings = find(
        _named(files),
        against=against,
        texts=texts,
        columns=own_columns(text, label, traits, wording),
        similarity=similarity,
        shared_words=shared_words,
        likely_errors=likely_errors,
        encoding=encoding,
        progress=progress_bar,
    )
    from leadclass.views.findings import show_findings

    show_findings(findings, n_rows, finding_format)
    if any(finding.severity == "error" for finding in findings):
        raise click.exceptions.Exit(FOUND)


@corpus.command()
@_files
@labelled_options
@click.option(
    "--plot",
    type=PATH,
    metavar="FILE",
    help="Draw the figures, too, as png, svg or pdf.",
)
@page_format_option
@encoding_option
def stats(
    files: tuple[Path, ...],
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    plot: Path | None,
    page_format: str,
    encoding: str | None,
) -> None:
    """Count labels, traits and all other columns; measure lengths and vocabulary.

    FILES are labelled tables or folders of them; the folder corpus by default.
    """
    from leadclass.columns import own_columns
    from leadclass.curation.statistics import statistics  # numpy and pyarrow
    from leadclass.labelled_tables import read_all_rows

    if plot is not None:
        with needing("drawing", "plot"):
            from leadclass.views.plots import check_plot, draw_statistics  # matplotlib

        check_plot(plot)
    columns = own_columns(text, label, traits, wording)
    with progress_bar("rows", None) as progress:
        rows = read_all_rows(
            _named(files), columns=columns, texts=texts, encoding=encoding, progress=progress
        )
    if not rows:
        names = ", ".join(map(str, _named(files)))
        raise LeadclassError(f"there are no rows in {names}", remedy="name other tables")
    figures = statistics(rows, columns)
    if page_format == "json":
        from leadclass.views.rows import print_json

        print_json(figures.to_dict())
    else:
        from leadclass.views.statistics import show_statistics  # rich

        show_statistics(figures)
    if plot is not None:
        draw_statistics(figures, plot)


@corpus.command()
@click.argument("first", type=PATH)
@click.argument("second", type=PATH)
@click.option(
    "--by",
    metavar="COLUMN",
    multiple=True,
    help="Give the agreement for each value of this column too; form and kind by default, where "
    "they are there. May be repeated.",
)
@click.option(
    "--output",
    "-o",
    type=PATH,
    metavar="TABLE",
    help="Write the rows that differ to a csv, tsv, jsonl or parquet file, to be labelled a third "
    "time: train takes that with --settled.",
)
@most_option("--differences", 20, "Show the first N rows that differ.")
@labelled_options
@page_format_option
@encoding_option
def agreement(
    first: Path,
    second: Path,
    by: tuple[str, ...],
    output: Path | None,
    differences: int,
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    page_format: str,
    encoding: str | None,
) -> None:
    """Measure how far two readings of the same statements agree.

    FIRST and SECOND are labelled tables whose rows are matched by id, or else by the words of the
    text. Where one of them has no column of the names given by -t and -l or --sides, the usual text
    and label are read.
    """
    from leadclass.columns import own_columns
    from leadclass.curation.agreement import agreement as compare  # numpy and pyarrow

    columns = own_columns(text, label, traits, wording)
    report = compare(first, second, by=by or None, columns=columns, texts=texts, encoding=encoding)
    if output is not None:
        refuse_overwriting(output, first, second)
        from leadclass.curation.third_reading import write_differences

        write_differences(report.differences, output)
    if page_format == "json":
        from leadclass.views.rows import print_json

        page = report.to_dict()
        print_json(page | {"differences": page["differences"][:differences]})
    else:
        from leadclass.views.agreements import show_agreement  # rich

        show_agreement(report, f"{first} and {second}", differences)
        if output is not None and report.differences:
            label = shlex.join(["leadclass", "label", str(output)])
            click.echo(f"\nWhere they differ is in {output}. To settle it: {label}")
        elif len(report.differences) > differences:
            click.echo("\nAll rows that differ: --output FILE.")


def _named(files: tuple[Path, ...]) -> tuple[Path, ...]:
    if files or _DEFAULT.is_dir():
        return files or (_DEFAULT,)
    raise LeadclassError(
        f"there is no folder {_DEFAULT} here", remedy="name the labelled tables to look at"
    )
