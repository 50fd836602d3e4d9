"""A model and a labelled table in, what the model says of it and how right it is out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike

import numpy as np

from leadclass.corpus import Corpus
from leadclass.decisions import Decisions
from leadclass.errors import LeadclassError
from leadclass.evaluation import Evaluation, evaluate
from leadclass.labelled_tables import file_digest, read_labelled
from leadclass.labels import PROBABILITY_DECIMALS, SIDES
from leadclass.model import Model
from leadclass.tables import open_table
from leadclass.wording import Wording

#: By which column figures are also given where nothing else is asked for.
_USUAL_SLICE = "kind"

#: Statements of so many words are of one length: the first number that is not reached.
LENGTHS = {"1–7 words": 8, "8–15": 16, "16–25": 26, "26–": None}

_REASONS = 3


@dataclass(frozen=True)
class Assessment:
    """A labelled table with what a model says of it.

    Attributes
    ----------
    model : Model
    corpus : Corpus
    slices : dict of str to list of str
        Columns by whose values figures are given: those asked for, and length.
    decisions : Decisions
    digest : str
        SHA-256 of the table's file.
    """

    model: Model
    corpus: Corpus
    slices: dict[str, list[str]]
    decisions: Decisions
    digest: str

    @property
    def learnt_from(self) -> bool:
        """Whether the model was trained on this very file, which makes its figures too good."""
        return self.digest in {source.get("sha256") for source in self.model.about.get("data", [])}

    def evaluate(self) -> Evaluation:
        """How right the model is."""
        return evaluate(
            self.corpus.shown(),
            self.decisions.shown,
            self.corpus.known(),
            self.slices,
            self.decisions.probabilities,
        )

    def worst_errors(self, most: int) -> list[Error]:
        """The wrong labels that the model was surest of, the surest first.

        Parameters
        ----------
        most : int
            Give at most so many.

        Returns
        -------
        list of Error
        """
        n_sides = len(SIDES)
        truth = self.corpus.shown()[:, :n_sides]
        said = self.decisions.shown[:, :n_sides]
        given = np.nan_to_num(self.decisions.probabilities[:, :n_sides])
        sure = np.where(truth != said, np.where(said, given, 1 - given), 0.0)
        order = np.argsort(-sure.max(axis=1), kind="stable")[:most].tolist()
        return [self._error(i, int(sure[i].argmax())) for i in order if (truth[i] != said[i]).any()]

    def _error(self, place: int, side: int) -> Error:
        example = self.corpus.examples[place]
        explanation = self.model.explain(example.text)
        speaks_for, against = explanation.strongest(SIDES[side], _REASONS)
        wrongly_said = bool(self.decisions.shown[place, side])
        return Error(
            row=place + 1,
            text=example.text,
            label=example.label,
            said=str(self.decisions.labels[place]),
            side=SIDES[side],
            probability=round(
                float(self.decisions.probabilities[place, side]), PROBABILITY_DECIMALS
            ),
            reasons=[term.text for term in (speaks_for if wrongly_said else against)],
        )


@dataclass(frozen=True)
class Error:
    """A statement whose label the model gets wrong.

    Attributes
    ----------
    row : int
        From 1 below the header.
    text, label, said : str
        The statement, its label, and the label that the model gives.
    side : str
        The side on which it is most wrong.
    probability : float
        Of that side.
    reasons : list of str
        The words that misled it most.
    """

    row: int
    text: str
    label: str
    said: str
    side: str
    probability: float
    reasons: list[str]


def assess(
    model: Model,
    table: str | PathLike[str],
    *,
    text: str = "text",
    label: str = "label",
    by: Sequence[str] | None = None,
    traits: bool = True,
    texts: Sequence[str | PathLike[str]] = (),
    wording: Wording | None = None,
    encoding: str | None = None,
) -> Assessment:
    """Let a model label a table whose labels are known.

    Parameters
    ----------
    model : Model
    table : path-like
    text, label : str
        The columns of the statements and of the labels they should have.
    by : sequence of str, optional
        Columns by whose values the figures are also given; ``kind`` by default.
    traits : bool
        Whether a column of this name holds those of the codebook.
    texts : sequence of path-like
        Tables in which stand-off labels find their texts.
    wording : Wording, optional
        How labels are said, where not by themselves.
    encoding : str, optional
        Of the table.

    Returns
    -------
    Assessment

    Raises
    ------
    LeadclassError
        If the table cannot be read, has bad rows, or none.
    """
    if by is None:
        with open_table(table, encoding=encoding) as opened:
            by = [name for name in opened.schema.names if name == _USUAL_SLICE]
    examples, slices = read_labelled(
        table,
        text=text,
        label=label,
        by=by,
        traits=traits,
        texts=texts,
        wording=wording,
        encoding=encoding,
    )
    if not examples:
        raise LeadclassError("has no rows to measure on", file=table, remedy="add labelled rows")
    corpus = Corpus(examples, sources=[])
    lengths = [_length(len(example.text.split())) for example in examples]
    return Assessment(
        model,
        corpus,
        slices | {"length": lengths},
        model.decide(corpus.texts),
        file_digest(table),
    )


def _length(n_words: int) -> str:
    return next(name for name, end in LENGTHS.items() if end is None or n_words < end)
