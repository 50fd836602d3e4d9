"""How far a run of tag has come in, a file beside what it writes out; after a break, back."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from leadclass.errors import LeadclassError
from leadclass.tables.formats import Place
from leadclass.unfinished import JOURNAL, NEW_JOURNAL, beside, in_use, leftovers, put_away

#: What a run does, in JSON: what must be the same for another to go on with it.
About = dict[str, Any]

TABLES = "tables"

_CALLED = {
    "leadclass": "the version of leadclass",
    "model": "the model or a threshold",
    "text": "-t",
    "unit": "--unit",
    "encoding": "--encoding",
    "delimiter": "--delimiter",
    "guards": "--no-guard",
}


@dataclass(frozen=True)
class Mark:
    """How far a run has come: all before it is on the disk.

    Attributes
    ----------
    table : int
        Which of the tables it is in; those before it are whole.
    batches : int
        How many batches of that table are done.
    place : Place, optional
        Where in it reading goes on.
    n_rows, n_written : int
        Of all tables.
    size, checksum : int
        The bytes that are kept of that table, and their CRC-32.
    whole : tuple of int
        The sizes of the tables that are whole.
    """

    table: int = 0
    batches: int = 0
    place: Place | None = None
    n_rows: int = 0
    n_written: int = 0
    size: int = 0
    checksum: int = 0
    whole: tuple[int, ...] = ()


def write_mark(path: Path, about: About, mark: Mark) -> None:
    """Tell beside an unfinished file or folder how far it has come.

    Raises
    ------
    OSError
        If it cannot be written; then it tells what it told before.
    """
    new = beside(path, NEW_JOURNAL)
    with new.open("w", encoding="utf-8") as file:
        json.dump({"about": about, "mark": asdict(mark)}, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(new, beside(path, JOURNAL))


def find_left(
    target: Path, about: About, resume: bool, tell: Callable[[str], object]
) -> tuple[Path | None, Mark | None]:
    """What a broken run has left to go on with, and where; what is of no more use is put away.

    Parameters
    ----------
    target : pathlib.Path
    about : dict
        What the new run does.
    resume : bool
        Whether it is to go on with what was left.
    tell : callable
        Given a sentence for the user.

    Returns
    -------
    path : pathlib.Path or None
    mark : Mark or None

    Raises
    ------
    LeadclassError
        If it is to go on, and what was left is of a run that did something else.
    """
    found = [(path, *_journal(path)) for path in leftovers(target)]
    alike = [(path, mark) for path, other, mark in found if mark and other == about]
    path, mark = max(alike, key=lambda one: one[1].n_rows, default=(None, None))
    if resume and mark is not None:
        return path, mark
    if resume and in_use(target):
        raise LeadclassError(
            "another run is writing it", file=target, remedy="wait for it, or end it first"
        )
    if resume and (others := [other for _, other, mark in found if mark]):
        raise LeadclassError(
            f"cannot be gone on with: {_difference(about, others[0])} is not what it was",
            file=target,
            remedy="leave --resume out to start anew",
        )
    if resume:
        tell(f"No broken run has left anything of {target}: this one starts at the first row.")
    elif mark is not None:
        tell(
            f"A broken run has left {mark.n_rows:,} rows of {target}: --resume goes on with them. "
            "This one starts anew."
        )
    for other, *_ in found:
        if other != path:  # which stays until this run is whole
            put_away(other)
    return None, None


def _journal(path: Path) -> tuple[About, Mark | None]:
    """What an unfinished file or folder is, and how far it has come, if that is known."""
    with suppress(OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        page = json.loads(beside(path, JOURNAL).read_text(encoding="utf-8"))
        mark = Mark(**page["mark"] | {"whole": tuple(page["mark"]["whole"])})
        return dict(page["about"]), mark
    return {}, None


def _difference(about: About, other: About) -> str:
    """What is another of two runs that are not alike, as a noun."""
    for key, called in _CALLED.items():
        if about.get(key) != other.get(key):
            return called
    ours, theirs = ({name: rest for name, *rest in one.get(TABLES, [])} for one in (about, other))
    names = [name for name in {**theirs, **ours} if ours.get(name) != theirs.get(name)]
    return f"the table {names[0]}" if names else "the command"
