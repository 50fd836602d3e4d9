"""A model's description in, its card out: what it is, what it is for, how well it does.

After M. Mitchell et al., "Model cards for model reporting", 2019.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from leadclass.errors import LeadclassError
from leadclass.labels import NOT_FOR, OUTPUTS, SIDES
from leadclass.weights import Weights


def card(weights: Weights) -> str:
    """The card of a model; every figure comes from the model itself.

    Parameters
    ----------
    weights : Weights

    Returns
    -------
    str
        Markdown.

    Raises
    ------
    LeadclassError
        If what the model says about itself is not what `leadclass train` writes.
    """
    try:
        return "\n".join(_lines(weights)) + "\n"
    except (KeyError, TypeError, ValueError, AttributeError):
        raise LeadclassError(
            "the model's description of its data and figures is damaged", remedy="train it again"
        ) from None


def _lines(weights: Weights) -> Iterator[str]:
    about = weights.about
    yield "# Model card"
    yield ""
    yield (
        "Says of a statement from a job posting, a review or feedback whether it speaks of "
        "leadership, of management, of both or of neither, and which of eight traits it shows. "
        f"{NOT_FOR}"
    )
    yield ""
    yield "## The model"
    yield ""
    counts = Counter(weights.kinds.to_pylist())
    sizes = " and ".join(map(str, weights.settings.windows))
    terms = ", ".join(f"{count:,} {kind}s" for kind, count in counts.items())
    yield (
        f"TF-IDF over {len(weights.terms):,} terms ({terms}) and one logistic regression for each "
        f"of two sides and eight traits. The whole statement and its best windows of {sizes} "
        "tokens are scored and joined by a calibration that was learnt out of fold."
    )
    yield ""
    yield from _data(about.get("data", []))
    yield from _figures(about.get("cross_validation"))
    yield "## Thresholds"
    yield ""
    yield "The probability from which an output counts as shown, chosen out of fold for F1."
    yield ""
    yield "| output | threshold |"
    yield "|---|---:|"
    for name, threshold in zip(OUTPUTS, weights.thresholds, strict=True):
        yield f"| {name} | {threshold:.3f} |"
    yield ""
    yield "## Use and misuse"
    yield ""
    yield (
        "For reading job postings and sets of comments: what they ask for, what they praise, what "
        "they leave out. Not for ranking, selecting, paying, promoting or dismissing people, nor "
        "for judging who wrote a comment. A label is a reading of words; a person must read the "
        "statement before anything follows from it. English only."
    )
    yield ""
    yield "## Made with"
    yield ""
    yield ", ".join(f"{name} {number}" for name, number in about.get("versions", {}).items()) + "."


def _data(sources: list[dict[str, Any]]) -> Iterator[str]:
    if not sources:
        return
    yield "## Data"
    yield ""
    yield "| file | rows | leadership | management | both | neither | SHA-256 |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for source in sources:
        labels = " | ".join(f"{count:,}" for count in source["labels"].values())
        yield f"| {source['name']} | {source['n_rows']:,} | {labels} | `{source['sha256'][:12]}` |"
    yield ""


def _figures(evaluation: dict[str, Any] | None) -> Iterator[str]:
    if evaluation is None:
        return
    yield "## Figures, cross-validated"
    yield ""
    yield (
        "On the data above, each part scored by a model, a calibration and thresholds that have "
        "not seen it. F1 with its 95 % bootstrap interval. Text from other employers and other "
        "writers is harder."
    )
    yield ""
    yield "| rows | n | leadership F1 | management F1 | right label of four | traits F1 |"
    yield "|---|---:|---|---|---|---|"
    yield _row("all", evaluation["overall"])
    for column, parts in evaluation["slices"].items():
        for value, part in parts.items():
            yield _row(f"{column} {value}", part)
    yield ""


def _row(name: str, part: dict[str, Any]) -> str:
    figures = [part["sides"][side]["f1"] for side in SIDES]
    figures += [part["accuracy"], part["traits"]["f1"]]
    cells = " | ".join(f"{f['value']:.3f} ({f['low']:.3f}–{f['high']:.3f})" for f in figures)
    return f"| {name} | {part['n']:,} | {cells} |"
