"""The blocks of a document in, its text out: what all formats with a layout have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from leadclass.readers.characters import is_lone_sign, tidy, with_plain_bullets

HEADING, PARAGRAPH, ITEM, ROW, LINE = "heading", "paragraph", "item", "row", "line"
#: A short paragraph in bold, which is a heading if what follows is none.
BOLD = "bold"

BETWEEN_CELLS = " | "
_BULLET = "- "
#: Blocks of these kinds follow others of their kind without an empty line.
_TIGHT = frozenset({ITEM, ROW, LINE})
_DEEPEST_HEADING = 6
#: The level of headings that are only bold.
_BOLD_LEVEL = 2
#: A heading that is only bold has at most this many words.
MOST_WORDS_OF_BOLD = 8
#: A cell with more words than this is a text, and its table there for the layout.
MOST_WORDS_OF_CELL = 30


@dataclass(frozen=True)
class Block:
    """A piece of a document that stands on lines of its own.

    Attributes
    ----------
    text : str
        With line breaks where the document has them.
    kind : str
        One of the constants of this module.
    level : int
        Of a heading, from 1.
    marker : str
        What stands before an item.
    """

    text: str
    kind: str = PARAGRAPH
    level: int = 1
    marker: str = _BULLET


def is_bold_heading(text: str) -> bool:
    """Whether a paragraph that is bold from end to end may be a heading by its words."""
    return 0 < len(text.split()) <= MOST_WORDS_OF_BOLD and text.rstrip()[-1] not in ".,;!?"


def rows_to_blocks(rows: Iterable[Sequence[Sequence[Block]]]) -> list[Block]:
    """The blocks of a table, given by the blocks of each cell.

    A row of short cells is one line. Where a cell holds a list, a heading or a text, the table is
    there for the layout, and the row gives its cells one after the other.
    """
    blocks: list[Block] = []
    for row in rows:
        cells = [cell for cell in row if any(block.text.strip() for block in cell)]
        if len(cells) < 2 or any(_is_text(cell) for cell in cells):
            blocks += [block for cell in cells for block in cell]
        else:
            texts = (" ".join(" ".join(block.text.split()) for block in cell) for cell in cells)
            blocks.append(Block(BETWEEN_CELLS.join(map(str.strip, texts)), ROW))
    return blocks


def _is_text(cell: Sequence[Block]) -> bool:
    return any(block.kind in (HEADING, ITEM, ROW) for block in cell) or (
        sum(len(block.text.split()) for block in cell) > MOST_WORDS_OF_CELL
    )


def to_text(blocks: Iterable[Block]) -> str:
    """The text of blocks: an empty line between them, but not between items, rows and lines."""
    lines: list[str] = []
    before = ""
    for block in _with_headings(_lines(blocks)):
        if before and not (block.kind == before and block.kind in _TIGHT):
            lines.append("")
        lines.append(_written(block))
        before = block.kind
    return "\n".join(lines)


def _lines(blocks: Iterable[Block]) -> list[Block]:
    """Blocks with tidy words, those that are made of bulleted lines taken apart."""
    found: list[Block] = []
    sign = False  # whether a bullet stood alone on the line before
    for block in blocks:
        text = tidy(block.text).replace("\t", " ")
        paragraph: list[str] = []
        for raw in text.split("\n"):
            line = " ".join(raw.split())
            if not line:
                continue
            if block.kind not in (HEADING, ITEM) and is_lone_sign(line):
                sign = True
                continue
            plain = with_plain_bullets(line)
            marked = plain.startswith(_BULLET)
            if block.kind in (HEADING, ITEM) or not (marked or sign):
                # A marker that was typed although the list has one of its own.
                paragraph.append(plain.removeprefix(_BULLET) if marked else line)
                continue
            if paragraph:
                found.append(replace(block, text="\n".join(paragraph)))
                paragraph = []
            found.append(Block(plain.removeprefix(_BULLET), ITEM))
            sign = False
        if paragraph:
            joint = " " if block.kind in (HEADING, ITEM, ROW) else "\n"
            found.append(replace(block, text=joint.join(paragraph)))
    return found


def _with_headings(blocks: Sequence[Block]) -> list[Block]:
    """Bold paragraphs as headings, where something else follows them."""
    return [
        block
        if block.kind != BOLD
        else replace(block, kind=HEADING, level=_BOLD_LEVEL)
        if i + 1 < len(blocks) and blocks[i + 1].kind not in (BOLD, HEADING)
        else replace(block, kind=PARAGRAPH)
        for i, block in enumerate(blocks)
    ]


def _written(block: Block) -> str:
    if block.kind == HEADING:
        return "#" * min(block.level, _DEEPEST_HEADING) + " " + block.text
    return block.marker + block.text if block.kind == ITEM else block.text
