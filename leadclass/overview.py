"""Profiles in, one after the other; what is kept of each, and what all of them ask for, out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import fmean

from leadclass.labels import LABELS, TRAITS
from leadclass.profile import Profile


@dataclass(frozen=True)
class Figures:
    """What a comparison keeps of a document: all but its statements.

    Attributes
    ----------
    name : str
    counts : mapping of str to int
        The number of statements of each label.
    balance : float or None
    traits : mapping of str to int
        The number of statements that show each trait.
    """

    name: str
    counts: Mapping[str, int]
    balance: float | None
    traits: Mapping[str, int]

    @classmethod
    def of(cls, profile: Profile) -> Figures:
        """The figures of a profile."""
        return cls(profile.name, profile.counts, profile.balance, profile.traits)


@dataclass(frozen=True)
class TraitFigures:
    """How often a trait is asked for.

    Attributes
    ----------
    trait : str
    n_documents, n_statements : int
        How many show it.
    """

    trait: str
    n_documents: int
    n_statements: int


@dataclass(frozen=True)
class Overview:
    """What several documents say together.

    Attributes
    ----------
    documents : sequence of Figures
    """

    documents: Sequence[Figures]

    @cached_property
    def counts(self) -> dict[str, int]:
        """The number of statements of each label in all documents."""
        return {label: sum(d.counts[label] for d in self.documents) for label in LABELS}

    @property
    def n_statements(self) -> int:
        """The number of statements in all documents."""
        return sum(self.counts.values())

    @property
    def shares(self) -> dict[str, float]:
        """The share of each label among all statements, in [0, 1]; all zero without any."""
        n = max(self.n_statements, 1)
        return {label: count / n for label, count in self.counts.items()}

    @property
    def balances(self) -> list[float]:
        """The balance of each document that has one."""
        return [d.balance for d in self.documents if d.balance is not None]

    @property
    def mean_balance(self) -> float | None:
        """The mean of the documents' balances, each counting the same; None if none has one."""
        return fmean(self.balances) if self.balances else None

    @property
    def traits(self) -> list[TraitFigures]:
        """The traits, from the one that most documents ask for to the one that fewest do."""
        figures = [
            TraitFigures(
                trait,
                sum(bool(d.traits[trait]) for d in self.documents),
                sum(d.traits[trait] for d in self.documents),
            )
            for trait in TRAITS
        ]
        return sorted(figures, key=lambda f: (-f.n_documents, -f.n_statements))
