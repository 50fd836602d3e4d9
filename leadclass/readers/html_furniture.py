"""An element of a web page in; whether it is hidden, or furniture around the text, out."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from leadclass.package_files import package_text
from leadclass.readers.blocks import HEADING, Block
from leadclass.readers.html_tree import Node

#: What holds more than this share of a page's text is no furniture, whatever it is called,
_MOST = 0.5
#: unless more than this share of it is links.
_LINKS = 0.6
_MENU_LINKS = 0.9
#: A list of links has at least this many, and at most this many characters in each.
_FEWEST_LINKS = 3
_LONGEST_LINK = 40

_FURNITURE = frozenset("nav aside button dialog".split())
#: Inside these a header or footer belongs to the text, not to the page.
_CONTENT = frozenset("article main section".split())
#: These are never furniture by their name: they have all sorts of names for the style's sake.
_WHOLE = frozenset("page html body main article".split())
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAME_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_NAMES_FROM = ("id", "class", "role", "aria-label", "data-testid")


def is_hidden(node: Node, page: Node) -> bool:
    """Whether an element is not shown, by its own attributes."""
    attributes = node.attributes
    hidden = (
        "hidden" in attributes
        or attributes.get("aria-hidden", "").strip().lower() == "true"
        or bool(_HIDDEN_STYLE.search(attributes.get("style", "")))
    )
    # Some pages hide everything until a script has run.
    return hidden and node.tag not in _WHOLE and node.letters <= _MOST * page.letters


def is_furniture(node: Node, page: Node, inside: Sequence[str]) -> bool:
    """Whether an element is part of the site rather than of the text.

    Parameters
    ----------
    node, page : Node
        The element and the page.
    inside : sequence of str
        The elements that it is in.
    """
    if node.tag in _WHOLE:
        return False
    if node.tag in _FURNITURE:
        return True
    if node.tag in ("header", "footer"):
        return not _CONTENT.intersection(inside) and not _is_title(node)
    words = _lists()
    if node.attributes.get("role", "").strip().lower() in words["roles"]:
        return True
    if node.letters > _MOST * page.letters and node.linked < _LINKS * node.letters:
        return False
    if node.tag == "form":
        return any(field.tag in ("input", "textarea", "select") for field in node.below())
    return _is_named_so(node, words) or _is_menu(node)


def is_action(text: str) -> bool:
    """Whether the words of a link or a button only say what it does."""
    return text.lower().strip(" \t\n.!»›>→←«‹<") in _lists()["actions"]


def without_ends(blocks: Sequence[Block]) -> list[Block]:
    """Blocks without other postings, and whatever else stands below the text under its heading."""
    kept: list[Block] = []
    dropping: int | None = None
    for block in blocks:
        if block.kind == HEADING and (dropping is None or block.level <= dropping):
            dropping = block.level if _is_end(block.text) else None
        if dropping is None:
            kept.append(block)
    return kept


def _is_title(node: Node) -> bool:
    """Whether a header holds the title of the text, not only the name of the site."""
    return (
        node.tag == "header"
        and node.linked < _MOST * node.letters
        and any(inner.tag == "h1" for inner in node.below())
    )


def _is_named_so(node: Node, words: dict[str, Any]) -> bool:
    names = [_words(node.attributes.get(key, "")) for key in _NAMES_FROM]
    found = {word for name in names for word in name}
    found |= {f"{a} {b}" for name in names for a, b in pairwise(name)}
    if found & words["names"] or any(_names_others(name) for name in names):
        return True
    return bool(found & words["names_if_links"]) and node.linked > _LINKS * node.letters


def _is_menu(node: Node) -> bool:
    """Whether a list has nothing but short links."""
    if node.tag not in ("ul", "ol") or node.linked < _MENU_LINKS * node.letters:
        return False
    items = [item for item in node.elements() if item.tag == "li"]
    return len(items) >= _FEWEST_LINKS and all(item.letters <= _LONGEST_LINK for item in items)


def _is_end(heading: str) -> bool:
    words = _words(heading)
    return " ".join(words) in _lists()["ends"] or (len(words) <= 4 and _names_others(words))


def _names_others(words: Sequence[str]) -> bool:
    lists = _lists()
    return any(a in lists["others"] and b in lists["of_what"] for a, b in pairwise(words))


def _words(name: str) -> list[str]:
    return [word.lower() for word in _NAME_WORD.findall(name)]


@cache
def _lists() -> dict[str, Any]:
    lists = tomllib.loads(package_text("data/web_furniture.toml"))
    return {key: frozenset(words) for key, words in lists.items()}
