"""The markup of a web page in, its tags and texts out, in time that grows with its length only.

The standard library's parser takes minutes for a page of a hundred kilobytes that opens tags and
ends none; whoever reads what strangers upload cannot use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape


@dataclass(frozen=True)
class Start:
    """A start tag, its attributes by their names in lower case."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class End:
    """An end tag."""

    tag: str


#: Elements that hold characters only, whatever these look like.
_RAW = frozenset("script style textarea title xmp iframe noembed noframes".split())
_NAME = re.compile(r"[a-zA-Z][^\s/>]*")
_ATTRIBUTE = re.compile(
    r"""[\s/]* ([^\s/>][^\s/>=]*) (?:\s*=\s* (?: "([^"]*)" | '([^']*)' | ([^\s>"'][^\s>]*) )? )?""",
    re.VERBOSE,
)
_REST_OF_TAG = re.compile(r"[\s/]*>")


def tags_of(html: str) -> Iterator[Start | End | str]:
    """The tags and the texts of a page in order; comments and declarations are left out.

    Parameters
    ----------
    html : str

    Yields
    ------
    Start, End or str
    """
    place = 0
    while (begin := html.find("<", place)) >= 0:
        if begin > place:
            yield _unescaped(html[place:begin])
        if html.startswith("<!--", begin):
            place = _after(html, "-->", begin + len("<!-"))  # <!--> is one, too
        elif html.startswith(("<!", "<?"), begin):
            place = _after(html, ">", begin)
        elif html.startswith("</", begin):
            if name := _NAME.match(html, begin + 2):
                yield End(name[0].lower())
            place = _after(html, ">", begin)
        elif name := _NAME.match(html, begin + 1):
            attributes, place = _attributes(html, name.end())
            tag = name[0].lower()
            yield Start(tag, attributes)
            if tag in _RAW:
                end = re.compile(f"</{tag}", re.IGNORECASE).search(html, place)
                yield html[place : end.start() if end else len(html)]
                place = end.start() if end else len(html)
        else:
            yield "<"
            place = begin + 1
    if place < len(html):
        yield _unescaped(html[place:])


#: Numbers of more digits name no character, and Python refuses to read them.
_NO_CHARACTER = re.compile(r"&#(?:\d{10,}|[xX][0-9a-fA-F]{10,});?")


def _unescaped(text: str) -> str:
    if "&" not in text:
        return text
    return unescape(_NO_CHARACTER.sub("\N{REPLACEMENT CHARACTER}", text))


def _after(html: str, mark: str, place: int) -> int:
    """Where something ends: after its mark, or with the page."""
    end = html.find(mark, place)
    return end + len(mark) if end >= 0 else len(html)


def _attributes(html: str, place: int) -> tuple[dict[str, str], int]:
    attributes: dict[str, str] = {}
    while not (end := _REST_OF_TAG.match(html, place)):
        found = _ATTRIBUTE.match(html, place)
        if found is None:
            return attributes, len(html)
        name, *values = found.groups()
        attributes.setdefault(name.lower(), _unescaped(next(filter(None, values), "")))
        place = found.end()
    return attributes, end.end()
