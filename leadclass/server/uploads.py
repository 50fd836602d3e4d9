"""What is sent in, as files that nobody else can read and that are gone when it is answered."""

from __future__ import annotations

import re
import shutil
from pathlib import Path, PurePosixPath, PureWindowsPath
from tempfile import TemporaryDirectory
from typing import BinaryIO
from urllib.parse import quote

from starlette.responses import FileResponse
from starlette.types import Receive, Scope, Send

#: Characters of a file's name that are kept.
LONGEST_NAME = 120

_INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def plain_name(name: str | None) -> str:
    """The name of a file as its sender has it, without folders and without what cannot be seen."""
    last = PurePosixPath(PureWindowsPath(name or "").name).name
    shown = _INVISIBLE.sub("", last.encode("utf-8", "replace").decode()).strip()
    shown = "" if shown in (".", "..") else shown
    return f"...{shown[-LONGEST_NAME:]}" if len(shown) > LONGEST_NAME else shown


class PrivateFolder:
    """A folder of this process alone, in which each request may have one of its own."""

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None

    @property
    def path(self) -> Path:
        """Where it is; it is made when it is first asked for."""
        if self._folder is None:
            self._folder = TemporaryDirectory(prefix="leadclass-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def of_request(self) -> TemporaryDirectory[str]:
        """A folder to put what is sent into, and to clean up after."""
        return TemporaryDirectory(dir=self.path, ignore_cleanup_errors=True)

    def remove(self) -> None:
        """Remove it with all that is in it."""
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None


def keep(content: BinaryIO, path: Path) -> None:
    """Write what was sent to a file that only this user can read."""
    with path.open("xb") as file:
        shutil.copyfileobj(content, file)


class Download(FileResponse):
    """A file that is sent and then removed, with the folder it lies in.

    Parameters
    ----------
    path : pathlib.Path
    name : str
        What the browser is to call it.
    folder : TemporaryDirectory
    """

    def __init__(self, path: Path, name: str, folder: TemporaryDirectory[str]) -> None:
        super().__init__(path, media_type="application/octet-stream")
        self.headers["Content-Disposition"] = attachment(name)
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._folder.cleanup()


def attachment(name: str) -> str:
    """The header that names a download (RFC 6266), in ASCII for those that read no more."""
    plain = re.sub(r"[^\w. -]", "_", name, flags=re.ASCII)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
