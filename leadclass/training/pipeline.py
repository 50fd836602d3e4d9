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
from joblib import Parallel, delayed
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline
from threadpoolctl import threadpool_limits

from leadclass.calibration import calibrate
from leadclass.features import START, FeatureSettings, pairs, stems, subwords
from leadclass.tokens import tokenise


class Tokenizer(TransformerMixin, BaseEstimator):
    """Texts in, lists of tokens out, each beginning with `leadclass.features.START`."""

    def fit(self, X: Sequence[str], y: object = None) -> Tokenizer:
        """Nothing to learn."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, X: Sequence[str]) -> list[list[str]]:
        """The tokens of each text."""
        return [[START, *tokens] for tokens in tokenise(list(X)).texts()]


class WordTerms:
    """The analyzer of words: the stem of each token."""

    def __call__(self, tokens: Sequence[str]) -> list[str]:
        return stems([token for token in tokens if token != START])


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
            if token == START:
                continue
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

    Examples that show an output weigh as much, all together, as those that do not.

    Parameters
    ----------
    C : float
        Inverse strength of the penalty.
    smoothing : float
        Added to each term's sum on either side of the ratio.
    tol : float
        Of liblinear: the part of the first gradient that may be left.
    n_jobs : int, optional
        Outputs that are fitted at a time, as in joblib.

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

    def __init__(
        self,
        C: float = 10.0,
        smoothing: float = 1.0,
        tol: float = 1e-8,
        n_jobs: int | None = None,
    ) -> None:
        self.C = C
        self.smoothing = smoothing
        self.tol = tol
        self.n_jobs = n_jobs

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
        fitted = Parallel(n_jobs=self.n_jobs)(
            delayed(self._fit_output)(X[known[:, i]], y[known[:, i], i], weight[known[:, i]])
            for i in range(n_outputs)
        )
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
            solver="liblinear",
            intercept_scaling=INTERCEPT_SCALING,
            tol=self.tol,
        )
        balanced = weight * np.where(y, 0.5 / weight[y].sum(), 0.5 / weight[~y].sum()) * len(y)
        # One thread adds up in one order, so that the result does not depend on their number.
        with threadpool_limits(1):
            logistic.fit(sp.csr_matrix(X @ sp.diags_array(ratio)), y, sample_weight=balanced)
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


def log_count_ratio(
    X: sp.csr_matrix, y: np.ndarray, weight: np.ndarray, smoothing: float
) -> np.ndarray:
    """How much likelier each term is where an output is shown than where it is not, as a log."""
    shown = X.T @ (weight * y) + smoothing
    other = X.T @ (weight * ~y) + smoothing
    return np.log((shown / shown.sum()) / (other / other.sum()))


class PooledClassifier(ClassifierMixin, BaseEstimator):
    """Scores of the whole statement and of its best windows, joined by a calibration.

    Parameters
    ----------
    estimator : Pipeline
        From lists of tokens to linear scores.
    windows : tuple of int
        The numbers of tokens in the windows.

    Attributes
    ----------
    calibration_ : ndarray, shape (n_outputs, 1 + 2 * n_spans)
        See `leadclass.calibration.calibrate`.
    """

    def __init__(self, estimator: Pipeline, windows: tuple[int, ...]) -> None:
        self.estimator = estimator
        self.windows = windows

    def fit(self, X: list[list[str]], y: np.ndarray, **params: Any) -> PooledClassifier:
        """Fit the inner pipeline; until the calibration is set it is the mean of the scores."""
        self.estimator.fit(X, y, **params)
        n_spans = 1 + len(self.windows)
        mean = [0.0] + [1 / n_spans] * n_spans + [0.0] * n_spans
        self.calibration_ = np.tile(mean, (y.shape[1], 1))
        self.classes_ = np.arange(y.shape[1])
        return self

    def decision_function(self, X: list[list[str]]) -> np.ndarray:
        """Scores of whole statements and of their best windows, (n, n_outputs, n_spans)."""
        spans = [self.estimator.decision_function(X)]
        for size in self.windows:
            best = [self.estimator.decision_function(_windows(x, size)).max(axis=0) for x in X]
            spans.append(np.array(best).reshape(spans[0].shape))
        return np.stack(spans, axis=2)

    def predict_proba(self, X: list[list[str]]) -> np.ndarray:
        """Calibrated probabilities, shape (n, n_outputs)."""
        return calibrate(self.decision_function(X), self.calibration_)


def _windows(tokens: list[str], size: int) -> list[list[str]]:
    """All windows of some tokens that begin with the start, of which only the first keeps it."""
    words = tokens[1:]
    later = range(1, max(len(words) - size, 0) + 1)
    return [tokens[: size + 1]] + [words[i : i + size] for i in later]


def make_linear(
    settings: FeatureSettings,
    *,
    min_df: int = 1,
    C: float = 1.0,
    smoothing: float = 1.0,
    tol: float = 1e-4,
    n_jobs: int | None = None,
) -> Pipeline:
    """An unfitted pipeline from lists of tokens to linear scores, one for each output."""
    vectorizers = [
        (kind, CountVectorizer(analyzer=analyzer, min_df=min_df, dtype=np.float64))
        for kind, analyzer in (
            ("word", WordTerms()),
            ("pair", PairTerms()),
            ("subword", SubwordTerms(settings)),
        )
    ]
    counts = FeatureUnion(vectorizers, transformer_weights={"subword": settings.subword_weight})
    logistic = RatioLogistic(C=C, smoothing=smoothing, tol=tol, n_jobs=n_jobs)
    return Pipeline([("counts", counts), ("tfidf", TokenTfidf()), ("logistic", logistic)])


def make_pipeline(settings: FeatureSettings, linear: Pipeline) -> Pipeline:
    """An unfitted pipeline from texts to probabilities, around one that `make_linear` made."""
    return Pipeline(
        [("tokens", Tokenizer()), ("pooled", PooledClassifier(linear, settings.windows))]
    )
