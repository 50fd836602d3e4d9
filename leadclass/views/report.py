"""Profiles and their texts in, a report out: one HTML file that stands by itself.

The page is made of Jinja2 templates and one stylesheet in ``data/report/``. It has no script and
asks for nothing from a network.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadclass.advice import Advice, advise
from leadclass.explanation import Term
from leadclass.labels import LABELS, NOT_FOR, SIDE_OF_TRAIT, SIDES, TRAITS, TRAITS_OF_SIDE, sides_of
from leadclass.model import Model
from leadclass.profile import EVEN, LabelledStatement, Profile, rank, spoken
from leadclass.version import __version__
from leadclass.views.layout import Block, lay_out
from leadclass.views.names import short_names

#: A shape for each label, so that it reads without colour.
SHAPES = {"leadership": "▲", "management": "■", "both": "◆", "neither": "·"}

#: So many words that spoke for a side are named, and how loud one must be beside the loudest.
WORDS = 3
AUDIBLE = 0.2


def report(model: Model, pages: Sequence[tuple[Profile, str]], made_on: date | None = None) -> str:
    """The whole report, an HTML file.

    Parameters
    ----------
    model : Model
        The one that made the profiles.
    pages : sequence of (Profile, str)
        Each profile with the text of its document. Of several the report begins with a comparison.
    made_on : datetime.date, optional
        By default today.

    Returns
    -------
    str
    """
    css = stylesheet()
    texts = {id(profile): text for profile, text in pages}
    ranked = rank([profile for profile, _ in pages])
    names = short_names([profile.name for profile in ranked])
    return (
        _templates()
        .get_template("report.html")
        .render(
            css=css,
            css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
            version=__version__,
            made_on=made_on or date.today(),
            model=model,
            points=_operating_points(model),
            comparison=_compare(ranked),
            articles=[
                _article(model, profile, texts[id(profile)], names[n - 1], f"d{n}-")
                for n, profile in enumerate(ranked, start=1)
            ],
        )
    )


def is_report(path: Path) -> bool:
    """Whether a file is a report, to be replaced by a new one without loss."""
    with path.open("rb") as file:
        return _GENERATOR.encode() in file.read(_WITHIN)


#: What tells a report from other pages, and how far from the beginning at most.
_GENERATOR = '<meta name="generator" content="leadclass '
_WITHIN = 2000


def fragment(model: Model, profile: Profile, text: str, prefix: str = "") -> str:
    """One document of the report, an ``<article>`` to put into a page that has the `stylesheet`.

    A statement is an element with ``id``, ``data-start``, ``data-end`` and ``data-label``. One that
    shows a side can be focused, and has a note that its ``aria-describedby`` names.

    Parameters
    ----------
    model : Model
        The one that made the profile.
    profile : Profile
    text : str
        The document's text, which the places of the statements count the characters of.
    prefix : str, optional
        What every ``id`` begins with, where a page has several fragments.

    Returns
    -------
    str
    """
    template = _templates().get_template("fragment.html")
    return template.render(article=_article(model, profile, text, profile.name, prefix))


@cache
def stylesheet() -> str:
    """The style of reports and fragments, CSS."""
    return (files("leadclass") / "data" / "report" / "report.css").read_text(encoding="utf-8")


@dataclass(frozen=True)
class _Comparison:
    """What several documents speak of together."""

    headline: str
    whole: Profile
    documents_of_trait: dict[str, int]


def _compare(profiles: Sequence[Profile]) -> _Comparison:
    leanings = Counter(map(_leaning, profiles))
    counts = [f"{_in_words(n)} {words}" for words in _LEANINGS if (n := leanings[words])]
    first, rest = counts[0].split(" ", 1)
    counts[0] = f"{first} {'speaks' if first == 'one' else 'speak'} {rest}"
    return _Comparison(
        headline=f"Of {_in_words(len(profiles))} documents, {_listed(counts)}.",
        whole=Profile("", tuple(s for profile in profiles for s in profile.statements)),
        documents_of_trait={
            trait: sum(profile.traits[trait] > 0 for profile in profiles) for trait in TRAITS
        },
    )


_LEANINGS = _TO_LEADERSHIP, _TO_MANAGEMENT, _ABOUT_EVEN, _TO_NEITHER = (
    "more of leadership",
    "more of management",
    "of both about evenly",
    "of neither",
)


def _leaning(profile: Profile) -> str:
    if profile.balance is None:
        return _TO_NEITHER
    if abs(profile.balance) <= EVEN:
        return _ABOUT_EVEN
    return _TO_LEADERSHIP if profile.balance > 0 else _TO_MANAGEMENT


@dataclass(frozen=True)
class _Note:
    """What is said of a statement that shows a side: its traits and the words that spoke for it."""

    number: int
    statement: LabelledStatement
    words: dict[str, list[str]]


@dataclass(frozen=True)
class _Article:
    """All that a document's part of the report shows."""

    title: str
    prefix: str
    profile: Profile
    blocks: list[tuple[str, list[Block]]]
    notes: dict[int, _Note]
    advice: Advice

    def place(self, statement: LabelledStatement) -> str:
        """The id of a statement's element."""
        return f"{self.prefix}s{self.profile.statements.index(statement)}"


def _article(model: Model, profile: Profile, text: str, title: str, prefix: str) -> _Article:
    blocks = lay_out(text, profile.statements)
    return _Article(
        title=title,
        prefix=prefix,
        profile=profile,
        blocks=[(form, list(some)) for form, some in groupby(blocks, key=lambda b: b.form)],
        notes={note.number: note for note in _notes(model, profile)},
        advice=advise(profile),
    )


def _notes(model: Model, profile: Profile) -> Iterator[_Note]:
    for number, statement in enumerate(profile.statements):
        sides = sides_of(statement.label)
        if sides:
            terms = model.terms(statement.text, sides)
            words = {side: _words(statement.text, terms, side) for side in sides}
            yield _Note(number, statement, words)


def _words(text: str, terms: Sequence[Term], side: str) -> list[str]:
    """The words that spoke loudest for a side, as they stand in the statement."""
    written = text.lower()
    loudest = sorted(terms, key=lambda term: -term.contributions[side])
    said: list[str] = []
    for term in loudest:
        if len(said) == WORDS or term.contributions[side] <= AUDIBLE * _loudness(loudest[0], side):
            break
        heard = any(set(term.text.split()) & set(words.split()) for words in said)
        if term.text in written and not heard:
            said.append(term.text)
    return said


def _loudness(term: Term, side: str) -> float:
    return max(term.contributions[side], 0.0)


def _operating_points(model: Model) -> dict[str, dict[str, float]]:
    """How often each side was right, by the model's own figures, at the thresholds it now has."""
    points = {}
    for place, side in enumerate(SIDES):
        measured = model.about.get("operating_points", {}).get(side, [])
        threshold = float(model.weights.thresholds[place])
        if measured:
            points[side] = min(measured, key=lambda point: abs(point["threshold"] - threshold))
    return points


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("leadclass", "data/report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_harmless,
    )
    environment.filters |= {
        "percent": _percent,
        "signed": _signed,
        "spoken": spoken,
        "in_words": _in_words,
        "day": lambda day: f"{day.day} {day:%B %Y}",
    }
    environment.globals |= {
        "SHAPES": SHAPES,
        "LABELS": LABELS,
        "SIDES": SIDES,
        "SIDE_OF_TRAIT": SIDE_OF_TRAIT,
        "TRAITS_OF_SIDE": TRAITS_OF_SIDE,
        "NOT_FOR": NOT_FOR,
        "sides_of": sides_of,
    }
    return environment


#: What a text could break a page with: controls, changes of direction, halves of a character.
_HARMFUL = dict.fromkeys(
    [
        *(set(range(32)) - set(b"\t\n\r")),
        *range(127, 160),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        *range(0xD800, 0xE000),
        0xFFFE,
        0xFFFF,
    ],
    "\N{REPLACEMENT CHARACTER}",
)


def _harmless(value: Any) -> Any:
    return value.translate(_HARMFUL) if isinstance(value, str) else value


def _percent(probability: float) -> str:
    """A probability as it is said; never none and never all."""
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def _signed(balance: float | None) -> str:
    if balance is None:
        return "none"
    return f"{balance:+.2f}".replace("-", "\N{MINUS SIGN}")


_SMALL_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def _in_words(number: int) -> str:
    """A number as it is written in a sentence."""
    return _SMALL_NUMBERS[number] if number < len(_SMALL_NUMBERS) else f"{number:,}"


def _listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
