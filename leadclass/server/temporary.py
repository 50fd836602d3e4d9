"""All that is temporary, such as what is being received, in a folder for this user and process."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leadclass.unfinished import is_in_use, lock

#: What the name of a server's folder begins with.
PREFIX = "leadclass-serve-"


@contextmanager
def private_temporary_files() -> Iterator[None]:
    """Put everything temporary where only this user can look, until the block ends.

    A server that is killed removes nothing: what such servers have left is removed first.
    """
    _remove_left_behind()
    folder, held = _private_folder()
    before, tempfile.tempdir = tempfile.tempdir, folder.name
    try:
        yield
    finally:
        tempfile.tempdir = before
        folder.cleanup()
        if held is not None:
            os.close(held)


def _private_folder() -> tuple[tempfile.TemporaryDirectory[str], int | None]:
    """A new folder, and the lock that tells that a server uses it."""
    while True:
        folder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
        try:
            return folder, lock(Path(folder.name))
        except (BlockingIOError, FileNotFoundError):  # another server took it for left behind
            folder.cleanup()


def _remove_left_behind() -> None:
    if sys.platform == "win32":  # where no lock tells which folder is in use
        return
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            found = path.lstat()
            if stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not is_in_use(path):
                shutil.rmtree(path, ignore_errors=True)
