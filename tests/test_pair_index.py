"""The table of pairs tells where each is, and of all others that they are not there."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadclass import pair_index
from leadclass.arrow import as_strings
from leadclass.errors import LeadclassError
from leadclass.features import PAIR_SEPARATOR
from leadclass.key_table import KeyTable
from leadclass.pair_index import PairIndex

STEMS = [f"{letter}{number}" for letter, number in product("abcdefgh", range(12))]
a_pair = st.tuples(st.sampled_from(STEMS), st.sampled_from(STEMS))


def index_of(pairs: list[tuple[str, str]]) -> PairIndex:
    return PairIndex(as_strings([PAIR_SEPARATOR.join(pair) for pair in pairs]))


def places_of(index: PairIndex, pairs: list[tuple[str, str]]) -> list[int]:
    firsts, seconds = ([pair[i] for pair in pairs] for i in (0, 1))
    keys = index.halves(firsts)[0] | index.halves(seconds)[1]
    places: list[int] = index.places(keys).tolist()
    return places


@given(st.lists(a_pair, max_size=300, unique=True), st.lists(a_pair, max_size=300))
def test_every_pair_has_its_place_and_no_other_has_one(
    there: list[tuple[str, str]], asked: list[tuple[str, str]]
) -> None:
    place_of = {pair: i for i, pair in enumerate(there)}
    expected = [place_of.get(pair, len(there)) for pair in [*there, *asked]]
    assert places_of(index_of(there), [*there, *asked]) == expected


def test_pairs_that_want_the_same_slots_are_all_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyTable, "_wanted", lambda self, keys: np.zeros(len(keys), np.int64))
    pairs = list(product(STEMS[:20], STEMS[:20]))
    found = places_of(index_of(pairs), [*pairs, ("a0", "unheard"), ("h11", "h11")])
    assert found == [*range(len(pairs)), len(pairs), len(pairs)]


def test_words_that_are_in_no_pair_make_none() -> None:
    index = index_of([("lead", "team"), ("plan", "work")])
    asked = [("team", "lead"), ("lead", "lead"), ("unheard", "team"), ("lead", "unheard"), ("", "")]
    assert places_of(index, asked) == [2] * 5


def test_the_places_have_the_shape_of_the_keys() -> None:
    index = index_of([("lead", "team")])
    assert index.places(np.zeros((3, 4), np.uint64)).shape == (3, 4)
    assert index_of([]).places(np.zeros((2, 0), np.uint64)).shape == (2, 0)


def test_more_pairs_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pair_index, "MOST_BITS", 3)
    with pytest.raises(LeadclassError, match="a model of 2 pairs of words is too large"):
        index_of([("lead", "team"), ("plan", "work")])
