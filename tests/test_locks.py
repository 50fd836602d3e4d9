"""The locks fit pyproject.toml, have a hash for every file, and lead to the public index alone."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator

import pytest
from conftest import ROOT
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FOLDER = ROOT / "requirements"
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = PROJECT["tool"]["leadclass"]["locks"]
FILES = sorted(FOLDER.glob("*.txt"))


def lines(name: str) -> list[str]:
    """The requirements of a lock, each with its hashes, without comments."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    text = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    return text.replace("\\\n", " ").splitlines()


def versions(name: str) -> dict[str, list[str]]:
    """The versions of each package that a lock has: one, or several for different systems."""
    found = defaultdict(list)
    for line in lines(name):
        requirement = Requirement(line.partition("--hash")[0].strip())
        (pinned,) = requirement.specifier
        assert pinned.operator == "=="
        found[canonicalize_name(requirement.name)].append(pinned.version)
    return found


def wanted(extras: list[str]) -> Iterator[Requirement]:
    """The dependencies of leadclass with some extras, and with those that these lead to."""
    own = PROJECT["project"]
    asked = [*own["dependencies"]]
    for extra in extras:
        asked += own["optional-dependencies"][extra]
    for text in asked:
        requirement = Requirement(text)
        if requirement.name == own["name"]:
            yield from wanted(sorted(requirement.extras))
        else:
            yield requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_every_dependency_in_a_version_that_fits(name: str) -> None:
    locked = versions(name)
    unfit = [
        f"{requirement}, locked: {', '.join(found) or 'none'}"
        for requirement in wanted(LOCKS[name])
        for found in [locked[canonicalize_name(requirement.name)]]
        if not any(version in requirement.specifier for version in found)
    ]
    assert not unfit, f"write the locks anew: nox -s lock {unfit}"


def test_what_builds_the_wheel_is_locked_too() -> None:
    locked = versions("build")
    for text in PROJECT["build-system"]["requires"]:
        requirement = Requirement(text)
        assert locked[requirement.name][0] in requirement.specifier


def test_an_extra_of_users_is_locked() -> None:
    for_who_develops = {"bench", "dev", "fuzz", "notebooks", "test"}
    assert {*PROJECT["project"]["optional-dependencies"]} - for_who_develops == {*LOCKS["all"]}


def test_each_lock_is_one_that_pyproject_names() -> None:
    assert {file.stem for file in FILES} == {*LOCKS, "build"}


@pytest.mark.parametrize("name", [file.stem for file in FILES])
def test_every_locked_package_has_hashes_and_comes_from_the_index_of_who_installs(
    name: str,
) -> None:
    for line in lines(name):
        requirement, *hashes = line.split("--hash=")
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}\s*", digest) for digest in hashes), line
        assert "/" not in requirement and "@" not in requirement, line
        assert not requirement.startswith("-"), line
