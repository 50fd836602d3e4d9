"""Labelled statements, and where they came from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from leadclass.labels import OUTPUTS, TRAIT_PLACES, TRAITS_OF_SIDE, sides_of

FORMS = ("statement", "phrase")
ORIGINS = ("real", "written")

#: The split that a model learns from.
TRAIN = "train"


@dataclass(frozen=True)
class Example:
    """A labelled statement.

    Attributes
    ----------
    text : str
    label : str
        One of `leadclass.labels.LABELS`.
    traits : tuple of str
        Empty where no one has said.
    kind : str
        What it was said in: ``posting``, ``review``, or whatever else the table says.
    form : {'statement', 'phrase'}
    pair : str, optional
        What it shares with the statement that it is a near miss of.
    origin : {'real', 'written'}
        Whether someone wrote it at work, or for a corpus.
    split : str
        What it is for: ``train``, or something that is not learnt from.
    """

    text: str
    label: str
    traits: tuple[str, ...] = ()
    kind: str = "general"
    form: str = "statement"
    pair: str | None = None
    origin: str = "real"
    split: str = TRAIN


@dataclass(frozen=True)
class Source:
    """One file of a corpus: its name, its digest, and how many rows have each label."""

    name: str
    sha256: str
    n_rows: int
    labels: dict[str, int]


@dataclass(frozen=True)
class Corpus:
    """Labelled statements and the files they came from."""

    examples: list[Example]
    sources: list[Source]

    @property
    def texts(self) -> list[str]:
        return [example.text for example in self.examples]

    def shown(self) -> np.ndarray:
        """Which outputs each statement shows, a bool array of shape (n, n_outputs)."""
        return np.array(
            [
                [output in sides_of(e.label) or output in e.traits for output in OUTPUTS]
                for e in self.examples
            ],
            bool,
        ).reshape(len(self.examples), len(OUTPUTS))

    def known(self) -> np.ndarray:
        """Which outputs are known for each statement, a bool array of shape (n, n_outputs).

        The sides always are; the traits of a side are not where the label shows the side and the
        row names none of its traits.
        """
        known = np.ones((len(self.examples), len(OUTPUTS)), bool)
        for i, example in enumerate(self.examples):
            for side in sides_of(example.label):
                if not set(TRAITS_OF_SIDE[side]) & set(example.traits):
                    known[i, TRAIT_PLACES[OUTPUTS.index(side)]] = False
        return known
