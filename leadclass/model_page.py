"""The folder of a model in, its description out, every part of it checked.

A model may come from anyone. So all that any command takes from ``model.json`` is looked at before
the first of it is used: that it is there, of its kind, finite and within reason, and no text of it
steers a terminal. What no command knows is kept as it is.
"""

from __future__ import annotations

import json
import math
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from leadclass.errors import LeadclassError
from leadclass.features import FeatureSettings
from leadclass.files import is_folder
from leadclass.labels import OUTPUTS
from leadclass.model_parts import UnfitError, check_parts

FORMAT_VERSION = 1
WEIGHTS_FILE = "weights.parquet"
JSON_FILE = "model.json"

RETRAIN = "give --model a folder that leadclass train has written, or train it again"

#: Bytes of a description; that of the shipped model has a hundredth.
_MOST_BYTES = 10_000_000

#: Sizes of windows; a model has two or three.
_MOST_WINDOWS = 16

#: The parts of a description that are read here; the others are what a model says of itself.
_OWN = frozenset({"format_version", "weights", "settings", "outputs"})


@dataclass(frozen=True, eq=False)
class Page:
    """What ``model.json`` says.

    Attributes
    ----------
    settings : FeatureSettings
    numbers : ndarray, shape (n_outputs, 2 + 1 + 2 * n_spans)
        For each output its intercept, its threshold and its calibration.
    n_terms : int
    digest : str
        The SHA-256 that the table has.
    about : dict
    """

    settings: FeatureSettings
    numbers: np.ndarray
    n_terms: int
    digest: str
    about: dict[str, Any]


def read_page(folder: Path) -> Page:
    """Read a model's description.

    Raises
    ------
    LeadclassError
        If the folder or the file is missing, or it is not what `leadclass train` writes.
    """
    if not is_folder(folder):
        problem = "is not a folder" if folder.exists() else "no such model folder"
        raise LeadclassError(problem, file=folder, remedy=RETRAIN)
    path = folder / JSON_FILE
    if not path.exists():
        raise LeadclassError(f"no model here: {JSON_FILE} is missing", file=folder, remedy=RETRAIN)
    page = _parsed(read_whole(path, _MOST_BYTES, "the model's description"), path)
    try:
        check_parts(page)
        settings = FeatureSettings(
            **page["settings"] | {"windows": tuple(page["settings"]["windows"])}
        )
        if settings.n_spans > _MOST_WINDOWS:
            raise UnfitError("settings.windows", f"longer than {_MOST_WINDOWS}")
        if settings.subword_max < settings.subword_min:
            raise UnfitError("settings.subword_max", "less than the shortest")
        width = 1 + 2 * settings.n_spans
        for name in OUTPUTS:
            if len(page["outputs"][name]["calibration"]) != width:
                raise UnfitError(f"outputs.{name}.calibration", f"no list of {width} numbers")
    except UnfitError as error:
        raise LeadclassError(
            f"the model's description cannot be used: {error}", file=path, remedy=RETRAIN
        ) from None
    outputs = [page["outputs"][name] for name in OUTPUTS]
    return Page(
        settings=settings,
        numbers=np.array([[o["intercept"], o["threshold"], *o["calibration"]] for o in outputs]),
        n_terms=page["weights"]["terms"],
        digest=page["weights"]["sha256"],
        about={key: value for key, value in page.items() if key not in _OWN},
    )


def read_whole(path: Path, most: int, what: str) -> bytes:
    """The bytes of a file of a model, which must be a file and no larger than such a one is.

    Raises
    ------
    LeadclassError
    """
    try:
        # A device or a pipe would have no end.
        if not stat.S_ISREG(path.stat().st_mode):
            raise LeadclassError(f"{what} is no file", file=path, remedy=RETRAIN)
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError:
        raise LeadclassError(
            f"{what} is missing or not readable", file=path, remedy=RETRAIN
        ) from None
    if len(content) > most:
        raise LeadclassError(
            f"{what} has more than {most:,} bytes, which no model needs", file=path, remedy=RETRAIN
        )
    return content


def _parsed(content: bytes, path: Path) -> dict[str, Any]:
    problem = "the model's description is cut off or is not JSON"
    try:
        text = content.decode("utf-8")
        page = json.loads(
            text, parse_float=_finite, parse_constant=_finite, object_pairs_hook=_each_once
        )
    except (ValueError, RecursionError) as error:
        if isinstance(error, UnfitError):
            problem = f"the model's description cannot be used: {error}"
        raise LeadclassError(problem, file=path, remedy=RETRAIN) from None
    version = page.get("format_version") if isinstance(page, dict) else None
    if type(version) is not int or version < 1:
        raise LeadclassError("names no format version", file=path, remedy=RETRAIN)
    if version > FORMAT_VERSION:
        raise LeadclassError(
            f"the model has format {version}, newer than this leadclass reads ({FORMAT_VERSION})",
            file=path,
            remedy="upgrade leadclass: pip install --upgrade leadclass",
        )
    if _steers(content) or not _can_be_written(page, text):
        raise LeadclassError(
            "the model's description has characters that no text has", file=path, remedy=RETRAIN
        )
    return dict(page)


def _steers(content: bytes) -> bool:
    """Whether a text has a control character that is no white space, as it is or by its number."""
    if b"\x7f" in content or _BEYOND_ASCII.search(content):
        return True
    return any(_CONTROL.fullmatch(found) for found in _ESCAPE.findall(content))


_BEYOND_ASCII = re.compile(rb"\xc2[\x80-\x9f]")
_ESCAPE = re.compile(rb"\\(u[0-9a-fA-F]{4}|.)")
_CONTROL = re.compile(rb"[bf]|u00(0[0-8b-cB-Ce-fE-F]|1.|7[fF]|[89].)")


def _can_be_written(page: Any, text: str) -> bool:
    """Whether no text has half a character, which JSON can spell and UTF-8 cannot."""
    if "\\ud" not in text and "\\uD" not in text:
        return True
    try:
        json.dumps(page, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return True


def _finite(written: str) -> float:
    number = float(written)
    if not math.isfinite(number):
        raise UnfitError("a number", "not finite")
    return number


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise UnfitError("a name", "there twice")
    return found
