"""A model and a table of new text in, how far it is like what the model has learnt from out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from os import PathLike
from typing import Any

import numpy as np

from leadclass.arrow import as_strings
from leadclass.decisions import Decisions
from leadclass.errors import LeadclassError
from leadclass.evaluation import Interval, rounded
from leadclass.labels import LABELS, SIDES
from leadclass.model import Model
from leadclass.statement_columns import split_column
from leadclass.tables import open_table
from leadclass.text_summary import (
    LEARNT_TEXT,
    TextSummary,
    near_a_threshold,
    summarise,
    unknown_words,
)

#: From where on a population stability index is called a small and a large change: the rule of
#: thumb of N. Siddiqi, "Credit risk scorecards", 2006.
SMALL_CHANGE, LARGE_CHANGE = 0.1, 0.25

#: How many times as many words must be unknown, and how many more in a hundred, for the text to be
#: somewhat, and to be very unlike.
MORE_UNKNOWN = ((1.5, 0.02), (3.0, 0.05))

#: With fewer statements nothing is said of a change.
FEWEST = 100

#: Unknown words that are named.
NAMED = 8

LIKE, SOMEWHAT, UNLIKE, UNSURE = "like", "somewhat unlike", "unlike", "unsure"

_Z = 1.96  # of a 95 % interval
_Z_ONE_SIDED = 1.645


@dataclass(frozen=True)
class Change:
    """How the probabilities of a side have moved.

    Attributes
    ----------
    psi : float
        The population stability index, from 0, no change, upwards.
    by_chance : float
        What it stays below in 95 of 100 draws of as many statements where nothing has changed.
    """

    psi: float
    by_chance: float

    @property
    def level(self) -> int:
        """0 for none that matters, 1 for a small, 2 for a large change."""
        if self.psi <= self.by_chance:
            return 0
        return (self.psi >= SMALL_CHANGE) + (self.psi >= LARGE_CHANGE)


@dataclass(frozen=True)
class Drift:
    """New text beside what a model has learnt from.

    Attributes
    ----------
    summary : TextSummary
        Of the new text.
    learnt : TextSummary, optional
        Of what the model has learnt from; None where it does not keep one.
    labels : dict of str to Interval
        The share of each label in the new text, with its interval over rows.
    near : Interval
        The share of statements near a threshold.
    unknown : Interval
        The share of words that the model does not know.
    changes : dict of str to Change
        Of each side; empty where `learnt` is None.
    words : tuple of (str, int)
        The unknown words that occur most, and how often.
    """

    summary: TextSummary
    learnt: TextSummary | None
    labels: dict[str, Interval]
    near: Interval
    unknown: Interval
    changes: dict[str, Change]
    words: tuple[tuple[str, int], ...]

    @property
    def more_unknown(self) -> int:
        """0 if about as many words are unknown, 1 if more, 2 if many more."""
        if self.learnt is None:
            return 0
        before = _share(self.learnt.unknown, self.learnt.words)
        # The lower end of the interval: what is by chance is no change.
        return sum(
            self.unknown.value > before * times and self.unknown.low > before + points
            for times, points in MORE_UNKNOWN
        )

    @property
    def verdict(self) -> str:
        """Whether the text is like what the model knows; unsure where that cannot be said."""
        if self.learnt is None or self.summary.statements < FEWEST:
            return UNSURE
        level = max(self.more_unknown, *(change.level for change in self.changes.values()))
        return (LIKE, SOMEWHAT, UNLIKE)[level]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        page = {
            "verdict": self.verdict,
            "statements": self.summary.statements,
            "unknown_words": vars(self.unknown),
            "near_thresholds": vars(self.near),
            "labels": {label: vars(share) for label, share in self.labels.items()},
            "psi": {side: vars(change) for side, change in self.changes.items()},
            "most_frequent_unknown": dict(self.words),
            "counts": self.summary.to_dict(),
            "learnt": None if self.learnt is None else self.learnt.to_dict(),
        }
        return rounded(page)


def drift(
    model: Model,
    table: str | PathLike[str],
    text: str,
    *,
    kind: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Drift:
    """Compare new text with what a model has learnt from.

    Parameters
    ----------
    model : Model
    table : path-like
    text : str
        The column to read; its texts are split into statements.
    kind : str, optional
        Compare with what the model has learnt from of this kind alone, such as ``review``.
    encoding, delimiter : str, optional
        Of the table.
    progress : callable, optional
        Called with the number of rows read.

    Returns
    -------
    Drift

    Raises
    ------
    LeadclassError
        If the table cannot be read or has no text, or the model knows no such kind.
    """
    learnt = _learnt(model, kind)
    stems = model.known_stems
    summary, rows, words = TextSummary(), _Rows(), Counter[str]()
    with open_table(table, encoding=encoding, delimiter=delimiter) as opened:
        place = opened.text_index(text, "-t")
        for batch in opened:
            found = split_column(as_strings(batch.read(place)))
            decisions = model.decide(found.texts)
            n_words, n_unknown, new = unknown_words(found.texts, stems)
            words.update(new)
            part = summarise(
                decisions,
                model.weights.thresholds,
                words=int(n_words.sum()),
                unknown=int(n_unknown.sum()),
            )
            summary += part
            rows.add(model, decisions, found.offsets, n_words, n_unknown)
            if progress is not None:
                progress(batch.first_row + len(batch) - 1)
    if not summary.statements:
        raise LeadclassError("has no text", file=table, column=text, remedy="name another with -t")
    shares = rows.shares()
    return Drift(
        summary=summary,
        learnt=learnt,
        labels={label: shares[label] for label in LABELS},
        near=shares["near"],
        unknown=shares["unknown"],
        changes={}
        if learnt is None
        else {side: change(learnt.scores[side], summary.scores[side]) for side in SIDES},
        words=tuple(words.most_common(NAMED)),
    )


def change(before: np.ndarray, after: np.ndarray) -> Change:
    """The population stability index of two counts over the same bins.

    Half a count is added to each bin, so that an empty one does not make it infinite. Where nothing
    has changed, it is spread about as chi squared with one less than the bins is, times the sum of
    the inverse sizes.

    Parameters
    ----------
    before, after : ndarray of int, shape (n_bins,)

    Returns
    -------
    Change

    References
    ----------
    B. Yurdakul and J. Naranjo, "Statistical properties of the population stability index", Journal
    of Risk Model Validation 14, 2020.
    """
    p, q = ((counts + 0.5) / (counts.sum() + 0.5 * len(counts)) for counts in (before, after))
    free = len(before) - 1
    # The 95 % point of chi squared, after Wilson and Hilferty.
    edge = free * (1 - 2 / (9 * free) + _Z_ONE_SIDED * sqrt(2 / (9 * free))) ** 3
    chance = edge * (1 / max(before.sum(), 1) + 1 / max(after.sum(), 1))
    return Change(float(((q - p) * np.log(q / p)).sum()), float(chance))


def _learnt(model: Model, kind: str | None) -> TextSummary | None:
    kinds = model.about.get(LEARNT_TEXT)
    if kinds is None:
        return None
    if kind is not None and kind not in kinds:
        raise LeadclassError(
            f"the model has learnt from no text of the kind {kind!r}",
            remedy=f"use one of {', '.join(kinds)}",
        )
    wanted = [TextSummary.from_dict(kinds[name]) for name in kinds if kind in (None, name)]
    return sum(wanted, TextSummary())


class _Rows:
    """Sums over rows of a table, from which shares and their intervals follow.

    Statements of one row are not independent, so an interval is one of a ratio of sums over rows.
    """

    def __init__(self) -> None:
        # For each figure: how many rows, sums of part, whole, part², part * whole and whole².
        self._sums: dict[str, np.ndarray] = {}

    def add(
        self,
        model: Model,
        decisions: Decisions,
        offsets: np.ndarray,
        n_words: np.ndarray,
        n_unknown: np.ndarray,
    ) -> None:
        """Add the statements of some rows: row ``i`` has ``offsets[i]:offsets[i + 1]``."""
        speaks = ~np.isnan(decisions.probabilities[:, 0])
        said = decisions.labels
        near = near_a_threshold(decisions.probabilities, model.weights.thresholds)
        for label in LABELS:
            self._add(label, (said == label) & speaks, speaks, offsets)
        self._add("near", near & speaks, speaks, offsets)
        self._add("unknown", n_unknown, n_words, offsets)

    def _add(self, name: str, part: np.ndarray, whole: np.ndarray, offsets: np.ndarray) -> None:
        y, m = (
            np.diff(np.concatenate([[0], np.cumsum(counts)])[offsets]).astype(float)
            for counts in (part, whole)
        )
        sums = np.array([(m > 0).sum(), y.sum(), m.sum(), y @ y, y @ m, m @ m], float)
        self._sums[name] = self._sums.get(name, np.zeros(len(sums))) + sums

    def shares(self) -> dict[str, Interval]:
        """Each share with its interval."""
        return {name: _share_of_rows(*sums) for name, sums in self._sums.items()}


def _share_of_rows(
    n: float, part: float, whole: float, part2: float, both: float, whole2: float
) -> Interval:
    """A ratio of sums over rows, with Wilson's interval for as many as its variance is worth.

    After E. Korn and B. Graubard, "Confidence intervals for proportions with small expected number
    of positive counts estimated from survey data", 1998.
    """
    if not whole:
        return Interval(0.0, 0.0, 1.0)
    share = part / whole
    variance = (part2 - 2 * share * both + share**2 * whole2) / whole**2 * n / max(n - 1, 1)
    even = share * (1 - share)
    size = min(even / variance, whole) if variance > 0 and even > 0 else min(n, whole)
    middle = (share + _Z**2 / (2 * size)) / (1 + _Z**2 / size)
    half = _Z * sqrt(even / size + _Z**2 / (4 * size**2)) / (1 + _Z**2 / size)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
