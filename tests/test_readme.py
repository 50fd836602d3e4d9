"""The README says what the program does: its examples are run, its figures measured."""

import doctest
import shutil
import subprocess
import sys
from pathlib import Path

from conftest import ROOT

from leadclass.assessment import assess
from leadclass.model import Model

COG = [sys.executable, "-m", "cogapp", "-P", "-I", "tests"]


def test_the_readme_shows_what_the_program_prints(tmp_path: Path) -> None:
    copy = tmp_path / "README.md"
    shutil.copy(ROOT / "README.md", copy)
    done = subprocess.run([*COG, "-r", str(copy)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert copy.read_text() == (ROOT / "README.md").read_text(), (
        "write it anew: cog -r -P -I tests README.md"
    )


def test_the_readmes_python_runs() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).failed == 0


def test_the_readmes_figures_on_real_statements_are_measured(model: Model, shared: Path) -> None:
    overall = assess(model, shared / "gold" / "dev.csv").overall
    readme = " ".join((ROOT / "README.md").read_text().split())
    for side, scores in overall.sides.items():
        f1 = scores.f1
        assert f"{side} F1 {f1.value:.2f} ({f1.low:.2f}–{f1.high:.2f})" in readme
    assert f"four for {overall.accuracy.value * 100:.0f} %" in readme
