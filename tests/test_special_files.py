"""What is in a folder may be no file at all, and have any name."""

import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run, assert_one_clear_line

from leadclass.documents import read_document
from leadclass.errors import LeadclassError

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")

PLANS = "Plans the weekly rota."
TABLE = f"text,label\n{PLANS},management\n"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder with one table, one document, and much that is neither."""
    place = tmp_path / "in"
    place.mkdir()
    (place / "good.csv").write_text(TABLE)
    (place / "good.txt").write_text(PLANS)
    for ending in ("csv", "txt", "xlsx", "docx"):
        (place / f"folder.{ending}").mkdir()
        os.mkfifo(place / f"fifo.{ending}")
        (place / f"nowhere.{ending}").symlink_to(place / "none")
        (place / f"itself.{ending}").symlink_to(f"itself.{ending}")
        (place / f"zero.{ending}").symlink_to("/dev/zero")
    (place / "around").symlink_to(place)
    before = Path.cwd()
    os.chdir(place)  # a socket's path must be short
    listening = socket.socket(socket.AF_UNIX)
    listening.bind("socket.csv")
    os.chdir(before)
    yield place
    listening.close()


def test_a_folder_gives_its_files_alone(run_here: Run, folder: Path, tmp_path: Path) -> None:
    done = run_here("tag", "in", "-t", "text", "-o", "out", "-j", "1")
    assert done.returncode == 0, done.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["good.csv"]
    done = run_here("analyze", "in", "-f", "csv")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(PLANS) == 1
    assert run_here("analyze", "in/*.txt", "-f", "csv").returncode == 0
    assert run_here("corpus", "stats", "in").returncode == 0


@pytest.mark.parametrize("name", ["folder", "nowhere", "itself", "zero"])
def test_what_is_no_file_is_said_in_one_line(run_here: Run, folder: Path, name: str) -> None:
    assert_one_clear_line(run_here("tag", f"in/{name}.csv", "-t", "text", "-o", "o.csv"), name)
    assert_one_clear_line(run_here("corpus", "check", f"in/{name}.csv"))
    assert_one_clear_line(run_here("evaluate", f"in/{name}.csv"), name)
    if name != "folder":
        assert_one_clear_line(run_here("analyze", f"in/{name}.txt"), name)


def test_a_pipe_is_a_document_and_one_without_end_is_refused(folder: Path) -> None:
    fifo = folder / "fifo.txt"
    writer = threading.Thread(target=fifo.write_text, args=(PLANS,))
    writer.start()
    assert read_document(fifo).text == PLANS
    writer.join()
    with pytest.raises(LeadclassError, match="more than 50,000,000 bytes"):
        read_document(folder / "zero.txt")


def test_names_may_be_anything(run_here: Run, tmp_path: Path) -> None:
    for name in ("-x", "a\nb", "*", "[a]", "~", "%s", "{x}", "é" * 60):
        (tmp_path / f"{name}.csv").write_text(TABLE)
        (tmp_path / f"{name}.txt").write_text(PLANS)
        for arguments in (
            ["tag", "-t", "text", "-o", "out.csv", "-j", "1", "--", f"{name}.csv"],
            ["analyze", "-f", "jsonl", "--html", "out.html", "--", f"{name}.txt"],
            ["evaluate", "--", f"{name}.csv"],
        ):
            assert run_here(*arguments).returncode == 0, name
    # As an option that there is not, a name without -- is refused.
    assert_one_clear_line(run_here("analyze", "-x.txt"))


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root reads all")
def test_what_one_may_not_read_is_named(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(TABLE)
    (tmp_path / "a.txt").write_text(PLANS)
    for path in tmp_path.iterdir():
        path.chmod(0)
    assert_one_clear_line(run_here("tag", "a.csv", "-t", "text", "-o", "o.csv"), "cannot be read")
    assert_one_clear_line(run_here("analyze", "a.txt"), "cannot be read")
