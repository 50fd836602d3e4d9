"""Values in, HTML out: the templates of reports, and how numbers and words are written in them.

Everything that a template shows is escaped, and what could break or steer a page is made harmless.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from leadclass.labels import (
    LABELS,
    MARKS,
    NOT_FOR,
    SIDE_OF_TRAIT,
    SIDES,
    TRAITS_OF_SIDE,
    sides_of,
)
from leadclass.profile import spoken


def render(template: str, **values: Any) -> str:
    """The HTML of a template in ``data/report/``."""
    return _environment().get_template(template).render(**values)


_SMALL_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


def in_words(number: int) -> str:
    """A number as it is written in a sentence."""
    return _SMALL_NUMBERS[number] if number < len(_SMALL_NUMBERS) else f"{number:,}"


def listed(words: Sequence[str]) -> str:
    """Words as a sentence lists them."""
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


@cache
def _environment() -> Environment:
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
        "in_words": in_words,
        "day": lambda day: f"{day.day} {day:%B %Y}",
    }
    environment.globals |= {
        "MARKS": MARKS,
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
    # What is markup already has been through here.
    return value.translate(_HARMFUL) if type(value) is str else value


def _percent(probability: float) -> str:
    """A probability as it is said; never none and never all."""
    if probability < 0.01:
        return "under 1%"
    return "over 99%" if probability > 0.99 else f"{probability:.0%}"


def _signed(balance: float | None) -> str:
    if balance is None:
        return "none"
    return f"{balance:+.2f}".replace("-", "\N{MINUS SIGN}")
