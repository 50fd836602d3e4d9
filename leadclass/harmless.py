"""A text that may hold anything in, one that steers no terminal and no spreadsheet out."""

from __future__ import annotations

import re
from typing import Any

#: Control characters, which move the cursor, ring, or set the title of a window; and those that
#: turn the direction of writing around, so that a text reads other than it is.
_STEERING = [*range(32), *range(127, 160), *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_REPLACED = dict.fromkeys(_STEERING, "\N{REPLACEMENT CHARACTER}")
_REPLACED_IN_LINES = {code: sign for code, sign in _REPLACED.items() if code not in (9, 10, 13)}
#: JSON escapes the first 32 by itself.
_ESCAPED = {code: f"\\u{code:04x}" for code in [*_STEERING[32:], 0x2028, 0x2029]}

#: What makes a spreadsheet take a cell for a formula, as wide characters too.
FORMULA = "^[=+@\t\r\n\uff1d\uff0b\uff0d\uff20-]"
_FORMULA = re.compile(FORMULA)

#: What stands before a text that would be taken for one.
GUARD = "'"


def harmless(text: str) -> str:
    """A user's text, as one line, without characters that steer a terminal."""
    return text.translate(_REPLACED)


def harmless_lines(text: str) -> str:
    """The same, with its line ends and tabs kept."""
    return text.translate(_REPLACED_IN_LINES)


def harmless_json(line: str) -> str:
    """JSON that means the same, with the characters escaped that steer a terminal or end a line."""
    if line.isascii() and "\x7f" not in line:
        return line
    return line.translate(_ESCAPED)


def harmless_parts(part: Any) -> Any:
    """Plain data of which every text steers no terminal, and can be written in UTF-8."""
    if isinstance(part, str):
        return harmless_lines(part).encode("utf-8", "replace").decode("utf-8")
    if isinstance(part, dict):
        return {harmless_parts(name): harmless_parts(inner) for name, inner in part.items()}
    if isinstance(part, (list, tuple)):
        return [harmless_parts(inner) for inner in part]
    return part


def guarded(text: str) -> str:
    """A text that no spreadsheet takes for a formula: what looks like one has an apostrophe."""
    return GUARD + text if _FORMULA.match(text) else text
