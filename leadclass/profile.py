"""Statements with their labels in, the profile of a document out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Protocol, TypeVar

from leadclass.labels import (
    BOILERPLATE,
    LABELS,
    NO_SECTION,
    PROBABILITY_DECIMALS,
    SIDES,
    TRAITS,
    join_traits,
    sides_of,
)

#: Balances between these are called even.
EVEN = 0.15
#: Balances beyond this are called mostly of the one.
LOPSIDED = 0.5


@dataclass(frozen=True)
class LabelledStatement:
    """A statement of a document with what the model says of it.

    Attributes
    ----------
    text : str
    start, end : int
        Its place in the document's text.
    form : str
        ``heading``, ``bullet`` or ``sentence``.
    section : str
        One of `leadclass.labels.BOILERPLATE`, or empty.
    label : str
        One of `leadclass.labels.LABELS`.
    p_leadership, p_management : float
        Calibrated probabilities, in [0, 1].
    traits : tuple of str
        Most certain first.
    """

    text: str
    start: int
    end: int
    form: str
    section: str = field(default=NO_SECTION, kw_only=True)
    label: str
    p_leadership: float
    p_management: float
    traits: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What a document asks for or tells of.

    Attributes
    ----------
    name : str
        The document's.
    statements : tuple of LabelledStatement
        In reading order.
    n_left_out : int
        How many statements of the document are not among them.
    """

    name: str
    statements: tuple[LabelledStatement, ...]
    n_left_out: int = 0

    def without(self, sections: Collection[str] = BOILERPLATE) -> Profile:
        """The profile of what stands in none of some sections.

        Parameters
        ----------
        sections : collection of str

        Returns
        -------
        Profile
        """
        kept = tuple(s for s in self.statements if s.section not in sections)
        left_out = self.n_left_out + len(self.statements) - len(kept)
        return replace(self, statements=kept, n_left_out=left_out)

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of statements of each label."""
        counted = Counter(statement.label for statement in self.statements)
        return {label: counted[label] for label in LABELS}

    @property
    def shares(self) -> dict[str, float]:
        """The share of each label, in [0, 1]; all zero without statements."""
        n = max(len(self.statements), 1)
        return {label: count / n for label, count in self.counts.items()}

    @property
    def balance(self) -> float | None:
        """From -1, all management, to +1, all leadership; None where there is neither.

        The difference of the numbers of statements that show either side over their sum; a
        statement that shows both counts on both.
        """
        leadership, management = (self.count_of_side(side) for side in SIDES)
        if not leadership + management:
            return None
        return (leadership - management) / (leadership + management)

    def count_of_side(self, side: str) -> int:
        """The number of statements that show a side, alone or with the other."""
        return sum(count for label, count in self.counts.items() if side in sides_of(label))

    @cached_property
    def traits(self) -> dict[str, int]:
        """The number of statements that show each trait, zeros included."""
        counted = Counter(trait for s in self.statements for trait in s.traits)
        return {trait: counted[trait] for trait in TRAITS}

    @property
    def missing_traits(self) -> tuple[str, ...]:
        """The traits that no statement shows."""
        return tuple(trait for trait, count in self.traits.items() if not count)

    @property
    def headline(self) -> str:
        """What the document speaks of, in one sentence without figures."""
        return f"{self._leaning}{self._most}."

    @property
    def summary(self) -> str:
        """What the document speaks of and in how many statements, in one sentence."""
        counts = sorted((self.count_of_side(side) for side in SIDES), reverse=True)
        shown = " and ".join(str(count) for count in counts if count)
        figures = f" ({shown} of {_number(len(self.statements), 'statement')})" if shown else ""
        return f"{self._leaning}{figures}{self._most}."

    @property
    def _leaning(self) -> str:
        if self.balance is None:
            return "Speaks of neither leadership nor management"
        more, less = SIDES if self.balance > 0 else SIDES[::-1]
        if not self.count_of_side(less):
            return f"Speaks of {more} and not of {less}"
        if abs(self.balance) <= EVEN:
            return "Speaks of leadership and management about evenly"
        if abs(self.balance) > LOPSIDED:
            return f"Speaks mostly of {more}, little of {less}"
        return f"Speaks more of {more} than of {less}"

    @property
    def _most(self) -> str:
        strongest = max(self.traits, key=lambda trait: self.traits[trait])
        return f", most of all of {spoken(strongest)}" if self.traits[strongest] else ""

    @property
    def boilerplate_summary(self) -> str:
        """How much is boilerplate, and the balance without it; empty if none is."""
        if self.n_left_out:
            return f"Left out as boilerplate: {_number(self.n_left_out, 'statement')}."
        rest = self.without()
        if not rest.n_left_out:
            return ""
        balance = "there is no balance" if rest.balance is None else f"balance {rest.balance:+.2f}"
        of_all = f"{rest.n_left_out} of {_number(len(self.statements), 'statement')}"
        return f"Boilerplate: {of_all}; without it, {balance}."

    def to_dict(self) -> dict[str, Any]:
        """The profile as plain data, ready for JSON; probabilities to four decimals."""
        return {
            "name": self.name,
            "summary": self.summary,
            "n_statements": len(self.statements),
            "counts": self.counts,
            "shares": {label: round(s, PROBABILITY_DECIMALS) for label, s in self.shares.items()},
            "balance": None if self.balance is None else round(self.balance, PROBABILITY_DECIMALS),
            "traits": self.traits,
            "missing_traits": list(self.missing_traits),
            "statements": [
                {
                    "text": s.text,
                    "start": s.start,
                    "end": s.end,
                    "form": s.form,
                    "section": s.section,
                    "label": s.label,
                    "p_leadership": round(s.p_leadership, PROBABILITY_DECIMALS),
                    "p_management": round(s.p_management, PROBABILITY_DECIMALS),
                    "traits": join_traits(s.traits),
                }
                for s in self.statements
            ],
        }


class _Balanced(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def balance(self) -> float | None: ...


_B = TypeVar("_B", bound=_Balanced)


def rank(profiles: Sequence[_B]) -> list[_B]:
    """Profiles from the most leadership to the most management, those with neither last."""
    return sorted(profiles, key=lambda p: (p.balance is None, -(p.balance or 0.0), p.name))


def spoken(trait: str) -> str:
    """A trait's name as it is said: ``decision making`` for ``decision_making``."""
    return trait.replace("_", " ")


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
