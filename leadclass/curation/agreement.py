"""Two labelled tables of the same statements in, how far they agree out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from os import PathLike, fspath
from typing import Any

import numpy as np

from leadclass.columns import DIGEST, Columns
from leadclass.corpus import Corpus
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row
from leadclass.labelled_tables import read_all_rows
from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAITS
from leadclass.tokens import as_words

#: What rows are matched by: the first of these that both tables have.
KEYS = ("id", DIGEST, "text")

_USUAL_SLICES = ("form", "kind")
_DECIMALS = 4


@dataclass(frozen=True)
class Agreement:
    """How far two annotators say the same of some statements.

    Attributes
    ----------
    n : int
        Statements.
    n_first, n_second : int
        How many of them show it by the first and by the second; `n` where that is not asked.
    share : float
        Of the statements on which they agree, in [0, 1].
    kappa : float or None
        Cohen's, which leaves out what chance would give; None where both say one thing only.
    """

    n: int
    n_first: int
    n_second: int
    share: float
    kappa: float | None


@dataclass(frozen=True)
class Difference:
    """A statement on which two annotators differ in label."""

    key: str
    text: str
    first_file: str
    first_row: int
    first: str
    second_file: str
    second_row: int
    second: str
    kind: str = ""


@dataclass(frozen=True)
class AgreementReport:
    """The agreement of two tables.

    Attributes
    ----------
    key : str
        The column by which their rows were matched.
    n_only_first, n_only_second : int
        Rows that one of them has alone, which are left out.
    overall : Agreement
        On the label of four.
    sides, labels, traits : dict of str to Agreement
        On each by itself: shown or not.
    slices : dict of str to dict of str to Agreement
        On the label of four, by column, then by value.
    confusion : dict of str to dict of str to int
        By the first's label, then by the second's.
    differences : list of Difference
    """

    key: str
    n_only_first: int
    n_only_second: int
    overall: Agreement
    sides: dict[str, Agreement]
    labels: dict[str, Agreement]
    traits: dict[str, Agreement]
    slices: dict[str, dict[str, Agreement]]
    confusion: dict[str, dict[str, int]]
    differences: list[Difference]

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain data, ready for JSON."""
        return asdict(self)


def agreement(
    first: str | PathLike[str],
    second: str | PathLike[str],
    *,
    by: Sequence[str] | None = None,
    columns: Columns | None = None,
    texts: Sequence[str | PathLike[str]] = (),
    encoding: str | None = None,
) -> AgreementReport:
    """Compare two readings of the same statements.

    Parameters
    ----------
    first, second : path-like
        Labelled tables, or folders of them. Rows are matched by the first of `KEYS` that both
        have.
    by : sequence of str, optional
        Columns of either table by whose values the agreement is also given; ``form`` and ``kind``
        by default, where they are there.
    columns : Columns, optional
        Those of the statement and its label, where they have other names. The usual column of
        statements may be missing: rows may be matched by something else.
    texts : iterable of path-like
        Tables of the texts that stand-off labels refer to.
    encoding : str, optional
        Of the tables.

    Returns
    -------
    AgreementReport

    Raises
    ------
    LeadclassError
        If a table cannot be read, or the two have no row in common.

    References
    ----------
    J. Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    columns = columns or Columns()
    if columns.text == Columns().text:  # that one may be missing
        columns = replace(columns, text=None)
    ours, theirs = (
        read_all_rows([path], columns=columns, texts=texts, encoding=encoding)
        for path in (first, second)
    )
    for path, rows in ((first, ours), (second, theirs)):
        if not rows:
            raise LeadclassError("has no rows", file=path, remedy="name a table that has some")
    return agreement_of_rows(ours, theirs, names=(fspath(first), fspath(second)), by=by)


def agreement_of_rows(
    ours: Sequence[Row],
    theirs: Sequence[Row],
    *,
    names: tuple[str, str],
    by: Sequence[str] | None = None,
) -> AgreementReport:
    """Compare two readings of the same statements that have been read from their tables.

    Parameters
    ----------
    ours, theirs : sequence of Row
    names : tuple of two str
        What an error calls the two.
    by : sequence of str, optional
        As for `agreement`.

    Returns
    -------
    AgreementReport

    Raises
    ------
    LeadclassError
        If the two have no row in common.
    """
    key = _key(ours, theirs, " and ".join(names))
    one, other = map(_by_key, (ours, theirs), _keys_of(ours, theirs, key), (key, key))
    shared = [(one[k], other[k]) for k in one if k in other]
    if not shared:
        raise LeadclassError(
            f"no row of {names[0]} has the {key} of a row of {names[1]}",
            remedy="name two readings of the same statements",
        )
    if key != "text":
        _check_texts(shared)
    slices = _slices(shared, by)
    labels = [np.array([pair[i].example.label for pair in shared]) for i in (0, 1)]
    shown = [Corpus([pair[i].example for pair in shared], []).shown() for i in (0, 1)]
    each = {
        name: _agreement(shown[0][:, i], shown[1][:, i], shown=True)
        for i, name in enumerate(OUTPUTS)
    }
    named = any(row.example.traits for pair in shared for row in pair)
    return AgreementReport(
        key=key,
        n_only_first=len(one) - len(shared),
        n_only_second=len(other) - len(shared),
        overall=_agreement(labels[0], labels[1]),
        sides={side: each[side] for side in SIDES},
        labels={
            label: _agreement(labels[0] == label, labels[1] == label, shown=True)
            for label in LABELS
        },
        traits={trait: each[trait] for trait in TRAITS} if named else {},
        slices={
            column: {
                value: _agreement(labels[0][values == value], labels[1][values == value])
                for value in sorted(set(values.tolist()))
            }
            for column, values in slices.items()
        },
        confusion={
            a: {b: int(((labels[0] == a) & (labels[1] == b)).sum()) for b in LABELS} for a in LABELS
        },
        differences=[
            Difference(
                _cell(one_row, key) or "",
                one_row.example.text or other_row.example.text,
                one_row.file,
                one_row.number,
                one_row.example.label,
                other_row.file,
                other_row.number,
                other_row.example.label,
                one_row.cells.get("kind") or other_row.cells.get("kind", ""),
            )
            for one_row, other_row in shared
            if one_row.example.label != other_row.example.label
        ],
    )


def _key(first: Sequence[Row], second: Sequence[Row], names: str) -> str:
    for key in KEYS:
        if all(_cell(row, key) is not None for row in [*first, *second]):
            return key
    raise LeadclassError(
        f"{names} have no column in common to match rows by",
        remedy=f"give both one of {', '.join(KEYS)}",
    )


def _cell(row: Row, key: str) -> str | None:
    """What a row may be matched by, if it has that; a text may be in a column of another name."""
    if key == "text" and row.example.text:
        return row.example.text
    return row.cells.get(key)


def _keys_of(ours: Sequence[Row], theirs: Sequence[Row], key: str) -> list[list[str]]:
    """What the rows of both are matched by.

    A text is matched by its words, as the model reads them, unless a table has several texts of
    these words.
    """
    cells = [[_cell(row, key) or "" for row in rows] for rows in (ours, theirs)]
    if key != "text":
        return cells
    read = [as_words(texts) for texts in cells]
    unclear = {""}
    for texts, words in zip(cells, read, strict=True):
        counts = Counter(own for own, _ in set(zip(words, texts, strict=True)))
        unclear |= {own for own, count in counts.items() if count > 1}
    return [
        [text if own in unclear else own for text, own in zip(texts, words, strict=True)]
        for texts, words in zip(cells, read, strict=True)
    ]


def _by_key(rows: Iterable[Row], keys: Iterable[str], key: str) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row, own in zip(rows, keys, strict=True):
        before = found.setdefault(own, row)
        if before is not row:
            raise LeadclassError(
                f"the {key} of row {before.number} of {before.file} occurs again",
                file=row.file,
                row=row.number,
                column=key,
                remedy="give every row an id of its own in the column 'id'",
            )
    return found


def _check_texts(shared: Sequence[tuple[Row, Row]]) -> None:
    """Refuse rows that are matched though they are not of the same statement."""
    for one, other in shared:
        if one.example.text and other.example.text and one.example.text != other.example.text:
            raise LeadclassError(
                f"has another text than the row of {one.file} that it is matched with",
                file=other.file,
                row=other.number,
                column="text",
                remedy="name two readings of the same statements",
            )


def _slices(shared: Sequence[tuple[Row, Row]], by: Sequence[str] | None) -> dict[str, np.ndarray]:
    def has(column: str) -> bool:
        return any(column in row.cells for pair in shared for row in pair)

    for column in by or ():
        if not has(column):
            raise LeadclassError(
                "neither table has this column", column=column, remedy="name another with --by"
            )
    columns = by if by is not None else [column for column in _USUAL_SLICES if has(column)]
    return {
        column: np.array(
            [one.cells.get(column) or other.cells.get(column, "") for one, other in shared]
        )
        for column in columns
    }


def _agreement(first: np.ndarray, second: np.ndarray, *, shown: bool = False) -> Agreement:
    kappa = _kappa(first, second)
    return Agreement(
        n=len(first),
        n_first=int(first.sum()) if shown else len(first),
        n_second=int(second.sum()) if shown else len(second),
        share=round(float((first == second).mean()), _DECIMALS),
        kappa=None if kappa is None else round(kappa, _DECIMALS),
    )


def _kappa(first: np.ndarray, second: np.ndarray) -> float | None:
    """Cohen's kappa; None where both say one and the same thing of all."""
    values = np.union1d(first, second)
    if len(values) == 1:
        return None
    agreed = float((first == second).mean())
    by_chance = float(sum((first == value).mean() * (second == value).mean() for value in values))
    return (agreed - by_chance) / (1 - by_chance)
