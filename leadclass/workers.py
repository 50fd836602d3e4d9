"""Processes beside this one, which can be started before it is known what they work with."""

from __future__ import annotations

import atexit
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import wait
from multiprocessing.queues import SimpleQueue
from pkgutil import resolve_name
from threading import Thread
from typing import Any, Self, TypeVar

_Result = TypeVar("_Result")


def cores() -> int:
    """The processor cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """Processes that get ready and wait until they are told what to work with.

    Parameters
    ----------
    n : int
        How many.
    prepare : str
        A function by which they get ready, as ``module:name``: its import in this process can go on
        meanwhile.
    """

    def __init__(self, n: int, prepare: str) -> None:
        self.n = n
        context = get_context("spawn")
        self._told: SimpleQueue[bytes] = context.SimpleQueue()
        self._are_told = False
        self._pool = ProcessPoolExecutor(n, context, _start, (self._told, prepare))
        try:
            with _interrupts_later():
                for _ in range(n):
                    self._pool.submit(_nothing)
        except BaseException:
            self.close()
            raise

    def tell(self, what: object) -> None:
        """Give each of them what it is to work with, once; none works before that."""
        self._are_told = True
        # A pipe holds little: the rest waits here until they read it.
        Thread(target=self._tell, args=(pickle.dumps(what),), daemon=True).start()

    def submit(self, function: Callable[..., _Result], *arguments: object) -> Future[_Result]:
        """Have one of them call a function with what they were told, and these."""
        return self._pool.submit(_call, function, *arguments)

    def close(self) -> None:
        """End them."""
        if not self._are_told:
            self._tell(_END)
        self._pool.shutdown(wait=True, cancel_futures=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def _tell(self, told: bytes) -> None:
        with suppress(OSError):  # of those that are gone
            for _ in range(self.n):
                self._told.put(told)


#: What those are told that are not needed any more.
_END = b""


if sys.platform == "win32":

    def _interrupts_later() -> AbstractContextManager[None]:
        """Do without: Windows keeps nothing back."""
        return nullcontext()

else:

    @contextmanager
    def _interrupts_later() -> Iterator[None]:
        """Keep an interrupt back, also in processes that are started meanwhile.

        It is for the process that was started by hand, which ends the others.
        """
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            yield
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)


_known: Any = None


def _start(told: SimpleQueue[bytes], prepare: str) -> None:
    global _known
    # An interrupt is for the process that was started by hand, which ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()
    # In the end there is nothing to put away, and freeing all words one by one takes its time.
    atexit.register(os._exit, 0)
    resolve_name(prepare)()
    what = told.get()
    if what == _END:
        os._exit(0)
    _known = pickle.loads(what)


def _end_with_parent() -> None:
    """End this process when the one that started it is gone, which may have had no time to say."""
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _nothing() -> None:
    """What a process is started with."""


def _call(function: Callable[..., _Result], *arguments: object) -> _Result:
    return function(_known, *arguments)
