"""A text in, its statements out, each with its place in the text.

A statement is a sentence, a bullet, a heading, or one item of a list written with semicolons.
Lines are put together first where a paragraph was wrapped to a width, then cut into sentences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_flags, as_numbers, as_strings, numbers_of
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
    return [
        Statement(_plain(text[start:end]), start, end, form)
        for block in find_blocks(text)
        for start, end, form in _cut(text, block)
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


def _plain(written: str) -> str:
    if ">" in written:
        written = _QUOTE_SIGNS.sub(" ", written)
    words = " ".join(written.split())
    if "*" in words or "_" in words or "`" in words or "](" in words:
        words = _STRONG.sub(r"\2", _LINK.sub(r"\1", words)).strip("*_` ") or words
    return words
