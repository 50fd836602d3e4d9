"""Labelled tables in, what to learn from out: a statement has one label, or its rows are named."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path

from leadclass.columns import Columns, options_of
from leadclass.corpus import TRAIN, Corpus
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row, tables_of
from leadclass.labelled_tables import corpus_of, read_tables
from leadclass.tokens import as_words

#: Statements in conflict that an error names before it says how many more there are.
NAMED_CONFLICTS = 3

#: What the remedy calls the table of what differs, and its labels when it has been read again.
_DIFFERENCES, _SETTLED = "differ.csv", "differ.labels.csv"


def read_material(
    paths: Iterable[str | PathLike[str]],
    *,
    settled: Iterable[str | PathLike[str]] = (),
    columns: Columns | None = None,
    texts: Iterable[str | PathLike[str]] = (),
    encoding: str | None = None,
) -> Corpus:
    """Read what a model is to learn from.

    Rows in the same words, as the model reads them, are of one statement; a stand-off label, which
    names its text by digest, is of that very text alone. A statement that a table has in common
    with one before it is learnt from once.

    Parameters
    ----------
    paths : iterable of path-like
        Tables, and folders of tables, of which the rows of the split ``train`` are read.
    settled : iterable of path-like
        The same, of labels that go before those of `paths`.
    columns : Columns, optional
        Those of the statement and its label, where they have other names.
    texts : iterable of path-like
        Tables of the texts that stand-off labels refer to.
    encoding : str, optional
        Of the tables.

    Returns
    -------
    Corpus
        With the tables of `settled` last.

    Raises
    ------
    LeadclassError
        If a table cannot be read, or labels of a statement contradict each other.
    """
    settling = list(tables_of(settled))
    others = [path for path in tables_of(paths) if not _among(path, settling)]
    # In one go, so that an error can name the bad rows of all of them.
    tables = read_tables(
        [*others, *settling], columns=columns, texts=texts, split=TRAIN, encoding=encoding
    )
    statements = _statements(tables)
    ruled = {statement for path in settling for statement in statements[path]}
    kept: dict[str, list[Row]] = {path: [] for path in tables}
    first: dict[str, Row] = {}
    conflicts: dict[str, tuple[Row, Row]] = {}
    for path, rows in tables.items():
        for row, statement in zip(rows, statements[path], strict=True):
            if statement in ruled and path not in settling:
                continue
            before = first.setdefault(statement, row)
            if before.example.label != row.example.label:
                conflicts.setdefault(statement, (before, row))
            elif before.file == row.file:
                kept[path].append(row)
    if conflicts:
        raise _contradiction(list(conflicts.values()), options_of(columns))
    return corpus_of(kept)


def _among(path: str, others: Iterable[str]) -> bool:
    return Path(path).absolute() in {Path(other).absolute() for other in others}


def _statements(tables: Mapping[str, Sequence[Row]]) -> dict[str, list[str]]:
    """For each row of each table the name of its statement, the same for rows of the same one."""
    rows = [row for path in tables for row in tables[path]]
    named = dict(zip(map(id, rows), as_words(row.example.text for row in rows), strict=True))
    read_as_written = {row.example.text for row in rows if not row.stands_off}

    def name(row: Row) -> str:
        alone = row.stands_off and row.example.text not in read_as_written
        # A text without words is like no other, and a line end is in no words.
        return f"\n{row.example.text}" if alone or not named[id(row)] else named[id(row)]

    return {path: [name(row) for row in rows] for path, rows in tables.items()}


def _contradiction(conflicts: Sequence[tuple[Row, Row]], options: Sequence[str]) -> LeadclassError:
    """One error for all conflicts: the first in full, the next by their rows, the rest counted."""
    (one, other), named = conflicts[0], conflicts[1:NAMED_CONFLICTS]
    more = [
        f"row {later.number} of {_name(later)} and row {before.number} of {_name(before)}"
        for before, later in named
    ]
    if len(conflicts) > NAMED_CONFLICTS:
        more.append(f"{len(conflicts) - NAMED_CONFLICTS} more")
    also = f" (in conflict too: {', '.join(more)})" if more else ""
    if one.file == other.file:
        check = _command("check", other.file, *options)
        remedy = f"read both again and mend one; {check} names all such rows"
    else:
        compare = _command("agreement", one.file, other.file, "-o", _DIFFERENCES, *options)
        remedy = (
            f"{compare} shows where they differ; read those again with 'leadclass label "
            f"{_DIFFERENCES}' and train with '--settled {_SETTLED}' added"
        )
    return LeadclassError(
        f"labelled {other.example.label}, but row {one.number} of {one.file}, in the same words, "
        f"is labelled {one.example.label}{also}",
        file=other.file,
        row=other.number,
        remedy=remedy,
    )


def _name(row: Row) -> str:
    return Path(row.file).name


def _command(*arguments: str) -> str:
    return f"'{shlex.join(['leadclass', 'corpus', *arguments])}'"
