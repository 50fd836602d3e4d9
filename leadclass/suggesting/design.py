"""Vectors of statements in, what a label of each would tell of all others out.

The statements are taken for points of a logistic regression on their vectors: labels narrow its
weights, and so the log-odds of whatever is like them.
"""

from __future__ import annotations

import numpy as np

#: The variance of each weight before there is any label.
_FREE = 1.5

#: What a label that is there already says, as a probability times its complement: the model is
#: sure of most.
_LABELLED = 2 / 15

#: No label says less.
_LEAST = 1e-3


class Unknown:
    """How far the log-odds of statements are unknown, and by how much a label would narrow them.

    Parameters
    ----------
    vectors : ndarray, shape (n, width)
    labelled : ndarray, shape (m, width)
        The vectors of what is labelled.
    telling : ndarray, shape (n,)
        How much the label of each would say, the inverse of its noise: a probability times its
        complement.
    costs : ndarray, shape (n,)
        What it is worth to know of each.

    References
    ----------
    K. Yu, J. Bi and V. Tresp, "Active learning via transductive experimental design", ICML 2006.
    D. MacKay, "Information-based objective functions for active data selection", Neural
    Computation 4, 1992.
    """

    def __init__(
        self,
        vectors: np.ndarray,
        labelled: np.ndarray,
        telling: np.ndarray,
        costs: np.ndarray,
    ) -> None:
        self.vectors, self.costs = vectors, costs
        # Few numbers of a vector are not zero: products with them alone are many times quicker.
        self.rows, self.places = np.nonzero(vectors)
        self.values = vectors[self.rows, self.places]
        self.noise = 1 / np.maximum(telling, _LEAST)
        before = np.eye(vectors.shape[1], dtype=vectors.dtype) / _FREE
        self.covariance = np.linalg.inv(before + _LABELLED * (labelled.T @ labelled))
        shares = vectors @ self.covariance
        self.variances = (shares * vectors).sum(axis=1, dtype=float)
        # Of each the covariances with all, squared, times what these are worth, and summed.
        worth = (vectors.T * costs.astype(vectors.dtype)) @ vectors
        self.shared = (shares @ worth * shares).sum(axis=1, dtype=float)

    def falls(self) -> np.ndarray:
        """By how much a label of each makes the variances of all fall, times their costs."""
        return self.shared / (self.variances + self.noise)

    def learn(self, place: int) -> None:
        """Take the label of one for known, whatever it is: variances do not depend on it."""
        towards = self.covariance @ self.vectors[place]
        own = self._of_each(towards)
        scale = 1 / (self.variances[place] + self.noise[place])
        worth = self.costs * own
        others = self._of_each(self.covariance @ self._together(worth))
        self.shared += scale * own * (scale * (worth @ own) * own - 2 * others)
        self.variances -= scale * own**2
        self.covariance -= np.outer(np.float32(scale) * towards, towards)

    def _of_each(self, weights: np.ndarray) -> np.ndarray:
        """The product of each vector with weights."""
        return np.bincount(self.rows, self.values * weights[self.places], len(self.vectors))

    def _together(self, shares: np.ndarray) -> np.ndarray:
        """The sum of the vectors, each times its share."""
        sums = np.bincount(self.places, self.values * shares[self.rows], self.vectors.shape[1])
        return sums.astype(self.vectors.dtype)
