"""A run of tag that is broken off and gone on with writes the bytes of an unbroken one."""

import gzip
import json
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import QUARTET, Run, assert_one_clear_line

from leadclass import resuming
from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.table_tagging import Tagged, tag_table
from leadclass.tables import csv_files, excel_files, jsonl_files, parquet_plan

N_ROWS = 250
_CHANCE = random.Random(3)
COMMENTS = [
    " ".join(_CHANCE.choices([*QUARTET, "Größe; café", 'Says "yes, now".', "Two\nlines."], k=2))
    for _ in range(N_ROWS)
]
COMMENTS[40] = ""


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many batches of few rows, each told on the disk."""
    monkeypatch.setattr(resuming, "SECONDS", 0.0)
    monkeypatch.setattr(csv_files, "BATCH_BYTES", 2401)
    for module in (jsonl_files, parquet_plan, excel_files):
        monkeypatch.setattr(module, "BATCH_ROWS", 36)
    monkeypatch.setattr(csv_files, "_PYTHON_ROWS", 36)


def cells(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def csv_of(comments: list[str], delimiter: str = ",", newline: str = "\n") -> str:
    rows = (f"{i}{delimiter}{cells(text)}{newline}" for i, text in enumerate(comments))
    return f"id{delimiter}comment{newline}" + "".join(rows)


def jsonl_of(comments: list[str]) -> str:
    rows = ({"comment": text} | ({"late": 1} if i > 40 else {}) for i, text in enumerate(comments))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n\n" for row in rows)


def write(path: Path, encoding: str = "utf-8") -> Path:
    name, *_, ending = path.name, path.suffix
    if ".parquet" in name or ".xlsx" in name:
        table = pa.table({"comment": COMMENTS, "n": list(range(N_ROWS))})
        if ending == ".parquet":
            pq.write_table(table, path, row_group_size=70)
            return path
        pq.write_table(table, path.with_suffix(".parquet"))
        tag_table(_Says(), path.with_suffix(".parquet"), path, "comment")  # type: ignore[arg-type]
        path.with_suffix(".parquet").unlink()
        return path
    if "jsonl" in name:
        content = jsonl_of(COMMENTS).encode(encoding)
    elif "odd" in name:  # a cell that Python's reader takes and the quick one does not
        content = csv_of(COMMENTS).replace("\n150,", '\n1"50,').encode(encoding)
    else:
        content = csv_of(COMMENTS, ";" if "tsv" not in name else "\t", "\r\n").encode(encoding)
    path.write_bytes(gzip.compress(content) if ending == ".gz" else content)
    return path


class _Says:
    """A model that finds nothing: all that is needed to make a workbook."""

    def __init__(self) -> None:
        from leadclass.model import load

        self.decide = load().decide


class Broken(BaseException):
    """What stands for the end of a process: nothing of the program handles it."""


def snapshots(model: Model, source: Path, target: Path, **options: Any) -> Iterator[Path]:
    """What kill -9 leaves after each batch: the files of the folder as they then are."""
    places: list[Path] = []

    def shoot(rows: int, share: float) -> None:
        place = target.parent.with_name(f"{target.parent.name}-{len(places)}")
        shutil.copytree(target.parent, place)
        places.append(place)

    tag_table(model, source, target, "comment", keep=True, progress=shoot, **options)
    yield from places


def go_on(model: Model, source: Path, target: Path, **options: Any) -> Tagged:
    return tag_table(model, source, target, "comment", keep=True, resume=True, **options)


CASES = [
    ("in.csv", "out.csv", "utf-8", "statement"),
    ("in.csv", "out.csv", "utf-16", "row"),
    ("in.tsv", "out.tsv", "utf-8-sig", "row"),
    ("in.csv.gz", "out.csv", "cp1252", "row"),
    ("odd.csv", "out.csv", "utf-8", "row"),
    ("in.csv", "out.csv.gz", "utf-8", "row"),
    ("in.csv", "out.parquet", "utf-8", "statement"),
    ("in.jsonl", "out.jsonl", "utf-8", "row"),
    ("in.jsonl", "out.jsonl", "utf-16", "statement"),
    ("in.parquet", "out.parquet", "utf-8", "row"),
    ("in.parquet", "out.csv", "utf-8", "row"),
    ("in.csv", "out.xlsx", "utf-8", "row"),
    ("in.xlsx", "out.jsonl", "utf-8", "row"),
]


@pytest.mark.parametrize(("given", "wanted", "encoding", "unit"), CASES)
def test_wherever_a_run_breaks_another_ends_with_the_same_bytes(
    model: Model, tmp_path: Path, given: str, wanted: str, encoding: str, unit: str
) -> None:
    source = write(tmp_path / given, encoding)
    options = {"unit": unit, "encoding": None if "utf" in encoding else encoding}
    (tmp_path / "run").mkdir()
    target = tmp_path / "run" / wanted
    places = list(snapshots(model, source, target, **options))
    assert len(places) >= 6
    plain = tmp_path / f"plain-{wanted}"
    done = tag_table(model, source, plain, "comment", **options)  # type: ignore[arg-type]
    assert plain.read_bytes() == target.read_bytes()
    for place in [places[0], *places[2:-1:6], places[-1]]:
        assert go_on(model, source, place / wanted, **options) == done
        assert (place / wanted).read_bytes() == target.read_bytes()
        assert [path.name for path in place.iterdir()] == [wanted]


def test_what_was_done_is_not_done_again(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored: list[int] = []
    decide = Model.decide

    def counted(self: Model, texts: Any) -> Any:
        scored.append(len(texts))
        return decide(self, texts)

    for wanted in ("out.csv", "out.parquet"):
        source = write(tmp_path / "in.csv")
        folder = tmp_path / wanted
        folder.mkdir()
        *_, before_last, _ = snapshots(model, source, folder / wanted)
        with monkeypatch.context() as patch:
            patch.setattr(Model, "decide", counted)
            go_on(model, source, before_last / wanted)
        assert len(scored) == 1
        scored.clear()


def test_of_a_folder_of_tables_only_what_is_missing_is_done(model: Model, tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "deep").mkdir(parents=True)
    for name in ("a.csv", "b.parquet", "c.csv.gz", "deep/d.jsonl"):
        write(source / name)
    (tmp_path / "run").mkdir()
    whole = tmp_path / "run" / "out"
    places = list(snapshots(model, source, whole))
    for place in places[::4]:
        go_on(model, source, place / "out")
        assert [path.name for path in place.iterdir()] == ["out"]
        for path in whole.rglob("*.*"):
            assert (place / "out" / path.relative_to(whole)).read_bytes() == path.read_bytes()


def test_a_run_may_break_again_and_again(model: Model, tmp_path: Path) -> None:
    source, target = write(tmp_path / "in.csv"), tmp_path / "out.csv"
    tag_table(model, source, tmp_path / "whole.csv", "comment")
    for _ in range(N_ROWS):
        done_now = 0

        def end_soon(rows: int, share: float) -> None:
            nonlocal done_now
            done_now += 1
            if done_now == 2:
                raise Broken

        try:
            go_on(model, source, target, progress=end_soon)
            break
        except Broken as broken:
            assert "--resume goes on after" in broken.__notes__[0]
            assert not target.exists()
    assert target.read_bytes() == (tmp_path / "whole.csv").read_bytes()


@pytest.fixture
def left(model: Model, tmp_path: Path) -> Path:
    """A folder in which a run was broken off."""
    (tmp_path / "run").mkdir()
    source = write(tmp_path / "in.csv")
    return list(snapshots(model, source, tmp_path / "run" / "out.csv"))[3]


def test_nothing_goes_on_with_another_table_option_or_model(
    model: Model, tmp_path: Path, left: Path
) -> None:
    source, target = tmp_path / "in.csv", left / "out.csv"
    before = {path.name: path.read_bytes() for path in left.iterdir()}
    other = model.with_thresholds({"leadership": 0.9})
    with pytest.raises(LeadclassError, match="model or a threshold is not what it was"):
        go_on(other, source, target)
    with pytest.raises(LeadclassError, match=r"--unit is not.*leave --resume out"):
        go_on(model, source, target, unit="statement")
    with pytest.raises(LeadclassError, match="--delimiter is not"):
        go_on(model, source, target, delimiter=";")
    with pytest.raises(LeadclassError, match="--no-guard is not"):
        go_on(model, source, target, guards=False)
    source.write_text(source.read_text(encoding="utf-8") + "9;more\n", encoding="utf-8")
    with pytest.raises(LeadclassError, match=r"the table .*in\.csv is not what it was"):
        go_on(model, source, target)
    assert {path.name: path.read_bytes() for path in left.iterdir()} == before


def test_what_was_left_and_damaged_is_not_gone_on_with(
    model: Model, tmp_path: Path, left: Path
) -> None:
    unfinished = left / ".out.csv.1.unfinished"
    content = bytearray(unfinished.read_bytes())
    content[50] ^= 1
    unfinished.write_bytes(content)
    with pytest.raises(LeadclassError, match="damaged; leave --resume out"):
        go_on(model, tmp_path / "in.csv", left / "out.csv")
    unfinished.write_bytes(content[:100])
    with pytest.raises(LeadclassError, match="damaged"):
        go_on(model, tmp_path / "in.csv", left / "out.csv")


def test_without_resume_what_was_left_is_told_and_stays_until_all_is_whole(
    model: Model, tmp_path: Path, left: Path
) -> None:
    names = {path.name for path in left.iterdir()}
    told: list[str] = []

    def look(rows: int, share: float) -> None:
        assert names < {path.name for path in left.iterdir()}

    source, target = tmp_path / "in.csv", left / "out.csv"
    tag_table(model, source, target, "comment", keep=True, tell=told.append, progress=look)
    assert [path.name for path in left.iterdir()] == ["out.csv"]
    assert len(told) == 1 and "--resume goes on with them" in told[0]


def test_what_was_left_of_another_table_is_put_away(
    model: Model, tmp_path: Path, left: Path
) -> None:
    source = tmp_path / "other.csv"
    source.write_text("comment\nPlans.\n")
    told: list[str] = []
    tag_table(model, source, left / "out.csv", "comment", keep=True, tell=told.append)
    assert [path.name for path in left.iterdir()] == ["out.csv"]
    assert told == []


def test_with_nothing_left_resume_begins_and_says_so(model: Model, tmp_path: Path) -> None:
    told: list[str] = []
    source = write(tmp_path / "in.csv")
    go_on(model, source, tmp_path / "out.csv", tell=told.append)
    assert "starts at the first row" in told[0]


def test_nothing_goes_on_with_what_another_run_is_writing(model: Model, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv")
    refused = 0

    def try_too(rows: int, share: float) -> None:
        nonlocal refused
        with pytest.raises(LeadclassError, match="another run is writing it"):
            go_on(model, source, tmp_path / "out.csv")
        refused += 1

    tag_table(model, source, tmp_path / "out.csv", "comment", keep=True, progress=try_too)
    assert refused > 1


def test_a_row_that_has_to_be_mended_leaves_nothing(model: Model, tmp_path: Path) -> None:
    source = write(tmp_path / "in.csv")
    source.write_bytes(source.read_bytes() + b"9;x;y\r\n")
    with pytest.raises(LeadclassError, match="row 251"):
        tag_table(model, source, tmp_path / "out.csv", "comment", keep=True)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_from_python_nothing_is_left(model: Model, tmp_path: Path) -> None:
    def end(rows: int, share: float) -> None:
        raise Broken

    source = write(tmp_path / "in.csv")
    with pytest.raises(Broken):
        tag_table(model, source, tmp_path / "out.csv", "comment", progress=end)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


#: The program as it is, but with small batches, and telling often how far it has come.
_OFTEN = (
    "import sys\n"
    "from leadclass import resuming, table_workers\n"
    "from leadclass.tables import csv_files\n"
    "resuming.SECONDS, csv_files.BATCH_BYTES = 0.02, 50_000\n"
    "table_workers.WORTH_A_PROCESS = 100_000\n"
    "from leadclass.cli import main\n"
    "main()\n"
)


def test_killed_at_moments_of_chance_it_ends_with_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(csv_of(COMMENTS * 120), encoding="utf-8")
    command = [sys.executable, "-c", _OFTEN, "tag", "in.csv", "-t", "comment", "-o"]
    chance = random.Random(5)
    n_killed = 0
    for jobs in "21":
        process = subprocess.Popen(
            [*command, "out.csv", "--resume", "-j", jobs], cwd=tmp_path, stderr=subprocess.PIPE
        )
        journal = tmp_path / ".out.csv.1.unfinished.json"
        before = journal.stat().st_mtime_ns if journal.exists() else 0
        while process.poll() is None:
            if journal.exists() and journal.stat().st_mtime_ns != before:
                time.sleep(chance.random() / 8)
                process.kill()
                n_killed += 1
                break
            time.sleep(0.005)
        process.communicate()  # which waits for its other processes, too: they have the same pipe
    assert n_killed
    for name, *more in (("out.csv", "--resume"), ("whole.csv",)):
        subprocess.run(
            [*command, name, *more, "-j", "1"], cwd=tmp_path, check=True, capture_output=True
        )
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"in.csv", "out.csv", "whole.csv"}


def test_resume_wants_a_file_and_this_machine(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("c\nx\n")
    done = run("tag", "in.csv", "-t", "c", "-o", "-", "--resume")
    assert_one_clear_line(done, "--resume", "-o")
    done = run("tag", "in.csv", "-t", "c", "-o", "out", "--resume", "--engine", "spark")
    assert_one_clear_line(done, "--resume", "local")
