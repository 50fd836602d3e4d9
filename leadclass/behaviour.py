"""A model in, how it behaves on cases made to test it out: what it passes, and what it fails.

After CheckList: minimum functionality cases for every rule of the codebook, invariances, and
directions in which a probability must move.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

import numpy as np

from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.package_files import package_rows

#: A probability has moved if it has by more than this.
MOVED = 0.02

FUNCTIONALITY, INVARIANCE, DIRECTION = "functionality", "invariance", "direction"


@dataclass(frozen=True)
class Behaviour:
    """One thing that a model should do, and how often it does.

    Attributes
    ----------
    sort : {'functionality', 'invariance', 'direction'}
    name : str
    n : int
        Cases.
    n_passed : int
    failures : list of str
        What failed, a line each.
    """

    sort: str
    name: str
    n: int
    n_passed: int
    failures: list[str]

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data, ready for JSON."""
        return asdict(self)


def behave(model: Model) -> list[Behaviour]:
    """Test a model on all cases.

    Parameters
    ----------
    model : Model

    Returns
    -------
    list of Behaviour
        Functionality by rule of the codebook, then invariances, then directions.

    References
    ----------
    M. Ribeiro et al., "Beyond accuracy: behavioral testing of NLP models with CheckList", ACL 2020.
    """
    cases = _table("cases.csv")
    texts = [case["text"] for case in cases]
    said = model.predict(texts)
    by_rule: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    for case, label in zip(cases, said, strict=True):
        by_rule[case["rule"]].append((case["text"], case["label"], str(label)))
    functionality = [
        _result(
            FUNCTIONALITY,
            f"rule {rule}",
            [(right == label, f"{right}, said {label}: {text}") for text, right, label in of_rule],
        )
        for rule, of_rule in by_rule.items()
    ]
    invariances = [
        _invariance(model, name, change, texts, said) for name, change in INVARIANCES.items()
    ]
    return [*functionality, *invariances, *_directions(model)]


def _invariance(
    model: Model,
    name: str,
    change: Callable[[str], str],
    texts: Sequence[str],
    said: np.ndarray,
) -> Behaviour:
    changed = {i: change(text) for i, text in enumerate(texts)}
    changed = {i: text for i, text in changed.items() if text != texts[i]}
    labels = model.predict(list(changed.values()))
    return _result(
        INVARIANCE,
        name,
        [
            (label == said[i], f"{said[i]} becomes {label}: {text}")
            for (i, text), label in zip(changed.items(), labels, strict=True)
        ],
    )


def _directions(model: Model) -> list[Behaviour]:
    cases = _table("directions.csv")
    before = model.predict_proba([case["before"] for case in cases])
    after = model.predict_proba([case["after"] for case in cases])
    results: dict[str, list[tuple[bool, str]]] = defaultdict(list)
    for case, one, other in zip(cases, before, after, strict=True):
        side = SIDES.index(case["side"])
        change = float(other[side] - one[side])
        passed = change > MOVED if case["direction"] == "up" else change < -MOVED
        line = f"{one[side]:.2f} to {other[side]:.2f}: {case['before']} / {case['after']}"
        results[f"{case['side']} {case['direction']}"].append((passed, line))
    return [_result(DIRECTION, name, results[name]) for name in sorted(results)]


def _result(sort: str, name: str, cases: Sequence[tuple[bool, str]]) -> Behaviour:
    failures = [line for passed, line in cases if not passed]
    return Behaviour(sort, name, len(cases), len(cases) - len(failures), failures)


def _with_typo(text: str) -> str:
    """Two letters inside the longest word change places."""
    longest = max(re.findall(r"[a-z]+", text), key=len, default="")
    middle = len(longest) // 2
    wrong = longest[: middle - 1] + longest[middle] + longest[middle - 1] + longest[middle + 1 :]
    return text.replace(longest, wrong, 1) if len(longest) > _LONG_ENOUGH else text


def _respelled(text: str) -> str:
    """British words spelled the American way, and the other way round."""
    other = _other_spellings()
    return re.sub(r"[A-Za-z]+", lambda word: _like(word[0], other.get(word[0].lower())), text)


def _other_gender(text: str) -> str:
    return re.sub(r"[A-Za-z]+", lambda word: _like(word[0], _GENDERS.get(word[0].lower())), text)


def _like(word: str, other: str | None) -> str:
    """The other word, capitalised as the first."""
    if other is None:
        return word
    return other.capitalize() if word[0].isupper() else other


#: Changes after which a label must be as before.
INVARIANCES: dict[str, Callable[[str], str]] = {
    "a typo": _with_typo,
    "all in capitals": str.upper,
    "all in lower case": str.lower,
    "no full stop": lambda text: text.rstrip("."),
    "a dash before and an exclamation mark after": lambda text: f"- {text.rstrip('.')}!",
    "the other spelling": _respelled,
    "please note": lambda text: f"Please note: {text}",
    "thank you": lambda text: f"{text} Thank you.",
    "the other gender": _other_gender,
}

_LONG_ENOUGH = 5
_GENDERS = {
    "he": "she",
    "she": "he",
    "him": "her",
    "his": "her",
    "her": "his",
    "himself": "herself",
    "herself": "himself",
    "mr": "ms",
    "ms": "mr",
}


@cache
def _other_spellings() -> dict[str, str]:
    pairs = [(row["british"], row["american"]) for row in _table("spellings.csv")]
    return dict(pairs) | {american: british for british, american in pairs}


def _table(name: str) -> list[dict[str, str]]:
    return package_rows(f"data/behaviour/{name}")
