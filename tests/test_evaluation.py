import numpy as np
import pytest
from sklearn.metrics import precision_recall_fscore_support

from leadclass.evaluation import evaluate
from leadclass.labels import OUTPUTS, SIDES

KNOWN = np.ones((200, len(OUTPUTS)), bool)


@pytest.fixture
def answers() -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(1)
    truth = chance.random((200, len(OUTPUTS))) < 0.3
    said = truth ^ (chance.random(truth.shape) < 0.2)
    return truth, said


def test_figures_are_those_of_scikit_learn(answers: tuple[np.ndarray, np.ndarray]) -> None:
    truth, said = answers
    overall = evaluate(truth, said, KNOWN).overall
    for i, side in enumerate(SIDES):
        precision, recall, f1, _ = precision_recall_fscore_support(
            truth[:, i], said[:, i], average="binary"
        )
        scores = overall.sides[side]
        assert (scores.precision, scores.recall, scores.f1.value) == pytest.approx(
            (precision, recall, f1)
        )
        assert scores.f1.low < scores.f1.value < scores.f1.high


def test_slices_and_confusion_add_up(answers: tuple[np.ndarray, np.ndarray]) -> None:
    truth, said = answers
    kinds = ["posting", "review"] * 100
    evaluation = evaluate(truth, said, KNOWN, {"kind": kinds})
    parts = evaluation.slices["kind"]
    assert sum(part.n for part in parts.values()) == evaluation.overall.n == 200
    assert sum(sum(row.values()) for row in evaluation.confusion.values()) == 200
    right = sum(evaluation.confusion[label][label] for label in evaluation.confusion)
    assert evaluation.overall.accuracy.value == pytest.approx(right / 200)


def test_the_same_answers_give_the_same_intervals(
    answers: tuple[np.ndarray, np.ndarray],
) -> None:
    assert evaluate(*answers, KNOWN).to_dict() == evaluate(*answers, KNOWN).to_dict()


def test_nothing_shown_and_nothing_said_is_no_error() -> None:
    none = np.zeros((3, len(OUTPUTS)), bool)
    overall = evaluate(none, none, ~none).overall
    assert overall.accuracy.value == 1
    assert overall.sides["leadership"].f1.value == 0


def test_traits_that_no_one_labelled_are_no_mistakes() -> None:
    truth = np.zeros((1, len(OUTPUTS)), bool)
    truth[0, 0] = True
    said = truth.copy()
    said[0, OUTPUTS.index("vision")] = True
    known = np.ones(truth.shape, bool)
    known[0, 2:] = False
    assert evaluate(truth, said, known).overall.traits.n_said == 0


def test_tables_of_any_size_are_resampled_quickly() -> None:
    chance = np.random.default_rng(2)
    truth = chance.random((300_000, len(OUTPUTS))) < 0.2
    overall = evaluate(truth, truth, np.ones(truth.shape, bool)).overall
    assert overall.sides["leadership"].f1.low == 1
