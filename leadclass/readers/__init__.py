"""The bytes of a file in, its text out, with its structure kept as lines: a module a format.

Headings come out as ``# ``, bullets as ``- ``, numbered items with their number, a row of a table
as one line with its cells joined by `` | ``; nothing that is not shown, and no page furniture.
Each module has one public function, ``read``. It is imported when a file of its format comes, so
that whoever labels plain statements loads none of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast


@dataclass(frozen=True)
class Reading:
    """What a reader has read.

    Attributes
    ----------
    text : str
    note : str
        What was decided for the user that they may want otherwise; empty where nothing was.
    """

    text: str
    note: str = ""


class Reader(Protocol):
    """What turns a file's content into text; `encoding` is what the user asked for."""

    def __call__(self, content: bytes, file: str, encoding: str | None) -> Reading: ...


#: The module that reads a file, by the file's extension.
READERS = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".docx": "word",
    ".docm": "word",
    ".pdf": "pdf",
}


def reader_of(suffix: str) -> Reader:
    """The reader of files with this extension, which must be one of `READERS`."""
    return cast(Reader, import_module(f"{__name__}.{READERS[suffix]}").read)
