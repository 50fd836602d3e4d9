"""docs/tutorial.md is true: it is run from the first command to the last, and ends better off."""

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT

from leadclass.labelled_tables import read_corpus
from leadclass.tokens import as_words

PAGE = ROOT / "docs" / "tutorial.md"
EXAMPLE = ROOT / "examples" / "tutorial"
COG = [sys.executable, "-m", "cogapp", "-P", "-I", "tests"]

#: What is shown but not run: what a person installs, copies and answers.
BY_HAND = [
    "pip install '.[train]'",
    "cp -r examples/tutorial yard && cd yard",
    "leadclass label next.csv",
    "leadclass label differ.csv",
]


@pytest.fixture(scope="module")
def page() -> str:
    return PAGE.read_text(encoding="utf-8")


def test_every_command_of_the_tutorial_says_what_it_shows(tmp_path: Path, page: str) -> None:
    copy = tmp_path / "page.md"
    shutil.copy(PAGE, copy)
    done = subprocess.run([*COG, "-r", str(copy)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert copy.read_text() == page, "write it anew: cog -r -P -I tests docs/tutorial.md"


def test_the_tutorial_ends_with_a_model_in_use_that_is_surely_better(page: str) -> None:
    (low,) = re.findall(r"95 % interval (-?[\d.]+) to", page)
    assert float(low) > 0
    last = re.findall(r"^\$ leadclass (.*)\n(.*)", page, re.MULTILINE)[-1]
    assert last[0] == "use" and "yard/models/yard is in use" in last[1]


def test_what_is_not_run_is_for_a_person_to_do(page: str) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    assert [line for block in blocks for line in block.splitlines()] == BY_HAND


def test_nothing_held_out_can_be_learnt() -> None:
    held_out = read_corpus([EXAMPLE / "held-out.csv"]).texts
    with (EXAMPLE / "statements.csv").open(encoding="utf-8", newline="") as file:
        learnt = [row["text"] for row in csv.DictReader(file)]
    assert not set(as_words(held_out)) & set(as_words(learnt + read_corpus([CORPUS]).texts))
    for name in ("ana.labels.csv", "ben.labels.csv", "settled.csv"):
        assert set(read_corpus([EXAMPLE / name]).texts) <= set(learnt)
