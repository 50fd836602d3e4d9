"""A choice in, why it was made in plain words out."""

from __future__ import annotations

from collections.abc import Container, Iterator

from leadclass.features import stems
from leadclass.labels import SIDES
from leadclass.suggesting.choosing import Choice

#: A side whose probability is between these is in doubt.
DOUBTFUL = (0.1, 0.9)

#: Less alike than this to any labelled statement, a statement is like none.
UNLIKE = 0.25

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
    given = choice.candidate.probabilities
    low, high = DOUBTFUL
    doubtful = [i for i, p in enumerate(given) if low <= p <= high]
    if doubtful:
        doubtful.sort(key=lambda i: abs(given[i] - 0.5))
        yield f"unsure of {' and '.join(f'{SIDES[i]} ({given[i]:.0%})' for i in doubtful)}"
    else:
        i = min(range(len(given)), key=lambda i: abs(given[i] - 0.5))
        yield f"least sure of {SIDES[i]} ({given[i]:.0%})"
    if some_labelled and choice.likeness < UNLIKE:
        yield "unlike anything labelled"
    words = dict.fromkeys(choice.candidate.words.split())
    new = [word for word in words if word != "0" and stems([word])[0] not in known]
    if new:
        yield f"new to the model: {', '.join(new[:_MOST_WORDS])}"
