"""Requests to ``/api/v1/`` in, answers in JSON, or a tagged table, out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Event
from typing import Any, cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from leadclass.card import card
from leadclass.documents import Document
from leadclass.labels import NOT_FOR, OUTPUTS, UNITS, Unit
from leadclass.server.bodies import (
    FORM,
    JSON,
    Upload,
    check_media_type,
    choice_of,
    json_fields,
    text_of,
    upload,
)
from leadclass.server.errors import CANNOT_USE, RefusedError
from leadclass.server.openapi import description
from leadclass.server.service import Service, done, service_of
from leadclass.server.tables import Table, look, tag, tagged_name
from leadclass.server.uploads import Download, keep
from leadclass.tables import format_of
from leadclass.tagging import label_rows
from leadclass.version import __version__

#: What a text is called that has no name.
UNNAMED = "text"


async def score(request: Request) -> Response:
    """Label statements."""
    service = service_of(request)
    fields = await json_fields(request, ("texts",))
    texts = fields.get("texts")
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise RefusedError(
            "is not a list of texts", CANNOT_USE, column="texts", remedy="send one a statement"
        )
    service.check("the request", "statements", len(texts), service.settings.statements)
    statements = [text_of({"texts": text}, "texts") for text in texts]
    longest = max(map(len, statements), default=0)
    service.check("a statement", "characters", longest, service.settings.statement_characters)
    rows = await done(request, lambda: label_rows(service.model.decide(statements)))
    return JSONResponse(
        {"rows": [{"text": text} | row for text, row in zip(statements, rows, strict=True)]}
    )


async def analyze(request: Request) -> Response:
    """Profile a text or an uploaded document."""

    def profile(service: Service, document: Document) -> dict[str, Any]:
        found = service.profile(document).to_dict()
        return found | {"text": document.text, "note": document.note}

    return JSONResponse(await answer_for_document(request, profile))


async def answer_for_document(
    request: Request, say: Callable[[Service, Document], dict[str, Any]]
) -> dict[str, Any]:
    """What is to be said of the text, in JSON, or the document, in a form, of a request."""
    service = service_of(request)
    if check_media_type(request, JSON, FORM) == JSON:
        fields = await json_fields(request, ("text", "name"))
        document = Document(text_of(fields, "name", UNNAMED), text_of(fields, "text"))
        return await done(request, say, service, document)
    async with upload(request, ("encoding",)) as sent:
        encoding = sent.fields.get("encoding") or None
        return await done(
            request,
            lambda: say(service, service.read(sent.name, sent.content.read(), encoding)),
        )


async def explain(request: Request) -> Response:
    """Say what in a statement spoke for and against each label."""
    service = service_of(request)
    text = text_of(await json_fields(request, ("text",)), "text")
    service.check("the text", "characters", len(text), service.settings.statement_characters)
    return JSONResponse(await done(request, lambda: service.model.explain(text).to_dict()))


async def look_at_table(request: Request) -> Response:
    """Show the columns of a table and its first rows tagged."""
    service = service_of(request)
    async with upload(request, ("column", "encoding", "delimiter")) as sent:
        column = sent.fields.get("column")

        def looked() -> dict[str, Any]:
            with service.folder.of_request() as folder:
                return look(service.model, _kept(sent, folder), column, service.settings)

        return JSONResponse(await service.table_work.do(request, looked))


async def tag_table(request: Request) -> Response:
    """Give a table back with label, probabilities and traits beside every row."""
    service = service_of(request)
    given_up = Event()
    async with upload(request, ("column", "unit", "encoding", "delimiter")) as sent:
        column = text_of(dict(sent.fields), "column")
        unit = cast(Unit, choice_of(dict(sent.fields), "unit", UNITS))

        def tagged() -> Download:
            folder = service.folder.of_request()
            try:
                table = _kept(sent, folder.name)
                target = Path(folder.name) / f"tagged{table.path.suffix}"
                most = service.settings.tagged_bytes
                tag(service.model, table, target, column, unit, given_up, most)
                table.path.unlink()
                if given_up.is_set():
                    raise RefusedError(
                        "nobody waits for this table any more", 503, remedy="send it again"
                    )
            except BaseException:
                folder.cleanup()
                raise
            return Download(target, tagged_name(sent.name, table.path.suffix), folder)

        return await service.table_work.do(request, tagged, given_up=given_up)


def _kept(sent: Upload, folder: str) -> Table:
    """The table that was sent, in a file under a name of ours with its extension."""
    if format_of(sent.name).compression:
        raise RefusedError("a compressed table is not taken", CANNOT_USE, remedy="unpack it first")
    path = Path(folder) / f"table{Path(sent.name).suffix.lower()}"
    keep(sent.content, path)
    fields = sent.fields
    delimiter = fields.get("delimiter") or None
    if delimiter is not None and (len(delimiter) != 1 or delimiter in '"\r\n'):
        raise RefusedError(
            "is one character, no quote and no line end",
            CANNOT_USE,
            column="delimiter",
            remedy="send the character between the cells, such as ;",
        )
    return Table(path, sent.name, fields.get("encoding") or None, delimiter)


async def about_model(request: Request) -> Response:
    """Say what the model is: its card, figures and thresholds."""
    weights = service_of(request).model.weights
    return JSONResponse(
        {
            "name": weights.name,
            "digest": weights.digest,
            "thresholds": dict(zip(OUTPUTS, weights.thresholds.tolist(), strict=True)),
            "about": weights.about,
            "card": card(weights),
            "not_for": NOT_FOR,
        }
    )


async def health(_: Request) -> Response:
    """Say that the server answers."""
    return JSONResponse({"status": "ok", "version": __version__})


async def openapi(request: Request) -> Response:
    """Describe all of this to a program."""
    return JSONResponse(description(service_of(request).settings))


ROUTES = [
    Route("/api/v1/score", score, methods=["POST"]),
    Route("/api/v1/analyze", analyze, methods=["POST"]),
    Route("/api/v1/explain", explain, methods=["POST"]),
    Route("/api/v1/tag/look", look_at_table, methods=["POST"]),
    Route("/api/v1/tag", tag_table, methods=["POST"]),
    Route("/api/v1/model", about_model),
    Route("/api/v1/health", health),
    Route("/api/v1/openapi.json", openapi),
]
