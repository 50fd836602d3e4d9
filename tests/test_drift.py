import csv
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.corpus import Corpus, Example
from leadclass.drift import FEWEST, LIKE, UNLIKE, UNSURE, _share_of_rows, change, drift
from leadclass.model import Model, load
from leadclass.text_summary import (
    EDGES,
    LEARNT_TEXT,
    TextSummary,
    rare_words,
    together,
    unknown_words,
)
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train_from


@pytest.fixture(scope="module")
def known(small_model_dir: Path) -> Model:
    return load(small_model_dir)


def write(path: Path, texts: list[str]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["comment"], *([text] for text in texts)])
    return path


@pytest.fixture
def alike(corpus: Corpus, tmp_path: Path) -> Path:
    """Statements of the same sort as those of the small model, none of them among these."""
    learnt = [e.text for e in corpus.examples if e.split == "train" and e.form == "statement"]
    return write(tmp_path / "alike.csv", learnt[4::16])


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    texts = [f"Kwampi zurrel {word} oblitane frusk number {i}." for i in range(80)
             for word in ("trebble", "ondwick", "plashet")]  # fmt: skip
    return write(tmp_path / "foreign.csv", texts)


def test_a_model_keeps_counts_of_its_text_and_no_text(known: Model, small_corpus: Corpus) -> None:
    kinds = known.about[LEARNT_TEXT]
    full = [e for e in small_corpus.examples if e.form == "statement"]
    assert set(kinds) == {e.kind for e in full}
    assert sum(kind["statements"] for kind in kinds.values()) == len(full)
    for kind in kinds.values():
        assert sum(kind["labels"].values()) == kind["statements"]
        for counts in kind["scores"].values():
            assert len(counts) == len(EDGES) + 1 and sum(counts) == kind["statements"]


def test_text_of_the_same_sort_is_called_like(known: Model, alike: Path) -> None:
    found = drift(known, alike, "comment")
    assert found.verdict == LIKE
    assert found.learnt is not None
    before = found.learnt.unknown / found.learnt.words
    assert found.unknown.value == pytest.approx(before, rel=0.35)


def test_text_of_other_words_is_called_unlike(known: Model, foreign: Path) -> None:
    found = drift(known, foreign, "comment")
    assert found.verdict == UNLIKE and found.more_unknown == 2
    assert found.unknown.value > 0.5
    assert {"kwampi", "zurrel"} <= {word for word, _ in found.words}


def test_little_text_is_not_judged(known: Model, foreign: Path, tmp_path: Path) -> None:
    lines = foreign.read_text().splitlines()[1 : FEWEST // 2]
    assert drift(known, write(tmp_path / "few.csv", lines), "comment").verdict == UNSURE


def test_drift_on_the_command_line(
    run_here: Run, small_model_dir: Path, foreign: Path, alike: Path
) -> None:
    done = run_here("drift", foreign, "-t", "comment", "-m", small_model_dir)
    assert done.returncode == 0, done.stderr
    assert "unlike what the model knows" in done.stdout and "leadclass suggest" in done.stdout
    done = run_here("drift", alike, "-t", "comment", "-m", small_model_dir, "-f", "json")
    page = json.loads(done.stdout)
    assert page["verdict"] == LIKE and set(page["psi"]) == {"leadership", "management"}
    assert page["learnt"]["statements"] > page["statements"] > FEWEST
    base = ("drift", EXAMPLES / "reviews.csv", "-m", small_model_dir)
    assert_one_clear_line(run_here(*base, "-t", "none"), "none")
    assert_one_clear_line(run_here(*base, "-t", "comment", "--kind", "ode"), "'ode'", "review")
    one = run_here(*base, "-t", "comment", "--kind", "review", "-f", "json")
    kept = load(small_model_dir).about[LEARNT_TEXT]["review"]
    assert json.loads(one.stdout)["learnt"]["statements"] == kept["statements"]


def test_a_table_without_text_is_told(run_here: Run, small_model_dir: Path, tmp_path: Path) -> None:
    write(tmp_path / "empty.csv", ["", "..."])
    done = run_here("drift", "empty.csv", "-t", "comment", "-m", small_model_dir)
    assert_one_clear_line(done, "empty.csv", "has no text")


def test_a_model_of_old_without_a_summary_describes_the_text_alone(
    known: Model, alike: Path
) -> None:
    about = {key: value for key, value in known.about.items() if key != LEARNT_TEXT}
    old = Model(replace(known.weights, about=about))
    found = drift(old, alike, "comment")
    assert found.learnt is None and found.changes == {} and found.verdict == UNSURE
    assert found.summary.to_dict() == drift(known, alike, "comment").summary.to_dict()


def test_an_adapted_model_counts_both_texts(known: Model) -> None:
    own = [
        Example(f"{word} {i}", label, kind="house")
        for word, label in (("Leads", "leadership"), ("Plans", "management"), ("Sells", "neither"))
        for i in range(20)
    ]
    adapted = train_from(known.weights, Corpus(own, [])).weights.about[LEARNT_TEXT]
    assert adapted["house"]["statements"] == len(own)
    assert adapted["review"] == known.about[LEARNT_TEXT]["review"]


def test_a_word_is_rare_that_a_model_without_the_text_would_not_know() -> None:
    texts = ["plans plans shifts", "planning rotas", "plans rotas", ""]
    n_words, n_unknown = rare_words(texts, TrainingSettings().min_df)
    assert n_words.tolist() == [3, 2, 2, 0]
    # In three texts plans is, so two others have it; rotas is in one other, shifts in none.
    assert n_unknown.tolist() == [1, 1, 1, 0]


def test_unknown_words_are_those_whose_stem_is_no_term() -> None:
    n_words, n_unknown, words = unknown_words(["Plans rotas", "rotas rotas"], frozenset({"plan"}))
    assert (n_words.tolist(), n_unknown.tolist()) == ([2, 2], [1, 2])
    assert words == ["rotas"] * 3


counts = st.lists(st.integers(0, 500), min_size=len(EDGES) + 1, max_size=len(EDGES) + 1)


@settings(max_examples=100, deadline=None)
@given(counts, counts)
def test_the_stability_index_is_zero_for_the_same_and_the_same_both_ways(
    one: list[int], other: list[int]
) -> None:
    first, second = np.array(one), np.array(other)
    assert change(first, first).psi == 0
    assert change(first, second).psi >= 0
    assert change(first, second).psi == pytest.approx(change(second, first).psi)


def test_what_is_by_chance_is_no_change() -> None:
    rng = np.random.default_rng(0)
    shares = np.full(len(EDGES) + 1, 1 / (len(EDGES) + 1))
    draws = [rng.multinomial(300, shares) for _ in range(400)]
    exceeded = [
        change(a, b).psi > change(a, b).by_chance
        for a, b in zip(draws[::2], draws[1::2], strict=True)
    ]
    assert np.mean(exceeded) == pytest.approx(0.05, abs=0.04)


def test_an_interval_over_rows_is_wider_where_statements_of_a_row_are_alike() -> None:
    def interval(part: np.ndarray, whole: np.ndarray) -> float:
        sums = [len(part), part.sum(), whole.sum(), part @ part, part @ whole, whole @ whole]
        found = _share_of_rows(*map(float, sums))
        assert 0 <= found.low <= found.value <= found.high <= 1
        return found.high - found.low

    ones = np.ones(400)
    alone = interval((np.arange(400) % 4 == 0).astype(float), ones)
    rows = interval(10.0 * (np.arange(40) % 4 == 0), np.full(40, 10.0))
    assert rows > 2 * alone
    assert interval(np.zeros(50), np.ones(50)) > 0


def test_summaries_add_up() -> None:
    one = TextSummary(2, 8, 1, 1, {"leadership": 1, "management": 1, "both": 0, "neither": 0})
    page = {"review": one.to_dict()}
    assert together(page, page)["review"]["words"] == 16
    assert together(page, {})["review"] == page["review"]
