"""What docs/api.md shows, asked of a server: ``cog -r -P -I tests docs/api.md`` writes it anew."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from servers import client, serving

from leadclass.model import load

ROOT = Path(__file__).parent.parent
ADDRESS = "http://127.0.0.1:8765"


def show(
    path: str,
    *,
    fields: dict[str, Any] | None = None,
    form: dict[str, str] | None = None,
    lines: int = 14,
) -> None:
    """Print a request, as curl sends it, and the first lines of its answer.

    `fields` are sent as JSON; a `form` has the path of a file in ``file`` beside its other fields.
    """
    command = f"curl {ADDRESS}{path}"
    with serving(_model()) as address, client(address) as ask:
        if form:
            command += "".join(
                f" -F {name}={'@' if name == 'file' else ''}{value}" for name, value in form.items()
            )
            file = ROOT / form["file"]
            files = {"file": (file.name, file.read_bytes())}
            rest = {name: value for name, value in form.items() if name != "file"}
            answer = ask.post(path, data=rest, files=files)
        elif fields is not None:
            body = json.dumps(fields, ensure_ascii=False)
            command += f" -H 'content-type: application/json' -d '{body}'"
            answer = ask.post(path, json=fields)
        else:
            answer = ask.get(path)
    if answer.headers["content-type"] == "application/json":
        all_lines = json.dumps(answer.json(), indent=2, ensure_ascii=False).splitlines()
    else:
        all_lines = answer.text.splitlines()
    shown = all_lines[:lines] + ["..."] * (len(all_lines) > lines)
    print("\n".join(["```console", f"$ {command}", *shown, "```"]))


def show_limits() -> None:
    """Print the limits of a server as a table."""
    from leadclass.server.settings import Settings

    settings = Settings()
    rows = [
        ("JSON", f"{settings.json_bytes / 1e6:g} MB"),
        ("a document", f"{settings.document_bytes / 1e6:g} MB, "
         f"{settings.document_characters:,} characters, {settings.statements:,} statements"),
        ("a table", f"{settings.table_bytes / 1e6:g} MB, {settings.table_seconds:g} seconds"),
        ("a table and the tagged one", f"{settings.tagged_bytes / 1e6:,g} MB"),
        ("statements to score", f"{settings.statements:,}, each of "
         f"{settings.statement_characters:,} characters"),
        ("any other request", f"{settings.seconds:g} seconds"),
        ("what comes before a body", f"{settings.head_bytes:,} bytes, in "
         f"{settings.head_seconds:g} seconds"),
        ("nothing coming of a body, or being taken of an answer",
         f"{settings.idle_seconds:g} seconds; after those at least "
         f"{settings.slowest / 1000:g} kB a second"),
        ("a connection without a request", f"{settings.between_seconds:g} seconds"),
        ("connections", f"{settings.connections}"),
        ("requests at work; waiting", f"{settings.workers}, and {settings.table_workers} with "
         f"tables; {settings.waiting} of each"),
        ("bodies of all requests together", f"{settings.memory_bytes / 1e6:g} MB in memory, "
         f"{settings.disk_bytes / 1e6:,g} MB in files"),
        ("stopping", f"{settings.stopping_seconds:g} seconds"),
    ]  # fmt: skip
    print("\n".join(["| what | at most |", "|---|---|"] + [f"| {a} | {b} |" for a, b in rows]))


@cache
def _model() -> Any:
    return load()
