"""Out-of-fold scores in, calibration, thresholds and an honest report out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import chain

import numpy as np
from joblib import delayed
from sklearn.linear_model import LogisticRegression

from leadclass.calibration import calibrate, calibration_inputs
from leadclass.corpus import Corpus
from leadclass.decisions import NEVER_SHOWN, Decisions, decide
from leadclass.errors import LeadclassError, wrong_type
from leadclass.evaluation import Evaluation, evaluate
from leadclass.labels import OUTPUTS, SIDES, TRAIT_PLACES, sides_of
from leadclass.scoring import Scorer
from leadclass.tokens import as_words
from leadclass.training.fitting import ROUGH_TOLERANCE, fit, to_weights
from leadclass.training.pipeline import FEWEST_SHOWN, NEVER
from leadclass.training.settings import TrainingSettings
from leadclass.training.workers import on_all_cores
from leadclass.weights import DECIMALS

#: Each side needs so many examples that show it, and so many that do not, in every fold.
FEWEST_PER_FOLD = 2
#: An output is calibrated on so many statements that show it, or on others as well.
FEWEST_TO_CALIBRATE = 50

#: The calibration is all but unpenalised: it has few inputs and thousands of examples.
_CALIBRATION_C = 1e3
#: The thresholds at which precision and recall are told, and how many statements must be said to
#: show a side for them to mean something.
_GRID = np.linspace(0, 0.99, 100)
_SAID_ENOUGH = 20

#: Thresholds to choose among, coarse since the curve of F1 is flat about its maximum, and how near
#: each is to each: the curve is smoothed over a width of 0.06.
_CANDIDATES = np.arange(1, 17) / 20
_NEAR = np.exp(-0.5 * ((_CANDIDATES[:, None] - _CANDIDATES) / 0.06) ** 2)


def out_of_fold_logits(
    corpus: Corpus, settings: TrainingSettings, progress: Callable[[int], object] | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Score every example by a model that has not seen it.

    Parameters
    ----------
    corpus : Corpus
    settings : TrainingSettings
    progress : callable, optional
        Called with the number of folds done.

    Returns
    -------
    logits : ndarray, shape (n, n_outputs, n_spans)
    folds : ndarray of int, shape (n,)
        Which fold each example was in.
    """
    folds = assign_folds(corpus, settings)
    parts = [
        (np.flatnonzero(folds != k), np.flatnonzero(folds == k)) for k in range(settings.folds)
    ]
    jobs = (delayed(_score_fold)(corpus, learn, test, settings) for learn, test in parts)
    logits = np.zeros((len(folds), len(OUTPUTS), settings.features.n_spans))
    with on_all_cores(jobs) as done:
        for number, ((_, test), scores) in enumerate(zip(parts, done, strict=True)):
            logits[test] = scores
            if progress is not None:
                progress(number + 1)
    return logits, folds


def check_sides(corpus: Corpus, settings: TrainingSettings) -> None:
    """Refuse a corpus in which a side has too few examples to learn and to validate from.

    Raises
    ------
    LeadclassError
        Which says what is missing.
    """
    if not isinstance(corpus, Corpus):
        raise wrong_type("a corpus", corpus, "what leadclass.labelled_tables.read_corpus reads")
    if not isinstance(settings, TrainingSettings):
        raise wrong_type("settings", settings, "TrainingSettings")
    least = FEWEST_PER_FOLD * settings.folds
    for side in SIDES:
        shows = np.array([side in sides_of(e.label) for e in corpus.examples], bool)
        for wanted, count in (
            (f"show {side}", shows.sum()),
            (f"do not show {side}", (~shows).sum()),
        ):
            if count < least:
                raise LeadclassError(
                    f"{count} statements {wanted}, and at least {least} are needed",
                    remedy="add such statements, or add another corpus with -c",
                )


def assign_folds(corpus: Corpus, settings: TrainingSettings) -> np.ndarray:
    """A fold for each example, so that every fold has its part of every label, form and kind.

    Examples of the same words share a fold, and so do the two of a pair: what was learnt is not
    asked.
    """
    words = as_words(corpus.texts)
    together = [
        f"pair {e.pair}" if e.pair else w for e, w in zip(corpus.examples, words, strict=True)
    ]
    _, first, group = np.unique(together, return_index=True, return_inverse=True)
    examples = [corpus.examples[i] for i in first]
    strata = np.array([f"{e.label} {e.form} {e.kind}" for e in examples])
    chance = np.random.default_rng(settings.seed).permutation(len(strata))
    folds = np.empty(len(strata), int)
    folds[np.lexsort((chance, strata))] = np.arange(len(strata)) % settings.folds
    return folds[group]


def _score_fold(
    corpus: Corpus, learn: np.ndarray, test: np.ndarray, settings: TrainingSettings
) -> np.ndarray:
    part = replace(corpus, examples=[corpus.examples[i] for i in learn])
    pipeline = fit(part, settings, tol=ROUGH_TOLERANCE)
    weights = to_weights(pipeline, settings, thresholds=np.full(len(OUTPUTS), 0.5))
    return Scorer(weights).logits([corpus.examples[i].text for i in test])


def calibration_weights(corpus: Corpus) -> np.ndarray:
    """How much each known cell counts in calibration, shape (n, n_outputs).

    For each output those of real statements count, if enough of these show it and enough do not:
    written ones have another share of each label than real text. Else those of all full
    statements, else all. Each kind counts as much as the others, since a model may be asked about
    any.
    """
    cells = _calibration_cells(corpus)
    kinds = calibration_kinds(corpus, cells)
    weights = np.zeros(cells.shape)
    for name in set(kinds.tolist()):
        members = cells & (kinds == name)[:, None]
        weights += members / np.maximum(members.sum(axis=0), 1)
    return weights * cells.sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-9)


def calibration_kinds(corpus: Corpus, cells: np.ndarray) -> np.ndarray:
    """The kind of each example, shape (n,); kinds with few statements to calibrate on are one.

    Parameters
    ----------
    corpus : Corpus
    cells : ndarray of bool, shape (n, n_outputs)
        Which cells count in calibration, those whose weight is above zero.
    """
    kinds = np.array([e.kind for e in corpus.examples], dtype=object)
    for name in set(kinds.tolist()):
        if (cells[:, : len(SIDES)].any(axis=1) & (kinds == name)).sum() < FEWEST_TO_CALIBRATE:
            kinds[kinds == name] = None
    return kinds


def _calibration_cells(corpus: Corpus) -> np.ndarray:
    shown, known = corpus.shown(), corpus.known()
    real = np.array([e.origin == "real" and e.form == "statement" for e in corpus.examples])
    full = np.array([e.form == "statement" for e in corpus.examples])
    cells = known.copy()
    for i in range(len(OUTPUTS)):
        for rows in (real, full):
            truth = shown[known[:, i] & rows, i]
            if min(truth.sum(), (~truth).sum()) >= FEWEST_TO_CALIBRATE:
                cells[:, i] &= rows
                break
    return cells


def fit_calibration(logits: np.ndarray, shown: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Learn each output's constant and the factors of its inputs.

    Parameters
    ----------
    logits : ndarray, shape (n, n_outputs, n_spans)
    shown : ndarray of bool, shape (n, n_outputs)
    weights : ndarray, shape (n, n_outputs)
        How much each cell counts; zero for one that is not known.

    Returns
    -------
    ndarray, shape (n_outputs, 1 + 2 * n_spans)
        See `leadclass.calibration.calibrate`; rounded to the decimals that are written down.
    """
    inputs = calibration_inputs(logits)
    rows = np.zeros((len(OUTPUTS), 1 + inputs.shape[2]))
    rows[:, 0] = NEVER
    for i in range(len(OUTPUTS)):
        used = weights[:, i] > 0
        given, truth = inputs[used, i], shown[used, i]
        if min(truth.sum(), (~truth).sum()) >= FEWEST_SHOWN:
            logistic = LogisticRegression(C=_CALIBRATION_C, max_iter=1000)
            logistic.fit(given, truth, sample_weight=weights[used, i])
            rows[i] = np.concatenate([logistic.intercept_, logistic.coef_[0]])
    return np.round(rows, DECIMALS)


def fit_thresholds(
    probabilities: np.ndarray, shown: np.ndarray, weights: np.ndarray, kinds: np.ndarray
) -> np.ndarray:
    """The probabilities from which F1 is best, shape (n_outputs,).

    Each side has its own, all traits have one in common. What is best is the mean of the F1 of each
    kind. Its curve over thresholds is smoothed before its maximum is taken, so that the choice does
    not hang on a few examples.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_outputs)
    shown, weights : ndarray, shape (n, n_outputs)
        See `fit_calibration`.
    kinds : ndarray, shape (n,)
    """
    thresholds = np.full(len(OUTPUTS), NEVER_SHOWN)
    sides, traits = [[i] for i in TRAIT_PLACES], list(chain.from_iterable(TRAIT_PLACES.values()))
    for group in (*sides, traits):
        used = weights[:, group] > 0
        curves = []
        for name in dict.fromkeys(kinds.tolist()):
            cells = used & (kinds == name)[:, None]
            truth = shown[:, group][cells]
            if truth.sum() >= FEWEST_SHOWN:
                curves.append(_f1_curve(truth, probabilities[:, group][cells]))
        if curves:
            smooth = _NEAR @ np.mean(curves, axis=0) / _NEAR.sum(axis=1)
            thresholds[group] = _CANDIDATES[smooth.argmax()]
    thresholds[(shown & (weights > 0)).sum(axis=0) < FEWEST_SHOWN] = NEVER_SHOWN
    return np.round(thresholds, DECIMALS)


def _f1_curve(truth: np.ndarray, given: np.ndarray) -> np.ndarray:
    """F1 at each of the candidates."""
    said = _weight_from(_CANDIDATES, given, np.ones(len(given)))
    hits = _weight_from(_CANDIDATES, given[truth], np.ones(truth.sum()))
    return 2 * hits / (said + truth.sum())


def _weight_from(grid: np.ndarray, given: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The weight of all that is given at least each value of the grid."""
    order = np.argsort(given, kind="stable")
    below = np.concatenate([[0.0], np.cumsum(weights[order])])
    return below[-1] - below[np.searchsorted(given[order], grid)]


def operating_points(
    probabilities: np.ndarray, shown: np.ndarray, weights: np.ndarray
) -> dict[str, list[dict[str, float]]]:
    """Precision and recall of each side at a choice of thresholds.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_outputs)
        Out of fold.
    shown, weights : ndarray, shape (n, n_outputs)
        See `fit_calibration`.
    """
    points = {}
    for i, side in enumerate(SIDES):
        given, truth, counts = probabilities[:, i], shown[:, i], weights[:, i]
        said = _weight_from(_GRID, given, counts)
        hits = _weight_from(_GRID, given[truth], counts[truth])
        points[side] = [
            {
                "threshold": round(float(threshold), DECIMALS),
                "precision": round(float(hit / part), DECIMALS),
                "recall": round(float(hit / max(hits[0], 1e-9)), DECIMALS),
            }
            for threshold, hit, part in zip(_GRID, hits, said, strict=True)
            if part >= _SAID_ENOUGH
        ]
    return points


def cross_validate(
    corpus: Corpus, settings: TrainingSettings, logits: np.ndarray, folds: np.ndarray
) -> tuple[Evaluation, Decisions]:
    """Figures of each fold by a calibration and thresholds that the other folds gave.

    Parameters
    ----------
    corpus : Corpus
    settings : TrainingSettings
    logits : ndarray, shape (n, n_outputs, n_spans)
        Out of fold.
    folds : ndarray of int, shape (n,)

    Returns
    -------
    evaluation : Evaluation
        Over all examples, and by kind and form.
    decisions : Decisions
        By which it is evaluated.
    """
    shown, known = corpus.shown(), corpus.known()
    weights = calibration_weights(corpus)
    kinds = calibration_kinds(corpus, weights > 0)
    said, given = np.zeros(shown.shape, bool), np.zeros(shown.shape)
    for fold in range(settings.folds):
        others, here = folds != fold, folds == fold
        calibration = fit_calibration(logits[others], shown[others], weights[others])
        thresholds = fit_thresholds(
            calibrate(logits[others], calibration), shown[others], weights[others], kinds[others]
        )
        given[here] = calibrate(logits[here], calibration)
        said[here] = decide(given[here], thresholds).shown
    slices = {
        "form": [e.form for e in corpus.examples],
        "kind": [e.kind for e in corpus.examples],
        "origin": [e.origin for e in corpus.examples],
    }
    return evaluate(shown, said, known, slices, given), Decisions(given, said)
