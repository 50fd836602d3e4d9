"""A labelled table in, its rows out: the valid ones as examples, the others as what is wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from os import PathLike, fspath
from pathlib import Path

import pyarrow as pa

from leadclass.columns import DIGEST, Columns
from leadclass.corpus import FORMS, ORIGINS, TRAIN, Example
from leadclass.errors import LeadclassError, shortened, wrong_type
from leadclass.files import is_folder, path_of
from leadclass.labels import SIDE_OF_TRAIT, TRAITS, sides_of, split_traits
from leadclass.tables import format_of, open_table


@dataclass(frozen=True)
class Row:
    """A valid row of a labelled table.

    Attributes
    ----------
    file : str
    number : int
        From 1 below the header.
    example : Example
    cells : dict of str to str
        The columns that were read, by name.
    """

    file: str
    number: int
    example: Example
    cells: Mapping[str, str] = field(repr=False)

    @property
    def stands_off(self) -> bool:
        """Whether it names its text by digest, and so is of this very text and no other."""
        return DIGEST in self.cells and "text" not in self.cells


def read_rows(
    path: str | PathLike[str],
    problems: list[LeadclassError],
    columns: Columns | None = None,
    *,
    texts: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Iterator[Row]:
    """Read the valid rows of a table.

    Parameters
    ----------
    path : path-like
    problems : list of LeadclassError
        What is wrong with the other rows is appended here.
    columns : Columns, optional
    texts : mapping of str to str, optional
        Texts by digest, for a table that has `DIGEST` in place of the text.
    encoding : str, optional

    Yields
    ------
    Row

    Raises
    ------
    LeadclassError
        If the table cannot be read or lacks a column.
    """
    file = fspath(path)
    seen: dict[str, int] = {}
    with open_table(path, encoding=encoding) as table:
        names = table.schema.names
        columns = (columns or Columns()).of(names)
        wanted = names if columns.everything else [n for n in columns.optional if n in names]
        places = {name: names.index(name) for name in wanted}
        places |= {name: table.index_of(name, "--by") for name in columns.others}
        by_digest = texts is not None and (columns.text or "text") not in names and DIGEST in names
        if by_digest and not texts:
            raise LeadclassError(
                "holds labels of texts that are kept elsewhere",
                file=file,
                column=DIGEST,
                remedy="name the table that has the texts with --texts",
            )
        text_column = DIGEST if by_digest else columns.text
        if text_column is not None:
            places[text_column] = table.text_index(text_column, columns.text_option)
        option = "--sides" if columns.wording.sides else columns.label_option
        for name in columns.wording.columns(columns.label):
            places[name] = table.index_of(name, option)
        for batch in table:
            cells = {name: strings(batch.read(i)) for name, i in places.items()}
            for i in range(len(batch)):
                row = {name: column[i] for name, column in cells.items()}
                number = batch.first_row + i
                try:
                    meant = {name: row[name] for name in columns.optional if name in row}
                    _check_id(meant.get("id"), number, seen)
                    text = row.get(text_column or "text", "").strip()
                    if by_digest:
                        text = _looked_up(text, texts or {})
                    if not text and text_column is not None:
                        raise LeadclassError(
                            "has no text", column=text_column, remedy="fill it or drop the row"
                        )
                    label = columns.wording.label(
                        row, columns.label, with_options=columns.label_option is not None
                    )
                    yield Row(file, number, _example(text, label, meant), row)
                except LeadclassError as error:
                    error.file, error.row = file, number
                    problems.append(error)


def tables_of(paths: Iterable[str | PathLike[str]]) -> Iterator[str]:
    """The tables among some paths, each once: files as they are, of a folder all tables in it.

    Raises
    ------
    LeadclassError
        If a folder has none.
    """
    seen: set[Path] = set()
    if isinstance(paths, (str, bytes)) or not isinstance(paths, Iterable):
        raise wrong_type("the paths", paths, "a list of paths")
    for path in [path_of(path) for path in paths]:
        tables = [Path(path)]
        if is_folder(path):
            tables = sorted(file for file in Path(path).iterdir() if _is_table(file))
            if not tables:
                raise LeadclassError(
                    "no table in this folder", file=path, remedy="name a folder that has one"
                )
        for table in tables:
            if table.absolute() not in seen:
                seen.add(table.absolute())
                yield fspath(table)


def read_texts(path: str | PathLike[str], encoding: str | None = None) -> Iterator[tuple[int, str]]:
    """The rows of a table that need have no labels: their numbers and their texts."""
    with open_table(path, encoding=encoding) as table:
        place = table.text_index("text")
        for batch in table:
            yield from enumerate(strings(batch.read(place)), batch.first_row)


def texts_by_digest(
    paths: Iterable[str | PathLike[str]], encoding: str | None = None
) -> dict[str, str]:
    """The texts of some tables by their digests."""
    return {
        text_digest(text): text
        for path in tables_of(paths)
        for _, text in read_texts(path, encoding)
    }


def text_digest(text: str) -> str:
    """The digest by which stand-off labels name a text: SHA-256 of its UTF-8, in hexadecimal."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()


def strings(column: pa.Array) -> list[str]:
    """The cells of a column as strings, empty where there is none."""
    # What is no number, as pandas writes a missing one, is not like itself.
    return ["" if value is None or value != value else str(value) for value in column.to_pylist()]


def _is_table(path: Path) -> bool:
    try:
        format_of(path)
    except LeadclassError:
        return False
    return path.is_file()


def _check_id(identifier: str | None, number: int, seen: dict[str, int]) -> None:
    if identifier is None:
        return
    if not identifier:
        raise LeadclassError("has no id", column="id", remedy="give it one of its own")
    if seen.setdefault(identifier, number) != number:
        raise LeadclassError(
            f"has the id {shortened(identifier)!r} of row {seen[identifier]}",
            column="id",
            remedy="give it one of its own",
        )


def _looked_up(digest: str, texts: Mapping[str, str]) -> str:
    if digest not in texts:
        raise LeadclassError(
            f"the text with digest {digest[:12]} is not at hand",
            column=DIGEST,
            remedy="name the table that has it with --texts",
        )
    return texts[digest]


def _example(text: str, label: str, row: Mapping[str, str]) -> Example:
    traits = split_traits(row.get("traits"))
    for trait in traits:
        if trait not in SIDE_OF_TRAIT:
            raise LeadclassError(
                f"unknown trait {shortened(trait)!r}",
                column="traits",
                remedy=f"use {', '.join(TRAITS)}",
            )
        if SIDE_OF_TRAIT[trait] not in sides_of(label):
            raise LeadclassError(
                f"{trait!r} is a trait of {SIDE_OF_TRAIT[trait]}, but the label is {label!r}",
                column="traits",
                remedy="mend the one or the other",
            )
    return Example(
        text,
        label,
        traits,
        row.get("kind") or "general",
        _one_of(FORMS, row, "form"),
        row.get("pair") or None,
        _one_of(ORIGINS, row, "origin"),
        row.get("split") or TRAIN,
    )


def _one_of(values: tuple[str, ...], row: Mapping[str, str], column: str) -> str:
    """A cell that has one of some values; the first of them where the cell is empty."""
    cell = row.get(column) or values[0]
    if cell not in values:
        raise LeadclassError(
            f"unknown {column} {shortened(cell)!r}",
            column=column,
            remedy=f"use one of {', '.join(values)}",
        )
    return cell
