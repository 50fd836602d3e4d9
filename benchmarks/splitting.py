"""Splitters of text on the documents of tests/splitting, which were split by hand, in one run.

leadclass reads a document whole. The others cut sentences out of running text, so that each is
also given one line at a time. What is measured is said in docs/splitting.md.

    pip install '.[test]' -r benchmarks/requirements.txt
    python benchmarks/splitting.py -o docs/results/splitting.csv
"""

from __future__ import annotations

import argparse
import csv
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from tables import write_table

from leadclass.statements import split

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"

sys.path.append(str(ROOT / "tests"))
from yardstick import Counts, HandSplit, Splitter, boundaries, hand_splits, whole  # noqa: E402

#: The documents that the rules were made on, and those that were kept from them.
PARTS = {"a": "a*", "b": "b*", "all": "*"}

COLUMNS = (
    "splitter",
    *(f"{figure}, {part}" for figure in ("boundary F1", "statement F1") for part in PARTS),
    "ms a document",
)


def leadclass(text: str) -> Iterator[tuple[int, int]]:
    """leadclass."""
    return ((statement.start, statement.end) for statement in split(text))


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Every line a statement."""
    place = 0
    for line in text.splitlines(keepends=True):
        yield place, place + len(line)
        place += len(line)


def punkt(text: str) -> Iterable[tuple[int, int]]:
    """NLTK's Punkt, learnt from the texts of the corpus."""
    return _punkt(learnt=True).span_tokenize(text)


def untrained_punkt(text: str) -> Iterable[tuple[int, int]]:
    """NLTK's Punkt without any data."""
    return _punkt(learnt=False).span_tokenize(text)


def pysbd(text: str) -> Iterator[tuple[int, int]]:
    """pysbd."""
    end = 0
    for sentence in _pysbd().segment(text):
        # It gives the sentences; where each stands is looked up, as its own places may repeat.
        start = text.find(sentence, end)
        if start >= 0:
            end = start + len(sentence)
            yield start, end


PEERS: tuple[Splitter, ...] = (punkt, untrained_punkt, pysbd)


@cache
def _punkt(*, learnt: bool) -> Any:
    from nltk.tokenize.punkt import PunktSentenceTokenizer, PunktTrainer

    if not learnt:
        return PunktSentenceTokenizer()
    trainer = PunktTrainer()
    trainer.INCLUDE_ALL_COLLOCS = True
    for path in sorted(CORPUS.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            texts = [row["text"] for row in csv.DictReader(file) if row.get("text")]
        trainer.train("\n".join(texts), finalize=False)
    trainer.finalize_training()
    return PunktSentenceTokenizer(trainer.get_params())


@cache
def _pysbd() -> Any:
    from pysbd import Segmenter

    return Segmenter(language="en", clean=False)


def by_line(splitter: Splitter) -> Splitter:
    """The same splitter, given one line at a time."""

    def split_lines(text: str) -> Iterator[tuple[int, int]]:
        for start, end in lines(text):
            for first, last in splitter(text[start:end]):
                yield start + first, start + last

    split_lines.__doc__ = f"{_title(splitter)}, line by line."
    return split_lines


def _title(splitter: Splitter) -> str:
    return (splitter.__doc__ or "").rstrip(".")


def row(splitter: Splitter, documents: list[HandSplit]) -> list[str]:
    """The figures of a splitter."""
    splitter(documents[0].text)  # what it reads once is not its speed
    start = time.perf_counter()
    for document in documents:
        list(splitter(document.text))
    milliseconds = 1000 * (time.perf_counter() - start) / len(documents)
    figures = [
        sum((measure(d, splitter) for d in hand_splits(pattern)), Counts()).f1
        for measure in (boundaries, whole)
        for pattern in PARTS.values()
    ]
    return [_title(splitter), *(f"{figure:.3f}" for figure in figures), f"{milliseconds:.2f}"]


def main() -> None:
    """Measure all splitters and write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, help="the csv to write")
    options = parser.parse_args()
    documents = hand_splits()
    splitters = [leadclass, lines, *(way for peer in PEERS for way in (peer, by_line(peer)))]
    rows = [row(splitter, documents) for splitter in splitters]
    for one in [COLUMNS, *rows]:
        print(" | ".join(one))
    if options.output:
        write_table(options.output, COLUMNS, rows)


if __name__ == "__main__":
    main()
