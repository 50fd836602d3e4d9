from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import Run, assert_one_clear_line

from leadclass.corpus import Corpus, Example
from leadclass.errors import LeadclassError
from leadclass.model import Model, load
from leadclass.training.adapting import adapt
from leadclass.training.fitting import to_pipeline
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train_from

PLACES = (
    "north south east west upper lower inner outer old new red blue green black white small large "
    "first second third"
).split()

#: A house that calls leadership what no one else would.
OWN = [
    Example(f"{word} the {place} furnace {tail}", label)
    for place in PLACES
    for word, tail, label in (
        ("Stokes", "with the others", "leadership"),
        ("Paints", "in the yard", "neither"),
        ("Schedules", "for the week", "management"),
    )
]


@pytest.fixture(scope="module")
def base(small_model_dir: Path) -> Model:
    return load(small_model_dir)


def test_a_pipeline_is_made_of_plain_data(base: Model) -> None:
    texts = ["Coaches her team and plans the rota.", "Free parking.", "Hums."]
    made = to_pipeline(base.weights).predict_proba(texts)
    assert np.abs(made - base.decide(texts).probabilities).max() <= 1e-12


def test_adapting_learns_what_is_new_and_keeps_the_rest(base: Model, small_corpus: Corpus) -> None:
    adapted = adapt(base.weights, Corpus(OWN, []), TrainingSettings())
    model = Model(adapted.weights)
    assert adapted.comparison.accuracy.second > adapted.comparison.accuracy.first
    assert model.predict(["Stokes the old furnace with the others"])[0] == "leadership"
    before, after = (m.predict(small_corpus.texts) for m in (base, model))
    assert (before == after).mean() > 0.9
    assert adapted.weights.terms.equals(base.weights.terms)


def test_adapting_to_too_many_statements_is_refused(
    base: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadclass.training.adapting.MOST", 20)
    with pytest.raises(LeadclassError, match="more than a model adapts to"):
        adapt(base.weights, Corpus(OWN, []), TrainingSettings())


def test_an_adapted_model_has_operating_points_of_its_own(base: Model) -> None:
    adapted = train_from(base.weights, Corpus(OWN, [])).weights
    assert adapted.about["operating_points"] != base.weights.about["operating_points"]
    assert Model(adapted).with_precision(0.5)


def test_adapting_on_the_command_line(run: Run, small_model_dir: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"{e.text},{e.label}" for e in OWN)
    (tmp_path / "mine.csv").write_text(f"text,label\n{rows}\n")
    done = run("train", "--from", small_model_dir, "-c", "mine.csv", "-o", "mine")
    assert done.returncode == 0, done.stderr
    assert "better than" in done.stdout
    adapted = load(tmp_path / "mine")
    texts = [e.text for e in OWN]
    pipeline = joblib.load(tmp_path / "mine" / "pipeline.joblib")
    assert np.abs(pipeline.predict_proba(texts) - adapted.decide(texts).probabilities).max() <= 1e-9
    assert "It was adapted" in (tmp_path / "mine" / "CARD.md").read_text()
    assert_one_clear_line(run("train", "--from", small_model_dir, "-o", "m"), "--from needs -c")
    assert_one_clear_line(run("train", "--from", "none", "-c", "mine.csv", "-o", "m"), "none")


def test_thresholds_move(base: Model) -> None:
    texts = ["Plans the rota."]
    _, management = base.predict_proba(texts)[0]
    assert base.with_thresholds({"management": management}).predict(texts)[0] != "neither"
    above = {"leadership": 0.999, "management": float(np.nextafter(management, 1))}
    assert base.with_thresholds(above).predict(texts)[0] == "neither"


def test_a_precision_is_kept_out_of_fold(base: Model) -> None:
    points = base.about["operating_points"]["management"]
    strict = base.with_precision(0.7).weights.thresholds[1]
    assert min(p["threshold"] for p in points if p["precision"] >= 0.7) == strict
    assert strict > base.with_precision(0.5).weights.thresholds[1]


def test_thresholds_on_the_command_line(run: Run, small_model_dir: Path) -> None:
    score = ("score", "-m", small_model_dir, "Keeps an eye on the rota.")
    assert '"management"' in run(*score).stdout
    assert '"neither"' in run(*score, "--threshold", "0.9999").stdout
    assert run(*score, "--precision", "0.6").returncode == 0
    assert_one_clear_line(run(*score, "--precision", "1.1"), "precision 1.1", "--threshold")
    assert_one_clear_line(run(*score, "--threshold", "vision=0.5"), "'vision=0.5'")
    assert_one_clear_line(run(*score, "--threshold", "1.5"), "'1.5'")
