"""Paths that may be anything, and files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from leadclass.errors import LeadclassError, wrong_type
from leadclass.unfinished import being_written

#: What stands for standard input or standard output in place of a path.
STANDARD_STREAM = "-"


def path_of(path: str | PathLike[str]) -> str:
    """A path as text.

    Raises
    ------
    WrongTypeError
        If it is none.
    """
    # bytes are paths to the system; to a user they are the content of a file.
    if not isinstance(path, str | PathLike) or not isinstance(fspath(path), str):
        raise wrong_type("a path", path, "a string or a pathlib.Path")
    return fspath(path)


def is_folder(path: str | PathLike[str]) -> bool:
    """Whether a path is a folder; false for a file and for what does not exist.

    Raises
    ------
    LeadclassError
        If the path cannot be looked at: too long, not allowed.
    """
    mode = mode_of(path)
    return mode is not None and stat.S_ISDIR(mode)


def is_same_file(one: str | PathLike[str], other: str | PathLike[str]) -> bool:
    """Whether two paths lead to one file that exists."""
    try:
        return Path(fspath(one)).samefile(fspath(other))
    except (OSError, ValueError):
        return False


def refuse_overwriting(target: str | PathLike[str], *sources: str | PathLike[str]) -> None:
    """Refuse to write to a file that is read.

    Raises
    ------
    LeadclassError
        If `target` is one of `sources`.
    """
    if any(is_same_file(source, target) for source in sources):
        raise LeadclassError(
            "would overwrite the table that is read", file=target, remedy="name another with -o"
        )


def check_new(path: str | PathLike[str]) -> None:
    """Refuse to write where a file is, before work is done that would be lost.

    Raises
    ------
    LeadclassError
        If there is one.
    """
    mode = mode_of(path)
    if mode is not None and not stat.S_ISDIR(mode):
        raise LeadclassError(
            "is there already", file=path, remedy="name another with -o, or give --overwrite"
        )


def check_file(path: str | PathLike[str]) -> int:
    """The size of a file in bytes.

    Raises
    ------
    LeadclassError
        If there is no such file, or it is a folder.
    """
    mode = mode_of(path)
    if mode is None:
        raise LeadclassError("no such file", file=path, remedy="check the path")
    if stat.S_ISDIR(mode):
        raise LeadclassError("is a folder", file=path, remedy="name a file in it")
    return Path(fspath(path)).stat().st_size


def identity(path: str | PathLike[str]) -> tuple[int, int, str]:
    """What tells a file from another, and from itself when it has changed.

    Returns
    -------
    size, time, digest : int, int, str
        The time of its last change, and the SHA-256 of its first and last bytes.

    Raises
    ------
    LeadclassError
        If there is no such file, or it is a folder.
    """
    import hashlib  # which --help does without

    if not check_file(path):  # what is no file, such as a pipe, may wait for ever
        return 0, 0, ""
    with Path(fspath(path)).open("rb") as file:
        found = os.fstat(file.fileno())
        digest = hashlib.sha256(file.read(_LOOKED_AT))
        file.seek(max(0, found.st_size - _LOOKED_AT))
        digest.update(file.read(_LOOKED_AT))
    return found.st_size, found.st_mtime_ns, digest.hexdigest()


_LOOKED_AT = 1 << 16


def refuse_cut_off(path: str | PathLike[str], size: int) -> None:
    """Refuse what was read of a file that has become shorter meanwhile.

    Raises
    ------
    LeadclassError
    """
    with suppress(OSError):
        if Path(fspath(path)).stat().st_size < size:
            raise LeadclassError(
                "was cut off while it was read",
                file=path,
                remedy="run it again when nothing else writes to it",
            )


def mode_of(path: str | PathLike[str]) -> int | None:
    """What the system says of a path, see `stat`; None where nothing is.

    Raises
    ------
    LeadclassError
        If the path cannot be looked at: too long, not allowed.
    """
    try:
        return Path(fspath(path)).stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError) as error:
        shown = fspath(path)
        raise LeadclassError(
            f"is no path that can be opened ({getattr(error, 'strerror', None) or error})",
            file=shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}...",
            remedy="check the path",
        ) from None


_LONGEST_SHOWN = 80


@contextmanager
def replacing(path: str | PathLike[str], **going_on: Any) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place when the block ends well.

    Parameters
    ----------
    path : path-like
    **going_on
        What a broken run has left, and what to leave if this one breaks, see `being_written`.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    LeadclassError
        If the folder does not exist or cannot be written to, or `path` is a folder.
    """
    target = Path(fspath(path))
    if is_folder(target):
        raise LeadclassError("is a folder", file=target, remedy="name a file to write")
    if not is_folder(target.parent):
        raise LeadclassError(
            "its folder does not exist", file=target, remedy=f"create {target.parent} first"
        )
    try:
        with being_written(target, **going_on) as unfinished:
            yield unfinished
            if target.exists():
                unfinished.chmod(stat.S_IMODE(target.stat().st_mode))
            sync(unfinished)
            os.replace(unfinished, target)
            sync(target.parent)
    except OSError as error:
        raise cannot_write(target, error) from None


def sync(path: Path) -> None:
    """Make a file or the names in a folder last through a loss of power, where a system can.

    Raises
    ------
    OSError
        If a file cannot be written to the disk.
    """
    if os.name == "nt":
        return  # where neither a folder nor a file opened for reading can be
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno in _FULL or not path.is_dir():
            raise
    finally:
        os.close(handle)


_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EROFS, errno.EACCES, errno.EPERM)


def cannot_write(target: Path, error: OSError) -> LeadclassError:
    """The error for a file or folder that the system refuses to write."""
    remedy = "check the room on the disk and your rights to the folder"
    if error.errno in _FULL:
        remedy = "make room on the disk and run it again"
    elif error.errno in _FORBIDDEN:
        remedy = "check your rights to the folder, or name another"
    # Arrow's own words have the system's in them, twice.
    reason = os.strerror(error.errno) if error.errno else str(error)
    return LeadclassError(f"cannot be written ({reason})", file=target, remedy=remedy)
