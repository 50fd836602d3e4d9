"""The page in a real browser, Chromium; skipped where there is none."""

import base64
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from browsers import browser as browser
from browsers import faults_of_access
from conftest import EXAMPLES

pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
from playwright.sync_api import Browser, Page, expect
from servers import serving

from leadclass.model import Model
from leadclass.table_tagging import tag_table

expect.set_options(timeout=20_000)  # a machine may have more to do

POSTINGS = sorted((EXAMPLES / "postings").iterdir())
REVIEWS = EXAMPLES / "reviews.csv"
TEXT = "Night Manager\n\nPlans the weekly rota. Inspires the team to follow a vision. Free parking."


@pytest.fixture(scope="module")
def address(model: Model) -> Iterator[str]:
    with serving(model) as where:
        yield f"{where}/"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The page, newly opened; nothing may be wrong with it, and all it asks for is the server's."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("dialog", lambda dialog: wrong.append(dialog.message))
    opened.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    opened.on(
        "request",
        lambda asked: None if asked.url.startswith((address, "blob:")) else wrong.append(asked.url),
    )
    opened.set_default_timeout(20_000)
    opened.goto(address)
    yield opened
    context.close()
    assert not [line for line in wrong if "status of 422" not in line]


def drop(page: Page, *files: tuple[str, bytes]) -> None:
    """Drop files on the page, as from the desktop."""
    sent = [[name, base64.b64encode(content).decode()] for name, content in files]
    carried = page.evaluate_handle(
        """files => {
            const carried = new DataTransfer();
            for (const [name, content] of files) {
                const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
                carried.items.add(new File([bytes], name));
            }
            return carried;
        }""",
        sent,
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("main", event, {"dataTransfer": carried})


def word_file(*paragraphs: str) -> bytes:
    """A small document as Word writes it."""
    space = "http://schemas.openxmlformats.org"
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{space}/package/2006/content-types">'
            f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r" '
            f'Type="{space}/officeDocument/2006/relationships/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        file.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{space}/wordprocessingml/2006/main">'
            f"<w:body>{body}</w:body></w:document>",
        )
    return content.getvalue()


def test_a_pasted_posting_is_reported_on(page: Page, model: Model) -> None:
    profile = model.analyze(TEXT)
    page.fill("#text", TEXT)
    expect(page.locator("article .summary")).to_contain_text(profile.summary.partition(" (")[0])
    labels = [mark.get_attribute("data-label") for mark in page.locator("article mark").all()]
    assert labels == [s.label for s in profile.statements if s.label != "neither"]
    expect(page.locator("#said")).to_have_text(profile.summary)  # what a screen reader is told
    expect(page.locator("#welcome")).to_be_hidden()


def test_the_report_follows_as_one_types(page: Page) -> None:
    page.locator("#text").press_sequentially("Plans the weekly rota.")
    expect(page.locator("article mark")).to_have_count(1)
    page.locator("#text").press_sequentially(" Inspires the team to follow a vision.")
    expect(page.locator("article mark")).to_have_count(2)
    page.fill("#text", "")
    expect(page.locator("article")).to_have_count(0)
    expect(page.locator("#welcome")).to_be_visible()


def test_a_dropped_word_file_is_reported_on(page: Page) -> None:
    drop(page, ("posting.docx", word_file("Plans the weekly rota.", "Free parking.")))
    expect(page.locator("article h2")).to_contain_text("posting")
    expect(page.locator("article mark")).to_have_text("Plans the weekly rota.")
    assert page.input_value("#text").split("\n\n") == ["Plans the weekly rota.", "Free parking."]


def test_what_was_decided_in_reading_a_file_is_said(page: Page) -> None:
    drop(page, ("old.txt", "The café’s rota is planned by the manager.".encode("cp1252")))
    expect(page.locator("#note")).to_contain_text("cp1252")


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_shown(page: Page) -> None:
    drop(page, ("old.exe", b"MZ"), ("good.txt", TEXT.encode()))
    expect(page.locator("article")).to_be_visible()
    expect(page.locator("#document-trouble")).to_contain_text("old.exe")


def test_markup_and_scripts_in_a_posting_are_shown_as_text(page: Page) -> None:
    hostile = (
        "<script>alert('script')</script> Plans the <b>rota</b>.\n"
        '"><img src=x onerror=alert(1)><svg onload=alert(2)>\n'
        "javascript:alert(3) {{ 7 * 7 }} ${alert(4)} </textarea></article>"
    )
    page.fill("#text", hostile)
    expect(page.locator("article .text")).to_contain_text("<script>alert('script')</script>")
    shown = page.locator("article .text").inner_text()
    for part in ('"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}", "</textarea></article>"):
        assert part in shown
    assert page.locator("article").locator("script, img, b, textarea").count() == 0
    drop(page, ("<img src=x onerror=alert(5)>.txt", TEXT.encode()), ("b.txt", TEXT.encode()))
    expect(page.locator("#pile-list li")).to_have_count(3)
    assert page.locator("#pile img").count() == 0


def test_a_statement_is_reworded_in_its_place_and_rescored(page: Page) -> None:
    page.fill("#text", TEXT)
    statement = page.locator("article [data-start]", has_text="Plans the weekly rota.")
    statement.click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Coaches every nurse on the ward to grow.")
    page.keyboard.press("Enter")
    reworded = page.locator("article mark", has_text="Coaches every nurse on the ward to grow.")
    expect(reworded).to_have_attribute("data-label", "leadership")
    expect(reworded).to_be_focused()
    assert page.input_value("#text") == TEXT.replace(
        "Plans the weekly rota.", "Coaches every nurse on the ward to grow."
    )


def test_escape_leaves_a_statement_as_it_was(page: Page) -> None:
    page.fill("#text", TEXT)
    statement = page.locator("article mark").first
    shown = statement.inner_html()
    statement.click()
    page.keyboard.type("Something else entirely")
    page.keyboard.press("Escape")
    assert statement.inner_html() == shown
    assert page.input_value("#text") == TEXT


def test_places_count_characters_beyond_the_basic_ones(page: Page) -> None:
    page.fill("#text", "🍲 𝔉ood is good. Plans the weekly rota. Free 🅿️ parking.")
    page.locator("article mark").click()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Has a vision.")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_have_value("🍲 𝔉ood is good. Has a vision. Free 🅿️ parking.")


def test_all_of_it_can_be_done_with_the_keyboard(page: Page) -> None:
    def tab_to(what: str) -> None:
        for _ in range(60):
            if page.locator(f"{what}:focus").count():
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"{what} is not reached")

    tab_to("#example")
    page.keyboard.press("Enter")
    expect(page.locator("article")).to_be_visible()
    tab_to("article mark")
    page.keyboard.press("ArrowDown")
    focused = page.locator("article [data-start]:focus")
    before = focused.inner_text()
    page.keyboard.press("Enter")
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("Listens to every worry that people have.")
    page.keyboard.press("Enter")
    expect(focused).to_have_text("Listens to every worry that people have.")
    assert before not in page.input_value("#text")
    page.wait_for_timeout(1_500)  # the report comes once more, with the focus where it was
    page.locator("#tab-documents").press("ArrowRight")
    expect(page.locator("#tables")).to_be_visible()
    expect(page.locator("#tab-tables")).to_be_focused()


def test_several_documents_are_compared_and_each_is_opened_by_a_click(page: Page) -> None:
    drop(page, *((path.name, path.read_bytes()) for path in POSTINGS))
    entries = page.locator("#pile-list li .entry")
    expect(entries).to_have_count(len(POSTINGS))
    balances = [
        float(text.replace("−", "-")) for text in page.locator(".entry-figures").all_inner_texts()
    ]
    assert balances == sorted(balances, reverse=True)
    last = entries.last.locator(".entry-name").inner_text()
    entries.last.click()
    expect(page.locator("#text-label")).to_have_text(last)
    expect(entries.last).to_be_focused()
    expect(entries.last).to_have_attribute("aria-current", "true")
    page.get_by_label(f"Remove {last}").click()
    expect(entries).to_have_count(len(POSTINGS) - 1)
    page.click("#clear")
    expect(page.locator("article")).to_have_count(0)


def test_the_report_is_saved_as_one_file(page: Page) -> None:
    drop(page, *((path.name, path.read_bytes()) for path in POSTINGS[:2]))
    expect(page.locator("#pile-list li")).to_have_count(2)
    with page.expect_download() as saved:
        page.click("#save")
    assert saved.value.suggested_filename == "leadclass-report.html"
    html = Path(saved.value.path()).read_text(encoding="utf-8")
    assert html.count("<article") == 2


def test_a_table_is_shown_tagged_and_downloaded(page: Page, model: Model, tmp_path: Path) -> None:
    drop(page, (REVIEWS.name, REVIEWS.read_bytes()))
    expect(page.locator("#column")).to_have_value("comment")
    expect(page.locator("#preview tr")).to_have_count(8)
    expect(page.locator("#preview tr").nth(3)).to_contain_text("■ management")
    with page.expect_download() as saved:
        page.click("#tag")
    assert saved.value.suggested_filename == "reviews-tagged.csv"
    tag_table(model, REVIEWS, tmp_path / "tagged.csv", "comment")
    assert Path(saved.value.path()).read_bytes() == (tmp_path / "tagged.csv").read_bytes()
    expect(page.locator("#tag-progress")).to_contain_text("Done")


def test_another_column_is_read_when_it_is_chosen(page: Page) -> None:
    drop(page, (REVIEWS.name, REVIEWS.read_bytes()))
    page.select_option("#column", "department")
    expect(page.locator("#preview-text")).to_have_text("department")
    expect(page.locator("#preview tr").first).to_contain_text("Warehouse")


def test_a_table_in_another_encoding_is_read_at_a_press(page: Page) -> None:
    drop(page, ("export.csv", "comment\nPlans the café's rota.\n".encode("cp1252")))
    expect(page.locator("#table-trouble")).to_contain_text("export.csv")
    page.get_by_role("button", name="Read it as cp1252").click()
    expect(page.locator("#preview")).to_contain_text("Plans the café's rota.")
    expect(page.locator("#table-trouble")).to_be_empty()


def test_nothing_is_wider_than_a_narrow_screen(page: Page) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.click("#example")
    expect(page.locator("article")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.click("#tab-tables")
    drop(page, (REVIEWS.name, REVIEWS.read_bytes()))
    expect(page.locator("#preview tr")).to_have_count(8)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_has_no_fault_of_access(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    assert faults_of_access(page) == []
    drop(page, *((path.name, path.read_bytes()) for path in POSTINGS[:3]), ("a.exe", b"MZ"))
    expect(page.locator("#pile-list li")).to_have_count(3)
    assert faults_of_access(page) == []
    page.locator("article mark").first.click()
    assert faults_of_access(page) == []
    page.click("#tab-tables")
    drop(page, (REVIEWS.name, REVIEWS.read_bytes()))
    expect(page.locator("#preview tr")).to_have_count(8)
    assert faults_of_access(page) == []
