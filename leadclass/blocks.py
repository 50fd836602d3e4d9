"""A text in, its blocks out: lines put together to paragraphs, bullets, headings and rows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from leadclass.sentences import ENDS

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
    width_of_all = _wrap_width(lines)
    groups: list[list[Line]] = []
    for region in _regions(lines):
        width = (len(region) > 1 and _wrap_width(region)) or width_of_all
        for line in region:
            if line is not region[0] and continues(groups[-1][0], groups[-1][-1], line, width):
                groups[-1].append(line)
            else:
                groups.append([line])
    blocks = []
    for group, after in pairwise([*groups, []]):
        first, last = group[0], group[-1]
        heading = first.titled or (len(group) == 1 and is_heading(first, after))
        form = HEADING if heading else BULLET if first.marked else SENTENCE
        blocks.append(Block(first.start, last.end, form, heading or first.row))
    return blocks


@dataclass(slots=True)
class Line:
    """A line and what it looks like."""

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
#: Marks that, with blanks after them, begin an item of a list.
BULLETS = "-–—*+•‣◦▪▫■□●○·∙»›✓✔✦➢➤→❖§\uf0b7\uf0a7"
_MARKER = re.compile(
    rf"""(?:
        [{BULLETS}] [ \t\u00a0]++   # a bullet
      | [•‣◦▪▫■□●○∙✓✔✅⭐🔹🔸➢➤❖\uf0b7\uf0a7]\ufe0f?[ \t\u00a0]*+      # or one that needs no space
      | [-–—+](?=[A-Z]) | [*](?=[A-Z][^*]*+$) | ->[ \t]*+          # as do these before a capital
      | o [ \t\u00a0]++                                            # Word's hollow bullet
      | \d{{1,2}}[.)](?=[A-Z][a-z])                                  # 1.Plans
      | \d{{1,2}}(?:\.\d{{1,2}})+ (?: \t\s*+ | [ ]++(?=[A-Z][a-z]))    # 2.1 Plans
      | \(?(?:\d{{1,2}}(?:\.\d{{1,2}})*|[a-zA-Z]|[ivx]{{1,4}}|[IVX]{{2,4}})[.)]
        [ \t\u00a0]++                                              # 1. (a) iv) 2.1.
      | \[[ xX]?\] [ \t]++
    )""",
    re.VERBOSE,
)
_CAPITAL = re.compile(r"[A-Z]\.\s")
_NAME = re.compile(r"[A-Z]\. (?:[A-Z]\. )?[A-Z][a-z]+ [a-z]")
_QUOTE = re.compile(r"(?:>[ \t]*+)+")
_TITLE = re.compile(r"#{1,6}[ \t]+")
_EMPHASIS = "*_`~#"
_LETTER = re.compile(r"[^\W\d_]")
#: What is left and right of the cells of a row.
_EDGES = "| \t\u00a0"
#: Cells with a tab, a bar or several blanks between them, but not the blanks after a stop.
_CELLS = re.compile(r"\S\t+\S|\s\|\s|^\||[^\s.!?:;,] {3,}\S")


def _read_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    before = 0  # where the line before ended
    letter = "A"  # that numbers what comes next, if capitals do
    for found in _LINE.finditer(text):
        whole_start, whole_end = found.span()
        start, end = strip(text, whole_start, whole_end)
        if not _LETTER.search(text, start, end):
            # It parts what stands above and below as an empty line does.
            continue
        spaced = not lines or len(text[before:whole_start].splitlines()) > 1
        before = whole_end
        line, letter = read_line(text, whole_start, start, end, letter)
        if line:
            line.spaced = spaced
            lines.append(line)
    return lines


def read_line(
    text: str, whole_start: int, start: int, end: int, letter: str
) -> tuple[Line | None, str]:
    """Read one line, without knowing what stands before it.

    Parameters
    ----------
    text : str
    whole_start, start, end : int
        Where the line begins in the text, and its place without the white space at its ends.
    letter : str
        The capital that numbers what comes next, if capitals do.

    Returns
    -------
    line : Line or None
        None if there are no words in it.
    letter : str
        The same as was given, for the next line.
    """
    indent, length = start - whole_start, end - whole_start
    quote = _QUOTE.match(text, start, end) if text[start] == ">" else None
    if quote:
        start = quote.end()
    title = _TITLE.match(text, start, end) if text[start : start + 1] == "#" else None
    marker = _MARKER.match(text, start, end)
    if title:
        start = title.end()
        start, end = strip(text, start, start + len(text[start:end].rstrip("# \t")))
    elif marker and _CAPITAL.match(text, start, end):
        # "B. Plans" after "A. Leads" is numbering, "B. Smith" is a name.
        if text[start] in (letter, "I") and not _NAME.match(text, start, end):
            letter = chr(ord(text[start]) + 1)
            start = marker.end()
        else:
            marker = None
    elif marker:
        start = marker.end()
    words = text[start:end]
    row = ("\t" in words or "|" in words or "   " in words) and bool(_CELLS.search(words))
    if row:
        start, end = strip(text, start, end, _EDGES)
        words = text[start:end]
    if not words:
        return None, letter
    quoted = quote.group().count(">") if quote else 0
    line = Line(start, end, words, length, indent, quoted, bool(marker), bool(title), row, False)
    return line, letter


def strip(text: str, start: int, end: int, marks: str | None = None) -> tuple[int, int]:
    """The place without the white space, or the marks that are named, at its ends."""
    written = text[start:end]
    left = written.strip(marks)
    if len(left) < len(written):
        start += len(written) - len(written.lstrip(marks)) if left else 0
        end = start + len(left)
    if marks is None and left and (left[0] in UNSEEN or left[-1] in UNSEEN):
        return strip(text, start, end, UNSEEN)
    return start, end


#: A byte order mark, a zero-width space, and white space around them.
UNSEEN = "\ufeff\u200b \t\u00a0"


def _regions(lines: list[Line]) -> list[list[Line]]:
    """Lines with no empty line and no other depth of quotation between them."""
    regions: list[list[Line]] = []
    for line in lines:
        if regions and not line.spaced and line.quoted == regions[-1][-1].quoted:
            regions[-1].append(line)
        else:
            regions.append([line])
    return regions


def _wrap_width(lines: list[Line]) -> int | None:
    """The width to which lines were wrapped; None if each stands for itself."""
    wrapped: list[int] = []
    loose = 0
    for line, after in pairwise(lines):
        if after.spaced or after.marked or after.row or line.row or not after.words[0].islower():
            continue
        if line.words[-1] in STOPS or (line.words[0].islower() and not line.marked):
            # Who begins a sentence in small letters does so at the beginning of a line too.
            loose += line.words[-1] in ENDS
        elif NARROWEST_WRAP <= line.length <= WIDEST_WRAP:
            wrapped.append(line.length)
    if not wrapped:
        return None
    width = max(wrapped)
    loose += sum(line.length > width + WRAP_SLACK for line in lines)
    return width if len(wrapped) > loose else None


STOPS = ENDS + ":;"
#: No heading ends with one of these.
CLOSED = ".!?;,"


def continues(first: Line, before: Line, line: Line, width: int | None) -> bool:
    """Whether a line goes on with what the lines from a first to one before it have begun."""
    if line.marked or line.titled or line.row or before.titled or before.row:
        return False
    if before.words.isupper() != line.words.isupper() and len(line.words) > 1:
        return False
    last = before.words[-1]
    first_word = line.words.split(None, 1)[0]
    small = line.words[0].islower()
    if not small and _LABEL.match(line.words):
        return False
    # A line that was wrapped has no room left for the first word of the next.
    if (
        width is not None
        and before.length <= width + WRAP_SLACK
        and before.length + 1 + len(first_word) > width
    ):
        return small or last != ":"
    if last in STOPS:
        return False
    if first.marked and line.indent > first.indent:
        return True
    if last in JOINTS:
        return True
    last_word = before.words.rsplit(None, 1)[-1].lower()
    if small:
        if last == "," or last_word in UNFINISHED or first.marked:
            return True
        # Who begins with a capital does not go on to another thought in small letters.
        begun = not first.words[0].islower()
        wrapped = width is not None and before.length >= max(NARROWEST_WRAP, width - RAGGED)
        return begun and (wrapped or last_word in _JOINING)
    return last_word in UNFINISHED


#: A line that begins with a name for what it says, as in "Location: Leeds".
_LABEL = re.compile(r"[A-Z][\w /()&-]{0,30}:\s")

#: No line that stands for itself ends with one of these marks or words,
JOINTS = "&-–—/("
UNFINISHED = frozenset("a an and or our the their your".split())
#: and hardly any with one of these, where the next begins in small letters.
_JOINING = UNFINISHED | frozenset("as at by for from in into of on than to under with".split())


def is_heading(line: Line, after: list[Line]) -> bool:
    """Whether a line that is a block of its own names what the lines after it tell."""
    if line.marked or line.row:
        return False
    words = line.words.strip(_EMPHASIS + " \t")
    if (
        words.rstrip("\"'”’)")[-1:] in CLOSED
        or len(words.split(None, HEADING_WORDS)) > HEADING_WORDS
    ):
        return False
    if words.endswith(":") or words.isupper():
        return True
    below = after[0] if after else None
    if below is None or words[:1].islower() or _LABEL.match(words):
        return False
    return below.marked or (line.spaced and below.spaced)
