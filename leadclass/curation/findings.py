"""What a check of a corpus finds."""

from __future__ import annotations

from dataclasses import dataclass

from leadclass.errors import LeadclassError

#: Every sort of finding, with what it means.
SORTS = {
    "invalid": "a row without a text, a label or an id that can be used",
    "traits": "traits that the label does not allow, or a side without any",
    "duplicate": "a text that occurs before, in the same words",
    "near-duplicate": "a text that is nearly one that occurs before",
    "conflict": "another label for the same words, or nearly the same",
    "pair": "a near miss that is not two rows of different labels",
    "overlap": "a text that a table has which it must be kept apart from",
    "likely-error": "a label that all other rows together speak against",
}

#: From which similarity on two texts count as near duplicates, where nothing else is asked for.
SIMILARITY = 0.9

#: Likely label errors that are named where nothing else is asked for.
LIKELY_ERRORS = 20

#: Sorts that a person should look at and that may well be right.
WARNINGS = frozenset({"likely-error"})


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or likely is, in one row.

    Attributes
    ----------
    file : str
    row : int
        From 1 below the header.
    sort : str
        One of `SORTS`.
    message : str
        What is wrong and what to do.
    text : str
        The row's text, where it has one.
    """

    file: str
    row: int
    sort: str
    message: str
    text: str = ""

    @property
    def severity(self) -> str:
        """``error`` or ``warning``."""
        return "warning" if self.sort in WARNINGS else "error"

    @classmethod
    def of_error(cls, error: LeadclassError) -> Finding:
        """A row that could not be read."""
        sort = "traits" if error.column == "traits" else "invalid"
        place = f"column {error.column!r}: " if error.column else ""
        return cls(
            error.file or "", error.row or 0, sort, f"{place}{error.problem}; {error.remedy}"
        )
