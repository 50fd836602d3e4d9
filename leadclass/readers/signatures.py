"""The first bytes of a file in, what kind of document it is out, whatever its name says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM
from leadclass.readers import READERS


@dataclass(frozen=True)
class _Kind:
    """A kind of file: what people call it, the extension it should have, or what to do instead."""

    name: str
    suffix: str = ""
    remedy: str = ""


_RESAVE = "open it and save it as .docx"
_UNPACK = "unpack it and pass the documents in it"
_DOCX = _Kind("a Word document", ".docx")
_PDF = _Kind("a PDF", ".pdf")
_HTML = _Kind("a web page", ".html")
_DAMAGED_ZIP = _Kind("a damaged Word file or zip archive", remedy="get a whole copy of it")
_ZIP = _Kind("a zip archive", remedy=_UNPACK)
_LEGACY = _Kind("a document of Word 97 to 2003", remedy=_RESAVE)
_LOCKED = _Kind("an Office document with a password", remedy="save a copy without one")
_OLD_OFFICE = _Kind("an old Office file", remedy=_RESAVE)
_PICTURE = "recognise its text (OCR) and pass that"

#: Kinds by how their files begin.
_MAGIC = (
    (rb"\{\\rtf", _Kind("rich text (RTF)", remedy=_RESAVE)),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|RIFF....WEBP", _Kind("a picture", remedy=_PICTURE)),
    (rb"\x1f\x8b|7z\xbc\xaf|Rar!", _Kind("an archive", remedy=_UNPACK)),
    (rb"(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype html|html|head|body)\b", _HTML),
    (rb"\s*<\?xml.{0,200}?\?>\s*<(?:!doctype html|html)\b", _HTML),
    (
        rb"(?:From|Subject|Date|MIME-Version|Snapshot-Content-Location): (?=.*multipart/related)",
        _Kind("a web archive (MHTML)", remedy="save the page as HTML"),
    ),
)
_MAGICS = [(re.compile(magic, re.IGNORECASE | re.DOTALL), kind) for magic, kind in _MAGIC]

#: Kinds of zip by a name that one of their files begins with.
_ZIPPED = (
    ("word/", _DOCX),
    ("xl/", _Kind("an Excel workbook", remedy="save its sheet as .csv for leadclass tag")),
    ("ppt/", _Kind("a PowerPoint presentation", remedy="save it as .pdf")),
    ("Index/", _Kind("a Pages document", remedy="export it as .docx")),
    ("META-INF/container.xml", _Kind("an e-book", remedy="save its text as .txt")),
    ("content.xml", _Kind("an OpenDocument file", remedy=_RESAVE)),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LONGEST_MAGIC = 8192
#: A PDF may have something before it, as when a mail program put its own header there.
_PDF_WITHIN = 1024
_PDF_HEADER = re.compile(rb"%PDF-\d\.\d")

#: Extensions of kinds that are not read, but are documents: a folder's are named, not passed over.
UNREAD = frozenset(".doc .dot .odt .rtf .pages .wpd .wps".split())


def suffix_of(content: bytes) -> str:
    """The extension that a file with this content should have; ``.txt`` where it may be text."""
    kind = _kind_of(content)
    return kind.suffix if kind and kind.suffix else ".txt"


def check_kind(content: bytes, suffix: str, file: str) -> None:
    """Refuse a file whose content is of another kind than its extension, or of none that is read.

    Parameters
    ----------
    content : bytes
    suffix : str
        Its extension in lower case.
    file : str

    Raises
    ------
    LeadclassError
        With what it is and what to do.
    """
    kind = _kind_of(content)
    known = READERS.get(suffix)
    if kind is None:
        if known in ("word", "pdf"):
            wanted = _DOCX if known == "word" else _PDF
            raise LeadclassError(
                f"is not {wanted.name}, though its name ends in {suffix}",
                file=file,
                remedy="get a whole copy of it, or rename it if it is another kind",
            )
        if known is None:
            raise _unread(suffix, file)
        return
    if kind.suffix and READERS[kind.suffix] == known:
        return
    if kind is _DAMAGED_ZIP and known == "word":
        return  # its reader says so in fewer words
    if not kind.suffix:
        raise LeadclassError(f"is {kind.name}, which is not read", file=file, remedy=kind.remedy)
    if file == STANDARD_STREAM:
        return
    raise LeadclassError(
        f"is {kind.name}, though its name ends in {suffix or 'no extension'}",
        file=file,
        remedy=f"rename it to {PurePath(file).stem}{kind.suffix}",
    )


def known_suffixes() -> str:
    """The extensions that are read, as a list for a sentence."""
    return ", ".join(READERS)


def _unread(suffix: str, file: str) -> LeadclassError:
    return LeadclassError(
        f"{suffix or 'a file without extension'} is not a kind of document that is read",
        file=file,
        remedy=f"save it as one of {known_suffixes()}, or pass its text on standard input",
    )


def _kind_of(content: bytes) -> _Kind | None:
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content)
    if content.startswith(_OLE):
        return _kind_of_ole(content)
    head = content[:_LONGEST_MAGIC]
    for magic, kind in _MAGICS:
        if magic.match(head):
            return kind
    return _PDF if _PDF_HEADER.search(head[:_PDF_WITHIN]) else None


def _kind_of_zip(content: bytes) -> _Kind:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, OSError, NotImplementedError):
        return _DAMAGED_ZIP
    for beginning, kind in _ZIPPED:
        if any(name.startswith(beginning) for name in names):
            return kind
    return _ZIP


def _kind_of_ole(content: bytes) -> _Kind:
    for stream, kind in (("EncryptedPackage", _LOCKED), ("WordDocument", _LEGACY)):
        if stream.encode("utf-16-le") in content:
            return kind
    return _OLD_OFFICE
