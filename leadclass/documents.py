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
from leadclass.files import STANDARD_STREAM, check_file, is_folder


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
        if name == STANDARD_STREAM or not is_folder(name):
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
    if name == STANDARD_STREAM:
        content = sys.stdin.buffer.read()
        suffix = ".html" if _LOOKS_LIKE_HTML.match(content) else ".txt"
    else:
        suffix = Path(name).suffix.lower()
        check_file(name)
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

    Navigation, the page's own header and footer, scripts and styles are left out, unless nothing
    else is there.

    Parameters
    ----------
    html : str

    Returns
    -------
    str
    """
    for furniture in (_FURNITURE, frozenset[str]()):
        parser = _TextOfHtml(_NEVER_SHOWN | furniture)
        parser.feed(html)
        parser.close()
        text = parser.text()
        if text:
            break
    return text


_NEVER_SHOWN = frozenset("script style head title template noscript svg iframe".split())
_FURNITURE = frozenset("nav header footer aside button select textarea".split())
#: Inside these a header belongs to the text, not to the page.
_CONTENT = frozenset("article main section".split())
_BLOCKS = frozenset(
    "address article aside blockquote br caption dd div dl dt fieldset figcaption figure footer "
    "form header hr li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_FOLLOWED_BY_SPACE = _HEADINGS | frozenset("p ul ol table".split())
#: Elements that have no end tag.
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())


class _TextOfHtml(HTMLParser):
    def __init__(self, hiding: frozenset[str]) -> None:
        super().__init__(convert_charrefs=True)
        self._hiding = hiding
        self._lines: list[str] = []
        self._line: list[str] = []
        self._prefix = ""
        self._open: list[str] = []
        self._hidden_from: int | None = None  # how many were open before what hides

    def parse_marked_section(self, i: int, report: int = 1) -> int:
        """Skip to the next bracket what office programs put between ``<![`` and ``]>``."""
        end = self.rawdata.find(">", i)
        return end + 1 if end >= 0 else -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "body" or ("head" in self._open[-2:] and tag in _HEADINGS | _BLOCKS):
            self._open.clear()  # a head, or what is in it, that was not closed
            self._hidden_from = None
        hidden = self._hidden_from is not None
        if tag not in _VOID:
            if not hidden and self._hides(tag):
                self._hidden_from = len(self._open)
                hidden = True
            self._open.append(tag)
        if hidden:
            return
        if tag in _HEADINGS | _BLOCKS:
            self._end_line()
        if tag in _HEADINGS:
            self._lines.append("")
            self._prefix = "#" * int(tag[1]) + " "
        elif tag == "li":
            self._prefix = "- "

    def handle_endtag(self, tag: str) -> None:
        if tag in self._open:
            # What is still open inside ends with it, as when a page forgets to close a menu.
            while self._open.pop() != tag:
                pass
        if self._hidden_from is not None:
            if len(self._open) <= self._hidden_from:
                self._hidden_from = None
            return
        if tag in _HEADINGS | _BLOCKS:
            self._end_line()
            if tag in _FOLLOWED_BY_SPACE:
                self._lines.append("")

    def handle_data(self, data: str) -> None:
        if self._hidden_from is None:
            self._line.append(data)

    def text(self) -> str:
        self._end_line()
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _hides(self, tag: str) -> bool:
        return tag in self._hiding and not (tag == "header" and _CONTENT.intersection(self._open))

    def _end_line(self) -> None:
        line = " ".join("".join(self._line).split())
        self._line.clear()
        if line:
            self._lines.append(self._prefix + line)
            self._prefix = ""


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
