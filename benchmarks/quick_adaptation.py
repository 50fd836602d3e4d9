"""Statements and a model in, what it says of them all once adapted to some of them out, quickly.

The same as `leadclass.training.adapting.adapted` and `predict_proba`, in a fifth of a second: what
does not change from one adaptation to the next is made once.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import scipy.sparse as sp
from scipy.linalg import cholesky, solve_triangular
from scipy.optimize import minimize
from scipy.special import expit

from leadclass.labels import SIDES, TRAIT_PLACES
from leadclass.scoring import Scorer
from leadclass.training.adapting import FREEDOM, terms_for
from leadclass.training.fitting import to_pipeline
from leadclass.weights import Weights

#: Added to the diagonal, since statements may be the same.
_RIDGE = 1e-8


def quick_adapter(
    base: Weights, texts: Sequence[str], shown: np.ndarray
) -> Callable[[np.ndarray], np.ndarray]:
    """What adapts a model to some statements, and says how likely all show each side.

    Parameters
    ----------
    base : Weights
    texts : sequence of str, length n
    shown : ndarray of bool, shape (n, n_sides)
        Of traits nothing is learnt.

    Returns
    -------
    callable
        From the places of some statements to probabilities, shape (n, n_sides).
    """
    sides = slice(len(SIDES))
    terms = terms_for(base, texts)
    alike = (terms @ terms.T).toarray()
    before = np.asarray(terms @ base.coef[:, sides] + base.intercept[sides])
    whole_and_windows = _spans(base, texts)
    n_spans = base.settings.n_spans
    own = base.calibration[sides, 1 : 1 + n_spans]
    logits = Scorer(base).logits(texts)
    fixed = np.stack(
        [
            base.calibration[side, 0]
            + logits[:, traits].max(axis=1) @ base.calibration[side, 1 + n_spans :]
            for side, traits in TRAIT_PLACES.items()
        ],
        axis=1,
    )

    def adapted(rows: np.ndarray) -> np.ndarray:
        coef = base.coef[:, sides]
        for side in range(len(SIDES)):
            truth = shown[rows, side]
            if truth.any() and not truth.all():
                found = _shares(alike[np.ix_(rows, rows)], truth, before[rows, side])
                coef[:, side] += terms[rows].T @ found
        spans = [span + base.intercept[sides] for span in whole_and_windows(coef)]
        return expit(fixed + sum(span * own[:, i] for i, span in enumerate(spans)))

    return adapted


def _shares(alike: np.ndarray, truth: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """How much of each statement is added, as `leadclass.training.adapting` finds it.

    In the coordinates of the triangle of `alike` all directions are as steep, so a few steps do.
    """
    triangle = cholesky(alike + _RIDGE * np.eye(len(alike)), lower=True)
    balanced = np.where(truth, 0.5 / truth.sum(), 0.5 / (~truth).sum()) * len(truth) * FREEDOM
    signs = np.where(truth, 1.0, -1.0)

    def loss(place: np.ndarray) -> tuple[float, np.ndarray]:
        margins = signs * (scores + triangle @ place)
        value = balanced @ np.logaddexp(0, -margins) + 0.5 * place @ place
        return float(value), place - triangle.T @ (balanced * signs * expit(-margins))

    place = minimize(loss, np.zeros(len(truth)), jac=True, method="L-BFGS-B").x
    return solve_triangular(triangle, place, lower=True, trans=1)


def _spans(base: Weights, texts: Sequence[str]) -> Callable[[np.ndarray], list[np.ndarray]]:
    """From weights, (n_terms, n_sides), to scores of the texts and of their best windows."""
    pipeline = to_pipeline(base)
    tokens = pipeline["tokens"].transform(list(texts))
    counts = dict(pipeline["pooled"].estimator["counts"].transformer_list)
    words = [[token] for text in tokens for token in text[1:]]
    pairs = [text[i : i + 2] for text in tokens for i in range(len(text) - 1)]
    parts = {
        "word": counts["word"].transform(words),
        "pair": counts["pair"].transform(pairs),
        "subword": counts["subword"].transform(words) * base.settings.subword_weight,
    }
    whole = sp.hstack(list(parts.values()), format="csr")
    paired = sp.hstack(
        [part if kind == "pair" else sp.csr_matrix(part.shape) for kind, part in parts.items()],
        format="csr",
    )
    weighted, paired_weighted = whole @ sp.diags_array(base.idf), paired @ sp.diags_array(base.idf)
    lengths = np.array([len(text) - 1 for text in tokens])
    windows = [_windows(lengths, size) for size in (int(lengths.max()), *base.settings.windows)]
    scales = []
    for first, last, _ in windows:
        squared = _sums(whole @ base.idf**2, paired @ base.idf**2, first, last, lengths)
        scales.append(1 / np.sqrt(np.where(squared > _RIDGE, squared, 1.0)))

    def scores(coef: np.ndarray) -> list[np.ndarray]:
        values, of_pairs = weighted @ coef, paired_weighted @ coef
        return [
            np.maximum.reduceat(
                _sums(values, of_pairs, first, last, lengths) * scale[:, None], starts, axis=0
            )
            for (first, last, starts), scale in zip(windows, scales, strict=True)
        ]

    return scores


def _windows(lengths: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where each window begins and ends among all tokens, and the first window of each text."""
    n_windows = np.maximum(lengths - size, 0) + 1
    starts = np.cumsum(n_windows) - n_windows
    ends_of_texts = np.cumsum(lengths)
    first = np.repeat(ends_of_texts - lengths - starts, n_windows) + np.arange(n_windows.sum())
    last = np.minimum(first + size, np.repeat(ends_of_texts, n_windows))
    return first, last, starts


def _sums(
    values: np.ndarray, paired: np.ndarray, first: np.ndarray, last: np.ndarray, lengths: np.ndarray
) -> np.ndarray:
    """Sums over windows; the pair that a first token ends counts only where a text begins."""
    summed = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    begins_text = np.isin(first, np.cumsum(lengths) - lengths)
    at = np.minimum(first, len(paired) - 1)
    lost = np.where(begins_text.reshape(-1, *[1] * (paired.ndim - 1)), 0.0, paired[at])
    return summed[last] - summed[first] - lost
