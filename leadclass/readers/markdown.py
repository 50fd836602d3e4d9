"""A Markdown file in, its text out: titles as ``# ``, items as ``- ``, rows of tables as lines."""

from __future__ import annotations

import re

from leadclass.readers import Reading
from leadclass.readers.characters import tidy, with_plain_bullets
from leadclass.readers.decoding import decode_document

_FRONT_MATTER = re.compile(
    r"\A---[ \t]*\n(?:[\w-]+[ \t]*:.*\n|[ \t]+.*\n|-[ \t].*\n|\n)*---[ \t]*\n"
)
_UNDERLINED = re.compile(r"^(?=\S)(?![-*+#>|])(.{1,200})\n(=+|-{3,})[ \t]*$", re.MULTILINE)
_LINK_TARGET = re.compile(r"^ {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+.*\n?", re.MULTILINE)
_RULE_OF_TABLE = re.compile(
    r"^[ \t]*(?:\|[ \t]*)?(?::?-{2,}:?[ \t]*\|[ \t]*)+(?::?-{2,}:?)?[ \t]*\n?", re.M
)
_ROW = re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"<br[ \t]*/?>", re.IGNORECASE)


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read Markdown."""
    text, note = decode_document(content, file, encoding)
    text = _without_comments(_FRONT_MATTER.sub("", tidy(text)))
    text = _UNDERLINED.sub(lambda title: f"{'#' if title[2][0] == '=' else '##'} {title[1]}", text)
    text = _LINK_TARGET.sub("", _RULE_OF_TABLE.sub("", text))
    text = _ROW.sub(_cells, text)
    return Reading(with_plain_bullets(text), note)


def _without_comments(text: str) -> str:
    # Not by a pattern, which would look for the end anew at each of many that do not end.
    kept, *commented = text.split("<!--")
    for part in commented:
        _, end, after = part.partition("-->")
        kept += after if end else f"<!--{part}"
    return kept


def _cells(row: re.Match[str]) -> str:
    cells = (_BREAK.sub(" ", cell).strip() for cell in row[1].split("|"))
    return " | ".join(filter(None, cells))
