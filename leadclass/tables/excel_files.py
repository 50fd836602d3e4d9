"""A workbook of Excel in, batches of the rows of its first sheet out."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa

from leadclass.errors import LeadclassError, missing_extra
from leadclass.tables.excel_parts import check_parts
from leadclass.tables.excel_writing import MOST_ROWS
from leadclass.tables.formats import BATCH_ROWS, Batch, batch_of
from leadclass.tables.limits import LONGEST_BATCH

#: Cells of a sheet that are kept in memory rather than read again, some tens of megabytes.
KEPT_CELLS = 400_000


def open_excel(
    stack: ExitStack, path: str
) -> tuple[pa.Schema, Iterator[Batch], Callable[[], float]]:
    """The columns and the rows of a workbook's first sheet, which is closed with the stack.

    And what tells how much of it has been read. A column is one of numbers, of times or of booleans
    if all its cells are, else one of text; so a sheet is read first for its types, and a large one
    then again for its cells.
    """
    sheet = _first_sheet(stack, path)
    rows = _rows(path, sheet)
    header = next(rows, None)
    if header is None:
        raise LeadclassError(
            "the first sheet is empty", file=path, remedy="give it a header and rows of text"
        )
    names = ["" if name is None else str(name) for name in header]
    kinds: list[set[str]] = [set() for _ in names]
    n_rows = 0
    kept: list[Sequence[Any]] = []
    for row in rows:
        n_rows += 1
        cells = _as_wide(path, row, len(names), n_rows)
        for seen, cell in zip(kinds, cells, strict=True):
            seen.add(_kind(cell))
        if n_rows * len(names) <= KEPT_CELLS:
            kept.append(cells)
    schema = pa.schema(
        [(name, _type(seen - {""})) for name, seen in zip(names, kinds, strict=True)]
    )
    n_read = 0

    def batches() -> Iterator[Batch]:
        nonlocal n_read
        again = iter(kept) if len(kept) == n_rows else islice(_rows(path, sheet), 1, None)
        pending: list[Sequence[Any]] = []
        size = 0
        for number, row in enumerate(again, start=1):
            pending.append(_as_wide(path, tuple(row), len(names), number))
            size += sum(len(cell) for cell in row if isinstance(cell, str))
            if len(pending) == BATCH_ROWS or size > LONGEST_BATCH:
                yield _batch(pending, schema, n_read + 1)
                n_read += len(pending)
                pending, size = [], 0
        if pending:
            yield _batch(pending, schema, n_read + 1)
            n_read += len(pending)

    return schema, batches(), lambda: n_read / n_rows if n_rows else 1.0


def _first_sheet(stack: ExitStack, path: str) -> Any:
    try:
        from openpyxl import load_workbook  # only where there is a workbook
    except ModuleNotFoundError:
        raise missing_extra("openpyxl", "excel", "an Excel file") from None
    # It warns of styles, charts and rules that it does not know, none of which is read.
    warnings.filterwarnings("ignore", module=r"openpyxl\b")
    try:
        check_parts(path)
        file = stack.enter_context(Path(path).open("rb"))  # noqa: SIM115, the stack closes it
        workbook = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        stack.callback(workbook.close)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # it may say of itself that it is far larger than it is
        return sheet
    except LeadclassError:
        raise
    # What its reader makes of a broken part can be anything.
    except Exception as error:
        raise _broken(path, error) from None


def _broken(path: str, error: Exception) -> LeadclassError:
    return LeadclassError(
        f"is not a whole Excel workbook ({type(error).__name__})",
        file=path,
        remedy="open it in Excel and save it anew as .xlsx, without a password",
    )


def _rows(path: str, sheet: Any) -> Iterator[tuple[Any, ...]]:
    """The rows that have a cell, without the empty cells at their end."""
    try:
        for number, row in enumerate(sheet.iter_rows(values_only=True, max_row=MOST_ROWS + 1)):
            if number == MOST_ROWS:
                raise LeadclassError(
                    "has a row further down than a sheet of Excel has any",
                    file=path,
                    remedy="save the sheet as csv",
                )
            width = len(row)
            while row[width - _SOME : width] == _NONE_OF_THEM:
                width -= _SOME
            while width and row[width - 1] is None:
                width -= 1
            if width:
                yield row[:width]
    except LeadclassError:
        raise
    except Exception as error:  # as above
        raise _broken(path, error) from None


#: Cells that are looked at together.
_SOME = 64
_NONE_OF_THEM = (None,) * _SOME


def _as_wide(path: str, row: tuple[Any, ...], width: int, number: int) -> Sequence[Any]:
    if len(row) > width:
        raise LeadclassError(
            f"has {len(row)} cells where the header has {width}",
            file=path,
            row=number,
            remedy="name every column in the first row",
        )
    return row + (None,) * (width - len(row))


def _kind(cell: Any) -> str:
    """What a cell is; nothing for an empty one."""
    if cell is None:
        return ""
    if isinstance(cell, int) and not -_TOO_LARGE <= cell < _TOO_LARGE:
        return "text"
    return next((name for name, kinds in _KINDS if isinstance(cell, kinds)), "text")


#: From here on an integer is none to Arrow.
_TOO_LARGE = 2**63

#: In this order: a boolean is an integer to Python.
_KINDS = (("boolean", bool), ("integer", int), ("number", float), ("time", datetime))
_TYPES = {
    frozenset({"boolean"}): pa.bool_(),
    frozenset({"integer"}): pa.int64(),
    frozenset({"number"}): pa.float64(),
    frozenset({"integer", "number"}): pa.float64(),
    frozenset({"time"}): pa.timestamp("us"),
}


def _type(kinds: set[str]) -> pa.DataType:
    return _TYPES.get(frozenset(kinds), pa.string())


def _batch(rows: list[Sequence[Any]], schema: pa.Schema, first_row: int) -> Batch:
    columns = []
    for field, cells in zip(schema, zip(*rows, strict=True), strict=True):
        if pa.types.is_string(field.type):
            cells = tuple(None if cell is None else str(cell) for cell in cells)
        columns.append(pa.array(cells, field.type))
    return batch_of(pa.RecordBatch.from_arrays(columns, schema=schema), first_row)
