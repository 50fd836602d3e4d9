"""A report in a real browser, Chromium; skipped where there is none."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import browser as browser
from browsers import faults_of_access
from conftest import EXAMPLES
from test_report import HOSTILE, pages_of

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect

from leadclass.model import Model
from leadclass.views.report import report

POSTINGS = [EXAMPLES / "postings" / name for name in ("ward-manager.txt", "head-of-people.md")]
NARROW = {"width": 320, "height": 640}


@pytest.fixture(scope="module")
def files(model: Model, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Reports on one posting, on two, and on a hostile text."""
    folder = tmp_path_factory.mktemp("reports")
    pages = pages_of(model, *POSTINGS)
    reports = {
        "one": pages[:1],
        "two": pages,
        "hostile": [(model.analyze(HOSTILE), HOSTILE + "long" * 99)],
    }
    for name, shown in reports.items():
        (folder / f"{name}.html").write_text(report(model, shown), encoding="utf-8")
    return {name: folder / f"{name}.html" for name in reports}


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page on which nothing may be wrong, and which asks for nothing but itself."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.on("console", lambda line: wrong.append(line.text))
    opened.on("request", lambda asked: wrong.append(asked.url) if asked.url[:5] != "file:" else 0)
    opened.set_default_timeout(10_000)
    yield opened
    context.close()
    assert wrong == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["one", "two"])
def test_a_report_has_no_fault_of_access(
    browser: Browser, files: dict[str, Path], name: str, scheme: str
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # for axe-core itself
    page = context.new_page()
    page.goto(files[name].as_uri())
    found = faults_of_access(page)
    context.close()
    assert found == []


@pytest.mark.parametrize("name", ["one", "two", "hostile"])
def test_a_report_is_no_wider_than_a_narrow_screen(
    page: Page, files: dict[str, Path], name: str
) -> None:
    page.set_viewport_size(NARROW)
    page.goto(files[name].as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_notes_stand_beside_the_text_and_open_below_it_where_that_is_narrow(
    page: Page, files: dict[str, Path]
) -> None:
    page.goto(files["one"].as_uri())
    mark, note = page.locator("mark").first, page.locator(".note").first
    expect(note).to_be_visible()
    beside, text = note.bounding_box(), mark.bounding_box()
    assert beside and text and beside["x"] > text["x"] + text["width"]
    page.set_viewport_size(NARROW)
    expect(note).to_be_hidden()
    mark.focus()
    expect(note).to_be_visible()


def test_notes_are_on_paper_whatever_its_width(page: Page, files: dict[str, Path]) -> None:
    page.set_viewport_size(NARROW)
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(files["one"].as_uri())
    notes = page.locator(".note")
    assert notes.count() == page.locator("mark").count()
    assert all(note.is_visible() for note in notes.all())
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == "rgb(255, 255, 255)"


def test_every_mark_is_reached_by_the_keyboard(page: Page, files: dict[str, Path]) -> None:
    page.goto(files["one"].as_uri())
    marks = page.locator("mark").evaluate_all("marks => marks.map(mark => mark.id)")
    reached = []
    while not reached or reached[-1] != marks[-1]:
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.id"))
        assert len(reached) < 3 * len(marks)
    assert [place for place in reached if place in marks] == marks
