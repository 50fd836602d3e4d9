"""By how much labels narrow what is unknown: what is kept up to date is what it would be anew."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.suggesting.design import Unknown

WIDTH = 12


def unit_vectors(rng: np.random.Generator, n: int) -> np.ndarray:
    made = rng.normal(size=(n, WIDTH)) * (rng.random((n, WIDTH)) < 0.5)
    made[:, 0] += 0.1
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float32)


def by_the_book(
    own: np.ndarray, labelled: np.ndarray, learnt: list[int], telling: np.ndarray, costs: np.ndarray
) -> np.ndarray:
    """The falls from the definition, for the covariance of all candidates."""
    precision = np.eye(WIDTH) / 1.5 + labelled.T @ labelled * 2 / 15
    precision += (own[learnt].T * telling[learnt]) @ own[learnt]
    among = own @ np.linalg.inv(precision) @ own.T
    return (among**2 @ costs) / (np.diag(among) + 1 / telling)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(0, 8), st.integers(0, 12))
def test_falls_are_those_of_the_definition_after_each_label(
    seed: int, n: int, n_labelled: int, n_learnt: int
) -> None:
    rng = np.random.default_rng(seed)
    own, labelled = unit_vectors(rng, n), unit_vectors(rng, n_labelled)
    telling, costs = rng.uniform(0.01, 0.25, n), rng.random(n)
    unknown = Unknown(own, labelled, telling, costs)
    learnt = rng.integers(0, n, n_learnt).tolist()
    for place in learnt:
        unknown.learn(place)
    expected = by_the_book(own.astype(float), labelled.astype(float), learnt, telling, costs)
    assert unknown.falls() == pytest.approx(expected, rel=1e-3, abs=1e-5)


def test_what_is_like_a_known_statement_tells_less_and_what_is_not_as_much_as_before() -> None:
    own = np.eye(3, WIDTH, dtype=np.float32)[[0, 0, 1]]
    unknown = Unknown(own, own[:0], np.full(3, 0.25), np.ones(3))
    before = unknown.falls()
    unknown.learn(0)
    after = unknown.falls()
    assert after[1] < 0.9 * before[1]
    assert after[2] == pytest.approx(before[2])


def test_a_statement_that_the_model_is_sure_of_tells_next_to_nothing() -> None:
    own = np.eye(2, WIDTH, dtype=np.float32)
    doubtful, sure = Unknown(own, own[:0], np.array([0.25, 0.0]), np.ones(2)).falls()
    assert 0 < sure < doubtful / 100
