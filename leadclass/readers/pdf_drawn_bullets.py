"""The words and the shapes of a page of a PDF in, bullets that are drawn as shapes out as words.

Browsers print the dots before the items of a list as little circles, not as letters.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import islice
from typing import TYPE_CHECKING

from leadclass.readers.pdf_words import Segment

if TYPE_CHECKING:
    from pypdfium2 import PdfPage

#: So many shapes of a page are looked at; a page with more is a drawing.
_MOST_SHAPES = 3000
#: In sizes of a letter: how large a dot is, how wide beside how high, how far before its item,
_SMALLEST, _LARGEST = 0.15, 0.75
_NEARLY_ROUND = 0.25
_FURTHEST = 2.5
#: how far its middle is above the baseline, give or take.
_MIDDLE, _MIDDLE_SLACK = 0.32, 0.22


def drawn_bullets(page: PdfPage, words: Sequence[Segment]) -> list[Segment]:
    """The dots that stand before the first word of a line.

    Parameters
    ----------
    page : pypdfium2.PdfPage
        One that is not turned.
    words : sequence of Segment

    Returns
    -------
    list of Segment
    """
    from pypdfium2 import raw  # only where a PDF comes

    by_height = sorted(words, key=lambda word: word.y)
    heights = [word.y for word in by_height]
    bullets = []
    shapes = page.get_objects([raw.FPDF_PAGEOBJ_PATH], max_depth=3)
    for shape in islice(shapes, _MOST_SHAPES):
        left, bottom, right, top = shape.get_bounds()
        width, height = right - left, top - bottom
        if abs(width - height) > _NEARLY_ROUND * height:
            continue
        middle = (bottom + top) / 2
        # The baseline of a word that the dot fits is no further below than this.
        start = bisect_left(heights, middle - (_MIDDLE + _MIDDLE_SLACK) / _SMALLEST * height)
        end = bisect_left(heights, middle)
        for word in by_height[start:end]:
            if (
                _SMALLEST * word.size <= height <= _LARGEST * word.size
                and 0 < word.left - right <= _FURTHEST * word.size
                and abs(middle - word.y - _MIDDLE * word.size) <= _MIDDLE_SLACK * word.size
            ):
                bullets.append(Segment("\u2022", left, right, word.y, word.size, word.bold))
                break
    return bullets
