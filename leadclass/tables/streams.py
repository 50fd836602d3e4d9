"""A path in, a stream of bytes out, and back: compressed or not, as its name says."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa


@dataclass(frozen=True)
class Source:
    """An open file.

    Attributes
    ----------
    stream : binary file
        What it holds, uncompressed.
    share : callable
        How much of the file has been read, in [0, 1].
    """

    stream: Any
    share: Callable[[], float]


@contextmanager
def open_source(path: str | PathLike[str], compression: str | None) -> Iterator[Source]:
    """Open a file for reading.

    Parameters
    ----------
    path : path-like
    compression : str, optional
        As Arrow names it.

    Yields
    ------
    Source
    """
    with Path(fspath(path)).open("rb") as file:
        size = Path(fspath(path)).stat().st_size
        source = Source(
            pa.CompressedInputStream(file, compression) if compression else file,
            lambda: min(file.tell() / size, 1.0) if size else 1.0,
        )
        yield source


@contextmanager
def compressing(file: BinaryIO, compression: str | None) -> Iterator[Any]:
    """What is to be written to, so that the file gets it compressed."""
    if compression is None:
        yield file
        return
    with pa.CompressedOutputStream(file, compression) as stream:
        yield stream


def utf8_blocks(stream: Any, encoding: str, size: int) -> Iterator[bytes]:
    """What a stream of text holds, in UTF-8 and without byte order mark, a piece at a time.

    Pieces end anywhere. What is before broken bytes is given before `UnicodeDecodeError` is raised.

    Parameters
    ----------
    stream : binary file
    encoding : str
        Of the stream.
    size : int
        Bytes that are read at once.

    Yields
    ------
    bytes
        Of at least one byte.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    while True:
        block = stream.read(size)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            if not encoding.startswith(("utf-16", "utf-32")):
                yield error.object[: error.start].decode(encoding).encode()
            raise
        if text:
            yield text.encode()
        if not block:
            return
