"""A text in, its statements out, each with its place in the text.

A statement is a sentence, a bullet, a heading, or one item of a list written with semicolons.
Lines are put together first where a paragraph was wrapped to a width, then cut into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import itemgetter

from leadclass.blocks import BULLET as BULLET
from leadclass.blocks import HEADING as HEADING
from leadclass.blocks import SENTENCE as SENTENCE
from leadclass.blocks import Block, find_blocks, strip
from leadclass.sentences import cut_list, cut_sentences


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
    return [found for block in find_blocks(text) for found in statements_of(text, block)]


def statements_of(text: str, block: Block) -> list[Statement]:
    """Cut a block of a text into its statements.

    Parameters
    ----------
    text : str
    block : Block

    Returns
    -------
    list of Statement
    """
    return [
        Statement(words_of(text[start:end]), start, end, form)
        for start, end, form in _cut(text, block)
    ]


def _cut(text: str, block: Block) -> Iterator[tuple[int, int, str]]:
    if block.whole:
        yield from _trimmed(text, block.start, block.end, block.form)
        return
    for start, end in cut_sentences(text, block.start, block.end):
        parts = cut_list(text, start, end)
        for n, (part_start, part_end) in enumerate(parts):
            lead = n == 0 and len(parts) > 1 and text[part_end - 1] == ":"
            yield from _trimmed(text, part_start, part_end, HEADING if lead else block.form)


_LETTER = re.compile(r"[^\W\d_]")


def _trimmed(text: str, start: int, end: int, form: str) -> Iterator[tuple[int, int, str]]:
    """The place without white space at its ends, if a letter is left."""
    start, end = strip(text, start, end)
    if _LETTER.search(text, start, end):
        yield start, end, form


# Bounded, and never across another opening mark, so that a text of nothing but brackets or marks
# takes no longer than another.
_LINK = re.compile(r"!?\[([^\[\]\n]{0,500})\]\([^()\s]{0,500}\)")
_STRONG = re.compile(r"(\*\*|__|`)(?=\S)((?:(?!\1).){1,500})(?<=\S)\1", re.DOTALL)
_QUOTE_SIGNS = re.compile(r"[\n\r][ \t]*(?:>[ \t]*+)+")


def words_of(written: str) -> str:
    """The words of a statement as it is written: in one line, without Markdown's marks."""
    if ">" in written:
        written = _QUOTE_SIGNS.sub(" ", written)
    words = " ".join(written.split())
    plain = _LINK.sub(itemgetter(1), words) if "](" in words else words
    if "*" in plain or "_" in plain or "`" in plain:
        plain = _STRONG.sub(itemgetter(2), plain)
    return plain.strip("*_` ") or words
