"""The readers of documents, and the statements and the profile of what they read."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from random import Random

from fuzz.models import small_model
from fuzz.mutations import in_markup, in_zip, packed
from fuzz.target import ROOT, Change, Mutator, Target, chosen, holds, refusals
from leadclass.documents import Document, read_bytes
from leadclass.readers import html, markdown, pdf_text, plain, word  # noqa: F401, to be watched
from leadclass.readers.signatures import suffix_of
from leadclass.statements import split
from leadclass.views.report import report

_ENCODINGS = (None, None, None, "utf-8", "cp1252", "utf-16", "utf-7", "latin-1")

_WORDS = (
    "\r\n",
    "\n\n",
    "- ",
    "• ",
    "# ",
    "**",
    "](",
    "```",
    "1. ",
    "; ",
    ": ",
    "\ufeff",
    "\u00a0",
)
_TAGS = ("<p>", "<li>", "<ol start=", "<table>", "<td>", "<!--", "</", "<pre>", "<script>", "&#")
_TAGS += ("<style>", "<svg>", "<b>", "<h1>", "role=heading", 'type="application/ld+json"', "<br>")


def _read(name: str, content: bytes) -> None:
    encoding = chosen(content, _ENCODINGS) if not name.endswith(".docx") else None
    with refusals():
        document = read_bytes(name, content, encoding)
        holds(document.text.strip(), "a document without text was read")
        document.text.encode()  # no lone surrogates
        _in_order(document.text)


def _read_pdf(content: bytes) -> None:
    # Not by the process that reads PDFs otherwise, where the fuzzer would see nothing.
    with refusals():
        text = pdf_text.read(content, "a.pdf", None).text
        text.encode()
        _in_order(text)


def _in_order(text: str) -> None:
    end = 0
    for statement in split(text):
        holds(end <= statement.start < statement.end <= len(text), "a statement lies elsewhere")
        end = statement.end


def _analyze(content: bytes) -> None:
    """The whole way of a document to its profile and its report."""
    text = content.decode("utf-8", "replace")
    suffix_of(content)
    profile = small_model().analyze(Document("text", text))
    json.dumps(profile.to_dict(), allow_nan=False)
    holds(profile.balance is None or -1 <= profile.balance <= 1, "the balance is out of bounds")
    for statement in profile.statements:
        holds(0 <= statement.p_leadership <= 1, "a statement has no probability")
    page = report(small_model(), [(profile, text)])
    holds("<script" not in page.lower(), "the report has a script")


def _files(*patterns: str) -> Callable[[], Iterable[bytes]]:
    return lambda: [
        path.read_bytes() for pattern in patterns for path in sorted(ROOT.glob(pattern))
    ]


def _unpacked(*patterns: str) -> Iterable[bytes]:
    """Word files with the parts that are read alone, not compressed and not long to change."""
    for content in _files(*patterns)():
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            kept = [name for name in archive.namelist() if name.endswith(_READ_PARTS)]
            parts = {name: _LATENT.sub(b"", archive.read(name)) for name in kept}
        yield packed(parts)


_READ_PARTS = ("_rels/.rels", "document.xml", "styles.xml", "numbering.xml", "footnotes.xml")

#: Styles that a Word file names and does not have, and those of tables, which say nothing.
_LATENT = re.compile(
    rb'<w:latentStyles.*?</w:latentStyles>|<w:style [^>]*w:type="table".*?</w:style>', re.DOTALL
)


def _part(name: str) -> Mutator:
    return in_markup if name.endswith((".xml", ".rels")) else _any_way


def _any_way(content: bytes, random: Random, change: Change) -> bytes:
    return change(content)


DOCUMENTS = (
    Target(
        "docx",
        partial(_read, "a.docx"),
        lambda: _unpacked("examples/postings/*.docx", "tests/documents/*.docx"),
        in_zip(_part),
        longest=200_000,
    ),
    Target(
        "pdf",
        _read_pdf,
        _files("examples/postings/*.pdf", "tests/documents/**/*.pdf"),
        words=("endobj", "stream", "/Type", "/Page", " Tj", " Td", "BT", "ET", "/Font", "xref"),
        longest=60_000,
    ),
    Target(
        "html",
        partial(_read, "a.html"),
        _files("examples/postings/*.html", "tests/documents/*.html"),
        in_markup,
        words=_TAGS,
        longest=30_000,
    ),
    Target(
        "markdown",
        partial(_read, "a.md"),
        _files("examples/postings/*.md", "tests/documents/*.md"),
        words=_WORDS,
    ),
    Target(
        "text",
        partial(_read, "a.txt"),
        _files("examples/postings/*.txt", "tests/documents/*.txt"),
        words=(*_WORDS, "\x00", "\xff\xfe"),
    ),
    Target(
        "analyze",
        _analyze,
        _files("tests/splitting/a0*.txt", "examples/postings/*.txt"),
        words=_WORDS,
        longest=4_000,
    ),
)
