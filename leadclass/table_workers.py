"""A table in, as many workers out as it is worth to start for it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from leadclass.workers import Workers

#: Bytes of a table for which one more process saves more time than it takes to start.
WORTH_A_PROCESS = 6 << 20

#: Files that are not packed.
_PLAIN = (".csv", ".tsv", ".tab", ".jsonl", ".ndjson")

#: How many times its size a packed file holds, about.
_PACKED = 4


@contextmanager
def workers_for(table: str | os.PathLike[str], most: int) -> Iterator[Workers | None]:
    """As many workers as it is worth to have for tagging a table or a folder of them.

    Parameters
    ----------
    table : path-like
        It need not be there.
    most : int
        How many there may be.

    Yields
    ------
    Workers, optional
        None where starting one would take longer than it saves, or is not possible.
    """
    n = min(most, _size(Path(table)) // WORTH_A_PROCESS) if most else 0
    with ExitStack() as stack:
        workers = None
        # Where a system has no more processes to give, or no semaphores, this one does it all.
        with suppress(OSError, ImportError):
            workers = stack.enter_context(Workers(n, "leadclass.parallel:prepare")) if n else None
        yield workers


def _size(path: Path) -> int:
    """Bytes of a file or a folder, about what they are when unpacked."""
    try:
        files = path.rglob("*") if path.is_dir() else [path]
        return sum(
            file.stat().st_size * (1 if file.suffix.lower() in _PLAIN else _PACKED)
            for file in files
            if file.is_file()
        )
    except OSError:
        return 0
