"""Comma-separated files, and their kin: bytes in, batches out; batches in, bytes out."""

from __future__ import annotations

import csv
import re
from codecs import getincrementalencoder
from collections.abc import Iterator
from dataclasses import replace
from io import StringIO
from itertools import chain, islice
from typing import Any, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, as_string, as_strings
from leadclass.errors import LeadclassError
from leadclass.tables.cells import as_text, guarded_cells
from leadclass.tables.csv_scan import scan
from leadclass.tables.formats import (
    BATCH_BYTES,
    CSV,
    Batch,
    Place,
    TableFormat,
    batch_of,
    refuse_stray,
)
from leadclass.tables.limits import LONGEST_HEADER, LONGEST_ROW, check_columns, too_long
from leadclass.tables.streams import utf8_blocks

#: What may stand between cells where a csv does not say, commonest first.
_DELIMITERS = ",;\t|"

#: Excel's way to say the delimiter, in a line before the header.
_SAYS_DELIMITER = re.compile(r"sep=(.)(?:\r\n|\r|\n)", re.IGNORECASE)

#: Rows in a batch, of which a block of little else than line ends has a million.
_MOST_ROWS = 1 << 16

#: Rows in a batch of Python's reader.
_PYTHON_ROWS = 8192


def open_csv(
    path: str,
    kind: TableFormat,
    stream: Any,
    delimiter: str | None,
    start: Place | None = None,
) -> tuple[TableFormat, pa.Schema, Iterator[Batch]]:
    """The exact format, the columns and the rows, from a place on, of a csv or tsv."""
    csv.field_size_limit(LONGEST_ROW)
    blocks = utf8_blocks(stream, kind.encoding, BATCH_BYTES)
    head = next(blocks, b"").decode()
    skipped = 0
    if says := _SAYS_DELIMITER.match(head):
        delimiter = delimiter or says[1]
        head, skipped = head[says.end() :], 1
    while True:
        first = head[: head.find("\n") + 1] or head
        if kind.name == CSV:
            kind = replace(kind, delimiter=delimiter or delimiter_of(first))
        lines = StringIO(head, newline="")
        rows = csv.reader(lines, delimiter=kind.delimiter, strict=True)
        header, broken = [], None
        try:
            header = next(rows, [])
        except csv.Error as error:
            broken = _broken(path, None, rows.line_num + skipped, error)
        ended = head[: lines.tell()].endswith("\n") and not broken
        more = next(blocks, None) if lines.tell() == len(head) and not ended else None
        if more is None:
            break
        head += more.decode()  # the header may go on
        if len(head) > LONGEST_HEADER:
            raise LeadclassError(
                f"has a header of more than {LONGEST_HEADER:,} bytes",
                file=path,
                line=1,
                remedy="name the columns in its first line",
            )
    if broken:
        raise broken
    if not any(header):
        raise LeadclassError(
            "has no header", file=path, line=1, remedy="name the columns in its first line"
        )
    check_columns(path, len(header))
    newline = re.search(r"\r\n|\r|\n", head)
    kind = replace(kind, newline=newline.group() if newline else "\n")
    schema = pa.schema([(name, pa.string()) for name in header])
    body = chain([head[lines.tell() :].encode()], blocks)
    start = start or _place(0, 0, 1, rows.line_num + skipped)
    return kind, schema, _batches(path, kind, schema, body, start)


def delimiter_of(header: str) -> str:
    """What stands between the cells of a csv, by the line of its header."""
    outside_quotes = "".join(header.split('"')[::2])
    counts = {mark: outside_quotes.count(mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=lambda mark: counts[mark])


def _batches(
    path: str, kind: TableFormat, schema: pa.Schema, blocks: Iterator[bytes], start: Place
) -> Iterator[Batch]:
    """The rows from a place on, those after the last regular one by Python's reader.

    Which says what is wrong.
    """
    delimiter = kind.delimiter.encode()
    n_blocks, first_row, line = start["blocks"], start["row"], start["line"]
    data, last = _rest(islice(blocks, n_blocks), start["rest"]), False
    skipped = start["batches"]
    while not last:
        here = _place(n_blocks, len(data), first_row, line)
        block = next(blocks, None)
        last = block is None
        n_blocks += not last
        data += block or b""
        if last and data and data[-1:] not in b"\r\n":
            data += b"\n"
        if not last and data.endswith(b"\r"):
            continue  # a line feed may belong to it
        rows = scan(data, delimiter, len(schema)) if len(delimiter) == 1 else None
        if rows is None or (len(data) - rows.taken > (0 if last else LONGEST_ROW)):
            left = _read_by_python(path, kind, schema, chain([data], blocks), first_row, line)
            for number, batch in enumerate(left, 1):
                if number > skipped:
                    yield replace(batch, after=here | {"batches": number})
            return
        taken = 0
        for part in rows.parts(_MOST_ROWS):
            begun, n_rows = first_row, len(part.bounds)
            first_row += n_rows
            line += data.count(b"\n", taken, part.taken) or data.count(b"\r", taken, part.taken)
            taken = part.taken
            if n_rows:
                after = _place(n_blocks, len(data) - taken, first_row, line)
                yield Batch(schema, n_rows, begun, part.cells, part.lines(), kind, after=after)
        data = data[taken:]


def _place(blocks: int, rest: int, row: int, line: int) -> Place:
    """After so many blocks, of which so many bytes are still to be read."""
    return {"blocks": blocks, "rest": rest, "row": row, "line": line, "batches": 0}


def _rest(blocks: Iterator[bytes], size: int) -> bytes:
    """The last bytes of some blocks."""
    rest = b""
    for block in blocks:
        rest = (rest + block)[-size:] if size else b""
    return rest


def _read_by_python(
    path: str,
    kind: TableFormat,
    schema: pa.Schema,
    blocks: Iterator[bytes],
    first_row: int,
    line: int,
) -> Iterator[Batch]:
    width = len(schema)
    lines = _Read(path, blocks)
    rows = csv.reader(lines, delimiter=kind.delimiter, strict=True)
    pending: list[list[str]] = []
    number, size = first_row, 0
    try:
        for row in rows:
            size += lines.since_row
            lines.since_row = 0
            if not row:
                if width > 1:
                    continue  # an empty line between rows or at the end is no row
                row = [""]
            if len(row) != width:
                raise LeadclassError(
                    f"has {len(row)} cells where the header has {width}",
                    file=path,
                    row=number,
                    line=line + rows.line_num,
                    remedy="quote cells that hold the delimiter, or mend the row",
                )
            pending.append(row)
            number += 1
            if len(pending) == _PYTHON_ROWS or size > BATCH_BYTES:
                yield _batch(pending, schema, first_row)
                pending, first_row, size = [], number, 0
    except csv.Error as error:
        if "field limit" in str(error):
            raise too_long(path, number, line + rows.line_num) from None
        raise _broken(path, number, line + rows.line_num, error) from None
    except LeadclassError as error:
        error.row, error.line = number, error.line or line + rows.line_num + 1
        raise
    if pending:
        yield _batch(pending, schema, first_row)


class _Read:
    """The lines of some blocks, as long as a row ends now and then.

    Attributes
    ----------
    since_row : int
        Characters given since whoever takes them set it to zero.
    """

    def __init__(self, path: str, blocks: Iterator[bytes]) -> None:
        self._path, self._blocks = path, blocks
        self.since_row = 0

    def __iter__(self) -> Iterator[str]:
        rest = ""
        for block in self._blocks:
            lines = list(StringIO(rest + block.decode(), newline=""))
            # The last may go on, or its line end may.
            rest = "" if not lines or lines[-1].endswith("\n") else lines.pop()
            for line in lines:
                yield self._counted(line)
            if len(rest) > LONGEST_ROW:
                raise too_long(self._path)
        if rest:
            yield self._counted(rest)

    def _counted(self, line: str) -> str:
        self.since_row += len(line)
        if self.since_row > LONGEST_ROW:
            raise too_long(self._path)
        return line


def _batch(rows: list[list[str]], schema: pa.Schema, first_row: int) -> Batch:
    columns = [as_strings(column) for column in zip(*rows, strict=True)]
    return batch_of(pa.RecordBatch.from_arrays(columns, schema=schema), first_row)


def _broken(path: str, row: int | None, line: int, error: csv.Error) -> LeadclassError:
    return LeadclassError(
        f"is not valid CSV ({error})",
        file=path,
        row=row,
        line=line,
        remedy="close the quotes, or double a quote inside a quoted cell",
    )


def csv_writer(text: TextIO, delimiter: str = ",", newline: str = "\n") -> Any:
    """A `csv.writer` that quotes every cell with a carriage return or a line feed in it."""
    return csv.writer(_Lines(text, newline), delimiter=delimiter)


class _Lines:
    """Takes lines that end in CR LF and writes them with the line ends of the table.

    Only with CR LF does `csv.writer` quote every cell that holds either of the two.
    """

    def __init__(self, text: TextIO, newline: str) -> None:
        self._text, self._newline = text, newline

    def write(self, line: str) -> int:
        return self._text.write(line.removesuffix("\r\n") + self._newline)


class CsvWriter:
    """Writes batches as the rows of a csv or tsv; rows that were read from one as they stand.

    What is added to them is no formula to a spreadsheet, see `TableFormat.guards`.
    """

    def __init__(
        self, stream: Any, kind: TableFormat, schema: pa.Schema, added: pa.Schema, begun: bool
    ) -> None:
        self._stream, self._kind = stream, kind
        self._encoder = getincrementalencoder(kind.encoding)()
        if begun:
            self._encoder.encode("")  # the byte order mark, which is there as the header is
            return
        head = StringIO(newline="")
        csv_writer(head, kind.delimiter, kind.newline).writerow([*schema.names, *added.names])
        self._write(head.getvalue())

    def write(self, batch: Batch, added: list[pa.Array]) -> None:
        refuse_stray(batch)
        if not len(batch):
            return
        own = batch.lines_in(self._kind)
        cells = batch.columns() if own is None else []
        new = [as_text(column) for column in added]
        if self._kind.guards:
            new = [guarded_cells(column) for column in new]
        written = [_quoted(column, self._kind.delimiter) for column in [*map(as_text, cells), *new]]
        lines = pc.binary_join_element_wise(
            *([own] if own is not None else []), *written, as_string(self._kind.delimiter)
        )
        every = pa.ListArray.from_arrays(as_numbers(np.array([0, len(lines)])).cast("int32"), lines)
        joined = pc.binary_join(every, as_string(self._kind.newline))[0].as_buffer()
        if self._kind.encoding == "utf-8":
            self._stream.write(joined)
            self._stream.write(self._kind.newline.encode())
        else:
            self._write(joined.to_pybytes().decode() + self._kind.newline)

    def _write(self, text: str) -> None:
        self._stream.write(self._encoder.encode(text))


def _quoted(cells: pa.StringArray, delimiter: str) -> pa.StringArray:
    """The cells as a csv has them: quoted where they hold a delimiter, a quote or a line end."""
    special = pc.match_substring_regex(cells, rf'[\x{{{ord(delimiter):x}}}"\r\n]')
    if not pc.any(special).as_py():
        return cells
    quote = as_string('"')
    doubled = pc.replace_substring(cells.filter(special), '"', '""')
    return pc.replace_with_mask(
        cells, special, pc.binary_join_element_wise(quote, doubled, quote, as_string(""))
    )
