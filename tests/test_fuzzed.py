"""What fuzzing has found stays found, and every target stands what it begins with."""

import sys
from pathlib import Path

import pytest
from conftest import ROOT

pytest.importorskip("starlette", reason="the extra serve is not installed")
sys.path.append(str(ROOT))  # after what is installed, which is what is tested

from fuzz.smoke import inputs
from fuzz.targets import TARGETS

CASES = sorted(path for path in Path(__file__).with_name("fuzzed").glob("*/*"))

#: Changes of its seeds that each target is given here; `python -m fuzz` gives it far more.
CHANGES = 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}/{case.name}")
def test_what_was_found_once_is_stood(case: Path) -> None:
    TARGETS[case.parent.name].check(case.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_seeds_and_changes_of_them_are_stood(name: str) -> None:
    for content in inputs(TARGETS[name], CHANGES):
        TARGETS[name].check(content)


def test_every_case_is_of_a_target_and_small() -> None:
    assert CASES
    assert {case.parent.name for case in CASES} <= TARGETS.keys()
    assert max(case.stat().st_size for case in CASES) < 40_000
