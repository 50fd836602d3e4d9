"""Columns of text in, the cells that are added beside them out: in order, on several cores."""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import chain, islice
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from threading import Thread
from typing import TypeVar

import numpy as np
import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.tagging import tag_column

#: With fewer columns than this, starting processes takes longer than they save.
WORTH_PROCESSES = 4

#: Columns that are under way for each process: more would only fill the memory.
AHEAD = 2

#: Bytes of a block that glibc just lets its threshold rise to.
_LARGE = 8 << 20

_Item = TypeVar("_Item")
_Cells = tuple[np.ndarray | None, list[pa.Array]]


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def tag_columns(
    model: Model, items: Iterable[tuple[_Item, pa.Array]], unit: Unit, jobs: int
) -> Iterator[tuple[_Item, _Cells]]:
    """Tag columns of text, one after the other or several at a time.

    Parameters
    ----------
    model : Model
    items : iterable of (object, Arrow array of strings)
        Each column with what its cells are to be handed back with. Read no further ahead than
        the processes need.
    unit : {'row', 'statement'}
    jobs : int
        Processes, this one among them.

    Yields
    ------
    item : object
    cells : tuple
        See `leadclass.tagging.tag_column`.

    Raises
    ------
    LeadclassError
        If a process was ended from outside.
    """
    given = iter(items)
    head = list(islice(given, WORTH_PROCESSES)) if jobs > 1 else []
    if len(head) < WORTH_PROCESSES:
        for item, texts in chain(head, given):
            yield item, tag_column(model.decide, texts, unit)
        return
    waiting: deque[tuple[_Item, Future[_Cells]]] = deque()
    # This process works too, unless it is busy enough with reading and writing.
    helpers = jobs - 1
    pool = ProcessPoolExecutor(helpers, get_context("spawn"), _start, (model,))
    try:
        for item, texts in chain(head, given):
            if sum(not cells.done() for _, cells in waiting) < AHEAD * helpers:
                with _interrupts_later():
                    waiting.append((item, pool.submit(_tag, texts, unit)))
            else:
                waiting.append((item, _done(model, texts, unit)))
            while waiting and (waiting[0][1].done() or len(waiting) > AHEAD * jobs):
                done, cells = waiting.popleft()
                yield done, cells.result()
        while waiting:
            done, cells = waiting.popleft()
            yield done, cells.result()
    except BrokenProcessPool:
        raise LeadclassError(
            "one of the processes was ended from outside",
            remedy="the memory may be used up: try again with --jobs 1",
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _done(model: Model, texts: pa.Array, unit: Unit) -> Future[_Cells]:
    """What is tagged here and now; an error waits until it is its turn."""
    cells: Future[_Cells] = Future()
    try:
        cells.set_result(tag_column(model.decide, texts, unit))
    except LeadclassError as error:
        cells.set_exception(error)
    return cells


@contextmanager
def _interrupts_later() -> Iterator[None]:
    """Keep an interrupt back, also in processes that are started meanwhile.

    It is for the process that was started by hand, which ends the others.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_model: Model


def _start(model: Model) -> None:
    global _model
    _model = model
    _keep_freed_memory()
    # An interrupt is for the process that was started by hand, which ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, which may have had no time to say."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _tag(texts: pa.Array, unit: Unit) -> _Cells:
    return tag_column(_model.decide, texts, unit)


def _keep_freed_memory() -> None:
    """Let glibc keep what one batch has freed for the next, rather than fetch it from the system.

    It gives back every block beyond a threshold, and raises that to the largest one given back
    (mallopt(3), M_MMAP_THRESHOLD). The pages of this one are never touched.
    """
    np.empty(_LARGE, np.uint8)
