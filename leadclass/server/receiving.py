"""The messages of a request in, the same out: until more comes than may, too slowly, or at once."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from leadclass.server.errors import BUSY, TOO_LARGE, TOO_SLOW, RefusedError
from leadclass.server.settings import Settings

#: Bytes of a file that are received into memory; what is longer goes to the disk.
SPOOLED = 1_048_576

#: Bytes of a request that is received however much others have sent.
SMALL = 65_536

#: How long the rest of a request that is refused is read, for its client to come to the answer.
SECONDS_OF_REFUSED = 10.0
#: The same while nothing comes: then the client waits for the answer.
SILENCE_OF_REFUSED = 0.5


@dataclass
class Held:
    """Bytes of all requests together that are held until they are answered."""

    in_memory: int = 0
    on_disk: int = 0


class Receiving:
    """What comes of one request.

    Parameters
    ----------
    scope : ASGI scope
    receive : callable
    settings : Settings
    held : Held
        Counts what this request, too, holds until it is released.

    Attributes
    ----------
    complete : bool
        Whether all of it has come.
    """

    def __init__(self, scope: Scope, receive: Receive, settings: Settings, held: Held) -> None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        self._declared = int(length) if length.isascii() and length.isdigit() else 0
        self.complete = not self._declared and "transfer-encoding" not in headers
        self._goes_to_disk = headers.get("content-type", "").lower().startswith("multipart/")
        # Who waits to be told to go on has sent nothing that need be read.
        self._unread = "expect" in headers
        self._most = settings.largest_body(scope["path"])
        self._receive = receive
        self._settings = settings
        self._held = held
        self._own = Held()
        self._so_far = 0
        self._waited = 0.0

    async def __call__(self) -> Message:
        """The next message.

        Raises
        ------
        RefusedError
            If it is not to be waited for, or is too much.
        """
        if self.complete:
            return await self._receive()
        if self._declared > self._most:
            raise self._too_large()
        message = await self._next(self._patience())
        if self._so_far > self._most:
            raise self._too_large()
        self._hold()
        self._unread = False
        return message

    async def swallow(self) -> None:
        """Read what is left of a request that is refused, as far as that does no harm.

        A client that is still sending when the connection is closed never sees its answer.
        """
        end = time.monotonic() + SECONDS_OF_REFUSED
        most = self._so_far + self._settings.table_bytes
        while not (self.complete or self._unread) and self._so_far <= most:
            try:
                left = min(self._patience(), end - time.monotonic())
                message = await self._next(min(SILENCE_OF_REFUSED, left))
            except RefusedError:
                return
            if message["type"] == "http.disconnect":
                return

    def leave(self) -> None:
        """Read nothing more of it."""
        self._unread = True

    def release(self) -> None:
        """Hold nothing of it any more."""
        self._held.in_memory -= self._own.in_memory
        self._held.on_disk -= self._own.on_disk
        self._own = Held()

    async def _next(self, seconds: float) -> Message:
        begun = time.monotonic()
        try:
            message = await asyncio.wait_for(self._receive(), max(seconds, 0))
        except TimeoutError:
            self._unread = True
            raise RefusedError(
                "the rest of the request did not come", TOO_SLOW, remedy="send it again, all of it"
            ) from None
        self._waited += time.monotonic() - begun
        self._so_far += len(message.get("body", b""))
        self.complete = not message.get("more_body", False)
        return message

    def _patience(self) -> float:
        """Seconds that the next message is waited for: the fewer, the slower it has come so far."""
        idle = self._settings.idle_seconds
        return min(idle, idle + self._so_far / self._settings.slowest - self._waited)

    def _hold(self) -> None:
        in_memory = min(self._so_far, SPOOLED) if self._goes_to_disk else self._so_far
        on_disk = self._so_far if self._goes_to_disk else 0
        self._held.in_memory += in_memory - self._own.in_memory
        self._held.on_disk += on_disk - self._own.on_disk
        self._own = Held(in_memory, on_disk)
        if self._so_far > SMALL and (
            self._held.in_memory > self._settings.memory_bytes
            or self._held.on_disk > self._settings.disk_bytes
        ):
            raise RefusedError(
                "more is being sent by all than is taken at once",
                BUSY,
                remedy="try again in a moment",
            )

    def _too_large(self) -> RefusedError:
        return RefusedError(
            f"is more than {self._most / 1e6:g} MB", TOO_LARGE, remedy="send less at once"
        )
