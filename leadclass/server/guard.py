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
import socket
import time
import traceback
from ipaddress import ip_address

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from leadclass.server.errors import RefusedError, answer
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

log = logging.getLogger("leadclass.server")


class Guard:
    """An application behind checks of who asks and of how much is sent.

    It writes a line of log for each request, with its address where that is one of the server's
    own, and nothing of what was sent or asked for.

    Parameters
    ----------
    app : ASGI application
    settings : Settings
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
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

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        try:
            refusal = self._refusal(scope["method"], Headers(scope=scope))
            if refusal is not None:
                await answer(refusal)(scope, receive, sending)
            else:
                await self._app(scope, self._bounded(scope, receive), sending)
        except ClientDisconnect:
            status = 499
        except Exception as error:
            log.error("a request failed: %s", _without_words(error))
            if not status:
                await answer(error)(scope, receive, sending)
        finally:
            known = scope["path"] if "endpoint" in scope else "-"
            took = 1000 * (time.perf_counter() - begun)
            log.info("%s %s %d %.0f ms", scope["method"], known, status, took)

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

    def _bounded(self, scope: Scope, receive: Receive) -> Receive:
        """The same, until more has come than may, or nothing for too long."""
        most = self._settings.largest_body(scope["path"])
        length = Headers(scope=scope).get("content-length", "")
        declared = int(length) if length.isascii() and length.isdigit() else 0
        so_far = 0
        complete = False

        async def receiving() -> Message:
            nonlocal so_far, complete
            if complete:
                return await receive()
            if declared > most:
                raise _too_large(most)
            try:
                message = await asyncio.wait_for(receive(), self._settings.idle_seconds)
            except TimeoutError:
                raise RefusedError(
                    "the rest of the request did not come", 408, remedy="send it again, all of it"
                ) from None
            so_far += len(message.get("body", b""))
            if so_far > most:
                raise _too_large(most)
            complete = not message.get("more_body", False)
            return message

        return receiving


_OTHER_SITE = RefusedError(
    "a page of another site may not ask this server",
    403,
    remedy="ask from the server's own page, or from a program",
)


def _too_large(most: int) -> RefusedError:
    return RefusedError(f"is more than {most / 1e6:g} MB", 413, remedy="send less at once")


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


def _without_words(error: BaseException) -> str:
    """What kind of error, and where; not its message, which may quote what was sent."""
    places = traceback.extract_tb(error.__traceback__)
    where = f" in {places[-1].filename}, line {places[-1].lineno}" if places else ""
    return f"{type(error).__name__}{where}"
