"""A stretch of text in, its sentences and the items of its lists out, as places in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from leadclass.package_files import package_text

#: A list in one line has at least this many semicolons or bullets; one alone joins two clauses.
MARKS_OF_A_LIST = 2
#: These marks.
LIST_MARKS = ";•●▪■◦‣"

#: What ends a sentence.
ENDS = ".!?…"
#: What may close after it, and what may open before the next word.
CLOSERS, OPENERS = "\"'”’»)]*_`", "\"“‘'([*_>"
#: What the next sentence does not begin with, and the eyes of a face that may stand before it.
NO_BEGINNINGS, EYES = ",;:)", ":;=8"

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
    # Most blocks have nothing that encloses, and need not be read for it.
    enclosed = _Enclosed(text, start) if _OPENING.search(text, start, end) else None
    for ending in ENDING.finditer(text, start, end):
        if ending.end() == end:
            break
        if not ends_sentence(text, begin, ending):
            continue
        if enclosed:
            if enclosed.at(ending, end):
                continue
            enclosed = _Enclosed(text, ending.end())
        yield begin, ending.end()
        begin = ending.end()
    yield begin, end


def cut_list(text: str, start: int, end: int) -> list[Span]:
    """Cut a sentence that is a list, marked by semicolons or bullets, into its lead-in and items.

    Parameters
    ----------
    text : str
    start, end : int
        The sentence.

    Returns
    -------
    list of (int, int)
        The place of each part; of a sentence that is no list, the whole.
    """
    if not _LIST_MARK.search(text, start, end):
        return [(start, end)]
    marks = [match.start() for match in _LIST_MARK.finditer(text, start, end)]
    if len(marks) < MARKS_OF_A_LIST:
        return [(start, end)]
    parts = []
    if colon := _COLON.search(text, start, marks[0]):
        parts.append((start, colon.end()))
        start = colon.end()
    for mark in marks:
        parts.append((start, mark))
        start = mark + 1
    return [*parts, (start, end)]


@cache
def abbreviations() -> dict[str, str]:
    """Words that a full stop may follow without ending the sentence, in lower case.

    The value is the mark that tells when the sentence ends after all; see the file.
    """
    words = (line.partition(" ") for line in _lines("abbreviations.txt"))
    return {word: mark for word, _, mark in words}


# Possessive, and never from the middle of a run, so that no text takes more than linear time.
ENDING = re.compile(
    rf"""(?P<stop> [{ENDS}](?<![{ENDS}]{{2}})[{ENDS}]*+ )
        (?P<close> [{re.escape(CLOSERS)}]*+ )
        (?: \s++ (?:(?:[{EYES}]-?[)(DPp/|]|<3|[\U0001F300-\U0001FAFF☀-➿])\ufe0f?(?=\s|$)\s*+)*+
          | (?<=[a-z]{{2}}[.!?])(?=[A-Z](?:[a-z]|\ ))   # no gap, as in "did well.She"
          | (?<=[\d%)]\.)(?=[A-Z][a-z])
          | (?<=[a-z][.!?]["”)])(?=[A-Z][a-z]) )""",
    re.VERBOSE,
)
_LAST_WORD_BACKWARDS = re.compile(r"[^\s(\[/\"“]*+")
_NEXT_WORD = re.compile(rf"[{re.escape(OPENERS)}\s]*+([^\W_]*+)")
_INITIALS = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")


def ends_sentence(text: str, begin: int, ending: re.Match[str]) -> bool:
    """Whether a sentence that begins somewhere ends at a stop, if nothing encloses it.

    Parameters
    ----------
    text : str
    begin : int
    ending : re.Match
        Of `ENDING`, not at the end of the stretch.
    """
    stop, end = ending["stop"], ending.end()
    following = _NEXT_WORD.match(text, end)
    after = following[1] if following else ""
    small = after[:1].islower()
    if text[end] in NO_BEGINNINGS or (ending["close"] and small and not text[begin].islower()):
        return False
    if stop != ".":
        return not (stop[0] in ".…" and small)
    before = text[max(begin, ending.start() - _LOOK_BACK) : ending.start()]
    last = _LAST_WORD_BACKWARDS.match(before[::-1])
    word = last.group()[::-1] if last else ""
    return _ends_at_word(word, begin == ending.start() - len(word), text[end], after)


def _ends_at_word(word: str, alone: bool, mark_after: str, after: str) -> bool:
    """Whether a sentence, of which it may be all, ends at the full stop after a word."""
    before = word.lower()
    mark = abbreviations().get(before)
    if (len(word) == 1 and word.isupper()) or (mark is None and _INITIALS.fullmatch(word)):
        # "J. Smith", "the E.U. Council"; but a sentence may well end with "plan B."
        mark = "~"
    if mark is None:
        return not (alone and word.isdigit())
    if mark == "0":
        return not (after[:1].isdigit() or after == "of")
    if mark_after == "(":
        return False
    if mark == "~":
        return after[:1].isupper() and after.lower() in _openers()
    return mark == "*" and after[:1].isupper() and after.lower() not in _calendar()


@cache
def _openers() -> frozenset[str]:
    return frozenset(_lines("openers.txt"))


@cache
def _calendar() -> frozenset[str]:
    return frozenset(_lines("calendar.txt"))


def _lines(name: str) -> list[str]:
    lines = package_text(f"data/{name}").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


class _Enclosed:
    """Whether a stop is inside a quotation or brackets after which its sentence goes on."""

    def __init__(self, text: str, begin: int) -> None:
        self._text = text
        self._begin = self._read = begin
        self._straight = self._curly = self._single = False
        self._brackets = 0

    def at(self, ending: re.Match[str], end: int) -> bool:
        self._read_to(ending.end("stop"))
        if self._brackets and ")" in ending["close"]:
            return True
        self._read_to(ending.end())
        ahead = min(end, ending.end() + _LOOK_AHEAD)
        if self._brackets and self._text.find(")", ending.end(), ahead) >= 0:
            return True
        if self._straight or self._curly or self._single:
            closing = _CLOSING if self._straight or self._curly else _CLOSING_SINGLE
            close = closing.search(self._text, ending.end(), ahead)
            return bool(close and _GOES_ON.match(self._text, close.end(), end))
        return False

    def _read_to(self, place: int) -> None:
        for match in _ENCLOSING.finditer(self._text, self._read, place):
            mark = match.group()
            if mark == '"':
                self._straight = not self._straight
            elif mark in "“”":
                self._curly = mark == "“"
            elif mark in "'‘’":
                before = self._text[max(match.start() - 1, self._begin) : match.start()]
                self._single = not before or before not in _BEFORE_CLOSING
            elif mark == "(":
                # What the sentence begins with does not enclose a part of it.
                self._brackets += match.start() > self._begin
            elif self._brackets:
                self._brackets -= 1
        self._read = place


# Each begins with the set of its marks, to which the search runs, and tells by what is around a
# mark whether it counts.
_OPENING = re.compile(r"""["“‘('](?<!\S')""")
_BEFORE_CLOSING = ".!?,…"
# An apostrophe is no quotation mark: that has a space before it, or a stop. A face is no bracket.
_ENCLOSING = re.compile(
    rf"""["“”()'‘’](?: (?<=["“”])
        | (?<=[()])(?<![:;].)(?<![:;]-.)
        | (?<=['‘])(?<![^\s(].)(?=\w)
        | (?<=[{_BEFORE_CLOSING}]['’])(?!\w) )""",
    re.VERBOSE,
)
_CLOSING = re.compile(r'["”]')
_CLOSING_SINGLE = re.compile(rf"['’](?<=[{_BEFORE_CLOSING}].)(?!\w)")
_GOES_ON = re.compile(r",?[\s>]+[a-z]|,")

_LIST_MARK = re.compile(rf"[{LIST_MARKS}]")
_COLON = re.compile(r":(?=\s)")
