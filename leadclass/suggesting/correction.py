"""What a model says of labelled statements in, how far it can be trusted on others like them out.

On text of another sort than it has learnt from a model is often too sure of itself. A few labels
tell how much.
"""

from __future__ import annotations

import numpy as np

#: How freely labels move a side from what the model says: the variance of both numbers.
_VARIANCE = 1.0

#: Newton's method is there after fewer steps.
_STEPS = 25

#: Log-odds end where probabilities are nearer to 0 or 1 than this.
_SURE = 1e-6


def fit_correction(probabilities: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Learn a constant and a factor for the log-odds of each side.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_sides)
        What the model says of labelled statements.
    shown : ndarray of bool, shape (n, n_sides)
        What their labels say.

    Returns
    -------
    ndarray, shape (n_sides, 2)
        The nearer to 0 and 1, which change nothing, the fewer labels there are.

    References
    ----------
    J. Platt, "Probabilistic outputs for support vector machines and comparisons to regularized
    likelihood methods", 1999.
    """
    return np.array(
        [_fit_side(_log_odds(probabilities[:, i]), shown[:, i]) for i in range(shown.shape[1])]
    )


def correct(probabilities: np.ndarray, correction: np.ndarray) -> np.ndarray:
    """The probabilities as the labels would have them; NaN stays."""
    return _probabilities(correction[:, 0] + correction[:, 1] * _log_odds(probabilities))


def _fit_side(odds: np.ndarray, shown: np.ndarray) -> np.ndarray:
    inputs = np.column_stack([np.ones_like(odds), odds])
    signs = np.where(shown, 1.0, -1.0)
    unmoved = np.array([0.0, 1.0])

    def loss(found: np.ndarray) -> float:
        fit = np.logaddexp(0, -signs * (inputs @ found)).sum()
        return float(fit + ((found - unmoved) ** 2).sum() / (2 * _VARIANCE))

    found, here = unmoved, loss(unmoved)
    for _ in range(_STEPS):
        given = _probabilities(inputs @ found)
        slope = inputs.T @ (given - shown) + (found - unmoved) / _VARIANCE
        curvature = (inputs.T * (given * (1 - given))) @ inputs + np.eye(2) / _VARIANCE
        step = np.linalg.solve(curvature, slope)
        # A whole step may lead past the goal, and further each time.
        while (there := loss(found - step)) > here and np.abs(step).max() > _SURE:
            step = step / 2
        if there >= here:
            break
        found, here = found - step, there
    return found


def _log_odds(probabilities: np.ndarray) -> np.ndarray:
    inner = np.clip(probabilities, _SURE, 1 - _SURE)
    return np.log(inner / (1 - inner))


def _probabilities(odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(odds, -_STEEPEST, _STEEPEST)))


#: Beyond these log-odds a probability is 0 or 1 to the last decimal.
_STEEPEST = 40.0
