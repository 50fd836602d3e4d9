from pathlib import Path

import pytest
from conftest import EXAMPLES

from leadclass.documents import find_documents, read_bytes, read_document
from leadclass.errors import LeadclassError
from leadclass.readers.html import html_to_text


def test_web_pages_lose_their_furniture_and_keep_their_structure() -> None:
    html = """<html><head><title>x</title><style>p{}</style></head><body>
    <nav><a>Home</a></nav><h2>Duties &amp; more</h2><ul><li>Plans the <b>rota</b></li>
    <li>Leads<ul><li>coaches</li></ul></li></ul><p>One<br>Two</p>
    <script>var a = "<p>no</p>";</script><footer>Imprint</footer></body></html>"""
    assert html_to_text(html).splitlines() == [
        "## Duties & more",
        "",
        "- Plans the rota",
        "- Leads",
        "- coaches",
        "",
        "One",
        "Two",
    ]


def test_a_web_page_that_never_closes_its_tags_is_read() -> None:
    assert html_to_text("<p>One<p>Two<li>Three <b>four") == "One\n\nTwo\n\n- Three four"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<body><form><p>All in a form</form>", "All in a form"),
        ("<div><nav><a>Menu</div><p>After a menu left open", "After a menu left open"),
        ("<article><header><h1>Lead</h1></header><p>It", "# Lead\n\nIt"),
        ("<![if !vml]><p>From Word<![endif]><![foo[x]]>", "From Word"),
        ("<nav><p>Nothing but a menu</nav>", "Nothing but a menu"),
        ("<html><head><title>Job</title><meta charset=utf-8><body><p>Open head", "Open head"),
        ("<head><title>Job</title><p>No body", "No body"),
    ],
)
def test_odd_pages_keep_their_text(html: str, text: str) -> None:
    assert html_to_text(html) == text


def test_folders_give_their_documents_in_order() -> None:
    names = find_documents([EXAMPLES])
    assert len(names) >= 6
    assert names == sorted(names)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_byte_order_marks_tell_the_encoding(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "posting.txt"
    path.write_text("Führt das Team.", encoding=encoding)
    assert read_document(path).text == "Führt das Team."


def test_other_encodings_are_named_with_the_line(tmp_path: Path) -> None:
    path = tmp_path / "posting.txt"
    path.write_bytes("Plan\ncafé “now”".encode("cp1252"))
    with pytest.raises(LeadclassError, match=r"line 2.*--encoding cp1252"):
        read_document(path)
    assert read_document(path, "cp1252").text == "Plan\ncafé “now”"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.txt", None, "no such file"),
        ("empty.txt", b" \n", "empty"),
        ("posting.pages", b"x", r"\.pages"),
    ],
)
def test_what_cannot_be_read_is_named(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(LeadclassError, match=words):
        read_document(tmp_path / name)


def test_an_uploaded_document_is_read_as_a_file_is() -> None:
    path = EXAMPLES / "postings" / "school-principal.html"
    assert read_bytes(path.name, path.read_bytes()).text == read_document(path).text


def test_the_name_of_an_uploaded_document_opens_nothing(tmp_path: Path) -> None:
    (tmp_path / "here.txt").write_text("Here.")
    assert read_bytes(str(tmp_path / "here.txt"), b"Sent.").text == "Sent."
