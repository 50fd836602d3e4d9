"""Texts and what a model says of them in, plain numbers that describe them, and no text, out.

Of what a model has learnt from they are kept with it, so that new text can be held against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa

from leadclass.corpus import Corpus
from leadclass.decisions import Decisions, labels_of
from leadclass.errors import LeadclassError
from leadclass.features import stems
from leadclass.labels import LABELS, SIDES
from leadclass.tokens import tokenise

#: Where in ``model.json`` it is.
LEARNT_TEXT = "learnt_text"

#: The inner edges of the bins in which probabilities are counted: finer at both ends, where most
#: are.
EDGES = (0.01, 0.03, 0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.95)

#: A statement is near a threshold if the probability of a side is no further from it.
NEAR = 0.1


@dataclass(frozen=True, eq=False)
class TextSummary:
    """Counts that describe some statements; two add up.

    Attributes
    ----------
    statements : int
    words, unknown : int
        Tokens, and those whose stem is no term of the model.
    near : int
        Statements of which a side is near its threshold.
    labels : dict of str to int
        What the model says.
    scores : dict of str to ndarray
        For each side, how many probabilities are in each bin between `EDGES`.
    """

    statements: int = 0
    words: int = 0
    unknown: int = 0
    near: int = 0
    labels: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LABELS, 0))
    scores: dict[str, np.ndarray] = field(
        default_factory=lambda: {side: np.zeros(len(EDGES) + 1, int) for side in SIDES}
    )

    def __add__(self, other: TextSummary) -> TextSummary:
        return TextSummary(
            self.statements + other.statements,
            self.words + other.words,
            self.unknown + other.unknown,
            self.near + other.near,
            {label: n + other.labels[label] for label, n in self.labels.items()},
            {side: counts + other.scores[side] for side, counts in self.scores.items()},
        )

    def to_dict(self) -> dict[str, Any]:
        """The counts as plain data, ready for JSON."""
        return {
            "statements": self.statements,
            "words": self.words,
            "unknown": self.unknown,
            "near": self.near,
            "labels": self.labels,
            "scores": {side: counts.tolist() for side, counts in self.scores.items()},
        }

    @classmethod
    def from_dict(cls, page: Mapping[str, Any]) -> TextSummary:
        """The counts that `to_dict` gave.

        Raises
        ------
        LeadclassError
            If they are none, or of other bins.
        """
        try:
            counts = {name: int(page[name]) for name in ("statements", "words", "unknown", "near")}
            scores = {side: np.array(page["scores"][side], int) for side in SIDES}
            labels = {label: int(page["labels"][label]) for label in LABELS}
            whole = all(c.shape == (len(EDGES) + 1,) and (c >= 0).all() for c in scores.values())
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
            whole = False
        if not whole:
            raise LeadclassError(
                "the model's summary of what it has learnt from is damaged", remedy="train it again"
            )
        return cls(**counts, labels=labels, scores=scores)


def near_a_threshold(probabilities: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """Which statements have a side near its threshold, a bool array of shape (n,)."""
    sides = slice(len(SIDES))
    return (np.abs(probabilities[:, sides] - thresholds[sides]) <= NEAR).any(axis=1)


def summarise(
    decisions: Decisions, thresholds: np.ndarray, *, words: int, unknown: int
) -> TextSummary:
    """Count what a model says of some statements.

    Parameters
    ----------
    decisions : Decisions
        Of which statements that say nothing, with probabilities of NaN, are left out.
    thresholds : ndarray, shape (n_outputs,)
    words, unknown : int
        Of all statements together.

    Returns
    -------
    TextSummary
    """
    kept = ~np.isnan(decisions.probabilities[:, 0])
    given = decisions.probabilities[kept]
    said = labels_of(decisions.shown[kept]).tolist()
    return TextSummary(
        statements=len(given),
        words=words,
        unknown=unknown,
        near=int(near_a_threshold(given, thresholds).sum()),
        labels={label: said.count(label) for label in LABELS},
        scores={
            side: np.bincount(
                np.searchsorted(EDGES, given[:, i], "right"), minlength=len(EDGES) + 1
            )
            for i, side in enumerate(SIDES)
        },
    )


def summarise_learnt(
    corpus: Corpus,
    decisions: Decisions,
    thresholds: np.ndarray,
    unknown: tuple[np.ndarray, np.ndarray],
) -> dict[str, dict[str, Any]]:
    """What is kept of the full statements of a corpus: a summary for each kind, as plain data.

    Parameters
    ----------
    corpus : Corpus
    decisions : Decisions
        Of its examples, each by a model that has not seen it.
    thresholds : ndarray, shape (n_outputs,)
    unknown : tuple of two ndarray, shape (n,)
        The words of each example, and how many of them are unknown.

    Returns
    -------
    dict of str to dict
    """
    full = np.array([example.form == "statement" for example in corpus.examples], bool)
    kinds = np.array([example.kind for example in corpus.examples], object)
    n_words, n_unknown = unknown
    summaries = {}
    for kind in sorted(set(kinds[full].tolist())):
        rows = full & (kinds == kind)
        part = Decisions(decisions.probabilities[rows], decisions.shown[rows])
        summaries[kind] = summarise(
            part, thresholds, words=int(n_words[rows].sum()), unknown=int(n_unknown[rows].sum())
        ).to_dict()
    return summaries


def together(
    one: Mapping[str, Mapping[str, Any]], other: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    """The summaries of two corpora as those of one."""
    summed = {kind: TextSummary.from_dict(page) for kind, page in one.items()}
    for kind, page in other.items():
        summed[kind] = summed.get(kind, TextSummary()) + TextSummary.from_dict(page)
    return {kind: summed[kind].to_dict() for kind in sorted(summed)}


def unknown_words(
    texts: pa.Array | Sequence[str], known: frozenset[str]
) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """How many words each text has, how many of them the model does not know, and which.

    Parameters
    ----------
    texts : Arrow string array or sequence of str, length n
    known : frozenset of str
        The model's stems.

    Returns
    -------
    n_words, n_unknown : ndarray of int, shape (n,)
    words : list of str
        The unknown ones, as often as they occur.
    """
    tokens = tokenise(texts)
    new = np.array([stem not in known for stem in stems(tokens.words)], bool)[tokens.codes]
    at = np.concatenate([[0], np.cumsum(new)])[tokens.offsets]
    words = [tokens.words[code] for code in tokens.codes[new].tolist()]
    return np.diff(tokens.offsets), np.diff(at), words


def rare_words(texts: Sequence[str], fewest: int) -> tuple[np.ndarray, np.ndarray]:
    """How many words each text has, and how many would be unknown to a model that had not seen it.

    Parameters
    ----------
    texts : sequence of str, length n
    fewest : int
        In so many texts a word must be to be a term.

    Returns
    -------
    n_words, n_unknown : ndarray of int, shape (n,)
    """
    tokens = tokenise(texts)
    counts = np.diff(tokens.offsets)
    _, stem_of = np.unique(np.array(stems(tokens.words), object).astype(str), return_inverse=True)
    stem = stem_of[tokens.codes] if len(tokens.codes) else tokens.codes
    # Each stem once a text: the text's number and the stem's in one.
    distinct = np.unique(np.repeat(np.arange(len(counts)), counts) * (len(stem_of) + 1) + stem)
    in_texts = np.bincount(distinct % (len(stem_of) + 1), minlength=len(stem_of) + 1)
    rare = in_texts[stem] - 1 < fewest
    at = np.concatenate([[0], np.cumsum(rare)])[tokens.offsets]
    return counts, np.diff(at)
