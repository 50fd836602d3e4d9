"""A model and settings in, a server until it is stopped."""

from __future__ import annotations

import logging
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp

from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.server.app import create_app
from leadclass.server.settings import EVERYWHERE, Settings


def serve(
    model: Model,
    settings: Settings,
    *,
    ready: Callable[[str], object],
    log: bool = False,
) -> None:
    """Serve the page and the API until an interrupt or a termination; then finish what began.

    Parameters
    ----------
    model : Model
    settings : Settings
    ready : callable
        Called with the page's address once requests are taken.
    log : bool
        Whether standard error gets a line for each request.

    Raises
    ------
    LeadclassError
        If the address is not one of this machine, or the port is taken.
    """
    with _bound(settings) as listening, _private_temporary_files():
        _log_requests(log)
        app = create_app(model, settings)
        server = Server(configuration(app, settings), lambda: ready(_address(settings, listening)))
        server.run(sockets=[listening])


def configuration(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How the web server is to run an application; it logs no request, which the app itself does.

    Parameters
    ----------
    app : ASGI application
    settings : Settings

    Returns
    -------
    uvicorn.Config
    """
    # Its lines would have what stands in an address after the question mark.
    logging.getLogger("uvicorn.access").disabled = True
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="on",
        timeout_graceful_shutdown=round(settings.stopping_seconds),
    )


class Server(uvicorn.Server):
    """A server that says when it is ready, and ends well when it is told to stop."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], object]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

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


@contextmanager
def _bound(settings: Settings) -> Iterator[socket.socket]:
    """A socket at the address and port of the settings."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listening:
        if hasattr(socket, "AF_UNIX"):  # elsewhere this would let two servers share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((settings.host, settings.port))
            listening.listen()
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


@contextmanager
def _private_temporary_files() -> Iterator[None]:
    """Put everything temporary, such as what is being received, where only this user can look."""
    with tempfile.TemporaryDirectory(prefix="leadclass-", ignore_cleanup_errors=True) as folder:
        before, tempfile.tempdir = tempfile.tempdir, str(Path(folder))
        try:
            yield
        finally:
            tempfile.tempdir = before


def _log_requests(shown: bool) -> None:
    """Errors of the server on standard error, and requests where that is asked for."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    for name, level in (("uvicorn", logging.ERROR), ("leadclass.server", logging.ERROR)):
        logger = logging.getLogger(name)
        logger.addHandler(handler)
        logger.propagate = False
        logger.setLevel(level)
    if shown:
        logging.getLogger("leadclass.server").setLevel(logging.INFO)
