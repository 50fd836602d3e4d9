"""A file in, held for one process alone until it ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from pathlib import Path

from leadclass.errors import LeadclassError


@contextmanager
def only_here(path: str | PathLike[str]) -> Iterator[None]:
    """Keep every other process from the same while the block runs.

    The lock is a file beside `path`, for `path` itself is replaced when an answer changes. The
    system lets go of it when the process ends; an empty file that is left over locks no one out.

    Parameters
    ----------
    path : path-like
        It need not exist.

    Raises
    ------
    LeadclassError
        If another process holds it, or its folder cannot be written to.
    """
    target = Path(fspath(path))
    beside = target.with_name(f".{target.name}.lock")
    file = _locked(beside, target)
    try:
        yield
    finally:
        with suppress(OSError):  # on Windows an open file cannot be removed
            beside.unlink()
        os.close(file)


def _locked(beside: Path, target: Path) -> int:
    while True:
        file = -1
        try:
            file = os.open(beside, os.O_RDWR | os.O_CREAT, 0o600)
            _lock(file)
            # Who held it may have removed the file between our opening and our locking it.
            if sys.platform == "win32" or os.fstat(file).st_ino == _inode(beside):
                return file
            os.close(file)
        except BlockingIOError:
            os.close(file)
            raise LeadclassError(
                "is being written to in another window",
                file=target,
                remedy="go on there, or name another file with -o",
            ) from None
        except OSError as error:
            if file >= 0:
                os.close(file)
            raise LeadclassError(
                f"cannot be held for this window alone ({error.strerror or error})",
                file=target,
                remedy="check your rights to the folder, or name another file with -o",
            ) from None


def _inode(path: Path) -> int | None:
    try:
        return path.stat().st_ino
    except OSError:
        return None


if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error

else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
