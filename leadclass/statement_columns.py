"""A column of texts in, the statements of each out, each with its place in its text.

All texts are read at once, as arrays of bytes, by `plain_text`, `plain_blocks` and
`plain_sentences`. They decide what is sure by the rules of `leadclass.statements.split`; a line, a
pair of lines, a stop, a block or a text of which that cannot be said goes through the functions of
`split` by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_numbers, numbers_of, without_nulls
from leadclass.blocks import Block
from leadclass.plain_blocks import PlainBlocks, plain_blocks
from leadclass.plain_sentences import PlainSentences, plain_sentences
from leadclass.plain_text import PlainText, plain_text
from leadclass.statements import Statement, split, statements_of, words_of


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
    """Cut every text of a column, as `leadclass.statements.split` does; nulls have no statements.

    Parameters
    ----------
    texts : pyarrow.StringArray

    Returns
    -------
    SplitColumn
    """
    column = without_nulls(texts)
    sizes = numbers_of(pc.binary_length(column)).astype(np.int64) + 1
    parts = np.cumsum(sizes) // _BYTES_AT_ONCE
    edges = [0, *(np.flatnonzero(np.diff(parts)) + 1).tolist(), len(column)]
    found = [_split_part(column[start:end]) for start, end in pairwise(edges)]
    offsets = np.concatenate([[0], *(np.diff(part.offsets) for part in found)])
    return SplitColumn(
        pa.concat_arrays([part.texts for part in found]),
        np.concatenate([part.starts for part in found]),
        np.concatenate([part.ends for part in found]),
        np.cumsum(offsets),
    )


#: Of a column as much is split at once as the processor's cache can hold.
_BYTES_AT_ONCE = 1 << 19


def _split_part(texts: pa.StringArray) -> SplitColumn:
    text = plain_text(texts)
    blocks = plain_blocks(text)
    plain = plain_sentences(blocks)
    begins, rows, others = _cut_others(blocks, plain)
    row = np.searchsorted(text.bounds, plain.starts, "right") - 1
    first = text.characters(text.bounds[row])
    starts = np.concatenate(
        [text.characters(plain.starts) - first, _ints([s.start for s in others])]
    )
    ends = np.concatenate([text.characters(plain.ends) - first, _ints([s.end for s in others])])
    order = np.argsort(np.concatenate([plain.starts, begins]), kind="stable")
    counts = np.bincount(np.concatenate([row, rows]), minlength=len(texts))
    offsets = np.concatenate([[0], np.cumsum(counts)])
    written = _texts_of(text, plain.starts, plain.ends, [s.text for s in others], order)
    return SplitColumn(written, starts[order], ends[order], offsets)


def _cut_others(
    blocks: PlainBlocks, plain: PlainSentences
) -> tuple[np.ndarray, np.ndarray, list[Statement]]:
    """The statements of what is not plain, with where it begins and the text that it is of."""
    text = blocks.lines.text
    begins: list[int] = []
    rows: list[int] = []
    found: list[Statement] = []
    starts = blocks.lines.start[blocks.first[plain.left]]
    ends = blocks.lines.end[blocks.last[plain.left]]
    row_of = blocks.lines.row_of[blocks.first[plain.left]]
    first = text.characters(text.bounds[row_of])
    places = (starts, row_of, text.characters(starts) - first, text.characters(ends) - first)
    row_before, source = -1, ""
    for begin, row, start, end, whole in zip(
        *(place.tolist() for place in (*places, plain.whole)), strict=True
    ):
        if row != row_before:
            row_before = row
            source = text.decode(int(text.bounds[row]), int(text.bounds[row + 1]) - 1)
        statements = statements_of(source, Block(start, end, whole=whole))
        found += statements
        begins += [begin] * len(statements)
        rows += [row] * len(statements)
    for row in np.flatnonzero(text.strange_texts()).tolist():
        begin = int(text.bounds[row])
        statements = split(text.decode(begin, int(text.bounds[row + 1]) - 1))
        found += statements
        begins += [begin] * len(statements)
        rows += [row] * len(statements)
    return _ints(begins), _ints(rows), found


def _texts_of(
    text: PlainText, starts: np.ndarray, ends: np.ndarray, others: list[str], order: np.ndarray
) -> pa.StringArray:
    """What `words_of` gives of some statements, and others after them, in an order."""
    n = len(starts)
    odd = np.flatnonzero(text.irregular(starts, ends))
    words = [
        words_of(text.decode(s, e))
        for s, e in zip(starts[odd].tolist(), ends[odd].tolist(), strict=True)
    ]
    added = [word.encode() for word in words + others]
    written = text.blank_joined()
    edges = np.stack([starts, ends], axis=1).ravel()
    sizes = np.array([len(written), *map(len, added)])
    # Every other string is what stands between two statements; those that are added come after.
    offsets = pa.py_buffer(np.append(edges, np.cumsum(sizes)).astype(np.int32))
    written += b"".join(added)
    every = pa.StringArray.from_buffers(2 * n + len(added), offsets, pa.py_buffer(written))
    places = np.append(2 * np.arange(n), 2 * n + len(words) + np.arange(len(others)))
    places[odd] = 2 * n + np.arange(len(odd))
    return every.take(as_numbers(places[order]))


def _ints(values: list[int]) -> np.ndarray:
    return np.array(values, np.int64)
