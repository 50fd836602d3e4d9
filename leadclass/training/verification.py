"""A model and the data it names in, the same model made anew and how far the two agree out."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from leadclass.columns import own_columns
from leadclass.corpus import Corpus
from leadclass.decisions import decide
from leadclass.defaults import model_folder, shipped_model
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import tables_of
from leadclass.labelled_tables import file_digest
from leadclass.lineage import MADE, PARENT, SETTLED, TEXTS, own_files, short
from leadclass.scoring import Scorer
from leadclass.training.material import read_material
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import Trained, train, train_from, versions
from leadclass.training.workers import watched
from leadclass.weights import Weights, read_weights


@dataclass(frozen=True)
class Verification:
    """How a model made anew compares with the one that is there.

    Attributes
    ----------
    same_table : bool
        Whether ``weights.parquet`` has the same bytes.
    same_numbers : bool
        Whether intercepts, calibration and thresholds are the same.
    only_old, only_new : int
        Terms that one has alone.
    coefficients : float
        The largest difference of a coefficient or an inverse document frequency.
    probabilities : float
        The largest difference of a probability, on the data.
    labels : int
        Statements of the data that get another label.
    n : int
        Statements of the data.
    versions : dict of str to (str, str)
        What is another version: the recorded one and the one here.
    """

    same_table: bool
    same_numbers: bool
    only_old: int
    only_new: int
    coefficients: float
    probabilities: float
    labels: int
    n: int
    versions: dict[str, tuple[str, str]]

    @property
    def same(self) -> bool:
        """Whether it is the model that its data give."""
        return self.same_table and self.same_numbers


def verify(
    folder: str | PathLike[str],
    paths: Iterable[str | PathLike[str]],
    *,
    base: str | PathLike[str] | None = None,
    texts: Iterable[str | PathLike[str]] = (),
    progress: Callable[[int], object] | None = None,
) -> Verification:
    """Train a model anew from its recorded settings, and compare.

    Parameters
    ----------
    folder : path-like
        Of the model.
    paths, texts : iterable of path-like
        Tables, and folders of them, among which its data are found by their digests, whatever
        their names are.
    base : path-like, optional
        The model that it was adapted from; by default the shipped one, if that is it.
    progress : callable, optional
        Called with the number of folds done.

    Returns
    -------
    Verification

    Raises
    ------
    LeadclassError
        If a file is missing or has changed, or the model does not say what it was made from.
    """
    there = read_weights(folder)
    about = there.about
    data = _found(folder, own_files(about), paths, "-c")
    found_texts = _found(folder, about[TEXTS], texts, "--texts") if TEXTS in about else list(texts)
    if not data:
        raise LeadclassError(
            "the model does not say what it has learnt from", file=folder, remedy="train it again"
        )
    parent = _parent(folder, about, base)
    settings = _settings(there)
    made = about.get(MADE, {})
    n_others = len(data) - about.get(SETTLED, 0)
    corpus = read_material(
        data[:n_others],
        settled=data[n_others:],
        columns=own_columns(**made.get("columns", {})),
        texts=found_texts,
        encoding=made.get("encoding"),
    )
    with watched():
        anew = _made(parent, corpus, settings, progress)
    return _compared(there, anew.weights, corpus)


def _made(
    parent: Weights | None,
    corpus: Corpus,
    settings: TrainingSettings,
    progress: Callable[[int], object] | None,
) -> Trained:
    if parent is None:
        return train(corpus, settings, progress)
    return train_from(parent, corpus, settings, progress)


def _found(
    folder: str | PathLike[str],
    wanted: Sequence[dict[str, Any]],
    paths: Iterable[str | PathLike[str]],
    option: str,
) -> list[str]:
    """The files that a model names, in its order, found by digest among some paths.

    Raises
    ------
    LeadclassError
        If one is missing or has changed.
    """
    # The same file may have been learnt from twice, under two names.
    at_hand: dict[str, list[str]] = {}
    for path in tables_of(paths) if wanted else ():
        at_hand.setdefault(file_digest(path), []).append(path)
    names = {Path(path).name for same in at_hand.values() for path in same}
    found, problems = [], []
    for file in wanted:
        if same := at_hand.get(file["sha256"]):
            found.append(same.pop(0))
            continue
        what = "has changed" if Path(file["name"]).name in names else "is missing"
        problems.append(f"{file['name']} {what} (SHA-256 {short(file['sha256'])})")
    if problems:
        raise LeadclassError(
            f"cannot be made anew: {', '.join(problems)}",
            file=folder,
            remedy=f"name the files that it has learnt from, as they were, with {option}",
        )
    return found


def _parent(
    folder: str | PathLike[str], about: dict[str, Any], base: str | PathLike[str] | None
) -> Weights | None:
    """The model that another was adapted from; None for one that was not.

    Raises
    ------
    LeadclassError
        If it is not known, or not at hand.
    """
    if "adapted" not in about:
        return None
    if PARENT not in about:
        raise LeadclassError(
            "it was adapted from a model that it does not name", file=folder, remedy="adapt again"
        )
    named = about[PARENT]
    found = read_weights(shipped_model() if base is None else model_folder(base))
    if found.digest != named["sha256"]:
        raise LeadclassError(
            f"it was adapted from {named['name'] or 'a model'} with digest "
            f"{short(named['sha256'])}, not from {base or 'the shipped model'} "
            f"({short(found.digest)})",
            file=folder,
            remedy="name that model with --from",
        )
    return found


def _settings(weights: Weights) -> TrainingSettings:
    """The settings that a model was trained with."""
    known = {field.name for field in fields(TrainingSettings)} - {"features"}
    about = weights.about
    recorded = about.get("adapted", {}).get("training") or about.get("training", {})
    unknown = sorted(set(recorded) - known)
    if unknown:
        raise LeadclassError(
            f"it was made with a setting that this leadclass does not have: {unknown[0]}",
            remedy=f"use leadclass {about.get('versions', {}).get('leadclass', 'of its time')}",
        )
    return replace(TrainingSettings(), features=weights.settings, **recorded)


def _compared(old: Weights, new: Weights, corpus: Corpus) -> Verification:
    places = [
        {key: i for i, key in enumerate(zip(w.kinds.to_pylist(), w.terms.to_pylist(), strict=True))}
        for w in (old, new)
    ]
    shared = [key for key in places[0] if key in places[1]]
    old_rows, new_rows = ([place[key] for key in shared] for place in places)
    differences = [
        np.abs(old.coef[old_rows] - new.coef[new_rows]),
        np.abs(old.idf[old_rows] - new.idf[new_rows]),
    ]
    given = [Scorer(weights).probabilities(corpus.texts) for weights in (old, new)]
    said = [decide(p, w.thresholds).labels for p, w in zip(given, (old, new), strict=True)]
    here, recorded = versions(), old.about.get("versions", {})
    return Verification(
        same_table=old.digest == hashlib.sha256(new.packed()).hexdigest(),
        same_numbers=all(
            np.array_equal(getattr(old, name), getattr(new, name))
            for name in ("intercept", "calibration", "thresholds")
        ),
        only_old=len(places[0]) - len(shared),
        only_new=len(places[1]) - len(shared),
        coefficients=max((float(part.max()) for part in differences if part.size), default=0.0),
        probabilities=float(np.abs(given[0] - given[1]).max()),
        labels=int((said[0] != said[1]).sum()),
        n=len(corpus.examples),
        versions={
            name: (recorded.get(name, "not recorded"), here.get(name, "none"))
            for name in sorted({*recorded, *here})
            if recorded.get(name) != here.get(name)
        },
    )
