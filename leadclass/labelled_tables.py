"""Labelled tables in, a corpus out; where rows are bad, the first of them are named."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path

from leadclass.columns import Columns
from leadclass.corpus import Corpus, Example, Source
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row, read_rows, read_texts, tables_of, texts_by_digest
from leadclass.labels import LABELS
from leadclass.wording import Wording

#: Bad rows that an error names before it says how many more there are.
NAMED_PROBLEMS = 5

#: Rows after which a reader says how far it is.
PROGRESS_STEP = 1000


def read_corpus(
    paths: Iterable[str | PathLike[str]],
    *,
    texts: Iterable[str | PathLike[str]] = (),
    split: str | None = None,
    encoding: str | None = None,
) -> Corpus:
    """Read labelled statements from tables, and from all tables of folders.

    Parameters
    ----------
    paths : iterable of path-like
        Tables with at least the columns ``text`` and ``label``; ``id``, ``traits``, ``kind``,
        ``form``, ``origin``, ``split`` and ``pair`` are read where they are there. Stand-off
        labels, of texts that are kept elsewhere, have the column ``text_sha256`` in place of
        ``text``.
    texts : iterable of path-like
        Tables with the column ``text`` in which stand-off labels find theirs.
    split : str, optional
        Keep the rows of this split alone; a row that does not say has ``train``.
    encoding : str, optional
        Of the tables, where it is not what their bytes say.

    Returns
    -------
    Corpus

    Raises
    ------
    LeadclassError
        If a file cannot be read or has bad rows, of which the first are named.
    """
    return corpus_of(read_tables(paths, texts=texts, split=split, encoding=encoding))


def read_tables(
    paths: Iterable[str | PathLike[str]],
    *,
    columns: Columns | None = None,
    texts: Iterable[str | PathLike[str]] = (),
    split: str | None = None,
    encoding: str | None = None,
) -> dict[str, list[Row]]:
    """Read labelled statements as `read_corpus` does, each table by itself.

    Parameters
    ----------
    paths : iterable of path-like
    columns : Columns, optional
        Those of the statement and its label, where they have other names.
    texts, split, encoding
        As for `read_corpus`.

    Returns
    -------
    dict of str to list of Row
        By path, in their order.

    Raises
    ------
    LeadclassError
        If a file cannot be read or has bad rows, of which the first are named.
    """
    kept_elsewhere = texts_by_digest(texts, encoding)
    problems: list[LeadclassError] = []
    found = {}
    for path in tables_of(paths):
        rows = read_rows(path, problems, columns, texts=kept_elsewhere, encoding=encoding)
        found[path] = [row for row in rows if split in (None, row.example.split)]
    if problems:
        raise _summed_up(problems)
    return found


def corpus_of(tables: Mapping[str, Sequence[Row]]) -> Corpus:
    """The rows of some tables as a corpus, which says how many are of which."""
    sources = []
    for path, rows in tables.items():
        counted = Counter(row.example.label for row in rows)
        sources.append(
            Source(
                name=_name_of(path),
                sha256=file_digest(path),
                n_rows=len(rows),
                labels={label: counted[label] for label in LABELS},
            )
        )
    return Corpus([row.example for rows in tables.values() for row in rows], sources)


def sources_of(paths: Iterable[str | PathLike[str]], encoding: str | None = None) -> list[Source]:
    """Tables of texts without labels as sources: their names, digests and numbers of rows."""
    return [
        Source(_name_of(path), file_digest(path), sum(1 for _ in read_texts(path, encoding)), {})
        for path in tables_of(paths)
    ]


def _name_of(path: str | PathLike[str]) -> str:
    """A file's name with that of its folder, which says no more of where it lies."""
    return f"{Path(path).absolute().parent.name}/{Path(path).name}"


def file_digest(path: str | PathLike[str]) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_labelled(
    path: str | PathLike[str],
    *,
    text: str = "text",
    label: str = "label",
    by: Sequence[str] = (),
    traits: bool = True,
    texts: Iterable[str | PathLike[str]] = (),
    wording: Wording | None = None,
    encoding: str | None = None,
) -> tuple[list[Example], dict[str, list[str]]]:
    """Read one labelled table whose columns may have names of their own.

    Parameters
    ----------
    path : path-like
    text, label : str
        The columns of the statements and of their labels.
    by : sequence of str
        Further columns to read.
    traits : bool
        Whether a column of this name holds those of the codebook.
    texts : iterable of path-like
        Tables in which stand-off labels find their texts.
    wording : Wording, optional
        How labels are said, where not by themselves.
    encoding : str, optional

    Returns
    -------
    examples : list of Example
    columns : dict of str to list of str
        The further columns, a cell for each example.

    Raises
    ------
    LeadclassError
        If the file cannot be read, has no such column, or has bad rows.
    """
    problems: list[LeadclassError] = []
    columns = Columns(
        text,
        label,
        wording or Wording(),
        tuple(by),
        optional=("traits", "kind") if traits else ("kind",),
        text_option="-t",
        label_option="-l",
    )
    kept_elsewhere = texts_by_digest(texts, encoding)
    rows = list(read_rows(path, problems, columns, texts=kept_elsewhere, encoding=encoding))
    if problems:
        raise _summed_up(problems)
    return [row.example for row in rows], {name: [row.cells[name] for row in rows] for name in by}


def read_all_rows(
    paths: Iterable[str | PathLike[str]],
    *,
    columns: Columns | None = None,
    texts: Iterable[str | PathLike[str]] = (),
    encoding: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> list[Row]:
    """Read the rows of tables with all their columns.

    Parameters
    ----------
    paths : iterable of path-like
        Tables, and folders of tables.
    columns : Columns, optional
        Those of the statement and its label, where they have other names.
    texts : iterable of path-like
        Tables in which stand-off labels find their texts.
    encoding : str, optional
    progress : callable, optional
        Called with the number of rows read.

    Returns
    -------
    list of Row

    Raises
    ------
    LeadclassError
        If a file cannot be read or has bad rows, of which the first are named.
    """
    columns = replace(columns or Columns(), everything=True)
    kept_elsewhere = None
    if columns.text or texts:
        kept_elsewhere = texts_by_digest(texts, encoding)
    problems: list[LeadclassError] = []
    rows = []
    for path in tables_of(paths):
        for row in read_rows(path, problems, columns, texts=kept_elsewhere, encoding=encoding):
            rows.append(row)
            if progress is not None and len(rows) % PROGRESS_STEP == 0:
                progress(len(rows))
    if problems:
        raise _summed_up(problems)
    return rows


def _summed_up(problems: list[LeadclassError]) -> LeadclassError:
    """One error for all bad rows: the first in full, the next by their place, the rest counted."""
    first, others = problems[0], problems[1:NAMED_PROBLEMS]
    if not others:
        return first
    places = ", ".join(f"{Path(p.file or '').name} row {p.row} ({p.problem})" for p in others)
    more = len(problems) - len(others) - 1
    tail = f" and {more} more" if more else ""
    return LeadclassError(
        first.problem,
        file=first.file,
        row=first.row,
        column=first.column,
        remedy=f"{first.remedy}; also wrong: {places}{tail}",
    )
