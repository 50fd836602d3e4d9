"""A corpus in, a fitted pipeline and its plain data out."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from sklearn.pipeline import Pipeline

from leadclass.arrow import as_strings
from leadclass.corpus import Corpus, Example
from leadclass.errors import LeadclassError
from leadclass.features import KINDS
from leadclass.labels import OUTPUTS
from leadclass.model_table import terms_table
from leadclass.training.pipeline import make_linear, make_pipeline
from leadclass.training.settings import TrainingSettings
from leadclass.weights import DECIMALS, Weights

#: So tight that what is left of the arithmetic of one processor or another is rounded away.
TOLERANCE = 1e-8

#: Enough for scores that no one keeps, and several times as fast.
ROUGH_TOLERANCE = 1e-3


def unfitted(settings: TrainingSettings, *, tol: float, n_jobs: int | None = None) -> Pipeline:
    """The pipeline from lists of tokens to linear scores that the settings ask for."""
    return make_linear(
        settings.features,
        min_df=settings.min_df,
        C=settings.C,
        smoothing=settings.smoothing,
        tol=tol,
        n_jobs=n_jobs,
    )


def fit(
    corpus: Corpus,
    settings: TrainingSettings,
    *,
    tol: float = TOLERANCE,
    n_jobs: int | None = None,
) -> Pipeline:
    """Fit the pipeline on all of a corpus, without calibration.

    Parameters
    ----------
    corpus : Corpus
    settings : TrainingSettings
    tol : float
        Of the logistic regressions.
    n_jobs : int, optional
        Outputs that are fitted at a time, as in joblib.

    Returns
    -------
    sklearn.pipeline.Pipeline
        From texts to probabilities; idf and coefficients are rounded to the decimals that are
        written down.

    Raises
    ------
    LeadclassError
        If the corpus has too few words to learn from.
    """
    pipeline = make_pipeline(settings.features, unfitted(settings, tol=tol, n_jobs=n_jobs))
    try:
        pipeline.fit(
            corpus.texts,
            corpus.shown(),
            pooled__logistic__sample_weight=example_weights(corpus.examples, settings),
            pooled__logistic__known=corpus.known(),
        )
    except ValueError as error:
        # CountVectorizer says so where no term is left to count.
        if "vocabulary" in str(error) or "no terms remain" in str(error):
            raise LeadclassError(
                "too few words or pairs of words occur in two statements or more",
                remedy="add statements, or another corpus with -c",
            ) from None
        raise
    linear = pipeline["pooled"].estimator
    linear["tfidf"].idf_ = np.round(linear["tfidf"].idf_, DECIMALS)
    linear["logistic"].coef_ = np.round(linear["logistic"].coef_, DECIMALS)
    linear["logistic"].intercept_ = np.round(linear["logistic"].intercept_, DECIMALS)
    return pipeline


def example_weights(examples: Sequence[Example], settings: TrainingSettings) -> np.ndarray:
    """How much each example counts in fitting, shape (n,)."""
    weight = {"phrase": settings.phrase_weight, "statement": 1.0}
    return np.array([weight[example.form] for example in examples])


def to_weights(pipeline: Pipeline, settings: TrainingSettings, thresholds: np.ndarray) -> Weights:
    """The plain data of a fitted pipeline."""
    pooled = pipeline["pooled"]
    linear = pooled.estimator
    names = linear["counts"].get_feature_names_out()
    kinds, terms = zip(*(name.split("__", 1) for name in names), strict=True)
    if not set(kinds) <= set(KINDS) or len(linear["logistic"].coef_) != len(OUTPUTS):
        raise LeadclassError(
            "the pipeline is not one that leadclass has made",
            remedy="give one that train has fitted",
        )
    return Weights(
        settings=settings.features,
        table=terms_table(
            as_strings(kinds),
            as_strings(terms),
            linear["tfidf"].idf_,
            linear["logistic"].coef_.T,
        ),
        intercept=linear["logistic"].intercept_,
        calibration=pooled.calibration_,
        thresholds=thresholds,
    )


def to_pipeline(weights: Weights) -> Pipeline:
    """The scikit-learn face of plain data: the pipeline that `to_weights` would give them for."""
    settings = weights.settings
    kinds, terms = np.array(weights.kinds.to_pylist()), np.array(weights.terms.to_pylist(), object)
    linear = make_linear(settings)
    for kind, vectorizer in linear["counts"].transformer_list:
        vectorizer.set_params(vocabulary=terms[kinds == kind].tolist())
        vectorizer.fit([])
    linear["tfidf"].idf_ = weights.idf
    linear["logistic"].coef_ = weights.coef.T
    linear["logistic"].intercept_ = weights.intercept
    linear["logistic"].classes_ = np.arange(len(OUTPUTS))
    pipeline = make_pipeline(settings, linear)
    pipeline["pooled"].calibration_ = weights.calibration
    pipeline["pooled"].classes_ = np.arange(len(OUTPUTS))
    return pipeline
