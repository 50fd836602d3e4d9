import json
import shutil
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line

import leadclass
from leadclass.comparison import Comparison, compare
from leadclass.defaults import (
    CHOICE_FILE,
    CONFIG_VARIABLE,
    MODEL_VARIABLE,
    Check,
    Choice,
    config_folder,
    model_in_use,
    read_choice,
    shipped_model,
    write_choice,
)
from leadclass.errors import LeadclassError
from leadclass.judgement import judge
from leadclass.labels import OUTPUTS
from leadclass.model import Model, load
from leadclass.weights import write_weights

TABLE = EXAMPLES / "labelled.csv"


@pytest.fixture(autouse=True)
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "settings" / "leadclass"
    monkeypatch.setenv(CONFIG_VARIABLE, str(folder))
    monkeypatch.delenv(MODEL_VARIABLE, raising=False)
    return folder


@pytest.fixture
def mine(small_model_dir: Path, tmp_path: Path) -> Path:
    return shutil.copytree(small_model_dir, tmp_path / "mine")


@pytest.fixture
def contrary(model: Model, tmp_path: Path) -> Path:
    """A model that says the contrary of the shipped one."""
    (tmp_path / "contrary").mkdir()
    weights = model.weights.with_coef(-model.weights.coef)
    write_weights(weights, tmp_path / "contrary")
    return tmp_path / "contrary"


def test_the_shipped_model_is_used_where_nothing_is_chosen(run_here: Run) -> None:
    assert model_in_use().why == "shipped"
    assert run_here("use").stdout == f"{shipped_model()} is in use: shipped with leadclass.\n"


def test_a_chosen_model_is_used_by_commands_and_from_python(
    run_here: Run, mine: Path, settings: Path
) -> None:
    done = run_here("use", "mine")
    assert done.returncode == 0, done.stderr
    assert "Nothing was compared" in done.stdout and "mine is in use" in done.stdout
    assert json.loads((settings / CHOICE_FILE).read_text())["folder"] == str(mine)
    assert run_here("use").stdout == f"{mine} is in use: chosen with 'leadclass use'.\n"
    assert leadclass.load().weights.digest == load(mine).weights.digest
    assert run_here("info").stdout.startswith(f"{mine}, chosen with 'leadclass use'")
    plan = ("score", "Plans the weekly rota.")
    assert run_here(*plan).stdout == run_here(*plan, "-m", mine).stdout
    assert run_here(*plan).stdout != run_here(*plan, "-m", shipped_model()).stdout
    assert run_here("use", "default").stdout == "The shipped model is in use.\n"
    assert model_in_use().why == "shipped"


def test_the_option_goes_before_the_environment_and_that_before_the_choice(
    run_here: Run, mine: Path, contrary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run_here("use", "mine").returncode == 0
    monkeypatch.setenv(MODEL_VARIABLE, str(contrary))
    assert model_in_use().why == "environment"
    assert model_in_use("x") == replace(model_in_use(), folder=Path("x"), why="option")
    assert MODEL_VARIABLE in run_here("use", "mine").stderr
    assert f"named by {MODEL_VARIABLE}" in run_here("info").stdout
    monkeypatch.setenv(MODEL_VARIABLE, "nowhere")
    assert_one_clear_line(
        run_here("score", "Plans."), "nowhere", "no such", f"set {MODEL_VARIABLE}"
    )


def test_a_chosen_model_that_is_gone_is_told_and_no_other_is_used(
    run_here: Run, mine: Path
) -> None:
    assert run_here("use", "mine").returncode == 0
    shutil.rmtree(mine)
    for command in (("score", "Plans."), ("explain", "Plans."), ("info",), ("use",)):
        assert_one_clear_line(run_here(*command), str(mine), "no such", "leadclass use default")
    assert run_here("score", "Plans.", "-m", shipped_model()).returncode == 0
    assert run_here("use", "default").returncode == 0
    assert run_here("score", "Plans.").returncode == 0


def test_a_chosen_model_that_has_changed_is_told(run_here: Run, mine: Path, contrary: Path) -> None:
    assert run_here("use", "mine").returncode == 0
    for file in contrary.iterdir():
        shutil.copy(file, mine)
    assert_one_clear_line(run_here("score", "Plans."), "has changed since it was chosen")
    assert run_here("use", "mine").returncode == 0
    assert run_here("score", "Plans.").returncode == 0


def test_a_worse_model_is_not_used_without_anyway(run_here: Run, contrary: Path) -> None:
    use = ("use", "contrary", "--check", TABLE)
    done = run_here(*use)
    assert_one_clear_line(done, "not used: it is surely worse: the right label", "--anyway")
    assert "second" in done.stdout
    assert model_in_use().why == "shipped"
    done = run_here(*use, "--anyway")
    assert done.returncode == 0 and "surely worse" in done.stdout
    assert model_in_use().folder == contrary


def test_the_table_of_a_check_is_remembered(run_here: Run, mine: Path, contrary: Path) -> None:
    table = contrary.parent / "mine.csv"
    shutil.copy(TABLE, table)
    assert run_here("use", "mine", "--check", table, "--anyway").returncode == 0
    assert run_here("use", "default").returncode == 0
    assert_one_clear_line(run_here("use", "contrary"), "not used")
    table.unlink()
    assert_one_clear_line(run_here("use", "contrary"), str(table), "gone", "--check")
    assert "Nothing was compared" in run_here("use", "contrary", "--anyway").stdout


def test_a_table_that_was_learnt_from_proves_nothing(run_here: Run, mine: Path) -> None:
    page = json.loads((mine / "model.json").read_text())
    from leadclass.labelled_tables import file_digest

    page["data"][0]["sha256"] = file_digest(TABLE)
    (mine / "model.json").write_text(json.dumps(page))
    assert_one_clear_line(run_here("use", "mine", "--check", TABLE), "has learnt from the table")


def test_a_folder_that_is_no_model_is_not_chosen(
    run_here: Run, settings: Path, tmp_path: Path
) -> None:
    assert_one_clear_line(run_here("use", "nowhere"), "nowhere", "no such model folder")
    (tmp_path / "empty").mkdir()
    assert_one_clear_line(run_here("use", "empty"), "empty", "no model here")
    assert_one_clear_line(run_here("use", "--anyway"), "name the model")
    assert not settings.exists()


def test_a_damaged_choice_is_told_and_can_be_replaced(
    run_here: Run, settings: Path, mine: Path
) -> None:
    settings.mkdir(parents=True)
    of_numbers = '{"folder": null, "digest": null, "check": {"table": 1, "texts": []}}'
    for content in ("{", "[]", "{}", '{"folder": 1, "digest": null, "check": null}', of_numbers):
        (settings / CHOICE_FILE).write_text(content)
        with pytest.raises(LeadclassError, match="damaged"):
            read_choice()
    assert_one_clear_line(run_here("score", "Plans."), CHOICE_FILE, "leadclass use default")
    assert run_here("use", "mine").returncode == 0
    assert model_in_use().folder == mine


def test_a_choice_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    choice = Choice("a", "b", Check("t.csv", "comment", "side", False, ("x", "y"), "cp1252"))
    write_choice(choice)
    assert read_choice() == choice


def test_settings_that_cannot_be_written_are_told(
    run_here: Run, mine: Path, settings: Path
) -> None:
    settings.parent.write_text("a file")
    assert_one_clear_line(run_here("use", "mine"), "settings", CONFIG_VARIABLE)


@pytest.mark.skipif(sys.platform != "linux", reason="where Linux has its settings")
def test_settings_are_where_the_platform_has_them(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(CONFIG_VARIABLE)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config_folder() == tmp_path / "leadclass"
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert config_folder() == tmp_path / ".config" / "leadclass"


def compared(n: int, wrong_before: int, wrong_after: int) -> Comparison:
    """Of n statements, every second of them leadership, two models miss other ones."""
    truth = np.zeros((n, len(OUTPUTS)), bool)
    truth[::2, 0] = True
    first, second = truth.copy(), truth.copy()
    first[: 2 * wrong_before : 2, 0] = False
    second[n - 2 * wrong_after :: 2, 0] = False
    return compare(truth, first, second)


def test_a_model_is_judged_by_how_sure_the_difference_is() -> None:
    assert judge(compared(400, 30, 5)).verdict == "better"
    assert judge(compared(400, 5, 30)).verdict == "worse"
    assert judge(compared(400, 5, 5)).verdict == "unsure"
    assert "surely worse" in judge(compared(400, 5, 30)).reason
    probably = judge(compared(400, 5, 9))
    assert probably.verdict == "worse" and "probably worse" in probably.reason
    assert "probably better" in judge(compared(400, 9, 5)).reason
    assert "very same" in judge(compared(400, 0, 0)).reason
