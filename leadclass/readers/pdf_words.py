"""The letters of a page of a PDF in, its words out, put together where they stand close."""

from __future__ import annotations

import ctypes
import math
import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypdfium2 import PdfTextPage


class Segment(NamedTuple):
    """Words that stand close to one another on one line; lengths are in points.

    Attributes
    ----------
    text : str
    left, right, y : float
        Its ends, and its baseline counted from the foot of the page.
    size : float
        Of its letters.
    bold : bool
        Whether all of it is.
    """

    text: str
    left: float
    right: float
    y: float
    size: float
    bold: bool


#: In sizes of a letter: words further apart than this belong to different columns or cells,
_COLUMN_GAP = 1.0
#: bullets and numbers may stand further from their item,
_MARKER_GAP = 4.0
#: letters further apart are of two words,
_WORD_GAP = 0.25
#: and baselines further apart are of two lines.
_BASELINE_SLACK = 0.35

_MARKER = re.compile(
    r"[^\w\s(\[\"'“‘£$€&#@]{1,2}|o|\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]|[\uf000-\uf0ff]"
)
_BOLD = re.compile(r"bold|black|heavy|demi", re.IGNORECASE)
_BOLD_WEIGHT = 600
#: A heading whose letters are set apart: this many, and no other words.
_SPACED_LETTERS = 5
_HYPHEN_AT_LINE_END = "\x02"


class Letter(NamedTuple):
    """A letter: its ends and baseline, how it is turned, which of the page's it is."""

    text: str
    left: float
    right: float
    y: float
    turned: int
    place: int


def letters_of(text: PdfTextPage) -> Iterator[Letter]:
    """The letters of a page as it stores them, those that stand aslant left out."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    handle = text.raw  # looked up once: there are many letters
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(handle, index)
        shown = chr(code) if code <= 0x10FFFF and not 0xD800 <= code < 0xE000 else "\ufffd"
        raw.FPDFText_GetLooseCharBox(handle, index, box)
        raw.FPDFText_GetCharOrigin(handle, index, x, y)
        quarter = round(raw.FPDFText_GetCharAngle(handle, index) / (math.pi / 2), 1)
        if quarter % 1:
            continue  # aslant: a stamp or a watermark
        turned = int(quarter) % 4
        ends, baseline = _upright(turned, (box.left, box.right), (box.bottom, box.top), x, y)
        yield Letter(shown, *ends, baseline, turned, index)


def _upright(
    turned: int,
    across: tuple[float, float],
    along: tuple[float, float],
    x: ctypes.c_double,
    y: ctypes.c_double,
) -> tuple[tuple[float, float], float]:
    """The ends and the baseline of a letter when the page is held so that it stands upright."""
    if turned == 0:
        return across, y.value
    if turned == 1:
        return (-along[1], -along[0]), x.value
    if turned == 2:
        return (-across[1], -across[0]), -y.value
    return along, -x.value


def words_of(letters: Iterable[Letter], text: PdfTextPage) -> Iterator[Segment]:
    """Letters put together to words."""
    word: list[Letter] = []
    size = 0.0
    bold = False
    for letter in letters:
        if word and (not letter.text.strip() or _is_apart(word[-1], letter, size)):
            yield _word(word, size, bold)
            word = []
        if letter.text.strip(" \r\n\t\0"):
            if not word:
                size, bold = _look(text, letter.place)
            word.append(letter)
    if word:
        yield _word(word, size, bold)


def _is_apart(before: Letter, letter: Letter, size: float) -> bool:
    gap = letter.left - before.right
    return (
        gap > _WORD_GAP * size or gap < -size or abs(letter.y - before.y) > _BASELINE_SLACK * size
    )


def _word(letters: list[Letter], size: float, bold: bool) -> Segment:
    shown = "".join(letter.text for letter in letters).replace(_HYPHEN_AT_LINE_END, "-")
    right = max(letter.right for letter in letters)
    return Segment(shown, letters[0].left, right, letters[0].y, size, bold)


def _look(text: PdfTextPage, index: int) -> tuple[float, bool]:
    """The size of a letter on the page, and whether it is bold."""
    from pypdfium2 import raw

    matrix = raw.FS_MATRIX()
    scale = 1.0
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.c, matrix.d) or 1.0
    size = max(1.0, raw.FPDFText_GetFontSize(text, index) * scale)
    name = ctypes.create_string_buffer(128)
    flags = ctypes.c_int()
    raw.FPDFText_GetFontInfo(text, index, name, len(name), flags)
    heavy = raw.FPDFText_GetFontWeight(text, index) >= _BOLD_WEIGHT
    return size, heavy or bool(_BOLD.search(name.value.decode("utf-8", "replace")))


def is_unknown(letter: str) -> bool:
    """Whether a font does not say which letter this is."""
    # The symbols of Word's bullets are private, too, but known.
    return letter in "\ufffd\0" or (
        "\ue000" <= letter <= "\uf8ff" and not "\uf000" <= letter <= "\uf0ff"
    )


def segments_of(words: Iterable[Segment]) -> Iterator[Segment]:
    """Words of one line put together, up to gaps as between columns."""
    for line in lines_of(words):
        run = [line[0]]
        for word in line[1:]:
            gap = word.left - run[-1].right
            most = _MARKER_GAP if len(run) == 1 and _MARKER.fullmatch(run[0].text) else _COLUMN_GAP
            if gap > most * max(word.size, run[-1].size):
                yield joined(run)
                run = []
            run.append(word)
        yield joined(run)


def lines_of(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments by their baselines, from the top to the foot, each line from left to right."""
    lines: list[list[Segment]] = []
    for segment in sorted(segments, key=lambda s: -s.y):
        if lines and lines[-1][0].y - segment.y <= _BASELINE_SLACK * min(
            segment.size, lines[-1][0].size
        ):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return [sorted(line, key=lambda s: s.left) for line in lines]


def joined(run: list[Segment], between: str = " ") -> Segment:
    """Segments of one line as one."""
    largest = max(run, key=lambda s: len(s.text))
    text = between.join(s.text for s in run)
    if len(run) >= _SPACED_LETTERS and all(len(s.text) == 1 for s in run):
        text = _without_spacing(run)
    return largest._replace(
        text=text,
        left=min(s.left for s in run),
        right=max(s.right for s in run),
        bold=all(s.bold for s in run if any(map(str.isalnum, s.text))),
    )


def _without_spacing(letters: list[Segment]) -> str:
    """Letters that are set apart, as words: a wider gap is between two of these."""
    gaps = [b.left - a.right for a, b in pairwise(letters)]
    usual = sorted(gaps)[len(gaps) // 2]
    text = letters[0].text
    for gap, letter in zip(gaps, letters[1:], strict=True):
        text += (" " if gap > 1.5 * usual else "") + letter.text
    return text
