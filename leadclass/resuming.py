"""A run of tag in, how far it has come told on the disk; after a break, where it goes on.

A table of plain text is gone on with where its last whole rows end. To one that is packed - that is
parquet, Excel or compressed - nothing can be appended: for it the cells that are found are kept
beside, and it is written anew with them. So the bytes are always those of an unbroken run.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.files import replacing
from leadclass.folders import replacing_folder
from leadclass.kept_files import Cells, KeptFile, damaged, open_kept, read_cells, write_cells
from leadclass.run_journal import TABLES, About, Mark, find_left, write_mark
from leadclass.tables.creating import TableWriter, writing_table
from leadclass.tables.formats import CSV, JSONL, TSV, Place, TableFormat, format_of
from leadclass.tables.streams import compressing
from leadclass.unfinished import CELLS, beside

#: Seconds of work that a break may cost.
SECONDS = 1.0


@contextmanager
def beginning(
    target: Path,
    about: About,
    *,
    folder: bool,
    keep: bool,
    resume: bool,
    tell: Callable[[str], object],
) -> Iterator[Run]:
    """A run that writes a file or a folder, which appears when the block ends well.

    Parameters
    ----------
    target : pathlib.Path
    about : dict
        What the run does, in JSON.
    folder : bool
    keep : bool
        Whether to leave what is done for another run when this one breaks.
    resume : bool
        Whether to go on with what a broken run has left.
    tell : callable
        Given a sentence for the user.

    Yields
    ------
    Run

    Raises
    ------
    LeadclassError
        If the target cannot be written, or what was left cannot be gone on with.
    """
    left, mark = find_left(target, about, resume, tell) if keep else (None, None)
    run: Run | None = None

    def reached() -> Mark | None:
        return mark if run is None else run.mark

    def is_kept(error: BaseException) -> bool:
        # A row that cannot be read has to be mended, and then it is another table.
        mended = isinstance(error, LeadclassError) and (error.row or error.line)
        return reached() is not None and not mended

    create = replacing_folder if folder else replacing
    try:
        with create(target, left=left, kept=is_kept) as path:
            run = Run(path, target, about, mark, keep)
            yield run
    except BaseException as error:
        if run is not None and run.mark is not None and is_kept(error):
            how = f"--resume goes on after {run.mark.n_rows:,} rows"
            if isinstance(error, LeadclassError):
                error.remedy = f"{error.remedy}; {how}" if error.remedy else how
            else:
                error.add_note(how)
        raise


class Run:
    """What is being written, and how far it has come.

    Parameters
    ----------
    path : pathlib.Path
        The unfinished file or folder.
    target : pathlib.Path
        What it becomes.
    about : dict
        What the run does, in JSON.
    begun : Mark, optional
        Where to begin, if not at the first row.
    keep : bool
        Whether to tell on the disk how far it has come.

    Attributes
    ----------
    begun : Mark
    mark : Mark or None
        How far it has come on the disk.
    """

    def __init__(
        self, path: Path, target: Path, about: About, begun: Mark | None, keep: bool
    ) -> None:
        self.begun, self.mark = begun or Mark(), begun
        self._path, self._target, self._about, self._keep = path, target, about, keep
        self._now = self.begun
        for (name, *_), size in zip(about[TABLES], self.begun.whole, strict=False):
            if not _has_size(path / name, size):
                raise damaged(target / name)
        self._kept: KeptFile | None = None
        self._last = time.monotonic()

    def is_appended(self, name: str) -> bool:
        """Whether one of the tables is gone on with where its rows end."""
        kind = format_of(name or self._target)
        return kind.name in (CSV, TSV, JSONL) and kind.compression is None

    def n_done(self, number: int) -> int:
        """How many batches of a table were done when the run began."""
        return self.begun.batches if self.begun.table == number else 0

    @contextmanager
    def table(
        self, number: int, name: str, kind: TableFormat, schema: pa.Schema, added: pa.Schema
    ) -> Iterator[TableWriter]:
        """What writes one of the tables, from where the run begins.

        Parameters
        ----------
        number : int
            Which of the tables.
        name : str
            What it is called in the folder; empty if the run writes one file.
        kind, schema, added
            See `leadclass.tables.create_table`.

        Yields
        ------
        TableWriter
        """
        path, called = (
            (self._path / name, self._target / name)
            if name
            else (
                self._path,
                self._target,
            )
        )
        done = self.begun.size, self.begun.checksum
        if not self.n_done(number):
            done = 0, 0
        path.parent.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            stream: Any
            if self.is_appended(name):
                stream = self._kept = stack.enter_context(open_kept(path, called, *done))
            else:
                if self._keep:
                    self._forget_cells(number)
                    cells = beside(self._path, CELLS)
                    self._kept = stack.enter_context(open_kept(cells, called, *done))
                file = stack.enter_context(path.open("wb"))
                stream = stack.enter_context(compressing(file, kind.compression))
            begun = self.is_appended(name) and self.n_done(number) > 0
            yield stack.enter_context(
                writing_table(stream, called, kind, schema, added, begun=begun)
            )
        self._now = replace(self._now, whole=(*self._now.whole, path.stat().st_size))

    def known(self, number: int, name: str) -> Iterator[Cells]:
        """The cells that were found before the break, of a table that is written anew."""
        if self.is_appended(name) or not self.n_done(number):
            return
        with beside(self._path, CELLS).open("rb") as file:
            for _ in range(self.n_done(number)):
                yield read_cells(file)

    def found(self, name: str, cells: Cells) -> None:
        """Keep the cells of a batch, of a table that is written anew."""
        if self._kept is not None and not self.is_appended(name):
            write_cells(self._kept, cells)

    def wrote(
        self, number: int, batches: int, place: Place | None, n_rows: int, n_written: int
    ) -> None:
        """Tell on the disk how far the run has come, if it did not just now.

        Parameters
        ----------
        number : int
            Which of the tables it is in.
        batches : int
            How many of it are done.
        place : Place, optional
            Where in it reading goes on.
        n_rows, n_written : int
            Of all tables.
        """
        self._now = replace(self._now, n_rows=n_rows, n_written=n_written)
        if not self._keep or self._kept is None or time.monotonic() - self._last < SECONDS:
            return
        self._kept.sync()
        self._tell(
            replace(
                self._now,
                table=number,
                batches=batches,
                place=place,
                size=self._kept.size,
                checksum=self._kept.checksum,
            )
        )
        self._last = time.monotonic()

    def _forget_cells(self, number: int) -> None:
        """Begin with other cells only where the mark does not speak of those that are there."""
        if self.mark is not None and self.mark.table != number:
            self._tell(replace(self._now, table=number, batches=0, place=None, size=0, checksum=0))

    def _tell(self, mark: Mark) -> None:
        write_mark(self._path, self._about, mark)
        self.mark = mark


def _has_size(path: Path, size: int) -> bool:
    try:
        return path.stat().st_size == size
    except OSError:
        return False
