"""Scores of a statement and of its best windows in, calibrated probabilities out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from leadclass.labels import TRAIT_PLACES


def calibration_inputs(logits: np.ndarray) -> np.ndarray:
    """What the calibration of each output is given.

    Parameters
    ----------
    logits : ndarray, shape (n, n_outputs, n_spans)

    Returns
    -------
    ndarray, shape (n, n_outputs, 2 * n_spans)
        The output's own scores, then for a side the best scores of its traits, for a trait zeros.
    """
    best_trait = np.zeros_like(logits)
    for side, best in _best_traits(logits):
        best_trait[:, side] = best
    return np.concatenate([logits, best_trait], axis=2)


def calibrated_log_odds(logits: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Log-odds from scores, shape (n, n_outputs), see `calibrate`."""
    n_spans = logits.shape[2]
    own, of_trait = calibration[:, 1 : 1 + n_spans], calibration[:, 1 + n_spans :]
    log_odds = calibration[:, 0] + sum(logits[:, :, span] * own[:, span] for span in range(n_spans))
    for side, best in _best_traits(logits):
        log_odds[:, side] += sum(best[:, span] * of_trait[side, span] for span in range(n_spans))
    return log_odds


def _best_traits(logits: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """For each side its place and the best scores of its traits, shape (n, n_spans)."""
    for side, traits in TRAIT_PLACES.items():
        yield side, logits[:, traits].max(axis=1)


def calibrate(logits: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """Probabilities from scores: Platt scaling with several inputs.

    Parameters
    ----------
    logits : ndarray, shape (n, n_outputs, n_spans)
        Scores of the whole text and of its best windows.
    calibration : ndarray, shape (n_outputs, 1 + 2 * n_spans)
        A constant and the factors of `calibration_inputs`.

    Returns
    -------
    ndarray, shape (n, n_outputs)
        In [0, 1].

    References
    ----------
    J. Platt, "Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods", 1999.
    """
    return sigmoid(calibrated_log_odds(logits, calibration))


def sigmoid(log_odds: np.ndarray) -> np.ndarray:
    """The logistic function, without overflow."""
    return 0.5 * (1 + np.tanh(0.5 * log_odds))
