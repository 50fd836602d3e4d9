"""Whichever process tagged a column, it keeps its place among the others."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from conftest import QUARTET

from leadclass.arrow import as_strings
from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.parallel import AHEAD, tag_columns


def columns(n: int) -> Iterator[tuple[int, pa.Array]]:
    for i in range(n):
        yield i, as_strings(list(QUARTET)[i % 4 :])


def labels(cells: list[pa.Array]) -> list[str]:
    found: list[str] = cells[0].to_pylist()
    return found


def test_columns_come_back_in_their_order(model: Model) -> None:
    alone = [(i, labels(cells)) for i, (_, cells) in tag_columns(model, columns(30), "row", 1)]
    shared = [(i, labels(cells)) for i, (_, cells) in tag_columns(model, columns(30), "row", 2)]
    assert shared == alone == [(i, list(QUARTET.values())[i % 4 :]) for i in range(30)]


def test_an_error_waits_until_it_is_its_turn(model: Model) -> None:
    not_utf8 = pa.StringArray.from_buffers(
        1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")
    )
    # The first are under way in the other process, and this one has the time for what comes then.
    place = AHEAD + 2
    given = [(i, not_utf8 if i == place else texts) for i, texts in columns(12)]
    found = []
    with pytest.raises(LeadclassError, match="not UTF-8"):
        for i, _ in tag_columns(model, given, "row", 2):
            found.append(i)
    assert found == list(range(place))
