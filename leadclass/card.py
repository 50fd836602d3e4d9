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
    if "adapted" in about:
        n = about["adapted"]["n"]
        yield (
            f"It was adapted: another model's weights were moved a little towards {n:,} "
            "statements, those of the last files above. The figures below are of these, each "
            "scored by a model that was adapted without it; calibration and thresholds are those "
            "of the other model."
        )
        yield ""
    yield from _figures(about.get("cross_validation"))
    yield from _behaviour(about.get("behaviour", []))
    yield "## Thresholds"
    yield ""
    yield (
        "The probability from which an output counts as shown, chosen out of fold for "
        "the mean F1 of the kinds of text; `--threshold` and `--precision` move those of the sides."
        " All traits have one in common."
    )
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
    yield "Of each file the rows of the split `train`, which is that of rows that do not say."
    yield ""
    yield "| file | rows | leadership | management | both | neither | SHA-256 |"
    yield "|---|---:|---:|---:|---:|---:|---|"
    for source in sources:
        labels = " | ".join(f"{count:,}" for count in source["labels"].values())
        yield f"| {source['name']} | {source['n_rows']:,} | {labels} | `{source['sha256'][:12]}` |"
    yield ""


def _behaviour(results: list[dict[str, Any]]) -> Iterator[str]:
    if not results:
        return
    yield "## Behaviour"
    yield ""
    yield (
        "Cases written to test it, none of them in its training data (after Ribeiro et al., "
        "CheckList, 2020): plain cases of each rule of the codebook, changes after which the "
        "label must stay, and changes after which a probability must rise or fall."
    )
    yield ""
    yield "| what | passed | of |"
    yield "|---|---:|---:|"
    for result in results:
        yield f"| {result['sort']}: {result['name']} | {result['n_passed']} | {result['n']} |"
    yield ""
    yield "It fails on:"
    yield ""
    for result in results:
        yield from (f"- {result['name']}: {failure}" for failure in result["failures"])
    yield ""
    yield (
        "Pronouns and first names are one word to the model, titles of persons another, so no "
        "probability depends on which of them is written."
    )
    yield ""


def _quality(evaluation: dict[str, Any]) -> Iterator[str]:
    yield "| side | average precision | Brier score | calibration error |"
    yield "|---|---:|---:|---:|"
    for side, part in evaluation["overall"]["quality"].items():
        figures = (part["average_precision"], part["brier"], part["calibration_error"])
        yield f"| {side} | {' | '.join(f'{figure:.3f}' for figure in figures)} |"
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
    yield from _quality(evaluation)
    yield "| trait | precision | recall | F1 |"
    yield "|---|---:|---:|---:|"
    for trait, part in evaluation["overall"]["each_trait"].items():
        cells = (part["precision"], part["recall"], part["f1"]["value"])
        yield f"| {trait.replace('_', ' ')} | {' | '.join(f'{cell:.3f}' for cell in cells)} |"
    yield f"| mean | | | {evaluation['overall']['trait_macro_f1']:.3f} |"
    yield ""


def _row(name: str, part: dict[str, Any]) -> str:
    figures = [part["sides"][side]["f1"] for side in SIDES]
    figures += [part["accuracy"], part["traits"]["f1"]]
    cells = " | ".join(f"{f['value']:.3f} ({f['low']:.3f}–{f['high']:.3f})" for f in figures)
    return f"| {name} | {part['n']:,} | {cells} |"
