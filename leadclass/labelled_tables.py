"""Labelled tables in, validated statements out; the first bad rows are named."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path

import pyarrow as pa

from leadclass.corpus import FORMS, Corpus, Example, Source
from leadclass.errors import LeadclassError
from leadclass.files import is_folder
from leadclass.labels import (
    LABELS,
    SIDE_OF_TRAIT,
    TRAITS,
    sides_of,
    split_traits,
)
from leadclass.tables import format_of, open_table

#: A statement without a form of its own is a phrase if it has fewer words than this.
WORDS_OF_A_STATEMENT = 8

#: Bad rows that an error names before it says how many more there are.
NAMED_PROBLEMS = 5


def read_corpus(
    paths: Iterable[str | PathLike[str]],
    *,
    texts: Iterable[str | PathLike[str]] = (),
    encoding: str | None = None,
) -> Corpus:
    """Read labelled statements from tables, and from all tables of folders.

    Parameters
    ----------
    paths : iterable of path-like
        Tables with at least the columns ``text`` and ``label``; ``id``, ``traits``, ``kind`` and
        ``form`` are read where they are there. Stand-off labels, of texts that are kept
        elsewhere, have the column ``text_sha256`` in place of ``text``.
    texts : iterable of path-like
        Tables with the column ``text`` in which stand-off labels find theirs.
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
    kept_elsewhere = _texts_by_digest(texts, encoding)
    examples: list[Example] = []
    sources = []
    problems: list[LeadclassError] = []
    for path in _tables(paths):
        columns = _Columns(texts=kept_elsewhere)
        found = [example for example, _ in _read_rows(path, problems, columns, encoding)]
        examples += found
        counted = Counter(example.label for example in found)
        sources.append(
            Source(
                name=f"{Path(path).absolute().parent.name}/{Path(path).name}",
                sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
                n_rows=len(found),
                labels={label: counted[label] for label in LABELS},
            )
        )
    if problems:
        raise _summed_up(problems)
    return Corpus(examples, sources)


def text_digest(text: str) -> str:
    """The digest by which stand-off labels name a text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()


def _texts_by_digest(paths: Iterable[str | PathLike[str]], encoding: str | None) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in _tables(paths):
        with open_table(path, encoding=encoding) as table:
            place = table.text_index("text")
            for batch in table:
                cells = _strings(batch.rows.column(place))
                found |= {text_digest(text): text for text in cells}
    return found


def _tables(paths: Iterable[str | PathLike[str]]) -> Iterator[str]:
    for path in [fspath(path) for path in paths]:
        if not is_folder(path):
            yield path
            continue
        tables = sorted(file for file in Path(path).iterdir() if _is_table(file))
        if not tables:
            raise LeadclassError(
                "no table in this folder", file=path, remedy="put the labelled statements there"
            )
        yield from map(fspath, tables)


def _is_table(path: Path) -> bool:
    try:
        format_of(path)
    except LeadclassError:
        return False
    return path.is_file()


def read_labelled(
    path: str | PathLike[str],
    *,
    text: str = "text",
    label: str = "label",
    by: Sequence[str] = (),
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
    columns = _Columns(text, label, tuple(by), text_option="-t", label_option="-l")
    rows = list(_read_rows(path, problems, columns, encoding))
    if problems:
        raise _summed_up(problems)
    return [example for example, _ in rows], {
        name: [cells[name] for _, cells in rows] for name in by
    }


@dataclass(frozen=True)
class _Columns:
    """Which columns to read, and the texts that stand-off labels refer to."""

    text: str = "text"
    label: str = "label"
    by: tuple[str, ...] = ()
    texts: dict[str, str] | None = None
    text_option: str | None = None
    label_option: str | None = None


def _read_rows(
    path: str | PathLike[str],
    problems: list[LeadclassError],
    columns: _Columns,
    encoding: str | None,
) -> Iterator[tuple[Example, dict[str, str]]]:
    """The rows of a table that are valid; what is wrong with the others goes to `problems`."""
    seen: dict[str, int] = {}
    with open_table(path, encoding=encoding) as table:
        names = table.schema.names
        places = {name: table.index_of(name, "--by") for name in columns.by}
        places |= {name: names.index(name) for name in _OPTIONAL if name in names}
        by_digest = columns.texts is not None and columns.text not in names and _DIGEST in names
        text_column = _DIGEST if by_digest else columns.text
        places |= {
            text_column: table.text_index(text_column, columns.text_option),
            columns.label: table.index_of(columns.label, columns.label_option),
        }
        for batch in table:
            cells = {name: _strings(batch.rows.column(i)) for name, i in places.items()}
            for i in range(len(batch)):
                row = {name: column[i] for name, column in cells.items()}
                number = batch.first_row + i
                try:
                    _check_id(row.get("id"), number, seen)
                    if by_digest:
                        text = _looked_up(row[_DIGEST], columns.texts or {})
                    else:
                        text = row[columns.text]
                    yield _example(text, row, columns), row
                except LeadclassError as error:
                    error.file, error.row = fspath(path), number
                    problems.append(error)


_DIGEST = "text_sha256"
_OPTIONAL = ("id", "traits", "kind", "form")


def _check_id(identifier: str | None, number: int, seen: dict[str, int]) -> None:
    if identifier is None:
        return
    if not identifier:
        raise LeadclassError("has no id", column="id", remedy="give it one of its own")
    if seen.setdefault(identifier, number) != number:
        raise LeadclassError(
            f"has the id {identifier!r} of row {seen[identifier]}",
            column="id",
            remedy="give it one of its own",
        )


def _looked_up(digest: str, texts: dict[str, str]) -> str:
    if digest not in texts:
        raise LeadclassError(
            f"the text with digest {digest[:12]} is not at hand",
            column=_DIGEST,
            remedy="name the table that has it with --texts",
        )
    return texts[digest]


def _example(text: str, row: dict[str, str], columns: _Columns) -> Example:
    text, label = text.strip(), row[columns.label].strip()
    if not text:
        raise LeadclassError("has no text", column=columns.text, remedy="fill it or drop the row")
    if label not in LABELS:
        raise LeadclassError(
            f"unknown label {label!r}",
            column=columns.label,
            remedy=f"use one of {', '.join(LABELS)}",
        )
    traits = split_traits(row.get("traits"))
    for trait in traits:
        if trait not in SIDE_OF_TRAIT:
            raise LeadclassError(
                f"unknown trait {trait!r}", column="traits", remedy=f"use {', '.join(TRAITS)}"
            )
        if SIDE_OF_TRAIT[trait] not in sides_of(label):
            raise LeadclassError(
                f"{trait!r} is a trait of {SIDE_OF_TRAIT[trait]}, but the label is {label!r}",
                column="traits",
                remedy="mend the one or the other",
            )
    form = row.get("form") or (
        "statement" if len(text.split()) >= WORDS_OF_A_STATEMENT else "phrase"
    )
    if form not in FORMS:
        raise LeadclassError(
            f"unknown form {form!r}", column="form", remedy=f"use one of {', '.join(FORMS)}"
        )
    return Example(text, label, traits, row.get("kind") or "general", form)


def _strings(column: pa.Array) -> list[str]:
    return ["" if value is None else str(value) for value in column.to_pylist()]


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
