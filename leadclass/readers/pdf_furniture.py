"""The pages of a PDF in, the same without running headers, footers and page numbers out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from leadclass.readers.pdf_pages import Page
from leadclass.readers.pdf_words import Segment, lines_of

#: So many lines at the top and at the foot of a page may be furniture,
_LINES = 3
#: if they stand in this share of its height,
_MARGIN = 0.15
#: and on this share of the pages, two at least, at the same height give or take some points.
_SHARE = 1 / 3
_FEWEST_PAGES = 2
_SLACK = 8

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"(?:page|p\.)?[\s\-–—|]*\d{1,4}(?:\s*(?:of|/|\|)\s*\d{1,4})?[\s\-–—|]*", re.IGNORECASE
)
#: What browsers print above and below a page: when and from where; its title stands beside.
_STAMP = re.compile(
    r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4},? \d{1,2}:\d{2}(?: ?[AP]M)?|(?:https?|file)://\S+",
    re.IGNORECASE,
)


def without_furniture(pages: Sequence[Page]) -> list[Page]:
    """Pages without what stands at the same place of several, and without their numbers.

    Parameters
    ----------
    pages : sequence of Page

    Returns
    -------
    list of Page
    """
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in _marginal(page):
            for segment in line:
                places[_key(segment)].append((number, segment.y))
    fewest = max(_FEWEST_PAGES, _SHARE * len(pages))
    cleaned = []
    for page in pages:
        dropped = {
            segment
            for line in _marginal(page)
            for segment in line
            if _is_page_number(line)
            or _is_stamp(line)
            or _pages_alike(places[_key(segment)], segment.y) >= fewest
        }
        kept = tuple(segment for segment in page.segments if segment not in dropped)
        cleaned.append(replace(page, segments=kept))
    return cleaned


def _marginal(page: Page) -> Iterator[list[Segment]]:
    """The lines in the margins of a page."""
    margin = _MARGIN * (page.top - page.bottom)
    lines = lines_of(page.segments)
    yield from (line for line in lines[:_LINES] if line[0].y >= page.top - margin)
    yield from (line for line in lines[_LINES:][-_LINES:] if line[0].y <= page.bottom + margin)


def _key(segment: Segment) -> str:
    # In any order, for left and right pages have the number on different sides.
    words = sorted(_DIGITS.sub("#", segment.text.lower()).split())
    return f"{round(segment.size)} {' '.join(words)}"


def _pages_alike(places: Sequence[tuple[int, float]], y: float) -> int:
    return len({number for number, height in places if abs(height - y) <= _SLACK})


def _is_stamp(line: Sequence[Segment]) -> bool:
    return any(_STAMP.fullmatch(segment.text) for segment in line)


def _is_page_number(line: Sequence[Segment]) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(" ".join(segment.text for segment in line)))
