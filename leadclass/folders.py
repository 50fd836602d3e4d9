"""Folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from leadclass.errors import LeadclassError
from leadclass.files import cannot_write, is_folder, mode_of, sync
from leadclass.unfinished import being_written


@contextmanager
def replacing_folder(
    path: str | PathLike[str], replaceable: Collection[str] = (), **going_on: Any
) -> Iterator[Path]:
    """A new folder beside `path` to fill, which takes its place when the block ends well.

    Parameters
    ----------
    path : path-like
    replaceable : collection of str
        Names of files that are replaced with the folder, see `check_free`.
    **going_on
        What a broken run has left, and what to leave if this one breaks, see `being_written`.

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
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with being_written(target, folder=True, **going_on) as unfinished:
            yield unfinished
            for place in (*unfinished.rglob("*"), unfinished):
                sync(place)
            _swap(unfinished, target)
            sync(target.parent)
            shutil.rmtree(unfinished, ignore_errors=True)  # what was there before
    except OSError as error:
        raise cannot_write(Path(fspath(path)), error) from None


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
        mode = mode_of(place)
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


def _swap(new: Path, target: Path) -> None:
    """Give a folder the name of another, which takes its own if it is there."""
    if not target.exists():
        os.replace(new, target)
        return
    if _swapped_at_once(new, target):
        return
    old = new.with_name(f"{new.name}.old")
    os.replace(target, old)
    try:
        os.replace(new, target)
    except BaseException:  # an interrupt too: what was there comes back
        os.replace(old, target)
        raise
    os.replace(old, new)


def _swapped_at_once(one: Path, other: Path) -> bool:
    """Swap the names of two folders so that each has one at any moment, where a system can."""
    import ctypes  # which most commands do without

    try:
        library = ctypes.CDLL(None)
        names = os.fsencode(one), os.fsencode(other)
        if sys.platform == "darwin":
            return bool(library.renamex_np(*names, _EXCHANGE) == 0)
        return bool(library.renameat2(_HERE, names[0], _HERE, names[1], _EXCHANGE) == 0)
    except (AttributeError, OSError, TypeError):
        return False


#: RENAME_EXCHANGE of Linux and RENAME_SWAP of macOS, which are the same, and AT_FDCWD of Linux.
_EXCHANGE, _HERE = 2, -100
