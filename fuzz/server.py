"""Requests to the API and the page, whole: their line, headers and body."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote

from fuzz.models import small_model
from fuzz.mutations import in_json
from fuzz.target import ROOT, Change, Target, holds
from leadclass.server.app import create_app
from leadclass.server.settings import Settings

_FORM = "multipart/form-data; boundary=b"
_LARGEST_STATUS = 500


def _ask(content: bytes) -> None:
    """Send a request to the application itself, and hold its answer to what it promises."""
    head, _, body = content.partition(b"\n\n")
    line, *lines = head.decode("latin-1").split("\n")
    method, _, target = line.partition(" ")
    path, _, query = target.partition("?")
    headers = {"host": "127.0.0.1", "content-length": str(len(body))}
    for one in lines:
        name, _, value = one.partition(":")
        headers[name.strip().lower()] = value.strip()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method.upper() or "GET",
        "path": unquote(path, errors="replace") or "/",
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "scheme": "http",
        "headers": [(n.encode("latin-1"), v.encode("latin-1")) for n, v in headers.items()],
        "client": ("127.0.0.1", 5000),
        "server": ("127.0.0.1", 8765),
    }
    status, kind, answer = _runner().run(_sent(scope, body))
    holds(200 <= status < _LARGEST_STATUS, f"status {status} for {line!r}")
    if kind.startswith("application/json"):
        page = json.loads(answer)
        holds(status < 400 or page["error"]["problem"], "an error says nothing")


async def _sent(scope: dict[str, Any], body: bytes) -> tuple[int, str, bytes]:
    messages = [{"type": "http.request", "body": body, "more_body": False}]
    said: list[bytes] = []
    status, kind = 0, ""

    async def receive() -> dict[str, Any]:
        if messages:
            return messages.pop()
        await asyncio.Event().wait()  # whoever asks stays until there is an answer
        raise AssertionError

    async def send(message: dict[str, Any]) -> None:
        nonlocal status, kind
        if message["type"] == "http.response.start":
            status = message["status"]
            kind = dict(message["headers"]).get(b"content-type", b"").decode("latin-1")
        else:
            said.append(message.get("body", b""))

    await _app()(scope, receive, send)
    return status, kind, b"".join(said)


@cache
def _app() -> Any:
    for name in ("leadclass.server", "python_multipart"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return create_app(small_model(), Settings(seconds=60, table_seconds=60))


@cache
def _runner() -> asyncio.Runner:
    return asyncio.Runner()


def _requests() -> Iterable[bytes]:
    json_type = b"\ncontent-type: application/json\n\n"
    yield b"POST /api/v1/score" + json_type + b'{"texts": ["Plans the rota.", ""]}'
    yield b"POST /api/v1/analyze" + json_type + b'{"text": "Leads.\\n- Plans.", "name": "a.txt"}'
    yield b"POST /api/v1/explain" + json_type + b'{"text": "Coaches her team."}'
    yield b"GET /api/v1/model\n\n"
    yield b"GET /api/v1/health?x=%ff\nsec-fetch-site: cross-site\n\n"
    yield b"POST /api/v1/score\norigin: http://127.0.0.1\ncontent-type: application/json\n\n{}"
    yield _form("/api/v1/analyze", "a.txt", b"Leads.\n\n- Plans the rota.\n", b"")
    html = (ROOT / "tests" / "documents" / "mailed.html").read_bytes()
    yield _form("/api/v1/analyze", "a.html", html, b"")
    rows = b"id,c\n1,Plans the rota.\n2,\n"
    yield _form("/api/v1/tag", "a.csv", rows, _field("column", "c") + _field("unit", "row"))
    yield _form("/api/v1/tag", "a.jsonl", b'{"c": "x"}\n', _field("column", "c"))
    yield _form("/api/v1/tag/look", "a.csv", rows, _field("delimiter", ","))
    page = {"text": "Leads.", "name": "a", "documents": [{"name": "a", "text": "Plans the rota."}]}
    for address in ("article", "report"):
        yield f"POST /page/{address}".encode() + json_type + json.dumps(page).encode()


def _form(path: str, name: str, content: bytes, fields: bytes) -> bytes:
    head = f"POST {path}\ncontent-type: {_FORM}\n\n".encode()
    file = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    return head + fields + file + content + b"\r\n--b--\r\n"


def _field(name: str, value: str) -> bytes:
    return f'--b\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()


def _body_first(content: bytes, random: Any, change: Change) -> bytes:
    """The body changed as JSON, where it is."""
    head, gap, body = content.partition(b"\n\n")
    if body.startswith(b"{") and random.random() < 0.7:
        return head + gap + in_json(body, random, change)
    return change(content)


_WORDS = (
    "POST ",
    "GET ",
    "/api/v1/",
    "/page/",
    "score",
    "analyze",
    "tag",
    "look",
    "filename=",
    "--b",
)
_WORDS += (
    "content-type: ",
    "application/json",
    "multipart/form-data",
    "boundary=",
    "\r\n\r\n",
    "%00",
)

SERVER = (Target("api", _ask, _requests, _body_first, words=_WORDS, longest=4_000),)
