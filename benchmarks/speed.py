"""How fast leadclass is beside its peers, on the same statements in the same run.

Each is measured in a process of its own, on one core, after it has been loaded and has seen a
thousand of the statements; the best of several runs counts. Statements are drawn with replacement:
words come again, as in any large table. Machines are noisy: compare the ratios, not the rates.

    pip install '.[train]' spacy -r benchmarks/requirements.txt
    python benchmarks/speed.py --texts statements.csv -o docs/results

Writes speed.csv, growth.csv and start.csv. Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from tables import write_table

from leadclass.labels import LABELS, SIDES, sides_of

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
SEED = 0
REPEATS = 3

#: A peer that takes longer than this for so many statements is given fewer.
PATIENCE = 20.0

#: Says something of every statement.
Work = Callable[[Sequence[str]], object]


def leadclass() -> Work:
    """leadclass: both sides and eight traits."""
    import pyarrow as pa

    from leadclass.model import load

    model = load()
    # A column of strings is what a table's reader gives.
    return lambda texts: model.decide(pa.array(texts, pa.string()))


def same_pipeline() -> Work:
    """scikit-learn's pipeline with the same features and outputs."""
    import joblib

    pipeline = joblib.load(ROOT / "models" / "default" / "pipeline.joblib")
    return pipeline.predict_proba


def word_characters() -> Work:
    """scikit-learn's TF-IDF of words and characters, two logistic regressions."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union

    return _fitted(
        make_pipeline(
            make_union(
                TfidfVectorizer(ngram_range=(1, 2), min_df=2),
                TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2),
            ),
            _two_logistics(),
        )
    )


def words() -> Work:
    """scikit-learn's TF-IDF of words, two logistic regressions."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    return _fitted(make_pipeline(TfidfVectorizer(), _two_logistics()))


def fasttext() -> Work:
    """The classifier of fastText, from Python: one label of four, sub-words and pairs."""
    import fasttext as library

    texts, labels = _training()
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
        lines.writelines(
            f"__label__{label} {' '.join(text.split())}\n"
            for text, label in zip(texts, labels, strict=True)
        )
        lines.flush()
        model = library.train_supervised(
            lines.name, wordNgrams=2, minn=3, maxn=6, dim=100, epoch=5, thread=1, verbose=0
        )
    # The library's own predict builds numpy arrays in a way that numpy 2 refuses.
    return lambda texts: model.f.multilinePredict([f"{t}\n" for t in texts], 1, 0.0, "strict")


def spacy() -> Work:
    """The bag-of-words classifier of spaCy, four labels."""
    import spacy as library
    from spacy.training import Example

    texts, labels = _training()
    nlp = library.blank("en")
    nlp.add_pipe(
        "textcat", config={"model": {"@architectures": "spacy.TextCatBOW.v3", "ngram_size": 2}}
    )
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {name: name == label for name in LABELS}})
        for text, label in zip(texts[:2000], labels[:2000], strict=True)
    ]
    optimiser = nlp.initialize(lambda: examples)
    nlp.update(examples, sgd=optimiser)
    return lambda texts: [doc.cats for doc in nlp.pipe(texts, batch_size=2000)]


def minilm() -> Work:
    """MiniLM sentence embeddings, without a classifier."""
    import torch
    from accuracy import minilm_folder
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    encoder = SentenceTransformer(minilm_folder(), device="cpu")
    return lambda texts: encoder.encode(list(texts), batch_size=64)


def count_words() -> Work:
    """Only finding the words: wc -w."""

    def work(texts: Sequence[str]) -> object:
        if len(texts) not in files:
            files[len(texts)] = Path(folder.name) / f"{len(texts)}.txt"
            files[len(texts)].write_text("\n".join(texts) + "\n", encoding="utf-8")
        return subprocess.run(["wc", "-w", files[len(texts)]], capture_output=True, check=True)

    folder = tempfile.TemporaryDirectory()
    files: dict[int, Path] = {}
    return work


PEERS = {
    peer.__name__: peer
    for peer in (
        leadclass,
        same_pipeline,
        word_characters,
        words,
        spacy,
        fasttext,
        minilm,
        count_words,
    )
}


def _training() -> tuple[list[str], list[str]]:
    rows = []
    for name in ("postings", "reviews"):
        with (CORPUS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def _two_logistics() -> object:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))


def _fitted(pipeline: object) -> Work:
    import numpy as np

    texts, labels = _training()
    sides = np.array([[side in sides_of(label) for side in SIDES] for label in labels])
    pipeline.fit(texts, sides)
    return pipeline.predict_proba


def statements(paths: Iterable[str], n: int) -> list[str]:
    """So many statements, drawn with replacement from those of some tables."""
    texts: list[str] = []
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as file:
            texts += [" ".join(row["text"].split()) for row in csv.DictReader(file)]
    return random.Random(SEED).choices([text for text in texts if len(text) > 20], k=n)


def measure(name: str, paths: list[str], n: int) -> dict[str, float]:
    """Seconds for `n` statements, and the peak of memory, in this process."""
    texts = statements(paths, n)
    work = PEERS[name]()
    work(texts[:1000])
    best = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        work(texts)
        best = min(best, time.perf_counter() - start)
        if best > PATIENCE:
            break
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": best, "megabytes": megabytes}


def alone(name: str, paths: list[str], n: int) -> dict[str, float] | None:
    """The same in a process of its own, on one core; None if the peer is not installed."""
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    texts = [word for path in paths for word in ("--texts", path)]
    done = subprocess.run(
        [sys.executable, __file__, *texts, "--measure", name, "-n", str(n)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | single,
        check=False,
    )
    if done.returncode:
        if "ModuleNotFoundError" not in done.stderr:
            raise RuntimeError(f"{name}: {done.stderr}")
        print(f"{name} is not installed", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def rates(paths: list[str], n: int) -> list[list[str]]:
    """A row a peer: statements a second, and how many times as many leadclass does."""
    found: dict[str, float] = {}
    for name in PEERS:
        few = alone(name, paths, max(n // 100, 1000))
        if few is None:
            continue
        slow = few["seconds"] * 100 > PATIENCE
        many = few if slow else alone(name, paths, n)
        if many is not None:
            found[name] = (max(n // 100, 1000) if slow else n) / many["seconds"]
            print(f"{name}: {found[name]:,.0f} a second", file=sys.stderr, flush=True)
    return [
        [
            (PEERS[name].__doc__ or name).rstrip("."),
            f"{rate:,.0f}",
            f"{found['leadclass'] / rate:.2f}",
        ]
        for name, rate in found.items()
    ]


def growth(paths: list[str], most: int) -> list[list[str]]:
    """A row for each size from a thousand on: seconds, rate and memory of leadclass."""
    rows, n = [], 1000
    while n <= most:
        one = alone("leadclass", paths, n)
        if one is not None:
            rows.append(
                [f"{n:,}", f"{one['seconds']:.3f}", f"{n / one['seconds']:,.0f}",
                 f"{one['megabytes']:,.0f}"]
            )  # fmt: skip
        n *= 10
    return rows


def starts() -> list[list[str]]:
    """A row for each way to start: the seconds until it has ended, the best of several runs."""
    ways = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "leadclass --help": [sys.executable, "-m", "leadclass", "--help"],
        "leadclass score 'Plans the rota.'": [
            sys.executable, "-m", "leadclass", "score", "Plans the rota.",
        ],
        "load pipeline.joblib and predict": [
            sys.executable, "-c",
            "import joblib; joblib.load('models/default/pipeline.joblib').predict_proba(['x'])",
        ],
    }  # fmt: skip
    rows = []
    for name, command in ways.items():
        best = float("inf")
        for _ in range(7):
            start = time.perf_counter()
            subprocess.run(command, capture_output=True, cwd=ROOT, check=True)
            best = min(best, time.perf_counter() - start)
        rows.append([name, f"{best:.2f}"])
    return rows


def main() -> None:
    """Measure one peer, or all of them and write the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", action="append", default=[])
    parser.add_argument("-n", type=int, default=1_000_000)
    parser.add_argument("--most", type=int, default=10_000_000)
    parser.add_argument("--measure", choices=PEERS)
    parser.add_argument("-o", "--output", type=Path)
    options = parser.parse_args()
    paths = options.texts or [str(CORPUS / "postings.csv"), str(CORPUS / "reviews.csv")]
    if options.measure:
        print(json.dumps(measure(options.measure, paths, options.n)))
        return
    tables = {
        "start.csv": (["command", "seconds"], starts()),
        "speed.csv": (
            ["on one core", "statements a second", "leadclass is faster by"],
            rates(paths, options.n),
        ),
        "growth.csv": (
            ["statements", "seconds", "a second", "peak memory in MB"],
            growth(paths, options.most),
        ),
    }
    for name, (heads, rows) in tables.items():
        print(f"\n{name}")
        for row in [heads, *rows]:
            print(" | ".join(row))
        if options.output:
            write_table(options.output / name, heads, rows)


if __name__ == "__main__":
    main()
