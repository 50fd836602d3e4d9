"""Tokens in, probabilities out: TF-IDF and logistic regression from plain data.

Every token carries a number for each output: the weights of its word, of its sub-words and of the
pair it ends. A statement's score is the sum of its tokens' numbers over the length of its TF-IDF
vector; a window's is the same for the tokens inside it. The calibration joins the scores of the
whole statement and of its best windows into log-odds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadclass.arrow import as_strings, numbers_of
from leadclass.calibration import calibrate, calibrated_log_odds
from leadclass.features import PAIR_SEPARATOR, START, each_subword, stems
from leadclass.labels import OUTPUTS, TRAIT_PLACES
from leadclass.tokens import tokenise
from leadclass.weights import Weights

#: Texts that are cut into tokens at once: the more, the fewer of their words are new.
CHUNK = 65536

#: Tokens whose numbers are added up at once: enough to amortise each numpy call, few enough for
#: the numbers to stay in the processor's cache.
BLOCK = 8192

#: Terms of one token that are added up at once; a word of megabytes has millions.
_TERMS_AT_ONCE = 1 << 16

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
        words, word_rows = weights.of_kind("word")
        grams, gram_rows = weights.of_kind("subword")
        self._word_rows = dict(zip(words.to_pylist(), range(len(words)), strict=True))
        after = range(len(words), len(words) + len(grams))
        self._subword_rows = dict(zip(grams.to_pylist(), after, strict=True))
        values = (
            _term_values(weights, word_rows),
            _term_values(weights, gram_rows, weights.settings.subword_weight),
        )
        # Of a token's terms each is a row that lies together in memory.
        self._values = np.ascontiguousarray(np.concatenate(values, axis=1).T)
        self._index_pairs(*weights.of_kind("pair"))
        self.remembered = REMEMBERED_TOKENS
        self._token_id: dict[str, int] = {}
        self._token_table = np.zeros((self._values.shape[1], 0))
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
        logits = np.empty((len(column), len(OUTPUTS), self.weights.settings.n_spans))
        for rows, scores in self._blocks(column):
            logits[rows] = scores
        return logits

    def probabilities(self, texts: pa.Array | Sequence[str | None]) -> np.ndarray:
        """Calibrated probabilities, shape (n, n_outputs)."""
        column = as_strings(texts)
        probabilities = np.empty((len(column), len(OUTPUTS)))
        for rows, scores in self._blocks(column):
            probabilities[rows] = calibrate(scores, self.weights.calibration)
        return probabilities

    def trace(self, text: str, outputs: Sequence[str] = OUTPUTS) -> Trace:
        """The tokens of one text with what each adds to the log-odds of some outputs."""
        tokens = tokenise([text])
        ids = self._token_ids(tokens.words)[tokens.codes][:, None]
        logits = self._block_logits(ids)
        n_tokens, n_outputs = len(ids), len(OUTPUTS)
        trace = Trace(
            words=[tokens.words[code] for code in tokens.codes],
            alone=np.zeros((n_tokens, n_outputs)),
            paired=np.zeros((n_tokens, n_outputs)),
            bias=np.zeros(n_outputs),
            log_odds=calibrated_log_odds(logits, self.weights.calibration)[0],
        )
        own, paired = self._token_values(ids)
        sums = list(_window_sums(own + paired, paired, self.weights.settings.windows))
        scales_of = [_inverse_lengths(windows[-1, :, 0]) for windows in sums]
        for output in map(OUTPUTS.index, outputs):
            trace.bias[output], *factors = self.weights.calibration[output]
            inputs = [(output, span) for span in range(len(sums))]
            if output in TRAIT_PLACES:
                inputs += [
                    (max(TRAIT_PLACES[output], key=lambda trait: logits[0, trait, span]), span)
                    for span in range(len(sums))
                ]
            for (source, span), factor in zip(inputs, factors, strict=False):
                trace.bias[output] += factor * self.weights.intercept[source]
                if not n_tokens:
                    continue
                windows, scales = sums[span][:, :, 0], scales_of[span]
                first = int((windows[source] * scales).argmax())
                last = first + n_tokens - len(scales) + 1
                scale = factor * scales[first]
                trace.alone[first:last, output] += own[source, first:last, 0] * scale
                inner = first + (first > 0)
                trace.paired[inner:last, output] += paired[source, inner:last, 0] * scale
        return trace

    def _blocks(self, column: pa.StringArray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Some rows of the column with their scores, until all have had their turn.

        Texts of as many tokens are scored together: their numbers make a block without gaps.
        """
        for start in range(0, len(column), CHUNK):
            tokens = tokenise(column.slice(start, CHUNK))
            ids = self._token_ids(tokens.words)[tokens.codes]
            counts = np.diff(tokens.offsets)
            by_count = np.argsort(counts, kind="stable")
            ends = np.flatnonzero(np.diff(counts[by_count], append=-1)) + 1
            for alike in np.split(by_count, ends[:-1]):
                n_tokens = counts[alike[0]]
                step = max(BLOCK // max(n_tokens, 1), 1)
                for first in range(0, len(alike), step):
                    rows = alike[first : first + step]
                    places = tokens.offsets[rows] + np.arange(n_tokens)[:, None]
                    yield start + rows, self._block_logits(ids[places])

    def _block_logits(self, ids: np.ndarray) -> np.ndarray:
        """Scores, shape (n, n_outputs, n_spans), of texts with these tokens, (n_tokens, n)."""
        settings = self.weights.settings
        scores = np.zeros((settings.n_spans, len(OUTPUTS), ids.shape[1]))
        if len(ids):
            own, paired = self._token_values(ids)
            windows = _window_sums(np.add(own, paired, out=own), paired, settings.windows)
            for span, sums in enumerate(windows):
                (sums[:-1] * _inverse_lengths(sums[-1])).max(axis=1, out=scores[span])
        scores += self.weights.intercept[:, None]
        return scores.T

    def _token_values(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each token its own numbers and those of the pair it ends.

        Each of shape (n_outputs + 1, n_tokens, n), the squared lengths last.
        """
        stem = self._token_stem[ids]
        before = np.empty_like(stem)
        before[:1] = self._stem_id.get(START, -1)
        before[1:] = stem[:-1]
        places = self._pair_places(before.ravel(), stem.ravel()).reshape(ids.shape)
        return self._token_table.take(ids, axis=1), self._pair_table.take(places, axis=1)

    def _token_ids(self, words: list[str]) -> np.ndarray:
        """The row of each word in the table of tokens, after adding the new ones."""
        new = [word for word in dict.fromkeys(words) if word not in self._token_id]
        if new and len(self._token_id) + len(new) > self.remembered:
            self._forget()
            new = list(dict.fromkeys(words))
        if new:
            rows = np.zeros((self._values.shape[1], len(new)))
            stem_ids = np.full(len(new), -1)
            for i, (word, stem) in enumerate(zip(new, stems(new), strict=True)):
                self._token_id[word] = len(self._token_id)
                terms = self._terms_of(word, stem)
                while some := list(islice(terms, _TERMS_AT_ONCE)):
                    rows[:, i] += self._values[some].sum(axis=0)
                stem_ids[i] = self._stem_id.get(stem, -1)
            self._token_table = np.concatenate([self._token_table, rows], axis=1)
            self._token_stem = np.concatenate([self._token_stem, stem_ids])
        return np.array([self._token_id[word] for word in words], np.int64)

    def _terms_of(self, word: str, stem: str) -> Iterator[int]:
        """The rows of the weights that a token has."""
        for gram in each_subword(word, self.weights.settings):
            if (row := self._subword_rows.get(gram)) is not None:
                yield row
        if (row := self._word_rows.get(stem)) is not None:
            yield row

    def _forget(self) -> None:
        self._token_id = {}
        self._token_table = self._token_table[:, :0]
        self._token_stem = self._token_stem[:0]

    def _index_pairs(self, pairs: pa.StringArray, rows: np.ndarray) -> None:
        """Pairs in a hash table with open addressing, and their values, a last column of zeros."""
        encoded = pc.split_pattern(pairs, PAIR_SEPARATOR).flatten().dictionary_encode()
        self._stem_id = {stem: i for i, stem in enumerate(encoded.dictionary.to_pylist())}
        left, right = numbers_of(encoded.indices).astype(np.int64).reshape(-1, 2).T
        keys = _pair_keys(left, right)
        self._pair_table = np.zeros((self._values.shape[1], len(rows) + 1))
        self._pair_table[:, :-1] = _term_values(self.weights, rows)
        bits = int(len(keys) * _ROOM).bit_length()
        self._shift = np.uint64(64 - bits)
        # In the order of the slots they want, each key takes its own or the next free one.
        wanted = self._slots(keys)
        order = np.argsort(wanted)
        wanted, rank = wanted[order], np.arange(len(keys))
        taken = np.maximum.accumulate(wanted - rank) + rank
        self._probes = int((taken - wanted).max(initial=0)) + 1
        # The last keys may lie past the end, and a search past them.
        n_slots = max(1 << bits, int(taken.max(initial=0)) + 1) + self._probes
        self._slot_keys = np.full(n_slots, _NO_PAIR)
        self._slot_places = np.full(n_slots, len(keys))
        self._slot_keys[taken], self._slot_places[taken] = keys[order], order

    def _slots(self, keys: np.ndarray) -> np.ndarray:
        """Where each key is looked for first (Fibonacci hashing; Knuth, TAOCP 3, 6.4)."""
        return ((keys.view(np.uint64) * _GOLDEN) >> self._shift).astype(np.int64)

    def _pair_places(self, left: np.ndarray, right: np.ndarray) -> np.ndarray:
        """The column of `_pair_table` of each pair of stems; the last for a pair not known."""
        keys = _pair_keys(left, right)
        slots = self._slots(keys)
        found = self._slot_keys[slots]
        places = np.where(found == keys, self._slot_places[slots], self._pair_table.shape[1] - 1)
        open_ = np.flatnonzero((found != keys) & (found != _NO_PAIR))
        slots = slots[open_]
        for _ in range(1, self._probes):
            if not len(open_):
                break
            slots = slots + 1
            found = self._slot_keys[slots]
            hit = found == keys[open_]
            places[open_[hit]] = self._slot_places[slots[hit]]
            going = ~hit & (found != _NO_PAIR)
            open_, slots = open_[going], slots[going]
        return places


#: Slots of the hash table of pairs for each pair, and what stands in an empty one.
_ROOM = 4
_NO_PAIR = np.int64(-1)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)


def _term_values(weights: Weights, rows: np.ndarray, count: float = 1.0) -> np.ndarray:
    """What one occurrence of each of these terms adds, shape (n_outputs + 1, n_rows).

    To the score of each output, and last to the squared length of the TF-IDF vector; an occurrence
    counts as so many.
    """
    idf = weights.idf[rows]
    values = np.empty((len(OUTPUTS) + 1, len(rows)))
    np.multiply(weights.coef.T[:, rows], count * idf, out=values[:-1])
    values[-1] = count * idf**2
    return values


def _pair_keys(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """Two numbers as one; a stem that is not known has -1 and makes no key that is one's."""
    return (left << 32) | (right & 0xFFFFFFFF)


@dataclass(frozen=True)
class Trace:
    """How one text came by its log-odds; zeros for outputs that were not asked for.

    Attributes
    ----------
    words : list of str, length n_tokens
    alone : ndarray, shape (n_tokens, n_outputs)
        What each token adds by itself: its word and its sub-words.
    paired : ndarray, shape (n_tokens, n_outputs)
        What the pair of the token and the one before it adds.
    bias : ndarray, shape (n_outputs,)
        What no token adds: the intercepts of the scores that are joined.
    log_odds : ndarray, shape (n_outputs,)
        ``bias + alone.sum(0) + paired.sum(0)``.
    """

    words: list[str]
    alone: np.ndarray
    paired: np.ndarray
    bias: np.ndarray
    log_odds: np.ndarray


def _inverse_lengths(squared: np.ndarray) -> np.ndarray:
    """One over the vector's length; one where no term is known."""
    return 1 / np.sqrt(np.where(squared > 0, squared, 1.0))


def _window_sums(
    values: np.ndarray, paired: np.ndarray, sizes: Sequence[int]
) -> Iterator[np.ndarray]:
    """The sums over the whole of some texts, then over each of their windows, size by size.

    Parameters
    ----------
    values : ndarray, shape (m, n_tokens, n)
        What each token brings, the pair it ends included.
    paired : ndarray, shape (m, n_tokens, n)
        What of that is the pair's: it does not count in a window that the token begins, except in
        the first.
    sizes : sequence of int

    Yields
    ------
    ndarray, shape (m, n_windows, n)
        A text no longer than a window is its only one.
    """
    whole = values.sum(axis=1, keepdims=True)
    yield whole
    moving, done = values, 1
    for size in sizes:
        if size >= values.shape[1]:
            yield whole
            continue
        if size % done:
            moving, done = values, 1
        moving, done = _moving_sums(moving, size // done, done), size
        inside = np.empty_like(moving)
        inside[:, 0] = moving[:, 0]
        np.subtract(moving[:, 1:], paired[:, 1 : moving.shape[1]], out=inside[:, 1:])
        yield inside


def _moving_sums(values: np.ndarray, n: int, step: int = 1) -> np.ndarray:
    """Sums along the second axis: place ``i`` has those of ``i``, ``i + step``, ... , `n` of them.

    By doubling, which loses nothing to cancellation.
    """
    if n <= 1:
        return values
    half = _moving_sums(values, n // 2, step)
    reach = (n // 2) * step
    sums = half[:, :-reach] + half[:, reach:]
    if n % 2:
        rest = values[:, (n - 1) * step :]
        sums = sums[:, : rest.shape[1]] + rest
    return sums
