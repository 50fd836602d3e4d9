"""Statements of a document in, the boilerplate section that each stands in out.

Postings tell of the employer, of benefits, of equal opportunity and of how to apply in much the
same words whatever the job. Such sections are known by their headings; equal opportunity and how to
apply by their own words too, since they often stand at the end under no heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from leadclass.blocks import BULLET, HEADING
from leadclass.labels import BOILERPLATE, NO_SECTION
from leadclass.package_files import package_rows
from leadclass.statements import Statement

#: A heading that is known has at most this many words.
LONGEST_HEADING = 8

#: How many statements after one that is known by its own words are of its section too.
AFTER_A_PHRASE = 2

#: A star in the lists stands for this many words at most, a ^ for the beginning of a statement.
_WORDS_OF_A_STAR = 4


def sections_of(statements: Sequence[Statement]) -> list[str]:
    """The section of each statement of a document.

    Parameters
    ----------
    statements : sequence of Statement
        All of the document, in reading order.

    Returns
    -------
    list of str
        One of `BOILERPLATE`, or an empty string.
    """
    known = _known()
    found: list[str] = []
    section = NO_SECTION
    left = 0  # for how many statements a section goes on that no heading has opened
    for statement in statements:
        words = _words_of(statement.text)
        heading = _heading(statement, words, known)
        own = label = known.section_of_label(statement.text)
        if own is None and statement.form != BULLET:
            own = known.section_of_phrase(words)
        if heading is not None:
            section, left = heading, len(statements)
        elif own is not None and own != section:
            found.append(own)
            # A closing date above the text, or a button, opens no section.
            if own and label is None and 2 * len(found) > len(statements):
                section, left = own, AFTER_A_PHRASE
            continue
        elif own:
            left = max(left, AFTER_A_PHRASE)
        elif not left or (left <= AFTER_A_PHRASE and _FACT.match(statement.text)):
            section, left = NO_SECTION, 0
        else:
            left -= 1
        found.append(section)
    return found


def _heading(statement: Statement, words: str, known: _Known) -> str | None:
    """The section that a statement opens; None if it opens none."""
    text, is_heading = statement.text, statement.form == HEADING
    if len(words.split()) > LONGEST_HEADING or ": " in text:
        return None
    if text[-1:] in ".!;," and not is_heading:
        return None
    named = known.headings.get(words)
    # A name or a question tells a heading from "about thirty people" where no empty line does.
    likely = statement.form != BULLET and (text.split()[-1][:1].isupper() or text[-1:] == "?")
    if named is None and (is_heading or likely):
        named = known.section_of_heading(words)
    if named is not None:
        return named
    # What ends with a colon may be a part of a section: "Please send:"
    return NO_SECTION if is_heading and text[-1:] != ":" else None


@dataclass(frozen=True)
class _Known:
    """The headings and phrases of the lists."""

    headings: dict[str, str]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    phrases: tuple[tuple[str, re.Pattern[str]], ...]

    def section_of_heading(self, words: str) -> str | None:
        return next((s for s, pattern in self.patterns if pattern.fullmatch(words)), None)

    def section_of_phrase(self, words: str) -> str | None:
        return next((s for s, pattern in self.phrases if pattern.search(words)), None)

    def section_of_label(self, text: str) -> str | None:
        """The section that stands before a colon, as in "Benefits: a pension"."""
        label, colon, rest = text.partition(":")
        return self.headings.get(_words_of(label)) if colon and rest else None


@cache
def _known() -> _Known:
    exact, starred = {}, []
    for section, words in _read("section_headings.csv"):
        if "*" in words:
            starred.append((section, re.compile(_pattern(words))))
        else:
            exact[words] = section
    phrases: dict[str, list[str]] = {}
    for section, words in _read("section_phrases.csv"):
        phrases.setdefault(section, []).append(_pattern(words))
    return _Known(
        exact,
        tuple(starred),
        tuple((s, re.compile(rf"\b(?:{'|'.join(p)})\b")) for s, p in phrases.items()),
    )


def _read(name: str) -> list[tuple[str, str]]:
    """Rows of a list; a section that is no boilerplate is none."""
    rows = [(row["section"], row["words"]) for row in package_rows(f"data/{name}")]
    return [(s if s in BOILERPLATE else NO_SECTION, words) for s, words in rows]


def _pattern(words: str) -> str:
    star = rf"\w+(?: \w+){{0,{_WORDS_OF_A_STAR - 1}}}"
    begin = "^" if words.startswith("^") else ""
    words = words.removeprefix("^")
    return begin + " ".join(star if word == "*" else re.escape(word) for word in words.split())


#: A line that says one thing under its name, as in "Reference: A 12".
_FACT = re.compile(r"[A-Z][\w ]{0,30}: ")
_APOSTROPHES = re.compile(r"['’‘]")
_BETWEEN_WORDS = re.compile(r"[\W_]+")
_NUMBERING = re.compile(r"^(?:section )?(?:\d{1,2} )+")


def _words_of(text: str) -> str:
    """The words of a text in lower case, without numbering and marks."""
    text = _APOSTROPHES.sub("", text.lower()).replace("&", " and ")
    words = _BETWEEN_WORDS.sub(" ", text).strip()
    return _NUMBERING.sub("", words)
