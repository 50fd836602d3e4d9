"""The body of a request in, its fields out, each checked."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO

from python_multipart.exceptions import FormParserError
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from leadclass.errors import LeadclassError
from leadclass.server.errors import BAD_REQUEST, CANNOT_USE, TOO_LARGE, RefusedError
from leadclass.server.uploads import plain_name

JSON = "application/json"
FORM = "multipart/form-data"

#: Fields of text that a form may have beside its file.
_MOST_FIELDS = 8
_LONGEST_FIELD = 10_000

#: Bytes of JSON outside its texts: brackets make dozens of times as many bytes of objects.
_MOST_STRUCTURE = 100_000
#: A text in JSON; one without an end goes to that of the body, so that each byte is read once.
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+(?:"|\\?\Z)', re.DOTALL)


@dataclass(frozen=True)
class Upload:
    """A form with a file.

    Attributes
    ----------
    name : str
        What the sender calls the file.
    content : binary file
    fields : dict of str to str
        The other fields.
    """

    name: str
    content: BinaryIO
    fields: dict[str, str]


def check_media_type(request: Request, *allowed: str) -> str:
    """The media type of a request's body.

    Raises
    ------
    RefusedError
        If it is not one of those that are read.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in allowed:
        raise RefusedError(
            f"{kind or 'a body without a media type'} is not read here",
            415,
            remedy=f"send {' or '.join(allowed)}",
        )
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise RefusedError("a packed body is not read here", 415, remedy="send it as it is")
    return kind


async def json_fields(request: Request, allowed: Collection[str]) -> dict[str, Any]:
    """The fields of a request in JSON, none but those allowed.

    Raises
    ------
    RefusedError
        If it is not JSON, no object, or has another field.
    """
    check_media_type(request, JSON)
    body = await request.body()
    if len(body) > _MOST_STRUCTURE and len(_STRING.sub(b"", body)) > _MOST_STRUCTURE:
        raise RefusedError("has too many parts", TOO_LARGE, remedy="send less at once")
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RefusedError(
            "the body is not JSON", BAD_REQUEST, remedy="send an object in JSON"
        ) from None
    if not isinstance(fields, dict):
        raise _unfit(None, "the body is not an object", allowed)
    _check_names(fields, allowed)
    return fields


@asynccontextmanager
async def upload(request: Request, allowed: Collection[str]) -> AsyncIterator[Upload]:
    """The file of a form, in the field ``file``, and its other fields, none but those allowed.

    Raises
    ------
    RefusedError
        If there is no file, no name to it, or another field.
    """
    check_media_type(request, FORM)
    form = await _form(request)
    try:
        _check_names(form, {"file", *allowed})
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise _unfit("file", "is missing or is no file", ("file", *allowed))
        fields = {name: value for name, value in form.items() if isinstance(value, str)}
        if len(fields) + 1 < len(form.multi_items()):
            raise _unfit(None, "a field is there twice, or is a file", ("file", *allowed))
        name = plain_name(file.filename)
        try:
            yield Upload(name, file.file, fields)
        except LeadclassError as error:
            error.file = name
            raise
    finally:
        await form.close()


async def _form(request: Request) -> FormData:
    try:
        return await request.form(
            max_files=1, max_fields=_MOST_FIELDS, max_part_size=_LONGEST_FIELD
        )
    except UnicodeError:  # of a charset that no form is written in
        raise RefusedError(
            "the form is of no encoding that is read here", BAD_REQUEST, remedy="send UTF-8"
        ) from None
    except FormParserError:  # which older versions of starlette let through
        raise RefusedError(
            "the form cannot be read", BAD_REQUEST, remedy="see /api/v1/openapi.json"
        ) from None


def text_of(fields: dict[str, Any], name: str, default: str | None = None) -> str:
    """A field that is text; a lone surrogate in it becomes ``?``.

    Raises
    ------
    RefusedError
        If it is missing and there is no default, or it is something else.
    """
    value = fields.get(name, default)
    if not isinstance(value, str):
        raise _unfit(name, "is missing" if value is None else "is not text", ())
    return value.encode("utf-8", "replace").decode()


def choice_of(fields: dict[str, Any], name: str, choices: tuple[str, ...]) -> str:
    """A field that is one of some words, the first of them by default.

    Raises
    ------
    RefusedError
        If it is another.
    """
    value = fields.get(name, choices[0])
    if value not in choices:
        raise _unfit(name, "is not one of its values", choices)
    return str(value)


def _check_names(fields: Collection[str], allowed: Collection[str]) -> None:
    if set(fields) - set(allowed):
        raise _unfit(None, "the request has a field that is not known", allowed)


def _unfit(column: str | None, problem: str, known: Collection[str]) -> RefusedError:
    remedy = f"send {', '.join(known)}" if known else "send it as text"
    return RefusedError(problem, CANNOT_USE, column=column, remedy=remedy)
