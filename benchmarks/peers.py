"""What leadclass is measured beside: each makes ready, then says something of every statement.

Those that learn do so from the corpus. An import fails where a peer is not installed.
"""

from __future__ import annotations

import csv
import pickle
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leadclass.labels import LABELS, SIDES, sides_of

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"
MODEL = ROOT / "models" / "default"


@dataclass(frozen=True)
class Peer:
    """Something that is ready to work.

    Attributes
    ----------
    work : callable
        Says something of every statement of a sequence.
    megabytes : float
        Its model, on disk.
    """

    work: Callable[[Sequence[str]], object]
    megabytes: float


def leadclass() -> Peer:
    """leadclass: both sides and eight traits."""
    import pyarrow as pa

    from leadclass.model import load
    from leadclass.weights import JSON_FILE, WEIGHTS_FILE

    model = load(MODEL)
    size = sum((MODEL / name).stat().st_size for name in (JSON_FILE, WEIGHTS_FILE))
    # A column of strings is what a table's reader gives.
    return Peer(lambda texts: model.decide(pa.array(texts, pa.string())), size / 1e6)


def same_pipeline() -> Peer:
    """scikit-learn's pipeline with the same features and outputs."""
    import joblib

    file = MODEL / "pipeline.joblib"
    return Peer(joblib.load(file).predict_proba, file.stat().st_size / 1e6)


def word_characters() -> Peer:
    """scikit-learn's TF-IDF of words and characters, two logistic regressions."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union

    characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=2)
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2)
    return _fitted(make_pipeline(make_union(words, characters), _two_logistics()))


def words() -> Peer:
    """scikit-learn's TF-IDF of words, two logistic regressions."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline

    return _fitted(make_pipeline(TfidfVectorizer(), _two_logistics()))


def fasttext() -> Peer:
    """The classifier of fastText, from Python: one label of four, words, pairs and sub-words."""
    return _fasttext(wordNgrams=2, minn=3, maxn=6)


def fasttext_words() -> Peer:
    """The same with words alone."""
    return _fasttext(wordNgrams=1, minn=0, maxn=0)


def _fasttext(**settings: int) -> Peer:
    import fasttext as library

    texts, labels = _training()
    with tempfile.TemporaryDirectory() as folder:
        lines, saved = Path(folder) / "lines.txt", Path(folder) / "model.bin"
        lines.write_text(
            "".join(
                f"__label__{label} {' '.join(text.split())}\n"
                for text, label in zip(texts, labels, strict=True)
            ),
            encoding="utf-8",
        )
        model = library.train_supervised(
            str(lines), dim=100, epoch=5, thread=1, verbose=0, **settings
        )
        model.save_model(str(saved))
        size = saved.stat().st_size
    # The library's own predict builds numpy arrays in a way that numpy 2 refuses.
    return Peer(
        lambda texts: model.f.multilinePredict([f"{t}\n" for t in texts], 1, 0.0, "strict"),
        size / 1e6,
    )


def vowpal_wabbit() -> Peer:
    """Vowpal Wabbit, from Python: one label of four, words and pairs."""
    from vowpalwabbit import Workspace

    texts, labels = _training()
    model = Workspace(f"--oaa {len(LABELS)} --ngram 2 -b 20 --quiet")
    for text, label in zip(texts, labels, strict=True):
        model.learn(f"{LABELS.index(label) + 1} | {_bare(text)}")
    with tempfile.NamedTemporaryFile() as saved:
        model.save(saved.name)
        size = Path(saved.name).stat().st_size
    return Peer(lambda texts: [model.predict(f"| {_bare(t)}") for t in texts], size / 1e6)


def spacy() -> Peer:
    """The bag-of-words classifier of spaCy, four labels."""
    import spacy as library
    from spacy.training import Example

    texts, labels = _training()
    nlp = library.blank("en")
    nlp.add_pipe(
        "textcat",
        config={
            "model": {
                "@architectures": "spacy.TextCatBOW.v3",
                "exclusive_classes": True,
                "no_output_layer": False,
                "ngram_size": 2,
            }
        },
    )
    examples = [
        Example.from_dict(nlp.make_doc(text), {"cats": {name: name == label for name in LABELS}})
        for text, label in zip(texts, labels, strict=True)
    ]
    optimiser = nlp.initialize(lambda: examples[:1000])
    for start in range(0, len(examples), 1000):
        nlp.update(examples[start : start + 1000], sgd=optimiser)
    size = len(nlp.to_bytes())
    return Peer(lambda texts: [doc.cats for doc in nlp.pipe(texts, batch_size=2000)], size / 1e6)


def minilm() -> Peer:
    """MiniLM's sentence embeddings, without a classifier."""
    import torch
    from accuracy import minilm_folder
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(1)
    folder = Path(minilm_folder())
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    encoder = SentenceTransformer(str(folder), device="cpu")
    return Peer(lambda texts: encoder.encode(list(texts), batch_size=64), size / 1e6)


def count_words() -> Peer:
    """Only finding the words: wc -w."""

    def work(texts: Sequence[str]) -> object:
        if len(texts) not in files:
            files[len(texts)] = Path(folder.name) / f"{len(texts)}.txt"
            files[len(texts)].write_text("\n".join(texts) + "\n", encoding="utf-8")
        return subprocess.run(["wc", "-w", files[len(texts)]], capture_output=True, check=True)

    folder = tempfile.TemporaryDirectory()
    files: dict[int, Path] = {}
    return Peer(work, 0.0)


PEERS = {
    make.__name__: make
    for make in (
        leadclass,
        same_pipeline,
        word_characters,
        words,
        spacy,
        vowpal_wabbit,
        fasttext,
        fasttext_words,
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


def _two_logistics() -> Any:
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    return OneVsRestClassifier(LogisticRegression(C=10, solver="liblinear"))


def _fitted(pipeline: Any) -> Peer:
    import numpy as np

    texts, labels = _training()
    sides = np.array([[side in sides_of(label) for side in SIDES] for label in labels])
    pipeline.fit(texts, sides)
    return Peer(pipeline.predict_proba, len(pickle.dumps(pipeline)) / 1e6)


def _bare(text: str) -> str:
    """Without what Vowpal Wabbit reads as its own marks."""
    return " ".join(text.replace(":", " ").replace("|", " ").split())
