"""A text and its statements in, the blocks of a page out: headings, list items, paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from leadclass.profile import LabelledStatement
from leadclass.statements import BULLET, HEADING, SENTENCE

#: How a run of characters is set; a break is the end of a line that the text wants kept.
PLAIN, STRONG, CODE, ADDRESS, BREAK = "plain", "strong", "code", "address", "break"


@dataclass(frozen=True)
class Run:
    """Characters that are set in one way."""

    text: str
    style: str = PLAIN


@dataclass(frozen=True)
class Piece:
    """A statement, or what stands between two.

    Attributes
    ----------
    runs : tuple of Run
    statement : int or None
        Which statement of the document it is.
    """

    runs: tuple[Run, ...]
    statement: int | None = None


@dataclass(frozen=True)
class Block:
    """A heading, an item of a list or a paragraph.

    Attributes
    ----------
    form : str
        One of the forms of a statement: ``heading``, ``bullet`` or ``sentence``.
    pieces : tuple of Piece
        In reading order.
    marker : str
        The number or letter of a list's item; empty for a bullet.
    """

    form: str
    pieces: tuple[Piece, ...]
    marker: str = ""

    @property
    def statements(self) -> tuple[int, ...]:
        """The statements that are in it."""
        return tuple(piece.statement for piece in self.pieces if piece.statement is not None)


def lay_out(text: str, statements: Sequence[LabelledStatement]) -> list[Block]:
    """Set a text in blocks.

    Parameters
    ----------
    text : str
    statements : sequence of LabelledStatement
        Its statements, in reading order.

    Returns
    -------
    list of Block
        Every letter and every figure of the text is in one of them, once and in reading order.
    """
    width = _wrapped_to(text, statements)
    # A block and its pieces, to which those of the lines that go on with it are added.
    found: list[tuple[Block, list[Piece]]] = []
    last_line = ""
    for lines in _groups(text, statements):
        block, follows = _block(text, statements, lines)
        if block is None:
            continue
        last_line, line_before = _last_line(text, lines), last_line
        if found and not lines.spaced and follows and found[-1][0].form == block.form:
            first_word = text[lines.start : lines.end].split(None, 1)[0]
            full = width is not None and len(line_before) + 1 + len(first_word) > width
            joint = Run(" ") if full or block.form == BULLET else Run("", BREAK)
            found[-1][1].extend([Piece((joint,)), *block.pieces])
        else:
            found.append((block, list(block.pieces)))
    return [replace(block, pieces=tuple(pieces)) for block, pieces in found]


def _last_line(text: str, lines: _Lines) -> str:
    return text[lines.start : lines.end].splitlines()[-1].rstrip()


@dataclass
class _Lines:
    """Lines that no statement lets fall apart, and the statements in them."""

    start: int
    end: int
    first: int
    last: int
    spaced: bool
    """Whether an empty line stands before them."""


def _groups(text: str, statements: Sequence[LabelledStatement]) -> Iterator[_Lines]:
    place = done = 0
    group: _Lines | None = None
    spaced = True
    for line in text.splitlines(keepends=True):
        start, place = place, place + len(line)
        first = done
        while done < len(statements) and statements[done].start < place:
            done += 1
        if group is not None and group.last and statements[group.last - 1].end > start:
            group.end, group.last = place, done
            continue
        if group is not None:
            yield group
        group = None
        if line.strip():
            group = _Lines(start, place, first, done, spaced)
        spaced = group is None
    if group is not None:
        yield group


_SAYS_SOMETHING = re.compile(r"[^\W_]|[€$£¥]")
_BARE_MARK = re.compile(r"\s*(?:#{1,6}|[-*•])\s+")
_NUMBERING = re.compile(r"[^\W_]")
_DECORATION = re.compile(r"[\s#>*_`~|-]*")
#: What stands around the first and the last cell of a Markdown table's row.
_CELL_MARKS = "| "


def _block(
    text: str, statements: Sequence[LabelledStatement], lines: _Lines
) -> tuple[Block | None, bool]:
    """The block that some lines make, and whether they may go on with the one before."""
    here = range(lines.first, lines.last)
    if not here:
        bare = _bare_block(text[lines.start : lines.end])
        return bare, bare is not None and bare.form == SENTENCE
    pieces = []
    place = lines.start
    marker = ""
    for n in here:
        gap = text[place : statements[n].start]
        if n == lines.first:
            marker = gap.strip()
        elif gap:
            pieces.append(Piece(_runs(gap)))
        said = text[statements[n].start : statements[n].end].strip(_CELL_MARKS)
        pieces.append(Piece(_runs(said), n))
        place = statements[n].end
    rest = text[place : lines.end].rstrip()
    if not _DECORATION.fullmatch(rest):
        pieces.append(Piece(_runs(rest)))
    forms = {statements[n].form for n in here}
    numbered = marker if _NUMBERING.search(marker) else ""
    if BULLET in forms:
        return Block(BULLET, tuple(pieces), numbered), not marker
    if numbered:
        pieces.insert(0, Piece(_runs(f"{numbered} ")))
    form = HEADING if forms == {HEADING} and len(here) == 1 else SENTENCE
    return Block(form, tuple(pieces)), form == SENTENCE


def _bare_block(line: str) -> Block | None:
    """The block of a line without a statement, as in a profile that leaves some out."""
    if not _SAYS_SOMETHING.search(line):
        return None
    mark = _BARE_MARK.match(line)
    if mark is None:
        return Block(SENTENCE, (Piece(_runs(line.strip())),))
    form = HEADING if "#" in mark[0] else BULLET
    return Block(form, (Piece(_runs(line[mark.end() :].strip())),))


def _wrapped_to(text: str, statements: Sequence[LabelledStatement]) -> int | None:
    """The width to which lines were wrapped; None where each line stands for itself."""
    if not any(len(text[s.start : s.end].splitlines()) > 1 for s in statements):
        return None
    return max(len(line.rstrip()) for line in text.splitlines())


_MARKDOWN = re.compile(
    r"""!?\[(?P<label>[^\]\n]{0,500})\]\((?P<address>[^)\s]{0,500})\)
      | (?P<mark>\*\*|__|`)(?=\S)(?P<inner>.{1,500}?)(?<=\S)(?P=mark)""",
    re.VERBOSE | re.DOTALL,
)


def _runs(written: str) -> tuple[Run, ...]:
    """White space made single, and Markdown's marks made what they mean."""
    written = re.sub(r"\s+", " ", written)
    runs = []
    place = 0
    for found in _MARKDOWN.finditer(written):
        runs.append(Run(written[place : found.start()]))
        if found["mark"]:
            runs.append(Run(found["inner"], CODE if found["mark"] == "`" else STRONG))
        else:
            runs += [Run(found["label"]), Run(f" ({found['address']})", ADDRESS)]
        place = found.end()
    runs.append(Run(written[place:]))
    return tuple(run for run in runs if run.text)
