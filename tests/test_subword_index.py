"""The trie finds the sub-words that cutting a word piece by piece finds, and no other."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadclass import subword_index
from leadclass.arrow import as_strings
from leadclass.errors import LeadclassError
from leadclass.features import FeatureSettings, subwords
from leadclass.subword_index import SubwordIndex

some_words = st.lists(st.text("ab'0\u00e9\u7ba1\U0001d4ed", max_size=9), max_size=20)
sizes = st.tuples(st.integers(1, 6), st.integers(0, 4)).map(
    lambda two: FeatureSettings(subword_min=two[0], subword_max=sum(two))
)


def found_by(index: SubwordIndex, words: list[str]) -> list[Counter[int]]:
    """How often each word has which sub-word."""
    found: list[Counter[int]] = [Counter() for _ in words]
    for places, which in index.found(words):
        assert (np.diff(which) >= 0).all()
        for place, word in zip(places.tolist(), which.tolist(), strict=True):
            found[word][place] += 1
    return found


def cut(known: list[str], words: list[str], settings: FeatureSettings) -> list[Counter[int]]:
    place_of = {subword: i for i, subword in enumerate(known)}
    return [
        Counter(place_of[one] for one in subwords(word, settings) if one in place_of)
        for word in words
    ]


@given(some_words, some_words, sizes, st.data())
def test_all_sub_words_are_found_and_no_other(
    learnt: list[str], words: list[str], settings: FeatureSettings, data: st.DataObject
) -> None:
    own = sorted({subword for word in learnt for subword in subwords(word, settings)})
    strange = data.draw(st.lists(st.text("<>abz", max_size=8)))
    known = data.draw(st.permutations(sorted({*own, *strange})))
    index = SubwordIndex(as_strings(known), settings)
    assert found_by(index, words) == cut(known, words, settings)


@given(some_words, st.integers(1, 9))
def test_how_many_letters_are_looked_at_at_once_does_not_show(
    words: list[str], at_once: int
) -> None:
    settings = FeatureSettings()
    known = sorted({subword for word in words for subword in subwords(word, settings)})
    index = SubwordIndex(as_strings(known), settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(subword_index, "AT_ONCE", at_once)
        assert found_by(index, words) == cut(known, words, settings)


def test_a_model_without_sub_words_has_none() -> None:
    assert found_by(SubwordIndex(as_strings([]), FeatureSettings()), ["plan", ""]) == [{}, {}]


def test_more_than_fit_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subword_index, "MOST_BITS", 5)
    with pytest.raises(LeadclassError, match="a model of 2 sub-words is too large"):
        SubwordIndex(as_strings(["an", "la"]), FeatureSettings())
