"""What adapting to a few statements of one kind gains for that kind and costs the others.

A model is trained without the real statements of a kind, adapted to some of them, and both are
measured on a test set, by kind.

    python benchmarks/adaptation.py -c corpus -c ... --kind review -n 300 --test test.csv
"""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from leadclass.assessment import assess
from leadclass.corpus import Corpus
from leadclass.labelled_tables import read_corpus
from leadclass.labels import SIDES
from leadclass.model import Model, load
from leadclass.training.train import train, train_from, write_model

SEED = 0


def main() -> None:
    """Train, adapt, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("-c", "--corpus", action="append", required=True)
    parser.add_argument("--texts", action="append", default=[])
    parser.add_argument("--kind", default="review")
    parser.add_argument("-n", type=int, default=300)
    parser.add_argument("--test", required=True)
    parser.add_argument("--base", type=Path, help="where the model is, or is put")
    options = parser.parse_args()

    examples = read_corpus(options.corpus, texts=options.texts).examples
    own = [e for e in examples if e.origin == "real" and e.kind == options.kind]
    others = [e for e in examples if not (e.origin == "real" and e.kind == options.kind)]
    chosen = np.random.default_rng(SEED).choice(len(own), options.n, replace=False)
    with TemporaryDirectory() as folder:
        place = options.base or Path(folder) / "base"
        if not place.is_dir():
            place.mkdir(parents=True)
            write_model(train(Corpus(others, [])), place)
        base = load(place)
    adapted = train_from(base.weights, Corpus([own[i] for i in chosen], []))
    models = {"before": base, "after": Model(adapted.weights)}
    print(f"freedom {adapted.weights.about['adapted']['freedom']}")
    print("| rows | model | n | leadership F1 | management F1 | right label of four |")
    print("|---|---|---:|---:|---:|---:|")
    for name, model in models.items():
        for value, part in assess(model, options.test).evaluate().slices["kind"].items():
            cells = [f"{part.sides[side].f1.value:.3f}" for side in SIDES]
            cells.append(f"{part.accuracy.value:.3f}")
            print(f"| {value} | {name} | {part.n} | {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
