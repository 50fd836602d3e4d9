"""Between Python, numpy and Arrow without pandas.

pyarrow's own conversions load pandas wherever it is installed, which takes longer than to score a
thousand statements; these do not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.errors import LeadclassError, wrong_type


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
    LeadclassError
        If an Arrow array cannot be cast to strings.
    WrongTypeError
        If it is no sequence, or holds something else than strings and None.
    """
    if isinstance(texts, pa.ChunkedArray):
        texts = in_one_piece(texts)
    if isinstance(texts, pa.Array):
        return texts if pa.types.is_string(texts.type) else _cast(texts)
    if isinstance(texts, (str, bytes)) or not isinstance(texts, Iterable):
        raise wrong_type("texts", texts, "a sequence of strings, a list of one for one")
    texts = [text if isinstance(text, str) or not _is_missing(text) else None for text in texts]
    other = next((text for text in texts if text is not None and not isinstance(text, str)), None)
    if other is not None:
        raise wrong_type("a text", other, "strings, and None where one is missing")
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
    return _cast(large)


def as_checked_strings(texts: pa.Array | pa.ChunkedArray | Sequence[str | None]) -> pa.Array:
    """The same of what comes from outside: an Arrow array may claim to be UTF-8 and be not.

    Raises
    ------
    LeadclassError
        If it is not, or as `as_strings`.
    """
    column = as_strings(texts)
    try:
        column.validate(full=True)
    except pa.ArrowException:
        raise LeadclassError(
            "an array of strings is not UTF-8", remedy="decode it before it is made"
        ) from None
    return column


def _cast(column: pa.Array) -> pa.Array:
    try:
        return column.cast(pa.string())
    except pa.ArrowException:
        raise LeadclassError(
            f"an array of {column.type} cannot be read as text",
            remedy="cast it to strings first, or give less at once",
        ) from None


def _is_missing(text: object) -> bool:
    """Whether this is None or what pandas marks a missing text with: NaN, NaT or NA."""
    try:
        return text is None or bool(text != text)  # only what is missing is not equal to itself
    except TypeError:  # NA is neither
        return True
    except ValueError:  # an array
        return False


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
        column = in_one_piece(column)
    if column.null_count or not (
        pa.types.is_integer(column.type) or pa.types.is_floating(column.type)
    ):
        raise ValueError(f"a column of {column.type} with {column.null_count} nulls")
    return np.from_dlpack(column)


def in_one_piece(column: pa.ChunkedArray) -> pa.Array:
    """The same column as one array; not a copy where it is one already."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def text_bytes(column: pa.StringArray) -> tuple[memoryview, np.ndarray]:
    """The bytes of all texts, and where those of each text begin and end."""
    _, bounds, data = column.buffers()
    bounds = np.frombuffer(bounds, np.int32)[column.offset : column.offset + len(column) + 1]
    return memoryview(data or b"")[bounds[0] : bounds[-1]], bounds - bounds[0]


def gathered(values: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The values at these places of the last axis, which are all there.

    numpy is quickest where it need not complain of others.
    """
    return values.take(places, axis=-1, mode="wrap")


def row_bytes(columns: Sequence[pa.Array]) -> np.ndarray:
    """About how many bytes each row of some columns has, shape (n,); at least one column."""
    sizes = np.zeros(len(columns[0]))
    for column in columns:
        kind = column.type
        if pa.types.is_string(kind) or pa.types.is_large_string(kind):
            sizes += numbers_of(pc.fill_null(pc.binary_length(column), 0))
        else:
            sizes += _bytes_of(column) / max(len(column), 1)
    return sizes


def _bytes_of(column: pa.Array) -> int:
    try:
        return int(column.nbytes)
    except pa.ArrowTypeError:  # of views, in older versions of Arrow: not the part alone, but all
        return int(column.get_total_buffer_size())


def portions(sizes: np.ndarray, most: float) -> Iterator[tuple[int, int]]:
    """The first of each portion and the one after its last, no larger than so much together.

    Parameters
    ----------
    sizes : ndarray, shape (n,)
    most : float
        What is larger makes a portion of its own.
    """
    ends = np.cumsum(sizes)
    first = 0
    while first < len(ends):
        so_far = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, so_far + most, "right")))
        yield first, last
        first = last


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
