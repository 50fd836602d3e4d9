"""Paths that may be anything, and files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from os import PathLike, fspath
from pathlib import Path

from leadclass.errors import LeadclassError

#: What stands for standard input or standard output in place of a path.
STANDARD_STREAM = "-"


def is_folder(path: str | PathLike[str]) -> bool:
    """Whether a path is a folder; false for a file and for what does not exist.

    Raises
    ------
    LeadclassError
        If the path cannot be looked at: too long, not allowed.
    """
    mode = _mode_of(path)
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


def check_file(path: str | PathLike[str]) -> int:
    """The size of a file in bytes.

    Raises
    ------
    LeadclassError
        If there is no such file, or it is a folder.
    """
    mode = _mode_of(path)
    if mode is None:
        raise LeadclassError("no such file", file=path, remedy="check the path")
    if stat.S_ISDIR(mode):
        raise LeadclassError("is a folder", file=path, remedy="name a file in it")
    return Path(fspath(path)).stat().st_size


def _mode_of(path: str | PathLike[str]) -> int | None:
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
def replacing(path: str | PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place when the block ends well.

    Parameters
    ----------
    path : path-like

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
    unfinished = target.with_name(f".{os.getpid()}.unfinished")
    try:
        yield unfinished
        if target.exists():
            shutil.copymode(target, unfinished)
        os.replace(unfinished, target)
    except OSError as error:
        raise _cannot_write(target, error) from None
    finally:
        with suppress(OSError):
            unfinished.unlink()


def check_free(path: str | PathLike[str], replaceable: Collection[str] = ()) -> None:
    """Refuse a folder that holds something, before work is done that would be lost.

    Parameters
    ----------
    path : path-like
    replaceable : collection of str
        Names of files that the folder may hold none the less.

    Raises
    ------
    LeadclassError
        If `path` is a file, lies below one, or is a folder that holds something else.
    """
    target = Path(fspath(path)).absolute()
    for place in (target, *target.parents):
        mode = _mode_of(place)
        if mode is not None and not stat.S_ISDIR(mode):
            raise LeadclassError(
                "is a file", file=os.path.relpath(place), remedy="name a folder to write"
            )
    if not is_folder(target):
        return
    kept = sorted(file.name for file in target.iterdir() if file.name not in replaceable)
    if kept and replaceable:
        raise LeadclassError(
            f"the folder holds {kept[0]!r}, which is no part of a model, and is not overwritten",
            file=path,
            remedy="name a new folder with -o",
        )
    if kept:
        raise LeadclassError(
            "the folder is not empty",
            file=path,
            remedy="name a new one with -o, or give --overwrite to replace a model",
        )


@contextmanager
def replacing_folder(
    path: str | PathLike[str], replaceable: Collection[str] = ()
) -> Iterator[Path]:
    """A new folder beside `path` to fill, which takes its place when the block ends well.

    Parameters
    ----------
    path : path-like
    replaceable : collection of str
        Names of files that are replaced with the folder, see `check_free`.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    LeadclassError
        If `path` is not free or cannot be written to.
    """
    check_free(path, replaceable)
    target = Path(fspath(path)).absolute()
    unfinished = target.with_name(f".{os.getpid()}.unfinished")
    old = target.with_name(f".{os.getpid()}.old")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.mkdir()
        yield unfinished
        if target.exists():
            os.replace(target, old)
        os.replace(unfinished, target)
    except OSError as error:
        raise _cannot_write(Path(fspath(path)), error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if not target.exists():  # ended between the two renames
            with suppress(OSError):
                os.replace(old, target)
        shutil.rmtree(old, ignore_errors=True)


def _cannot_write(target: Path, error: OSError) -> LeadclassError:
    return LeadclassError(
        f"cannot be written ({error.strerror or error})",
        file=target,
        remedy="check the room on the disk and your rights to the folder",
    )
