"""The weights of a model in, a model that several threads may use at once out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from threading import RLock

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings
from leadclass.labels import OUTPUTS
from leadclass.model import Model
from leadclass.scoring import Scorer, Trace
from leadclass.weights import Weights

#: Texts that are scored before another thread has its turn, some hundredths of a second of work.
TURN = 1024

#: Long enough for a thread that waits to wake up; a lock that is taken again at once is not shared.
PAUSE = 0.0005

#: Distinct tokens that a server remembers: those of many postings. Each request with a new one
#: copies the numbers of all.
REMEMBERED = 50_000


class SharedModel(Model):
    """A model that several threads may use at once.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self._scorer = _SharedScorer(weights)


class _SharedScorer(Scorer):
    """A scorer at which threads take turns, since it remembers the tokens that it has seen.

    A scorer for each thread is no faster, its work being Python's, and takes 30 MB each.
    """

    def __init__(self, weights: Weights) -> None:
        super().__init__(weights)
        self.remembered = REMEMBERED
        self._lock = RLock()

    def logits(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        with self._lock:
            return super().logits(texts)

    def probabilities(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        column = as_strings(texts)
        parts = []
        for start in range(0, max(len(column), 1), TURN):
            if start:
                time.sleep(PAUSE)
            with self._lock:
                parts.append(super().probabilities(column.slice(start, TURN)))
        return np.concatenate(parts)

    def trace(self, text: str, outputs: Sequence[str] = OUTPUTS) -> Trace:
        with self._lock:
            return super().trace(text, outputs)
