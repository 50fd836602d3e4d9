"""What every route works with: the model, the limits, the threads, the private folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from starlette.requests import Request

from leadclass.documents import Document, read_bytes
from leadclass.profile import Profile
from leadclass.server.errors import BUSY, TOO_LARGE, RefusedError
from leadclass.server.settings import Settings
from leadclass.server.shared_model import SharedModel
from leadclass.server.uploads import PrivateFolder
from leadclass.server.work import Work

_T = TypeVar("_T")

#: What reads PDF is not made for two threads.
_READING = Lock()


@dataclass(frozen=True)
class Service:
    """Everything that answering needs.

    Attributes
    ----------
    model : SharedModel
    settings : Settings
    work, table_work : Work
        Where requests, and those with a table, are worked on.
    folder : PrivateFolder
    """

    model: SharedModel
    settings: Settings
    work: Work
    table_work: Work
    folder: PrivateFolder

    def profile(self, document: Document) -> Profile:
        """The profile of a document that is not too long.

        Raises
        ------
        RefusedError
            If it is.
        """
        self.check("the text", "characters", len(document.text), self.settings.document_characters)
        profile = self.model.analyze(document)
        self.check("the text", "statements", len(profile.statements), self.settings.statements)
        return profile

    def read(self, name: str, content: bytes, encoding: str | None) -> Document:
        """The document that was uploaded.

        Raises
        ------
        RefusedError
            If others take too long to be read.
        """
        if not _READING.acquire(timeout=self.settings.seconds):
            raise RefusedError(
                "another document takes long to be read", BUSY, remedy="try again in a moment"
            )
        try:
            return read_bytes(name, content, encoding)
        finally:
            _READING.release()

    def check(self, what: str, unit: str, count: int, most: int) -> None:
        """Refuse what is too much.

        Raises
        ------
        RefusedError
        """
        if count > most:
            raise RefusedError(
                f"{what} has {count:,} {unit}, more than {most:,}",
                TOO_LARGE,
                remedy="send less at once",
            )


def service_of(request: Request) -> Service:
    """The service that a request is for."""
    service: Service = request.app.state.service
    return service


async def done(request: Request, function: Callable[..., _T], *arguments: Any) -> _T:
    """The result of a function that runs beside what answers."""
    return await service_of(request).work.do(request, function, *arguments)
