"""Whatever goes wrong in; an answer in JSON with the right status out."""

from __future__ import annotations

import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from leadclass.errors import LeadclassError

BAD_REQUEST = 400
TOO_SLOW = 408
TOO_LARGE = 413
CANNOT_USE = 422
HEAD_TOO_LARGE = 431
BUSY = 503


class RefusedError(LeadclassError):
    """A request that is not done, with the status that says why.

    Parameters
    ----------
    problem : str
    status : int
    column : str, optional
        The field of the request at fault.
    remedy : str, optional
    """

    def __init__(
        self, problem: str, status: int, *, column: str | None = None, remedy: str | None = None
    ) -> None:
        super().__init__(problem, column=column, remedy=remedy)
        self.status = status


def answer(error: Exception, number: str | None = None) -> JSONResponse:
    """The answer to a request that failed; nothing of what was sent is in that of a bug.

    Parameters
    ----------
    error : Exception
    number : str, optional
        What the log calls it.

    Returns
    -------
    JSONResponse
    """
    if isinstance(error, LeadclassError):
        return _response(getattr(error, "status", CANNOT_USE), **_parts(error))
    if isinstance(error, HTTPException):
        problem, remedy = _OF_STATUS.get(error.status_code, (error.detail, _SEE))
        response = _response(error.status_code, problem=problem, remedy=remedy)
        response.headers.update(error.headers or {})
        return response
    return _response(
        500,
        problem="something went wrong in leadclass",
        remedy=f"the log of the server says where, at {number}" if number else None,
    )


def _response(status: int, **parts: Any) -> JSONResponse:
    known = dict.fromkeys(("problem", "row", "line", "column", "remedy"))
    headers = {"Retry-After": "1"} if status == BUSY else {}
    return JSONResponse({"error": known | parts}, status, headers)


def _parts(error: LeadclassError) -> dict[str, Any]:
    remedy = error.remedy
    for option, instead in _INSTEAD_OF_OPTIONS:
        remedy = option.sub(instead, remedy) if remedy else None
    return {
        "problem": error.problem,
        "row": error.row,
        "line": error.line,
        "column": error.column,
        "remedy": remedy,
    }


#: Remedies name options of the command line; here they are fields of the request.
_INSTEAD_OF_OPTIONS = (
    (re.compile(r"(?:with )?-t\b"), "in the field 'column'"),
    (re.compile(r"--(encoding|delimiter)\b"), r"the field \1 with"),
    (re.compile(r", or pass its text on standard input"), ""),
)

_SEE = "see /api/v1/openapi.json"
_OF_STATUS = {
    BAD_REQUEST: ("the request cannot be read", _SEE),
    404: ("nothing is here", _SEE),
    405: ("this method is not for this address", _SEE),
}
