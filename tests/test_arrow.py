"""What stands between Python, numpy and Arrow keeps every item, in order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from leadclass.arrow import as_strings, portions, text_bytes


@given(st.lists(st.integers(0, 20)), st.integers(0, 30))
def test_portions_are_whole_in_order_and_as_large_as_may_be(sizes: list[int], most: int) -> None:
    found = list(portions(np.array(sizes, np.int64), most))
    assert [i for first, last in found for i in range(first, last)] == list(range(len(sizes)))
    for first, last in found:
        assert last == first + 1 or sum(sizes[first:last]) <= most
    for (first, last), _ in pairwise(found):
        assert sum(sizes[first : last + 1]) > most


@given(st.lists(st.text()), st.integers(0, 5), st.integers(0, 5))
def test_the_bytes_of_a_part_of_a_column_are_its_own(
    texts: list[str], start: int, length: int
) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in texts]
    raw, bounds = text_bytes(as_strings(texts).slice(start, length))
    found = [bytes(raw[i:j]).decode() for i, j in pairwise(bounds.tolist())]
    assert found == texts[start : start + length]
