import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line

from leadclass.columns import own_columns
from leadclass.corpus import Corpus
from leadclass.defaults import InUse
from leadclass.errors import LeadclassError
from leadclass.evaluation import Interval
from leadclass.labelled_tables import file_digest
from leadclass.lineage import MADE, PARENT, lineage, made_now
from leadclass.model import Model, load
from leadclass.training.advising import advise
from leadclass.training.train import Trained, train_to
from leadclass.training.verification import verify
from leadclass.weights import read_weights, write_weights


@pytest.fixture(scope="module")
def table(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data") / "mine.jsonl"
    rows = [{"text": e.text, "label": e.label} for e in small_corpus.examples[::5]]
    path.write_text("\n".join(map(json.dumps, rows)))
    return path


@pytest.fixture(scope="module")
def trained(table: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trained, Path]:
    folder = tmp_path_factory.mktemp("trained") / "mine"
    return train_to(folder, [table]), folder


@pytest.fixture(scope="module")
def made(trained: tuple[Trained, Path]) -> Path:
    return trained[1]


@pytest.fixture(scope="module")
def adapted(made: Path, table: Path) -> Path:
    train_to(made.parent / "adapted", [EXAMPLES / "labelled.csv"], base=made)
    return made.parent / "adapted"


def test_a_model_says_how_it_was_made(made: Path, table: Path) -> None:
    about = read_weights(made).about
    (source,) = about["data"]
    assert source["sha256"] == file_digest(table)
    assert source["n_rows"] == sum(source["labels"].values()) > 0
    assert about["training"]["seed"] == 0 and "numpy" in about["versions"]
    assert about[MADE]["at"].endswith("+00:00") and about[MADE]["command"]
    rows = dict(lineage(about, read_weights(made).digest))
    assert source["name"] in rows["learnt from"]
    assert "adapted from" not in rows


def test_an_adapted_model_names_the_one_it_comes_from(made: Path, adapted: Path) -> None:
    weights = read_weights(adapted)
    digest = read_weights(made).digest
    assert weights.about[PARENT] == {"name": "mine", "sha256": digest, "files": 1}
    rows = lineage(weights.about, weights.digest)
    assert ("adapted from", f"mine ({digest[:12]})") in rows
    assert sum("rows (" in said for _, said in rows) == 1  # its own file alone


def test_a_model_of_old_has_a_lineage_that_says_what_is_not_known() -> None:
    assert dict(lineage({}, "abc")) == {
        "weights": "abc",
        "made": "not recorded",
        "by": "not recorded",
        "versions": "not recorded",
    }
    assert ("adapted from", "not recorded") in lineage({"adapted": {"n": 3}}, "abc")


def test_info_shows_the_lineage(run_here: Run, adapted: Path, tmp_path: Path) -> None:
    shown = run_here("info", "-m", adapted).stdout
    assert "named by --model" in shown and "adapted from" in shown and "labelled.csv" in shown
    page = json.loads(run_here("info", "-m", adapted, "-f", "json").stdout)
    assert page["in_use"]["why"] == "option" and page[PARENT]["name"] == "mine"


def test_a_command_is_kept_without_the_users_folders(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["/home/x/leadclass", "train", "-c", "/home/x/a b.csv"])
    assert made_now()["command"] == "leadclass train -c 'a b.csv'"
    monkeypatch.setattr(sys, "argv", ["/opt/leadclass/__main__.py", "train", "-c", "a/b.csv"])
    assert made_now("cp1252")["command"] == "leadclass train -c a/b.csv"
    assert made_now("cp1252")["encoding"] == "cp1252"


def test_a_model_is_verified_by_making_it_anew(
    run_here: Run, made: Path, table: Path, tmp_path: Path
) -> None:
    shutil.copy(table, tmp_path / "renamed.jsonl")
    done = run_here("verify", made, "-c", "renamed.jsonl")
    assert done.returncode == 0, done.stderr
    assert "the same bytes" in " ".join(done.stdout.split())  # a long path breaks the line


def test_an_adapted_model_is_verified_with_its_parent(
    run_here: Run, made: Path, adapted: Path
) -> None:
    data = EXAMPLES / "labelled.csv"
    done = run_here("verify", adapted, "-c", data, "--from", made, "-f", "json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["same"] is True
    assert_one_clear_line(run_here("verify", adapted, "-c", data), "adapted from mine", "--from")


def test_data_that_are_missing_or_changed_are_named(
    run_here: Run, made: Path, table: Path, tmp_path: Path
) -> None:
    (tmp_path / "mine.jsonl").write_text(table.read_text() + "\n")
    assert_one_clear_line(run_here("verify", made, "-c", "mine.jsonl"), "mine.jsonl has changed")
    (tmp_path / "other.csv").write_text("text,label\nx,neither\n")
    assert_one_clear_line(run_here("verify", made, "-c", "other.csv"), "mine.jsonl is missing")


def test_a_model_that_was_changed_is_found_out(
    run_here: Run, made: Path, table: Path, tmp_path: Path
) -> None:
    weights = read_weights(made)
    coef = weights.coef
    coef[0, 0] += 0.25
    (tmp_path / "touched").mkdir()
    write_weights(weights.with_coef(coef), tmp_path / "touched")
    found = verify(tmp_path / "touched", [table])
    assert not found.same_table and found.same_numbers
    assert found.coefficients == pytest.approx(0.25)
    assert found.versions == {}
    done = run_here("verify", "touched", "-c", table)
    assert done.returncode == 1 and "0.250" in done.stdout


def test_other_thresholds_and_other_versions_are_told(
    made: Path, table: Path, tmp_path: Path
) -> None:
    weights = read_weights(made)
    about = weights.about | {"versions": weights.about["versions"] | {"numpy": "0.1"}}
    thresholds = np.full_like(weights.thresholds, 0.99)
    write_weights(replace(weights, thresholds=thresholds, about=about), tmp_path)
    found = verify(tmp_path, [table])
    assert found.same_table and not found.same_numbers and not found.same
    assert found.labels and found.versions["numpy"][0] == "0.1"


def test_what_was_made_with_settings_of_another_time_is_told(made: Path, table: Path) -> None:
    weights = read_weights(made)
    about = weights.about | {"training": {"temperature": 1}}
    strange = made.parent / "strange"
    strange.mkdir()
    write_weights(replace(weights, about=about), strange)
    with pytest.raises(LeadclassError, match="temperature"):
        verify(strange, [table])


USED = InUse(Path("models/default"), "shipped")


def test_after_training_it_is_said_whether_to_use_the_model(
    trained: tuple[Trained, Path], made: Path
) -> None:
    new = trained[0]
    own = load(made)
    learnt = advise(new, "models/my own", ["mine.csv"], USED, own)
    assert learnt.comparison is None and "has not learnt from" in learnt.reason
    assert learnt.command == "leadclass use 'models/my own' --check held-out.csv"
    stranger = Model(replace(own.weights.with_coef(-own.weights.coef), about={}))
    better = advise(new, "m", ["mine.csv"], USED, stranger)
    assert better.comparison is not None and better.verdict == "Use it."
    assert better.command == "leadclass use m"
    knowing = Model(replace(own.weights, about={}))
    worse = advise(new, "m", ["mine.csv"], USED, knowing)
    assert worse.verdict.startswith("Do not use it.")
    assert worse.command == "leadclass corpus check mine.csv"
    own_words = advise(new, "m", ["mine.csv"], USED, knowing, own_columns("a comment"))
    assert own_words.command == "leadclass corpus check mine.csv -t 'a comment'"
    assert advise(new, "m", [], USED, None).command == "leadclass use m"


def test_poor_figures_are_called_poor(trained: tuple[Trained, Path]) -> None:
    new = trained[0]
    overall = new.evaluation.overall
    sides = {
        side: replace(part, f1=Interval(0.4, 0.3, 0.5)) for side, part in overall.sides.items()
    }
    evaluation = replace(new.evaluation, overall=replace(overall, sides=sides))
    poor = advise(replace(new, evaluation=evaluation), "m", [], USED, None)
    assert poor.verdict.startswith("It is not good enough")


def test_the_tables_of_stand_off_texts_are_recorded_and_found(
    small_corpus: Corpus, tmp_path: Path
) -> None:
    from leadclass.labelled_rows import text_digest

    some = small_corpus.examples[::12]
    texts = "\n".join(json.dumps({"text": e.text}) for e in some)
    (tmp_path / "texts.jsonl").write_text(texts)
    labels = [{"text_sha256": text_digest(e.text), "label": e.label} for e in some]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, labels)))
    train_to(tmp_path / "m", [tmp_path / "labels.jsonl"], texts=[tmp_path / "texts.jsonl"])
    kept = read_weights(tmp_path / "m").about["texts"]
    assert kept[0]["n_rows"] == len(some)
    assert verify(
        tmp_path / "m", [tmp_path / "labels.jsonl"], texts=[tmp_path / "texts.jsonl"]
    ).same
    with pytest.raises(LeadclassError, match=r"texts\.jsonl is missing"):
        verify(tmp_path / "m", [tmp_path / "labels.jsonl"])
