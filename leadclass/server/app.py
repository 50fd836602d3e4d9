"""A model and settings in, the application that a web server runs out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp

from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.server import api, page
from leadclass.server.errors import answer
from leadclass.server.guard import NUMBER, Guard
from leadclass.server.service import Service
from leadclass.server.settings import Settings
from leadclass.server.shared_model import SharedModel
from leadclass.server.uploads import PrivateFolder
from leadclass.server.work import Work


def create_app(model: Model, settings: Settings | None = None) -> ASGIApp:
    """The application: the page at ``/`` and the API at ``/api/v1/``.

    Parameters
    ----------
    model : Model
    settings : Settings, optional

    Returns
    -------
    ASGI application
    """
    settings = settings or Settings()
    service = Service(
        model=SharedModel(model.weights),
        settings=settings,
        work=Work(settings.workers, settings.waiting, settings.seconds),
        table_work=Work(settings.table_workers, settings.waiting, settings.table_seconds),
        folder=PrivateFolder(),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            service.work.stop()
            service.table_work.stop()
            service.folder.remove()

    app = Starlette(
        routes=[*api.ROUTES, *page.ROUTES],
        lifespan=lifespan,
        exception_handlers=dict.fromkeys((LeadclassError, HTTPException, Exception), _answer),
    )
    app.router.redirect_slashes = False
    app.state.service = service
    own = {route.path for route in (*api.ROUTES, *page.ROUTES)}
    return Guard(app, settings, own | {f"/page/{name}" for name in page.FILES})


async def _answer(request: Request, error: Exception) -> Response:
    return answer(error, request.scope[NUMBER])
