"""What adapting to a few statements of one kind gains for that kind and costs the others.

For each kind a model is trained without the real statements of that kind and adapted to some of
them, several times over. Both are measured on the rest of that kind, and on the other kinds of a
test set.

    pip install '.[train]'
    python benchmarks/adaptation.py -c corpus -c ... --test test.csv -o docs/results/adaptation.csv
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from tables import arguments, write_table

from leadclass.corpus import TRAIN, Corpus, Example
from leadclass.evaluation import evaluate
from leadclass.labelled_tables import read_corpus, read_labelled
from leadclass.labels import SIDES
from leadclass.model import Model, load
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train, train_from, write_model

SEED = 0
COLUMNS = ("adapted to", "model", "measured on", "n", "leadership F1", "management F1",
           "right label of four")  # fmt: skip


def main() -> None:
    """Train, adapt, measure, write the table."""
    parser = arguments(__doc__)
    parser.add_argument("--kinds", default="review,framework")
    parser.add_argument("-n", type=int, default=300)
    parser.add_argument("--draws", type=int, default=8)
    parser.add_argument("--bases", type=Path, help="where the models are, or are put")
    options = parser.parse_args()

    examples = read_corpus(options.corpus, texts=options.texts, split=TRAIN).examples
    test, _ = read_labelled(options.test)
    rows: list[list[object]] = []
    with TemporaryDirectory() as folder:
        for kind in options.kinds.split(","):
            own = [e for e in examples if e.origin == "real" and e.kind == kind]
            base = _base(examples, kind, (options.bases or Path(folder)) / kind)
            others = [e for e in test if e.kind != kind]
            rng = np.random.default_rng(SEED)
            figures = []
            for _ in range(options.draws):
                order = rng.permutation(len(own))
                mine = [own[i] for i in order[: options.n]]
                rest = [own[i] for i in order[options.n :]]
                adapted = Model(train_from(base.weights, Corpus(mine, [])).weights)
                figures.append(
                    [_figures(m, part) for part in (rest, others) for m in (base, adapted)]
                )
            means = np.mean(figures, axis=0)
            places = [("the rest of that kind", len(own) - options.n), ("others", len(others))]
            for place, (name, n) in enumerate(places):
                for after, model in enumerate(("before", "after")):
                    cells = [f"{figure:.3f}" for figure in means[2 * place + after]]
                    rows.append([f"{options.n} of {kind}", model, name, n, *cells])
                    print(*rows[-1], sep="  ", flush=True)
    if options.output:
        write_table(options.output, COLUMNS, rows)


def _base(examples: list[Example], kind: str, place: Path) -> Model:
    """The model without the real statements of a kind."""
    if not place.is_dir():
        place.mkdir(parents=True)
        others = [e for e in examples if not (e.origin == "real" and e.kind == kind)]
        write_model(train(Corpus(others, []), TrainingSettings(folds=3)), place)
    return load(place)


def _figures(model: Model, part: list[Example]) -> list[float]:
    corpus = Corpus(part, [])
    whole = evaluate(corpus.shown(), model.decide(corpus.texts).shown, corpus.known()).overall
    return [*(whole.sides[side].f1.value for side in SIDES), whole.accuracy.value]


if __name__ == "__main__":
    main()
