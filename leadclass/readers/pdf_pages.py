"""A page of a PDF in, its words and what else the text depends on out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadclass.readers.pdf_drawn_bullets import drawn_bullets
from leadclass.readers.pdf_words import Segment, is_unknown, letters_of, segments_of, words_of

if TYPE_CHECKING:
    from pypdfium2 import PdfPage, PdfTextPage


@dataclass(frozen=True)
class Page:
    """A page: its words, its height, and what could not be read.

    Attributes
    ----------
    segments : tuple of Segment
        From the top to the foot, from left to right.
    bottom, top : float
    known, unknown : int
        The number of letters, and of those whose font does not say which they are.
    pictures : bool
        Whether it has any.
    """

    segments: tuple[Segment, ...]
    bottom: float
    top: float
    known: int
    unknown: int
    pictures: bool


def page_of(page: PdfPage, text: PdfTextPage) -> Page:
    """Read a page.

    Parameters
    ----------
    page : pypdfium2.PdfPage
    text : pypdfium2.PdfTextPage
        Its text.

    Returns
    -------
    Page
    """
    from pypdfium2 import raw  # only where a PDF comes

    left, bottom, right, top = page.get_bbox()
    letters = list(letters_of(text))
    turned = Counter(letter.turned for letter in letters if letter.text.strip())
    # A page that was scanned or printed sideways is read as it is meant to be held.
    upright = turned.most_common(1)[0][0] if turned else 0
    shown = [
        letter
        for letter in letters
        if letter.turned == upright
        and (upright or (left <= letter.left <= right and bottom <= letter.y <= top))
    ]
    if upright:
        edges = [letter.y for letter in shown]
        bottom, top = min(edges, default=0.0), max(edges, default=0.0)
    words = list(words_of(shown, text))
    if not upright:
        words += drawn_bullets(page, words)
    visible = [letter for letter in shown if letter.text.strip()]
    return Page(
        tuple(segments_of(words)),
        bottom,
        top,
        known=len(visible),
        unknown=sum(is_unknown(letter.text) for letter in visible),
        pictures=next(iter(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=2)), None)
        is not None,
    )
