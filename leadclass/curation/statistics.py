"""Rows of labelled tables in, counts, lengths and the growth of their vocabulary out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from leadclass.columns import DIGEST, Columns
from leadclass.labelled_rows import Row
from leadclass.tokens import tokenise

#: Entries after which the vocabulary is counted again.
STEP = 1000

#: Columns with more values than this are not counted value by value.
MOST_VALUES = 40

#: The parts of the entries that are shorter than a length that is given.
QUANTILES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)

#: Columns that are not counted as they stand.
_NOT_COUNTED = ("id", "text", "label", DIGEST)
_SEPARATED = "traits"
_SEED = 0


@dataclass(frozen=True)
class Lengths:
    """How long some entries are, in words.

    Attributes
    ----------
    n : int
        Entries.
    mean : float
    quantiles : dict of str to float
        By their percentage, from ``0%``, the shortest, to ``100%``.
    """

    n: int
    mean: float
    quantiles: dict[str, float]


@dataclass(frozen=True)
class Growth:
    """What so many entries bring to the vocabulary.

    Attributes
    ----------
    n_entries : int
        Entries so far.
    n_words : int
        Distinct words so far.
    n_new : int
        Those that the last step brought.
    """

    n_entries: int
    n_words: int
    n_new: int


@dataclass(frozen=True)
class Statistics:
    """What a corpus is made of.

    Attributes
    ----------
    n : int
        Entries.
    counts : dict of str to dict of str to int
        By column, then by value, the most frequent first; the empty value is "".
    n_values : dict of str to int
        The number of distinct values of columns that have too many to count each.
    lengths : dict of str to Lengths
        Of all entries, and of those of each form.
    histograms : dict of str to dict of int to int
        For each form, how many entries have so many words.
    n_words : int
        Words in all.
    vocabulary : int
        Distinct words.
    growth : list of Growth
        A step of `STEP` entries each, in an order drawn by chance.
    """

    n: int
    counts: dict[str, dict[str, int]]
    n_values: dict[str, int]
    lengths: dict[str, Lengths]
    histograms: dict[str, dict[int, int]]
    n_words: int
    vocabulary: int
    growth: list[Growth]

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, ready for JSON."""
        return asdict(self)


def statistics(rows: Sequence[Row], columns: Columns | None = None) -> Statistics:
    """Count what a corpus is made of.

    Words are the tokens that the model sees: in lower case, all numbers one word, all pronouns
    and titles of persons one word each.

    Parameters
    ----------
    rows : sequence of Row
        Read with all their columns.
    columns : Columns, optional
        Those of the statement and its label, where they have other names.

    Returns
    -------
    Statistics
    """
    columns = columns or Columns()
    counts = {
        "file": _counted([row.file for row in rows]),
        "label": _counted([row.example.label for row in rows]),
    }
    for name in dict.fromkeys(name for row in rows for name in row.cells):
        if name == _SEPARATED and name in columns.optional:
            counts[name] = _counted([trait for row in rows for trait in row.example.traits])
        elif name not in (*_NOT_COUNTED, columns.text):
            counts[name] = _counted([row.cells.get(name, "") for row in rows])
    many = {name: values for name, values in counts.items() if len(values) > MOST_VALUES}
    tokens = tokenise([row.example.text for row in rows])
    lengths = np.diff(tokens.offsets)
    forms = np.array([row.example.form for row in rows])
    by_form = {form: lengths[forms == form] for form in sorted(set(forms.tolist()))}
    return Statistics(
        n=len(rows),
        counts={name: values for name, values in counts.items() if name not in many},
        n_values={name: len(values.keys() - {""}) for name, values in many.items()},
        lengths={name: _lengths(n) for name, n in {"all": lengths, **by_form}.items()},
        histograms={form: dict(enumerate(np.bincount(n).tolist())) for form, n in by_form.items()},
        n_words=len(tokens.codes),
        vocabulary=len(set(tokens.words)),
        growth=_growth(tokens.texts()),
    )


def _counted(values: Sequence[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _lengths(words: np.ndarray) -> Lengths:
    if not len(words):
        return Lengths(0, 0.0, {f"{q:.0%}": 0.0 for q in QUANTILES})
    quantiles = np.quantile(words, QUANTILES).tolist()
    return Lengths(
        n=len(words),
        mean=round(float(words.mean()), 2),
        quantiles={f"{q:.0%}": value for q, value in zip(QUANTILES, quantiles, strict=True)},
    )


def _growth(texts: list[list[str]]) -> list[Growth]:
    """The vocabulary step by step; by chance, so that it tells of the corpus, not of its order."""
    order = np.random.default_rng(_SEED).permutation(len(texts)).tolist()
    seen: set[str] = set()
    steps = []
    for start in range(0, len(order), STEP):
        before = len(seen)
        step = order[start : start + STEP]
        seen.update(word for place in step for word in texts[place])
        steps.append(Growth(start + len(step), len(seen), len(seen) - before))
    return steps
