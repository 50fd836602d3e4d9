"""The bytes of a model's table in, its terms and their numbers out, every one of them checked.

``weights.parquet`` may come from anyone. A few bytes of Parquet can stand for more rows, or longer
terms, than any memory holds, so what the file says of itself is looked at before it is unpacked.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadclass.arrow import as_flags, as_numbers, in_one_piece, numbers_of, text_bytes
from leadclass.errors import LeadclassError
from leadclass.features import KINDS, PAIR_SEPARATOR
from leadclass.labels import OUTPUTS
from leadclass.model_page import RETRAIN
from leadclass.model_parts import LARGEST
from leadclass.parquet.pages import PLAIN, check_footer, pages_of, row_groups

KIND, TERM, IDF = "kind", "term", "idf"
COLUMNS = (KIND, TERM, IDF, *OUTPUTS)

_TYPES = {KIND: pa.string(), TERM: pa.string()} | dict.fromkeys((IDF, *OUTPUTS), pa.float64())

#: In memory the name of a kind is there once, in a file no cell is empty.
_HELD = pa.schema(_TYPES | {KIND: pa.dictionary(pa.int32(), pa.string())})
_WRITTEN = pa.schema([pa.field(name, kind, nullable=False) for name, kind in _TYPES.items()])

#: Of a table: bytes in the file, terms, bytes when unpacked, bytes of all terms together, and parts
#: that it is cut into. The shipped model has 2 million, 110 thousand, 4 million, 1 million and one.
MOST_BYTES = 100_000_000
_MOST_TERMS = 2_000_000
_MOST_UNPACKED = 500_000_000
_MOST_TEXT = 200_000_000
_MOST_GROUPS = 10


def terms_table(
    kinds: pa.Array, terms: pa.StringArray, idf: np.ndarray, coef: np.ndarray
) -> pa.Table:
    """The table of some terms.

    Parameters
    ----------
    kinds, terms : Arrow string array, length n_terms
    idf : ndarray, shape (n_terms,)
    coef : ndarray, shape (n_terms, n_outputs)
    """
    numbers = [as_numbers(column) for column in (idf, *coef.T)]
    return pa.table([kinds.dictionary_encode(), terms, *numbers], schema=_HELD)


def packed(table: pa.Table) -> bytes:
    """The bytes of a table's file; the same table gives the same."""
    content = io.BytesIO()
    pq.write_table(
        table.cast(_WRITTEN),
        content,
        compression="zstd",
        compression_level=19,
        use_dictionary=[name for name in COLUMNS if name != TERM],  # no two terms are the same
    )
    return content.getvalue()


def read_terms(content: bytes, path: Path) -> pa.Table:
    """Read a model's table.

    Parameters
    ----------
    content : bytes
    path : pathlib.Path
        Where it comes from, for errors.

    Returns
    -------
    pyarrow.Table
        As `terms_table` makes it.

    Raises
    ------
    LeadclassError
    """
    try:
        check_footer(io.BytesIO(content), path)
        about = pq.read_metadata(pa.BufferReader(content))
        folded = [KIND, TERM] if _check_claims(content, about, path) else [KIND]
        # Not pq.read_table, which loads the whole of pyarrow.dataset. Types of a file's own, which
        # once could run code, are unknown to pyarrow from version 14 on.
        with pq.ParquetFile(
            pa.BufferReader(content), metadata=about, read_dictionary=folded
        ) as file:
            table = file.read()
        for column in table.columns:
            column.validate(full=True)  # that text is UTF-8, above all
    except LeadclassError:
        raise
    except (pa.ArrowException, OSError, IndexError, KeyError, RecursionError, ValueError):
        raise _bad("is cut off or is not a table of weights", path) from None
    for name in COLUMNS:
        if table[name].null_count:
            row = pc.is_null(table[name]).to_pylist().index(True) + 1
            raise _bad("has an empty cell", path, row, name)
    _check_size(table[TERM], path)
    table = table.select(COLUMNS).cast(_HELD).unify_dictionaries().combine_chunks()
    _check_terms(table, path)
    for name in (IDF, *OUTPUTS):
        numbers = numbers_of(table[name])
        # Not so for NaN, which is the lowest and the highest of any that it is among.
        if len(numbers) and not -LARGEST <= numbers.min() <= numbers.max() <= LARGEST:
            row = int((np.abs(numbers) <= LARGEST).argmin()) + 1
            raise _bad("has a weight that is not a number within reason", path, row, name)
    idf = numbers_of(table[IDF])
    if (idf <= 0).any():
        raise _bad("has a weight of zero or less", path, int((idf <= 0).argmax()) + 1, IDF)
    return table


def _bad(
    problem: str, path: Path, row: int | None = None, column: str | None = None
) -> LeadclassError:
    return LeadclassError(
        f"the model's table {problem}", file=path, row=row, column=column, remedy=RETRAIN
    )


def _check_claims(content: bytes, about: pq.FileMetaData, path: Path) -> bool:
    """Refuse a table by what it says of itself: other columns, or more than there may be.

    Returns
    -------
    bool
        Whether rows may share a term, which takes no more bytes in the file for the more of them.
    """
    for found, most, what in (
        (about.num_rows, _MOST_TERMS, "terms"),
        (about.num_row_groups, _MOST_GROUPS, "parts"),
    ):
        _check_number(found, most, what, path)
    schema = about.schema.to_arrow_schema()
    for name in COLUMNS:
        if (count := schema.names.count(name)) != 1:
            problem = "has this column more than once" if count else "has no such column"
            raise _bad(f"is not a table of weights: it {problem}", path, column=name)
    for name, kind in zip(schema.names, schema.types, strict=True):
        if name not in COLUMNS:
            raise _bad("has a column that no model has", path, column=name)
        written = kind.value_type if pa.types.is_dictionary(kind) else kind
        if written != _TYPES[name]:
            raise _bad(f"holds {written} where weights have another type", path, column=name)
    unpacked, shared = 0, False
    file = io.BytesIO(content)
    for chunks in row_groups(file, about):
        for name, chunk in zip(schema.names, chunks, strict=True):
            for page in pages_of(file, chunk):
                unpacked += page.unpacked
                shared |= name == TERM and page.encoding != PLAIN
    _check_number(unpacked, _MOST_UNPACKED, "bytes when unpacked", path)
    return shared


def _check_number(found: int, most: int, what: str, path: Path) -> None:
    if found > most:
        raise _bad(f"has {found:,} {what}, more than any model needs", path)


def _check_size(terms: pa.ChunkedArray, path: Path) -> None:
    """Refuse terms that are too long when all rows have their own."""
    size = 0
    for part in terms.chunks:
        if pa.types.is_dictionary(part.type):
            lengths = numbers_of(pc.binary_length(part.dictionary)).astype(np.int64)
            size += int(lengths.take(numbers_of(part.indices)).sum())
        else:
            size += len(text_bytes(part)[0])
    if size > _MOST_TEXT:
        raise _bad(f"has terms of {size:,} bytes, more than any model needs", path, column=TERM)


def _check_terms(table: pa.Table, path: Path) -> None:
    """Refuse terms of no known kind or form, and those that are there twice."""
    kinds, terms = in_one_piece(table[KIND]), in_one_piece(table[TERM])
    codes = numbers_of(kinds.indices)
    names = kinds.dictionary.to_pylist()
    known = np.array([name in KINDS for name in names], bool)
    if not known[codes].all():
        raise _bad("has a term of no known kind", path, int(known[codes].argmin()) + 1, KIND)
    of_pairs = np.array([name == "pair" for name in names], bool)
    separators = numbers_of(pc.count_substring(terms, PAIR_SEPARATOR))
    sound = (separators == of_pairs[codes]) & (numbers_of(pc.binary_length(terms)) > 0)
    if not sound.all():
        raise _bad("has a term that is not of its kind", path, int(sound.argmin()) + 1, TERM)
    # Train writes the terms of a kind in order, which shows at once that none is there twice.
    after = as_flags(pc.greater(terms[1:], terms[:-1]))
    changes = codes[1:] != codes[:-1]
    if (after | changes).all() and changes.sum() < len(names):
        return
    if len(set(zip(codes.tolist(), terms.to_pylist(), strict=True))) < len(terms):
        raise _bad("has a term twice", path, column=TERM)
