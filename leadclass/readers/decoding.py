"""The bytes of a document in, its characters out, and a note where the encoding was guessed.

A table that is not UTF-8 is refused, for its cells are given back to the user. A document is only
read: there a careful guess that is told serves better than a refusal.
"""

from __future__ import annotations

import codecs
import re

from leadclass.encodings import LONGEST_BOM, decode, decoded, encoding_of

#: What a page calls its encoding, and what browsers take that for.
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-16": "utf-8", "utf-32": "utf-8"}

#: The most of a text in cp1252 that is not ASCII, if it is in English: quotes, dashes, a name.
#: Other alphabets in encodings of their own have far more, and would come out as nonsense.
_MOST_FOREIGN = 0.1
_WHOLE_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
#: A text is UTF-8 with some damage if this share of its longer characters is damaged at most.
_MOST_TORN = 0.2
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def decode_document(
    content: bytes, file: str, asked: str | None, declared: str | None = None
) -> tuple[str, str]:
    """The text of a document, and what to tell of its encoding.

    Parameters
    ----------
    content : bytes
    file : str
    asked : str, optional
        The encoding that the user named, which is taken as it is.
    declared : str, optional
        What the document says of itself; a byte order mark knows better, and UTF-8 shows.

    Returns
    -------
    text, note : str

    Raises
    ------
    LeadclassError
        If the bytes are no text in the encoding, and not plainly in another.
    """
    if asked is not None or encoding_of(content[:LONGEST_BOM], None, file) != "utf-8":
        return decode(content, file, asked), ""
    if wide := _wide_encoding(content):
        return decode(content, file, wide), ""
    named = _codec(declared) or "utf-8"
    # What is UTF-8 by its bytes is so by no accident, whatever a page that was written anew says.
    for name in ("utf-8", named) if not content.isascii() else (named,):
        try:
            return decoded(content, name), ""
        except UnicodeError:
            continue
    if _is_cp1252(content):
        return content.decode("cp1252"), "not UTF-8, read as cp1252; --encoding names another"
    mended = content.decode("utf-8", "replace")
    torn = mended.count("\ufffd")
    if torn <= _MOST_TORN * len(_WHOLE_SEQUENCE.findall(content)):
        return mended, f"{torn} of its characters {'is' if torn == 1 else 'are'} damaged"
    return decode(content, file), ""  # says what is wrong, and where


def _wide_encoding(content: bytes) -> str | None:
    """UTF-16 without a byte order mark: every other byte of English text is then zero."""
    head = content[:1024]
    for first_zero, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros = head[first_zero::2].count(0)
        if zeros > 0.7 * len(head) / 2 and not head[1 - first_zero :: 2].count(0):
            return name
    return None


def _codec(name: str | None) -> str | None:
    try:
        found = codecs.lookup(name.strip()) if name else None
    except (LookupError, ValueError):
        return None
    if found is None or not found._is_text_encoding:
        return None
    return _AS_BROWSERS_DO.get(found.name, found.name)


def _is_cp1252(content: bytes) -> bool:
    try:
        content.decode("cp1252")
    except UnicodeError:
        return False
    foreign = sum(byte > 0x7F for byte in content)
    return (
        foreign <= _MOST_FOREIGN * len(content)
        and not _CONTROLS.search(content)
        # UTF-8 with a torn byte in it; the rest of its letters would be lost.
        and not _WHOLE_SEQUENCE.search(content)
    )
