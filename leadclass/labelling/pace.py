"""Times of answers in, how fast they come and how long the rest will take out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

#: Answers that tell how fast someone is now.
_RECENT = 50
#: So many are needed to say anything.
_ENOUGH = 3
#: Who takes longer than this many seconds was doing something else.
_LONGEST = 120.0


def pace(times: Sequence[float], n_left: int) -> str:
    """How many answers a minute, and how long until the last: in a few words, or none yet.

    Parameters
    ----------
    times : sequence of float
        When each answer was given, in seconds.
    n_left : int

    Returns
    -------
    str

    Examples
    --------
    >>> pace([0, 6, 12, 18], n_left=100)
    '10 a minute, 10 min left'
    """
    steps = [b - a for a, b in pairwise(times[-_RECENT:]) if 0 < b - a <= _LONGEST]
    if len(steps) < _ENOUGH:
        return ""
    seconds = sum(steps) / len(steps)
    rate = 60 / seconds
    per_minute = f"{rate:.0f} a minute" if rate >= 1.5 else f"{60 * rate:.0f} an hour"
    return f"{per_minute}, {_spoken(seconds * n_left)} left" if n_left else per_minute


def _spoken(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under 1 min"
    if minutes < 100:
        return f"{minutes} min"
    return f"{minutes / 60:.0f} h"
