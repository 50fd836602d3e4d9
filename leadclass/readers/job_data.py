"""A web page in, the posting that it carries as data for search engines (JSON-LD) out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from leadclass.readers.html_tree import Node

_TYPE = "application/ld+json"
_POSTING = "JobPosting"
#: Its parts that are texts, in the order in which postings have them.
_TEXTS = (
    "description",
    "responsibilities",
    "qualifications",
    "experienceRequirements",
    "educationRequirements",
    "skills",
    "jobBenefits",
)
_MARKUP = re.compile(r"<\s*/?\s*[a-zA-Z][^>]*>")
_MOST_NESTED = 20


def posting_in(page: Node) -> list[str]:
    """The parts of a posting as HTML, its title first; empty where there is none.

    Parameters
    ----------
    page : Node

    Returns
    -------
    list of str
    """
    for node in page.below():
        if node.tag != "script" or node.attributes.get("type", "").strip().lower() != _TYPE:
            continue
        try:
            data = json.loads(node.text(), strict=False)
        except (ValueError, RecursionError):  # the first of integers without end, too
            continue
        for posting in _postings(data):
            parts = [text for key in _TEXTS if (text := _text(posting.get(key)))]
            title = _text(posting.get("title"))
            return [f"<h1>{title}</h1>", *parts] if title else parts
    return []


def _postings(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MOST_NESTED:
        return
    if isinstance(data, list):
        for item in data:
            yield from _postings(item, depth + 1)
    elif isinstance(data, dict):
        kinds = data.get("@type")
        if _POSTING in (kinds if isinstance(kinds, list) else [kinds]):
            yield data
        for value in data.values():
            yield from _postings(value, depth + 1)


def _text(value: Any) -> str:
    """A part as HTML: some sites write its markup with entities, once more than needed."""
    if isinstance(value, list):
        return "".join(f"<p>{text}</p>" for item in value if (text := _text(item)))
    if not isinstance(value, str):
        return ""
    if not _MARKUP.search(value):
        value = unescape(value)
    return value if _MARKUP.search(value) else value.strip().replace("\n", "<br>")
