"""A model that was just trained in, whether to use it and what to type next out, in words."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leadclass.columns import Columns, options_of
from leadclass.comparison import Comparison, compare
from leadclass.defaults import InUse
from leadclass.judgement import FEW, judge
from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.training.train import Trained

#: With the lower ends of both sides' F1 from here on, a model is good enough for counts; below the
#: other, for nothing. By judgement, beside two readers' 0.97.
GOOD, POOR = 0.7, 0.5

#: What a table of labels that no model has learnt from is called in commands to type.
_HELD_OUT = "held-out.csv"


@dataclass(frozen=True)
class Advice:
    """What is to be said after training.

    Attributes
    ----------
    meaning : tuple of str
        What the figures mean, in sentences.
    verdict : str
        Whether to use the model.
    reason : str
        Why.
    command : str
        What to type next.
    comparison : Comparison, optional
        With the model in use, where that is what speaks for or against it.
    """

    meaning: tuple[str, ...]
    verdict: str
    reason: str
    command: str
    comparison: Comparison | None = None


def advise(
    trained: Trained,
    folder: str,
    paths: Sequence[str],
    used: InUse,
    current: Model | None,
    columns: Columns | None = None,
) -> Advice:
    """Say whether to use a model that was just trained.

    An adapted model is held against the one it was adapted from. Any other is held against the
    model in use, on statements of files that this has not learnt from, if there are enough.

    Parameters
    ----------
    trained : Trained
    folder : str
        Where it was written.
    paths : sequence of str
        What it has learnt from.
    used : InUse
    current : Model, optional
        The model in use; None where it cannot be loaded.
    columns : Columns, optional
        Those of `paths`, where they have other names.

    Returns
    -------
    Advice
    """
    meaning = tuple(_meaning(trained))
    use = shlex.join(["leadclass", "use", folder])
    options = options_of(columns)
    checked = shlex.join(["leadclass", "use", folder, "--check", _HELD_OUT, *options])
    commands = {
        "better": use,
        "unsure": checked,
        "worse": shlex.join(["leadclass", "corpus", "check", *paths, *options]),
    }
    if trained.comparison is not None:
        judgement = judge(trained.comparison)
        reason = f"Beside the model it was adapted from: {_lower(judgement.reason)}"
        verdict = _VERDICTS[judgement.verdict]
        return Advice(meaning, verdict, reason, commands[judgement.verdict])
    if current is None:
        return Advice(meaning, _alone(trained), "There is no model in use to compare with.", use)
    rows = _not_learnt(trained, current)
    if rows.sum() < FEW:
        reason = (
            f"It was not compared with the model in use ({used.reason}): that takes {FEW} "
            "statements of files that this model has not learnt from. Label some that neither has "
            "seen, and let 'use' compare the two on them."
        )
        return Advice(meaning, _alone(trained), reason, checked)
    texts = [text for text, row in zip(trained.corpus.texts, rows, strict=True) if row]
    comparison = compare(
        trained.corpus.shown()[rows], current.decide(texts).shown, trained.decisions.shown[rows]
    )
    judgement = judge(comparison)
    reason = (
        f"Beside the model in use ({used.reason}), on {comparison.n:,} statements of files that "
        f"this one has not learnt from: {_lower(judgement.reason)}"
    )
    command = commands[judgement.verdict]
    return Advice(meaning, _VERDICTS[judgement.verdict], reason, command, comparison)


_VERDICTS = {
    "better": "Use it.",
    "unsure": "Do not use it yet: decide on labelled statements that neither model has seen.",
    "worse": "Do not use it. More statements may help, or labels that were read twice.",
}


def _alone(trained: Trained) -> str:
    """What the figures by themselves say."""
    lowest = min(trained.evaluation.overall.sides[side].f1.low for side in SIDES)
    if lowest >= GOOD:
        return "It is good enough to count with; read a statement before you rely on its label."
    if lowest >= POOR:
        return "It shows tendencies; more labelled statements would make it better."
    return "It is not good enough to use: label more statements."


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]


def _meaning(trained: Trained) -> list[str]:
    """What the figures of a model say of its use."""
    overall = trained.evaluation.overall
    said = [
        f"Of 100 statements like these it gives {overall.accuracy.value * 100:.0f} their label."
    ]
    for side in SIDES:
        part = overall.sides[side]
        said.append(
            f"Of 100 that it says show {side}, {part.precision * 100:.0f} do; of 100 that do, it "
            f"finds {part.recall * 100:.0f}."
        )
    return said


def _not_learnt(trained: Trained, current: Model) -> np.ndarray:
    """Which statements are of files that a model has not learnt from, shape (n,)."""
    learnt = {source.get("sha256") for source in current.about.get("data", [])}
    rows = [
        np.full(source.n_rows, source.sha256 not in learnt) for source in trained.corpus.sources
    ]
    return np.concatenate(rows) if rows else np.zeros(0, bool)
