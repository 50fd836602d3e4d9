"""A web page in, the text that it shows out, without the site around it.

A page whose text is only put there by a script may still carry its posting as data for search
engines (JSON-LD); that is read where hardly any text is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from leadclass.readers import Reading
from leadclass.readers.blocks import (
    BOLD,
    HEADING,
    ITEM,
    LINE,
    PARAGRAPH,
    Block,
    is_bold_heading,
    rows_to_blocks,
    to_text,
)
from leadclass.readers.characters import is_count
from leadclass.readers.decoding import decode_document
from leadclass.readers.html_furniture import is_action, is_furniture, is_hidden, without_ends
from leadclass.readers.html_tree import BLOCKS, HEADINGS, NEVER_SHOWN, Node, parse
from leadclass.readers.job_data import posting_in
from leadclass.readers.limits import MOST_ELEMENTS, MOST_MARKUP, check_limit

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_DECLARED_XML = re.compile(rb"\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]+)")
#: Pages say within so many bytes what their encoding is.
_DECLARED_WITHIN = 4096

#: So many times more text in what was taken for furniture, and it was taken wrongly.
_FAR_MORE = 5
#: A page that shows fewer characters than this shows hardly any text.
_HARDLY_ANY = 400


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read a web page."""
    check_limit(len(content), MOST_MARKUP, "bytes of markup", file)
    head = content[:_DECLARED_WITHIN]
    declared = _DECLARED.search(head) or _DECLARED_XML.match(head)
    html, note = decode_document(
        content, file, encoding, declared[1].decode("ascii") if declared else None
    )
    check_limit(html.count("<"), MOST_ELEMENTS, "elements of markup", file)
    return Reading(html_to_text(html), note)


def html_to_text(html: str) -> str:
    """The text that a web page shows, a line for each block, list items with a bullet.

    What is hidden is left out, and navigation, notices about cookies, the page's own header and
    footer and the like, unless hardly anything else is there.

    Parameters
    ----------
    html : str

    Returns
    -------
    str
    """
    page = parse(html)
    text = to_text(without_ends(_Walker(page, whole=False).read()))
    whole = to_text(_Walker(page, whole=True).read())
    if len(whole) > _FAR_MORE * len(text):
        text = whole
    if len(text) < _HARDLY_ANY:
        posting = "\n\n".join(_shown(part) for part in posting_in(page))
        if len(posting) > len(text):
            return posting
    return text


def _shown(part: str) -> str:
    page = parse(part)
    return to_text(_Walker(page, whole=True).read())


#: A text, and whether it is bold, and a link.
_Piece = tuple[str, bool, bool]

_STRONG = frozenset({"b", "strong"})
_LISTS = frozenset({"ul", "ol", "menu", "dir"})
_SPACE = re.compile(r"\s+")


class _Walker:
    """Goes through a page in its order; `whole` keeps furniture."""

    def __init__(self, page: Node, *, whole: bool) -> None:
        self._page = page
        self._whole = whole
        self._inside: list[str] = []
        self._pieces: list[_Piece] = []
        self._kind = LINE
        self._marker = ""

    def read(self) -> list[Block]:
        """The blocks of the page."""
        return self._all_in(self._page)

    def _all_in(self, node: Node) -> list[Block]:
        """The blocks of an element that stands by itself."""
        return [*self._blocks(node), *self._flush()]

    def _blocks(self, node: Node) -> Iterator[Block]:
        self._inside.append(node.tag)
        number = int(start) if is_count(start := node.attributes.get("start", "")) else 1
        for child in node.children:
            if isinstance(child, str):
                self._say(child)
                continue
            if not self._is_shown(child):
                continue
            if child.tag == "li":
                yield from self._flush()
                ordered = self._nearest_list() == "ol"
                self._marker = f"{number}. " if ordered else "- "
                number += 1
            yield from self._element(child)
        self._inside.pop()

    def _is_shown(self, node: Node) -> bool:
        if node.tag in NEVER_SHOWN or is_hidden(node, self._page):
            return False
        return self._whole or not is_furniture(node, self._page, self._inside)

    def _element(self, node: Node) -> Iterator[Block]:
        if node.tag == "br":
            self._pieces.append(("\n", True, True))
        elif node.tag == "table":
            yield from self._flush()
            yield from rows_to_blocks(self._rows(node))
        elif node.tag == "dl":
            yield from self._flush()
            yield from rows_to_blocks(self._terms(node))
        elif level := _heading_level(node):
            yield from self._flush()
            yield from self._heading(node, level)
        elif node.tag in BLOCKS:
            yield from self._flush()
            before, self._kind = self._kind, PARAGRAPH if node.tag == "p" else LINE
            yield from self._blocks(node)
            yield from self._flush()
            self._kind = before
            if node.tag == "li":
                self._marker = ""
        else:
            yield from self._blocks(node)

    def _heading(self, node: Node, level: int) -> Iterator[Block]:
        self._marker = ""
        inner = self._all_in(node)
        if text := " ".join(block.text for block in inner).strip():
            yield Block(text, HEADING, level)

    def _rows(self, table: Node) -> Iterator[list[list[Block]]]:
        for row in _rows_of(table):
            if self._is_shown(row):
                yield [
                    self._cell(cell)
                    for cell in row.elements()
                    if cell.tag in ("td", "th") and self._is_shown(cell)
                ]

    def _terms(self, terms: Node) -> Iterator[list[list[Block]]]:
        """The rows of a list of terms: each term with what is said of it."""
        row: list[list[Block]] = []
        for node in _terms_of(terms):
            if node.tag == "dt" and len(row) > 1:
                yield row
                row = []
            if node.tag in ("dt", "dd") and self._is_shown(node):
                row.append(self._cell(node))
        yield row

    def _cell(self, node: Node) -> list[Block]:
        kind, self._kind, self._marker = self._kind, LINE, ""
        found = self._all_in(node)
        self._kind = kind
        return found

    def _say(self, text: str) -> None:
        if "pre" not in self._inside:
            text = _SPACE.sub(" ", text)
        bold = not _STRONG.isdisjoint(self._inside)
        self._pieces.append((text, bold, "a" in self._inside))

    def _flush(self) -> Iterator[Block]:
        """What was said since the last block ended, as blocks: a paragraph ends at two breaks."""
        paragraph: list[str] = []
        for text, bold, action in _lines_of(self._pieces):
            heading = bold and not self._marker and is_bold_heading(text)
            if paragraph and (not text or heading):
                yield self._block("\n".join(paragraph))
                paragraph = []
            if heading:
                yield Block(text, BOLD)
            elif text and not (action and not self._whole):
                paragraph.append(text)
        self._pieces.clear()
        if paragraph:
            yield self._block("\n".join(paragraph))

    def _block(self, text: str) -> Block:
        if not self._marker:
            return Block(text, self._kind)
        marker, self._marker = self._marker, ""
        return Block(text, ITEM, marker=marker)

    def _nearest_list(self) -> str:
        return next((tag for tag in reversed(self._inside) if tag in _LISTS), "")


def _lines_of(pieces: list[_Piece]) -> Iterator[tuple[str, bool, bool]]:
    """Lines, and of each whether all of it is bold, and whether it is nothing but actions."""
    line: list[_Piece] = []
    for text, is_bold, is_link in pieces:
        for i, part in enumerate(text.split("\n")):
            if i:
                yield _line(line)
                line = []
            line.append((part, is_bold, is_link))
    if line:
        yield _line(line)


def _line(pieces: list[_Piece]) -> tuple[str, bool, bool]:
    said = [piece for piece in pieces if piece[0].strip()]
    bold = all(is_bold for _, is_bold, _ in said)
    text = "".join(text for text, _, _ in pieces).strip()
    linked = bool(said) and all(is_link for _, _, is_link in said)
    # Buttons that stand beside one another, or one of several pieces.
    return text, bold, linked and (is_action(text) or all(is_action(t) for t, _, _ in said))


def _heading_level(node: Node) -> int:
    if node.tag in HEADINGS:
        return int(node.tag[1])
    if node.attributes.get("role") == "heading":
        level = node.attributes.get("aria-level", "")
        return int(level) if level in "123456" and level else 2
    return 0


def _terms_of(terms: Node) -> Iterator[Node]:
    """What is directly in a list of terms, or in the groups that it may have."""
    for part in terms.elements():
        yield from part.elements() if part.tag == "div" else (part,)


def _rows_of(table: Node) -> Iterator[Node]:
    for part in table.elements():
        if part.tag == "tr":
            yield part
        elif part.tag in ("tbody", "thead", "tfoot"):
            yield from (row for row in part.elements() if row.tag == "tr")
