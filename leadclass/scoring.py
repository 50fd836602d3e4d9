"""Tokens in, probabilities out: TF-IDF and logistic regression from plain data.

Every token carries a number for each output: the weights of its word, of its sub-words and of the
pair it ends. A statement's score is the sum of its tokens' numbers over the length of its TF-IDF
vector; a window's is the same for the tokens inside it. The calibration joins the scores of the
whole statement and of its best windows into log-odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, numbers_of
from leadclass.calibration import calibrate, calibrated_log_odds
from leadclass.features import PAIR_SEPARATOR, START, stems, subwords
from leadclass.labels import OUTPUTS, TRAIT_PLACES
from leadclass.tokens import Tokens, tokenise
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
        words, word_rows = weights.of_kind("word")
        pairs, pair_rows = weights.of_kind("pair")
        grams, gram_rows = weights.of_kind("subword")
        count = np.ones(len(weights.idf))
        count[gram_rows] = weights.settings.subword_weight
        # Per occurrence of a term: what it adds for each output, and to the squared length.
        self._values = np.column_stack(
            [weights.coef * (count * weights.idf)[:, None], count * weights.idf**2]
        ).reshape(-1, n_outputs + 1)
        self._word_rows = dict(zip(words.to_pylist(), word_rows.tolist(), strict=True))
        self._subword_rows = dict(zip(grams.to_pylist(), gram_rows.tolist(), strict=True))
        self._index_pairs(pairs, self._values[pair_rows])
        self._token_id: dict[str, int] = {}
        self._token_table = np.zeros((0, n_outputs + 1))
        self._token_stem = np.zeros(0, np.int64)

    def logits(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        """Uncalibrated scores.

        Parameters
        ----------
        texts : Arrow string array or sequence of str, length n

        Returns
        -------
        ndarray, shape (n, n_outputs, n_spans)
            For each output the score of the whole text and those of its best windows, one a size.
        """
        column = as_strings(texts)
        parts = [
            self._chunk_logits(tokenise(column.slice(start, CHUNK)))
            for start in range(0, len(column), CHUNK)
        ]
        if parts:
            return np.concatenate(parts)
        return np.zeros((0, len(OUTPUTS), self.weights.settings.n_spans))

    def probabilities(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        """Calibrated probabilities, shape (n, n_outputs)."""
        return calibrate(self.logits(texts), self.weights.calibration)

    def trace(self, text: str) -> Trace:
        """The tokens of one text with what each adds to the log-odds of every output."""
        tokens = tokenise([text])
        own, paired = self._token_values(tokens)
        logits = self._chunk_logits(tokens)[0]
        n_tokens, n_outputs = len(own), len(OUTPUTS)
        trace = Trace(
            words=[tokens.words[code] for code in tokens.codes],
            alone=np.zeros((n_tokens, n_outputs)),
            paired=np.zeros((n_tokens, n_outputs)),
            bias=np.zeros(n_outputs),
            log_odds=calibrated_log_odds(logits[None], self.weights.calibration)[0],
        )
        sizes = [n_tokens] + [min(size, n_tokens) for size in self.weights.settings.windows]
        begin = np.zeros(min(n_tokens, 1), int)
        sums = [_window_sums(own, paired, begin, size)[: n_tokens - size + 1] for size in sizes]
        for output in range(n_outputs):
            trace.bias[output], *factors = self.weights.calibration[output]
            inputs = [(output, span) for span in range(len(sizes))]
            if output in TRAIT_PLACES:
                inputs += [
                    (max(TRAIT_PLACES[output], key=lambda trait: logits[trait, span]), span)
                    for span in range(len(sizes))
                ]
            for (source, span), factor in zip(inputs, factors, strict=False):
                trace.bias[output] += factor * self.weights.intercept[source]
                if not n_tokens:
                    continue
                values, squared_length = _split(sums[span])
                first = int(_ratio(values, squared_length)[:, source].argmax())
                last = first + sizes[span]
                scale = factor / np.sqrt(squared_length[first, 0] or 1.0)
                trace.alone[first:last, output] += own[first:last, source] * scale
                inner = first + (first > 0)
                trace.paired[inner:last, output] += paired[inner:last, source] * scale
        return trace

    def _chunk_logits(self, tokens: Tokens) -> np.ndarray:
        own, paired = self._token_values(tokens)
        starts, ends = tokens.offsets[:-1], tokens.offsets[1:]
        counts = ends - starts
        begins = starts[counts > 0]
        whole = _ratio(*_split(_sums(own + paired, starts, counts)))
        spans = [whole]
        for size in self.weights.settings.windows:
            best = whole
            long = np.flatnonzero(counts > size)
            if len(long):
                best = whole.copy()
                n_windows = counts[long] - size + 1
                first = np.concatenate([[0], np.cumsum(n_windows)[:-1]])
                place = np.arange(n_windows.sum()) + np.repeat(starts[long] - first, n_windows)
                scores = _ratio(*_split(_window_sums(own, paired, begins, size)[place]))
                best[long] = np.maximum.reduceat(scores, first, axis=0)
            spans.append(best)
        return np.stack(spans, axis=2) + self.weights.intercept[:, None]

    def _token_values(self, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
        """For each token its own numbers and those of the pair it ends, (n_tokens, outputs + 1)."""
        ids = self._token_ids(tokens.words)[tokens.codes]
        own = self._token_table[ids]
        stem = self._token_stem[ids]
        before = np.roll(stem, 1)
        before[tokens.offsets[:-1][np.diff(tokens.offsets) > 0]] = self._stem_id.get(START, -1)
        key = np.where((before >= 0) & (stem >= 0), before * self._n_stems + stem, -1)
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
            stem_ids = np.full(len(new), -1)
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
                stem_ids[i] = self._stem_id.get(stem, -1)
            self._token_table = np.concatenate([self._token_table, rows])
            self._token_stem = np.concatenate([self._token_stem, stem_ids])
        return np.array([self._token_id[word] for word in words], np.int64)

    def _forget(self) -> None:
        self._token_id = {}
        self._token_table = self._token_table[:0]
        self._token_stem = self._token_stem[:0]

    def _index_pairs(self, pairs: pa.StringArray, values: np.ndarray) -> None:
        """Pairs as sorted numbers, and their values with a last row of zeros for no pair."""
        encoded = pc.split_pattern(pairs, PAIR_SEPARATOR).flatten().dictionary_encode()
        self._stem_id = {stem: i for i, stem in enumerate(encoded.dictionary.to_pylist())}
        self._n_stems = len(self._stem_id)
        left, right = numbers_of(encoded.indices).astype(np.int64).reshape(-1, 2).T
        keys = left * self._n_stems + right
        order = np.argsort(keys)
        self._pair_keys = np.append(keys[order], np.iinfo(np.int64).max)
        self._pair_values = np.concatenate([values[order], np.zeros((1, values.shape[1]))])


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
    """

    words: list[str]
    alone: np.ndarray
    paired: np.ndarray
    bias: np.ndarray
    log_odds: np.ndarray


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


def _window_sums(own: np.ndarray, paired: np.ndarray, begins: np.ndarray, size: int) -> np.ndarray:
    """Row ``i`` is the sum over the window of `size` tokens from token ``i`` on.

    The pair that ends at a window's first token is left out, because it began outside, but for
    the tokens that begin a statement, whose pair is with its start.
    """
    outside = paired.copy()
    outside[begins] = 0
    return _moving_sums(own + paired, size) - outside


def _moving_sums(values: np.ndarray, size: int) -> np.ndarray:
    """Row ``i`` is the sum of rows ``i`` to ``i + size - 1``, by doubling: exact and quick.

    The last ``size - 1`` rows, whose windows would reach past the end, hold shorter sums.
    """
    total = np.zeros_like(values)
    block, width, done = values, 1, 0
    while True:
        if size & width:
            total[: max(len(values) - done, 0)] += block[done:]
            done += width
        if done == size:
            return total
        doubled = block.copy()
        doubled[:-width] += block[width:]
        block, width = doubled, width * 2
