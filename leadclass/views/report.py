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
from itertools import groupby
from pathlib import Path

from leadclass.advice import Advice, advise
from leadclass.explanation import Term
from leadclass.labels import SIDES, TRAITS, sides_of
from leadclass.model import Model
from leadclass.package_files import package_text
from leadclass.profile import EVEN, LabelledStatement, Profile, rank
from leadclass.version import __version__
from leadclass.views.layout import Block, lay_out
from leadclass.views.names import short_names
from leadclass.views.templates import in_words, listed, render

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
    return render(
        "report.html",
        css=css,
        css_digest=base64.b64encode(hashlib.sha256(css.encode()).digest()).decode(),
        version=__version__,
        made_on=made_on or date.today(),
        model=model,
        points=_operating_points(model),
        comparison=_compare(ranked),
        articles=[
            _article(model, profile, texts[id(profile)], name, f"d{n}-")
            for n, (profile, name) in enumerate(zip(ranked, names, strict=True), start=1)
        ],
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
    article = _article(model, profile, text, profile.name, prefix)
    return render("fragment.html", article=article)


@cache
def stylesheet() -> str:
    """The style of reports and fragments, CSS."""
    return package_text("data/report/report.css")


@dataclass(frozen=True)
class _Comparison:
    """What several documents speak of together."""

    headline: str
    whole: Profile
    documents_of_trait: dict[str, int]


def _compare(profiles: Sequence[Profile]) -> _Comparison:
    leanings = Counter(map(_leaning, profiles))
    counts = [f"{in_words(n)} {words}" for words in _LEANINGS if (n := leanings[words])]
    first, rest = counts[0].split(" ", 1)
    counts[0] = f"{first} {'speaks' if first == 'one' else 'speak'} {rest}"
    return _Comparison(
        headline=f"Of {in_words(len(profiles))} documents, {listed(counts)}.",
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

    @property
    def course(self) -> str:
        """Which statements show which side, for who does not see it drawn."""
        where = {
            side: [n for n, s in enumerate(self.profile.statements, 1) if side in sides_of(s.label)]
            for side in SIDES
        }
        said = [f"{side}: {listed(_stretches(where[side])) or 'none'}" for side in SIDES]
        return f"The numbers of the statements that show {'; '.join(said)}."


def _stretches(numbers: Sequence[int]) -> list[str]:
    """Ascending numbers, those in a row as from one to the other."""
    rows = groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ends = [[number for _, number in row] for _, row in rows]
    return [f"{row[0]} to {row[-1]}" if len(row) > 1 else str(row[0]) for row in ends]


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
    audible = AUDIBLE * max(loudest[0].contributions[side], 0.0) if loudest else 0.0
    said: list[str] = []
    for term in loudest:
        if len(said) == WORDS or term.contributions[side] <= audible:
            break
        heard = any(set(term.text.split()) & set(words.split()) for words in said)
        if term.text in written and not heard:
            said.append(term.text)
    return said


def _operating_points(model: Model) -> dict[str, dict[str, float]]:
    """How often each side was right, by the model's own figures, at the thresholds it now has.

    Empty where they were not measured, or are damaged: nothing is said of them then.
    """
    try:
        measured = model.about["operating_points"]
        nearest = {
            side: min(measured[side], key=lambda point: abs(point["threshold"] - threshold))
            for side, threshold in zip(SIDES, model.weights.thresholds.tolist(), strict=False)
        }
        return {
            side: {name: float(point[name]) for name in ("precision", "recall")}
            for side, point in nearest.items()
        }
    except (KeyError, TypeError, ValueError):
        return {}
