"""A text file, or what was pasted from a clipboard, in; its text with ordinary characters out."""

from __future__ import annotations

from leadclass.readers import Reading
from leadclass.readers.characters import tidy, with_plain_bullets
from leadclass.readers.decoding import decode_document


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read plain text."""
    text, note = decode_document(content, file, encoding)
    return Reading(with_plain_bullets(tidy(text)), note)
