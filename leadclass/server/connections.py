"""Connections in, requests out; a client that dribbles, stalls or never reads is let go.

uvicorn waits for ever for the rest of a request's head, and for an answer to be taken, and takes as
many connections as it may have open files. Here each of that has an end. When there are too many
connections, the one gives way that has been silent the longest, so that those who hold hundreds
open without a word keep nobody out.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from http import HTTPStatus
from typing import cast

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from leadclass.server.errors import BAD_REQUEST, BUSY, RefusedError, answer
from leadclass.server.guard import HEADERS
from leadclass.server.settings import Settings

#: Connections that are taken at once before any of them is looked at.
BACKLOG = 256

#: Open files of the process, of which each connection may need one more for what it sends.
_FILES_EACH = 2


class Configuration(uvicorn.Config):
    """How uvicorn is to run an application; it logs no request, which the application does.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        super().__init__(
            app,
            http=Connection,
            loop="asyncio",
            log_config=None,
            # At its finest level it logs the head of every request.
            log_level="error",
            access_log=False,
            server_header=False,
            date_header=False,
            proxy_headers=False,
            ws="none",
            lifespan="on",
            backlog=BACKLOG,
            h11_max_incomplete_event_size=settings.head_bytes,
            timeout_keep_alive=cast(int, settings.between_seconds),
            timeout_graceful_shutdown=max(1, round(settings.stopping_seconds)),
        )
        self.settings = settings
        self.most_connections = min(settings.connections, _open_files() // _FILES_EACH)


class Connection(H11Protocol):
    """One connection, with an end to all waiting for its client."""

    config: Configuration

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.heard = self.loop.time()
        self._timers: dict[Callable[..., None], asyncio.TimerHandle] = {}
        self._watch_head()
        if len(self.connections) > self.config.most_connections:
            self._make_room()

    @property
    def waits_for_client(self) -> bool:
        """Whether it is the client's turn: to ask, to go on with a request, to read."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body or self.flow.write_paused

    def data_received(self, data: bytes) -> None:
        self.heard = self.loop.time()
        super().data_received(data)
        self._watch_head()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._expect_taking()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._expect_taking()

    def resume_writing(self) -> None:
        super().resume_writing()
        self.heard = self.loop.time()
        self._end(self._check_taken)

    def connection_lost(self, exc: Exception | None) -> None:
        for waiting in list(self._timers):
            self._end(waiting)
        # Where it was lost by an error its parent leaves this timer, and with it all, behind.
        self._unset_keepalive_if_required()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        self._refuse(
            RefusedError("this is not HTTP as it is read here", BAD_REQUEST, remedy="see RFC 9112")
        )

    def _refuse(self, refusal: RefusedError) -> None:
        """Answer where no answer has begun, and close."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            response = answer(refusal)
            response.headers.update(HEADERS | {"Connection": "close"})
            status = HTTPStatus(response.status_code)
            for event in (
                h11.Response(
                    status_code=status, headers=response.headers.raw, reason=status.phrase.encode()
                ),
                h11.Data(data=bytes(response.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.close()
        self._expect_taking()

    def _make_room(self) -> None:
        others = [cast(Connection, one) for one in self.connections if one is not self]
        alive = [one for one in others if not one.transport.is_closing()]
        if len(alive) < self.config.most_connections:
            return
        waiting = [one for one in alive if one.waits_for_client]
        if waiting:
            min(waiting, key=lambda one: one.heard).transport.abort()
        else:
            self._refuse(
                RefusedError("there are too many connections", BUSY, remedy="try again in a moment")
            )

    def _watch_head(self) -> None:
        """Give the head of a request, from its first byte, so long to be complete."""
        if self.conn.their_state is not h11.IDLE:
            self._end(self._head_did_not_come)
        elif self._head_did_not_come not in self._timers:
            self._begin(self.config.settings.head_seconds, self._head_did_not_come)

    def _head_did_not_come(self) -> None:
        if not self.transport.is_closing():
            self.conn.send(h11.ConnectionClosed())
            self.transport.close()

    def _expect_taking(self) -> None:
        """Give what is written so long to be taken."""
        self._end(self._check_taken)
        left = self.transport.get_write_buffer_size()
        if left:
            self._begin(self.config.settings.idle_seconds, self._check_taken, left)

    def _check_taken(self, before: int) -> None:
        left = self.transport.get_write_buffer_size()
        settings = self.config.settings
        if left and before - left < min(before, settings.idle_seconds * settings.slowest):
            self.transport.abort()
        else:
            self._expect_taking()

    def _begin(self, seconds: float, then: Callable[..., None], *arguments: object) -> None:
        self._timers[then] = self.loop.call_later(seconds, then, *arguments)

    def _end(self, waiting: Callable[..., None]) -> None:
        timer = self._timers.pop(waiting, None)
        if timer is not None:
            timer.cancel()


if sys.platform == "win32":

    def _open_files() -> int:
        """The files that this process may have open, about."""
        return 2048

else:
    import resource

    def _open_files() -> int:
        """The files that this process may have open."""
        soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        return soft if soft != resource.RLIM_INFINITY else 1_000_000
