"""Whichever process tagged a column, it keeps its place among the others."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import QUARTET, Run, assert_one_clear_line

from leadclass.arrow import as_strings
from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.parallel import AHEAD, _with_last, tag_columns
from leadclass.table_workers import WORTH_A_PROCESS, workers_for
from leadclass.workers import Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(1, "leadclass.parallel:prepare") as started:
        yield started


def columns(n: int) -> Iterator[tuple[int, pa.Array]]:
    for i in range(n):
        yield i, as_strings(list(QUARTET)[i % 4 :])


def labels(cells: list[pa.Array]) -> list[str]:
    found: list[str] = cells[0].to_pylist()
    return found


def test_columns_come_back_in_their_order(model: Model, workers: Workers) -> None:
    alone = [(i, labels(cells)) for i, (_, cells) in tag_columns(model, columns(30), "row")]
    shared = tag_columns(model, columns(30), "row", workers)
    assert [(i, labels(cells)) for i, (_, cells) in shared] == alone
    assert alone == [(i, list(QUARTET.values())[i % 4 :]) for i in range(30)]


def test_an_error_waits_until_it_is_its_turn(model: Model, workers: Workers) -> None:
    not_utf8 = pa.StringArray.from_buffers(
        1, pa.py_buffer(b"\0\0\0\0\1\0\0\0"), pa.py_buffer(b"\xff")
    )
    # The first are under way in the other process, and this one has the time for what comes then.
    place = AHEAD + 2
    given = [(i, not_utf8 if i == place else texts) for i, texts in columns(12)]
    found = []
    with pytest.raises(LeadclassError, match="not UTF-8"):
        for i, _ in tag_columns(model, given, "row", workers):
            found.append(i)
    assert found == list(range(place))


def _own_pid(_: object) -> int:
    return os.getpid()


def test_a_worker_that_is_killed_is_told_and_not_waited_for(model: Model, workers: Workers) -> None:
    workers.tell(None)
    os.kill(workers.submit(_own_pid).result(), signal.SIGKILL)
    with pytest.raises(LeadclassError, match=r"ended from outside; .*--jobs 1"):
        list(tag_columns(model, columns(30), "row", workers))


def test_workers_that_were_told_nothing_end() -> None:
    with Workers(2, "leadclass.parallel:prepare"):
        pass


def test_there_are_as_many_workers_as_a_table_is_worth(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr("leadclass.workers.Workers.__init__", lambda _, n, __: started.append(n))
    monkeypatch.setattr("leadclass.workers.Workers.__exit__", lambda *_: None)
    sizes = {"small.csv": 0.9, "large.csv": 3.5, "packed.csv.gz": 0.5}
    (tmp_path / "folder" / "year=2025").mkdir(parents=True)
    for name, size in sizes.items():
        for path in (tmp_path / name, tmp_path / "folder" / "year=2025" / name):
            with path.open("wb") as file:
                file.truncate(int(size * WORTH_A_PROCESS))
    for name in (*sizes, "folder", "not there.csv", "a\0b"):
        for most in (0, 2, 9):
            with workers_for(tmp_path / name, most):
                pass
    assert started == [2, 3, 2, 2, 2, 6]


@pytest.mark.parametrize(
    "lacking", ["leadclass.workers.get_context", "multiprocessing.context.SpawnProcess.start"]
)
def test_without_processes_or_semaphores_there_are_no_workers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(lacking, fail)
    monkeypatch.setattr("leadclass.table_workers.WORTH_A_PROCESS", 1)
    (tmp_path / "in.csv").write_text("text")
    with workers_for(tmp_path / "in.csv", 1) as workers:
        assert workers is None


def test_a_large_table_that_cannot_be_read_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_bytes(b"a,b\n" + b"1,2\n" * (WORTH_A_PROCESS // 3))
    tag = ("tag", "large.csv", "-t", "comment", "-o", "out.csv", "--jobs", 2)
    assert_one_clear_line(run(*tag), "large.csv", "comment")


def test_only_the_last_item_is_told_to_be_it() -> None:
    assert [list(_with_last(range(n))) for n in (0, 1, 3)] == [
        [],
        [(0, True)],
        [(0, False), (1, False), (2, True)],
    ]
