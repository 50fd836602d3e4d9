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
from leadclass.labels import LABELS, OUTPUTS, SIDES

FORMAT_VERSION = 1
WEIGHTS_FILE = "weights.parquet"
JSON_FILE = "model.json"

RETRAIN = "give --model a folder that leadclass train has written, or train it again"

#: No window, sub-word, factor or weight of a sound model is larger.
LARGEST = 1e6

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
        _check(page, _PAGE, "")
        settings = FeatureSettings(
            **page["settings"] | {"windows": tuple(page["settings"]["windows"])}
        )
        if settings.n_spans > _MOST_WINDOWS:
            raise _UnfitError("settings.windows", f"longer than {_MOST_WINDOWS}")
        if settings.subword_max < settings.subword_min:
            raise _UnfitError("settings.subword_max", "less than the shortest")
        width = 1 + 2 * settings.n_spans
        for name in OUTPUTS:
            if len(page["outputs"][name]["calibration"]) != width:
                raise _UnfitError(f"outputs.{name}.calibration", f"no list of {width} numbers")
    except _UnfitError as error:
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
        if isinstance(error, _UnfitError):
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
        raise _UnfitError("a number", "not finite")
    return number


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _UnfitError("a name", "there twice")
    return found


class _UnfitError(ValueError):
    """Which part of a description is not what it should be."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place} is {what}")


@dataclass(frozen=True)
class _Number:
    """A number between two others, which are in the range."""

    low: float = -LARGEST
    high: float = LARGEST
    whole: bool = False


#: Texts as long as this say nothing that anyone reads.
_LONGEST_TEXT = 10_000

_COUNT = _Number(0, 1e12, whole=True)
_SIZE = _Number(1, 100, whole=True)
_SHARE = _Number(0, 1)
_DIGEST = re.compile(r"[0-9a-f]{64}")

#: What the parts of a description are: a text, a number in a range, a text of a form, a list of
#: parts that are alike, a mapping of any names (`_ANY`) to such, or one with certain names, of
#: which those that end in a question mark may be missing. What is not named may be there.
_ANY = "*"
_INTERVAL = {"value": _Number(), "low": _Number(), "high": _Number()}
_SCORES = {"precision": _SHARE, "recall": _SHARE, "f1": _INTERVAL}
_SLICE = {
    "n": _COUNT,
    "accuracy": _INTERVAL,
    "sides": dict.fromkeys(SIDES, _SCORES),
    "traits": _SCORES,
    "trait_macro_f1": _Number(),
    "each_trait": {_ANY: _SCORES},
    "quality": {
        _ANY: dict.fromkeys(("average_precision", "brier", "calibration_error"), _Number())
    },
}
_EVALUATION = {"overall": _SLICE, "slices": {_ANY: {_ANY: _SLICE}}}
_SOURCE = {"name": str, "sha256": _DIGEST, "n_rows": _COUNT, "labels": {_ANY: _COUNT}}
_TRAINING = {
    "min_df?": _COUNT,
    "C?": _Number(1e-6),
    "smoothing?": _Number(0),
    "phrase_weight?": _Number(0),
    "folds?": _Number(2, 100, whole=True),
    "seed?": _Number(0, 2**32 - 1, whole=True),
}
_PAGE: dict[str, Any] = {
    "weights": {"terms": _COUNT, "sha256": _DIGEST},
    "settings": {
        "subword_min": _SIZE,
        "subword_max": _SIZE,
        "subword_weight": _Number(0),
        "windows": [_SIZE],
    },
    "outputs": {
        name: {"intercept": _Number(), "calibration": [_Number()], "threshold": _Number(1e-9, 1)}
        for name in OUTPUTS
    },
    "versions?": {_ANY: str},
    "training?": _TRAINING,
    "data?": [_SOURCE],
    "texts?": [_SOURCE],
    "made?": {"at?": str, "command?": str, "encoding?": str},
    "parent?": {"name": str, "sha256": _DIGEST, "files": _COUNT},
    "adapted?": {"n": _COUNT, "training?": _TRAINING},
    "cross_validation?": _EVALUATION,
    "operating_points?": {
        side: [dict.fromkeys(("threshold", "precision", "recall"), _SHARE)] for side in SIDES
    },
    "behaviour?": [{"sort": str, "name": str, "n": _COUNT, "n_passed": _COUNT, "failures": [str]}],
    "learnt_text?": {
        _ANY: {
            **dict.fromkeys(("statements", "words", "unknown", "near"), _COUNT),
            "labels": dict.fromkeys(LABELS, _COUNT),
            "scores": {side: [_COUNT] for side in SIDES},
        }
    },
}

#: Parts that must have no other names than these.
_CLOSED = ("settings", "outputs")


def _check(part: Any, shape: Any, place: str) -> None:
    """Hold a part of a description against its shape.

    Raises
    ------
    _UnfitError
        With the first place that does not fit.
    """
    if isinstance(shape, _Number):
        kinds = (int,) if shape.whole else (int, float)
        if type(part) not in kinds or not shape.low <= part <= shape.high:
            what = "whole number" if shape.whole else "number"
            raise _UnfitError(place, f"no {what} from {shape.low:g} to {shape.high:g}")
    elif shape is str:
        if type(part) is not str or len(part) > _LONGEST_TEXT:
            raise _UnfitError(place, "no text" if type(part) is not str else "too long a text")
    elif isinstance(shape, re.Pattern):
        if type(part) is not str or not shape.fullmatch(part):
            raise _UnfitError(place, "no SHA-256")
    elif isinstance(shape, list):
        if type(part) is not list:
            raise _UnfitError(place, "no list")
        for number, inner in enumerate(part):
            _check(inner, shape[0], f"{place}[{number}]")
    else:
        _check_names(part, shape, place)


def _check_names(part: Any, shape: dict[str, Any], place: str) -> None:
    if type(part) is not dict:
        raise _UnfitError(place or "it", "no object")
    at = f"{place}." if place else ""
    if _ANY in shape:
        for name, inner in part.items():
            _check(inner, shape[_ANY], f"{at}{name[:_LONGEST_NAME]}")
        return
    for name, inner in shape.items():
        known = name.removesuffix("?")
        if known in part:
            _check(part[known], inner, at + known)
        elif known == name:
            raise _UnfitError(at + name, "missing")
    if place in _CLOSED and (unknown := sorted(part.keys() - shape.keys())):
        raise _UnfitError(f"{at}{unknown[0][:_LONGEST_NAME]}", "not known")


#: Of a name that is not ours so much is shown.
_LONGEST_NAME = 40
