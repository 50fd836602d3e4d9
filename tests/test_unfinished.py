"""What is being written has a name of its own until it is whole, and then nothing is left of it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from leadclass.errors import LeadclassError
from leadclass.files import replacing
from leadclass.folders import replacing_folder
from leadclass.unfinished import in_use, leftovers


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_what_is_being_written_is_named_after_its_target(tmp_path: Path) -> None:
    with replacing(tmp_path / "a.csv") as unfinished:
        assert unfinished.name == ".a.csv.1.unfinished"
        unfinished.write_text("new")
        assert not (tmp_path / "a.csv").exists()
    assert names(tmp_path) == ["a.csv"]


def test_two_may_write_one_file_and_the_last_is_there(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as one:
        one.write_text("one")
        with replacing(tmp_path / "a") as two:
            two.write_text("two")
        assert (tmp_path / "a").read_text() == "two"
        assert one.exists()
    assert (tmp_path / "a").read_text() == "one"
    assert names(tmp_path) == ["a"]


#: Begins to write and ends at once.
_ENDS = """
import os, sys
from leadclass.files import replacing
from leadclass.folders import replacing_folder
with globals()[sys.argv[1]](sys.argv[2]) as unfinished:
    (unfinished / "x" if unfinished.is_dir() else unfinished).write_text("half")
    os._exit(9)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks of Unix")
def test_what_a_killed_process_leaves_is_put_away_by_the_next(tmp_path: Path) -> None:
    for create, begun in ((replacing, "a"), (replacing_folder, "b")):
        half = subprocess.run([sys.executable, "-c", _ENDS, create.__name__, tmp_path / begun])
        assert half.returncode == 9
        assert leftovers(tmp_path / begun) and not in_use(tmp_path / begun)
        with create(tmp_path / begun) as unfinished:
            assert not leftovers(tmp_path / begun) and in_use(tmp_path / begun)
            (unfinished / "x" if unfinished.is_dir() else unfinished).write_text("whole")
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / "a").read_text() == (tmp_path / "b" / "x").read_text() == "whole"


def test_a_long_name_is_shortened(tmp_path: Path) -> None:
    target = tmp_path / ("ä" * 120 + ".csv")
    with replacing(target) as unfinished:
        unfinished.write_text("x")
    assert names(tmp_path) == [target.name]


def test_a_folder_that_is_replaced_is_there_at_any_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "model"
    target.mkdir()
    (target / "x").write_text("old")
    if sys.platform == "linux":  # where two names are swapped at once, and nothing is renamed
        monkeypatch.setattr(os, "replace", None)
    with replacing_folder(target, replaceable=["x"]) as unfinished:
        (unfinished / "x").write_text("new")
    assert (target / "x").read_text() == "new"
    assert names(tmp_path) == ["model"]


def test_a_folder_is_replaced_where_names_cannot_be_swapped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadclass.folders._swapped_at_once", lambda one, other: False)
    target = tmp_path / "model"
    target.mkdir()
    (target / "x").write_text("old")
    with replacing_folder(target, replaceable=["x"]) as unfinished:
        (unfinished / "x").write_text("new")
    assert (target / "x").read_text() == "new"
    assert names(tmp_path) == ["model"]


def test_too_many_that_write_one_file_are_refused(tmp_path: Path) -> None:
    for number in range(1, 21):
        (tmp_path / f".a.{number}.unfinished").write_text("")
        (tmp_path / f".a.{number}.unfinished.json").write_text("{}")
    with pytest.raises(LeadclassError, match="20 unfinished files"), replacing(tmp_path / "a"):
        pass
