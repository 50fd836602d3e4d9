"""Documents of every format give the text that a person reads in them, or one clear line."""

import zipfile
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.documents import read_bytes, read_document
from leadclass.errors import LeadclassError
from leadclass.readers import html, pdf_text, word_package
from leadclass.readers.characters import tidy
from leadclass.readers.html import html_to_text

DOCUMENTS = Path(__file__).parent / "documents"
EXPECTED = ".expected.txt"
READ = sorted(path.name.removesuffix(EXPECTED) for path in DOCUMENTS.glob(f"*{EXPECTED}"))


@pytest.mark.parametrize("name", READ)
def test_a_document_gives_the_text_that_was_written_by_hand(name: str) -> None:
    text = read_document(DOCUMENTS / name).text
    assert text.strip("\n") == (DOCUMENTS / (name + EXPECTED)).read_text().strip("\n")


@pytest.mark.parametrize("name", [n for n in READ if not n.endswith((".md", ".txt"))])
def test_standard_input_and_uploads_are_told_by_their_content(name: str) -> None:
    content = (DOCUMENTS / name).read_bytes()
    assert read_bytes("-", content).text == read_document(DOCUMENTS / name).text


def zipped(*names: str) -> bytes:
    return packed(dict.fromkeys(names, "<x/>"))


def word_file(document: str, **parts: str) -> bytes:
    """A Word file with this body."""
    others = {f"word/{name}.xml": text for name, text in parts.items()}
    return packed({"word/document.xml": document} | others)


def packed(parts: dict[str, str]) -> bytes:
    """A zip archive, the same at any time: its bytes name a test, in every process that runs it."""
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def body(inner: str) -> str:
    return f'<w:document xmlns:w="urn:w"><w:body>{inner}</w:body></w:document>'


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HTML = b"<!DOCTYPE html><html><body><p>Plans the rota.</p></body></html>"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("old.doc", OLE + "WordDocument".encode("utf-16-le"), "Word 97 to 2003.*as .docx"),
        ("new.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "password.*without one"),
        ("new.docx", OLE + "WordDocument".encode("utf-16-le"), "Word 97 to 2003.*as .docx"),
        ("old.doc", HTML, r"is a web page.*rename it to old\.html"),
        ("old.doc", b"{\\rtf1 Plans.}", r"rich text \(RTF\).*save it as \.docx"),
        ("note.rtf", b"{\\rtf1 Plans.}", r"rich text \(RTF\).*save it as \.docx"),
        ("note.odt", zipped("mimetype", "content.xml"), r"OpenDocument.*save it as \.docx"),
        ("sheet.docx", zipped("xl/workbook.xml"), "Excel workbook.*leadclass tag"),
        ("slides.docx", zipped("ppt/presentation.xml"), "PowerPoint.*as .pdf"),
        ("photos.docx", zipped("a.jpg"), "zip archive.*unpack it"),
        ("book.pdf", zipped("META-INF/container.xml"), "e-book"),
        ("posting.docx", HTML, r"web page.*rename it to posting\.html"),
        ("posting.docx", b"%PDF-1.7\n1 0 obj", r"is a PDF.*rename it to posting\.pdf"),
        ("posting.pdf", zipped("word/document.xml"), r"a Word document.*posting\.docx"),
        ("posting.txt", b"%PDF-1.7\n1 0 obj", r"is a PDF.*rename it to posting\.pdf"),
        ("posting.docx", b"Plans the rota.", "not a Word document"),
        ("posting.pdf", b"Plans the rota.", "not a PDF"),
        ("posting.pdf", b"\x89PNG\r\n", r"a picture.*\(OCR\)"),
        ("posting.docx", b"PK\x03\x04 cut off", "damaged Word document"),
        ("posting.pdf", b"%PDF-1.7\n1 0 obj", "damaged PDF"),
        ("posting.docx", zipped("word/styles.xml"), "its text is missing"),
        ("posting.docx", word_file("<w:document"), "damaged Word document"),
        ("posting.docx", word_file(body("")), "empty"),
        ("posting.pages", b"x", r"\.pages is not a kind"),
        ("posting", b"x", "without extension"),
        ("saved.html", b"MIME-Version: 1.0\nContent-Type: multipart/related;", "save the page"),
        ("empty.docx", b"", "empty"),
    ],
)
def test_what_is_no_readable_document_is_named_with_what_to_do(
    name: str, content: bytes, words: str
) -> None:
    with pytest.raises(LeadclassError, match=f"^{name}: .*{words}") as error:
        read_bytes(name, content)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "words"),
    [("locked.pdf", "password.*without one"), ("scan.pdf", r"only pictures.*\(OCR\)")],
)
def test_pdfs_without_readable_text_are_named(name: str, words: str) -> None:
    with pytest.raises(LeadclassError, match=words):
        read_document(DOCUMENTS / "refused" / name)


def test_entities_in_a_word_file_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>' + body("<w:p>&b;</w:p>")
    with pytest.raises(LeadclassError, match="damaged"):
        read_bytes("bomb.docx", word_file(bomb))


def test_a_word_file_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_package, "MOST_UNPACKED", 1_000_000)
    bomb = word_file(body(" " * 2_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(LeadclassError, match="1,000,000 bytes of text when unpacked"):
        read_bytes("bomb.docx", bomb)


def test_too_much_markup_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for module, name in ((word_package, "styles.docx"), (html, "board.html")):
        monkeypatch.setattr(module, "MOST_ELEMENTS", 20)
        with pytest.raises(LeadclassError, match="more than 20 elements"):
            read_document(DOCUMENTS / name)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MOST_PAGES", 2)
    with pytest.raises(LeadclassError, match=r"more than 2 pages.*smaller ones"):
        pdf_text.read((DOCUMENTS / "pages.pdf").read_bytes(), "pages.pdf", None)


def test_markup_nested_without_end_is_no_trouble() -> None:
    assert html_to_text("<div>" * 100_000 + "Plans.") == "Plans."
    for opened in ("<table><tr><td>", "<ul><li>", "<dl><dt>a<dd>"):
        assert html_to_text(opened * 60 + "Plans.").endswith("Plans.")
    deep = "<w:ins>" * 100_000
    with pytest.raises(LeadclassError, match="damaged"):
        read_bytes("deep.docx", word_file(body(deep)))
    tables = "<w:tbl><w:tr><w:tc>" * 60 + "<w:p><w:r><w:t>In.</w:t></w:r></w:p>"
    tables += "</w:tc></w:tr></w:tbl>" * 60
    assert read_bytes("deep.docx", word_file(body(tables))).text == "In."


def test_styles_that_build_upon_one_another_in_a_circle_end() -> None:
    styles = (
        '<w:styles xmlns:w="urn:w"><w:style w:styleId="a"><w:basedOn w:val="b"/></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    text = '<w:p><w:pPr><w:pStyle w:val="a"/></w:pPr><w:r><w:t>Plans.</w:t></w:r></w:p>'
    assert read_bytes("x.docx", word_file(body(text), styles=styles)).text == "Plans."


@pytest.mark.parametrize(
    ("content", "text", "note"),
    [
        ("café “now”, and a long line of plain words".encode("cp1252"), "café “now”", "cp1252"),
        ("Ring the café – now".encode(), "Ring the café – now", ""),
        ("naïve café – “now”".encode() + b" \xff.", "naïve café – “now” \ufffd.", "damaged"),
        ("Plans the rota.".encode("utf-16-be"), "Plans the rota.", ""),
    ],
)
def test_encodings_of_texts_are_recognised_and_guesses_told(
    content: bytes, text: str, note: str
) -> None:
    document = read_bytes("posting.txt", content)
    assert document.text.startswith(text)
    assert note in document.note and bool(note) == bool(document.note)


def test_other_alphabets_are_not_taken_for_ours() -> None:
    with pytest.raises(LeadclassError, match=r"not UTF-8.*--encoding"):
        read_bytes("posting.txt", "Руководит командой".encode("cp1251"))


@pytest.mark.parametrize(
    "said", ["<meta charset=cp1251>", '<?xml version="1.0" encoding="cp1251"?>']
)
def test_a_page_says_its_encoding(said: str) -> None:
    page = f"{said}<html><body><p>Руководит командой"
    assert read_bytes("page.html", page.encode("cp1251")).text == "Руководит командой"
    assert read_bytes("page.html", page.encode()).text == "Руководит командой"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (
            "<div class=cookie-bar>We use cookies</div><p>Plans the rota for us.",
            "Plans the rota for us.",
        ),
        ("<div hidden>No</div><div aria-hidden=true>No</div><p>Yes, it is.", "Yes, it is."),
        ("<div class=nav-open><p>Not a menu</p></div>", "Not a menu"),
        ("<body style='display:none'><p>Shown by a script", "Shown by a script"),
        ("<p>You can <a>apply online</a> or write.", "You can apply online or write."),
        ("<p>Plans it all.</p><p><a>Apply now »</a></p>", "Plans it all."),
        ("<h2>Duties</h2><p>Plans.</p><h2>Related jobs</h2><p>Leads.</p>", "## Duties\n\nPlans."),
        ("<div role=heading aria-level=3>Duties</div>Plans.", "### Duties\n\nPlans."),
        ("<ol start=3><li>Three<li>Four</ol>", "3. Three\n4. Four"),
        ("<div>•</div><div>Plans</div>", "- Plans"),
        ("<pre>One\n  two</pre>", "One\ntwo"),
        ("<p>5 < 6 and AT&amp;T", "5 < 6 and AT&T"),
        ("<p title='a > b'>Plans<!-- <p>no --> it", "Plans it"),
        ("<header><h1>Night nurse</h1></header><p>Plans.", "# Night nurse\n\nPlans."),
        ("<script>if (a < b) '<p>no'</script><p>Plans.", "Plans."),
    ],
)
def test_pages_of_all_sorts_give_what_people_read(page: str, text: str) -> None:
    assert html_to_text(page) == text


PIECES = (
    "<p> </p> <div> </div> <ul> <li> </ul> <table> <tr> <td> </table> <b> </b> <a href='x <!-- --> "
    "< > & &amp; <dl> <dt> <dd> <h1> </h1> <br> <script> </script> <form> x • \n"
).split(" ")


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(PIECES) | st.text(max_size=5),
        max_size=60,
    )
)
def test_no_page_is_too_odd_to_read(pieces: list[str]) -> None:
    html_to_text("".join(pieces))


@settings(deadline=None, max_examples=100)
@given(
    st.sampled_from(READ), st.lists(st.tuples(st.integers(0), st.binary(max_size=3)), max_size=8)
)
def test_a_damaged_document_is_read_or_named(name: str, damage: list[tuple[int, bytes]]) -> None:
    content = bytearray((DOCUMENTS / name).read_bytes())
    for place, put in damage:
        start = place % len(content)
        content[start : start + len(put)] = put
    try:
        read_bytes(name, bytes(content))
    except LeadclassError as error:
        assert error.__cause__ is None, "a reader met what it did not expect"


@given(st.text())
def test_tidy_texts_stay_as_they_are(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)


def test_pdfs_are_read_by_many_threads_at_once() -> None:
    names = ["pages.pdf", "columns.pdf", "odd.pdf"] * 8
    one_by_one = [read_document(DOCUMENTS / name).text for name in names[:3]] * 8
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda n: read_document(DOCUMENTS / n).text, names)) == one_by_one


def test_without_the_extra_a_pdf_is_named_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdfium2", None)
    with pytest.raises(LeadclassError, match=r"pypdfium2.*leadclass\[documents\]"):
        read_document(DOCUMENTS / "pages.pdf")


@pytest.mark.parametrize(
    ("name", "content", "encoding"),
    [
        ("a.md", b"Plans +2AA- the rota.", "utf-7"),
        ("a.html", b"<meta charset=utf-7><p>Plans +2AA- the rota.", None),
    ],
)
def test_no_encoding_brings_in_what_is_no_text(
    name: str, content: bytes, encoding: str | None
) -> None:
    try:
        text = read_bytes(name, content, encoding).text
    except LeadclassError as error:
        assert "utf-7" in error.problem
    else:
        assert text.encode()
