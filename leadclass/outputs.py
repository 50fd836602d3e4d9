"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path

from leadclass.errors import LeadclassError


@contextmanager
def replacing(path: str | PathLike[str]) -> Iterator[Path]:
    """A path beside `path` to write to, which takes its place when the block ends well.

    Raises
    ------
    LeadclassError
        If the folder does not exist or cannot be written to, or `path` is a folder.
    """
    target = Path(fspath(path))
    _check_parent(target)
    if target.is_dir():
        raise LeadclassError("is a folder", file=target, remedy="name a file to write")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        os.replace(unfinished, target)
    except OSError as error:
        raise _cannot_write(target, error) from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def replacing_folder(path: str | PathLike[str], *, overwrite: bool) -> Iterator[Path]:
    """A new folder beside `path` to fill, which takes its place when the block ends well.

    Raises
    ------
    LeadclassError
        If `path` exists and `overwrite` is false, or it cannot be written to.
    """
    target = Path(fspath(path))
    check_free(target, overwrite=overwrite)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        unfinished.mkdir()
        yield unfinished
        if target.exists():
            os.replace(target, old)
        os.replace(unfinished, target)
    except OSError as error:
        raise _cannot_write(target, error) from None
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        if target.exists():
            shutil.rmtree(old, ignore_errors=True)


def check_free(path: str | PathLike[str], *, overwrite: bool) -> None:
    """Refuse a folder that holds something, before work is done that would be lost.

    Raises
    ------
    LeadclassError
        If `path` is a file, or a folder with something in it and `overwrite` is false.
    """
    target = Path(fspath(path))
    if target.is_file():
        raise LeadclassError("is a file", file=target, remedy="name a folder to write")
    if target.is_dir() and any(target.iterdir()) and not overwrite:
        raise LeadclassError(
            "the folder is not empty",
            file=target,
            remedy="name a new one with -o, or give --overwrite",
        )


def _check_parent(target: Path) -> None:
    if not target.parent.is_dir():
        raise LeadclassError(
            "its folder does not exist", file=target, remedy=f"create {target.parent} first"
        )


def _cannot_write(target: Path, error: OSError) -> LeadclassError:
    return LeadclassError(
        f"cannot be written ({error.strerror or error})",
        file=target,
        remedy="check the room on the disk and your rights to the folder",
    )
