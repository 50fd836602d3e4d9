"""How large the parts of a table may be; a table itself may be of any length.

What is larger is refused with one line, so that the memory does not depend on what is in a file.
"""

from __future__ import annotations

from leadclass.errors import LeadclassError

#: Bytes of a row, or characters where they are counted; all comments of a year are shorter.
LONGEST_ROW = 1 << 24
#: The same of a header.
LONGEST_HEADER = 1 << 22
MOST_COLUMNS = 100_000
#: Bytes of rows that are given as one batch where rows are long.
LONGEST_BATCH = 1 << 26


def too_long(path: str, row: int | None = None, line: int | None = None) -> LeadclassError:
    """The error for a row that has no end in sight."""
    return LeadclassError(
        f"has more than {LONGEST_ROW:,} bytes, too much for one row",
        file=path,
        row=row,
        line=line,
        remedy="check that every row ends, and every quote is closed",
    )


def check_columns(path: str, n_columns: int, most: int | None = None) -> None:
    """Refuse a table that has more columns than any has, or than one of its format may have.

    Raises
    ------
    LeadclassError
    """
    allowed = min(most or MOST_COLUMNS, MOST_COLUMNS)
    if n_columns > allowed:
        raise LeadclassError(
            f"has {n_columns:,} columns, more than {allowed:,}",
            file=path,
            remedy="keep those that matter, and check what stands between the cells",
        )
