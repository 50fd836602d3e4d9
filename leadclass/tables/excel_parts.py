"""A workbook of Excel in, an error out if it is larger when unpacked than is read.

Its reader keeps a tree of every part but of a sheet, of which it keeps one row at a time. So what a
bomb could fill the memory with is counted first, which takes far less time than reading does.
"""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from leadclass.errors import LeadclassError
from leadclass.tables.excel_writing import MOST_ROWS

#: Bytes that the parts of a workbook may have when they are unpacked.
MOST_UNPACKED = 2_000_000_000

#: The same, and tags, of all parts but the sheets; three million different texts have so many tags.
MOST_BESIDE = 500_000_000
MOST_TAGS = 12_000_000

#: Bytes of a sheet in which a row must end.
LONGEST_ROW = 8_000_000

_AT_ONCE = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STRICT = b"http://purl.oclc.org/ooxml/spreadsheetml/main"
_CONTENT_TYPES = "[Content_Types].xml"
_OVERRIDE = re.compile(rb"<(?:\w+:)?Override\b[^>]*>")
_PART_NAME = re.compile(rb"""PartName\s*=\s*["']/?([^"']+)""")
_ROW_END = re.compile(rb"</(?:\w+:)?row\s*>|<(?:\w+:)?row\b[^<>]*/>")


def check_parts(path: str) -> None:
    """Refuse a workbook that would fill the memory.

    Raises
    ------
    LeadclassError
        If its parts, or a row of a sheet, are larger than they may be, or if it is of a kind that
        is not read.
    """
    with Path(path).open("rb") as file:
        if file.read(len(_OLE)) == _OLE:
            raise LeadclassError(
                "has a password, or is of Excel 97 to 2003",
                file=path,
                remedy="save a copy as .xlsx without a password",
            )
    with ZipFile(path) as archive:
        parts = archive.infolist()
        # What the archive states of sizes may be a lie, but no more than that is unpacked.
        if sum(part.file_size for part in parts) > MOST_UNPACKED:
            raise _too_much(path, f"has more than {MOST_UNPACKED:,} bytes when unpacked")
        sheets = _sheets(archive)
        beside = [part for part in parts if part.filename not in sheets]
        if sum(part.file_size for part in beside) > MOST_BESIDE:
            raise _too_much(path, f"has more than {MOST_BESIDE:,} bytes beside its sheets")
        tags = 0
        for part in beside:
            with archive.open(part) as stream:
                while block := stream.read(_AT_ONCE):
                    if _STRICT in block:
                        raise LeadclassError(
                            "is a workbook of the kind Strict Open XML, which is not read",
                            file=path,
                            remedy="save it as an ordinary .xlsx",
                        )
                    tags += block.count(b"<")
                    if tags > MOST_TAGS:
                        raise _too_much(path, f"has more than {MOST_TAGS:,} tags beside its sheets")
        for part in parts:
            if part.filename in sheets:
                _check_sheet(path, archive, part)


def _sheets(archive: ZipFile) -> set[str]:
    """The parts that the workbook says are sheets."""
    if _CONTENT_TYPES not in archive.namelist():
        return set()
    with archive.open(_CONTENT_TYPES) as stream:
        kinds = stream.read(_AT_ONCE)
    return {
        name[1].decode("utf-8", "replace")
        for override in _OVERRIDE.findall(kinds)
        if b"worksheet+xml" in override and (name := _PART_NAME.search(override))
    }


def _check_sheet(path: str, archive: ZipFile, part: ZipInfo) -> None:
    since_end = rows = 0
    plain = True
    with archive.open(part) as stream:
        while block := stream.read(_AT_ONCE):
            # Within a comment or a section of plain characters nothing ends.
            plain = plain and b"<!" not in block
            ends = list(_ROW_END.finditer(block)) if plain else []
            rows += len(ends)
            since_end = len(block) - ends[-1].end() if ends else since_end + len(block)
            if rows > MOST_ROWS:
                raise _too_much(path, "has more rows than a sheet of Excel holds")
            if since_end > LONGEST_ROW:
                raise _too_much(path, f"has a row of more than {LONGEST_ROW:,} bytes")


def _too_much(path: str, problem: str) -> LeadclassError:
    return LeadclassError(problem, file=path, remedy="save the sheet as csv")
