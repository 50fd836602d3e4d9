"""Every link of every page leads to a file, a heading or a test that there is."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from conftest import ROOT

PAGES = sorted(
    page
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "corpus/*.md",
        "examples/**/*.md",
        "models/default/*.md",
    )
    for page in ROOT.glob(pattern)
)

#: Pages whose claims are each backed by a test.
CLAIMS = [ROOT / "docs" / "threat-model.md", ROOT / "docs" / "audit.md"]

LINK = re.compile(r"!?\[(?P<text>[^]]*)\]\((?P<target>[^)\s]+)\)")
CODE = re.compile(r"^```.*?^```$|<!--.*?-->", re.DOTALL | re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z]+:")


def links(page: Path) -> list[tuple[str, str]]:
    """The texts and targets of a page's links within the repository."""
    text = CODE.sub("", page.read_text(encoding="utf-8"))
    found = [(link["text"], link["target"]) for link in LINK.finditer(text)]
    return [(shown, target) for shown, target in found if not ELSEWHERE.match(target)]


@cache
def anchors(page: Path) -> set[str]:
    """What the headings of a page are called in a link, as GitHub has it."""
    found: set[str] = set()
    for heading in re.findall(r"^#+ (.+)$", CODE.sub("", page.read_text("utf-8")), re.MULTILINE):
        plain = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        name = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        same = sum(re.fullmatch(rf"{re.escape(name)}(-\d+)?", other) is not None for other in found)
        found.add(f"{name}-{same}" if same else name)
    return found


@cache
def known_tests(file: Path) -> set[str]:
    """The names of the tests in a file."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    names = {part.name for part in ast.walk(tree) if isinstance(part, functions)}
    return {name for name in names if name.startswith("test_")}


def fault(page: Path, shown: str, target: str) -> str | None:
    """What is wrong with a link, if anything."""
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.is_relative_to(ROOT) or not file.exists():
        return f"{target} is not there"
    if anchor and anchor not in anchors(file):
        return f"{target}: {file.name} has no such heading"
    test = shown.strip("`")
    if file.parent == ROOT / "tests" and test.startswith("test_") and test != file.name:
        return None if test in known_tests(file) else f"{path} has no {test}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    faults = filter(None, (fault(page, shown, target) for shown, target in links(page)))
    if told := "\n".join(dict.fromkeys(faults)):
        pytest.fail(told, pytrace=False)


@pytest.mark.parametrize("page", CLAIMS, ids=lambda page: page.name)
def test_every_row_of_a_page_of_claims_names_what_backs_it(page: Path) -> None:
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    claims = [row for row in rows if not row.rstrip(" |").endswith("backed by")]
    assert len(claims) > 10
    assert not [row for row in claims if not LINK.search(row.rstrip(" |").rpartition(" | ")[2])]


def test_headings_are_named_as_github_names_them(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Who may ask?\n## A `--model` of [yours](x.md)\n## Same\n## Same\n")
    assert anchors(page) == {"who-may-ask", "a---model-of-yours", "same", "same-1"}
