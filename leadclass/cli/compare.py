"""``leadclass compare``: two models on one labelled table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from leadclass.cli.options import PATH, encoding_option, labelled_options, page_format_option

if TYPE_CHECKING:
    from leadclass.wording import Wording


@click.command()
@click.argument("first", type=PATH)
@click.argument("second", type=PATH)
@click.argument("table", type=PATH)
@labelled_options
@page_format_option
@encoding_option
def compare(
    first: Path,
    second: Path,
    table: Path,
    text: str,
    label: str,
    traits: bool,
    texts: tuple[Path, ...],
    wording: Wording,
    page_format: str,
    encoding: str | None,
) -> None:
    """Say which of two models is better, and how sure that is.

    FIRST and SECOND are folders of models, or default for the shipped one. TABLE holds statements
    with the labels they should have.
    """
    from leadclass.assessment import assess  # numpy and pyarrow, which --help does not need
    from leadclass.comparison import compare as compare_decisions
    from leadclass.model import load

    one, other = (
        assess(
            load(folder),
            table,
            text=text,
            label=label,
            by=(),
            traits=traits,
            texts=texts,
            wording=wording,
            encoding=encoding,
        )
        for folder in (first, second)
    )
    comparison = compare_decisions(one.corpus.shown(), one.decisions.shown, other.decisions.shown)
    if page_format == "json":
        from leadclass.views.rows import print_json

        verdict = comparison.verdict(str(first), str(second))
        print_json(comparison.to_dict() | {"verdict": verdict})
    else:
        from leadclass.views.comparisons import show_comparison  # rich

        show_comparison(comparison, str(first), str(second))
