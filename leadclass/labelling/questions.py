"""A table in, the statements to label out: each once, in the order in which they are asked."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from os import PathLike

from leadclass.labelled_rows import strings
from leadclass.labels import Unit
from leadclass.statements import split
from leadclass.tables import open_table

#: Columns of the table that its labels take along: what names a statement and what it was said in.
CARRIED = ("id", "kind")


@dataclass(frozen=True)
class Question:
    """A statement to label.

    Attributes
    ----------
    text : str
    carried : dict of str to str
        Its cells of the columns `CARRIED`, where the table has them.
    """

    text: str
    carried: Mapping[str, str] = field(default_factory=dict)


def read_questions(
    path: str | PathLike[str],
    text: str = "text",
    *,
    unit: Unit = "row",
    encoding: str | None = None,
    delimiter: str | None = None,
) -> list[Question]:
    """Read the statements of a table, each once.

    Parameters
    ----------
    path : path-like
    text : str
        The column that holds them.
    unit : {'row', 'statement'}
        Whether a row is one statement or is cut into its statements.
    encoding, delimiter : str, optional
        Of the table, where they are not what it says itself.

    Returns
    -------
    list of Question
        In the order of the table, empty cells left out. Ids are carried where every statement
        has one of its own.

    Raises
    ------
    LeadclassError
        If the table cannot be read, or has no such column of text.
    """
    found: dict[str, Question] = {}
    with open_table(path, encoding=encoding, delimiter=delimiter) as table:
        place = table.text_index(text, "-t")
        carried = {name: table.index_of(name) for name in CARRIED if name in table.schema.names}
        for batch in table:
            cells = {name: strings(batch.read(i)) for name, i in carried.items()}
            for row, cell in enumerate(strings(batch.read(place))):
                for statement in _statements(cell, unit):
                    own = {name: column[row] for name, column in cells.items()}
                    found.setdefault(statement, Question(statement, own))
    questions = list(found.values())
    ids = {question.carried.get("id") for question in questions}
    if None in ids or "" in ids or len(ids) < len(questions):
        return [_without_id(question) for question in questions]
    return questions


def in_order(
    questions: Sequence[Question],
    answered: Collection[str],
    *,
    shuffled: bool = False,
    seed: int = 0,
) -> tuple[int, ...]:
    """The places of the questions without an answer, in the order in which they are asked.

    What stands before the last one answered was skipped and comes at the end.

    Parameters
    ----------
    questions : sequence of Question
    answered : collection of str
        Texts.
    shuffled : bool
        Ask in an order of chance in place of the table's.
    seed : int
        Of that order, which is the same for the same statements.

    Returns
    -------
    tuple of int
    """
    order = list(range(len(questions)))
    if shuffled:
        random.Random(seed).shuffle(order)
    done = [i for i, place in enumerate(order) if questions[place].text in answered]
    reached = done[-1] if done else 0
    rotated = order[reached:] + order[:reached]
    return tuple(place for place in rotated if questions[place].text not in answered)


def _statements(cell: str, unit: Unit) -> Iterator[str]:
    if unit == "statement":
        yield from (statement.text for statement in split(cell))
    elif stripped := cell.strip():
        yield stripped


def _without_id(question: Question) -> Question:
    return replace(question, carried={k: v for k, v in question.carried.items() if k != "id"})
