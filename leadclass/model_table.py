"""The bytes of a model's table in, its terms and their numbers out, every one of them checked.

``weights.parquet`` may come from anyone. A few bytes of Parquet can stand for more rows, or longer
terms, than any memory holds, so what the file says of itself is looked at before it is unpacked.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from leadclass.arrow import as_flags, numbers_of
from leadclass.errors import LeadclassError
from leadclass.features import KINDS, PAIR_SEPARATOR
from leadclass.labels import OUTPUTS
from leadclass.model_page import RETRAIN
from leadclass.model_parts import LARGEST

KIND, TERM, IDF = "kind", "term", "idf"
COLUMNS = (KIND, TERM, IDF, *OUTPUTS)

#: Of a table: bytes in the file, terms, bytes when unpacked, bytes of all terms together, and parts
#: that it is cut into. The shipped model has 2 million, 110 thousand, 4 million, 1 million and one.
MOST_BYTES = 100_000_000
_MOST_TERMS = 2_000_000
_MOST_UNPACKED = 500_000_000
_MOST_TEXT = 200_000_000
_MOST_GROUPS = 10


@dataclass(frozen=True, eq=False)
class Terms:
    """The terms of a model.

    Attributes
    ----------
    kinds, terms : pyarrow.StringArray, length n_terms
    idf : ndarray, shape (n_terms,)
    coef : ndarray, shape (n_terms, n_outputs)
    """

    kinds: pa.StringArray
    terms: pa.StringArray
    idf: np.ndarray
    coef: np.ndarray


def read_terms(content: bytes, path: Path) -> Terms:
    """Read a model's table.

    Parameters
    ----------
    content : bytes
    path : pathlib.Path
        Where it comes from, for errors.

    Raises
    ------
    LeadclassError
    """
    try:
        # Not pq.read_table, which loads the whole of pyarrow.dataset. Types of a file's own, which
        # once could run code, are unknown to pyarrow from version 14 on.
        with pq.ParquetFile(pa.BufferReader(content), read_dictionary=[KIND, TERM]) as file:
            _check_claims(file, path)
            table = file.read(use_threads=False)
        for column in table.columns:
            column.validate(full=True)  # that text is UTF-8, above all
    except LeadclassError:
        raise
    except (pa.ArrowException, OSError, KeyError, ValueError):
        raise _bad("is cut off or is not a table of weights", path) from None
    for name in COLUMNS:
        if table[name].null_count:
            row = pc.is_null(table[name]).to_pylist().index(True) + 1
            raise _bad("has an empty cell", path, row, name)
    kinds, terms = table[KIND].cast(pa.string()).combine_chunks(), _spelt_out(table[TERM], path)
    _check_terms(kinds.dictionary_encode(), terms, path)
    idf = numbers_of(table[IDF])
    coef = np.stack([numbers_of(table[name]) for name in OUTPUTS])
    for name, numbers in ((IDF, idf), *zip(OUTPUTS, coef, strict=True)):
        sound = np.abs(numbers) <= LARGEST  # false for NaN too
        if not sound.all():
            row = int(sound.argmin()) + 1
            raise _bad("has a weight that is not a number within reason", path, row, name)
    if (idf <= 0).any():
        raise _bad("has a weight of zero or less", path, int((idf <= 0).argmax()) + 1, IDF)
    return Terms(kinds, terms, idf, coef.T)


def _bad(
    problem: str, path: Path, row: int | None = None, column: str | None = None
) -> LeadclassError:
    return LeadclassError(
        f"the model's table {problem}", file=path, row=row, column=column, remedy=RETRAIN
    )


def _check_claims(file: pq.ParquetFile, path: Path) -> None:
    """Refuse a table by what it says of itself: other columns, or more than there may be."""
    about = file.metadata
    groups = range(min(about.num_row_groups, _MOST_GROUPS + 1))
    unpacked = sum(about.row_group(i).total_byte_size for i in groups)
    for found, most, what in (
        (about.num_rows, _MOST_TERMS, "terms"),
        (about.num_row_groups, _MOST_GROUPS, "parts"),
        (unpacked, _MOST_UNPACKED, "bytes when unpacked"),
    ):
        if found > most:
            raise _bad(f"has {found:,} {what}, more than any model needs", path)
    schema = file.schema_arrow
    for name in COLUMNS:
        if (count := schema.names.count(name)) != 1:
            problem = "has this column more than once" if count else "has no such column"
            raise _bad(f"is not a table of weights: it {problem}", path, column=name)
    for name, kind in zip(schema.names, schema.types, strict=True):
        if name not in COLUMNS:
            raise _bad("has a column that no model has", path, column=name)
        written = kind.value_type if pa.types.is_dictionary(kind) else kind
        if written != _TYPES.get(name, pa.float64()):
            raise _bad(f"holds {written} where weights have another type", path, column=name)


_TYPES = {KIND: pa.string(), TERM: pa.string()}


def _spelt_out(terms: pa.ChunkedArray, path: Path) -> pa.StringArray:
    """The terms, of which a file may have each once, in all rows that have them."""
    size = 0
    for part in terms.chunks:
        lengths = numbers_of(pc.binary_length(part.dictionary)).astype(np.int64)
        size += int(lengths.take(numbers_of(part.indices)).sum())
    if size > _MOST_TEXT:
        raise _bad(f"has terms of {size:,} bytes, more than any model needs", path, column=TERM)
    return terms.cast(pa.string()).combine_chunks()


def _check_terms(kinds: pa.DictionaryArray, terms: pa.StringArray, path: Path) -> None:
    """Refuse terms of no known kind or form, and those that are there twice."""
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
