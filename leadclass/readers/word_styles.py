"""A Word file's styles and lists in; what a paragraph is - a heading, an item, hidden - out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from leadclass.readers.characters import is_count

_OFF = frozenset({"0", "false", "off", "none"})
_NO_LIST = "0"
#: Word has nine levels of headings, and of a list.
_LEVELS = frozenset("012345678")
_TITLES = {"title": 1, "subtitle": 2}


@dataclass(frozen=True)
class Style:
    """What a style, with those that it builds upon, says of a paragraph or its words.

    Attributes
    ----------
    name : str
        In lower case.
    level : int or None
        Of the heading that it makes, from 1.
    number : tuple of str or None
        The list and the level in it.
    bold, hidden : bool
    """

    name: str = ""
    level: int | None = None
    number: tuple[str, str] | None = None
    bold: bool = False
    hidden: bool = False

    @property
    def lists(self) -> str:
        """The kind of list that the style's name says it is for: bullet, number or none."""
        return next((kind for kind in ("bullet", "number") if f"list {kind}" in self.name), "")


def is_on(properties: Element | None, name: str, otherwise: bool = False) -> bool:
    """Whether properties switch something on."""
    switch = None if properties is None else properties.find(name)
    return otherwise if switch is None else switch.get("val", "1") not in _OFF


def value_of(properties: Element | None, path: str) -> str | None:
    """The value that properties give a name."""
    found = None if properties is None else properties.find(path)
    return None if found is None else found.get("val")


def refined(style: Style, properties: Element | None, words: Element | None) -> Style:
    """A style with what the properties of a paragraph, and of words, say besides."""
    level, number = style.level, style.number
    outline = value_of(properties, "outlineLvl")
    if outline in _LEVELS:
        level = int(outline) + 1
    elif outline is not None and outline.isdecimal():
        level = None
    list_id = value_of(properties, "numPr/numId")
    if list_id is not None:
        number = (list_id, value_of(properties, "numPr/ilvl") or "0")
    elif number and (depth := value_of(properties, "numPr/ilvl")):
        number = (number[0], depth)
    return replace(
        style,
        level=level,
        number=None if number and number[0] == _NO_LIST else number,
        bold=is_on(words, "b", style.bold),
        hidden=is_on(words, "vanish", style.hidden),
    )


class Styles:
    """The styles of a file by their ids.

    Parameters
    ----------
    root : Element
        The part ``styles.xml``.
    """

    def __init__(self, root: Element) -> None:
        self._elements = {style.get("styleId", ""): style for style in root.findall("style")}
        self._found: dict[str, Style] = {}

    def __getitem__(self, name: str | None) -> Style:
        if name is None:
            return Style()
        waiting: list[str] = []  # what a style builds upon comes before it, however many they are
        following: str | None = name
        while following is not None and following not in self._found:
            self._found[following] = Style()  # so that styles that build upon one another end
            waiting.append(following)
            following = value_of(self._elements.get(following), "basedOn")
        for style_id in reversed(waiting):
            self._found[style_id] = self._resolved(style_id)
        return self._found[name]

    def _resolved(self, style_id: str) -> Style:
        element = self._elements.get(style_id)
        if element is None:
            return Style()
        name = (value_of(element, "name") or style_id).lower()
        below = self._found.get(value_of(element, "basedOn") or "", Style())
        base = replace(below, name=name)
        style = refined(base, element.find("pPr"), element.find("rPr"))
        if style.level is None:
            kind, _, number = name.partition(" ")
            if kind == "heading" and is_count(number):
                return replace(style, level=int(number))
            return replace(style, level=_TITLES.get(name))
        return style


class Lists:
    """The lists of a file: gives each item its marker, counting as Word does.

    Parameters
    ----------
    root : Element
        The part ``numbering.xml``.
    """

    def __init__(self, root: Element) -> None:
        self._kinds = {kind.get("abstractNumId"): kind for kind in root.findall("abstractNum")}
        self._lists = {item.get("numId"): item for item in root.findall("num")}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    def marker(self, list_id: str, depth: str) -> str:
        """What stands before the next item at this depth: ``- `` or its number."""
        level = int(depth) if depth in _LEVELS else 0
        which = self._lists.get(list_id)
        kind_id = value_of(which, "abstractNumId") or ""
        form = self._level(kind_id, level)
        shape = value_of(form, "numFmt") or "bullet"
        if shape == "none":
            return ""
        if shape == "bullet":
            return "- "
        counts = self._counts[list_id]
        for deeper in [d for d in counts if d > level]:
            del counts[deeper]
        counts[level] = counts[level] + 1 if level in counts else self._start(which, form, level)
        pattern = value_of(form, "lvlText") or ""
        if pattern.count("%") > 1:
            numbers = (str(counts.get(d, 1)) for d in range(level + 1))
            return ".".join(numbers) + ". "
        return _number(counts[level], shape) + ". "

    def _level(self, kind_id: str, level: int) -> Element | None:
        kind = self._kinds.get(kind_id)
        levels = [] if kind is None else kind.findall("lvl")
        return next((form for form in levels if form.get("ilvl") == str(level)), None)

    @staticmethod
    def _start(which: Element | None, form: Element | None, level: int) -> int:
        for override in [] if which is None else which.findall("lvlOverride"):
            if override.get("ilvl") == str(level):
                start = value_of(override, "startOverride")
                if start and is_count(start):
                    return int(start)
        start = value_of(form, "start")
        return int(start) if start and is_count(start) else 1


_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


def _number(count: int, shape: str) -> str:
    if shape.endswith("Letter") and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter.upper() if shape.startswith("upper") else letter
    if shape.endswith("Roman") and 1 <= count < 40:
        written = ""
        for value, digits in _ROMAN:
            written += digits * (count // value)
            count %= value
        return written.upper() if shape.startswith("upper") else written
    return str(count)
