"""Labelled rows in, those whose label is likely an error out, the likeliest first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from itertools import pairwise

import numpy as np
from joblib import delayed
from scipy.special import expit

from leadclass.corpus import Corpus
from leadclass.curation.findings import Finding
from leadclass.errors import LeadclassError
from leadclass.features import START, FeatureSettings, pairs, stems
from leadclass.labelled_rows import Row
from leadclass.labels import SIDES, sides_of
from leadclass.training.fitting import ROUGH_TOLERANCE, unfitted
from leadclass.training.pipeline import Tokenizer
from leadclass.training.settings import TrainingSettings
from leadclass.training.validation import assign_folds, check_sides
from leadclass.training.workers import on_all_cores, watched

#: Whole statements, all of one weight: what is looked for is an error, not the last point of F1.
SETTINGS = TrainingSettings(features=FeatureSettings(windows=()), phrase_weight=1.0)

#: Fewer rows than this say little of one another.
FEWEST_ROWS = 200

#: The other answer is at least so likely.
_LIKELY = 0.75

#: Terms that a finding names as its reason.
_TERMS = 3


#: For a row and a side, what each word and pair of the row adds to the log-odds.
_Terms = dict[tuple[int, int], dict[str, float]]


def likely_label_errors(
    rows: Sequence[Row],
    most: int,
    progress: Callable[[str, int], AbstractContextManager[Callable[[int], object]]],
) -> list[Finding]:
    """Find the labels that a model which has not seen them speaks against.

    By confident learning, for each side by itself: a row is named if a cross-validated model gives
    the other answer at least the probability that it gives, on average, to rows of that answer.

    Parameters
    ----------
    rows : sequence of Row
    most : int
        Give at most so many.
    progress : callable

    Returns
    -------
    list of Finding
        Those with the widest margin between the two answers first; none where there are fewer
        than `FEWEST_ROWS`, or a side has too few to learn from.

    References
    ----------
    C. Northcutt, L. Jiang and I. Chuang, "Confident learning: estimating uncertainty in dataset
    labels", Journal of Artificial Intelligence Research, 2021.
    """
    if len(rows) < FEWEST_ROWS:
        return []
    corpus = Corpus([row.example for row in rows], [])
    try:
        check_sides(corpus, SETTINGS)
    except LeadclassError:
        return []
    folds = assign_folds(corpus, SETTINGS)
    tokens = Tokenizer().transform(corpus.texts)
    shown = corpus.shown()[:, : len(SIDES)]
    jobs = [
        delayed(_score_fold)(tokens, shown, np.flatnonzero(folds == fold))
        for fold in range(SETTINGS.folds)
    ]
    probabilities = np.zeros(shown.shape)
    terms: _Terms = {}
    with (
        progress("likely label errors", len(jobs)) as advance,
        watched(),
        on_all_cores(jobs) as done,
    ):
        for number, (places, of_fold, doubted) in enumerate(done):
            probabilities[places] = of_fold
            terms |= doubted
            advance(number + 1)
    margins = np.column_stack(
        [confident_margins(shown[:, side], probabilities[:, side]) for side in range(len(SIDES))]
    )
    sides = margins.argmax(axis=1).tolist()
    widest = margins.max(axis=1)
    order = np.argsort(-widest, kind="stable")[:most]
    return [
        _finding(rows[i], sides[i], probabilities[i, sides[i]], terms[i, sides[i]])
        for i in order.tolist()
        if widest[i] >= 2 * _LIKELY - 1
    ]


def confident_margins(shown: np.ndarray, probabilities: np.ndarray) -> np.ndarray:
    """How far the model prefers the other answer, where it does so with confidence.

    Parameters
    ----------
    shown : ndarray of bool, shape (n,)
        What the labels say.
    probabilities : ndarray, shape (n,)
        Out of fold, of it being shown.

    Returns
    -------
    ndarray, shape (n,)
        The other answer's probability less the given one's, in [-1, 1]; zero where the label is
        not in doubt.
    """
    other = np.where(shown, 1 - probabilities, probabilities)
    usual = np.where(shown, (1 - probabilities)[~shown].mean(), probabilities[shown].mean())
    margin = 2 * other - 1
    return np.where((other >= usual) & (margin > 0), margin, 0.0)


def _score_fold(
    tokens: list[list[str]], shown: np.ndarray, places: np.ndarray
) -> tuple[np.ndarray, np.ndarray, _Terms]:
    """The places again, what a model that has not seen them says, and why where it disagrees."""
    learn = np.setdiff1d(np.arange(len(tokens)), places)
    linear = unfitted(SETTINGS, tol=ROUGH_TOLERANCE).fit([tokens[i] for i in learn], shown[learn])
    probabilities = expit(linear.decision_function([tokens[i] for i in places]))
    doubted = np.argwhere((probabilities > 0.5) != shown[places]).tolist()
    weighted = linear[:-1].transform([tokens[places[row]] for row, _ in doubted]).tocsr()
    kinds, names = zip(
        *(name.split("__", 1) for name in linear["counts"].get_feature_names_out()), strict=True
    )
    coef = linear["logistic"].coef_
    terms = {}
    for i, (row, side) in enumerate(doubted):
        written = _as_written(tokens[places[row]])
        terms[int(places[row]), side] = {
            written[names[term]]: value * coef[side, term]
            for term, value in zip(weighted[i].indices, weighted[i].data, strict=True)
            if kinds[term] != "subword"
        }
    return places, probabilities, terms


def _as_written(tokens: list[str]) -> dict[str, str]:
    """The words and pairs of a text by the terms that they are counted as."""
    stemmed = stems(tokens)
    words = dict(zip(stemmed, tokens, strict=True))
    spans = [" ".join(pair).removeprefix(START).strip() for pair in pairwise(tokens)]
    return words | dict(zip(pairs(stemmed), spans, strict=True))


def _finding(row: Row, side: int, probability: float, terms: dict[str, float]) -> Finding:
    sign = -1 if SIDES[side] in sides_of(row.example.label) else 1
    loudest = sorted(terms, key=lambda term: -sign * terms[term])[:_TERMS]
    reasons = ", ".join(repr(term) for term in loudest if sign * terms[term] > 0)
    likely = (
        f"{1 - probability:.0%} likely not {SIDES[side]}"
        if sign < 0
        else f"{probability:.0%} likely {SIDES[side]}"
    )
    message = (
        f"labelled {row.example.label}, but by the other rows {likely}"
        f"{f' ({reasons})' if reasons else ''}; read it again"
    )
    return Finding(row.file, row.number, "likely-error", message, row.example.text)
