"""What each choice in the making of a model gives: leave it out, train anew, measure.

Every variant is trained on the same tables, by two folds for its calibration and thresholds, and
measured on the same test set.

    pip install '.[train]'
    python benchmarks/ablation.py -c corpus -c ... --test test.csv -o docs/results/ablation.csv

Writes the table again as each variant is done.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from unittest.mock import patch

import numpy as np
from joblib import parallel_config
from tables import arguments, write_table

from leadclass.assessment import assess
from leadclass.corpus import TRAIN, Corpus, Example
from leadclass.evaluation import Slice
from leadclass.features import FeatureSettings
from leadclass.labelled_tables import read_corpus
from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.training import fitting, pipeline
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train

FOLDS = 2
COLUMNS = (
    "group", "variant", "n", "leadership F1", "management F1", "right label of four",
    "leadership AP", "management AP", "traits F1", "cross-validated leadership AP",
    "cross-validated management AP",
)  # fmt: skip

Keep = Callable[[Example], bool]


@dataclass(frozen=True)
class Variant:
    """A model that is made in another way than the shipped one."""

    group: str
    name: str
    settings: TrainingSettings = field(default_factory=TrainingSettings)
    keep: Keep = lambda example: example.split == TRAIN
    patched: Callable[[], AbstractContextManager[object]] = nullcontext


def _features(**changes: object) -> TrainingSettings:
    return TrainingSettings(features=replace(FeatureSettings(), **changes))


def _without(kind: str) -> Callable[[], AbstractContextManager[object]]:
    """Leave a kind of term out of the pipeline."""
    whole = pipeline.make_linear

    def make_linear(*args: object, **options: object) -> object:
        linear = whole(*args, **options)
        kept = [pair for pair in linear["counts"].transformer_list if pair[0] != kind]
        linear["counts"].set_params(transformer_list=kept)
        if kind == "subword":
            linear["counts"].set_params(transformer_weights=None)
        return linear

    return lambda: patch.object(fitting, "make_linear", make_linear)


def _no_ratio() -> AbstractContextManager[object]:
    return patch.object(pipeline, "log_count_ratio", lambda X, *_: np.ones(X.shape[1]))


def _trained_on(rule: Keep) -> Keep:
    return lambda example: example.split == TRAIN and rule(example)


VARIANTS = (
    Variant("", "as shipped"),
    Variant("features", "no pairs of words", patched=_without("pair")),
    Variant("features", "no sub-words", patched=_without("subword")),
    Variant("features", "no windows", _features(windows=())),
    Variant("fitting", "no log-count ratio", patched=_no_ratio),
    Variant("fitting", "C = 10", TrainingSettings(C=10.0)),
    Variant("data", "no real statements", keep=_trained_on(lambda e: e.origin == "written")),
    Variant("data", "no written entries", keep=_trained_on(lambda e: e.origin == "real")),
    Variant(
        "data",
        "no written statements, phrases alone",
        keep=_trained_on(lambda e: e.origin == "real" or e.form == "phrase"),
    ),
    Variant("data", "no phrases", keep=_trained_on(lambda e: e.form != "phrase")),
    Variant("data", "no near misses", keep=_trained_on(lambda e: e.pair is None)),
    Variant("data", "with the challenge split", keep=lambda e: True),
)


def main() -> None:
    """Train and measure every variant."""
    options = arguments(__doc__).parse_args()
    examples = read_corpus(options.corpus, texts=options.texts).examples
    rows: list[list[object]] = []
    for variant in VARIANTS:
        rows.append(measure(variant, examples, options.test))
        print(*rows[-1], sep="  ", flush=True)
        if options.output:
            write_table(options.output, COLUMNS, rows)


def measure(variant: Variant, examples: list[Example], test: str) -> list[object]:
    """Train a variant and measure it: the cells of `COLUMNS`."""
    corpus = Corpus([example for example in examples if variant.keep(example)], [])
    # What is patched here is not in another process.
    backend = "loky" if variant.patched is nullcontext else "threading"
    with variant.patched(), parallel_config(backend=backend):
        trained = train(corpus, replace(variant.settings, folds=FOLDS))
    whole = assess(Model(trained.weights), test).evaluate().overall
    real = trained.evaluation.slices["origin"].get("real")
    figures = [whole.sides[side].f1.value for side in SIDES]
    figures += [whole.accuracy.value, *_average_precisions(whole), whole.traits.f1.value]
    cells = [f"{figure:.3f}" for figure in figures]
    cells += [f"{figure:.3f}" for figure in _average_precisions(real)] if real else ["", ""]
    return [variant.group, variant.name, len(corpus.examples), *cells]


def _average_precisions(part: Slice) -> list[float]:
    return [part.quality[side].average_precision for side in SIDES]


if __name__ == "__main__":
    main()
