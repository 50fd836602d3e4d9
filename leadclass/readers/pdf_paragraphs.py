"""The columns of all pages of a PDF in, the blocks that their lines make out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from leadclass.readers.blocks import (
    BETWEEN_CELLS,
    BOLD,
    HEADING,
    ITEM,
    LINE,
    PARAGRAPH,
    ROW,
    Block,
    is_bold_heading,
    rows_to_blocks,
)
from leadclass.readers.pdf_reading_order import Column
from leadclass.readers.pdf_words import Segment

#: Letters of a heading are larger than those of the text by this,
_HEADING_SIZE = 1.12
#: sizes of one kind of text differ by less than this,
_SAME_SIZE = 0.06
#: a heading has at most this many words,
_MOST_WORDS_OF_HEADING = 16
#: and where more than this share of a document is bold, bold lines are no headings.
_MOST_BOLD = 0.4
#: Lines of a paragraph are no further apart than this, times what is usual,
_LEADING_SLACK = 1.25
_USUAL_LEADING = 1.2
#: and further in than this, in sizes of a letter, a line is indented.
_INDENT = 0.8

_MARKER = re.compile(
    r"(?:[^\w\s(\[\"'“‘£$€&#@]{1,2}|o|[\uf000-\uf0ff]|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)])\s+(?=\S)"
)
_NUMBER = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s")
_HYPHENATED = re.compile(r"([^\W\d_]+(?:-[^\W\d_]+)*)-$")
_FIRST_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
#: What is written with a hyphen before another word more often than broken there.
_KEEPING = frozenset(
    "all co cross day first front full hands high in long low mid multi non on part post pre re "
    "second self semi short so third top two well work".split()
)


def to_blocks(pages: Iterable[Sequence[Column]]) -> list[Block]:
    """The blocks of a document.

    Parameters
    ----------
    pages : iterable of sequences of Column
        In reading order.

    Returns
    -------
    list of Block
    """
    columns = [column for page in pages for column in page]
    lines = [line for column in columns for line in column.lines]
    look = _Look.of(lines)
    words = Counter(w.lower() for line in lines for w in _WORD.findall(line.text))
    blocks: list[Block] = []
    last: _Paragraph | None = None
    for column in columns:
        if column.rows:
            blocks += [] if last is None else [last.block(look, words)]
            blocks += rows_to_blocks([[Block(cell)] for cell in row] for row in column.rows)
            last = None
            continue
        for paragraph in _paragraphs(column.lines, look):
            if last is not None and last.goes_on_with(paragraph):
                last = _Paragraph(last.lines + paragraph.lines, last.tight)
                continue
            blocks += [] if last is None else [last.block(look, words)]
            last = paragraph
    return blocks + ([] if last is None else [last.block(look, words)])


@dataclass(frozen=True)
class _Look:
    """How a document is set: the size of its text and of its headings, its leading."""

    body: float
    headings: tuple[float, ...]
    leading: float
    bold: bool

    @classmethod
    def of(cls, lines: Sequence[Segment]) -> _Look:
        sizes: Counter[float] = Counter()
        for line in lines:
            sizes[_rounded(line.size)] += len(line.text)
        body = sizes.most_common(1)[0][0] if sizes else 1.0
        larger = sorted((s for s in sizes if s >= _HEADING_SIZE * body), reverse=True)
        steps = [(a.y - b.y) / b.size for a, b in pairwise(lines)]
        usual = [step for step in steps if 0.8 < step < 2.5]
        total = sum(sizes.values()) or 1
        return cls(
            body,
            tuple(larger),
            median(usual) if usual else _USUAL_LEADING,
            sum(len(line.text) for line in lines if line.bold) > _MOST_BOLD * total,
        )

    def level(self, line: Segment) -> int | None:
        """The level of the heading that a line is by its size."""
        size = _rounded(line.size)
        return self.headings.index(size) + 1 if size in self.headings else None


def _rounded(size: float) -> float:
    return round(size * 2) / 2


@dataclass(frozen=True)
class _Paragraph:
    lines: tuple[Segment, ...]
    tight: bool
    """Whether it stands as close to what is above it as lines of a paragraph do."""

    def goes_on_with(self, after: _Paragraph) -> bool:
        """Whether a paragraph that begins a column or page is the rest of this one."""
        end, start = self.lines[-1], after.lines[0]
        below = end.y - start.y  # not so where a new column or page begins
        return (
            not 0 < _LEADING_SLACK * _USUAL_LEADING * end.size < below
            and start.text[0].islower()
            and end.text[-1] not in ".!?:;"
            and _alike(end, start)
            and not _MARKER.match(start.text)
        )

    def block(self, look: _Look, words: Counter[str]) -> Block:
        text = _put_together([line.text for line in self.lines], words)
        level = look.level(self.lines[0])
        if (
            level is not None
            and len(text.split()) <= _MOST_WORDS_OF_HEADING
            and not text.endswith((".", ";", ","))
            and not (_MARKER.match(text) and not _NUMBER.match(text))
        ):
            return Block(text, HEADING, level)
        if number := _NUMBER.match(text):
            return Block(text[number.end() :], ITEM, marker=number[0])
        if len(self.lines) == 1 and BETWEEN_CELLS in text:
            return Block(text, ROW)
        if all(line.bold for line in self.lines) and not look.bold and is_bold_heading(text):
            return Block(text, BOLD)
        return Block(text, LINE if self.tight else PARAGRAPH)


def _paragraphs(lines: Sequence[Segment], look: _Look) -> Iterator[_Paragraph]:
    """The paragraphs of a column."""
    if not lines:
        return
    edge = max(line.right for line in lines)
    run = [lines[0]]
    near = False
    for line in lines[1:]:
        close = run[-1].y - line.y <= look.leading * _LEADING_SLACK * line.size
        if close and _goes_on(run, line, edge, look):
            run.append(line)
            continue
        yield _Paragraph(tuple(run), near or (close and len(run) == 1))
        run, near = [line], close
    yield _Paragraph(tuple(run), near)


def _goes_on(run: Sequence[Segment], line: Segment, edge: float, look: _Look) -> bool:
    """Whether a line that stands close below a paragraph is part of it."""
    before = run[-1]
    if not _alike(before, line) or _MARKER.match(line.text):
        return False
    if look.level(line) is not None:
        return True
    item = _MARKER.match(run[0].text)
    indent = _INDENT * line.size
    if item and line.left < run[0].left + indent and not line.text[0].islower():
        return False
    if not item and line.left > before.left + indent:
        return False
    # A line that was wrapped has no room left for the first word of the next.
    letters = len(line.text.split()[0]) + 1
    room = edge - before.right
    full = room < letters * (line.right - line.left) / max(len(line.text), 1)
    return full or (line.text[0].islower() and before.text[-1] not in ".!?:;")


def _alike(one: Segment, other: Segment) -> bool:
    return one.bold == other.bold and abs(one.size - other.size) <= _SAME_SIZE * one.size


def _put_together(lines: Sequence[str], words: Counter[str]) -> str:
    text = lines[0]
    for line in lines[1:]:
        # Looked for in the last word alone: a paragraph may have thousands of lines.
        broken = text.endswith("-") and _HYPHENATED.search(text, text.rfind(" ") + 1)
        rest = _FIRST_WORD.match(line)
        if broken and rest and rest[0][0].islower():
            text = text if _keeps_hyphen(broken[1], rest[0], words) else text[:-1]
            text += line
        else:
            text += ("" if text.endswith("\xad") else " ") + line
    return text


def _keeps_hyphen(before: str, after: str, words: Counter[str]) -> bool:
    """Whether a word at the end of a line has its hyphen there anyway."""
    before, after = before.lower(), after.lower()
    if words[before + after]:
        return False
    if words[f"{before}-{after}"] or before.rpartition("-")[2] in _KEEPING:
        return True
    # Halves of a broken word are hardly ever words of the same document, both of them.
    return len(after) > 2 and words[before] > 1 and words[after] > 1
