"""Arrow columns in, cells out, as files of text can hold them."""

from __future__ import annotations

import json
import math
from base64 import b64encode
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, holds_text, without_nulls
from leadclass.harmless import FORMULA, guarded


def json_cells(column: pa.Array) -> list[Any]:
    """The cells as values of JSON: times as text, bytes in base 64, no NaN or infinity."""
    kind = column.type
    if pa.types.is_temporal(kind):
        # In Arrow, which knows years and nanoseconds that Python's datetime does not.
        column = column.cast(pa.string())
    values = column.to_pylist()
    if pa.types.is_floating(kind):
        return [None if v is None or not math.isfinite(v) else v for v in values]
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind) or not _is_simple(kind):
        return [_plain(value) for value in values]
    return values


def as_text(column: pa.Array) -> pa.StringArray:
    """The cells as they stand in a csv, unquoted: nulls are empty, nested values are JSON."""
    if holds_text(column.type):
        return without_nulls(as_strings(column))
    nested = pa.types.is_nested(column.type)
    if not nested and not pa.types.is_dictionary(column.type):
        # Of a value that comes again the text is made once.
        encoded = column.dictionary_encode()
        return without_nulls(_texts(encoded.dictionary, nested).take(encoded.indices))
    return _texts(column, nested)


def _texts(column: pa.Array, nested: bool) -> pa.StringArray:
    return as_strings(
        [
            "" if value is None else dump(value) if nested else str(value)
            for value in json_cells(column)
        ]
    )


def guarded_cells(cells: pa.StringArray) -> pa.StringArray:
    """The cells with an apostrophe before those that a spreadsheet takes for a formula."""
    # By their first bytes, which nearly all of them lack.
    risky = pc.match_substring_regex(cells, FORMULA)
    if not pc.any(risky).as_py():
        return cells
    marked = as_strings([guarded(cell) for cell in cells.filter(risky).to_pylist()])
    return pc.replace_with_mask(cells, risky, marked)


def dump(value: Any) -> str:
    """One line of JSON."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _is_simple(kind: pa.DataType) -> bool:
    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_boolean(kind)
        or pa.types.is_null(kind)
        or pa.types.is_temporal(kind)
    )


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
