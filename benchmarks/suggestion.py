"""How many labels `leadclass suggest` saves, beside asking at random.

Real labelled statements, their labels hidden: a third is held out at random to measure on, the
others are the table to suggest from. Each way asks in rounds, of as many as `leadclass suggest`
does unless told otherwise, and is measured after each, the base adapted to all labels that it has
by then as `leadclass train --from` does it. The base must not have learnt from these statements.
What models say is looked up, so that a draw takes seconds; all else is done by the product.

    pip install '.[train,plot]'
    leadclass train -c corpus -o models/corpus-only
    python benchmarks/suggestion.py real.csv --base models/corpus-only -o suggestion.csv
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import numpy as np
from curves import HEADS, draw_curves, summary
from quick_adaptation import quick_adapter
from tables import write_table

from leadclass.arrow import as_strings
from leadclass.calibration import calibrate
from leadclass.corpus import Corpus, Example
from leadclass.decisions import Decisions
from leadclass.evaluation import f1_score
from leadclass.labelled_tables import read_labelled
from leadclass.labels import SIDES
from leadclass.model import Model, load
from leadclass.suggesting.suggest import suggest
from leadclass.training.fitting import ROUGH_TOLERANCE, fit, to_weights
from leadclass.training.settings import TrainingSettings
from leadclass.training.validation import (
    calibration_kinds,
    calibration_weights,
    fit_calibration,
    fit_thresholds,
    out_of_fold_logits,
)
from leadclass.weights import Weights

if TYPE_CHECKING:
    import pyarrow as pa

COLUMNS = ("way", "draw", "labels", *(f"{side} F1" for side in SIDES), "positive share")

#: The share of the statements that is held out.
HELD_OUT = 1 / 3


class Told(Model):
    """A model of which is known what it says.

    Parameters
    ----------
    weights : Weights
        Of which the thresholds count, and the terms.
    examples : list of Example
    probabilities : ndarray, shape (n, n_sides)
    """

    def __init__(
        self, weights: Weights, examples: list[Example], probabilities: np.ndarray
    ) -> None:
        self.weights = weights
        self.probabilities = probabilities
        self._places = {e.text.strip(): i for i, e in enumerate(examples)}

    def predict_proba(self, texts: Sequence[str | None]) -> np.ndarray:
        """What it says of some of the statements."""
        return self.probabilities[[self._places[(text or "").strip()] for text in texts]]

    def decide(self, texts: pa.Array | Sequence[str | None]) -> Decisions:
        """The same, as decisions."""
        said = self.predict_proba(as_strings(texts).to_pylist())
        return Decisions(said, said >= self.weights.thresholds[: len(SIDES)])


@dataclass(frozen=True)
class Round:
    """What a way of asking has at hand: the base, the model adapted so far, and the tables."""

    base: Told
    now: Told
    examples: list[Example]
    labelled: np.ndarray
    pool: np.ndarray
    rng: np.random.Generator
    folder: Path

    def suggested(
        self, n: int, adapt: Callable[[Model, Corpus], Model] | None = None
    ) -> np.ndarray:
        """What the product suggests, by files as a user has them."""
        pool, labels = self.folder / "pool.csv", self.folder / "labels.csv"
        write_table(pool, ("id", "text", "kind"), [self._row(i) for i in self.pool])
        rows = [(*self._row(i), self.examples[i].label) for i in self.labelled]
        write_table(labels, ("id", "text", "kind", "label"), rows)
        known = [labels] if rows else []
        found = suggest(self.base, pool, n=n, unit="row", labelled=known, adapt=adapt)
        return np.array([int(one.carried["id"]) for one in found.chosen])

    def _row(self, i: int) -> tuple[int, str, str]:
        return int(i), self.examples[i].text, self.examples[i].kind


def at_random(given: Round, n: int) -> np.ndarray:
    """Any."""
    return given.rng.choice(given.pool, n, replace=False)


def by_uncertainty(given: Round, n: int) -> np.ndarray:
    """Those that the model adapted so far is least sure of, and nothing else."""
    inner = np.clip(given.now.probabilities[given.pool], _SURE, 1 - _SURE)
    doubts = -(inner * np.log(inner) + (1 - inner) * np.log(1 - inner)).sum(axis=1)
    return given.pool[np.argsort(-doubts, kind="stable")[:n]]


#: Logarithms end where probabilities are nearer to 0 or 1 than this.
_SURE = 1e-9


def by_base(given: Round, n: int) -> np.ndarray:
    """What the product suggests with the base, which has not learnt from the labels."""
    return given.suggested(n)


def by_adapted(given: Round, n: int) -> np.ndarray:
    """What it suggests with the base adapted to the labels."""
    return given.suggested(n, lambda *_: given.now)


WAYS: dict[str, Callable[[Round, int], np.ndarray]] = {
    "at random": at_random,
    "by uncertainty alone": by_uncertainty,
    "suggest": by_base,
    "suggest --adapt": by_adapted,
}


def main() -> None:
    """Simulate; write every draw, a table of what they come to, and a picture of the curves."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("statements", type=Path, help="a labelled table")
    parser.add_argument("--base", type=Path, required=True, help="a model that has not seen it")
    parser.add_argument("--start", type=int, default=0, help="labels drawn at random to begin with")
    parser.add_argument("--step", type=int, default=50, help="labels a round")
    parser.add_argument("--most", type=int, default=1000)
    parser.add_argument("--scratch", action="store_true",
                        help="train on the labels alone instead of adapting")  # fmt: skip
    parser.add_argument("--draws", type=int, default=24)
    parser.add_argument("--first", type=int, default=0, help="the number of the first draw")
    parser.add_argument("--read", type=Path, action="append", default=[],
                        help="draws that were written before")  # fmt: skip
    parser.add_argument("-o", "--output", type=Path, required=True, help="the csv to write")
    options = parser.parse_args()

    rows = [row for path in options.read for row in _read(path)]
    if options.draws:
        examples, _ = read_labelled(options.statements)
        model = load(options.base)
        base = Told(model.weights, examples, model.predict_proba([e.text for e in examples]))
        train = _from_scratch(examples) if options.scratch else _adapter(base.weights, examples)
        for draw in range(options.first, options.first + options.draws):
            rows += _simulated(draw, examples, base, train, options)
            _write_draws(options.output, rows)  # what there is, should it be ended early
    _write(options.output, rows)


def _simulated(
    draw: int,
    examples: list[Example],
    base: Told,
    train: Callable[[np.ndarray], Told],
    options: argparse.Namespace,
) -> list[list[str]]:
    """A row for each way and number of labels."""
    order = np.random.default_rng(draw).permutation(len(examples))
    n_test = int(len(order) * HELD_OUT)
    test, rest = order[:n_test], order[n_test:]
    shown = Corpus(examples, []).shown()[:, : len(SIDES)]
    rows = []
    for way, ask in WAYS.items():
        labelled, pool = rest[: options.start], rest[options.start :]
        rng = np.random.default_rng(draw)
        while True:
            now = train(labelled) if len(labelled) else base
            share = _share([examples[i] for i in labelled])
            rows.append([way, str(draw), str(len(labelled)), *_figures(now, test, shown), share])
            if len(labelled) + options.step > options.most:
                break
            with TemporaryDirectory() as folder:
                given = Round(base, now, examples, labelled, pool, rng, Path(folder))
                asked = ask(given, options.step)
            labelled = np.concatenate([labelled, asked])
            pool = pool[~np.isin(pool, asked)]
        print(*rows[-1], sep="  ", flush=True)
    return rows


def _read(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))[1:]


def _write_draws(path: Path, rows: list[list[str]]) -> None:
    write_table(path.with_name(f"{path.stem}-draws.csv"), COLUMNS, rows)


def _write(path: Path, rows: list[list[str]]) -> None:
    _write_draws(path, rows)
    labels = sorted({int(row[2]) for row in rows})
    figures = {
        side: {
            way: np.array([float(row[3 + i]) for row in rows if row[0] == way]).reshape(
                -1, len(labels)
            )
            for way in WAYS
        }
        for i, side in enumerate(SIDES)
    }
    means = {way: np.mean([figures[side][way] for side in SIDES], axis=0) for way in WAYS}
    parts = {"both sides": means} | figures
    table = [[part, *row] for part, ways in parts.items() for row in summary(ways, labels)]
    write_table(path, ("F1 of", *HEADS), table)
    titles = {f"{side} F1": ways for side, ways in figures.items()}
    draw_curves(titles, labels, path.with_suffix(".png"))


def _adapter(base: Weights, examples: list[Example]) -> Callable[[np.ndarray], Told]:
    """What adapts the base to some of the statements, the sides alone."""
    shown = Corpus(examples, []).shown()[:, : len(SIDES)]
    adapted = quick_adapter(base, [e.text for e in examples], shown)
    return lambda rows: Told(base, examples, adapted(rows))


def _from_scratch(examples: list[Example]) -> Callable[[np.ndarray], Told]:
    """What trains on some of the statements and nothing else, with calibration and thresholds."""
    settings = TrainingSettings(folds=3)
    bare = _sides_alone(examples)

    texts = [e.text for e in examples]

    def trained(rows: np.ndarray) -> Told:
        corpus = Corpus([bare[i] for i in rows], [])
        logits, _ = out_of_fold_logits(corpus, settings)
        shown, counts = corpus.shown(), calibration_weights(corpus)
        calibration = fit_calibration(logits, shown, counts)
        thresholds = fit_thresholds(
            calibrate(logits, calibration), shown, counts, calibration_kinds(corpus, counts > 0)
        )
        pipeline = fit(corpus, settings, tol=ROUGH_TOLERANCE)
        pipeline["pooled"].calibration_ = calibration
        weights = to_weights(pipeline, settings, thresholds)
        return Told(weights, examples, Model(weights).predict_proba(texts))

    return trained


def _sides_alone(examples: list[Example]) -> list[Example]:
    return [replace(example, traits=()) for example in examples]


def _figures(model: Told, test: np.ndarray, shown: np.ndarray) -> list[str]:
    truth = shown[test]
    said = model.probabilities[test] >= model.weights.thresholds[: len(SIDES)]
    scores = f1_score((truth & said).sum(axis=0), truth.sum(axis=0), said.sum(axis=0))
    return [f"{score:.4f}" for score in scores]


def _share(part: list[Example]) -> str:
    """How many of some statements show a side."""
    return f"{np.mean([example.label != 'neither' for example in part]):.3f}" if part else ""


if __name__ == "__main__":
    main()
