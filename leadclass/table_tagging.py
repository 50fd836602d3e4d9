"""A table file or a folder of them in, the same with labels beside every row out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, holds_text
from leadclass.errors import LeadclassError
from leadclass.files import (
    STANDARD_STREAM,
    check_file,
    is_folder,
    refuse_overwriting,
    replacing_folder,
)
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.parallel import tag_columns
from leadclass.tables import (
    Batch,
    TableFormat,
    TableWriter,
    create_table,
    format_of,
    is_table,
    open_table,
)
from leadclass.tables.formats import BATCH_BYTES, PARQUET
from leadclass.tagging import added_schema


@dataclass(frozen=True)
class Tagged:
    """How a table was tagged.

    Attributes
    ----------
    n_rows : int
        Rows read.
    n_written : int
        Rows written, more than were read where each statement has its own.
    renamed : dict of str to str
        New columns whose name the table had already, and the name they have instead.
    """

    n_rows: int
    n_written: int
    renamed: dict[str, str]


def tag_table(
    model: Model,
    source: str | PathLike[str],
    target: str | PathLike[str],
    text: str,
    *,
    unit: Unit = "row",
    jobs: int = 1,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int, float], object] | None = None,
) -> Tagged:
    """Tag a table file, or all in a folder, in memory that does not grow with them.

    Parameters
    ----------
    model : Model
    source, target : path-like
        Two files, or two folders, of which `target` gets a file for each table below `source`, by
        the same name. A target of ``-`` is standard output in the format of `source`.
    text : str
        The column to read.
    unit : {'row', 'statement'}
        Whether a row of the result is a row of the table or one of its statements.
    jobs : int
        Processes that share the work; the result does not depend on their number.
    encoding, delimiter : str, optional
        Of `source`, where they are not what its bytes say.
    progress : callable, optional
        Called again and again with the number of rows done and the share of the work in [0, 1].

    Returns
    -------
    Tagged

    Raises
    ------
    LeadclassError
        If a table or a row of it cannot be read, or the target not be written; then no
        target is left behind.
    """
    ways = [_Way(Path(fspath(source)), fspath(target))]
    with ExitStack() as stack:
        if is_folder(source):
            ways = _ways(Path(fspath(source)), target, text, stack)
        writing = stack.enter_context(ExitStack())
        n_rows = n_written = 0
        renamed: dict[str, str] = {}
        given = _portions_of(ways, text, unit, encoding, delimiter)
        for portion, (places, cells) in tag_columns(model, given, unit, jobs):
            if portion.batch is None:  # of a table nothing has been written yet
                writing.close()
                writer = writing.enter_context(portion.create())
                renamed |= portion.renamed
                continue
            try:
                for rows, added in _slices(portion.batch, places, cells):
                    writer.write(rows, added)
                    n_written += len(rows)
                    if progress is not None:
                        progress(n_rows, portion.share)
            except LeadclassError as error:
                error.file = error.file or fspath(portion.way.source)
                raise
            n_rows += len(portion.batch)
            if progress is not None:
                progress(n_rows, portion.share)
    return Tagged(n_rows, n_written, renamed)


@dataclass(frozen=True)
class _Way:
    source: Path
    target: str


def _ways(source: Path, target: str | PathLike[str], text: str, stack: ExitStack) -> list[_Way]:
    """The tables below a folder with where they go, in a folder that appears with the stack."""
    if fspath(target) == STANDARD_STREAM:
        raise LeadclassError(
            "a folder of tables does not fit on standard output",
            file=source,
            remedy="name a folder with -o",
        )
    tables = [path.relative_to(source) for path in sorted(source.rglob("*")) if is_table(path)]
    # What begins like this is of the programs that write such folders.
    shown = [path for path in tables if not any(part[0] in "._" for part in path.parts)]
    if not shown:
        raise LeadclassError("no table in this folder", file=source, remedy="name another")
    for path in shown:
        if format_of(path).name == PARQUET:  # which is quick, and better now than in an hour
            with open_table(source / path) as table:
                table.text_index(text, "-t")
    folder = stack.enter_context(replacing_folder(target))
    for path in shown:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
    return [_Way(source / path, fspath(folder / path)) for path in shown]


@dataclass(frozen=True)
class _Portion:
    """A batch of a table, or none at its beginning, and all that is needed to write it."""

    way: _Way
    kind: TableFormat
    schema: pa.Schema
    added: pa.Schema
    renamed: dict[str, str]
    share: float
    batch: Batch | None = None

    def create(self) -> AbstractContextManager[TableWriter]:
        return create_table(self.way.target, self.kind, self.schema, self.added)


def _portions_of(
    ways: Sequence[_Way], text: str, unit: Unit, encoding: str | None, delimiter: str | None
) -> Iterator[tuple[_Portion, pa.Array]]:
    sizes = [check_file(way.source) for way in ways]
    for i, way in enumerate(ways):
        with open_table(way.source, encoding=encoding, delimiter=delimiter) as table:
            kind = table.format
            if way.target == STANDARD_STREAM:
                kind = replace(kind, compression=None)
            else:
                refuse_overwriting(way.target, way.source)
                wanted = format_of(way.target)
                kind = replace(kind, compression=wanted.compression)
                if wanted.name != kind.name:
                    kind = wanted
            column = table.text_index(text, "-t")
            added, renamed = added_schema(table.schema.names, unit)
            start = _Portion(way, kind, table.schema, added, renamed, sum(sizes[:i]) / sum(sizes))
            yield start, as_strings([])
            for batch in table:
                share = (sum(sizes[:i]) + sizes[i] * table.share()) / sum(sizes)
                yield replace(start, share=share, batch=batch), batch.read(column)


def _slices(
    batch: Batch, places: np.ndarray | None, cells: list[pa.Array]
) -> Iterator[tuple[Batch, list[pa.Array]]]:
    """The rows at these places with what is added to them, no more at once than fit in memory."""
    if places is None:
        yield batch, cells
        return
    own = batch.columns() if batch.lines is None else [batch.lines]
    ends = np.cumsum(sum(map(_widths, own), np.zeros(len(batch)))[places])
    start = 0
    while start < len(places):
        so_far = ends[start - 1] if start else 0.0
        end = max(start + 1, int(np.searchsorted(ends, so_far + BATCH_BYTES, side="right")))
        yield batch.take(places[start:end]), [cell.slice(start, end - start) for cell in cells]
        start = end


def _widths(column: pa.Array) -> np.ndarray:
    """The bytes of each cell, or what they have in the mean where they are no text."""
    if holds_text(column.type):
        lengths = pc.binary_length(as_strings(column))
        return pc.fill_null(lengths, 0).to_numpy(zero_copy_only=False)
    return np.full(len(column), column.nbytes / max(len(column), 1))
