"""Batches of rows in, a workbook of Excel with one sheet out.

Written part by part as ECMA-376 has it, which needs no library: text stands in its cell, so that
nothing that looks like a formula is one, and nothing has to be kept beside.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from html import escape
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.tables.cells import json_cells
from leadclass.tables.formats import Batch, refuse_stray

#: What a sheet can hold, by Excel's own specification.
MOST_ROWS = 1_048_576
LONGEST_CELL = 32_767

#: What XML cannot hold.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile(r"\r\n?")

#: Times are days from here on, by what Excel takes for the first of March 1900 and later.
_FIRST_DAY = datetime(1899, 12, 30)
_FIRST_TIME = datetime(1900, 3, 1)

_SPACE = "http://schemas.openxmlformats.org"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_SHEET = "xl/worksheets/sheet1.xml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_SPACE}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/{_SHEET}" ContentType="{_TYPE}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_SPACE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_SPACE}/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_SPACE}/spreadsheetml/2006/main" '
        f'xmlns:r="{_SPACE}/officeDocument/2006/relationships"><sheets>'
        '<sheet name="leadclass" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_SPACE}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_SPACE}/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/sheet1.xml"/><Relationship Id="rId2" '
        f'Type="{_SPACE}/officeDocument/2006/relationships/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    # The second of two styles of cells shows a number as a date and a time.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_SPACE}/spreadsheetml/2006/main">'
        '<fonts count="1"><font><sz val="11"/><name val="Calibri"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


@contextmanager
def excel_writer(stream: Any, schema: pa.Schema, added: pa.Schema) -> Iterator[ExcelWriter]:
    """What writes batches as the rows of a sheet; the workbook is whole when the block ends.

    Parameters
    ----------
    stream : binary file
    schema : pyarrow.Schema
        The columns of the batches.
    added : pyarrow.Schema
        The columns that come after them.

    Yields
    ------
    ExcelWriter
    """
    with ZipFile(stream, "w") as workbook:
        for name, part in _PARTS.items():
            workbook.writestr(_entry(name), _XML + part)
        with workbook.open(_entry(_SHEET), "w", force_zip64=True) as sheet:
            head = f'<worksheet xmlns="{_SPACE}/spreadsheetml/2006/main"><sheetData>'
            sheet.write((_XML + head).encode())
            yield ExcelWriter(sheet, [*schema.names, *added.names])
            sheet.write(b"</sheetData></worksheet>")


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name)  # of a time that is always the same, as the bytes then are
    entry.compress_type = ZIP_DEFLATED
    return entry


class ExcelWriter:
    """Writes batches as the rows of a sheet."""

    def __init__(self, sheet: Any, header: Sequence[str]) -> None:
        self._sheet = sheet
        self._n_rows = 0
        self._append([header])

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        refuse_stray(batch)
        columns = [_cells(column) for column in [*batch.columns(), *added]]
        self._append(zip(*columns, strict=True))

    def _append(self, rows: Any) -> None:
        written = []
        for row in rows:
            if self._n_rows == MOST_ROWS:
                raise LeadclassError(
                    "the table has more rows than a sheet of Excel holds",
                    row=self._n_rows,
                    remedy="write csv or parquet",
                )
            written.append(f"<row>{''.join(map(self._cell, row))}</row>")
            self._n_rows += 1
        self._sheet.write("".join(written).encode())

    def _cell(self, value: Any) -> str:
        if value is None or value == "":
            return "<c/>"
        if isinstance(value, bool):
            return f'<c t="b"><v>{value:d}</v></c>'
        if isinstance(value, (int, float)):
            return f"<c><v>{value!r}</v></c>"
        if isinstance(value, datetime):
            return f'<c s="1"><v>{(value - _FIRST_DAY).total_seconds() / 86400!r}</v></c>'
        if len(value) > LONGEST_CELL:
            raise LeadclassError(
                f"a cell has {len(value):,} characters, more than one of Excel holds",
                row=self._n_rows,
                remedy="write csv or parquet",
            )
        text = _CONTROLS.sub("\N{REPLACEMENT CHARACTER}", _LINE_ENDS.sub("\n", value))
        shown = escape(text, quote=False)
        return f'<c t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'


def _cells(column: pa.Array) -> list[Any]:
    """The cells as a sheet holds them: numbers, times without a zone, else text."""
    kind = column.type
    if pa.types.is_timestamp(kind) and kind.tz is None:
        return [_time(cell) for cell in column.cast(pa.timestamp("us"), safe=False).to_pylist()]
    return [
        cell if cell is None or isinstance(cell, (bool, int, float, str)) else str(cell)
        for cell in json_cells(column)
    ]


def _time(moment: datetime | None) -> datetime | str | None:
    """A time, as text where Excel has none so early."""
    early = moment is not None and moment < _FIRST_TIME
    return moment.isoformat(sep=" ") if moment is not None and early else moment
