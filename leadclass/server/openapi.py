"""Settings in, the API's description out, as a program reads it (OpenAPI 3.1)."""

from __future__ import annotations

from typing import Any

from leadclass.labels import BOILERPLATE, LABELS, NO_SECTION, NOT_FOR, OUTPUTS, TRAITS, UNITS
from leadclass.server.settings import Settings
from leadclass.version import __version__

_Schema = dict[str, Any]


def description(settings: Settings) -> _Schema:
    """The API's description, with the limits of this server.

    Parameters
    ----------
    settings : Settings

    Returns
    -------
    dict
    """
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "leadclass",
            "version": __version__,
            "description": (
                "Says of statements whether they speak of leadership, of management, of both or of "
                f"neither. {NOT_FOR}"
            ),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": {
            "/api/v1/score": {"post": _score(settings)},
            "/api/v1/analyze": {"post": _analyze(settings)},
            "/api/v1/explain": {"post": _explain(settings)},
            "/api/v1/tag/look": {"post": _look()},
            "/api/v1/tag": {"post": _tag()},
            "/api/v1/model": {
                "get": _get("aboutModel", "The model: card, figures, thresholds", _MODEL)
            },
            "/api/v1/health": {"get": _get("health", "Whether the server answers", _HEALTH)},
        },
        "components": {
            "schemas": {
                "Error": _ERROR,
                "Row": _object(_LABELLED | {"text": _TEXT}),
                "Statement": _object(_LABELLED | _PLACE | {"text": _TEXT}),
                "Profile": _PROFILE,
                "Explanation": _EXPLANATION,
            }
        },
    }


def _score(settings: Settings) -> _Schema:
    texts = _list(_text(settings.statement_characters)) | {"maxItems": settings.statements}
    body = _object({"texts": texts})
    rows = _object({"rows": _list(_ref("Row"))})
    return _post("score", "Label statements", {"application/json": body}, rows)


def _analyze(settings: Settings) -> _Schema:
    text = _object(
        {"text": _text(settings.document_characters), "name": _TEXT | {"default": "text"}}, ["text"]
    )
    file = _form({"encoding": _ENCODING}, [])
    bodies = {"application/json": text, "multipart/form-data": file}
    return _post(
        "analyze",
        "Profile a text, or a document in a file of any kind that leadclass reads",
        bodies,
        _ref("Profile"),
    )


def _explain(settings: Settings) -> _Schema:
    body = _object({"text": _text(settings.statement_characters)})
    return _post(
        "explain",
        "What in a statement spoke for and against each output, in log-odds",
        {"application/json": body},
        _ref("Explanation"),
    )


def _look() -> _Schema:
    cell: _Schema = {"type": ["string", "null"]}
    columns = _list(_object({"name": _TEXT, "is_text": {"type": "boolean"}}))
    answer = _object(
        {
            "name": _TEXT,
            "format": {"enum": ["csv", "tsv", "jsonl", "parquet", "xlsx"]},
            "columns": columns,
            "text": cell | {"description": "The column that was read."},
            "rows": _list(_list(cell)),
            "added": _list(_TEXT),
            "tagged": _list(_list({"type": ["string", "number", "null"]})),
        }
    )
    column = _TEXT | {"description": "By default the column of text with the longest cells."}
    fields = {"column": column, "encoding": _ENCODING, "delimiter": _DELIMITER}
    return _post(
        "lookAtTable",
        "The columns of a table, and its first rows tagged",
        {"multipart/form-data": _form(fields, [])},
        answer,
    )


def _tag() -> _Schema:
    fields: dict[str, _Schema] = {
        "column": _TEXT | {"description": "The column to read."},
        "unit": {"enum": list(UNITS), "default": UNITS[0]},
        "encoding": _ENCODING,
        "delimiter": _DELIMITER,
    }
    post = _post(
        "tag",
        "A table with label, probabilities and traits added to every row, in its own format",
        {"multipart/form-data": _form(fields, ["column"])},
        {},
    )
    post["responses"]["200"]["content"] = {"application/octet-stream": {}}
    return post


def _post(name: str, summary: str, bodies: dict[str, _Schema], answer: _Schema) -> _Schema:
    errors = {
        "400": "The body cannot be read.",
        "403": "A page of another site asks.",
        "408": "The body did not come, or too slowly.",
        "413": "More than is taken at once.",
        "415": "A media type, or a packed body, that is not read.",
        "421": "The server does not go by the name in Host.",
        "422": "What was sent cannot be used; the error says what, where, and what to do.",
        "431": "What comes before the body is too long.",
        "503": "It takes too long, or too much is being done or sent; try again.",
    }
    return {
        "operationId": name,
        "summary": summary,
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": schema} for kind, schema in bodies.items()},
        },
        "responses": {"200": _json("Done.", answer)}
        | {status: _json(text, _ref("Error")) for status, text in errors.items()},
    }


def _get(name: str, summary: str, answer: _Schema) -> _Schema:
    return {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": _json("Done.", answer),
            "421": _json("The server does not go by the name in Host.", _ref("Error")),
        },
    }


def _json(text: str, schema: _Schema) -> _Schema:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _form(fields: dict[str, _Schema], required: list[str]) -> _Schema:
    file = {"type": "string", "contentMediaType": "application/octet-stream"}
    return _object({"file": file} | fields, ["file", *required])


def _object(properties: dict[str, _Schema], required: list[str] | None = None) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


def _list(items: _Schema) -> _Schema:
    return {"type": "array", "items": items}


def _text(longest: int) -> _Schema:
    return {"type": "string", "maxLength": longest}


def _ref(name: str) -> _Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _map(names: tuple[str, ...], values: _Schema) -> _Schema:
    return _object(dict.fromkeys(names, values))


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "number"}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_ENCODING = _TEXT | {"description": "Such as cp1252; by default what the bytes say, else UTF-8."}
_DELIMITER = _TEXT | {"description": "Between the cells of a csv; by default its header's."}
_LABEL = {"enum": list(LABELS)}
_TRAITS = _TEXT | {"description": f"Joined by semicolons, of {', '.join(TRAITS)}."}
_PROBABILITY = {"type": ["number", "null"], "minimum": 0, "maximum": 1}

_LABELLED: dict[str, _Schema] = {
    "label": _LABEL,
    "p_leadership": _PROBABILITY,
    "p_management": _PROBABILITY,
    "traits": _TRAITS,
}
_PLACE: dict[str, _Schema] = {
    "start": _COUNT,
    "end": _COUNT,
    "form": {"enum": ["heading", "bullet", "sentence"]},
    "section": {"enum": [NO_SECTION, *BOILERPLATE]},
}

_PROFILE = _object(
    {
        "name": _TEXT,
        "text": _TEXT | {"description": "What the places of statements count characters of."},
        "note": _TEXT
        | {"description": "What was decided in reading a file, such as its encoding."},
        "summary": _TEXT,
        "n_statements": _COUNT,
        "counts": _map(LABELS, _COUNT),
        "shares": _map(LABELS, _SHARE),
        "balance": {"type": ["number", "null"], "minimum": -1, "maximum": 1},
        "traits": _map(TRAITS, _COUNT),
        "missing_traits": _list({"enum": list(TRAITS)}),
        "statements": _list(_ref("Statement")),
    }
)

_TERM = _object({"term": _TEXT, "position": _COUNT, **dict.fromkeys(OUTPUTS, _NUMBER)})

_EXPLANATION = _object(
    _LABELLED
    | {
        "text": _TEXT,
        "probabilities": _map(OUTPUTS, _SHARE),
        "thresholds": _map(OUTPUTS, _SHARE),
        "bias": _map(OUTPUTS, _NUMBER),
        "terms": _list(_TERM),
    }
)

_ERROR = _object(
    {
        "error": _object(
            {
                "problem": _TEXT,
                "row": {"type": ["integer", "null"]},
                "line": {"type": ["integer", "null"]},
                "column": {"type": ["string", "null"]},
                "remedy": {"type": ["string", "null"]},
            }
        )
    }
)

_MODEL = _object(
    {
        "name": _TEXT,
        "digest": _TEXT | {"description": "SHA-256 of its table of weights."},
        "thresholds": _map(OUTPUTS, _SHARE),
        "about": {"type": "object"},
        "card": _TEXT | {"description": "Markdown."},
        "not_for": _TEXT,
    }
)

_HEALTH = _object({"status": {"const": "ok"}, "version": _TEXT})
