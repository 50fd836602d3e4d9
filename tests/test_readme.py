"""The README and the datasheet are true: examples are run, figures measured."""

import doctest
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

from leadclass.assessment import assess
from leadclass.curation.agreement import agreement
from leadclass.model import Model

COG = [sys.executable, "-m", "cogapp", "-P", "-I", "tests"]


@pytest.mark.parametrize(
    "page",
    [
        "README.md",
        "corpus/DATASHEET.md",
        "docs/accuracy.md",
        "docs/api.md",
        "docs/models.md",
        "docs/speed.md",
        "docs/splitting.md",
        "docs/suggesting.md",
    ],
)
def test_a_page_shows_what_the_program_prints(tmp_path: Path, page: str) -> None:
    copy = tmp_path / "page.md"
    shutil.copy(ROOT / page, copy)
    done = subprocess.run([*COG, "-r", str(copy)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert copy.read_text() == (ROOT / page).read_text(), (
        f"write it anew: cog -r -P -I tests {page}"
    )


def test_the_readmes_python_runs() -> None:
    assert doctest.testfile(str(ROOT / "README.md"), module_relative=False).failed == 0


def test_the_figures_on_real_statements_are_those_of_the_shipped_model(
    model: Model, shared: Path
) -> None:
    evaluation = assess(model, shared / "gold" / "dev.csv", by=["kind", "draw"]).evaluate()
    page = json.loads((ROOT / "docs" / "results" / "evaluation.json").read_text())
    assert page == json.loads(json.dumps(evaluation.to_dict())) | {"errors": []}


def test_the_datasheets_agreement_on_real_statements_is_measured(shared: Path) -> None:
    overall = agreement(
        ROOT / "corpus" / "readings" / "real.csv", shared / "gold" / "dev.csv"
    ).overall
    datasheet = " ".join((ROOT / "corpus" / "DATASHEET.md").read_text().split())
    assert f"{overall.n} real statements" in datasheet
    assert f"label for {overall.share:.1%}".replace("%", " %") in datasheet
    assert f"kappa {overall.kappa:.2f}" in datasheet
