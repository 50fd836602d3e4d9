"""A text in, its statements out, each with its place in the text.

A statement is a sentence, a bullet, a heading, or one item of a list written with semicolons.
Lines are put together first where a paragraph was wrapped to a width, then cut into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_flags, as_numbers, as_strings, numbers_of

HEADING, BULLET, SENTENCE = "heading", "bullet", "sentence"

#: A list in one line has at least this many semicolons or bullets; one alone joins two clauses.
MARKS_OF_A_LIST = 2

#: A line that names what follows has at most this many words.
HEADING_WORDS = 8

#: Lines narrower than this were not wrapped by a program.
NARROWEST_WRAP = 50
#: Lines wider than this are whole paragraphs.
WIDEST_WRAP = 130
#: How far from the widest line a wrapped line may end.
WRAP_SLACK = 20


@dataclass(frozen=True)
class Statement:
    """A statement and where it stands.

    Attributes
    ----------
    text : str
        Its words, white space between them made single and Markdown's marks left out.
    start, end : int
        Its place in the source: ``source[start:end]`` is the statement as written.
    form : str
        ``heading``, ``bullet`` or ``sentence``.
    """

    text: str
    start: int
    end: int
    form: str = SENTENCE


def split(text: str) -> list[Statement]:
    """Cut a text into its statements, in reading order.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Statement
        Every letter of the text is in at most one of them; bullets, numbering, markup and lines
        without a letter are in none.
    """
    blocks = _blocks(text)
    return [
        Statement(_plain(text[start:end]), start, end, form)
        for i, block in enumerate(blocks)
        for start, end, form in _cut(text, block, blocks[i + 1] if i + 1 < len(blocks) else None)
    ]


@dataclass(frozen=True)
class SplitColumn:
    """The statements of a column of texts.

    Attributes
    ----------
    texts : pyarrow.StringArray, shape (n_statements,)
    starts, ends : ndarray of int64, shape (n_statements,)
        The place of each in its text, in characters.
    offsets : ndarray of int64, shape (n_texts + 1,)
        Text ``i`` has the statements ``offsets[i]:offsets[i + 1]``.
    """

    texts: pa.StringArray
    starts: np.ndarray
    ends: np.ndarray
    offsets: np.ndarray


def split_column(texts: pa.StringArray) -> SplitColumn:
    """Cut every text of a column, as `split` does; nulls have no statements.

    Parameters
    ----------
    texts : pyarrow.StringArray

    Returns
    -------
    SplitColumn
    """
    single = as_flags(pc.match_substring_regex(texts, _SINGLE))
    where_single, where_other = np.flatnonzero(single), np.flatnonzero(~single)
    found = [split(t) if t else [] for t in texts.take(as_numbers(where_other)).to_pylist()]
    counts = np.ones(len(texts), np.int64)
    counts[where_other] = [len(statements) for statements in found]
    flat = [statement for statements in found for statement in statements]
    whole = texts.take(as_numbers(where_single))
    every = pa.concat_arrays([whole, as_strings([s.text for s in flat])])
    starts = np.concatenate([np.zeros(len(whole), np.int64), _ints([s.start for s in flat])])
    lengths = numbers_of(pc.binary_length(whole)).astype(np.int64)  # all ASCII
    ends = np.concatenate([lengths, _ints([s.end for s in flat])])
    rows = np.concatenate([where_single, np.repeat(where_other, counts[where_other])])
    order = np.argsort(rows, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return SplitColumn(every.take(as_numbers(order)), starts[order], ends[order], offsets)


#: A text that is one statement and needs no second look, as most lines of a table do: ASCII words
#: with single spaces, no mark at the beginning, none inside that may end a sentence or an item.
_SINGLE = (
    r"^(?:[A-Z][a-z]*|[a-z]{2,})(?:[,'/-]| [A-Za-z0-9(\"$]|[.!?]?$)"
    r"(?: ?[A-Za-z0-9,'\"/&%$+()-])*[.!?]?$"
)


def _ints(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)


# Bounded, so that a text of nothing but brackets takes no longer than another.
_LINK = re.compile(r"!?\[([^\]\n]{0,500})\]\([^)\s]{0,500}\)")
_STRONG = re.compile(r"(\*\*|__|`)(?=\S)(.{1,500}?)(?<=\S)\1", re.DOTALL)


def _plain(written: str) -> str:
    words = " ".join(written.split())
    return _STRONG.sub(r"\2", _LINK.sub(r"\1", words)).strip()


@dataclass
class _Block:
    """Lines that belong together: a paragraph, a bullet or a heading."""

    start: int
    end: int
    marked: bool = False
    titled: bool = False
    spaced: bool = False
    """Whether an empty line stands before it."""


_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_MARKER = re.compile(
    r"""(?:
        [-–—*+•‣◦▪▫■□●○·∙»›✓✔✦➢➤→❖§\uf0b7\uf0a7] [ \t\u00a0]+   # a bullet
      | [•‣◦▪▫■□●○∙✓✔✅⭐🔹🔸➢➤❖\uf0b7\uf0a7]\ufe0f?[ \t\u00a0]*      # or one that needs no space
      | [-–—*+](?=[A-Z]) | ->[ \t]*                                # as do these before a capital
      | o [ \t\u00a0]{2,} | o\t | o[ \t](?=[A-Z])                  # Word's hollow bullet
      | \d{1,2}[.)](?=[A-Z][a-z])                                  # 1.Plans
      | \(?(?:\d{1,2}(?:\.\d{1,2})*|[a-zA-Z]|[ivx]{1,4})[.)] [ \t\u00a0]+   # 1. (a) iv) 2.1.
      | \[[ xX]\] [ \t]+
    )""",
    re.VERBOSE,
)
_NAME = re.compile(r"[A-Z]\. (?:[A-Z]\. )?[A-Z][a-z]+ [a-z]")
_QUOTE = re.compile(r"(?:>[ \t]*)+")
_TITLE = re.compile(r"#{1,6}[ \t]+")
_EMPHASIS = "*_`~#"
_LETTER = re.compile(r"[^\W\d_]")


def _blocks(text: str) -> list[_Block]:
    lines = [(m.start(), m.end()) for m in _LINE.finditer(text)]
    width = _wrap_width([text[i:j] for i, j in lines])
    blocks: list[_Block] = []
    last: tuple[int, int] | None = None  # where the line before stands, None after an empty one
    for line_start, line_end in lines:
        start, end = _strip(text, line_start, line_end)
        if not _LETTER.search(text, start, end):
            last = None
            continue
        if quote := _QUOTE.match(text, start, end):
            start = quote.end()
        title = _TITLE.match(text, start, end)
        marker = _MARKER.match(text, start, end)
        if title:
            start = title.end()
            start, end = _strip(text, start, start + len(text[start:end].rstrip("# \t")))
        elif marker and not _starts_with_initial(text, start, end):
            start = marker.end()
        else:
            marker = None
        adjoining = last is not None and len(text[last[1] : line_start].splitlines()) <= 1
        if (
            last is not None
            and adjoining
            and not (title or marker)
            and not blocks[-1].titled
            and _continues(text[slice(*last)].rstrip(), text[start:end], width)
        ):
            blocks[-1].end = end
        else:
            blocks.append(_Block(start, end, bool(marker), bool(title), not adjoining))
        last = line_start, line_end
    return blocks


def _wrap_width(lines: list[str]) -> int | None:
    """The width to which the lines were wrapped; None if each line stands for itself."""
    lengths = [len(line.rstrip()) for line in lines]
    widest = max(lengths, default=0)
    wrapped = sum(
        length >= widest - WRAP_SLACK and after.lstrip()[:1].islower()
        for length, after in zip(lengths, lines[1:], strict=False)
    )
    return widest if NARROWEST_WRAP <= widest <= WIDEST_WRAP and wrapped else None


def _continues(before: str, line: str, width: int | None) -> bool:
    """Whether a line goes on with the sentence that the line before it has begun."""
    if line[0].islower() or before[-1] in ",&-–—/(":
        return before[-1] not in ".!?:;" or width is not None
    # A line that was wrapped has no room left for the first word of the next.
    return width is not None and len(before) + 1 + len(line.split(None, 1)[0]) > width


def _starts_with_initial(text: str, start: int, end: int) -> bool:
    """Whether a line starts with a person's name, as in "J. Smith leads", not with numbering."""
    return bool(_NAME.match(text, start, end))


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _cut(text: str, block: _Block, after: _Block | None) -> Iterator[tuple[int, int, str]]:
    if block.titled or _is_heading(text, block, after):
        yield from _trimmed(text, block.start, block.end, HEADING)
        return
    form = BULLET if block.marked else SENTENCE
    for start, end in _sentences(text, block.start, block.end):
        items = list(_list_items(text, start, end))
        for n, (item_start, item_end) in enumerate(items):
            lead = n == 0 and len(items) > 1 and text[item_start:item_end].rstrip().endswith(":")
            yield from _trimmed(text, item_start, item_end, HEADING if lead else form)


def _trimmed(text: str, start: int, end: int, form: str) -> Iterator[tuple[int, int, str]]:
    """The span without white space at its ends, if a letter is left."""
    start, end = _strip(text, start, end)
    if _LETTER.search(text, start, end):
        yield start, end, form


def _is_heading(text: str, block: _Block, after: _Block | None) -> bool:
    if block.marked:
        return False
    line = text[block.start : block.end].strip(_EMPHASIS + " \t")
    if len(line.split()) > HEADING_WORDS or "\n" in line or line[-1:] in ".!?;,":
        return False
    if line.endswith(":") or line.isupper():
        return True
    return block.spaced and after is not None and (after.marked or after.spaced)


_ENDING = re.compile(
    r"""(?P<stop>[.!?…]+)(?P<close>["'”’»)\]*_]*)   # the stop with what closes after it
        (?: (?P<gap>\s+)                   # a gap
          | (?<=[a-z]{3}\.)(?=[A-Z][a-z])  # or none, as in "did well.She"
          | (?<=[a-z]{3}[!?])(?=[A-Z][a-z]) )""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[/\"“]*$")
_INITIAL = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for ending in _ENDING.finditer(text, start, end):
        if ending.end() < end and _ends_sentence(text, begin, ending):
            yield begin, ending.end()
            begin = ending.end()
    yield begin, end


def _ends_sentence(text: str, begin: int, ending: re.Match[str]) -> bool:
    stop, after = ending["stop"], text[ending.end() : ending.end() + 1]
    if after in ",;:)" or (ending["close"] and after.islower()):
        return False
    if stop != ".":
        return not (stop[0] in ".…" and after.islower())
    word = _LAST_WORD.search(text[max(begin, ending.start() - 30) : ending.start()])
    before = word.group().lower() if word else ""
    if before in abbreviations():
        return abbreviations()[before] and after.isupper()
    if _INITIAL.fullmatch(before):
        # "J. Smith", "U.S. market"; but a sentence may well end with "plan B."
        return before not in ("i", "a") and len(before) > 1 and after.isupper()
    return not (before.isdigit() and begin == ending.start() - len(before))


_LIST_MARK = re.compile(r"[;•●▪■]")


def _list_items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    marks = [match.start() for match in _LIST_MARK.finditer(text, start, end)]
    if len(marks) < MARKS_OF_A_LIST:
        yield start, end
        return
    colon = text.find(": ", start, marks[0])
    if colon >= 0:
        yield start, colon + 1
        start = colon + 1
    for mark in marks:
        yield start, mark
        start = mark + 1
    yield start, end


@cache
def abbreviations() -> dict[str, bool]:
    """Words that a full stop may follow without ending the sentence, in lower case.

    The value tells whether a capital after it begins a sentence more often than a name.
    """
    lines = (files("leadclass") / "data" / "abbreviations.txt").read_text(encoding="utf-8")
    words = (line for line in lines.splitlines() if line and not line.startswith("#"))
    return {word.rstrip(" *"): word.endswith("*") for word in words}
