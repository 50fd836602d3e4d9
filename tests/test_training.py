import json
import os
from dataclasses import asdict
from pathlib import Path

import joblib
import numpy as np
import pytest
from conftest import CORPUS, QUARTET, ROOT, Run, assert_one_clear_line
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.pipeline import Pipeline

from leadclass.corpus import Corpus, Example
from leadclass.errors import LeadclassError
from leadclass.labels import OUTPUTS
from leadclass.lineage import MADE
from leadclass.model import Model
from leadclass.scoring import Scorer
from leadclass.training.fitting import ROUGH_TOLERANCE, unfitted
from leadclass.training.material import read_material
from leadclass.training.pipeline import Tokenizer
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train, train_to, versions
from leadclass.weights import DECIMALS, JSON_FILE, WEIGHTS_FILE, read_weights

DEFAULT = ROOT / "models" / "default"

#: Asks for the tests that take longer than all others together.
WHOLE = "LEADCLASS_WHOLE"


@pytest.fixture(scope="session")
def pipeline(small_model_dir: Path) -> Pipeline:
    return joblib.load(small_model_dir / "pipeline.joblib")


@pytest.fixture(scope="session")
def plain_face(small_model_dir: Path) -> Scorer:
    return Scorer(read_weights(small_model_dir))


words = st.sampled_from(" ".join(QUARTET).split())
texts = st.lists(st.one_of(st.text(), st.lists(words, max_size=30).map(" ".join)), max_size=4)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_the_two_faces_agree_on_any_text(
    pipeline: Pipeline, plain_face: Scorer, texts: list[str]
) -> None:
    if not texts:
        return
    plain = plain_face.probabilities(texts)
    assert np.abs(pipeline.predict_proba(texts) - plain).max() <= 1e-9


def test_the_shipped_faces_agree_on_the_corpus(corpus: Corpus, model: Model) -> None:
    shipped = joblib.load(DEFAULT / "pipeline.joblib")
    some = corpus.texts[::150]
    assert np.abs(shipped.predict_proba(some) - model.decide(some).probabilities).max() <= 1e-9


def test_the_same_corpus_gives_the_same_bytes(
    small_corpus: Corpus, small_model_dir: Path, tmp_path: Path
) -> None:
    from leadclass.training.train import write_model

    write_model(train(small_corpus), tmp_path)
    for name in (WEIGHTS_FILE, JSON_FILE, "CARD.md"):
        assert (tmp_path / name).read_bytes() == (small_model_dir / name).read_bytes()


def shipped_from(shared: Path) -> tuple[list[Path], list[Path]]:
    """The tables that the shipped model has learnt from, and those of their stand-off texts."""
    return [CORPUS, CORPUS / "standoff", shared / "real"], [shared / "style"]


def test_the_shipped_model_has_learnt_from_the_data_that_it_names(shared: Path) -> None:
    """Its terms and how rare they are; ``nox -s shipped`` trains it anew."""
    tables, texts = shipped_from(shared)
    learnt, shipped = read_material(tables, texts=texts), read_weights(DEFAULT)
    assert [asdict(source) for source in learnt.sources] == shipped.about["data"]
    terms = unfitted(TrainingSettings(), tol=ROUGH_TOLERANCE)[:-1]
    terms.fit(Tokenizer().transform(learnt.texts))
    names = [name.split("__", 1)[1] for name in terms["counts"].get_feature_names_out()]
    assert names == shipped.terms.to_pylist()
    assert np.array_equal(np.round(terms["tfidf"].idf_, DECIMALS), shipped.idf)


@pytest.mark.skipif(WHOLE not in os.environ, reason=f"{WHOLE}, to train it anew, is not set")
def test_the_shipped_model_is_the_one_its_data_give(tmp_path: Path, shared: Path) -> None:
    tables, texts = shipped_from(shared)
    train_to(tmp_path / "model", tables, texts=texts)
    made, shipped = read_weights(tmp_path / "model"), read_weights(DEFAULT)
    assert made.about["data"] == shipped.about["data"]
    assert made.terms.equals(shipped.terms)
    if versions() == shipped.about["versions"]:
        for name in (WEIGHTS_FILE, "CARD.md"):
            assert (tmp_path / "model" / name).read_bytes() == (DEFAULT / name).read_bytes()
        assert without_made(tmp_path / "model") == without_made(DEFAULT)
    else:  # other libraries, or a processor that adds up in another order
        assert np.abs(made.coef - shipped.coef).max() <= 0.005
        assert np.abs(made.thresholds - shipped.thresholds).max() <= 0.02


def without_made(folder: Path) -> dict[str, object]:
    """What a model says of itself, without when it was made and by which command."""
    page = json.loads((folder / JSON_FILE).read_text())
    page.pop(MADE, None)
    return page


def test_the_corpus_of_the_shipped_model_is_the_one_here(corpus: Corpus, model: Model) -> None:
    digests = {source["name"]: source["sha256"] for source in model.about["data"]}
    for source in corpus.sources:
        assert digests[source.name] == source.sha256


def test_the_shipped_model_reads_real_statements(model: Model, shared: Path) -> None:
    from leadclass.assessment import assess

    overall = assess(model, shared / "gold" / "dev.csv").evaluate().overall
    assert overall.sides["leadership"].f1.value >= 0.68
    assert overall.sides["management"].f1.value >= 0.78
    assert overall.accuracy.value >= 0.77


def test_traits_that_are_never_named_are_never_said() -> None:
    examples = [
        Example(f"{word} {number}", label)
        for word, label in (("leads", "leadership"), ("plans", "management"), ("sells", "neither"))
        for number in "one two three four five six seven eight nine ten eleven twelve".split()
    ]
    made = Model(train(Corpus(examples, [])).weights)
    assert made.predict(["leads two", "plans two", "sells two"]).tolist() == [
        "leadership",
        "management",
        "neither",
    ]
    assert made.decide(["leads two"]).traits == [()]


def test_the_same_words_share_a_fold(small_corpus: Corpus) -> None:
    from leadclass.training.settings import TrainingSettings
    from leadclass.training.validation import assign_folds

    twice = Corpus(small_corpus.examples * 2, [])
    folds = assign_folds(twice, TrainingSettings())
    n = len(small_corpus.examples)
    assert (folds[:n] == folds[n:]).all()
    assert np.bincount(folds).min() > n / 4


def test_the_two_of_a_pair_share_a_fold(small_corpus: Corpus) -> None:
    from leadclass.training.settings import TrainingSettings
    from leadclass.training.validation import assign_folds

    pairs = [Example(f"{word} the {i}th thing", "neither", pair=f"{i}") for i in range(50)
             for word in ("leads", "plans")]  # fmt: skip
    folds = assign_folds(Corpus(small_corpus.examples + pairs, []), TrainingSettings())
    assert (folds[-100::2] == folds[-99::2]).all()


def test_calibration_prefers_real_statements_where_there_are_enough() -> None:
    from leadclass.training.validation import FEWEST_TO_CALIBRATE, calibration_weights

    def examples(n: int, origin: str, form: str = "statement", kind: str = "x") -> list[Example]:
        labels = [("leadership", ("vision",)), ("neither", ())]
        return [Example("x", *labels[i % 2], kind, form, origin=origin) for i in range(n)]

    enough = 2 * FEWEST_TO_CALIBRATE
    written = examples(enough, "written")
    phrases = examples(6, "written", "phrase")
    leadership, empathy = OUTPUTS.index("leadership"), OUTPUTS.index("empathy")
    cells = calibration_weights(Corpus(examples(enough, "real") + written + phrases, []))
    np.testing.assert_array_equal(np.flatnonzero(cells[:, leadership]), np.arange(enough))
    assert cells[:, empathy].all()  # no one shows it
    cells = calibration_weights(Corpus(examples(8, "real") + written + phrases, []))
    assert (cells[:, leadership] > 0).sum() == enough + 8
    kinds = examples(enough, "real", kind="a") + examples(3 * enough, "real", kind="b")
    cells = calibration_weights(Corpus(kinds, []))[:, leadership]
    assert cells[:enough].sum() == pytest.approx(cells[enough:].sum())


def test_thresholds_are_best_for_the_mean_of_the_kinds() -> None:
    from leadclass.training.validation import fit_thresholds

    given = np.linspace(0, 1, 1000)
    kinds = np.array(["high", "low"], dtype=object)[np.arange(1000) % 2]
    shown = np.column_stack([given >= np.where(kinds == "high", 0.6, 0.3)] * len(OUTPUTS))
    probabilities = np.column_stack([given] * len(OUTPUTS))
    weights = np.ones(shown.shape)
    both = fit_thresholds(probabilities, shown, weights, kinds)
    for name, edge in {"high": 0.6, "low": 0.3}.items():
        rows = kinds == name
        alone = fit_thresholds(probabilities[rows], shown[rows], weights[rows], kinds[rows])
        assert alone == pytest.approx(np.full(len(OUTPUTS), edge), abs=0.05)
    assert (both > 0.3).all() and (both < 0.6).all()


def test_one_class_alone_cannot_be_learnt(run: Run, tmp_path: Path) -> None:
    rows = "\n".join(f"Leads team {i}.,leadership" for i in range(50))
    (tmp_path / "mine.csv").write_text(f"text,label\n{rows}\n")
    done = run("train", "-c", "mine.csv", "-o", "model")
    assert_one_clear_line(done, "mine.csv", "do not show leadership", "add")
    assert not (tmp_path / "model").exists()


def test_a_folder_that_holds_something_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    (tmp_path / "model" / "notes.txt").write_text("mine")
    with pytest.raises(LeadclassError, match="not empty"):
        train_to(tmp_path / "model", [CORPUS])
    assert [path.name for path in (tmp_path / "model").iterdir()] == ["notes.txt"]


def test_training_on_the_command_line_prints_figures_and_writes_a_model(
    run: Run, corpus: Corpus, tmp_path: Path
) -> None:
    rows = [{"text": e.text, "label": e.label} for e in corpus.examples[::40]]
    (tmp_path / "mine.jsonl").write_text("\n".join(map(json.dumps, rows)))
    done = run("train", "-c", "mine.jsonl", "-o", "models/mine")
    assert done.returncode == 0, done.stderr
    assert "leadership" in done.stdout and "models/mine" in done.stdout
    assert run("score", "-m", "models/mine", "Plans.").returncode == 0
    assert sorted(path.name for path in (tmp_path / "models" / "mine").iterdir()) == [
        "CARD.md",
        "model.json",
        "pipeline.joblib",
        "weights.parquet",
    ]
