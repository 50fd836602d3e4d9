"""A web page in, the text that it shows out."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from leadclass.readers import Reading
from leadclass.readers.characters import tidy, with_plain_bullets
from leadclass.readers.decoding import decode_document


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read a web page."""
    html, note = decode_document(content, file, encoding)
    return Reading(with_plain_bullets(tidy(html_to_text(html))), note)


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
