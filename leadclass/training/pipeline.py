"""The scikit-learn face of a model: estimators that make one ordinary pipeline.

Texts -> `Tokenizer` -> `PooledClassifier`, which scores whole statements and windows of them by
an inner pipeline: three `CountVectorizer` for words, pairs and sub-words -> `TokenTfidf` ->
`RatioLogistic`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse as sp
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline

from leadclass.features import FeatureSettings, pairs, stems, subwords
from leadclass.scoring import calibrate
from leadclass.tokens import tokenise


class Tokenizer(TransformerMixin, BaseEstimator):
    """Texts in, lists of tokens out."""

    def fit(self, X: Sequence[str], y: object = None) -> Tokenizer:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: Sequence[str]) -> list[list[str]]:
        """The tokens of each text."""
        return tokenise(list(X)).texts()


class WordTerms:
    """The analyzer of words: the stem of each token."""

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        return stems(tokens)


class PairTerms:
    """The analyzer of pairs: each two neighbouring stems."""

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        return pairs(stems(tokens))


class SubwordTerms:
    """The analyzer of sub-words: the character n-grams of each token."""

    def __init__(self, settings: FeatureSettings) -> None:
        self.settings = settings
        self._seen: dict[str, list[str]] = {}

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        terms: list[str] = []
        for token in tokens:
            if token not in self._seen:
                self._seen[token] = subwords(token, self.settings)
            terms += self._seen[token]
        return terms

    def __getstate__(self) -> dict[str, Any]:
        return {"settings": self.settings, "_seen": {}}


class TokenTfidf(TfidfTransformer):
    """TF-IDF whose length is a sum over tokens.

    The weights of a text are divided by the root of the sum, over all occurrences of its terms,
    of the squared inverse document frequency. Where no term occurs twice this is the usual
    Euclidean length; unlike that, it is a sum over tokens always, so that the length of any
    window follows from those of its tokens.
    """

    def __init__(self) -> None:
        super().__init__(norm=None)

    def transform(self, X: sp.csr_matrix, copy: bool = True) -> sp.csr_matrix:
        """Weighted and scaled counts, shape (n, n_terms)."""
        squared_length = X @ np.square(self.idf_)
        squared_length[squared_length == 0] = 1
        weighted = super().transform(X, copy=copy)
        return sp.csr_matrix(sp.diags_array(1 / np.sqrt(squared_length)) @ weighted)


class RatioLogistic(ClassifierMixin, BaseEstimator):
    """Logistic regression on terms weighted by their log-count ratio, one for each output.

    Parameters
    ----------
    C : float
        Inverse strength of the penalty.
    smoothing : float
        Added to each term's sum on either side of the ratio.
    seed : int
        Of the solver's order of visits.

    Attributes
    ----------
    coef_ : ndarray, shape (n_outputs, n_terms)
        With the ratio folded in.
    intercept_ : ndarray, shape (n_outputs,)

    References
    ----------
    S. Wang and C. Manning, "Baselines and bigrams: simple, good sentiment and topic
    classification", ACL 2012.
    """

    def __init__(self, C: float = 10.0, smoothing: float = 1.0, seed: int = 0) -> None:
        self.C = C
        self.smoothing = smoothing
        self.seed = seed

    def fit(
        self,
        X: sp.csr_matrix,
        y: np.ndarray,
        sample_weight: np.ndarray | None = None,
        known: np.ndarray | None = None,
    ) -> RatioLogistic:
        """Fit every output.

        Parameters
        ----------
        X : sparse matrix, shape (n, n_terms)
        y : ndarray of bool, shape (n, n_outputs)
        sample_weight : ndarray, shape (n,), optional
        known : ndarray of bool, shape (n, n_outputs), optional
            Which cells of `y` to learn from; all by default.
        """
        n, n_outputs = y.shape
        weight = np.ones(n) if sample_weight is None else sample_weight
        known = np.ones(y.shape, bool) if known is None else known
        fitted = [
            self._fit_output(X[known[:, i]], y[known[:, i], i], weight[known[:, i]])
            for i in range(n_outputs)
        ]
        self.coef_ = np.array([coef for coef, _ in fitted])
        self.intercept_ = np.array([intercept for _, intercept in fitted])
        self.classes_ = np.arange(n_outputs)
        return self

    def _fit_output(
        self, X: sp.csr_matrix, y: np.ndarray, weight: np.ndarray
    ) -> tuple[np.ndarray, float]:
        if y.sum() < FEWEST_SHOWN or (~y).sum() < FEWEST_SHOWN:
            return np.zeros(X.shape[1]), NEVER
        ratio = np.abs(log_count_ratio(X, y, weight, self.smoothing))
        logistic = LogisticRegression(
            C=self.C,
            class_weight="balanced",
            solver="liblinear",
            dual=True,
            intercept_scaling=INTERCEPT_SCALING,
            max_iter=MAX_ITER,
            tol=TOLERANCE,
            random_state=self.seed,
        )
        logistic.fit(sp.csr_matrix(X @ sp.diags_array(ratio)), y, sample_weight=weight)
        return logistic.coef_[0] * ratio, float(logistic.intercept_[0])

    def decision_function(self, X: sp.csr_matrix) -> np.ndarray:
        """Linear scores, shape (n, n_outputs)."""
        return np.asarray(X @ self.coef_.T) + self.intercept_


#: An output is learnt from at least so many examples that show it and so many that do not.
FEWEST_SHOWN = 5
#: The linear score of an output that could not be learnt.
NEVER = -20.0
#: liblinear penalises the intercept; a larger constant feature frees it.
INTERCEPT_SCALING = 3.0
MAX_ITER = 1000
TOLERANCE = 1e-3


def log_count_ratio(
    X: sp.csr_matrix, y: np.ndarray, weight: np.ndarray, smoothing: float
) -> np.ndarray:
    """How much likelier each term is where an output is shown than where it is not, as a log."""
    shown = X.T @ (weight * y) + smoothing
    other = X.T @ (weight * ~y) + smoothing
    return np.log((shown / shown.sum()) / (other / other.sum()))


class PooledClassifier(ClassifierMixin, BaseEstimator):
    """Scores of the whole statement and of its best window, joined by a calibration.

    Parameters
    ----------
    estimator : Pipeline
        From lists of tokens to linear scores.
    window : int
        The number of tokens in a window.

    Attributes
    ----------
    calibration_ : ndarray, shape (n_outputs, 3)
        For each output a constant and the factors of the two scores.
    """

    def __init__(self, estimator: Pipeline, window: int = 8) -> None:
        self.estimator = estimator
        self.window = window

    def fit(self, X: list[list[str]], y: np.ndarray, **params: Any) -> PooledClassifier:
        """Fit the inner pipeline; the calibration is left as the plain mean of the two scores."""
        self.estimator.fit(X, y, **params)
        self.calibration_ = np.tile([0.0, 0.5, 0.5], (y.shape[1], 1))
        self.classes_ = np.arange(y.shape[1])
        return self

    def decision_function(self, X: list[list[str]]) -> np.ndarray:
        """Scores of whole statements and of their best windows, shape (n, n_outputs, 2)."""
        whole = self.estimator.decision_function(X)
        best = [self.estimator.decision_function(self._windows(x)).max(axis=0) for x in X]
        return np.stack([whole, np.array(best).reshape(whole.shape)], axis=2)

    def predict_proba(self, X: list[list[str]]) -> np.ndarray:
        """Calibrated probabilities, shape (n, n_outputs)."""
        return calibrate(self.decision_function(X), self.calibration_)

    def _windows(self, tokens: list[str]) -> list[list[str]]:
        last = max(len(tokens) - self.window, 0)
        return [tokens[i : i + self.window] for i in range(last + 1)]


def make_pipeline(
    settings: FeatureSettings, *, min_df: int, C: float, smoothing: float
) -> Pipeline:
    """An unfitted pipeline from texts to probabilities."""
    vectorizers = [
        (kind, CountVectorizer(analyzer=analyzer, min_df=min_df, dtype=np.float64))
        for kind, analyzer in (
            ("word", WordTerms()),
            ("pair", PairTerms()),
            ("subword", SubwordTerms(settings)),
        )
    ]
    linear = Pipeline(
        [
            ("counts", FeatureUnion(vectorizers)),
            ("tfidf", TokenTfidf()),
            ("logistic", RatioLogistic(C=C, smoothing=smoothing)),
        ]
    )
    return Pipeline(
        [("tokens", Tokenizer()), ("pooled", PooledClassifier(linear, settings.window))]
    )
