"""The words of the codebook: sides, labels, traits, and the columns that carry them.

Every other module takes these names from here, so that a name is spelt in one place.
"""

from __future__ import annotations

import re
from typing import Literal

SIDES = ("leadership", "management")
LABELS = ("leadership", "management", "both", "neither")

#: A shape for each label, so that it is seen in grey and by colour-blind eyes.
MARKS = {"leadership": "▲", "management": "■", "both": "◆", "neither": "·"}

TRAITS_OF_SIDE = {
    "leadership": ("vision", "empathy", "innovation", "influence"),
    "management": ("organisation", "decision_making", "problem_solving", "time_management"),
}
TRAITS = tuple(trait for side in SIDES for trait in TRAITS_OF_SIDE[side])
SIDE_OF_TRAIT = {trait: side for side, traits in TRAITS_OF_SIDE.items() for trait in traits}

#: A statement has at most so many traits of a side.
MOST_TRAITS = 2
#: Sections of postings that are boilerplate, in the order in which they are named.
BOILERPLATE = ("about_us", "benefits", "equal_opportunity", "how_to_apply")
#: The section of a statement that stands in none of them.
NO_SECTION = ""

#: What the model gives a probability for, in the order of its coefficient columns.
OUTPUTS = SIDES + TRAITS

#: For each side the places of its traits among the outputs.
TRAIT_PLACES = {
    OUTPUTS.index(side): [OUTPUTS.index(trait) for trait in TRAITS_OF_SIDE[side]] for side in SIDES
}

#: What leadclass adds to a table, in this order.
COLUMNS = ("label", "p_leadership", "p_management", "traits")

#: What says in a labelled table that a statement shows a side, or does not.
YES = ("yes", "y", "true", "t", "1", "x", "✓")
NO = ("no", "n", "false", "f", "0", "-")

#: Decimals of a probability wherever one is written out.
PROBABILITY_DECIMALS = 4

#: What a row of a tagged table stands for: a row of the table, or one of its statements.
Unit = Literal["row", "statement"]
UNITS: tuple[Unit, ...] = ("row", "statement")

#: Said wherever results are shown.
NOT_FOR = "It describes text. It is not for deciding about a person."

TRAIT_SEPARATOR = ";"
_ANY_SEPARATOR = re.compile(r"[;,]")

_LABEL_OF_SIDES = {
    (True, False): "leadership",
    (False, True): "management",
    (True, True): "both",
    (False, False): "neither",
}
_SIDES_OF_LABEL = {
    label: tuple(side for side, shown in zip(SIDES, shows, strict=True) if shown)
    for shows, label in _LABEL_OF_SIDES.items()
}


def label_of(leadership: bool, management: bool) -> str:
    """The label of a statement that shows these sides."""
    return _LABEL_OF_SIDES[bool(leadership), bool(management)]


def sides_of(label: str) -> tuple[str, ...]:
    """The sides that a label shows: none for ``neither``, two for ``both``.

    Raises
    ------
    KeyError
        If `label` is not one of `LABELS`.
    """
    return _SIDES_OF_LABEL[label]


def split_traits(cell: str | None) -> tuple[str, ...]:
    """The traits named in a table cell, separated by semicolons or commas."""
    return tuple(part.strip() for part in _ANY_SEPARATOR.split(cell or "") if part.strip())


def join_traits(traits: tuple[str, ...] | list[str]) -> str:
    """A table cell that names these traits."""
    return TRAIT_SEPARATOR.join(traits)
