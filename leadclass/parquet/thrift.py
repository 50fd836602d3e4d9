"""Bytes in Thrift's compact form in, fields of a structure out; Parquet describes itself so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: Kinds of fields.
INT32, INT64, LIST, STRUCT = 5, 6, 9, 12

_TRUE, _FALSE, _BYTE, _INT16, _DOUBLE, _BINARY, _SET, _MAP, _UUID = 1, 2, 3, 4, 7, 8, 10, 11, 13

#: Bytes of what always has as many.
_SIZES = {_TRUE: 1, _FALSE: 1, _BYTE: 1, _DOUBLE: 8, _UUID: 16}

#: From the number of a field to its kind, and to what is wanted of what it holds.
Wanted = Mapping[int, tuple[int, "Wanted"]]

#: From the number of a field to its value: a number, fields, or a list of them.
Fields = dict[int, Any]


def read_struct(data: bytes, at: int, wanted: Wanted) -> tuple[Fields, int]:
    """The wanted fields of a structure, and where it ends.

    A field of another kind than is wanted is not there, as it is not for other readers.

    Raises
    ------
    IndexError
        If it goes on after the data.
    ValueError
        If there is no such kind of field.
    RecursionError
        If it is very deep.
    """
    fields: Fields = {}
    number = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            number += head >> 4
        else:
            number, at = _number(data, at)
        expected, inner = wanted.get(number, _NOTHING)
        if kind != expected:
            at = _after(data, at, kind, in_list=False)
        elif kind == STRUCT:
            fields[number], at = read_struct(data, at, inner)
        elif kind == LIST:
            fields[number], at = _structs(data, at, inner)
        else:
            fields[number], at = _number(data, at)
    return fields, at + 1


_NOTHING: tuple[int, Wanted] = (0, {})


def _structs(data: bytes, at: int, wanted: Wanted) -> tuple[list[Fields], int]:
    size, kind, at = _list_head(data, at)
    if size and kind != STRUCT:
        raise ValueError("a list holds something else")
    values = []
    for _ in range(size):
        value, at = read_struct(data, at, wanted)
        values.append(value)
    return values, at


def _after(data: bytes, at: int, kind: int, *, in_list: bool) -> int:
    """Where a value ends that is not wanted."""
    if kind in (_TRUE, _FALSE) and not in_list:
        return at  # its kind is its value
    if kind in _SIZES:
        return at + _SIZES[kind]
    if kind in (_INT16, INT32, INT64):
        while data[at] > 127:
            at += 1
        return at + 1
    if kind == _BINARY:
        size, at = _varint(data, at)
        return at + size
    if kind == STRUCT:
        while head := data[at]:
            at += 1
            if head < 16:
                _, at = _varint(data, at)
            at = _after(data, at, head & 15, in_list=False)
        return at + 1
    if kind in (LIST, _SET):
        size, inner, at = _list_head(data, at)
        return _after_some(data, at, (inner,), size)
    if kind == _MAP:
        size, at = _varint(data, at)
        return _after_some(data, at + 1, (data[at] >> 4, data[at] & 15), size) if size else at
    raise ValueError(f"a field of kind {kind}")


def _after_some(data: bytes, at: int, kinds: tuple[int, ...], size: int) -> int:
    for _ in range(size):
        for kind in kinds:
            at = _after(data, at, kind, in_list=True)
        if at > len(data):
            raise IndexError
    return at


def _list_head(data: bytes, at: int) -> tuple[int, int, int]:
    size, kind = data[at] >> 4, data[at] & 15
    if size < 15:
        return size, kind, at + 1
    size, at = _varint(data, at + 1)
    return size, kind, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while (byte := data[at]) > 127:
        number |= (byte & 127) << shift
        shift += 7
        at += 1
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
    return number | byte << shift, at + 1


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The same with a sign."""
    number, at = _varint(data, at)
    return number >> 1 ^ -(number & 1), at
