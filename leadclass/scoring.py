"""Tokens in, probabilities out: TF-IDF and logistic regression from plain data.

Every token carries a number for each output: the weights of its word, of its sub-words and of the
pair it ends. A statement's score is the sum of its tokens' numbers over the length of its TF-IDF
vector; a window's is the same for the tokens inside it. The calibration joins the scores of the
whole statement and of its best windows into log-odds.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_strings, gathered
from leadclass.calibration import calibrate, calibrated_log_odds
from leadclass.features import START, stems
from leadclass.labels import OUTPUTS, TRAIT_PLACES
from leadclass.pair_index import PairIndex
from leadclass.subword_index import SubwordIndex
from leadclass.tokens import tokenise
from leadclass.weights import Weights

#: Texts that are cut into tokens at once: the more, the fewer of their words are new.
CHUNK = 131_072

#: Tokens whose numbers are added up at once: enough to amortise each numpy call, few enough for
#: the numbers to stay in the processor's cache.
BLOCK = 32768

#: Texts of one length that do not fill a block are joined by longer ones, by so much at most.
_GAPS = 0.15

#: What stands in a block for the tokens that a text does not have.
_GAP = 0

#: The least of the numbers whose root has an inverse of full precision.
_TINY = np.finfo(float).tiny

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
        self._words = {word: i for i, word in enumerate(words.to_pylist())}
        self._word_table = _term_table(weights, word_rows)
        self._subwords = SubwordIndex(grams, weights.settings)
        # Those of a token are added up: the numbers of each lie together.
        count = weights.settings.subword_weight
        self._subword_values = np.ascontiguousarray(_term_table(weights, gram_rows, count).T)
        pairs, pair_rows = weights.of_kind("pair")
        self._pairs = PairIndex(pairs)
        self._pair_table = _term_table(weights, pair_rows)
        self._start = self._pairs.halves([START])[0, 0]
        self.remembered = REMEMBERED_TOKENS
        self._forget()

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
        n_tokens, n_outputs = len(ids), len(OUTPUTS)
        logits = self._block_logits(ids, np.array([n_tokens]))
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

        Texts of about as many tokens are scored together: their numbers make a block with few gaps.
        """
        for start in range(0, len(column), CHUNK):
            tokens = tokenise(column.slice(start, CHUNK))
            ids = gathered(self._token_ids(tokens.words), tokens.codes)
            counts = np.diff(tokens.offsets)
            by_count = np.argsort(counts, kind="stable")
            for first, last in _blocks_of(counts[by_count], max(self.weights.settings.windows)):
                rows = by_count[first:last]
                within = np.arange(counts[rows[-1]])[:, None]
                places = tokens.offsets[rows] + within
                if counts[rows[0]] == len(within):
                    block = gathered(ids, places)
                else:
                    there = within < counts[rows]
                    block = np.where(there, ids.take(places, mode="clip"), _GAP)
                yield start + rows, self._block_logits(block, counts[rows])

    def _block_logits(self, ids: np.ndarray, counts: np.ndarray) -> np.ndarray:
        """Scores of some texts, shape (n, n_outputs, n_spans).

        Parameters
        ----------
        ids : ndarray of int, shape (n_tokens, n)
            Their tokens, and gaps after them.
        counts : ndarray of int, shape (n,)
            How many tokens each has, in ascending order. If that is not the same for all, then all
            have more than a window.
        """
        settings = self.weights.settings
        scores = np.zeros((settings.n_spans, len(OUTPUTS), len(counts)))
        if len(ids):
            own, paired = self._token_values(ids)
            windows = _window_sums(np.add(own, paired, out=own), paired, settings.windows)
            scaled = np.empty((len(OUTPUTS), *ids.shape))
            for span, sums in enumerate(windows):
                into = scaled[:, : sums.shape[1]]
                np.multiply(sums[:-1], _inverse_lengths(sums[-1]), out=into)
                if span and counts[0] < len(ids):
                    # A window with a gap in it is none.
                    size = settings.windows[span - 1]
                    full = int(counts[0]) - size + 1
                    gaps = np.arange(full, sums.shape[1])[:, None] > counts - size
                    np.copyto(into[:, full:], -np.inf, where=gaps)
                into.max(axis=1, out=scores[span])
        scores += self.weights.intercept[:, None]
        return scores.T

    def _token_values(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """For each token its own numbers and those of the pair it ends.

        Each of shape (n_outputs + 1, n_tokens, n), the squared lengths last.
        """
        first, second = self._token_halves
        keys = gathered(second, ids)
        keys[:1] |= self._start
        keys[1:] |= gathered(first, ids[:-1])
        return (
            gathered(self._token_table, ids),
            gathered(self._pair_table, self._pairs.places(keys)),
        )

    def _token_ids(self, words: list[str]) -> np.ndarray:
        """The row of each word in the table of tokens, after adding the new ones."""
        new = [word for word in dict.fromkeys(words) if word not in self._token_id]
        if new and len(self._token_id) + len(new) > self.remembered:
            self._forget()
            new = list(dict.fromkeys(words))
        if new:
            known = len(self._token_id)
            self._make_room(known + len(new))
            new_stems = stems(new)
            self._token_halves[:, known : known + len(new)] = self._pairs.halves(new_stems)
            self._token_table[:, known : known + len(new)] = self._word_table[
                :, [self._words.get(stem, len(self._words)) for stem in new_stems]
            ]
            for places, which in self._subwords.found(new):
                firsts = np.flatnonzero(np.diff(which, prepend=-1))
                sums = np.add.reduceat(self._subword_values[places], firsts, axis=0)
                self._token_table[:, known + which[firsts]] += sums.T
            self._token_id.update(zip(new, range(known, known + len(new)), strict=True))
        return np.array([self._token_id[word] for word in words], np.int64)

    def _forget(self) -> None:
        """Begin anew, with what fills a gap: of no value, and part of no pair."""
        self._token_id = {"": _GAP}
        self._token_table = np.zeros((len(OUTPUTS) + 1, 1))
        self._token_halves = self._pairs.halves([""])

    def _make_room(self, n: int) -> None:
        """Have columns for so many tokens, and for as many again when these are not enough."""
        more = n - self._token_table.shape[1]
        if more > 0:
            room = ((0, 0), (0, max(more, n)))
            self._token_table = np.pad(self._token_table, room)
            self._token_halves = np.pad(self._token_halves, room)


def _blocks_of(counts: np.ndarray, longest_window: int) -> Iterator[tuple[int, int]]:
    """The texts of each block, the first and the one after the last, given how long they are.

    Parameters
    ----------
    counts : ndarray of int, shape (n,)
        The tokens of each text, in ascending order.
    longest_window : int
        Texts with no more tokens are with their like alone.
    """
    first = 0
    while first < len(counts):
        shortest = int(counts[first])
        room = max(BLOCK // max(shortest, 1), 1)
        last = min(first + room, int(np.searchsorted(counts, shortest, "right")))
        if shortest > longest_window and last - first < room:
            most = shortest + int(shortest * _GAPS)
            last = min(first + room, int(np.searchsorted(counts, most, "right")))
        yield first, last
        first = last


def _term_table(weights: Weights, rows: np.ndarray, count: float = 1.0) -> np.ndarray:
    """What one occurrence of each of these terms adds, shape (n_outputs + 1, n_rows + 1).

    To the score of each output, and last to the squared length of the TF-IDF vector; an occurrence
    counts as so many. The last column is that of a term which is not known.
    """
    idf = weights.idf[rows]
    table = np.zeros((len(OUTPUTS) + 1, len(rows) + 1))
    for i, output in enumerate(OUTPUTS):
        np.multiply(weights.coef_of(output)[rows], count * idf, out=table[i, :-1])
    table[-1, :-1] = count * idf**2
    return table


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
    """One over the vector's length; any number where no term is known, whose scores are zero."""
    lengths = np.maximum(squared, _TINY)
    np.sqrt(lengths, out=lengths)
    return np.divide(1, lengths, out=lengths)


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
