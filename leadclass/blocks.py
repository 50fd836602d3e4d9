"""A text in, its blocks out: lines put together to paragraphs, bullets, headings and rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

HEADING, BULLET, SENTENCE = "heading", "bullet", "sentence"

#: A line that names what follows has at most this many words.
HEADING_WORDS = 8

#: Lines wider than this are whole paragraphs.
WIDEST_WRAP = 130
#: A line that a program has wrapped is at least this long; below it people start new lines.
NARROWEST_WRAP = 28
#: How much longer than the longest that was surely wrapped a wrapped line may be.
WRAP_SLACK = 12
#: How far from the longest line around it one may end that goes on in small letters.
RAGGED = 25


@dataclass
class Block:
    """Lines that belong together.

    Attributes
    ----------
    start, end : int
        Its place in the text, without bullet, numbering and marks of headings.
    form : str
        ``heading``, ``bullet`` or ``sentence``.
    whole : bool
        Whether it is one statement whatever stops it has, as headings and rows of tables are.
    """

    start: int
    end: int
    form: str = SENTENCE
    whole: bool = False


def find_blocks(text: str) -> list[Block]:
    """Put the lines of a text together to blocks.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Block
        In reading order; lines without a letter are in none.
    """
    lines = _read_lines(text)
    groups: list[list[_Line]] = []
    for region in _regions(lines):
        width = _wrap_width(region) or _wrap_width(lines)
        widest = max(line.length for line in region)
        for line in region:
            if line is not region[0] and _continues(groups[-1], line, width, widest):
                groups[-1].append(line)
            else:
                groups.append([line])
    blocks = []
    for group, after in pairwise([*groups, []]):
        first, last = group[0], group[-1]
        heading = first.titled or (len(group) == 1 and _is_heading(first, after))
        form = HEADING if heading else BULLET if first.marked else SENTENCE
        blocks.append(Block(first.start, last.end, form, heading or first.row))
    return blocks


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    words: str
    length: int
    """Of the line as it stands, with indentation and marks, without blanks at its end."""
    indent: int
    quoted: int
    marked: bool
    titled: bool
    row: bool
    spaced: bool
    """Whether an empty line stands before it."""


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(
    r"""(?:
        [-–—*+•‣◦▪▫■□●○·∙»›✓✔✦➢➤→❖§\uf0b7\uf0a7] [ \t\u00a0]++   # a bullet
      | [•‣◦▪▫■□●○∙✓✔✅⭐🔹🔸➢➤❖\uf0b7\uf0a7]\ufe0f?[ \t\u00a0]*+      # or one that needs no space
      | [-–—*+](?=[A-Z]) | ->[ \t]*+                               # as do these before a capital
      | o [ \t\u00a0]{2,} | o\t | o[ \t](?=[A-Z])                  # Word's hollow bullet
      | \d{1,2}[.)](?=[A-Z][a-z])                                  # 1.Plans
      | \d{1,2}(?:\.\d{1,2})+ (?: \t\s*+ | [ ]++(?=[A-Z][a-z]))    # 2.1 Plans
      | \(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[.)] [ \t\u00a0]++   # 1. (a) iv) 2.1.
      | \[[ xX]?\] [ \t]++
    )""",
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Z]\. (?:[A-Z]\. )?[A-Z][a-z]+ [a-z]")
_QUOTE = re.compile(r"(?:>[ \t]*+)+")
_TITLE = re.compile(r"#{1,6}[ \t]+")
_EMPHASIS = "*_`~#"
_LETTER = re.compile(r"[^\W\d_]")
#: Cells with a tab, a bar or several blanks between them, but not the blanks after a stop.
_CELLS = re.compile(r"\S\t+\S|\s\|\s|^\||(?:\S *)[^\s.!?:;,][ \u00a0]{3,}\S")


def _read_lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    before = 0  # where the line before ended
    for found in _LINE.finditer(text):
        whole_start, whole_end = found.span()
        start, end = strip(text, whole_start, whole_end)
        if not _LETTER.search(text, start, end):
            # It parts what stands above and below as an empty line does.
            continue
        spaced = len(text[before:whole_start].splitlines()) > 1
        before = whole_end
        indent, length = start - whole_start, end - whole_start
        quote = _QUOTE.match(text, start, end)
        if quote:
            start = quote.end()
        title = _TITLE.match(text, start, end)
        marker = _MARKER.match(text, start, end)
        if title:
            start = title.end()
            start, end = strip(text, start, start + len(text[start:end].rstrip("# \t")))
        elif marker and not _NAME.match(text, start, end):
            start = marker.end()
        else:
            marker = None
        words = text[start:end]
        lines.append(
            _Line(
                start,
                end,
                words,
                length,
                indent,
                quote.group().count(">") if quote else 0,
                bool(marker),
                bool(title),
                _CELLS.search(words) is not None,
                spaced,
            )
        )
    return lines


def strip(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without the white space at its ends."""
    while start < end and (text[start].isspace() or text[start] in _UNSEEN):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in _UNSEEN):
        end -= 1
    return start, end


#: Byte order mark and zero-width space.
_UNSEEN = "\ufeff\u200b"


def _regions(lines: list[_Line]) -> list[list[_Line]]:
    """Lines with no empty line and no other depth of quotation between them."""
    regions: list[list[_Line]] = []
    for line in lines:
        if regions and not line.spaced and line.quoted == regions[-1][-1].quoted:
            regions[-1].append(line)
        else:
            regions.append([line])
    return regions


def _wrap_width(lines: list[_Line]) -> int | None:
    """The width to which lines were wrapped; None if each stands for itself."""
    return max(
        (
            line.length
            for line, after in pairwise(lines)
            if NARROWEST_WRAP <= line.length <= WIDEST_WRAP
            and not (after.spaced or after.marked or after.row or line.row)
            and after.words[0].islower()
            and not (line.words[0].islower() and not line.marked)
            and line.words[-1] not in _STOPS
        ),
        default=None,
    )


_STOPS = ".!?:;…"


def _continues(group: list[_Line], line: _Line, width: int | None, widest: int) -> bool:
    """Whether a line goes on with what the lines before it have begun."""
    before = group[-1]
    if line.marked or line.titled or line.row or before.titled or before.row:
        return False
    last = before.words[-1]
    if before.words.isupper() != line.words.isupper() and len(line.words) > 1:
        return False
    first_word = line.words.split(None, 1)[0]
    small = line.words[0].islower()
    # A line that was wrapped has no room left for the first word of the next.
    if (
        width is not None
        and before.length <= width + WRAP_SLACK
        and before.length + 1 + len(first_word) > width
    ):
        return small or last != ":"
    if last in _STOPS:
        return False
    if small:
        begun = group[0].marked or not group[0].words[0].islower()
        near = before.length + len(first_word) >= min(widest, WIDEST_WRAP) - RAGGED
        long = before.length >= NARROWEST_WRAP or before.marked
        return (begun and near and long) or last in ",&-–—/("
    return last in "&-–—/(" or before.words.rsplit(None, 1)[-1].lower() in _UNFINISHED


#: No line that stands for itself ends with one of these.
_UNFINISHED = frozenset("a an and or our the their your".split())


def _is_heading(line: _Line, after: list[_Line]) -> bool:
    if line.marked or line.row:
        return False
    words = line.words.strip(_EMPHASIS + " \t")
    if len(words.split()) > HEADING_WORDS or words[-1:] in ".!?;,":
        return False
    if words.endswith(":") or words.isupper():
        return True
    below = after[0] if after else None
    if below is None or words[:1].islower():
        return False
    return below.marked or (line.spaced and below.spaced)
