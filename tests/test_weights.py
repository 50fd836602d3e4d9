import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, assert_one_clear_line

from leadclass.errors import LeadclassError
from leadclass.model import load
from leadclass.weights import FORMAT_VERSION, JSON_FILE, WEIGHTS_FILE, read_weights, write_weights


@pytest.fixture
def folder(small_model_dir: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "model"
    shutil.copytree(small_model_dir, copy)
    return copy


def change_json(folder: Path, change: Callable[[dict], object]) -> None:
    page = json.loads((folder / JSON_FILE).read_text())
    change(page)
    (folder / JSON_FILE).write_text(json.dumps(page))


def change_table(folder: Path, change: Callable[[pa.Table], pa.Table]) -> None:
    table = pq.read_table(folder / WEIGHTS_FILE)
    pq.write_table(change(table), folder / WEIGHTS_FILE)


def with_nan(table: pa.Table) -> pa.Table:
    values = table["vision"].to_pylist()
    values[2] = float("nan")
    place = table.column_names.index("vision")
    return table.set_column(place, "vision", pa.array(values))


def test_writing_what_was_read_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    write_weights(read_weights(folder), tmp_path / "again")
    for name in (WEIGHTS_FILE, JSON_FILE):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()


def test_the_table_reads_well_in_other_programs(folder: Path) -> None:
    frame = pq.read_table(folder / WEIGHTS_FILE).to_pandas()
    assert list(frame.columns[:4]) == ["kind", "term", "idf", "leadership"]
    assert set(frame["kind"]) == {"word", "pair", "subword"}
    assert np.isfinite(frame.iloc[:, 2:]).all(axis=None)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda f: shutil.rmtree(f), "no such model folder"),
        (lambda f: [p.unlink() for p in f.iterdir()], "model.json is missing"),
        (lambda f: (f / WEIGHTS_FILE).unlink(), "weights.parquet.*missing"),
        (lambda f: (f / JSON_FILE).write_text('{"format_version": 1, "se'), "cut off"),
        (lambda f: (f / JSON_FILE).write_text("[]"), "format version"),
        (
            lambda f: (f / WEIGHTS_FILE).write_bytes((f / WEIGHTS_FILE).read_bytes()[:-900]),
            "cut off",
        ),
        (
            lambda f: change_json(f, lambda p: p.update(format_version=FORMAT_VERSION + 1)),
            "newer.*upgrade",
        ),
        (lambda f: change_json(f, lambda p: p.pop("outputs")), "outputs is missing"),
        (lambda f: change_json(f, lambda p: p["settings"].update(windows=[0])), "cannot be used"),
        (
            lambda f: change_json(f, lambda p: p["outputs"]["vision"].update(threshold=1e999)),
            "cannot be used",
        ),
        (lambda f: change_table(f, with_nan), "row 3.*vision.*not a number"),
        (lambda f: change_table(f, lambda t: t.drop_columns("idf")), "not a table of weights"),
        (lambda f: change_table(f, lambda t: t.slice(1)), "digest"),
    ],
)
def test_damaged_folders_are_named(
    folder: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(folder)
    with pytest.raises(LeadclassError, match=words):
        load(folder)


def test_a_damaged_model_is_one_line_on_the_command_line(run: Run, folder: Path) -> None:
    change_table(folder, with_nan)
    assert_one_clear_line(run("score", "-m", folder, "x"), WEIGHTS_FILE, "not a number")


def test_no_pickle_is_opened_to_score(folder: Path) -> None:
    (folder / "pipeline.joblib").write_bytes(b"not a pickle at all")
    assert load(folder).predict(["Plans the rota."]).shape == (1,)
