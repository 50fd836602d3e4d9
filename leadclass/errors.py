"""The one family of errors that leadclass raises on purpose: what is wrong, where, what to do."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike, fspath

from leadclass.harmless import harmless


class LeadclassError(ValueError):
    """Something a user can mend: a bad file, row, column, option or a missing extra.

    Parameters
    ----------
    problem : str
        What is wrong, as a clause without a full stop.
    file : path-like, optional
        The file or folder at fault.
    row : int, optional
        Its row, counted from 1 below the header.
    line : int, optional
        Its line in the file, counted from 1, where that differs from the row.
    column : str, optional
        Its column.
    remedy : str, optional
        What to do about it.
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | PathLike[str] | None = None,
        row: int | None = None,
        line: int | None = None,
        column: str | None = None,
        remedy: str | None = None,
    ) -> None:
        self.problem = problem
        self.file = None if file is None else fspath(file)
        self.row = row
        self.line = line
        self.column = column
        self.remedy = remedy
        super().__init__(problem)

    def __str__(self) -> str:
        place = []
        if self.file is not None:
            place.append(self.file)
        if self.row is not None:
            place.append(f"row {self.row}" + (f" (line {self.line})" if self.line else ""))
        elif self.line is not None:
            place.append(f"line {self.line}")
        if self.column is not None:
            place.append(f"column {self.column!r}")
        text = f"{', '.join(place)}: {self.problem}" if place else self.problem
        text = f"{text}; {self.remedy}" if self.remedy else text
        return harmless(" ".join(text.split()))


def missing_extra(package: str, extra: str, purpose: str) -> LeadclassError:
    """The error for a library that is not installed because its extra was not asked for."""
    return LeadclassError(
        f"{purpose} needs {package}, which is not installed",
        remedy=f"pip install 'leadclass[{extra}]'",
    )


class WrongTypeError(LeadclassError, TypeError):
    """Something in Python that is not of a type that is taken; a `TypeError` too."""


def wrong_type(what: str, given: object, wanted: str) -> WrongTypeError:
    """The error for an argument of another type than is taken; says nothing of its value."""
    return WrongTypeError(
        f"{what} cannot be of the type {type(given).__name__}", remedy=f"give {wanted}"
    )


def some_of(names: Sequence[str]) -> str:
    """Names as a list for a sentence; of many, or of long ones, their beginning."""
    if not names:
        return "none"
    shown = ", ".join(repr(shortened(name)) for name in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    return f"{shown} and {more:,} more" if more > 0 else shown


def shortened(text: str) -> str:
    """A text that may be of any length, cut for a line that a person reads."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


_MOST_NAMED = 20
_LONGEST_SHOWN = 40
