"""A Word document in, its text out: as the reader of a clean copy sees it.

Deleted, hidden and prompting text is left out, and so are headers, footers, notes, comments and
tables of contents; inserted text is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from leadclass.readers import Reading
from leadclass.readers.blocks import (
    BOLD,
    HEADING,
    ITEM,
    Block,
    is_bold_heading,
    rows_to_blocks,
    to_text,
)
from leadclass.readers.word_package import Package
from leadclass.readers.word_styles import Lists, Style, Styles, is_on, refined, value_of


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read a Word document (.docx)."""
    package = Package(content, file)
    body = package.main().find("body")
    styles = Styles(package.beside_main("styles.xml"))
    walker = _Walker(styles, Lists(package.beside_main("numbering.xml")))
    return Reading(to_text(walker.blocks(body if body is not None else ())))


#: What only holds other things: changes that were made, links, fields, controls.
_TRANSPARENT = frozenset(
    "ins moveTo customXml smartTag sdtContent hyperlink fldSimple dir bdo oMath oMathPara "
    "ruby rubyBase".split()
)
_DRAWINGS = frozenset("drawing pict object".split())
_CHARACTERS = {
    "tab": "\t",
    "ptab": "\t",
    "br": "\n",
    "cr": "\n",
    "noBreakHyphen": "-",
    "softHyphen": "",
}


@dataclass
class _Words:
    """What a paragraph says, piece by piece."""

    pieces: list[str] = field(default_factory=list)
    all_bold: bool = True
    boxes: list[Block] = field(default_factory=list)

    def add(self, text: str, bold: bool) -> None:
        self.pieces.append(text)
        self.all_bold &= bold or not text.strip()


class _Walker:
    def __init__(self, styles: Styles, lists: Lists) -> None:
        self._styles = styles
        self._lists = lists

    def blocks(self, parts: Iterable[Element]) -> Iterator[Block]:
        """The blocks of a body, a cell or a text box, in reading order."""
        for part in parts:
            if part.tag == "p":
                yield from self._paragraph(part)
            elif part.tag == "tbl":
                yield from rows_to_blocks(self._rows(part))
            else:
                yield from self.blocks(_inside(part))

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        properties = paragraph.find("pPr")
        named = self._styles[value_of(properties, "pStyle")]
        if named.name.startswith("toc "):
            return
        style = refined(named, properties, None)
        words = _Words()
        self._gather(paragraph, style, words)
        text = "".join(words.pieces)
        if text.strip():
            yield self._block(text, style, bold=words.all_bold)
        yield from words.boxes

    def _block(self, text: str, style: Style, *, bold: bool) -> Block:
        if style.level is not None:
            return Block(text, HEADING, style.level)
        if style.number is not None:
            marker = self._lists.marker(*style.number)
            return Block(text, ITEM, marker=marker) if marker else Block(text)
        if style.lists:
            return Block(text, ITEM)
        if bold and is_bold_heading(text) and "\n" not in text.strip():
            return Block(text, BOLD)
        return Block(text)

    def _gather(self, parent: Element, style: Style, words: _Words) -> None:
        for part in parent:
            if part.tag == "r":
                self._run(part, style, words)
            elif part.tag not in ("p", "tbl"):
                self._gather_all(_inside(part), style, words)

    def _gather_all(self, parts: Iterable[Element], style: Style, words: _Words) -> None:
        holder = Element("holder")
        holder.extend(list(parts))
        if len(holder):
            self._gather(holder, style, words)

    def _run(self, run: Element, style: Style, words: _Words) -> None:
        properties = run.find("rPr")
        named = self._styles[value_of(properties, "rStyle")]
        bold = is_on(properties, "b", style.bold or named.bold)
        if is_on(properties, "vanish", style.hidden or named.hidden):
            return
        for part in run:
            if part.tag == "t":
                words.add(part.text or "", bold)
            elif part.tag in _CHARACTERS:
                words.add(_CHARACTERS[part.tag], bold)
            elif part.tag == "sym":
                words.add(_symbol(part.get("char", "")), bold)
            elif part.tag in _DRAWINGS or part.tag == "AlternateContent":
                words.boxes.extend(self._boxes(part))
            elif part.tag == "ruby":
                self._gather_all(_inside(part), style, words)

    def _boxes(self, part: Element) -> Iterator[Block]:
        """What stands in the text boxes of a drawing."""
        if part.tag == "txbxContent":
            yield from self.blocks(part)
            return
        for inner in _choice(part) if part.tag == "AlternateContent" else part:
            yield from self._boxes(inner)

    def _rows(self, table: Element) -> Iterator[list[list[Block]]]:
        for row in _of_kind(table, "tr"):
            if row.find("trPr/del") is not None or is_on(row.find("trPr"), "hidden"):
                continue
            yield [
                list(self.blocks(cell))
                for cell in _of_kind(row, "tc")
                if not _is_covered(cell.find("tcPr/vMerge"))
            ]


def _inside(part: Element) -> Iterable[Element]:
    """What a reader sees of something that holds other things."""
    if part.tag == "sdt":
        properties = part.find("sdtPr")
        gallery = value_of(properties, "docPartObj/docPartGallery") or ""
        if is_on(properties, "showingPlcHdr") or "contents" in gallery.lower():
            return ()
        content = part.find("sdtContent")
        return () if content is None else content
    if part.tag == "AlternateContent":
        return _choice(part)
    if part.tag == "ruby":
        return part.findall("rubyBase")
    return part if part.tag in _TRANSPARENT else ()


def _choice(alternatives: Element) -> Iterable[Element]:
    """The first way to show something that has several; the others repeat it."""
    return next(iter(alternatives), Element("none"))


def _of_kind(parent: Element, tag: str) -> Iterator[Element]:
    for part in parent:
        if part.tag == tag:
            yield part
        else:
            holder = Element("holder")
            holder.extend(list(_inside(part)))
            yield from _of_kind(holder, tag)


def _is_covered(merged: Element | None) -> bool:
    """Whether a cell goes on with the one above it."""
    return merged is not None and merged.get("val") != "restart"


def _symbol(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
