"""The profile of a document in, what its writer could change out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from leadclass.labels import SIDE_OF_TRAIT, SIDES, TRAITS, sides_of
from leadclass.package_files import package_rows
from leadclass.profile import EVEN, LabelledStatement, Profile

#: So many of the statements that lean hardest are named.
MOST_LEANING = 5


@dataclass(frozen=True)
class Hint:
    """What a trait is, and a sentence that asks for it.

    Attributes
    ----------
    trait, side : str
    covers : str
        What it is about, as part of a sentence.
    example : str
        How a posting could put it.
    """

    trait: str
    side: str
    covers: str
    example: str


@dataclass(frozen=True)
class Advice:
    """What a writer could change.

    Attributes
    ----------
    heavier, lighter : str or None
        The side that the document says more of, and the other; None where they are about even or
        there is neither.
    to_even : int
        How many more statements of the lighter side would make the two even.
    leaning : tuple of LabelledStatement
        The statements that lean hardest to the heavier side, hardest first.
    missing : tuple of Hint
        The traits that no statement shows, those of the lighter side first.
    """

    heavier: str | None
    lighter: str | None
    to_even: int
    leaning: tuple[LabelledStatement, ...]
    missing: tuple[Hint, ...]


def advise(profile: Profile) -> Advice:
    """Say what a writer could change to ask for more of what is missing.

    Parameters
    ----------
    profile : Profile

    Returns
    -------
    Advice
        What would change the balance; whether it should change is for the writer to say.
    """
    balance = profile.balance or 0.0
    heavier, lighter = SIDES if balance > 0 else SIDES[::-1]
    hints = [hint for hint in trait_hints() if hint.trait in profile.missing_traits]
    if abs(balance) <= EVEN:
        return Advice(None, None, 0, (), tuple(hints))
    leaning = [s for s in profile.statements if sides_of(s.label) == (heavier,)]
    return Advice(
        heavier,
        lighter,
        profile.count_of_side(heavier) - profile.count_of_side(lighter),
        tuple(sorted(leaning, key=lambda s: -_lean(s, heavier))[:MOST_LEANING]),
        tuple(sorted(hints, key=lambda hint: hint.side != lighter)),
    )


@cache
def trait_hints() -> tuple[Hint, ...]:
    """A hint for every trait, in the order of `leadclass.labels.TRAITS`."""
    rows = {row["trait"]: row for row in package_rows("data/advice.csv")}
    return tuple(
        Hint(trait, SIDE_OF_TRAIT[trait], rows[trait]["covers"], rows[trait]["example"])
        for trait in TRAITS
    )


def _lean(statement: LabelledStatement, side: str) -> float:
    difference = statement.p_leadership - statement.p_management
    return difference if side == SIDES[0] else -difference
