"""Tokens in, probabilities out: TF-IDF and logistic regression from plain data.

Every token carries a number for each output: the weights of its word, of its sub-words and of the
pair it ends. A statement's score is the sum of its tokens' numbers over the length of its TF-IDF
vector; a window's is the same for the tokens inside it. The calibration joins the score of the
whole statement and that of its best window into log-odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from leadclass.features import PAIR_SEPARATOR, stems, subwords
from leadclass.labels import OUTPUTS
from leadclass.tokens import Tokens, as_strings, tokenise
from leadclass.weights import Weights

#: Texts that are scored at once: enough to amortise each numpy call, little enough to stay in
#: the processor's cache.
CHUNK = 4096

#: Distinct tokens whose numbers are kept; past it the memory starts afresh.
REMEMBERED_TOKENS = 400_000


class Scorer:
    """Scores texts by the weights of one model.

    Parameters
    ----------
    weights : Weights
    """

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        n_outputs = len(OUTPUTS)
        # Per term: idf * coefficient for each output, and what it adds to the squared length.
        self._values = np.column_stack(
            [weights.coef * weights.idf[:, None], weights.idf**2]
        ).reshape(-1, n_outputs + 1)
        rows: dict[str, dict[str, int]] = {"word": {}, "pair": {}, "subword": {}}
        for row, (kind, term) in enumerate(zip(weights.kinds, weights.terms, strict=True)):
            rows[kind][term] = row
        self._word_rows, self._subword_rows = rows["word"], rows["subword"]
        self._index_pairs(rows["pair"])
        self._token_id: dict[str, int] = {}
        self._token_table = np.zeros((0, n_outputs + 1))
        self._token_left = self._token_right = np.zeros(0, np.int64)

    def logits(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        """Uncalibrated scores.

        Parameters
        ----------
        texts : Arrow string array or sequence of str, length n

        Returns
        -------
        ndarray, shape (n, n_outputs, 2)
            The score of the whole text and that of its best window, for each output.
        """
        column = as_strings(texts)
        parts = [
            self._chunk_logits(tokenise(column.slice(start, CHUNK)))
            for start in range(0, len(column), CHUNK)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(OUTPUTS), 2))

    def probabilities(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        """Calibrated probabilities, shape (n, n_outputs)."""
        return calibrate(self.logits(texts), self.weights.calibration)

    def trace(self, text: str) -> Trace:
        """The tokens of one text with what each adds to the log-odds of every output."""
        tokens = tokenise([text])
        words = [tokens.words[code] for code in tokens.codes]
        n, width = len(words), len(OUTPUTS)
        own, paired = self._token_values(tokens)
        logits = self._chunk_logits(tokens)[0]
        constant, whole, window = self.weights.calibration.T
        alone, in_pair = np.zeros((n, width)), np.zeros((n, width))
        start = np.zeros(width, int)
        if n:
            size = min(n, self.weights.settings.window)
            scores = np.stack(
                [
                    _ratio(*_split(own[i : i + size].sum(0) + paired[i + 1 : i + size].sum(0)))
                    for i in range(n - size + 1)
                ]
            )
            start = scores.argmax(axis=0)
            length = (own + paired)[:, -1].sum()
            scale = whole / np.sqrt(length) if length > 0 else np.zeros(width)
            alone += own[:, :width] * scale
            in_pair += paired[:, :width] * scale
            for output, i in enumerate(start):
                end = i + size
                length = own[i:end, -1].sum() + paired[i + 1 : end, -1].sum()
                if length > 0:
                    scale = window[output] / np.sqrt(length)
                    alone[i:end, output] += own[i:end, output] * scale
                    in_pair[i + 1 : end, output] += paired[i + 1 : end, output] * scale
        bias = constant + (whole + window) * self.weights.intercept
        log_odds = constant + whole * logits[:, 0] + window * logits[:, 1]
        return Trace(words, alone, in_pair, bias, log_odds, start)

    def _chunk_logits(self, tokens: Tokens) -> np.ndarray:
        own, paired = self._token_values(tokens)
        size = self.weights.settings.window
        starts, ends = tokens.offsets[:-1], tokens.offsets[1:]
        counts = ends - starts
        both = own + paired
        whole = _ratio(*_split(_sums(both, starts, counts)))
        best = whole.copy()
        long = np.flatnonzero(counts > size)
        if len(long):
            in_window = _moving_sums(both, size)
            n_windows = counts[long] - size + 1
            first = np.concatenate([[0], np.cumsum(n_windows)[:-1]])
            position = np.arange(n_windows.sum()) + np.repeat(starts[long] - first, n_windows)
            # The pair that ends at a window's first token began outside it.
            scores = _ratio(*_split(in_window[position] - paired[position]))
            best[long] = np.maximum.reduceat(scores, first, axis=0)
        return np.stack([whole, best], axis=2) + self.weights.intercept[:, None]

    def _token_values(self, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
        """For each token its own numbers and those of the pair it ends, (n_tokens, outputs + 1)."""
        ids = self._token_ids(tokens.words)[tokens.codes]
        own = self._token_table[ids]
        left, right = self._token_left[ids], self._token_right[ids]
        key = np.full(len(ids), -1, np.int64)
        if len(ids) > 1:
            known = (left[:-1] >= 0) & (right[1:] >= 0)
            key[1:] = np.where(known, left[:-1] * self._n_stems + right[1:], -1)
        first = tokens.offsets[:-1]
        key[first[first < len(key)]] = -1
        place = np.searchsorted(self._pair_keys, key)
        found = self._pair_keys[place] == key
        return own, self._pair_values[np.where(found, place, len(self._pair_values) - 1)]

    def _token_ids(self, words: list[str]) -> np.ndarray:
        """The row of each word in the table of tokens, after adding the new ones."""
        new = [word for word in dict.fromkeys(words) if word not in self._token_id]
        if new and len(self._token_id) + len(new) > REMEMBERED_TOKENS:
            self._forget()
            new = list(dict.fromkeys(words))
        if new:
            rows = np.zeros((len(new), self._values.shape[1]))
            left, right = np.full(len(new), -1), np.full(len(new), -1)
            for i, (word, stem) in enumerate(zip(new, stems(new), strict=True)):
                self._token_id[word] = len(self._token_id)
                terms = [
                    row
                    for gram in subwords(word, self.weights.settings)
                    if (row := self._subword_rows.get(gram)) is not None
                ]
                if (row := self._word_rows.get(stem)) is not None:
                    terms.append(row)
                rows[i] = self._values[terms].sum(axis=0)
                left[i] = self._stem_id.get(stem, -1)
                right[i] = left[i]
            self._token_table = np.concatenate([self._token_table, rows])
            self._token_left = np.concatenate([self._token_left, left])
            self._token_right = np.concatenate([self._token_right, right])
        return np.array([self._token_id[word] for word in words], np.int64)

    def _forget(self) -> None:
        self._token_id = {}
        self._token_table = self._token_table[:0]
        self._token_left, self._token_right = self._token_left[:0], self._token_right[:0]

    def _index_pairs(self, rows: dict[str, int]) -> None:
        """Pairs as sorted numbers, and their values with a last row of zeros for no pair."""
        self._stem_id: dict[str, int] = {}
        keys = np.empty(len(rows), np.int64)
        numbered = []
        for term in rows:
            left, right = term.split(PAIR_SEPARATOR)
            numbered.append(
                (
                    self._stem_id.setdefault(left, len(self._stem_id)),
                    self._stem_id.setdefault(right, len(self._stem_id)),
                )
            )
        self._n_stems = len(self._stem_id)
        keys = np.array([left * self._n_stems + right for left, right in numbered], np.int64)
        order = np.argsort(keys)
        self._pair_keys = np.append(keys[order], np.iinfo(np.int64).max)
        values = self._values[np.fromiter(rows.values(), np.int64, len(rows))[order]]
        self._pair_values = np.concatenate([values, np.zeros((1, self._values.shape[1]))])


@dataclass(frozen=True)
class Trace:
    """How one text came by its log-odds.

    Attributes
    ----------
    words : list of str, length n_tokens
    alone : ndarray, shape (n_tokens, n_outputs)
        What each token adds by itself: its word and its sub-words.
    paired : ndarray, shape (n_tokens, n_outputs)
        What the pair of the token and the one before it adds.
    bias : ndarray, shape (n_outputs,)
        What a text without known words has.
    log_odds : ndarray, shape (n_outputs,)
        ``bias + alone.sum(0) + paired.sum(0)``.
    window : ndarray of int, shape (n_outputs,)
        The first token of the window that spoke loudest.
    """

    words: list[str]
    alone: np.ndarray
    paired: np.ndarray
    bias: np.ndarray
    log_odds: np.ndarray
    window: np.ndarray


def calibrate(logits: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Probabilities from scores (Platt scaling with two inputs, the whole and the best window).

    Parameters
    ----------
    logits : ndarray, shape (n, n_outputs, 2)
    calibration : ndarray, shape (n_outputs, 3)

    Returns
    -------
    ndarray, shape (n, n_outputs)
        In [0, 1].

    References
    ----------
    J. Platt, "Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods", 1999.
    """
    log_odds = calibration[:, 0] + (logits * calibration[:, 1:]).sum(axis=2)
    return sigmoid(log_odds)


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """The logistic function, without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))


def _split(sums: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return sums[..., :-1], sums[..., -1:]


def _ratio(sums: np.ndarray, squared_length: np.ndarray) -> np.ndarray:
    """Sums over the vector's length; zero where no term is known."""
    return sums / np.sqrt(np.where(squared_length > 0, squared_length, 1.0))


def _sums(values: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The sum of the rows of each text, zeros for a text without tokens."""
    sums = np.zeros((len(starts), values.shape[1]))
    some = counts > 0
    if some.any():
        sums[some] = np.add.reduceat(values, starts[some], axis=0)
    return sums


def _moving_sums(values: np.ndarray, size: int) -> np.ndarray:
    """Row ``i`` is the sum of rows ``i`` to ``i + size - 1``, by doubling: exact and quick.

    The last ``size - 1`` rows, whose windows would reach past the end, hold shorter sums.
    """
    total = np.zeros_like(values)
    block, width, done = values, 1, 0
    while True:
        if size & width:
            total[: len(values) - done] += block[done:]
            done += width
        if done == size:
            return total
        doubled = block.copy()
        doubled[:-width] += block[width:]
        block, width = doubled, width * 2
