"""A table that was sent in, its first rows or the whole of it tagged out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, holds_text
from leadclass.errors import LeadclassError
from leadclass.labels import UNITS, Unit
from leadclass.model import Model
from leadclass.server.errors import BUSY, TOO_LARGE, RefusedError
from leadclass.server.settings import Settings
from leadclass.table_tagging import tag_table
from leadclass.tables import Batch, TableReader, format_of, open_table
from leadclass.tables.cells import dump, json_cells
from leadclass.tagging import added_schema, tag_column


@dataclass(frozen=True)
class Table:
    """A table that was sent in.

    Attributes
    ----------
    path : pathlib.Path
        Where it is kept; its name has the extension of `name`.
    name : str
        What its sender calls it.
    encoding, delimiter : str or None
        Where they are not what its bytes say.
    """

    path: Path
    name: str
    encoding: str | None = None
    delimiter: str | None = None


def look(model: Model, table: Table, text: str | None, settings: Settings) -> dict[str, Any]:
    """The columns of a table and its first rows, tagged by one of the columns.

    Parameters
    ----------
    model : Model
    table : Table
    text : str or None
        The column to read; by default the one that looks most like sentences.
    settings : Settings

    Returns
    -------
    dict
        ``columns`` by name with whether they can be read, ``text``, the column that was, ``rows``
        with a cell a column, ``added``, the names of new columns, and ``tagged``, their cells.
    """
    with _named(table), _opened(table) as reader:
        batch = next(iter(reader), None)
        schema = reader.schema
        if text is None:
            place = _most_like_sentences(schema, batch)
        else:
            place = reader.text_index(text, "-t")
        columns = [] if batch is None else batch.columns()
    first = [column.slice(0, settings.shown_rows) for column in columns]
    added, _ = added_schema(schema.names, UNITS[0])
    tagged: list[list[Any]] = []
    if first and place is not None:
        _, cells = tag_column(model.decide, as_strings(first[place]), UNITS[0])
        tagged = [list(row) for row in zip(*(cell.to_pylist() for cell in cells), strict=True)]
    return {
        "name": table.name,
        "format": format_of(table.path).name,
        "columns": [{"name": field.name, "is_text": holds_text(field.type)} for field in schema],
        "text": None if place is None else schema.names[place],
        "rows": _rows(first, settings.shown_characters),
        "added": added.names,
        "tagged": tagged,
    }


def tag(
    model: Model,
    table: Table,
    target: Path,
    text: str,
    unit: Unit,
    given_up: Event,
    most: int,
) -> None:
    """Tag a whole table, see `leadclass.table_tagging.tag_table`.

    Parameters
    ----------
    model : Model
    table : Table
    target : pathlib.Path
        The file to write.
    text : str
        The column to read.
    unit : {'row', 'statement'}
    given_up : threading.Event
        Ends the work once it is set.
    most : int
        Bytes that the table and the tagged one may have together.

    Raises
    ------
    RefusedError
        If they have more, or the work was ended.
    """

    def go_on(*_: object) -> None:
        if given_up.is_set():
            raise RefusedError("nobody waits for this table any more", BUSY, remedy="send it again")
        # Beside each statement of a cell stands the whole row, which may be long.
        if sum(file.stat().st_size for file in target.parent.iterdir()) > most:
            raise RefusedError(
                f"would be more than {most / 1e6:,g} MB when tagged",
                TOO_LARGE,
                remedy="send less at once, or tag it on the command line",
            )

    with _named(table):
        tag_table(
            model,
            table.path,
            target,
            text,
            unit=unit,
            encoding=table.encoding,
            delimiter=table.delimiter,
            progress=go_on,
        )


def tagged_name(name: str, suffix: str) -> str:
    """What the tagged table is called."""
    return f"{Path(name).stem}-tagged{suffix}"


@contextmanager
def _named(table: Table) -> Iterator[None]:
    """Errors that call the table what its sender calls it."""
    try:
        yield
    except LeadclassError as error:
        error.file = table.name
        raise


@contextmanager
def _opened(table: Table) -> Iterator[TableReader]:
    with open_table(table.path, encoding=table.encoding, delimiter=table.delimiter) as reader:
        yield reader


def _most_like_sentences(schema: pa.Schema, batch: Batch | None) -> int | None:
    """The place of the column of text whose cells have the most words; the first of several."""
    places = [place for place, field in enumerate(schema) if holds_text(field.type)]
    if not places or batch is None:
        return places[0] if places else None
    return max(places, key=lambda place: _mean_words(batch.read(place)))


def _mean_words(column: pa.Array) -> float:
    counts = pc.count_substring_regex(as_strings(column), r"\S+")
    return pc.mean(counts).as_py() or 0.0


def _rows(columns: list[pa.Array], longest: int) -> list[list[str | None]]:
    """The rows that some columns make, cells as text, long ones cut."""
    shown = [[_shown(cell, longest) for cell in json_cells(column)] for column in columns]
    return [list(row) for row in zip(*shown, strict=True)]


def _shown(cell: Any, longest: int) -> str | None:
    if cell is None:
        return None
    text = cell if isinstance(cell, str) else dump(cell)
    return f"{text[:longest]}..." if len(text) > longest else text
