"""Debian's chromium, driven by Playwright, and axe-core in it; what is missing makes tests skip."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = os.environ.get("LEADCLASS_CHROMIUM") or shutil.which("chromium")
AXE = Path(os.environ.get("LEADCLASS_AXE") or ROOT / "node_modules/axe-core/axe.min.js")

#: What counts as a fault of access: level A and AA of WCAG 2.0, 2.1 and 2.2, and good practice.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for the tests of a file."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if not CHROMIUM:
        pytest.skip("no chromium here; install it or name it in LEADCLASS_CHROMIUM")
    with playwright.sync_playwright() as tools:
        chromium = tools.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


def faults_of_access(page: Page) -> list[tuple[str, str]]:
    """The rules that a page breaks, each with the element that does."""
    if not AXE.is_file():
        pytest.skip("axe-core is not here; npm install axe-core, or name it in LEADCLASS_AXE")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("rules => axe.run({runOnly: rules})", RULES)["violations"]
    return [(fault["id"], node["html"]) for fault in found for node in fault["nodes"]]
