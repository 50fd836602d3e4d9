"""Paths or bytes in, documents out: the text of each file, with its structure kept as lines."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from glob import glob, has_magic
from os import PathLike, fspath
from pathlib import Path, PurePath

from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM, check_file, is_folder, path_of
from leadclass.readers import READERS, reader_of
from leadclass.readers.limits import MOST_BYTES, MOST_CHARACTERS, check_limit


@dataclass(frozen=True)
class Document:
    """A named text.

    Attributes
    ----------
    name : str
        Its path, or ``-`` for standard input.
    text : str
        What it says; offsets of statements count the characters of this.
    note : str
        What was decided in reading it that a user may want otherwise, such as its encoding.
    """

    name: str
    text: str
    note: str = ""


def find_documents(paths: Iterable[str | PathLike[str]]) -> list[str]:
    """The files that these paths mean: folders give every document below them, in order.

    A path that does not exist and has one of ``*?[`` is a pattern, with ``**`` for any folders.

    Raises
    ------
    LeadclassError
        If a folder has no document, or a pattern meets none.
    """
    from leadclass.readers.signatures import UNREAD, known_suffixes  # zipfile

    documents = READERS.keys() | UNREAD
    found: dict[str, None] = {}
    for path in paths:
        name = fspath(path)
        if name != STANDARD_STREAM and has_magic(name) and not Path(name).exists():
            # Path.glob takes no pattern that begins at the root.
            matches = [file for file in glob(name, recursive=True) if Path(file).is_file()]  # noqa: PTH207
            if not matches:
                raise LeadclassError("no file matches this", file=name, remedy="check the path")
            found |= dict.fromkeys(sorted(matches))
            continue
        if name == STANDARD_STREAM or not is_folder(name):
            found[name] = None
            continue
        below = sorted(
            file
            for file in Path(name).rglob("*")
            if file.suffix.lower() in documents and not _is_hidden(file) and file.is_file()
        )
        if not below:
            raise LeadclassError(
                "no document in this folder",
                file=name,
                remedy=f"it may hold {known_suffixes()} files",
            )
        found |= dict.fromkeys(map(fspath, below))
    return list(found)


def read_document(path: str | PathLike[str], encoding: str | None = None) -> Document:
    """Read one document; ``-`` is standard input, read as the kind that its content is of.

    Parameters
    ----------
    path : path-like
    encoding : str, optional
        Of a text or HTML file; by default what its byte order mark or the page itself says, else
        UTF-8, or cp1252 where it plainly is that.

    Returns
    -------
    Document

    Raises
    ------
    LeadclassError
        If the file is missing, empty, too large, damaged, of a kind that is not read or not of the
        kind that its name says, protected by a password, or not in the encoding.
    """
    name = path_of(path)
    if name == STANDARD_STREAM:
        return read_bytes(name, sys.stdin.buffer.read(MOST_BYTES + 1), encoding)
    check_limit(check_file(name), MOST_BYTES, "bytes", name)
    try:
        with Path(name).open("rb") as file:
            content = file.read(MOST_BYTES + 1)  # what has no size, such as a device, may not end
    except OSError as error:
        raise LeadclassError(
            f"cannot be read ({error.strerror})", file=name, remedy="check your rights to it"
        ) from None
    return read_bytes(name, content, encoding)


def read_bytes(name: str, content: bytes, encoding: str | None = None) -> Document:
    """Read a document that is no file here, such as one that was uploaded.

    Parameters
    ----------
    name : str
        What its user calls it, with the extension that says what it is; nothing is opened by it.
        ``-`` means that the content says what it is.
    content : bytes
    encoding : str, optional
        As for `read_document`.

    Returns
    -------
    Document

    Raises
    ------
    LeadclassError
        As `read_document`.
    """
    from leadclass.readers.signatures import check_kind, suffix_of  # zipfile

    check_limit(len(content), MOST_BYTES, "bytes", name)
    if not content.strip():
        raise _empty(name)
    suffix = suffix_of(content) if name == STANDARD_STREAM else PurePath(name).suffix.lower()
    check_kind(content, suffix, name)
    try:
        reading = reader_of(suffix)(content, name, encoding)
    except LeadclassError:
        raise
    except Exception as error:
        # Files come from anywhere; one that a reader trips over must not end the work on others.
        raise LeadclassError(
            f"cannot be read ({type(error).__name__})",
            file=name,
            remedy="open it and save it anew, or pass its text",
        ) from error
    check_limit(len(reading.text), MOST_CHARACTERS, "characters", name)
    if not reading.text.strip():
        raise _empty(name)
    return Document(name, reading.text, reading.note)


def _empty(name: str) -> LeadclassError:
    return LeadclassError("the document is empty", file=name, remedy="give it some text")


def _is_hidden(file: Path) -> bool:
    """Whether a system or an office program put a file here for itself."""
    return file.name.startswith((".", "~$"))
