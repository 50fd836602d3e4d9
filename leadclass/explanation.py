"""A statement's trace in, the words that spoke for and against each output out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadclass.calibration import sigmoid
from leadclass.labels import OUTPUTS, PROBABILITY_DECIMALS, SIDES, join_traits
from leadclass.scoring import Trace

_DECIMALS = 4


@dataclass(frozen=True)
class Term:
    """A word, or two words in a row, and what it adds to the log-odds of every output.

    Attributes
    ----------
    text : str
        The word as the model reads it, in lower case; two words for a pair.
    position : int
        The word's place in the statement, from 0; a pair has that of its first word.
    contributions : dict of str to float
        For each of `leadclass.labels.OUTPUTS`; above zero speaks for it, below against.
    """

    text: str
    position: int
    contributions: dict[str, float]


@dataclass(frozen=True)
class Explanation:
    """Why a statement has its probabilities.

    The log-odds of an output are its bias plus the contributions of all terms, exactly.

    Attributes
    ----------
    text, label : str
    traits : tuple of str
    probabilities : dict of str to float
    thresholds : dict of str to float
        The probability from which each output counts as shown.
    bias : dict of str to float
        The log-odds of a text without a known word.
    terms : tuple of Term
        In reading order, each word followed by the pair it begins.
    """

    text: str
    label: str
    traits: tuple[str, ...]
    probabilities: dict[str, float]
    thresholds: dict[str, float]
    bias: dict[str, float]
    terms: tuple[Term, ...]

    def strongest(self, output: str, n: int = 5) -> tuple[list[Term], list[Term]]:
        """The terms that spoke loudest for an output and against it, loudest first."""
        loud = sorted(self.terms, key=lambda term: -abs(term.contributions[output]))
        pro = [term for term in loud if term.contributions[output] > 0]
        con = [term for term in loud if term.contributions[output] < 0]
        return pro[:n], con[:n]

    def to_dict(self) -> dict[str, Any]:
        """The explanation as plain data, ready for JSON."""
        return {
            "text": self.text,
            "label": self.label,
            **{
                f"p_{side}": round(self.probabilities[side], PROBABILITY_DECIMALS) for side in SIDES
            },
            "traits": join_traits(self.traits),
            "probabilities": _rounded(self.probabilities),
            "thresholds": _rounded(self.thresholds),
            "bias": _rounded(self.bias),
            "terms": [
                {"term": term.text, "position": term.position} | _rounded(term.contributions)
                for term in self.terms
            ],
        }


def explain(
    text: str,
    trace: Trace,
    label: str,
    traits: tuple[str, ...],
    thresholds: dict[str, float],
) -> Explanation:
    """Put a trace into words.

    Parameters
    ----------
    text : str
    trace : Trace
        What the scorer found.
    label : str
    traits : tuple of str
    thresholds : dict of str to float

    Returns
    -------
    Explanation
    """
    return Explanation(
        text=text,
        label=label,
        traits=traits,
        probabilities=_named(sigmoid(trace.log_odds)),
        thresholds=thresholds,
        bias=_named(trace.bias),
        terms=terms_of(trace),
    )


def terms_of(trace: Trace) -> tuple[Term, ...]:
    """The words and pairs of a trace, in reading order."""
    alone = trace.alone.copy()
    alone[:1] += trace.paired[:1]  # that a statement begins with a word is told of the word
    terms = []
    for i, word in enumerate(trace.words):
        terms.append(Term(word, i, _named(alone[i])))
        if i + 1 < len(trace.words) and trace.paired[i + 1].any():
            terms.append(Term(f"{word} {trace.words[i + 1]}", i, _named(trace.paired[i + 1])))
    return tuple(terms)


def _named(values: object) -> dict[str, float]:
    return dict(zip(OUTPUTS, values.tolist(), strict=True))  # type: ignore[attr-defined]


def _rounded(values: dict[str, float]) -> dict[str, float]:
    return {name: round(value, _DECIMALS) for name, value in values.items()}
