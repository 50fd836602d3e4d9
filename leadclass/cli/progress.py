"""Progress of long work, on standard error, on a terminal only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

_T = TypeVar("_T")

#: Fewer items than this are done before a bar is worth a look.
_WORTH_A_BAR = 20


def tracked(items: Sequence[_T], what: str) -> Iterator[_T]:
    """The items, with a bar that moves as they are taken."""
    if len(items) < _WORTH_A_BAR:
        yield from items
        return
    with progress_bar(what, len(items)) as advance_to:
        for number, item in enumerate(items):
            yield item
            advance_to(number + 1)


@contextmanager
def progress_bar(
    what: str, total: int | None, *, silent: bool = False
) -> Iterator[Callable[[int], None]]:
    """A bar that is told how many are done; silent where standard error is not a terminal."""
    if silent or not sys.stderr.isatty():
        yield lambda done: None
        return
    from rich.console import Console  # only where a person looks on
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=sys.stdout.isatty(),  # what goes to a file must not go past the bar
    ) as bar:
        task = bar.add_task(what, total=total)
        yield lambda done: bar.update(task, completed=done)


@contextmanager
def rows_bar(*, silent: bool = False) -> Iterator[Callable[[int, float], None] | None]:
    """A bar for rows of which no one knows how many there are: how many, how fast, how long yet."""
    if silent or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # only where a person looks on
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[rows]:,} rows"),
        TextColumn("{task.fields[rate]:,.0f}/s"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    start: tuple[float, int] | None = None
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, rows=0, rate=0.0)

        def advance(rows: int, share: float) -> None:
            nonlocal start
            now = time.monotonic()
            if start is None:  # a run that goes on with another's begins far on, and not fast
                start = now, rows
                bar.reset(task)
            rate = (rows - start[1]) / max(now - start[0], 1e-9)
            bar.update(task, completed=share, rows=rows, rate=rate)

        yield advance
