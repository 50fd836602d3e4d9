"""A table and a model in, the statements that it decides on with most doubt out, kind by kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, as_strings
from leadclass.labelled_rows import strings
from leadclass.labelling.questions import CARRIED
from leadclass.labels import SIDES, Unit
from leadclass.model import Model
from leadclass.statement_columns import split_column
from leadclass.suggesting.correction import correct
from leadclass.tables import open_table
from leadclass.tokens import as_words

#: Kinds that get places of their own; the statements of all later ones are one kind together.
MOST_KINDS = 20

#: What that kind is called, and the one of a table that names none.
NO_KIND = ""

#: The column that names them.
KIND = "kind"


@dataclass(frozen=True)
class Candidate:
    """A statement that has no label.

    Attributes
    ----------
    text : str
    words : str
        Its tokens, by which it is the same as another or not.
    row : int
        Of the table, from 1 below the header.
    carried : dict of str to str
        The cells of its row in the columns `leadclass.labelling.questions.CARRIED`, where the
        table has them.
    kind : str
        The kind that it counts as.
    said, corrected : tuple of float
        The probabilities of leadership and of management, as the model says them and as the labels
        at hand would have them.
    doubt : float
        See `doubt`.
    """

    text: str
    words: str
    row: int
    carried: Mapping[str, str]
    kind: str
    said: tuple[float, ...]
    corrected: tuple[float, ...]
    doubt: float


@dataclass(frozen=True)
class Candidates:
    """What a table has to offer.

    Attributes
    ----------
    by_kind : dict of str to list of Candidate
        Of each kind the statements that are most in doubt, from the most on.
    counts : dict of str to int
        How many statements each kind has, labelled ones and repetitions counted.
    n_rows : int
        Rows read.
    """

    by_kind: dict[str, list[Candidate]]
    counts: dict[str, int]
    n_rows: int


def doubt(said: np.ndarray, corrected: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    """What the model's decisions on each statement are expected to cost, the sides together.

    To say wrongly that a statement shows a side costs the side's threshold, and to miss one that
    does costs one minus it: for a probability that is the threshold, then, either decision is
    expected to cost the same. With thresholds for the best F1 this is, but for a factor, what F1 is
    expected to lose.

    Parameters
    ----------
    said : ndarray, shape (n, n_sides)
        The probabilities by which the model decides.
    corrected : ndarray, shape (n, n_sides)
        Those to believe.
    thresholds : ndarray, shape (n_sides,)

    Returns
    -------
    ndarray, shape (n,)
        In [0, n_sides]; minus infinity for a statement that says nothing, whose probabilities are
        NaN.

    References
    ----------
    N. Roy and A. McCallum, "Toward optimal active learning through sampling estimation of error
    reduction", ICML 2001, for asking by what mistakes are expected to cost.
    C. Elkan, "The foundations of cost-sensitive learning", IJCAI 2001, for costs and thresholds.
    """
    false_alarm = np.clip(thresholds, *_COSTS)
    costs = np.where(
        said >= thresholds, (1 - corrected) * false_alarm, corrected * (1 - false_alarm)
    )
    return np.nan_to_num(costs.sum(axis=1), nan=-np.inf)


#: Neither mistake is free, whatever the threshold.
_COSTS = (0.05, 0.95)


def read_candidates(
    model: Model,
    path: str | PathLike[str],
    text: str,
    *,
    unit: Unit,
    most: int,
    labelled: Container[str] = (),
    correction: np.ndarray | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int, float], object] | None = None,
) -> Candidates:
    """Read a table and keep of each kind the statements that are most in doubt.

    The memory does not grow with the table. Statements of the same words are one.

    Parameters
    ----------
    model : Model
    path : path-like
    text : str
        The column of statements.
    unit : {'row', 'statement'}
        Whether a row is one statement or is cut into its statements.
    most : int
        So many of each kind are kept.
    labelled : container of str
        The words of statements that are left out, see `leadclass.tokens.as_words`.
    correction : ndarray, shape (n_sides, 2), optional
        Of the probabilities, see `leadclass.suggesting.correction`.
    encoding, delimiter : str, optional
        Of the table, where they are not what it says itself.
    progress : callable, optional
        Called with the number of rows done and the share of the table in [0, 1].

    Returns
    -------
    Candidates

    Raises
    ------
    LeadclassError
        If the table cannot be read, or has no such column of text.
    """
    kept: dict[str, _Kept] = {}
    counts: Counter[str] = Counter()
    n_rows = 0
    thresholds = model.weights.thresholds[: len(SIDES)]
    with open_table(path, encoding=encoding, delimiter=delimiter) as table:
        place = table.text_index(text, "-t")
        carried = {name: table.index_of(name) for name in CARRIED if name in table.schema.names}
        for batch in table:
            texts, rows = statements_of(batch.read(place), unit)
            said = model.decide(texts).probabilities[:, : len(SIDES)]
            corrected = said if correction is None else correct(said, correction)
            doubts = doubt(said, corrected, thresholds)
            cells = {name: strings(batch.read(i)) for name, i in carried.items()}
            for kind, members in _by_kind(rows, doubts, cells.get(KIND), counts):
                own = kept.setdefault(kind, _Kept(most))
                worth = members[doubts[members] > own.floor]
                chosen = texts.take(as_numbers(worth))
                for i, statement, words in zip(
                    worth.tolist(), chosen.to_pylist(), as_words(chosen), strict=True
                ):
                    if words in labelled or words in own.found:
                        continue
                    row = int(rows[i])
                    own.found[words] = Candidate(
                        statement,
                        words,
                        batch.first_row + row,
                        {name: column[row] for name, column in cells.items()},
                        kind,
                        tuple(said[i].tolist()),
                        tuple(corrected[i].tolist()),
                        float(doubts[i]),
                    )
                own.drop_surplus()
            n_rows += len(batch)
            if progress is not None:
                progress(n_rows, table.share())
    return Candidates({kind: own.best() for kind, own in kept.items()}, dict(counts), n_rows)


def statements_of(column: pa.Array, unit: Unit) -> tuple[pa.StringArray, np.ndarray]:
    """The statements of a column of texts, and the place of the text that each is from."""
    texts = as_strings(column)
    if unit == "row":
        return pc.utf8_trim_whitespace(texts), np.arange(len(texts))
    found = split_column(texts)
    return found.texts, np.repeat(np.arange(len(texts)), np.diff(found.offsets))


@dataclass
class _Kept:
    """The statements of a kind that are kept, by their words."""

    most: int
    found: dict[str, Candidate] = field(default_factory=dict)
    floor: float = -1.0
    """What is no more in doubt than this need not be looked at."""

    def best(self) -> list[Candidate]:
        """Those most in doubt, the first of the table first where they are even."""
        order = sorted(self.found.values(), key=lambda one: (-one.doubt, one.row))
        return order[: self.most]

    def drop_surplus(self) -> None:
        if len(self.found) > _ROOM * self.most:
            self.found = {one.words: one for one in self.best()}
            # Of the same words the doubt is the same: what was dropped does not come back.
            self.floor = min(one.doubt for one in self.found.values())


#: How many times as many as are kept may come together before the surplus is dropped.
_ROOM = 2


def _by_kind(
    rows: np.ndarray, doubts: np.ndarray, kinds: list[str] | None, counts: Counter[str]
) -> Iterator[tuple[str, np.ndarray]]:
    """The places of the statements of each kind, counted; those that say nothing are left out."""
    places: dict[str, list[int]] = {}
    for i in np.flatnonzero(doubts >= 0).tolist():
        kind = NO_KIND if kinds is None else kinds[rows[i]].strip()
        if kind not in counts and kind not in places and len(counts | places) >= MOST_KINDS:
            kind = NO_KIND
        places.setdefault(kind, []).append(i)
    for kind, members in places.items():
        counts[kind] += len(members)
        yield kind, np.array(members)
