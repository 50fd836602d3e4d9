"""A path in, one beside it to write to until all is whole; and what broken runs have left there.

What is being written is locked, and the system lets go of the lock when its process ends, however
it ends: so what is locked by no one was left behind. It is named after its target, and put away
when that is next written.
"""

from __future__ import annotations

import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from leadclass.errors import LeadclassError

#: What stands beside an unfinished file or folder: how far it has come, and labels already found.
JOURNAL, NEW_JOURNAL, CELLS = ".json", ".json.new", ".cells"

#: So many may be beside one target: of programs that run, and of runs that were broken off.
_MOST = 20

#: The longest name, in bytes, that fits with what is put around it into a folder's entry.
_LONGEST_NAME = 200

#: Characters that are kept of a longer one.
_KEPT_OF_NAME = 40


@contextmanager
def being_written(
    target: Path,
    *,
    folder: bool = False,
    left: Path | None = None,
    kept: Callable[[BaseException], bool] = lambda error: False,
) -> Iterator[Path]:
    """A new file or folder beside a target, which is gone when the block ends.

    The block renames it if all went well; what else broken runs have left is then put away, too.

    Parameters
    ----------
    target : pathlib.Path
    folder : bool
    left : pathlib.Path, optional
        One of `leftovers`, to go on with instead of a new one.
    kept : callable
        Told why the block failed; whether to leave what it has written.

    Yields
    ------
    pathlib.Path

    Raises
    ------
    OSError
        If it cannot be created.
    """
    for old in leftovers(target):
        if old != left and not beside(old, JOURNAL).exists():
            put_away(old)
    path, held = _created(target, folder) if left is None else (left, lock(left))
    try:
        yield path
    except BaseException as error:
        if not kept(error):
            put_away(path)
        raise
    else:
        _put_away_beside(path)
        for old in leftovers(target):
            put_away(old)
    finally:
        if held is not None:
            os.close(held)


def leftovers(target: Path) -> list[Path]:
    """What broken runs have left beside a target: no program is writing to it."""
    return [path for path in _places(target) if path.exists() and not is_in_use(path)]


def in_use(target: Path) -> bool:
    """Whether another program is writing beside a target."""
    return any(path.exists() and is_in_use(path) for path in _places(target))


def beside(path: Path, ending: str) -> Path:
    """Where what belongs to an unfinished file or folder is."""
    return path.with_name(path.name + ending)


def put_away(path: Path) -> None:
    """Remove an unfinished file or folder with what belongs to it."""
    with suppress(OSError):
        if path.is_dir():
            from shutil import (
                rmtree,  # with all that packs, which to look for a model does not need
            )

            rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    _put_away_beside(path)


def _put_away_beside(path: Path) -> None:
    for ending in (JOURNAL, NEW_JOURNAL, CELLS):
        with suppress(OSError):
            beside(path, ending).unlink()


def _places(target: Path) -> list[Path]:
    name = target.name
    if len(os.fsencode(name)) > _LONGEST_NAME:
        name = f"{name[:_KEPT_OF_NAME]}.{zlib.crc32(os.fsencode(name)):08x}"
    return [target.with_name(f".{name}.{number}.unfinished") for number in range(1, _MOST + 1)]


def _created(target: Path, folder: bool) -> tuple[Path, int | None]:
    for path in _places(target):
        try:
            if folder:
                path.mkdir()
            else:
                os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            continue
        try:
            _put_away_beside(path)
            return path, lock(path)
        except (BlockingIOError, FileNotFoundError):  # another program took it for a leftover
            continue
        except BaseException:  # an interrupt too
            put_away(path)
            raise
    raise LeadclassError(
        f"{_MOST} unfinished files are beside it",
        file=target,
        remedy=f"end the programs that write it, or remove {path.with_name(f'.{target.name}.*')}",
    )


if sys.platform == "win32":

    def lock(path: Path) -> int | None:
        """None: Windows removes and renames no file that is open, which is lock enough."""
        return None

    def is_in_use(path: Path) -> bool:
        """False: what is in use cannot be removed."""
        return False

else:
    import fcntl

    def lock(path: Path) -> int | None:
        """Hold a file or folder; None where the file system knows no locks."""
        handle = os.open(path, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Who held it may have removed it between our opening and our locking it.
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except (BlockingIOError, FileNotFoundError):
            os.close(handle)
            raise
        except OSError:
            os.close(handle)
            return None
        os.close(handle)
        raise FileNotFoundError(path)

    def is_in_use(path: Path) -> bool:
        """Whether a program holds a file or folder, or no one can tell."""
        try:
            held = lock(path)
        except OSError:
            return True
        if held is None:
            return True
        os.close(held)
        return False
