"""A model and some labelled statements in, the model adapted to them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import expit
from threadpoolctl import threadpool_limits

from leadclass.comparison import Comparison, compare
from leadclass.corpus import Corpus
from leadclass.decisions import decide
from leadclass.errors import LeadclassError
from leadclass.evaluation import Evaluation, evaluate
from leadclass.labels import OUTPUTS
from leadclass.model import Model
from leadclass.scoring import Scorer
from leadclass.training.fitting import example_weights, to_pipeline
from leadclass.training.settings import TrainingSettings
from leadclass.training.validation import assign_folds
from leadclass.weights import DECIMALS, Weights

#: A model is adapted to so many statements at most: the memory grows with their number squared.
MOST = 5000

#: How freely the weights may move: with less, statements of a new kind gain less; with more,
#: other kinds lose.
FREEDOM = 1.5


@dataclass(frozen=True, eq=False)
class Adapted:
    """A model that was adapted to some statements.

    Attributes
    ----------
    weights : Weights
    evaluation : Evaluation
        Of the adapted model, each statement scored by one that was adapted without it.
    comparison : Comparison
        Of the model as it was with that.
    probabilities : ndarray, shape (n, n_outputs)
        By which it is evaluated.
    """

    weights: Weights
    evaluation: Evaluation
    comparison: Comparison
    probabilities: np.ndarray


def adapt(
    base: Weights,
    corpus: Corpus,
    settings: TrainingSettings,
    progress: Callable[[int], object] | None = None,
) -> Adapted:
    """Adapt a model: its weights are the prior, which statements of one's own move a little.

    Logistic regression as in training, penalised for the distance from the weights of the model
    instead of from zero. Terms, their inverse document frequencies, intercepts, calibration and
    thresholds stay as they are, and so do the weights of terms that the statements do not have.

    Parameters
    ----------
    base : Weights
    corpus : Corpus
    settings : TrainingSettings
        Of which the folds, their seed and the weights of examples are used.
    progress : callable, optional
        Called with the number of folds done.

    Returns
    -------
    Adapted

    Raises
    ------
    LeadclassError
        If there are more than `MOST` statements.

    References
    ----------
    C. Chelba and A. Acero, "Adaptation of maximum entropy capitalizer: little data can help a lot",
    EMNLP 2004.
    """
    _check_number(corpus)
    shown, known = corpus.shown(), corpus.known()
    weights = example_weights(corpus.examples, settings)
    moved = mover(base, terms_for(base, corpus.texts), shown, known, weights)
    folds = assign_folds(corpus, settings)
    given = np.zeros(shown.shape)
    for fold in range(settings.folds):
        test = np.flatnonzero(folds == fold)
        scorer = Scorer(moved(folds != fold))
        given[test] = scorer.probabilities([corpus.texts[i] for i in test])
        if progress is not None:
            progress(fold + 1)
    before = decide(Scorer(base).probabilities(corpus.texts), base.thresholds).shown
    after = decide(given, base.thresholds).shown
    kinds = {"kind": [example.kind for example in corpus.examples]}
    return Adapted(
        weights=moved(np.ones(len(folds), bool)),
        evaluation=evaluate(shown, after, known, kinds, given),
        comparison=compare(shown, before, after),
        probabilities=given,
    )


def adapted(model: Model, corpus: Corpus) -> Model:
    """A model adapted to some statements, without the figures that `adapt` has.

    Raises
    ------
    LeadclassError
        If there are more than `MOST` statements.
    """
    _check_number(corpus)
    base = model.weights
    counts = example_weights(corpus.examples, TrainingSettings())
    moved = mover(base, terms_for(base, corpus.texts), corpus.shown(), corpus.known(), counts)
    return Model(moved(np.ones(len(counts), bool)))


def _check_number(corpus: Corpus) -> None:
    if len(corpus.examples) > MOST:
        raise LeadclassError(
            f"{len(corpus.examples):,} statements are more than a model adapts to, {MOST:,}",
            remedy="train a model on them and the corpus, without --from",
        )


def terms_for(base: Weights, texts: Sequence[str]) -> csr_matrix:
    """The terms of some texts that a model knows, weighted, of shape (n, n_terms)."""
    pipeline = to_pipeline(base)
    tokens = pipeline["tokens"].transform(texts)
    return pipeline["pooled"].estimator[:-1].transform(tokens)


def mover(
    base: Weights,
    terms: csr_matrix,
    shown: np.ndarray,
    known: np.ndarray,
    weights: np.ndarray,
) -> Callable[[np.ndarray], Weights]:
    """What moves a model towards any part of some statements.

    Parameters
    ----------
    base : Weights
    terms : sparse matrix, shape (n, n_terms)
        See `terms_for`.
    shown, known : ndarray of bool, shape (n, n_outputs)
        What each statement shows, and what is known of it.
    weights : ndarray, shape (n,)
        How much each counts.

    Returns
    -------
    callable
        From a mask of statements, shape (n,), to the model with every output moved towards them.
    """
    scores = terms @ base.coef + base.intercept
    alike = (terms @ terms.T).toarray()

    def moved(rows: np.ndarray) -> Weights:
        coef = base.coef
        for i in range(len(OUTPUTS)):
            cells = np.flatnonzero(rows & known[:, i])
            truth = shown[cells, i]
            if truth.any() and not truth.all():
                among = alike[np.ix_(cells, cells)]
                shares = _shares(among, truth, scores[cells, i], weights[cells])
                coef[:, i] = np.round(coef[:, i] + terms[cells].T @ shares, DECIMALS)
        return base.with_coef(coef)

    return moved


def _shares(
    alike: np.ndarray,
    truth: np.ndarray,
    scores: np.ndarray,
    weights: np.ndarray,
) -> np.ndarray:
    """How much of each statement's terms is best added to the weights, shape (n,).

    What is best is a sum over statements, so there are as many unknowns as these, not as terms.
    """
    balanced = weights * np.where(truth, 0.5 / weights[truth].sum(), 0.5 / weights[~truth].sum())
    balanced *= len(truth) * FREEDOM
    signs = np.where(truth, 1.0, -1.0)

    def loss(shares: np.ndarray) -> tuple[float, np.ndarray]:
        added = alike @ shares
        margins = signs * (scores + added)
        value = balanced @ np.logaddexp(0, -margins) + 0.5 * shares @ added
        return value, added - alike @ (balanced * signs * expit(-margins))

    with threadpool_limits(1):  # too small to share
        return minimize(loss, np.zeros(len(truth)), jac=True, method="L-BFGS-B").x
