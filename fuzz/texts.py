"""Statements: their tokens and scores, and the two ways to split a text."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from fuzz.models import small_model
from fuzz.target import ROOT, Target, holds
from leadclass.arrow import as_strings
from leadclass.labels import LABELS
from leadclass.statement_columns import split_column
from leadclass.statements import split
from leadclass.tokens import tokenise

_WORDS = (
    "\x00",
    "'",
    "’",
    "\u00a0",
    "\u200b",
    "ǅ",
    "İ",
    "\r\n",
    "\n\n",
    "\n- ",
    "• ",
    "e.g. ",
    "; ",
)
_WORDS += (
    ": ",
    ".\n",
    "\n> ",
    "\n1. ",
    "**",
    "](",
    "`",
    "\t",
    "\x85",
    "\u2028",
    "\ufb01",
    "²",
    "…",
)

#: As far as two ways to add up the same numbers may differ.
_SAME = 1e-9


def _texts(content: bytes) -> list[str]:
    return content.decode("utf-8", "surrogateescape").split("\x00")


def _score(content: bytes) -> None:
    texts = _texts(content)
    model = small_model()
    tokens = tokenise(texts)
    holds(len(tokens.offsets) == len(texts) + 1, "texts and tokens are not as many")
    decisions = model.decide(texts)
    given = decisions.probabilities
    nothing = np.isnan(given)
    holds((nothing.all(axis=1) == nothing.any(axis=1)).all(), "some probabilities are missing")
    holds(((given >= 0) & (given <= 1) | nothing).all(), "a probability is out of bounds")
    holds(set(decisions.labels.tolist()) <= set(LABELS), "a label is not known")
    first = model.decide(texts[:1]).probabilities[0]
    near = np.isclose(first, given[0], rtol=0, atol=_SAME, equal_nan=True)
    holds(near.all(), "a text scores otherwise among others")
    explanation = model.explain(texts[0])
    holds(explanation.label == decisions.labels[0], "what is explained is another label")


def _split(content: bytes) -> None:
    texts = [text.encode("utf-8", "replace").decode() for text in _texts(content)]
    column = split_column(as_strings(texts))
    found = list(zip(column.texts.to_pylist(), column.starts, column.ends, strict=True))
    holds(len(column.offsets) == len(texts) + 1, "texts and offsets are not as many")
    for text, (start, end) in zip(texts, pairwise(column.offsets), strict=True):
        expected = [(s.text, s.start, s.end) for s in split(text)]
        holds(found[start:end] == expected, f"a column is split otherwise: {text!r}")


def _seeds() -> Iterable[bytes]:
    for path in sorted((ROOT / "tests" / "splitting").glob("*.txt")):
        yield path.read_bytes()
    rows = (ROOT / "examples" / "reviews.csv").read_bytes().splitlines()
    for start in range(0, 80, 8):
        yield b"\x00".join(rows[start : start + 8])
    yield b"\x00".join([b"", b" ", b"o'clock", b"2\xc2\xb2 9", b"A.B. c.", b"\xff"])


STATEMENTS = (
    Target("score", _score, _seeds, words=_WORDS, longest=2_000),
    Target("split", _split, _seeds, words=_WORDS, longest=3_000),
)
