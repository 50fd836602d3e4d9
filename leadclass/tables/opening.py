"""A path in, batches of rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from io import TextIOWrapper
from os import PathLike, fspath

import pyarrow as pa

from leadclass.arrow import holds_text
from leadclass.encodings import LONGEST_BOM, encoding_of, refuse_wide, undecodable_stream
from leadclass.errors import LeadclassError, some_of
from leadclass.files import check_file
from leadclass.tables.csv_files import open_csv
from leadclass.tables.excel_files import open_excel
from leadclass.tables.formats import EXCEL, JSONL, PARQUET, Batch, Place, TableFormat, format_of
from leadclass.tables.jsonl_files import open_jsonl
from leadclass.tables.parquet_files import open_parquet
from leadclass.tables.streams import open_source


@dataclass
class TableReader:
    """An open table; iterate over it for its batches.

    Attributes
    ----------
    path : str
    format : TableFormat
    schema : pyarrow.Schema
        Its columns, as strings unless the file has types of its own.
    share : callable
        How much of the file has been read, in [0, 1].
    """

    path: str
    format: TableFormat
    schema: pa.Schema
    share: Callable[[], float]
    _batches: Iterator[Batch] = field(repr=False)

    def __iter__(self) -> Iterator[Batch]:
        while True:
            with _reading(self.path, self.format):
                batch = next(self._batches, None)
            if batch is None:
                return
            yield batch

    def index_of(self, column: str, option: str | None = None) -> int:
        """The place of a column.

        Parameters
        ----------
        column : str
        option : str, optional
            The option that names it, if one does, for the remedy.

        Returns
        -------
        int

        Raises
        ------
        LeadclassError
            If the table has no such column, in which case the ones it has are named, or several.
        """
        names = self.schema.names
        count = names.count(column)
        if count != 1:
            raise LeadclassError(
                f"{count} columns have this name" if count else "no such column",
                file=self.path,
                column=column,
                remedy=f"{_choice(option)}: it has {some_of(names)}",
            )
        return names.index(column)

    def text_index(self, column: str, option: str | None = None) -> int:
        """The same for a column that holds text."""
        index = self.index_of(column, option)
        kind = self.schema.field(index).type
        if not holds_text(kind):
            raise LeadclassError(
                f"holds {kind}, not text",
                file=self.path,
                column=column,
                remedy=f"{_choice(option)} of text",
            )
        return index


def _choice(option: str | None) -> str:
    return f"name a column with {option}" if option else "give one column this name"


@contextmanager
def open_table(
    path: str | PathLike[str],
    *,
    encoding: str | None = None,
    delimiter: str | None = None,
    start: Place | None = None,
) -> Iterator[TableReader]:
    """Open a table for reading.

    Parameters
    ----------
    path : path-like
    encoding : str, optional
        Of a csv, tsv or jsonl; by default its byte order mark's, else UTF-8.
    delimiter : str, optional
        Between the cells of a csv; by default the one its header uses.
    start : Place, optional
        What an earlier reading called the place after a batch: read on from there.

    Yields
    ------
    TableReader

    Raises
    ------
    LeadclassError
        If the file is missing, a folder, of an unknown kind, empty, or not what its name says.
    """
    name = fspath(path)
    if not check_file(name):
        raise LeadclassError(
            "the file is empty", file=name, remedy="give it a header and rows of text"
        )
    kind = format_of(name)
    with ExitStack() as stack:
        if kind.name == PARQUET:
            with _reading(name, kind):
                schema, batches, share = open_parquet(stack, name)
        elif kind.name == EXCEL:
            with _reading(name, kind):
                schema, batches, share = open_excel(stack, name)
        else:
            with _reading(name, kind):
                with open_source(name, kind.compression) as head:
                    begins = bytes(head.stream.read(LONGEST_BOM))
                found = encoding_of(begins, encoding, name)
                refuse_wide(begins, found if encoding is None else "", name)
                source = stack.enter_context(open_source(name, kind.compression))
            kind, share = replace(kind, encoding=found), source.share
            with _reading(name, kind):
                if kind.name == JSONL:
                    lines = stack.enter_context(
                        TextIOWrapper(source.stream, encoding=found, newline="")
                    )
                    schema, batches = open_jsonl(name, kind, lines, start)
                else:
                    kind, schema, batches = open_csv(name, kind, source.stream, delimiter, start)
        yield TableReader(name, kind, schema, share, batches)


@contextmanager
def _reading(path: str, kind: TableFormat) -> Iterator[None]:
    """Turn what goes wrong while a file is read into an error that names it."""
    try:
        yield
    except UnicodeError:
        with open_source(path, kind.compression) as source:
            raise undecodable_stream(path, kind.encoding, source.stream) from None
    except OSError as error:
        reason = error.strerror or str(error).split("\n", 1)[0]
        raise LeadclassError(
            f"cannot be read ({reason})",
            file=path,
            remedy="check that it is whole and as its name says"
            if kind.compression
            else "check your rights",
        ) from None
