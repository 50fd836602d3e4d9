"""The one family of errors that leadclass raises on purpose: what is wrong, where, what to do."""

from __future__ import annotations

from os import PathLike, fspath


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
        return " ".join(text.split())


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
