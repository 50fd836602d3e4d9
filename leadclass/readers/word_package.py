"""The bytes of a Word file in, its parts as trees of plain names out; nothing in it is trusted."""

from __future__ import annotations

import posixpath
import zlib
from io import BytesIO
from lzma import LZMAError
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from leadclass.errors import LeadclassError
from leadclass.readers.limits import (
    MOST_ELEMENTS,
    MOST_NESTED,
    MOST_UNPACKED,
    check_limit,
)

_USUAL_MAIN_PART = "word/document.xml"

#: What unpacking raises for an archive that is damaged, or packed as Word does not.
_DAMAGE = (BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError, ValueError)


class Package:
    """The parts of a Word file.

    Parameters
    ----------
    content : bytes
    file : str
        Its name, for errors.
    """

    def __init__(self, content: bytes, file: str) -> None:
        self._file = file
        self._unpacked = 0
        try:
            self._archive = ZipFile(BytesIO(content))
        except (BadZipFile, ValueError, OSError, NotImplementedError):
            raise self._damaged() from None

    def main(self) -> Element:
        """The part that holds the text.

        Raises
        ------
        LeadclassError
            If there is none, or the file is damaged or larger than it may be.
        """
        self._main_name = self._find_main()
        root = self._tree(self._main_name)
        if root is None:
            raise LeadclassError(
                "is not a whole Word document: its text is missing",
                file=self._file,
                remedy="open it and save it anew",
            )
        return root

    def beside_main(self, name: str) -> Element:
        """A part in the folder of the main one; an empty element if there is none."""
        root = self._tree(posixpath.join(posixpath.dirname(self._main_name), name))
        return Element("none") if root is None else root

    def _find_main(self) -> str:
        links = self._tree("_rels/.rels")
        for link in links if links is not None else ():
            if link.get("Type", "").endswith("/officeDocument"):
                return link.get("Target", "").lstrip("/")
        return _USUAL_MAIN_PART

    def _tree(self, name: str) -> Element | None:
        """A part as a tree whose names have no namespace."""
        if name not in self._archive.namelist():
            return None
        try:
            # The size that the archive states may be a lie; what comes out of it is counted.
            with self._archive.open(name) as part:
                content = part.read(MOST_UNPACKED - self._unpacked + 1)
        except _DAMAGE:
            raise self._damaged() from None
        self._unpacked += len(content)
        check_limit(self._unpacked, MOST_UNPACKED, "bytes of text when unpacked", self._file)
        return self._parsed(content)

    def _parsed(self, content: bytes) -> Element:
        builder = TreeBuilder()
        depth = elements = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth, elements
            depth += 1
            elements += 1
            check_limit(elements, MOST_ELEMENTS, "elements of markup", self._file)
            if depth > MOST_NESTED:
                raise self._damaged()
            plain = {_local(key): value for key, value in attributes.items()}
            builder.start(_local(name), plain)

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            builder.end(_local(name))

        def refuse(*_: object) -> None:
            # Word never declares entities; who does wants to fill the memory.
            raise self._damaged()

        parser = expat.ParserCreate(namespace_separator="}")
        parser.buffer_text = True
        parser.StartElementHandler = start
        parser.EndElementHandler = end
        parser.CharacterDataHandler = builder.data
        parser.StartDoctypeDeclHandler = refuse
        try:
            parser.Parse(content, True)
        except LeadclassError:
            raise
        except (expat.ExpatError, ValueError, LookupError):  # of these, encodings unknown to it
            raise self._damaged() from None
        return builder.close()

    def _damaged(self) -> LeadclassError:
        return LeadclassError(
            "is a damaged Word document", file=self._file, remedy="open it and save it anew"
        )


def _local(name: str) -> str:
    return name.rpartition("}")[2]
