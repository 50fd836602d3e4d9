"""What a run has done in, a file out that another can go on with: bytes checked, cells as Arrow."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, numbers_of
from leadclass.errors import LeadclassError

#: What is added to a column: for each new row the row it belongs to, if that is another, and cells.
Cells = tuple[np.ndarray | None, list[pa.Array]]

#: Bytes that are checked at once.
_BLOCK = 1 << 20


class KeptFile:
    """A file that is written to its end, and knows what is in it.

    Attributes
    ----------
    size : int
        The bytes in it.
    checksum : int
        Their CRC-32.
    """

    def __init__(self, file: BinaryIO, size: int = 0, checksum: int = 0) -> None:
        self._file, self.size, self.checksum = file, size, checksum

    def write(self, data: bytes | pa.Buffer) -> None:
        with memoryview(data) as view:
            self._file.write(view)
            self.size += view.nbytes
            self.checksum = zlib.crc32(view, self.checksum)

    def sync(self) -> None:
        """Put it on the disk."""
        self._file.flush()
        os.fsync(self._file.fileno())


@contextmanager
def open_kept(
    path: Path, called: str | PathLike[str], size: int = 0, checksum: int = 0
) -> Iterator[KeptFile]:
    """Begin a file, or go on with one after its first bytes.

    Parameters
    ----------
    path : pathlib.Path
    called : path-like
        What it is called in errors.
    size, checksum : int
        The bytes to go on after.

    Raises
    ------
    LeadclassError
        If these bytes are not there any more.
    """
    if not size:
        with path.open("wb") as file:
            yield KeptFile(file)
        return
    with path.open("r+b") as file:
        found, left = 0, size
        while block := file.read(min(left, _BLOCK)):
            found, left = zlib.crc32(block, found), left - len(block)
        if left or found != checksum:
            raise damaged(called)
        file.truncate(size)
        yield KeptFile(file, size, checksum)


def damaged(called: str | PathLike[str]) -> LeadclassError:
    """The error for what was left and is not as it was."""
    return LeadclassError(
        "what the broken run has left is damaged",
        file=called,
        remedy="leave --resume out to start anew",
    )


def write_cells(file: KeptFile, cells: Cells) -> None:
    """Write the cells of a batch after those before."""
    places, columns = cells
    if places is not None:
        columns = [as_numbers(places), *columns]
    names = ["places"] * (places is not None) + [""] * len(cells[1])
    batch = pa.RecordBatch.from_arrays(columns, names=names)
    sink = pa.BufferOutputStream()
    options = pa.ipc.IpcWriteOptions(compression="zstd")
    with pa.ipc.new_stream(sink, batch.schema, options=options) as stream:
        stream.write_batch(batch)
    file.write(sink.getvalue())


def read_cells(file: Any) -> Cells:
    """Read the cells of the next batch."""
    with pa.ipc.open_stream(file) as stream:
        (batch,) = stream  # to its end, where the next begins
    columns = batch.columns
    if batch.schema.names[:1] == ["places"]:
        return numbers_of(columns[0]), columns[1:]
    return None, columns
