"""Requests in, only those that may come from this machine's own pages and programs through.

A page of any web site can send requests to a server on the reader's own machine. So the name that
the browser calls the server by must be one of its own, which a site that has its name point to this
machine does not know (DNS rebinding), and what another site's page sends is refused. Every answer
forbids the browser to load anything from elsewhere, to be shown inside another page, and to keep
what it shows.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import time
import traceback
from collections.abc import Collection
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadclass.server.errors import BAD_REQUEST, BUSY, HEAD_TOO_LARGE, RefusedError, answer
from leadclass.server.receiving import Held, Receiving
from leadclass.server.settings import EVERYWHERE, LOOPBACK, Settings

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Permissions-Policy": (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    ),
    "Cache-Control": "no-store",
}

#: What only reads, and so may come from anywhere as long as nobody else sees the answer.
_READING = ("GET", "HEAD")

#: What the log calls a method by; others are a text that somebody sent.
_METHODS = (*_READING, "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT")

#: Where a request has the number that the log calls it by if it fails.
NUMBER = "leadclass.number"

log = logging.getLogger("leadclass.server")


class Guard:
    """An application behind checks of who asks and of how much is sent.

    It writes a line of log for each request, with its address where that is one of the server's
    own, and nothing of what was sent or asked for.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
    addresses : collection of str
        Those of the server's own.
    """

    def __init__(self, app: ASGIApp, settings: Settings, addresses: Collection[str]) -> None:
        self._app = app
        self._addresses = addresses
        self._held = Held()
        self._settings = settings
        self._names = _names(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        begun = time.perf_counter()
        status = 0
        scope[NUMBER] = secrets.token_hex(4)
        receiving = Receiving(scope, receive, self._settings, self._held)

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                if not receiving.complete:
                    await receiving.swallow()
                status = message["status"]
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                if not receiving.complete:
                    headers["connection"] = "close"
            await send(message)

        try:
            refusal = self._unreadable(scope, receiving)
            refusal = refusal or self._refusal(scope["method"], Headers(scope=scope))
            if refusal is not None:
                await answer(refusal)(scope, receive, sending)
            else:
                await self._app(scope, receiving, sending)
        except ClientDisconnect:
            status = 499
        except asyncio.CancelledError:
            receiving.leave()
            if not status:
                await answer(_STOPPED)(scope, receive, sending)
        except Exception as error:
            log.error("a request failed (%s): %s", scope[NUMBER], without_words(error))
            if not status:
                await answer(error, scope[NUMBER])(scope, receive, sending)
        finally:
            receiving.release()
            method = scope["method"] if scope["method"] in _METHODS else "-"
            path = scope["path"] if scope["path"] in self._addresses else "-"
            took = 1000 * (time.perf_counter() - begun)
            log.info("%s %s %d %.0f ms", method, path, status, took)

    def _unreadable(self, scope: Scope, receiving: Receiving) -> RefusedError | None:
        """Why the head of a request is not gone by, if so."""
        size = len(scope["raw_path"]) + len(scope["query_string"])
        size += sum(len(name) + len(value) for name, value in scope["headers"])
        if size > self._settings.head_bytes:
            return _LONG_HEAD
        if {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}:
            # A proxy may go by the other one, and take what follows for another request.
            receiving.leave()
            return _TWO_LENGTHS
        return None

    def _refusal(self, method: str, headers: Headers) -> RefusedError | None:
        host = headers.get("host", "").lower()
        if not self._is_own(_hostname(host)):
            return RefusedError(
                "the server does not go by this name", 421, remedy="start it with --name NAME"
            )
        site = headers.get("sec-fetch-site", "none")
        if site not in ("none", "same-origin"):
            opened = method in _READING and headers.get("sec-fetch-mode") == "navigate"
            return None if opened else _OTHER_SITE
        origin = headers.get("origin")
        if method not in _READING and origin is not None:
            return None if origin.lower() in (f"http://{host}", f"https://{host}") else _OTHER_SITE
        return None

    def _is_own(self, name: str) -> bool:
        if name in self._names:
            return True
        # Bound to all addresses it cannot know them; that of a rebound name is never a number.
        return self._settings.host in EVERYWHERE and _is_address(name)


_OTHER_SITE = RefusedError(
    "a page of another site may not ask this server",
    403,
    remedy="ask from the server's own page, or from a program",
)
_LONG_HEAD = RefusedError(
    "what comes before the body is too long", HEAD_TOO_LARGE, remedy="send fewer headers"
)
_TWO_LENGTHS = RefusedError("the request has two lengths", BAD_REQUEST, remedy="send one")
_STOPPED = RefusedError("the server was stopped", BUSY, remedy="start it, and send it again")


def _names(settings: Settings) -> frozenset[str]:
    own = {*LOOPBACK, settings.host.lower(), *(name.lower() for name in settings.names)}
    if settings.host in EVERYWHERE:
        own.add(socket.gethostname().lower())
    return frozenset(own - {*EVERYWHERE})


def _hostname(host: str) -> str:
    """The name in a Host header, without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].removesuffix(".")


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def without_words(error: BaseException) -> str:
    """What kind of error, and where; not its message, which may quote what was sent."""
    places = traceback.extract_tb(error.__traceback__)
    where = f" in {places[-1].filename}, line {places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{where}"
