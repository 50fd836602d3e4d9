"""Corpora in, a model folder out: fitted, cross-validated, calibrated, written whole."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from importlib.metadata import version as version_of
from os import PathLike, fspath
from pathlib import Path

import joblib
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_info

from leadclass.behaviour import behave
from leadclass.calibration import calibrate
from leadclass.card import card
from leadclass.columns import Columns, told_columns
from leadclass.comparison import Comparison
from leadclass.corpus import Corpus
from leadclass.decisions import Decisions, decide
from leadclass.defaults import model_folder
from leadclass.errors import LeadclassError
from leadclass.evaluation import Evaluation
from leadclass.folders import check_free, replacing_folder
from leadclass.harmless import harmless_parts
from leadclass.labelled_rows import tables_of
from leadclass.labelled_tables import sources_of
from leadclass.lineage import MADE, NOT_INHERITED, PARENT, SETTLED, TEXTS, made_now, parent_of
from leadclass.model import Model
from leadclass.pickled import PIPELINE_FILE
from leadclass.text_summary import (
    LEARNT_TEXT,
    rare_words,
    summarise_learnt,
    together,
    unknown_words,
)
from leadclass.training.adapting import adapt
from leadclass.training.fitting import fit, to_pipeline, to_weights
from leadclass.training.material import read_material
from leadclass.training.settings import TrainingSettings
from leadclass.training.validation import (
    calibration_kinds,
    calibration_weights,
    check_sides,
    cross_validate,
    fit_calibration,
    fit_thresholds,
    operating_points,
    out_of_fold_logits,
)
from leadclass.training.workers import watched
from leadclass.version import __version__
from leadclass.weights import JSON_FILE, WEIGHTS_FILE, Weights, read_weights, write_weights

CARD_FILE = "CARD.md"
MODEL_FILES = (WEIGHTS_FILE, JSON_FILE, PIPELINE_FILE, CARD_FILE)

_LIBRARIES = ("numpy", "scipy", "scikit-learn", "pyarrow", "PyStemmer")
_COMPRESSION = ("zlib", 9)


@dataclass(frozen=True, eq=False)
class Trained:
    """A model that was just made.

    Attributes
    ----------
    weights : Weights
        Its plain data.
    pipeline : sklearn.pipeline.Pipeline
        Its scikit-learn face.
    evaluation : Evaluation
        Its cross-validated figures.
    corpus : Corpus
        What it has learnt from.
    decisions : Decisions
        Of the corpus, each statement by a model that has not seen it.
    comparison : Comparison, optional
        With the model that it was adapted from.
    """

    weights: Weights
    pipeline: Pipeline
    evaluation: Evaluation
    corpus: Corpus
    decisions: Decisions
    comparison: Comparison | None = None


def train(
    corpus: Corpus,
    settings: TrainingSettings | None = None,
    progress: Callable[[int], object] | None = None,
) -> Trained:
    """Make a model; the same corpus, settings and versions give the same one.

    Parameters
    ----------
    corpus : Corpus
    settings : TrainingSettings, optional
    progress : callable, optional
        Called with the number of folds done.

    Returns
    -------
    Trained

    Raises
    ------
    LeadclassError
        If a side has too few examples to learn and to validate from.
    """
    settings = settings or TrainingSettings()
    check_sides(corpus, settings)
    logits, folds = out_of_fold_logits(corpus, settings, progress)
    evaluation, decisions = cross_validate(corpus, settings, logits, folds)
    shown, counts = corpus.shown(), calibration_weights(corpus)
    calibration = fit_calibration(logits, shown, counts)
    probabilities = calibrate(logits, calibration)
    thresholds = fit_thresholds(probabilities, shown, counts, calibration_kinds(corpus, counts > 0))
    pipeline = fit(corpus, settings, n_jobs=-1)
    pipeline["pooled"].calibration_ = calibration
    weights = to_weights(pipeline, settings, thresholds)
    about = _about(corpus, settings, evaluation)
    about["operating_points"] = operating_points(probabilities, shown, counts)
    about["behaviour"] = [one.to_dict() for one in behave(Model(weights))]
    about[LEARNT_TEXT] = summarise_learnt(
        corpus, decisions, thresholds, rare_words(corpus.texts, settings.min_df)
    )
    return Trained(replace(weights, about=about), pipeline, evaluation, corpus, decisions)


def train_from(
    base: Weights,
    corpus: Corpus,
    settings: TrainingSettings | None = None,
    progress: Callable[[int], object] | None = None,
) -> Trained:
    """Adapt a model to statements of one's own, see `leadclass.training.adapting.adapt`.

    Parameters
    ----------
    base : Weights
    corpus : Corpus
        The statements to adapt to alone; what the model learnt from is not needed.
    settings : TrainingSettings, optional
    progress : callable, optional
        Called with the number of folds done.

    Returns
    -------
    Trained

    Raises
    ------
    LeadclassError
        If a side has too few examples to learn and to validate from, or there are too many.
    """
    settings = settings or TrainingSettings()
    check_sides(corpus, settings)
    adapted = adapt(base, corpus, settings, progress)
    decisions = decide(adapted.probabilities, base.thresholds)
    own_text = summarise_learnt(
        corpus,
        decisions,
        base.thresholds,
        unknown_words(corpus.texts, Model(base).known_stems)[:2],
    )
    told = {key: value for key, value in base.about.items() if key not in NOT_INHERITED}
    if LEARNT_TEXT in told:  # of part of what it has learnt from a summary would mislead
        told[LEARNT_TEXT] = together(told[LEARNT_TEXT], own_text)
    about = told | {
        PARENT: parent_of(base.name, base.digest, len(base.about.get("data", []))),
        "versions": versions(),
        "data": [*base.about.get("data", []), *(asdict(source) for source in corpus.sources)],
        "cross_validation": adapted.evaluation.to_dict(),
        "operating_points": operating_points(
            adapted.probabilities, corpus.shown(), calibration_weights(corpus)
        ),
        "adapted": {
            "n": len(corpus.examples),
            "training": _plain(settings),
            "comparison": adapted.comparison.to_dict(),
            "before": base.about.get("cross_validation"),
        },
        "behaviour": [one.to_dict() for one in behave(Model(adapted.weights))],
    }
    weights = replace(adapted.weights, about=about)
    return Trained(
        weights,
        to_pipeline(weights),
        adapted.evaluation,
        corpus,
        decisions,
        adapted.comparison,
    )


def train_to(
    folder: str | PathLike[str],
    paths: Sequence[str | PathLike[str]],
    *,
    base: str | PathLike[str] | None = None,
    settled: Sequence[str | PathLike[str]] = (),
    texts: Sequence[str | PathLike[str]] = (),
    columns: Columns | None = None,
    settings: TrainingSettings | None = None,
    encoding: str | None = None,
    overwrite: bool = False,
    progress: Callable[[int], object] | None = None,
) -> Trained:
    """Train on tables and write both faces of the model, and its card, into a new folder.

    Parameters
    ----------
    folder : path-like
    paths : sequence of path-like
        Tables, and folders of tables, of which the rows of the split ``train`` are learnt from.
    base : path-like, optional
        A model to adapt to the tables, instead of training one on them alone.
    settled : sequence of path-like
        Tables whose labels go before those of `paths`, see
        `leadclass.training.material.read_material`.
    texts : sequence of path-like
        Tables of the texts that stand-off labels refer to.
    columns : Columns, optional
        Those of the statement and its label, where they have other names.
    settings : TrainingSettings, optional
    encoding : str, optional
        Of the tables.
    overwrite : bool
        Whether a model that is there may be replaced, once the new one is whole.
    progress : callable, optional

    Returns
    -------
    Trained

    Raises
    ------
    LeadclassError
        If the tables cannot be trained on or the folder not be written; then what was there
        before is as it was.
    """
    replaceable = MODEL_FILES if overwrite else ()
    check_free(folder, replaceable)
    prior = None if base is None else read_weights(model_folder(base))
    corpus = read_material(paths, settled=settled, columns=columns, texts=texts, encoding=encoding)
    with watched():
        try:
            if prior is None:
                trained = train(corpus, settings, progress)
            else:
                trained = train_from(prior, corpus, settings, progress)
        except LeadclassError as error:  # of the statements all together: the user's own names help
            error.file = error.file or ", ".join(fspath(path) for path in paths)
            raise
    kept = [asdict(source) for source in sources_of(texts, encoding)]
    about = trained.weights.about | ({TEXTS: kept} if kept else {})
    if settled:
        about[SETTLED] = sum(1 for _ in tables_of(settled))
    about[MADE] = made_now(encoding, told_columns(columns))
    # Names of files, cells and what was typed may have characters that a model must not have.
    about = harmless_parts(about)
    trained = replace(trained, weights=replace(trained.weights, about=about))
    with replacing_folder(folder, replaceable) as unfinished:
        write_model(trained, unfinished)
    return trained


def write_model(trained: Trained, folder: Path) -> None:
    """Write a model into an empty folder."""
    write_weights(trained.weights, folder)
    joblib.dump(trained.pipeline, folder / PIPELINE_FILE, compress=_COMPRESSION)
    (folder / CARD_FILE).write_text(card(trained.weights), encoding="utf-8")


def versions() -> dict[str, str]:
    """What the last bits of the fitted numbers depend on, beside corpus and settings."""
    libraries = {name: version_of(name) for name in _LIBRARIES}
    kernels = {info["architecture"] for info in threadpool_info() if "architecture" in info}
    return {
        "leadclass": __version__,
        "python": platform.python_version(),
        **libraries,
        "BLAS kernels": " ".join(sorted(kernels)) or "unknown",
    }


def _about(corpus: Corpus, settings: TrainingSettings, evaluation: Evaluation) -> dict[str, object]:
    return {
        "versions": versions(),
        "training": _plain(settings),
        "data": [asdict(source) for source in corpus.sources],
        "cross_validation": evaluation.to_dict(),
    }


def _plain(settings: TrainingSettings) -> dict[str, object]:
    """The settings without those of features, which have a place of their own."""
    return {k: v for k, v in asdict(settings).items() if k != "features"}
