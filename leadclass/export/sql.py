"""A model in, a folder out with which a database alone scores: tables and a script in SQL."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Any
from unicodedata import normalize

from leadclass.export.vectors import vectors_of
from leadclass.folders import replacing_folder
from leadclass.model import Model
from leadclass.package_files import package_text
from leadclass.tokens import neutral_words
from leadclass.weights import JSON_FILE, WEIGHTS_FILE, write_weights

SCRIPT_FILE = "score.sql"
WORDS_FILE = "words.csv"
CHARACTERS_FILE = "characters.csv"
VECTORS_FILE = "vectors.csv"

#: All that the folder holds.
FILES = (SCRIPT_FILE, WEIGHTS_FILE, JSON_FILE, WORDS_FILE, CHARACTERS_FILE, VECTORS_FILE)

_ASCII = 128


def export_sql(model: Model, folder: str | PathLike[str], *, overwrite: bool = False) -> None:
    """Write a model, and all else that scoring needs, for a database.

    Parameters
    ----------
    model : Model
        With the thresholds that it is to have there.
    folder : path-like
        A new one, which appears whole or not at all.
    overwrite : bool
        Whether an export that is there may be replaced.

    Raises
    ------
    LeadclassError
        If the folder is not free or cannot be written.
    """
    with replacing_folder(folder, FILES if overwrite else ()) as unfinished:
        vectors = vectors_of(model)
        write_weights(model.weights, unfinished)
        script = package_text(f"export/{SCRIPT_FILE}")
        (unfinished / SCRIPT_FILE).write_text(script, encoding="utf-8", newline="")
        _write(unfinished / WORDS_FILE, ("word", "read_as"), sorted(neutral_words().items()))
        _write(unfinished / CHARACTERS_FILE, ("code", "read_as"), compatible_characters())
        _write(unfinished / VECTORS_FILE, tuple(vectors[0]), (row.values() for row in vectors))


def compatible_characters() -> list[tuple[int, str]]:
    """The code points that Unicode's compatibility decomposition (NFKD) reads as other characters.

    With these in their place the canonical composition (NFC) of a text is its NFKC.
    """
    return [
        (code, read_as)
        for code in range(_ASCII, sys.maxunicode + 1)
        if (read_as := normalize("NFKD", chr(code))) != normalize("NFD", chr(code))
    ]


def _write(path: Path, head: Sequence[str], rows: Iterable[Iterable[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(rows)
