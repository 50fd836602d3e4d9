"""A model and settings in, a server until it is stopped."""

from __future__ import annotations

import asyncio
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, cast

import uvicorn

from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.server.app import create_app
from leadclass.server.connections import BACKLOG, Configuration, Connection
from leadclass.server.guard import without_words
from leadclass.server.settings import EVERYWHERE, Settings
from leadclass.server.temporary import private_temporary_files


def serve(
    model: Model,
    settings: Settings,
    *,
    ready: Callable[[str], object],
    log: bool = False,
) -> int | None:
    """Serve the page and the API until an interrupt or a termination; then finish what began.

    Parameters
    ----------
    model : Model
    settings : Settings
    ready : callable
        Called with the page's address once requests are taken.
    log : bool
        Whether standard error gets a line for each request.

    Returns
    -------
    int or None
        The signal that ended it before all was finished: a second one, or the first where requests
        took longer than they may. Threads may then still be at work, for nobody.

    Raises
    ------
    LeadclassError
        If the address is not one of this machine, or the port is taken.
    """
    with _bound(settings) as listening, private_temporary_files():
        _log_requests(log)
        app = create_app(model, settings)
        server = Server(Configuration(app, settings), lambda: ready(_address(settings, listening)))
        server.run(sockets=[listening])
    return server.cut_off_by


class Server(uvicorn.Server):
    """A server that says when it is ready, and ends well when it is told to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready
        self._told_by: int = signal.SIGTERM
        self.cut_off_by: int | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop = asyncio.get_running_loop()
        # Both would have it write what is being worked on.
        loop.set_debug(False)
        loop.set_exception_handler(_log_without_words)
        await super().startup(sockets)
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        begun = set(self.server_state.tasks)
        forcing = asyncio.create_task(self._cut_off_when_forced())
        await super().shutdown(sockets)
        forcing.cancel()
        if self.force_exit:  # its parent leaves the application as it is
            await self.lifespan.shutdown()
        if self.force_exit or any(task.cancelling() for task in begun):
            self.cut_off_by = self._told_by

    async def _cut_off_when_forced(self) -> None:
        while not self.force_exit:
            await asyncio.sleep(_TICK)
        tasks = list(self.server_state.tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=_LAST_WORDS)
        for connection in list(self.server_state.connections):
            cast(Connection, connection).transport.abort()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._told_by = sig
        self.force_exit = self.should_exit
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        # Unlike its parent's this does not send the signal again when all is done.
        before = {number: signal.signal(number, self.handle_exit) for number in _STOPPING}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


_STOPPING = (signal.SIGINT, signal.SIGTERM)

#: Seconds between looks at whether a second signal has come, and what is then left for answers.
_TICK = 0.1
_LAST_WORDS = 1.0


def _log_without_words(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    logging.getLogger("leadclass.server").error(
        "a connection failed: %s", without_words(error) if error else "no more is known"
    )


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address and port of the settings."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        if hasattr(socket, "AF_UNIX"):  # elsewhere this would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
            listening.listen(BACKLOG)
        except (OSError, OverflowError) as error:
            raise LeadclassError(
                f"port {settings.port} of {settings.host or 'this machine'} cannot be used "
                f"({getattr(error, 'strerror', None) or error})",
                remedy="name another with --port, or stop what uses it",
            ) from None
        listening.setblocking(False)
        yield listening


def _address(settings: Settings, listening: socket.socket) -> str:
    host = "localhost" if settings.host in EVERYWHERE else settings.host
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{listening.getsockname()[1]}/"


def _log_requests(shown: bool) -> None:
    """Errors of the server on standard error, and requests where that is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutWords("%(asctime)s %(message)s", "%H:%M:%S"))
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(logging.ERROR)
    if shown:
        logging.getLogger("leadclass.server").setLevel(logging.INFO)


#: Those of all that a request goes through.
_LOGGERS = (
    "asyncio", "leadclass.server", "multipart", "python_multipart", "uvicorn", "uvicorn.access",
    "uvicorn.asgi", "uvicorn.error",
)  # fmt: skip


class _WithoutWords(logging.Formatter):
    """Lines that say what kind of error, and where; its message may quote what was sent."""

    def formatException(self, ei: Any) -> str:  # noqa: N802, it is the parent's name
        return without_words(ei[1]) if ei[1] else ""
