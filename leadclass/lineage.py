"""What a model says of how it was made in, its lineage as rows to show out.

``model.json`` has it: the files that were learnt from with their digests, the model that was
adapted, the settings, the versions; and under `MADE`, which alone differs between two runs of the
same training, when it was made and by which command. Models made before any of this was kept lack
some of it.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

#: What is different each time.
MADE = "made"

#: The model that another was adapted from.
PARENT = "parent"

#: The tables in which stand-off labels found their texts.
TEXTS = "texts"

#: How many of the files, the last ones, have labels that go before those of the others.
SETTLED = "settled"

#: What a model that is adapted from another does not take over from it.
NOT_INHERITED = (MADE, TEXTS, SETTLED)

_DIGITS = 12


def made_now(
    encoding: str | None = None, columns: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """When and by which command a model is made: now, by this one.

    Parameters
    ----------
    encoding : str, optional
        In which the data were read, where it was asked for.
    columns : mapping, optional
        By which they were read, where others than the usual were asked for.
    """
    command = shlex.join([_program(), *map(_short_path, sys.argv[1:])])
    made = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "command": command}
    made |= {"encoding": encoding} if encoding else {}
    return made | ({"columns": dict(columns)} if columns else {})


def _program() -> str:
    """What was started: of its path the name alone, as of all paths that are kept."""
    path = Path(sys.argv[0] or "python")
    return "leadclass" if path.parts[-2:] == ("leadclass", "__main__.py") else path.name


def _short_path(argument: str) -> str:
    return Path(argument).name if Path(argument).is_absolute() else argument


def parent_of(name: str, digest: str, n_files: int) -> dict[str, Any]:
    """A model that another is adapted from: its folder's name alone, and its table's digest.

    Parameters
    ----------
    name, digest : str
    n_files : int
        How many files it had learnt from; they come first among those of the adapted model.
    """
    return {"name": name, "sha256": digest, "files": n_files}


def own_files(about: dict[str, Any]) -> Sequence[dict[str, Any]]:
    """The files that a model itself has learnt from, without those of the one it was adapted from.

    Parameters
    ----------
    about : dict
        What a model says of itself.
    """
    return about.get("data", [])[about.get(PARENT, {}).get("files", 0) :]


def lineage(about: dict[str, Any], digest: str) -> list[tuple[str, str]]:
    """How a model was made, as rows of a name and what is to be said.

    Parameters
    ----------
    about : dict
        What the model says of itself.
    digest : str
        SHA-256 of its table.

    Returns
    -------
    list of (str, str)
        What is not known has a row that says so.
    """
    made, parent = about.get(MADE, {}), about.get(PARENT)
    rows = [("weights", short(digest)), ("made", made.get("at", "not recorded"))]
    rows.append(("by", made.get("command", "not recorded")))
    if parent is not None:
        rows.append(("adapted from", f"{parent['name'] or 'a model'} ({short(parent['sha256'])})"))
    elif "adapted" in about:
        rows.append(("adapted from", "not recorded"))
    files = own_files(about)
    n_others = len(files) - about.get(SETTLED, 0)
    rows += _files("learnt from", files[:n_others])
    rows += _files("settled by", files[n_others:])
    rows += _files("texts", about.get(TEXTS, []))
    settings = about.get("training", {}) | about.get("adapted", {}).get("training", {})
    if settings:
        rows.append(("settings", ", ".join(f"{name} {value}" for name, value in settings.items())))
    versions = about.get("versions", {})
    rows.append(("versions", ", ".join(f"{name} {one}" for name, one in versions.items())))
    return [(name, said or "not recorded") for name, said in rows]


def short(digest: str) -> str:
    """The beginning of a digest, enough to tell files apart."""
    return digest[:_DIGITS]


def _files(name: str, files: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    return [
        (
            name if not n else "",
            f"{file['name']}, {file['n_rows']:,} rows ({short(file['sha256'])})",
        )
        for n, file in enumerate(files)
    ]
