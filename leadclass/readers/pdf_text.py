"""A PDF in, its text out: columns one after the other, without what is printed on every page.

It is read here and now; `leadclass.readers.pdf` has another process do it.
"""

from __future__ import annotations

import pypdfium2

from leadclass.errors import LeadclassError
from leadclass.readers import Reading
from leadclass.readers.blocks import to_text
from leadclass.readers.limits import MOST_CHARACTERS, MOST_PAGES, check_limit
from leadclass.readers.pdf_furniture import without_furniture
from leadclass.readers.pdf_pages import Page, page_of
from leadclass.readers.pdf_paragraphs import to_blocks
from leadclass.readers.pdf_reading_order import in_reading_order

#: More letters than this share without a meaning, and the text is noise.
_MOST_UNKNOWN = 0.3
_MOST_PAGES_NAMED = 5


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read a PDF that has a text layer; not on several threads, which PDFium is not made for."""
    pages = _pages(content, file)
    words = sum(len(page.segments) for page in pages)
    if not words:
        raise LeadclassError(
            "this PDF has no text, only pictures of it"
            if any(p.pictures for p in pages)
            else "this PDF has no text",
            file=file,
            remedy="run it through text recognition (OCR), or pass the document it was made from",
        )
    if sum(page.unknown for page in pages) > _MOST_UNKNOWN * sum(page.known for page in pages):
        raise LeadclassError(
            "this PDF's fonts do not say which letters they draw",
            file=file,
            remedy="run it through text recognition (OCR), or pass the document it was made from",
        )
    blocks = to_blocks([in_reading_order(page) for page in without_furniture(pages)])
    return Reading(to_text(blocks), _note(pages))


def _pages(content: bytes, file: str) -> list[Page]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise LeadclassError(
                "this PDF is protected by a password", file=file, remedy="save a copy without one"
            ) from None
        raise _damaged(file) from None
    try:
        return _read_pages(document, file)
    except pypdfium2.PdfiumError:
        raise _damaged(file) from None
    finally:
        document.close()


def _read_pages(document: pypdfium2.PdfDocument, file: str) -> list[Page]:
    check_limit(len(document), MOST_PAGES, "pages", file)
    pages = []
    characters = 0
    for number in range(len(document)):
        page = document[number]
        text = page.get_textpage()
        characters += text.count_chars()
        check_limit(characters, MOST_CHARACTERS, "characters", file)
        pages.append(page_of(page, text))
        text.close()
        page.close()
    return pages


def _note(pages: list[Page]) -> str:
    """Which pages could not be read, being pictures."""
    empty = [str(n) for n, page in enumerate(pages, 1) if page.pictures and not page.segments]
    if not empty:
        return ""
    named = ", ".join(empty[:_MOST_PAGES_NAMED]) + (", ..." if empty[_MOST_PAGES_NAMED:] else "")
    which = f"page {named} is a picture" if len(empty) == 1 else f"pages {named} are pictures"
    return f"{which} without text, and left out"


def _damaged(file: str) -> LeadclassError:
    return LeadclassError(
        "is a damaged PDF", file=file, remedy="get a whole copy, or print it to a PDF anew"
    )
