"""A choice in, why it was made in plain words out."""

from __future__ import annotations

from collections.abc import Container, Iterator

from leadclass.features import stems
from leadclass.labels import SIDES
from leadclass.suggesting.candidates import Candidate
from leadclass.suggesting.choosing import Choice
from leadclass.suggesting.likeness import LIKE

#: A side whose probability is between these is in doubt.
DOUBTFUL = (0.1, 0.9)

#: New words that are named.
_MOST_WORDS = 3


def reason(choice: Choice, known: Container[str], *, some_labelled: bool) -> str:
    """Say why a statement was chosen.

    Parameters
    ----------
    choice : Choice
    known : container of str
        The stems that the model has weights for.
    some_labelled : bool
        Whether there are labelled statements that it could be like.

    Returns
    -------
    str
        Such as ``unsure of leadership (46%); unlike anything labelled``.
    """
    return "; ".join(_parts(choice, known, some_labelled))


def _parts(choice: Choice, known: Container[str], some_labelled: bool) -> Iterator[str]:
    low, high = DOUBTFUL
    doubts = [(abs(p - 0.5), i) for i, p in enumerate(choice.candidate.corrected)]
    doubtful = [i for _, i in sorted(doubts) if low <= choice.candidate.corrected[i] <= high]
    if doubtful:
        yield f"unsure of {' and '.join(_side(choice.candidate, i) for i in doubtful)}"
    else:
        yield f"least sure of {_side(choice.candidate, min(doubts)[1])}"
    if some_labelled and choice.likeness < LIKE:
        yield "unlike anything labelled"
    if choice.n_alike:
        yield f"like {choice.n_alike:,} other{'s' if choice.n_alike > 1 else ''}"
    words = dict.fromkeys(choice.candidate.words.split())
    new = [word for word in words if word != "0" and stems([word])[0] not in known]
    if new:
        yield f"new to the model: {', '.join(new[:_MOST_WORDS])}"


def _side(candidate: Candidate, i: int) -> str:
    """A side with its probability, and with what the labels make of it where that is another."""
    said, corrected = candidate.said[i], candidate.corrected[i]
    if abs(said - corrected) < _WORTH_SAYING:
        return f"{SIDES[i]} ({said:.0%})"
    return f"{SIDES[i]} ({said:.0%}, by your labels {corrected:.0%})"


#: Probabilities that differ by less are one.
_WORTH_SAYING = 0.05
