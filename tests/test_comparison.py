import json
from math import comb
from pathlib import Path

import numpy as np
import pytest
from conftest import CORPUS, EXAMPLES, Run, assert_one_clear_line

from leadclass.comparison import compare, mcnemar
from leadclass.evaluation import evaluate, precision_recall
from leadclass.labels import OUTPUTS


def shown(*labels: str) -> np.ndarray:
    rows = np.zeros((len(labels), len(OUTPUTS)), bool)
    for row, label in zip(rows, labels, strict=True):
        row[0] = label in ("leadership", "both")
        row[1] = label in ("management", "both")
    return rows


def test_mcnemar_is_a_fair_coin() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(1, 9) == pytest.approx(2 * (comb(10, 0) + comb(10, 1)) / 2**10)
    assert mcnemar(9, 1) == mcnemar(1, 9)


def test_the_better_model_is_named() -> None:
    truth = shown(*["leadership", "neither"] * 50)
    worse = shown(*["neither"] * 100)
    comparison = compare(truth, worse, truth)
    assert (comparison.accuracy.first, comparison.accuracy.second) == (0.5, 1)
    assert comparison.sides["leadership"].second_better == 1
    assert comparison.verdict("one", "other").startswith("other is better than one: ")
    assert compare(truth, truth, worse).verdict("one", "other").startswith("one is better")
    assert "the very same" in compare(truth, worse, worse).verdict("one", "other")


def test_a_small_difference_is_not_sure() -> None:
    truth = shown(*["leadership", "neither"] * 20)
    first, second = truth.copy(), truth.copy()
    first[0, 0], second[2, 0], second[4, 0] = False, False, False
    assert compare(truth, first, second).verdict("one", "other").startswith("It is not sure")


def test_calibration_error_is_the_mean_distance() -> None:
    truth = shown(*["leadership"] * 3 + ["neither"] * 7)
    given = np.where(truth, 0.75, 0.25)
    quality = evaluate(truth, truth, np.ones_like(truth), None, given).overall.quality
    assert quality["leadership"].calibration_error == pytest.approx(0.25)
    assert quality["leadership"].brier == pytest.approx(0.0625)
    assert quality["leadership"].average_precision == 1


def test_precision_and_recall_are_counted_at_every_probability() -> None:
    truth = np.array([True, False, True, False])
    precision, recall, thresholds = precision_recall(truth, np.array([0.9, 0.5, 0.5, 0.1]))
    np.testing.assert_allclose(thresholds, [0.9, 0.5, 0.1])
    np.testing.assert_allclose(precision, [1, 2 / 3, 0.5])
    np.testing.assert_allclose(recall, [0.5, 1, 1])


def test_average_precision_is_that_of_scikit_learn() -> None:
    from sklearn.metrics import average_precision_score

    rng = np.random.default_rng(0)
    truth = np.zeros((200, len(OUTPUTS)), bool)
    truth[:, 0] = rng.random(200) < 0.3
    given = np.round(rng.random(truth.shape), 1)
    quality = evaluate(truth, truth, np.ones_like(truth), None, given).overall.quality
    expected = average_precision_score(truth[:, 0], given[:, 0])
    assert quality["leadership"].average_precision == pytest.approx(expected)


def test_compare_on_the_command_line(run: Run, small_model_dir: Path) -> None:
    table = EXAMPLES / "labelled.csv"
    done = run("compare", small_model_dir, small_model_dir, table)
    assert done.returncode == 0, done.stderr
    assert "very same statements" in " ".join(done.stdout.split())  # long paths break the line
    done = run("compare", small_model_dir, small_model_dir, table, "-f", "json")
    assert json.loads(done.stdout)["accuracy"]["difference"]["value"] == 0
    assert_one_clear_line(run("compare", small_model_dir, "none", table), "none")


def test_evaluating_on_training_data_is_told(run: Run) -> None:
    assert "learnt from" in run("evaluate", CORPUS / "near_misses.csv").stderr
    assert run("evaluate", EXAMPLES / "labelled.csv").stderr == ""


def test_evaluate_lists_the_worst_errors_and_draws(
    run: Run, small_model_dir: Path, tmp_path: Path
) -> None:
    table = EXAMPLES / "labelled.csv"
    done = run("evaluate", table, "-m", small_model_dir, "-f", "json", "--errors", "3")
    page = json.loads(done.stdout)
    assert 1 <= len(page["errors"]) <= 3
    assert {"row", "text", "label", "said", "side", "probability", "reasons"} == set(
        page["errors"][0]
    )
    assert list(page["slices"]) == ["kind", "length"]
    done = run("evaluate", table, "-m", small_model_dir, "--plot", "curves.svg")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "curves.svg").stat().st_size > 1000
    assert_one_clear_line(run("evaluate", table, "--plot", "no/curves.svg"), "no/curves.svg")
