"""A table file or a folder of them in, the same with labels beside every row out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from itertools import islice
from os import PathLike, fspath
from pathlib import Path

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings, portions, row_bytes
from leadclass.errors import LeadclassError
from leadclass.files import (
    STANDARD_STREAM,
    check_file,
    identity,
    is_folder,
    refuse_cut_off,
    refuse_overwriting,
)
from leadclass.kept_files import Cells
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.parallel import tag_columns
from leadclass.resuming import Run, beginning
from leadclass.run_journal import TABLES, About, Mark
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
from leadclass.tagging import added_schema, check_repeated
from leadclass.version import __version__
from leadclass.workers import Workers


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
    workers: Workers | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    guards: bool = True,
    keep: bool = False,
    resume: bool = False,
    progress: Callable[[int, float], object] | None = None,
    tell: Callable[[str], object] = lambda sentence: None,
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
    workers : Workers, optional
        Processes that share the work; the result does not depend on them.
    encoding, delimiter : str, optional
        Of `source`, where they are not what its bytes say.
    guards : bool
        Whether a csv or tsv gets an apostrophe before a statement that a spreadsheet would take
        for a formula. Other formats say themselves what is one.
    keep : bool
        Whether to leave what is done when the run breaks, so that another can go on with it.
    resume : bool
        With `keep`, whether to go on with what a broken run has left.
    progress : callable, optional
        Called again and again with the number of rows done and the share of the work in [0, 1].
    tell : callable, optional
        Given a sentence for the user, of what broken runs have left.

    Returns
    -------
    Tagged

    Raises
    ------
    LeadclassError
        If a table or a row of it cannot be read, the target not be written, or what was left not
        be gone on with; then the target is as it was.
    """
    ways = _ways(Path(fspath(source)), target, text)
    with ExitStack() as stack:
        run = None
        if fspath(target) != STANDARD_STREAM:
            about: About = {TABLES: []}
            if keep:
                about = _about(model, ways, text, unit, encoding, delimiter, guards)
            goal = Path(fspath(target))
            in_folder = is_folder(source)
            run = stack.enter_context(
                beginning(goal, about, folder=in_folder, keep=keep, resume=resume, tell=tell)
            )
        writing = stack.enter_context(ExitStack())
        begun = run.begun if run else Mark()
        n_rows, n_written = begun.n_rows, begun.n_written
        renamed: dict[str, str] = {}
        given = _portions_of(ways, text, unit, encoding, delimiter, guards, run)
        for portion, (places, cells), is_known in _tagged(model, given, unit, workers, run):
            way = portion.way
            if portion.batch is None:  # of a table nothing has been written yet
                writing.close()
                writer = writing.enter_context(portion.create(run))
                renamed |= portion.renamed
                continue
            try:
                for rows, added in _slices(portion.batch, places, cells):
                    writer.write(rows, added)
                    n_written += len(rows) * (not is_known)
                    if progress is not None:
                        progress(n_rows, portion.share)
            except LeadclassError as error:
                error.file = error.file or fspath(way.source)
                raise
            n_rows += len(portion.batch) * (not is_known)
            if run is not None and not is_known:
                run.found(way.name, (places, cells))
                run.wrote(way.number, portion.number, portion.batch.after, n_rows, n_written)
            if progress is not None:
                progress(n_rows, portion.share)
    return Tagged(n_rows, n_written, renamed)


@dataclass(frozen=True)
class _Way:
    """A table, which of all it is, and what it is called in a folder of them, if there is one."""

    number: int
    source: Path
    name: str
    target: str


def _ways(source: Path, target: str | PathLike[str], text: str) -> list[_Way]:
    """The table, or the tables below a folder, with where they go."""
    if not is_folder(source):
        check_file(source)
        return [_Way(0, source, "", fspath(target))]
    if fspath(target) == STANDARD_STREAM:
        raise LeadclassError(
            "a folder of tables does not fit on standard output",
            file=source,
            remedy="name a folder with -o",
        )
    tables = [
        path.relative_to(source)
        for path in sorted(source.rglob("*"))
        if is_table(path) and path.is_file()
    ]
    # What begins like this is of the programs that write such folders.
    shown = [path for path in tables if not any(part[0] in "._" for part in path.parts)]
    if not shown:
        raise LeadclassError("no table in this folder", file=source, remedy="name another")
    for path in shown:
        if format_of(path).name == PARQUET:  # which is quick, and better now than in an hour
            with open_table(source / path) as table:
                table.text_index(text, "-t")
    return [_Way(i, source / path, fspath(path), fspath(path)) for i, path in enumerate(shown)]


def _about(
    model: Model,
    ways: Sequence[_Way],
    text: str,
    unit: Unit,
    encoding: str | None,
    delimiter: str | None,
    guards: bool,
) -> About:
    """What a run does, so that no other goes on with it."""
    return {
        "leadclass": __version__,
        "model": model.weights.fingerprint(),
        "text": text,
        "unit": unit,
        "encoding": encoding,
        "delimiter": delimiter,
        "guards": guards,
        "batch_bytes": BATCH_BYTES,
        TABLES: [[way.name or fspath(way.source), *identity(way.source)] for way in ways],
    }


@dataclass(frozen=True)
class _Portion:
    """A batch of a table, or none at its beginning, and all that is needed to write it."""

    way: _Way
    kind: TableFormat
    schema: pa.Schema
    added: pa.Schema
    renamed: dict[str, str]
    share: float
    number: int = 0
    batch: Batch | None = None

    def create(self, run: Run | None) -> AbstractContextManager[TableWriter]:
        way = self.way
        if run is None:
            return create_table(way.target, self.kind, self.schema, self.added)
        return run.table(way.number, way.name, self.kind, self.schema, self.added)


_Given = tuple[_Portion, pa.Array]


def _portions_of(
    ways: Sequence[_Way],
    text: str,
    unit: Unit,
    encoding: str | None,
    delimiter: str | None,
    guards: bool,
    run: Run | None,
) -> Iterator[_Given]:
    """The batches of the tables, from where the run begins, with the texts to tag."""
    sizes = [check_file(way.source) for way in ways]
    begun = run.begun if run else Mark()
    for i, way in enumerate(ways):
        if i < begun.table:
            continue
        # A table that is written anew is read anew.
        goes_on = run is not None and run.n_done(i) > 0 and run.is_appended(way.name)
        start = begun.place if goes_on else None
        n_done = begun.batches if goes_on else 0
        with open_table(way.source, encoding=encoding, delimiter=delimiter, start=start) as table:
            kind = table.format
            if way.target == STANDARD_STREAM:
                kind = replace(kind, compression=None)
            else:
                refuse_overwriting(way.target, way.source)
                wanted = format_of(way.target)
                kind = replace(kind, compression=wanted.compression)
                if wanted.name != kind.name:
                    kind = wanted
            kind = replace(kind, guards=guards)
            column = table.text_index(text, "-t")
            added, renamed = added_schema(table.schema.names, unit)
            first = _Portion(way, kind, table.schema, added, renamed, sum(sizes[:i]) / sum(sizes))
            yield first, as_strings([])
            batches = islice(table, 0 if start else n_done, None)
            for number, batch in enumerate(batches, n_done + 1):
                share = (sum(sizes[:i]) + sizes[i] * table.share()) / sum(sizes)
                portion = replace(first, share=share, number=number, batch=batch)
                yield portion, batch.read(column)
        refuse_cut_off(way.source, sizes[i])


def _tagged(
    model: Model, given: Iterator[_Given], unit: Unit, workers: Workers | None, run: Run | None
) -> Iterator[tuple[_Portion, Cells, bool]]:
    """The batches with their cells, and whether these were found before the run began."""
    if run is not None and (begun := next(given, None)):
        portion, _ = begun
        yield portion, (None, []), True
        for cells in run.known(portion.way.number, portion.way.name):
            yield next(given)[0], cells, True
    for portion, found in tag_columns(model, given, unit, workers):
        yield portion, found, False


def _slices(
    batch: Batch, places: np.ndarray | None, cells: list[pa.Array]
) -> Iterator[tuple[Batch, list[pa.Array]]]:
    """The rows at these places with what is added to them, no more at once than fit in memory."""
    if places is None:
        yield batch, cells
        return
    own = batch.columns() if batch.lines is None else [batch.lines]
    sizes = row_bytes(own)
    check_repeated(sizes, places, batch.first_row)
    for start, end in portions(sizes[places], BATCH_BYTES):
        yield batch.take(places[start:end]), [cell.slice(start, end - start) for cell in cells]
