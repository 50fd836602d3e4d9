"""Bytes in Thrift's compact form in, the fields of a structure out; Parquet describes itself so.

Only numbers and what holds them are kept, each by its place and its kind, so that a field of
another kind than is asked for is not there, as it is not for other readers.
"""

from __future__ import annotations

from typing import Any

#: Kinds of fields.
INT32, INT64, LIST, STRUCT = 5, 6, 9, 12

#: From the place and the kind of a field to its value.
Fields = dict[tuple[int, int], Any]

_TRUE, _FALSE, _BYTE, _INT16, _DOUBLE, _BINARY, _SET, _MAP, _UUID = 1, 2, 3, 4, 7, 8, 10, 11, 13

#: Bytes of what always has as many.
_SIZES = {_TRUE: 1, _FALSE: 1, _BYTE: 1, _DOUBLE: 8, _UUID: 16}

_VARINTS = (_INT16, INT32, INT64)


def read_struct(data: bytes, at: int = 0) -> tuple[Fields, int]:
    """A structure, and where it ends.

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
    place = 0
    while head := data[at]:
        at += 1
        kind = head & 15
        if head >> 4:
            place += head >> 4
        else:
            place, at = _number(data, at)
        if kind in _VARINTS:
            fields[place, kind], at = _number(data, at)
        elif kind not in (_TRUE, _FALSE):  # which have no bytes of their own here
            fields[place, kind], at = _value(data, at, kind)
    return fields, at + 1


def _value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in _VARINTS:
        return _number(data, at)
    if kind == STRUCT:
        return read_struct(data, at)
    if kind in (LIST, _SET):
        return _list(data, at)
    if kind == _BINARY:
        size, at = _varint(data, at)
        return None, at + size
    if kind == _MAP:
        return _map(data, at)
    if kind in _SIZES:
        return None, at + _SIZES[kind]
    raise ValueError(f"a field of kind {kind}")


def _list(data: bytes, at: int) -> tuple[list[Any], int]:
    size, kind = data[at] >> 4, data[at] & 15
    at += 1
    if size == 15:
        size, at = _varint(data, at)
    values = []
    for _ in range(size):
        value, at = _value(data, at, kind)
        values.append(value)
        if at > len(data):
            raise IndexError
    return values, at


def _map(data: bytes, at: int) -> tuple[None, int]:
    size, at = _varint(data, at)
    if size:
        kinds = data[at]
        at += 1
        for _ in range(size):
            _, at = _value(data, at, kinds >> 4)
            _, at = _value(data, at, kinds & 15)
    return None, at


def _varint(data: bytes, at: int) -> tuple[int, int]:
    byte = data[at]
    at += 1
    number = byte & 127
    shift = 7
    while byte > 127:
        if shift > 63:
            raise ValueError("a number of more than 64 bits")
        byte = data[at]
        at += 1
        number |= (byte & 127) << shift
        shift += 7
    return number, at


def _number(data: bytes, at: int) -> tuple[int, int]:
    """The same with a sign."""
    number, at = _varint(data, at)
    return number >> 1 ^ -(number & 1), at
