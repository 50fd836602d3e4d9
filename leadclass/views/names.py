"""The names of documents in, what tells them apart out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from leadclass.files import STANDARD_STREAM


def short_names(names: Sequence[str]) -> list[str]:
    """The names without the folders that all of them are in; standard input in words."""
    folders = [Path(name).parent.parts for name in names]
    levels = zip(*folders, strict=False)
    shared = list(takewhile(lambda level: len(set(level)) == 1, levels))
    return [_SAID.get(name) or str(Path(*Path(name).parts[len(shared) :])) for name in names]


#: What is said for names that say nothing.
_SAID = {STANDARD_STREAM: "standard input", "": "text"}
