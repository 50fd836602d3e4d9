"""The wheel: the same bytes whenever and wherever it is built, with nothing but the product."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import ROOT

pytest.importorskip("hatchling")

#: What is made in a checkout by working in it.
MADE = shutil.ignore_patterns(
    ".*", "__pycache__", "*.egg-info", "build", "dist", "node_modules", "notebooks", "venv"
)

#: Moments to which the files of a checkout are set: the first and the last that a zip can tell.
LONG_AGO, LATER = 315_619_200, 4_354_819_198


def build(folder: Path, moment: int, mask: int, **environment: str) -> Path:
    """The wheel of a copy of the project in this folder, its files of this time and mode."""
    shutil.copytree(ROOT, folder, ignore=MADE)
    for file in [folder, *folder.rglob("*")]:
        file.chmod((0o777 if file.is_dir() else 0o666) & ~mask)
        os.utime(file, (moment, moment))
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", "out"],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        umask=mask,
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = (folder / "out").glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("here") / "leadclass"
    yield build(folder, LONG_AGO, 0o022)
    shutil.rmtree(folder)


def test_it_has_the_same_bytes_at_another_time_and_place(wheel: Path, tmp_path: Path) -> None:
    elsewhere = {"TZ": "Pacific/Apia", "LC_ALL": "C", "PYTHONHASHSEED": "7", "HOME": str(tmp_path)}
    other = build(tmp_path / "somewhere" / "else", LATER, 0o077, **elsewhere)
    assert wheel.name == other.name
    assert wheel.read_bytes() == other.read_bytes()


def test_it_has_the_model_as_plain_data_and_nothing_that_is_executed_but_python(
    wheel: Path,
) -> None:
    with ZipFile(wheel) as parts:
        names = parts.namelist()
    assert "leadclass/models/default/weights.parquet" in names
    executed = (".joblib", ".pkl", ".pickle", ".npy", ".npz", ".pyc", ".so", ".dll", ".pth")
    assert not [name for name in names if name.endswith(executed)]


def test_it_has_the_package_and_nothing_else(wheel: Path) -> None:
    with ZipFile(wheel) as parts:
        names = [name.split("/") for name in parts.namelist()]
    assert {top.partition("-")[0] for top, *_ in names} == {"leadclass"}
    assert not [name for name in names if {"tests", "corpus", "examples"} & {*name[:-1]}]
