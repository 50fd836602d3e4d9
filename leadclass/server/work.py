"""Functions in, their results out: on a few threads, so that the server goes on answering."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import BoundedSemaphore, Event
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

from leadclass.server.errors import BUSY, RefusedError

_T = TypeVar("_T")


class Work:
    """A few threads, a bounded queue before them, and a limit to how long one waits for a result.

    Parameters
    ----------
    workers : int
    waiting : int
        The most functions in the queue.
    seconds : float
        From being asked to being done.
    """

    def __init__(self, workers: int, waiting: int, seconds: float) -> None:
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="leadclass")
        self._places = BoundedSemaphore(workers + waiting)
        self._seconds = seconds

    async def do(
        self,
        request: Request,
        function: Callable[..., _T],
        *arguments: object,
        given_up: Event | None = None,
    ) -> _T:
        """The result of a function that runs on one of the threads.

        A thread cannot be ended: what takes too long keeps its thread until it is done.

        Parameters
        ----------
        request : Request
            Who asks; what is still in the queue when they have gone is not begun.
        function : callable
        *arguments
        given_up : threading.Event, optional
            Set when nobody waits for the result any more, so that the function may end itself.

        Raises
        ------
        RefusedError
            If the queue is full, or it takes too long.
        ClientDisconnect
            If who asked has gone.
        """
        if not self._places.acquire(blocking=False):
            raise RefusedError(
                "there is more to do than can be done now", BUSY, remedy="try again in a moment"
            )
        future = self._pool.submit(function, *arguments)
        future.add_done_callback(lambda _: self._places.release())
        result = asyncio.wrap_future(future)
        gone = asyncio.ensure_future(_disconnected(request))
        try:
            await asyncio.wait(
                (result, gone), timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED
            )
            if result.done():
                return result.result()
            if gone.done():
                raise ClientDisconnect
            raise RefusedError(
                f"this took longer than {self._seconds:g} seconds", BUSY, remedy="send less at once"
            )
        finally:
            gone.cancel()
            if not result.done():
                result.cancel()
                if given_up is not None:
                    given_up.set()
            with suppress(asyncio.CancelledError):
                await gone

    def stop(self) -> None:
        """Begin nothing more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


async def _disconnected(request: Request) -> None:
    """Come back when who sent a request, all of which has been read, has gone."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
