"""Between Python, numpy and Arrow without pandas.

pyarrow's own conversions load pandas wherever it is installed, which takes longer than to score a
thousand statements; these do not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def as_strings(texts: pa.Array | pa.ChunkedArray | Sequence[str | None]) -> pa.Array:
    """An Arrow string array of any column of text; a lone surrogate becomes ``?``.

    Parameters
    ----------
    texts : Arrow array or sequence of str or None

    Returns
    -------
    pyarrow.StringArray

    Raises
    ------
    pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError
        If an Arrow array cannot be cast to strings.
    TypeError
        If a sequence holds something else than strings and None.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = texts.combine_chunks()
    if isinstance(texts, pa.Array):
        return texts if pa.types.is_string(texts.type) else texts.cast(pa.string())
    if isinstance(texts, (str, bytes)):
        raise TypeError("texts must be a sequence of strings, not one string")
    # What is not equal to itself is NaN, by which pandas marks a missing text.
    texts = [None if text is None or text != text else text for text in texts]
    if not all(text is None or isinstance(text, str) for text in texts):
        raise TypeError("texts must be strings or None")
    encoded = [b"" if text is None else text.encode("utf-8", "replace") for text in texts]
    offsets = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=offsets[1:])
    there = np.array([text is not None for text in texts], bool)
    large = pa.LargeStringArray.from_buffers(
        len(encoded),
        pa.py_buffer(offsets),
        pa.py_buffer(b"".join(encoded)),
        pa.py_buffer(np.packbits(there, bitorder="little")),
    )
    return large.cast(pa.string())


def as_string(text: str) -> pa.StringScalar:
    """One Arrow string, as compute functions take it."""
    return as_strings([text])[0]


def without_nulls(texts: pa.StringArray) -> pa.StringArray:
    """The same strings, empty where one was missing."""
    return texts.fill_null(as_string("")) if texts.null_count else texts


def as_flags(column: pa.BooleanArray) -> np.ndarray:
    """The same as an array of bool, false where a value is missing, shape (n,)."""
    there = pc.and_kleene(column, pc.is_valid(column)) if column.null_count else column
    return numbers_of(there.cast(pa.uint8())).astype(bool)


def as_numbers(numbers: np.ndarray, missing: np.ndarray | None = None) -> pa.Array:
    """An Arrow array of integers or floats.

    Parameters
    ----------
    numbers : ndarray of integers or floats, shape (n,)
    missing : ndarray of bool, shape (n,), optional
        Which of them are null.

    Returns
    -------
    pyarrow.Int64Array or pyarrow.DoubleArray
    """
    integers = np.issubdtype(numbers.dtype, np.integer)
    kind, width = (pa.int64(), np.int64) if integers else (pa.float64(), np.float64)
    there = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    values = np.ascontiguousarray(numbers, width)
    return pa.Array.from_buffers(kind, len(numbers), [there, pa.py_buffer(values)])


def numbers_of(column: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """The numbers of an Arrow column.

    Parameters
    ----------
    column : Arrow array of integers or floats

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    ValueError
        If the column has nulls or holds something else than numbers.
    """
    if isinstance(column, pa.ChunkedArray):
        column = column.combine_chunks()
    if column.null_count or not (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    ):
        raise ValueError(f"a column of {column.type} with {column.null_count} nulls")
    return np.from_dlpack(column)


def holds_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type is one of strings, or of nothing but nulls."""
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_null(kind)
    )


def take(column: pa.Array, places: pa.Array) -> pa.Array:
    """The cells at these places, of string views too, which pyarrow's own `take` does not know."""
    plain = _without_views(column.type)
    if plain == column.type:
        return column.take(places)
    return column.cast(plain).take(places).cast(column.type)


def _without_views(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_string_view(kind):
        return pa.large_string()
    if pa.types.is_binary_view(kind):
        return pa.large_binary()
    if pa.types.is_dictionary(kind):
        return kind  # its places are taken, not its values
    if pa.types.is_struct(kind):
        fields = [kind.field(i) for i in range(kind.num_fields)]
        return pa.struct([field.with_type(_without_views(field.type)) for field in fields])
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(_without_views(kind.value_type)))
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(_without_views(kind.value_type)))
    return kind
