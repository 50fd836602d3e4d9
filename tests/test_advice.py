from __future__ import annotations

import pytest

from leadclass.advice import MOST_LEANING, advise, trait_hints
from leadclass.labels import TRAITS
from leadclass.model import Model


def test_every_trait_has_a_sentence_that_asks_for_it(model: Model) -> None:
    assert [hint.trait for hint in trait_hints()] == list(TRAITS)
    for hint in trait_hints():
        (statement,) = model.analyze(hint.example).statements
        assert (statement.label, statement.traits[0]) == (hint.side, hint.trait)
        assert hint.covers and hint.example.endswith(".")


def test_what_is_missing_of_the_lighter_side_comes_first(model: Model) -> None:
    advice = advise(model.analyze("Plans the weekly rota. Keeps the ward budget."))
    assert (advice.heavier, advice.lighter, advice.to_even) == ("management", "leadership", 2)
    sides = [hint.side for hint in advice.missing]
    assert sides == ["leadership"] * 4 + ["management"] * (len(sides) - 4)
    assert "organisation" not in [hint.trait for hint in advice.missing]


def test_the_hardest_leaning_statements_are_named_hardest_first(model: Model) -> None:
    duties = ("the rota", "the budget", "the stock", "deliveries", "repairs", "shifts", "staffing")
    text = "\n".join(f"- Plans and controls {duty}." for duty in duties)
    advice = advise(model.analyze(f"{text}\n- Free parking."))
    assert len(advice.leaning) == MOST_LEANING
    leans = [s.p_management - s.p_leadership for s in advice.leaning]
    assert leans == sorted(leans, reverse=True)


@pytest.mark.parametrize("text", ["Coaches new nurses. Keeps the ward budget.", "Free parking."])
def test_nothing_is_to_be_moved_where_neither_side_is_the_heavier(model: Model, text: str) -> None:
    advice = advise(model.analyze(text))
    assert (advice.heavier, advice.lighter, advice.to_even, advice.leaning) == (None, None, 0, ())


def test_statements_to_even_make_it_even(model: Model) -> None:
    text = "Plans the weekly rota. Keeps the ward budget. Checks the stock. Coaches new nurses."
    advice = advise(model.analyze(text))
    more = " ".join([trait_hints()[0].example] * advice.to_even)
    assert model.analyze(f"{text} {more}").balance == 0
