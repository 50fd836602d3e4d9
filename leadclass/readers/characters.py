"""A text with odd characters in, the same text with ordinary ones out."""

from __future__ import annotations

import re

_SPACES = dict.fromkeys([0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], " ")
#: Soft hyphens, joiners, marks of direction, controls: seen by nobody, in the way of every word.
_INVISIBLE = dict.fromkeys(
    [
        *set(range(0x20)) - {0x09, 0x0A},
        *range(0x7F, 0xA0),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        *range(0xFFF9, 0xFFFC),
    ]
)
_LIGATURES = {
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
_ORDINARY = {**_INVISIBLE, **_SPACES, **_LIGATURES}
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_BROKEN_WORD = re.compile("(?<=[^\\W\\d_])\xad[ \t]*\n[ \t]*(?=[^\\W\\d_])")

#: Signs that begin an item of a list, those of Word's symbol fonts too, which have no name.
_SIGNS = "•‣◦▪▫■□●○◉∙⁃❖➢➤➔►▶▸▹◆◇⬥✓✔✗✦★☑✅⭐🔹🔸👉\uf000-\uf0ff"
#: These are signs only where a space follows: they have other uses.
_SPACED_SIGNS = "-–—−‐‑*+·»›→"
_BULLET = re.compile(
    rf"""^([ \t]*)
    (?: [{_SIGNS}]\ufe0f?[ \t]*         # one that needs no space
      | [{_SPACED_SIGNS}][ \t]+         # or one that does
      | o(?:\t|[ ]{{2,}})[ \t]*         # Word's hollow bullet
    )(?=\S)""",
    re.VERBOSE | re.MULTILINE,
)
_LONE_SIGN = re.compile(rf"[ \t]*(?:[{_SIGNS}]\ufe0f?|[-–—−*+·o])[ \t]*")


def tidy(text: str) -> str:
    """The text with every line ended by a line feed, plain spaces and nothing invisible.

    A word that a soft hyphen breaks at the end of a line is put together.
    """
    text = _LINE_ENDS.sub("\n", text)
    return _BROKEN_WORD.sub("", text).translate(_ORDINARY)


def with_plain_bullets(text: str) -> str:
    """The text with the sign before every item of a list written as ``- ``."""
    return _BULLET.sub(r"\1- ", text)


def is_count(text: str) -> bool:
    """Whether a text is a number such as one gives to items: of a few digits."""
    return text.isdecimal() and len(text) <= _MOST_DIGITS


_MOST_DIGITS = 9


def is_lone_sign(line: str) -> bool:
    """Whether a line is a bullet whose item stands on the next."""
    return bool(_LONE_SIGN.fullmatch(line))
