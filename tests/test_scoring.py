import math
from random import Random

import numpy as np
import pytest
from conftest import QUARTET
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.decisions import Decisions, decide, pool
from leadclass.labels import OUTPUTS, SIDE_OF_TRAIT, SIDES, TRAITS, sides_of
from leadclass.model import Model
from leadclass.scoring import CHUNK, Scorer, _moving_sums

sentences = st.lists(
    st.one_of(st.sampled_from(" ".join(QUARTET).split()), st.text(max_size=8)), max_size=40
).map(" ".join)


def test_the_documented_statements_have_their_labels(model: Model) -> None:
    assert model.predict(list(QUARTET)).tolist() == list(QUARTET.values())


def test_probabilities_are_two_a_statement(model: Model) -> None:
    probabilities = model.predict_proba(list(QUARTET))
    assert probabilities.shape == (4, 2)
    assert ((probabilities >= 0) & (probabilities <= 1)).all()


def test_no_statements_give_no_labels(model: Model) -> None:
    assert model.predict([]).tolist() == []
    assert model.predict_proba([]).shape == (0, 2)


def test_a_text_without_known_words_is_neither(model: Model) -> None:
    assert model.predict(["", "123", "日本語", "\ud800"]).tolist() == ["neither"] * 4


def test_a_text_that_says_nothing_is_neither_with_no_probabilities(model: Model) -> None:
    decisions = model.decide(["", None, "...", "12", float("nan")])  # type: ignore[list-item]
    assert decisions.labels.tolist() == ["neither"] * 5
    assert np.isnan(decisions.probabilities).all()
    assert decisions.traits == [()] * 5


@pytest.mark.parametrize("wrong", ["one string", [1.5], [b"x"]])
def test_what_is_no_text_is_refused(model: Model, wrong: object) -> None:
    with pytest.raises(TypeError, match="strings"):
        model.predict(wrong)  # type: ignore[arg-type]


@given(st.lists(sentences, max_size=6))
def test_a_statement_scores_the_same_alone_and_among_others(model: Model, texts: list[str]) -> None:
    together = model.predict_proba(texts)
    alone = [model.predict_proba([text])[0] for text in texts]
    assert together == pytest.approx(np.array(alone).reshape(-1, 2), abs=1e-12)


@given(st.lists(st.integers(0, 60), min_size=2, max_size=20), st.randoms(use_true_random=False))
def test_texts_of_all_lengths_score_as_each_does_alone(
    model: Model, lengths: list[int], chance: Random
) -> None:
    words = " ".join(QUARTET).split()
    texts = [" ".join(chance.choices(words, k=length)) for length in lengths]
    alone = [model.predict_proba([text])[0] for text in texts]
    assert model.predict_proba(texts) == pytest.approx(np.array(alone), abs=1e-12)


def test_chunks_do_not_show(model: Model) -> None:
    texts = [f"{' '.join(['plans'] * (i % 13))} the rota" for i in range(CHUNK + 3)]
    whole = model.predict_proba(texts)
    assert whole[CHUNK:] == pytest.approx(model.predict_proba(texts[CHUNK:]), abs=1e-12)


def test_forgotten_tokens_are_learnt_again(model: Model) -> None:
    scorer = Scorer(model.weights)
    expected = scorer.probabilities(list(QUARTET))
    scorer.remembered = 3
    assert (scorer.probabilities(list(QUARTET)) == expected).all()


@given(sentences)
def test_swapping_pronouns_and_titles_changes_nothing(model: Model, text: str) -> None:
    hers = model.predict_proba([f"Ms Day: {text} and she backs her team herself"])
    his = model.predict_proba([f"Mr Day: {text} and he backs his team himself"])
    assert (hers == his).all()


@given(sentences)
def test_contributions_add_up_to_the_log_odds(model: Model, text: str) -> None:
    explanation = model.explain(text)
    for output in OUTPUTS:
        log_odds = explanation.bias[output] + math.fsum(
            term.contributions[output] for term in explanation.terms
        )
        probability = 1 / (1 + math.exp(-log_odds))
        assert probability == pytest.approx(explanation.probabilities[output], abs=1e-9)
    sides = [explanation.probabilities[side] for side in SIDES]
    assert sides == pytest.approx(model.predict_proba([text])[0].tolist(), abs=1e-12)


@settings(max_examples=50)
@given(
    st.integers(0, 30).flatmap(
        lambda n: st.tuples(st.lists(st.integers(-9, 9), min_size=n, max_size=n), st.integers(1, 9))
    )
)
def test_moving_sums_are_sums(case: tuple[list[int], int]) -> None:
    numbers, size = case
    sums = _moving_sums(np.array([numbers], float), size)[0, : max(len(numbers) - size + 1, 0)]
    assert sums.tolist() == [sum(numbers[i : i + size]) for i in range(len(numbers) - size + 1)]


probabilities = st.lists(
    st.lists(st.floats(0, 1), min_size=len(OUTPUTS), max_size=len(OUTPUTS)), min_size=1, max_size=5
).map(np.array)


@given(probabilities)
def test_traits_follow_the_sides_that_are_shown(given_probabilities: np.ndarray) -> None:
    decisions = decide(given_probabilities, np.full(len(OUTPUTS), 0.5))
    for label, traits in zip(decisions.labels, decisions.traits, strict=True):
        assert {SIDE_OF_TRAIT[trait] for trait in traits} == set(sides_of(label))


def test_traits_are_named_most_certain_first() -> None:
    certain = dict.fromkeys(OUTPUTS, 0.1) | {"leadership": 0.9, "empathy": 0.7, "vision": 0.8}
    decisions = decide(np.array([list(certain.values())]), np.full(len(OUTPUTS), 0.5))
    assert decisions.traits == [("vision", "empathy")]


def test_pooling_takes_the_strongest_statement_of_each_side() -> None:
    shown = np.zeros((3, len(OUTPUTS)), bool)
    shown[0, 0] = shown[0, OUTPUTS.index(TRAITS[0])] = shown[2, 1] = True
    statements = Decisions(np.arange(3)[:, None] / 10 + np.zeros(len(OUTPUTS)), shown)
    texts = pool(statements, np.array([0, 2, 2, 3]))
    assert texts.labels.tolist() == ["leadership", "neither", "management"]
    assert texts.probabilities[:, 0].tolist()[::2] == [0.1, 0.2]
    assert np.isnan(texts.probabilities[1]).all()
    assert texts.traits[0] == (TRAITS[0],)
