"""Pieces of work for a model in, what comes of them out: in order, on several cores."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import get_context
from typing import TypeVar

from leadclass.errors import LeadclassError
from leadclass.model import Model

#: With fewer pieces than this, starting processes takes longer than they save.
WORTH_PROCESSES = 4

#: Pieces that are under way at a time for each process: more would only fill the memory.
AHEAD = 2

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

#: A piece of work, which can be sent to another process.
Task = Callable[[Model], _Result]


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def done_in_order(
    model: Model, items: Iterable[tuple[_Item, Task[_Result]]], jobs: int
) -> Iterator[tuple[_Item, _Result]]:
    """Do pieces of work, one after the other or several at a time.

    Parameters
    ----------
    model : Model
    items : iterable of (object, callable)
        Each piece of work with what its result is to be handed back with. Read no further ahead
        than the processes need.
    jobs : int
        Processes; with 1 all is done in this one.

    Yields
    ------
    item : object
    result : object

    Raises
    ------
    LeadclassError
        If a process was ended from outside.
    """
    given = iter(items)
    head = list(islice(given, WORTH_PROCESSES)) if jobs > 1 else []
    if len(head) < WORTH_PROCESSES:
        for item, task in chain(head, given):
            yield item, task(model)
        return
    waiting: deque[tuple[_Item, Future[_Result]]] = deque()
    pool = ProcessPoolExecutor(jobs, get_context("spawn"), _start, (model,))
    try:
        for item, task in chain(head, given):
            waiting.append((item, pool.submit(_do, task)))
            if len(waiting) > AHEAD * jobs:
                done, future = waiting.popleft()
                yield done, future.result()
        while waiting:
            done, future = waiting.popleft()
            yield done, future.result()
    except BrokenProcessPool:
        raise LeadclassError(
            "one of the processes was ended from outside",
            remedy="the memory may be used up: try again with --jobs 1",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


_model: Model


def _start(model: Model) -> None:
    global _model
    _model = model
    # An interrupt is for the process that was started by hand, which ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _do(task: Task[_Result]) -> _Result:
    return task(_model)
