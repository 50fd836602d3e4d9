"""A model's description in, nothing out: the first part that is not what it must be is named.

Parts that no command knows may be there, and are not looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from leadclass.labels import LABELS, OUTPUTS, SIDES

#: No window, sub-word, factor or weight of a sound model is larger.
LARGEST = 1e6

#: A sound description has parts within parts to a third of this.
_DEEPEST = 30


class UnfitError(ValueError):
    """Which part of a description is not what it should be."""

    def __init__(self, place: str, what: str) -> None:
        super().__init__(f"{place} is {what}")


def check_parts(page: dict[str, Any]) -> None:
    """Hold a description against what each part of it must be.

    Raises
    ------
    UnfitError
        With the first place that does not fit.
    """
    _check_depth(page)
    _check(page, _PAGE, "")


def _check_depth(page: dict[str, Any]) -> None:
    """Refuse what is nested deeper than what writes it out can follow."""
    level: list[Any] = [page]
    for _ in range(_DEEPEST):
        parts = [part.values() if type(part) is dict else part for part in level]
        level = [inner for part in parts for inner in part if type(inner) in (dict, list)]
        if not level:
            return
    raise UnfitError("a part", f"more than {_DEEPEST} deep in others")


@dataclass(frozen=True)
class _Number:
    """A number between two others, which are in the range."""

    low: float = -LARGEST
    high: float = LARGEST
    whole: bool = False


#: Texts as long as this say nothing that anyone reads.
_LONGEST_TEXT = 100_000

_COUNT = _Number(0, 1e12, whole=True)
_SIZE = _Number(1, 1000, whole=True)
_SHARE = _Number(0, 1)
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DIGEST_IF_ANY = re.compile(r"([0-9a-f]{64})?")

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
    "C?": _Number(1e-12, 1e12),
    "smoothing?": _Number(0, 1e12),
    "phrase_weight?": _Number(0, 1e12),
    "folds?": _Number(2, 100, whole=True),
    "seed?": _Number(0, 2**32 - 1, whole=True),
}
_WORDING = {"words?": [str], "sides?": [str], "yes?": [str], "no?": [str], "blank_is_no?": bool}
_COLUMNS = {"text?": str, "label?": str, "traits?": bool, "wording?": _WORDING}
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
    "made?": {"at?": str, "command?": str, "encoding?": str, "columns?": _COLUMNS},
    "parent?": {"name": str, "sha256": _DIGEST_IF_ANY, "files": _COUNT},
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
_CLOSED = ("settings", "outputs", "made.columns")


def _check(part: Any, shape: Any, place: str) -> None:
    """Hold a part of a description against its shape.

    Raises
    ------
    UnfitError
        With the first place that does not fit.
    """
    if isinstance(shape, _Number):
        kinds = (int,) if shape.whole else (int, float)
        if type(part) not in kinds or not shape.low <= part <= shape.high:
            what = "whole number" if shape.whole else "number"
            raise UnfitError(place, f"no {what} from {shape.low:g} to {shape.high:g}")
    elif shape is str:
        if type(part) is not str or len(part) > _LONGEST_TEXT:
            raise UnfitError(place, "no text" if type(part) is not str else "too long a text")
    elif shape is bool:
        if type(part) is not bool:
            raise UnfitError(place, "neither true nor false")
    elif isinstance(shape, re.Pattern):
        if type(part) is not str or not shape.fullmatch(part):
            raise UnfitError(place, "no SHA-256")
    elif isinstance(shape, list):
        if type(part) is not list:
            raise UnfitError(place, "no list")
        for number, inner in enumerate(part):
            _check(inner, shape[0], f"{place}[{number}]")
    else:
        _check_names(part, shape, place)


def _check_names(part: Any, shape: dict[str, Any], place: str) -> None:
    if type(part) is not dict:
        raise UnfitError(place or "it", "no object")
    at = f"{place}." if place else ""
    if _ANY in shape:
        for name, inner in part.items():
            _check(inner, shape[_ANY], f"{at}{name[:_LONGEST_NAME]}")
        return
    known = {name.removesuffix("?"): inner for name, inner in shape.items()}
    for name, inner in known.items():
        if name in part:
            _check(part[name], inner, at + name)
        elif name in shape:
            raise UnfitError(at + name, "missing")
    if place in _CLOSED and (unknown := sorted(part.keys() - known)):
        raise UnfitError(f"{at}{unknown[0][:_LONGEST_NAME]}", "not known")


#: Of a name that is not ours so much is shown.
_LONGEST_NAME = 40
