"""A stretch of text in, its sentences and the items of its lists out, as places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

#: A list in one line has at least this many semicolons or bullets; one alone joins two clauses.
MARKS_OF_A_LIST = 2

#: How far back the word before a stop is looked for, and how far ahead the end of a quotation.
_LOOK_BACK, _LOOK_AHEAD = 30, 300

Span = tuple[int, int]


def cut_sentences(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a stretch of text at the stops that end a sentence.

    Parameters
    ----------
    text : str
    start, end : int
        The stretch.

    Yields
    ------
    (int, int)
        The place of each sentence, which may have white space around it.
    """
    begin = start
    enclosed = _Enclosed(text, start)
    for ending in _ENDING.finditer(text, start, end):
        if ending.end() == end:
            break
        enclosed.go_on_to(ending.end())
        if _ends_sentence(text, begin, ending) and not enclosed.until_later(ending.end(), end):
            yield begin, ending.end()
            begin = ending.end()
            enclosed = _Enclosed(text, begin)
    yield begin, end


def cut_list(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut a sentence that is a list, marked by semicolons or bullets, into its lead-in and items.

    Parameters
    ----------
    text : str
    start, end : int
        The sentence.

    Yields
    ------
    (int, int)
        The place of each part; of a sentence that is no list, the whole.
    """
    marks = [match.start() for match in _LIST_MARK.finditer(text, start, end)]
    if len(marks) < MARKS_OF_A_LIST:
        yield start, end
        return
    if colon := _COLON.search(text, start, marks[0]):
        yield start, colon.end()
        start = colon.end()
    for mark in marks:
        yield start, mark
        start = mark + 1
    yield start, end


@cache
def abbreviations() -> dict[str, str]:
    """Words that a full stop may follow without ending the sentence, in lower case.

    The value is the mark that tells when the sentence ends after all; see the file.
    """
    words = (line.partition(" ") for line in _lines("abbreviations.txt"))
    return {word: mark for word, _, mark in words}


# Possessive, and never from the middle of a run, so that no text takes more than linear time.
_ENDING = re.compile(
    r"""(?<![.!?…])(?P<stop>[.!?…]++)(?P<close>["'”’»)\]*_`]*+)   # the stop, what closes after it
        (?: \s++ (?:(?:[:;=8]-?[)(DPp/|]|<3|[\U0001F300-\U0001FAFF☀-➿])\ufe0f?(?=\s|$)\s*+)*+
          | (?<=[a-z]{2}[.!?])(?=[A-Z](?:[a-z]|\ ))   # no gap, as in "did well.She"
          | (?<=\d\.)(?=[A-Z][a-z])
          | (?<=[a-z][.!?]["”)])(?=[A-Z][a-z]) )""",
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\[/\"“]*$")
_NEXT_WORD = re.compile(r"[\"“‘'(\[*_]*([^\W_]*)")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")


def _ends_sentence(text: str, begin: int, ending: re.Match[str]) -> bool:
    stop, end = ending["stop"], ending.end()
    word = _NEXT_WORD.match(text, end)
    after = word[1] if word else ""
    if text[end] in ",;:)" or (ending["close"] and after[:1].islower()):
        return False
    if stop != ".":
        return not (stop[0] in ".…" and after[:1].islower())
    last = _LAST_WORD.search(text[max(begin, ending.start() - _LOOK_BACK) : ending.start()])
    before = last.group().lower() if last else ""
    mark = abbreviations().get(before)
    if mark is None and _INITIALS.fullmatch(before):
        # "J. Smith", "the U.S. Army"; but a sentence may well end with "plan B."
        mark = "~"
    if mark is None:
        return not (before.isdigit() and begin == ending.start() - len(before))
    if mark == "0":
        return not after[:1].isdigit()
    if mark == "~":
        return after[:1].isupper() and after.lower() in _openers()
    return mark == "*" and after[:1].isupper()


@cache
def _openers() -> frozenset[str]:
    return frozenset(_lines("openers.txt"))


def _lines(name: str) -> list[str]:
    lines = (files("leadclass") / "data" / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class _Enclosed:
    """Whether a place in a sentence is inside a quotation or brackets that began in it."""

    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._begin = self._read = begin
        self._straight = self._curly = self._brackets = 0

    def go_on_to(self, place: int) -> None:
        for match in _ENCLOSING.finditer(self._text, self._read, place):
            mark = match.group()
            if mark == '"':
                self._straight ^= 1
            elif mark in "“”":
                self._curly = int(mark == "“")
            elif mark == "(":
                # What the sentence begins with does not enclose a part of it.
                self._brackets += bool(self._text[self._begin : match.start()].strip())
            elif self._brackets:
                self._brackets -= 1
        self._read = place

    def until_later(self, place: int, end: int) -> bool:
        """Whether what encloses the place closes before the sentence ends."""
        ahead = min(end, place + _LOOK_AHEAD)
        if self._brackets and self._text.find(")", place, ahead) >= 0:
            return True
        if self._straight or self._curly:
            close = _CLOSING.search(self._text, place, ahead)
            return bool(close and _GOES_ON.match(self._text, close.end()))
        return False


_ENCLOSING = re.compile(r'["“”()]')
_CLOSING = re.compile(r'["”]')
_GOES_ON = re.compile(r",?\s+[a-z]|,")

_LIST_MARK = re.compile(r"[;•●▪■◦‣]")
_COLON = re.compile(r":(?=\s)")
