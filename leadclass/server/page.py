"""The page in a browser: its own files, and what it asks for as one types, drops and saves."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from html import escape
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from leadclass.documents import Document
from leadclass.labels import NOT_FOR
from leadclass.package_files import package_text
from leadclass.server.api import answer_for_document
from leadclass.server.bodies import json_fields, text_of
from leadclass.server.errors import CANNOT_USE, RefusedError
from leadclass.server.service import Service, done, service_of
from leadclass.server.uploads import attachment
from leadclass.version import __version__
from leadclass.views.report import fragment, report, stylesheet

#: What the ids in a part of a report begin with, the page having some of its own.
PREFIX = "r-"

#: What a saved report is called.
REPORT_NAME = "leadclass-report.html"

#: The style of a report, which the page shows a part of.
STYLESHEET = "report.css"

#: The files that the page is made of, with their types.
FILES = {
    "asking.js": "text/javascript",
    "documents.js": "text/javascript",
    "example.txt": "text/plain",
    "icon.svg": "image/svg+xml",
    "page.css": "text/css",
    "page.js": "text/javascript",
    STYLESHEET: "text/css",
    "statements.js": "text/javascript",
    "tables.js": "text/javascript",
}


async def page(request: Request) -> Response:
    """The page."""
    weights = service_of(request).model.weights
    html = _content("page.html")
    for name, value in {
        "model": weights.name,
        "digest": weights.digest[:12],
        "version": __version__,
        "not_for": NOT_FOR,
    }.items():
        html = html.replace(f"{{{{ {name} }}}}", escape(value))
    return HTMLResponse(html)


async def file(request: Request) -> Response:
    """One of the files that the page is made of."""
    name = request.path_params["name"]
    if name == STYLESHEET:
        return Response(stylesheet(), media_type="text/css")
    if name not in FILES:
        raise HTTPException(404)
    return Response(_content(name), media_type=FILES[name])


async def article(request: Request) -> Response:
    """The profile of a text or of an uploaded document, and the part of a report that shows it."""

    def shown(service: Service, given: Document) -> dict[str, Any]:
        # A field of a page has no other line ends, and places count its characters.
        document = replace(given, text=given.text.replace("\r\n", "\n").replace("\r", "\n"))
        profile = service.profile(document)
        return profile.to_dict() | {
            "text": document.text,
            "note": document.note,
            "article": fragment(service.model, profile, document.text, PREFIX),
        }

    return JSONResponse(await answer_for_document(request, shown))


async def whole_report(request: Request) -> Response:
    """Several texts as one report, a file to save."""
    service = service_of(request)
    given = (await json_fields(request, ("documents",))).get("documents")
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given) or not given:
        raise RefusedError(
            "is not a list of documents",
            CANNOT_USE,
            column="documents",
            remedy="send one or more, each with name and text",
        )
    service.check("the report", "documents", len(given), service.settings.documents)
    documents = [Document(text_of(one, "name"), text_of(one, "text")) for one in given]

    def made() -> str:
        return report(service.model, [(service.profile(one), one.text) for one in documents])

    html = await done(request, made)
    return HTMLResponse(html, headers={"Content-Disposition": attachment(REPORT_NAME)})


@cache
def _content(name: str) -> str:
    return package_text(f"server/page/{name}")


ROUTES = [
    Route("/", page),
    Route("/page/article", article, methods=["POST"]),
    Route("/page/report", whole_report, methods=["POST"]),
    Route("/page/{name}", file),
]
