"""A model in, the same model for several threads out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import RLock
from typing import Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings
from leadclass.decisions import Decisions
from leadclass.explanation import Explanation
from leadclass.model import Model
from leadclass.weights import Weights

#: Texts that are decided before another thread has its turn, some hundredths of a second of work.
TURN = 1024

#: Long enough for a thread that waits to wake up; a lock that is taken again at once is not shared.
PAUSE = 0.0005


class SharedModel(Model):
    """A model that several threads may use at once; they take turns.

    What scores remembers the tokens it has seen and is not made for two threads. A model a thread
    is no faster, since it is Python's work, and takes 30 MB each.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self._lock = RLock()

    def __reduce__(self) -> tuple[Any, ...]:
        return Model, (self.weights,)

    def decide(self, texts: pa.Array | Sequence[str | None]) -> Decisions:
        column = as_strings(texts)
        parts = []
        for start in range(0, max(len(column), 1), TURN):
            if start:
                time.sleep(PAUSE)
            with self._lock:
                parts.append(super().decide(column.slice(start, TURN)))
        if len(parts) == 1:
            return parts[0]
        return Decisions(
            np.concatenate([part.probabilities for part in parts]),
            np.concatenate([part.shown for part in parts]),
        )

    def predict_proba(self, texts: Sequence[str | None]) -> np.ndarray:
        with self._lock:
            return super().predict_proba(texts)

    def explain(self, text: str) -> Explanation:
        with self._lock:
            return super().explain(text)
