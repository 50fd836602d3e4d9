"""Paths in, documents out: the text of each file, with its structure kept as lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from os import PathLike, fspath
from pathlib import Path

from leadclass.encodings import decode
from leadclass.errors import LeadclassError

STDIN = "-"


@dataclass(frozen=True)
class Document:
    """A named text.

    Attributes
    ----------
    name : str
        Its path, or ``-`` for standard input.
    text : str
        What it says; offsets of statements count the characters of this.
    """

    name: str
    text: str


def find_documents(paths: Iterable[str | PathLike[str]]) -> list[str]:
    """The files that these paths mean: folders give every document below them, in order.

    Raises
    ------
    LeadclassError
        If a path does not exist, or a folder has no document.
    """
    found: dict[str, None] = {}
    for path in paths:
        name = fspath(path)
        if name == STDIN or not Path(name).is_dir():
            found[name] = None
            continue
        below = sorted(
            file
            for file in Path(name).rglob("*")
            if file.suffix.lower() in READERS and file.is_file()
        )
        if not below:
            raise LeadclassError(
                "no document in this folder", file=name, remedy=f"it may hold {_known()} files"
            )
        found |= dict.fromkeys(map(fspath, below))
    return list(found)


def read_document(path: str | PathLike[str], encoding: str | None = None) -> Document:
    """Read one document; ``-`` is standard input, read as plain text or HTML.

    Parameters
    ----------
    path : path-like
    encoding : str, optional
        Of the file; by default its byte order mark's, else UTF-8.

    Returns
    -------
    Document

    Raises
    ------
    LeadclassError
        If the file is missing, empty, of a kind that is not read, or not in the encoding.
    """
    name = fspath(path)
    if name == STDIN:
        content = sys.stdin.buffer.read()
        suffix = ".html" if _LOOKS_LIKE_HTML.match(content) else ".txt"
    else:
        suffix = Path(name).suffix.lower()
        if Path(name).is_dir():
            raise LeadclassError("is a folder", file=name, remedy="name a file")
        if not Path(name).exists():
            raise LeadclassError("no such file", file=name, remedy="check the path")
        if suffix not in READERS:
            raise LeadclassError(
                f"{suffix or 'a file without extension'} is not a kind of document that is read",
                file=name,
                remedy=f"save it as one of {_known()}, or pass its text on standard input",
            )
        try:
            content = Path(name).read_bytes()
        except OSError as error:
            raise LeadclassError(f"cannot be read ({error.strerror})", file=name) from None
    text = READERS[suffix](decode(content, name, encoding))
    if not text.strip():
        raise LeadclassError("the document is empty", file=name, remedy="give it some text")
    return Document(name, text)


_LOOKS_LIKE_HTML = re.compile(rb"\s*(<!doctype html|<html)", re.IGNORECASE)


def html_to_text(html: str) -> str:
    """The text that a web page shows, a line for each block, list items with a bullet.

    Navigation, headers, footers, forms, scripts and styles are left out.
    """
    parser = _TextOfHtml()
    parser.feed(html)
    parser.close()
    return parser.text()


class _TextOfHtml(HTMLParser):
    _HIDDEN = frozenset(
        "script style nav header footer aside form button select template noscript svg "
        "head title iframe".split()
    )
    _BLOCKS = frozenset(
        "address article blockquote br caption dd div dl dt fieldset figcaption figure hr li main "
        "ol p pre section table tbody td tfoot th thead tr ul".split()
    )
    _HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
    #: Elements that have no end tag, so that they cannot hide what follows them.
    _VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._VOID:
            if tag in self._BLOCKS:
                self._end_line()
            return
        # A page's own header is furniture; the header of its article holds the title.
        if tag in self._HIDDEN or self._hidden:
            if tag in self._HIDDEN:
                self._hidden.append(tag)
            return
        if tag in self._HEADINGS:
            self._end_line()
            self._lines.append("")
            self._prefix = "#" * int(tag[1]) + " "
        elif tag == "li":
            self._end_line()
            self._prefix = "- "
        elif tag in self._BLOCKS:
            self._end_line()

    def handle_endtag(self, tag: str) -> None:
        if self._hidden:
            if tag in self._hidden:
                del self._hidden[len(self._hidden) - 1 - self._hidden[::-1].index(tag) :]
            return
        if tag in self._HEADINGS or tag in self._BLOCKS:
            self._end_line()
            if tag in self._HEADINGS or tag in ("p", "ul", "ol", "table"):
                self._lines.append("")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._line.append(data)

    def _end_line(self) -> None:
        line = " ".join("".join(self._line).split())
        self._line.clear()
        if line:
            self._lines.append(self._prefix + line)
            self._prefix = ""

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")


def _as_it_is(text: str) -> str:
    return text


#: What turns the characters of a file into its text, by the file's extension.
READERS: dict[str, Callable[[str], str]] = {
    ".txt": _as_it_is,
    ".text": _as_it_is,
    ".md": _as_it_is,
    ".markdown": _as_it_is,
    ".html": html_to_text,
    ".htm": html_to_text,
}


def _known() -> str:
    return ", ".join(READERS)
