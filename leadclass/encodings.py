"""Bytes in, text out; where they are not the text they should be, an error that says so."""

from __future__ import annotations

import codecs
from io import BufferedIOBase, BufferedReader, BytesIO, RawIOBase, TextIOWrapper
from os import PathLike

from leadclass.errors import LeadclassError, wrong_type

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LONGEST_BOM = 4

_WIDE = ("utf-16", "utf-32")
#: Which of the first four bytes are zero where English text has no byte order mark.
_WIDE_BY_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
    (False, True, True, True): "utf-32-le",
    (True, True, True, False): "utf-32-be",
}

#: What spreadsheets on Windows write when they do not write UTF-8, and what reads any byte.
_LIKELY = ("cp1252", "latin-1")


def encoding_of(head: bytes, asked: str | None, file: str | PathLike[str]) -> str:
    """The encoding to read with: the one asked for, else by the byte order mark, else UTF-8.

    Raises
    ------
    LeadclassError
        If no encoding has the name asked for, or it is no name.
    """
    if asked is not None:
        if not isinstance(asked, str):
            raise wrong_type("an encoding", asked, "its name")
        try:
            TextIOWrapper(BytesIO(), asked)  # unlike codecs.lookup refuses codecs of bytes
            name = codecs.lookup(asked).name
            return "utf-8-sig" if name == "utf-8" and head.startswith(codecs.BOM_UTF8) else name
        except (LookupError, ValueError):
            raise LeadclassError(
                f"no encoding is called {asked!r}",
                file=file,
                remedy="use --encoding utf-8, cp1252, latin-1 or utf-16",
            ) from None
    return next((name for bom, name in _BOMS if head.startswith(bom)), "utf-8")


def decode(content: bytes, file: str | PathLike[str], asked: str | None = None) -> str:
    """All of a file as text.

    Raises
    ------
    LeadclassError
        If the bytes are not of the encoding, with the line and the encoding to try.
    """
    encoding = encoding_of(content[:LONGEST_BOM], asked, file)
    try:
        return decoded(content, encoding)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise undecodable(file, encoding, line, content) from None
    except UnicodeError:
        raise undecodable(file, encoding, None, content) from None


def decoded(content: bytes, encoding: str) -> str:
    """The same for who knows what to do with a `UnicodeError`."""
    text = content.decode(encoding)
    if not encoding.startswith("utf-8"):
        text.encode()  # UTF-7 can spell lone surrogates, which are no text
    return text


def undecodable_stream(
    path: str | PathLike[str], encoding: str, stream: RawIOBase | BufferedIOBase
) -> LeadclassError:
    """The error for a file that stopped decoding while it was read, naming the line.

    Parameters
    ----------
    path : path-like
    encoding : str
    stream : binary file
        What it holds, from its beginning.
    """
    if encoding.startswith(_WIDE):
        return undecodable(path, encoding)
    lines = BufferedReader(stream)
    try:
        for number, line in enumerate(lines, 1):
            try:
                line.decode(encoding)
            except UnicodeError:
                return undecodable(path, encoding, number, line)
        return undecodable(path, encoding)
    finally:
        lines.detach()  # else it closes the stream, which is its opener's to do


def undecodable(
    file: str | PathLike[str], encoding: str, line: int | None = None, content: bytes = b""
) -> LeadclassError:
    """The error for bytes that are not of an encoding, with the encoding to try."""
    likely = next(name for name in _LIKELY if name != encoding and _decodes(content, name))
    wide = encoding.startswith(_WIDE)
    return LeadclassError(
        f"these bytes are not {'UTF-8' if encoding.startswith('utf-8') else encoding}",
        file=file,
        line=line,
        remedy="export it again, as UTF-8" if wide else f"try --encoding {likely}",
    )


def refuse_wide(head: bytes, encoding: str, file: str | PathLike[str]) -> None:
    """Refuse UTF-16 and UTF-32 that do not say so, and would be read as text with NULs in it.

    Parameters
    ----------
    head : bytes
        The first `LONGEST_BOM` of the file.
    encoding : str
        What it is to be read with.
    file : path-like

    Raises
    ------
    LeadclassError
        With the encoding to name.
    """
    likely = _WIDE_BY_ZEROS.get(tuple(byte == 0 for byte in head))
    if likely and encoding == "utf-8":
        raise LeadclassError(
            f"is text in {likely.upper()} without a byte order mark",
            file=file,
            remedy=f"give --encoding {likely}",
        )


def _decodes(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeError:
        return False
    return True
