"""An input in, a like one out that goes deeper than one with any bytes changed would.

A zip with a byte changed is a damaged zip, and its reader's first check sends it away. So the parts
of a zip, the tags of markup, the values of JSON and the columns of a Parquet table are changed
where they are, and all around them is made whole again.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from fuzz.target import Change, Mutator

#: How often the input is changed as plain bytes all the same.
_PLAIN = 0.1

_TAGS = re.compile(rb"(<[^<>]*>)")

#: Rows of a Parquet table that are gone on with, and the bytes that they may have.
_MOST_ROWS = 10_000
_MOST_BYTES = 1_000_000

#: Values that have surprised programs before.
_SURPRISES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    2**64,
    10**40,
    0.5,
    -0.0,
    1e-320,
    1e308,
    float("inf"),
    float("-inf"),
    float("nan"),
    "",
    "x",
    "\x1b[31m\r\n",
    "\ud800",
    "\u202e",
    "9" * 5000,
    [],
    [None],
    [[]],
    {},
    {"": None},
    {"x": 1},
)

_NUMBERS = (0.0, -1.0, 1e300, 1e-300, float("nan"), float("inf"), float("-inf"), 1e6 + 1, 1e7)
_STRINGS = ("", " ", "a", "a b", "a b c", "word", "pair", "subword", "\x00", "^", "é", "x" * 3000)


def changed_anyhow(content: bytes, random: Random) -> bytes:
    """Some bytes changed, put in, taken out or repeated."""
    changed = bytearray(content)
    for _ in range(random.randint(1, 4)):
        place, size = random.randint(0, len(changed)), random.choice((1, 1, 2, 4, 16, 200))
        match random.randrange(4):
            case 0 if place < len(changed):
                changed[place] = random.choice(
                    (0, 9, 10, 13, 34, 44, 60, 255, random.randrange(256))
                )
            case 1:
                changed[place:place] = random.randbytes(size)
            case 2:
                del changed[place : place + size]
            case _:
                other = random.randint(0, len(changed))
                changed[place:place] = changed[other : other + size]
    return bytes(changed)


def in_zip(member: Callable[[str], Mutator]) -> Mutator:
    """A mutator of zips that changes one part by the mutator of its name, and packs it anew."""

    def mutate(content: bytes, random: Random, change: Change) -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                parts = {name: archive.read(name) for name in archive.namelist()}
        except Exception:
            return change(content)
        if not parts or random.random() < _PLAIN:
            return change(content)
        name = random.choice(sorted(parts))
        if random.random() < _PLAIN / 2:
            del parts[name]
        else:
            parts[name] = member(name)(parts[name], random, change)
        return packed(parts)

    return mutate


def packed(parts: dict[str, bytes]) -> bytes:
    """A zip of these parts, the same bytes each time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)
    return buffer.getvalue()


def in_markup(content: bytes, random: Random, change: Change) -> bytes:
    """Tags and what is between them taken out, repeated and moved, or changed in themselves."""
    if random.random() < 4 * _PLAIN:
        return change(content)
    parts = _TAGS.split(content)
    for _ in range(random.randint(1, 4)):
        place = random.randrange(len(parts))
        end = min(place + random.choice((1, 1, 2, 3, 10)), len(parts))
        match random.randrange(5):
            case 0:
                del parts[place:end]
                parts = parts or [b""]
            case 1:
                parts[place:place] = parts[place:end] * random.choice((1, 2, 50))
            case 2:
                other = random.randrange(len(parts))
                parts[place], parts[other] = parts[other], parts[place]
            case 3:
                parts[place] = change(parts[place])
            case _:
                values = rb'="[^"]*"'
                new = b'="%s"' % random.choice(
                    (b"", b"-1", b"99999999999", b"x", b"0", b"\xc2\xb2")
                )
                parts[place] = re.sub(values, new.replace(b"\\", b""), parts[place], count=1)
    return b"".join(parts)


def in_json(content: bytes, random: Random, change: Change) -> bytes:
    """Values of a page of JSON replaced, taken out and put in."""
    if random.random() < 2 * _PLAIN:
        return change(content)
    try:
        page = json.loads(content)
    except (ValueError, RecursionError):
        return change(content)
    for _ in range(random.randint(1, 3)):
        page = _with_surprise(page, random)
    try:
        return json.dumps(page, indent=1).encode()
    except (ValueError, RecursionError):
        return content


def _with_surprise(page: Any, random: Random) -> Any:
    surprise = random.choice(_SURPRISES)
    holder = page
    # Go down at each step or stay, so that values at every depth have their turn.
    while isinstance(holder, dict | list) and holder:
        keys: list[Any] = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
        key = random.choice(keys)
        if isinstance(holder[key], dict | list) and holder[key] and random.random() < 0.85:
            holder = holder[key]
            continue
        match random.randrange(6):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, list):
                holder.insert(key, surprise)
            case 1:
                holder[random.choice(("", "x", "name", str(key) + "x"))] = surprise
            case 2:
                holder[key] = [holder[key]]
            case 3 if isinstance(holder[key], int | float):
                holder[key] = random.choice((-1, 0, 1, 1e6, 1e9, 0.5)) * holder[key]
            case _:
                holder[key] = surprise
        return page
    return surprise


def in_parquet(content: bytes, random: Random, change: Change) -> bytes:
    """Columns of a Parquet table retyped, renamed, taken out, and cells replaced."""
    if random.random() < 2 * _PLAIN:
        return change(content)
    try:
        table = _beginning(content)
        for _ in range(random.randint(1, 2)):
            table = _with_other_column(table, random)
        buffer = io.BytesIO()
        pq.write_table(
            table,
            buffer,
            compression=random.choice(("none", "zstd", "snappy")),
            row_group_size=random.choice((1, 7, 100_000)),
        )
    except (pa.ArrowException, ValueError, TypeError, KeyError, OverflowError, OSError):
        return change(content)
    return buffer.getvalue()


def _beginning(content: bytes) -> pa.Table:
    """The first rows of a table, read as its file has them.

    Texts of thousands of characters, and rows that are there twice and thrice, are as few bytes in
    the file as one: after a hundred changes the whole of it is gigabytes.
    """
    with pq.ParquetFile(io.BytesIO(content)) as file:
        rows = next(file.iter_batches(batch_size=_MOST_ROWS), None)
        if rows is None:
            return file.schema_arrow.empty_table()
    if rows.nbytes > _MOST_BYTES:
        raise ValueError("too large to be changed")
    return pa.Table.from_batches([rows])


def _with_other_column(table: pa.Table, random: Random) -> pa.Table:
    if not table.num_columns:
        return table
    place = random.randrange(table.num_columns)
    field, column = table.schema.field(place), table.column(place)
    match random.randrange(7):
        case 0:
            return table.remove_column(place)
        case 1:
            names = table.column_names
            names[place] = random.choice((*_STRINGS[:7], *names))
            return table.rename_columns(names)
        case 2:
            return table.slice(random.randint(0, 2), random.choice((0, 1, 2, 10_000)))
        case 3:
            return table.append_column(random.choice(("x", field.name)), column)
        case 4:
            kinds = (pa.large_string(), pa.string_view(), pa.binary(), pa.float32(), pa.int8())
            kinds += (pa.dictionary(pa.int8(), pa.string()), pa.float16(), pa.null(), pa.bool_())
            kinds += (pa.int64(), pa.uint64(), pa.decimal128(20, 3), pa.timestamp("us"))
            kind = random.choice(kinds)
            cast = pa.nulls(len(column), kind) if pa.types.is_null(kind) else column.cast(kind)
            return table.set_column(place, field.name, cast)
        case 5:
            return pa.concat_tables([table] * random.choice((2, 3)))
        case _:
            cells = column.to_pylist()
            if not cells:
                return table
            pool = _STRINGS if pa.types.is_string(column.type) else _NUMBERS
            for _ in range(random.randint(1, 3)):
                cells[random.randrange(len(cells))] = random.choice((*pool, None))
            return table.set_column(place, field.name, pa.array(cells, column.type))
