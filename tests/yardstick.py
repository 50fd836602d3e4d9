"""Documents split by hand in, how well a splitter does on them out.

``splitting/NAME.txt`` is a document, ``NAME.statements`` its statements in reading order, one a
line, white space made single and ``**`` left out. ``sections/NAME.sections`` has the statements of
a posting that are boilerplate, after the name of their section. What is measured is said in
``docs/splitting.md``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from pathlib import Path

from leadclass.documents import read_document
from leadclass.labels import BOILERPLATE, NO_SECTION
from leadclass.sections import sections_of
from leadclass.statements import split

FOLDER = Path(__file__).parent / "splitting"
SECTIONS = Path(__file__).parent / "sections"
POSTINGS = Path(__file__).parent.parent / "examples" / "postings"

#: A text in, the places of its statements out.
Splitter = Callable[[str], Iterable[tuple[int, int]]]

Spans = list[tuple[int, int]]


@dataclass(frozen=True)
class HandSplit:
    """A document and the places of its statements.

    Attributes
    ----------
    name, text : str
    spans : list of (int, int)
    """

    name: str
    text: str
    spans: Spans

    def measured(self, spans: Iterable[tuple[int, int]]) -> Spans:
        """Places counted in letters and digits of statements; those that have none are left out."""
        places = [(self._counted[start], self._counted[end]) for start, end in spans]
        return [(start, end) for start, end in places if start < end]

    @cached_property
    def _counted(self) -> list[int]:
        """How many letters and digits of statements stand before each place."""
        counts = [0] * (len(self.text) + 1)
        for start, end in self.spans:
            for i in range(start, end):
                counts[i + 1] = self.text[i].isalnum()
        return list(accumulate(counts))


@dataclass(frozen=True)
class Counts:
    """What was found, what there is, and what of both agrees."""

    found: int = 0
    there: int = 0
    right: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.found + other.found, self.there + other.there, self.right + other.right)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(self.found + self.there, 1)

    @property
    def precision(self) -> float:
        return self.right / max(self.found, 1)

    @property
    def recall(self) -> float:
        return self.right / max(self.there, 1)


@cache
def hand_splits(pattern: str = "*") -> list[HandSplit]:
    """The documents whose names match a pattern, in order."""
    return [_read(path) for path in sorted(FOLDER.glob(f"{pattern}.statements"))]


def boundaries(document: HandSplit, split: Splitter) -> Counts:
    """How many starts and ends a splitter finds, how many there are, how many it has right."""
    found, there = map(document.measured, (split(document.text), document.spans))
    ends = [
        {(side, place[side]) for place in places for side in (0, 1)} for places in (found, there)
    ]
    return Counts(len(ends[0]), len(ends[1]), len(ends[0] & ends[1]))


def whole(document: HandSplit, split: Splitter) -> Counts:
    """The same of statements of which both ends must be right."""
    found, there = (set(document.measured(s)) for s in (split(document.text), document.spans))
    return Counts(len(found), len(there), len(found & there))


def sections(pattern: str = "*") -> dict[str, Counts]:
    """How many statements of each section are found, of the postings that match a pattern."""
    counts = dict.fromkeys(BOILERPLATE, Counts())
    for path in sorted(SECTIONS.glob(f"{pattern}.sections")):
        statements = split(read_document(_posting(path.stem)).text)
        marked = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
        true = [NO_SECTION] * len(statements)
        place = 0
        for section, text in marked:
            # A statement that is cut in another way than by hand is one that is not found.
            for i in range(place, len(statements)):
                if statements[i].text == text:
                    true[i] = section
                    place = i + 1
                    break
            else:
                counts[section] += Counts(there=1)
        for found, there in zip(sections_of(statements), true, strict=True):
            for section in {found, there} - {NO_SECTION}:
                counts[section] += Counts(
                    found == section, there == section, found == there == section
                )
    return counts


def _posting(name: str) -> Path:
    written = FOLDER / f"{name}.txt"
    return written if written.exists() else next(POSTINGS.glob(f"{name}.*"))


def _read(path: Path) -> HandSplit:
    # As it is on the disk: some documents have the line ends of Windows.
    text = path.with_suffix(".txt").read_bytes().decode("utf-8")
    spans: Spans = []
    end = 0
    for line in path.read_text(encoding="utf-8").splitlines():
        # The marks that a line leaves out may stand before, in and after every word.
        words = r"[*_`>\s]+".join(_word(word) for word in line.split())
        found = re.compile(words).search(text, end)
        if not found:
            raise ValueError(f"{path.name}: {line!r} is not in the text after character {end}")
        spans.append(found.span())
        end = found.end()
    return HandSplit(path.stem, text, spans)


def _word(word: str) -> str:
    return r"(?:\*\*)?".join(map(re.escape, word))
