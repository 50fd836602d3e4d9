"""The quick adaptation of the benchmarks is that of the product."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from leadclass.corpus import Corpus, Example
from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.training.adapting import adapted

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"

LABELLED = [
    ("Draws up the ferry timetable and posts it at the slip.", "management"),
    ("Counts the spare keys twice a week.", "neither"),
    ("Wins the crew over to a bolder plan for the harbour, by listening first.", "leadership"),
    ("Sets a course for the yard and shares out the work that it needs.", "both"),
    ("Free parking.", "neither"),
    (
        "Keeps watch over what the stores spend, month by month, and stops what is late.",
        "management",
    ),
]
OTHERS = ["Gives the apprentices a reason to stay.", "Rotas.", "Closes at four on Fridays."]


def test_it_gives_the_probabilities_of_the_model_that_the_product_adapts(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(BENCHMARKS)
    from quick_adaptation import quick_adapter

    examples = [Example(text, label) for text, label in LABELLED]
    sides = Corpus(examples, []).shown()[:, : len(SIDES)]
    texts = [*(text for text, _ in LABELLED), *OTHERS]
    shown = np.concatenate([sides, np.zeros((len(OTHERS), len(SIDES)), bool)])
    quick = quick_adapter(model.weights, texts, shown)
    unmoved = model.predict_proba(texts)
    assert quick(np.array([1, 4])) == pytest.approx(unmoved, abs=1e-9)
    # Of a label without traits nothing is known of these, so that sides alone are moved.
    moved = adapted(model, Corpus(examples, [])).predict_proba(texts)
    assert np.abs(moved - unmoved).max() > 0.01
    assert quick(np.arange(len(examples))) == pytest.approx(moved, abs=1e-3)
