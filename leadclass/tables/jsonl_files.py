"""JSON Lines: an object a line in, batches out; batches in, an object a line out."""

from __future__ import annotations

import json
from codecs import getincrementalencoder
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any, TextIO

import pyarrow as pa

from leadclass.arrow import as_strings
from leadclass.errors import LeadclassError
from leadclass.tables.cells import dump, json_cells
from leadclass.tables.formats import Batch, Place, TableFormat, refuse_stray
from leadclass.tables.limits import LONGEST_BATCH, LONGEST_ROW, check_columns, too_long

#: Rows that are read at once; the keys of the first so many are the table's columns.
BATCH_ROWS = 8192

#: The number of its line, the line, and what it says.
_Row = tuple[int, str, dict[str, Any]]


def open_jsonl(
    path: str, kind: TableFormat, lines: TextIO, start: Place | None = None
) -> tuple[pa.Schema, Iterator[Batch]]:
    """The columns, from the keys of the first rows, and the rows, from a place on, of a jsonl."""
    numbered = enumerate(iter(partial(lines.readline, LONGEST_ROW), ""), 1)
    rows = _rows(path, numbered)
    head = _some(rows)
    if not head:
        raise LeadclassError("has no rows", file=path, remedy="write a JSON object on each line")
    names = dict.fromkeys(key for *_, row in head for key in row)
    check_columns(path, len(names))
    schema = pa.schema([(name, pa.string()) for name in names])
    first_row = 1
    if start is not None:
        for _ in islice(numbered, start["lines"] - head[-1][0]):
            pass
        head, first_row = _some(rows), start["row"]
    return schema, _batches(kind, head, rows, schema, first_row)


def _rows(path: str, lines: Iterator[tuple[int, str]]) -> Iterator[_Row]:
    for number, line in lines:
        if len(line) == LONGEST_ROW and line[-1] not in "\r\n":
            raise too_long(path, line=number)
        stripped = line.strip()
        if not stripped:
            continue
        try:
            row = json.loads(stripped, parse_int=_integer)
        except (ValueError, RecursionError):
            row = None
        if not isinstance(row, dict):
            raise LeadclassError(
                "is not a JSON object",
                file=path,
                line=number,
                remedy='write each row on a line of its own, as {"column": "value"}',
            )
        yield number, stripped, {_clean(key): value for key, value in row.items()}


def _integer(digits: str) -> int | str:
    """Python refuses to read integers of thousands of digits; they pass as text."""
    return int(digits) if len(digits) <= _LONGEST_INTEGER else digits


_LONGEST_INTEGER = 4000


def _batches(
    kind: TableFormat,
    head: list[_Row],
    rows: Iterator[_Row],
    schema: pa.Schema,
    first_row: int,
) -> Iterator[Batch]:
    known = dict.fromkeys(schema.names)
    while head:
        columns = [as_strings([_as_text(row.get(name)) for *_, row in head]) for name in known]
        stray = (
            (first_row + i, key)
            for i, (*_, row) in enumerate(head)
            for key in row.keys() - known.keys()
        )
        yield Batch(
            schema,
            len(head),
            first_row,
            columns.__getitem__,
            lines=as_strings([line for _, line, _ in head]),
            line_format=kind,
            stray=next(stray, None),
            after={"lines": head[-1][0], "row": first_row + len(head)},
        )
        first_row += len(head)
        head = _some(rows)


def _some(rows: Iterator[_Row]) -> list[_Row]:
    """The next rows, so many as are read at once."""
    some = []
    size = 0
    for row in islice(rows, BATCH_ROWS):
        some.append(row)
        size += len(row[1])
        if size > LONGEST_BATCH:
            break
    return some


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    return _clean(value) if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _clean(text: str) -> str:
    """The text without lone surrogates, which JSON can spell and UTF-8 cannot."""
    return text.encode("utf-8", "replace").decode("utf-8")


class JsonlWriter:
    """Writes batches as objects, a line each; lines that were read as they were."""

    def __init__(self, stream: Any, kind: TableFormat, added: list[str], begun: bool) -> None:
        self._stream, self._kind, self._added = stream, kind, added
        self._encoder = getincrementalencoder(kind.encoding)()
        if begun:
            self._encoder.encode("")  # the byte order mark, which is there

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        own = batch.lines_in(self._kind)
        if own is None:
            refuse_stray(batch)
            names = [*batch.schema.names, *self._added]
            lines = [dump(row) for row in _objects(names, [*batch.columns(), *added])]
        else:
            if batch.stray and batch.stray[1] in self._added:
                refuse_stray(batch)
            new = _objects(self._added, added)
            lines = [_extended(line, o) for line, o in zip(own.to_pylist(), new, strict=True)]
        self._stream.write(self._encoder.encode("".join(line + "\n" for line in lines)))


def _extended(line: str, values: dict[str, Any]) -> str:
    """A JSON object as it stands, with these keys before its closing brace."""
    own = line[:-1].rstrip()
    return f"{own}{'' if own == '{' else ', '}{dump(values)[1:]}"


def _objects(names: list[str], columns: list[pa.Array]) -> list[dict[str, Any]]:
    rows = zip(*(json_cells(column) for column in columns), strict=True)
    return [dict(zip(names, row, strict=True)) for row in rows]
