"""docs/model-format.md in plain Python, by the letter, and its worked example by cog."""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
from results import show_table

from leadclass.export.vectors import vectors_of
from leadclass.features import stems
from leadclass.labels import OUTPUTS, TRAITS_OF_SIDE
from leadclass.model import load
from leadclass.tokens import tokenise

FOLDER = Path(__file__).parent.parent / "models" / "default"


class PlainScorer:
    """The page's sections 3 to 5, term by term."""

    def __init__(self, folder: Path) -> None:
        page = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        self.settings, self.outputs = page["settings"], page["outputs"]
        rows = pq.read_table(folder / "weights.parquet").to_pylist()
        self.terms = {(row["kind"], row["term"]): row for row in rows}

    def own_terms(self, token: str, stem: str) -> list[tuple[str, str]]:
        marked, longest = f"<{token}>", self.settings["subword_max"]
        sizes = range(self.settings["subword_min"], min(longest, len(marked) - 1) + 1)
        grams = [marked[i : i + n] for n in sizes for i in range(len(marked) - n + 1)]
        if len(marked) <= longest:
            grams.append(marked)
        return [("word", stem), *(("subword", gram) for gram in grams)]

    def sums(self, terms: list[tuple[str, str]], output: str) -> tuple[float, float]:
        """The two sums of section 4."""
        weighed = 0.0
        squared_length = 0.0
        for kind, term in terms:
            if row := self.terms.get((kind, term)):
                c = self.settings["subword_weight"] if kind == "subword" else 1
                weighed += c * row["idf"] * row[output]
                squared_length += c * row["idf"] ** 2
        return weighed, squared_length

    def spans(self, n_tokens: int) -> list[list[range]]:
        """For the whole and for each size all its windows."""
        sizes = [n_tokens, *self.settings["windows"]]
        return [
            [range(i, i + min(size, n_tokens)) for i in range(max(n_tokens - size, 0) + 1)]
            for size in sizes
        ]

    def span_terms(self, tokens: list[str], span: range) -> list[tuple[str, str]]:
        stemmed = stems(tokens)
        terms = [term for i in span for term in self.own_terms(tokens[i], stemmed[i])]
        inside = ["^"] * (span.start == 0) + [stemmed[i] for i in span]
        return terms + [("pair", " ".join(two)) for two in pairwise(inside)]

    def score(self, tokens: list[str], span: range, output: str) -> float:
        weighed, squared_length = self.sums(self.span_terms(tokens, span), output)
        ratio = weighed / math.sqrt(squared_length) if squared_length else 0.0
        return ratio + self.outputs[output]["intercept"]

    def scores(self, tokens: list[str], output: str) -> list[float]:
        return [
            max(self.score(tokens, span, output) for span in spans)
            for spans in self.spans(len(tokens))
        ]

    def log_odds(self, tokens: list[str], output: str) -> float:
        own = self.scores(tokens, output)
        of_traits = [self.scores(tokens, trait) for trait in TRAITS_OF_SIDE.get(output, ())]
        best = [max(span) for span in zip(*of_traits, strict=True)] or [0.0] * len(own)
        constant, *factors = self.outputs[output]["calibration"]
        return constant + sum(f * s for f, s in zip(factors, [*own, *best], strict=True))

    def probabilities(self, tokens: list[str]) -> list[float]:
        return [1 / (1 + math.exp(-self.log_odds(tokens, output))) for output in OUTPUTS]


@cache
def _scorer() -> PlainScorer:
    return PlainScorer(FOLDER)


def show_agreement() -> None:
    """Print how far the exported scorers agree with leadclass on the statements of the corpus."""
    show_table("exports.csv")


def show_example(text: str, side: str) -> None:
    """Print how one statement comes by the probability of a side."""
    plain = _scorer()
    tokens = tokenise([text]).texts()[0]
    stemmed = stems(tokens)
    print(f"`{text}` has the tokens and stems\n")
    _table(["token", *tokens], [["stem", *stemmed]])
    print(f"\nWhat they and the pairs that they end add for `{side}`, and to the squared length:\n")
    before = ["^", *stemmed]
    rows = []
    for i, (token, stem) in enumerate(zip(tokens, stemmed, strict=True)):
        word, *grams = plain.own_terms(token, stem)
        pair = ("pair", f"{before[i]} {stem}")
        known = [gram for gram in grams if gram in plain.terms]
        rows += [
            _row(plain, side, "word", stem, [word]),
            _row(plain, side, "subword", f"{len(known)} of `<{token}>`", known),
            _row(plain, side, "pair", pair[1], [pair]),
        ]
    _table(["kind", "term", "idf", "coefficient", "c · idf · coefficient", "c · idf²"], rows)
    print(f"\nThe spans, with the intercept {plain.outputs[side]['intercept']}:\n")
    rows = []
    for spans in plain.spans(len(tokens)):
        for span in spans:
            weighed, squared = plain.sums(plain.span_terms(tokens, span), side)
            words = " ".join(tokens[i] for i in span)
            score = plain.score(tokens, span, side)
            rows.append([words, _number(weighed), _number(squared), _number(score)])
    _table(["span", "sum", "squared length", "score"], rows)
    own = plain.scores(tokens, side)
    traits = {trait: plain.scores(tokens, trait) for trait in TRAITS_OF_SIDE[side]}
    best = [max(span) for span in zip(*traits.values(), strict=True)]
    constant, *factors = plain.outputs[side]["calibration"]
    sizes = ["the whole", *(f"windows of {size}" for size in plain.settings["windows"])]
    print("\nThe highest for each size, and of the side's traits, with their factors:\n")
    n = len(sizes)
    _table(
        ["", "score", "factor", "highest of a trait", "factor"],
        [
            [sizes[i], _number(own[i]), str(factors[i]), _number(best[i]), str(factors[n + i])]
            for i in range(n)
        ],
    )
    log_odds = plain.log_odds(tokens, side)
    probability = plain.probabilities(tokens)[OUTPUTS.index(side)]
    print(
        f"\nWith the constant {constant} they add up to log-odds of {_number(log_odds)}, a "
        f"probability of\n{probability:.9f}; `leadclass score` says "
        f"{load(FOLDER).predict_proba([text])[0, OUTPUTS.index(side)]:.4f}."
    )


def show_vectors(n: int) -> None:
    """Print some test vectors, with the probabilities of the sides alone."""
    rows = vectors_of(load(FOLDER))[:n]
    columns = ("rule", "text", "tokens", "stems", "label")
    _table(
        [*columns, "p_leadership", "p_management"],
        [
            [
                *(str(row[name]) for name in columns),
                f"{row['p_leadership']:.9f}",
                f"{row['p_management']:.9f}",
            ]
            for row in rows
        ],
    )


def _row(
    plain: PlainScorer, side: str, kind: str, shown: str, terms: list[tuple[str, str]]
) -> list[str]:
    found = plain.terms.get(terms[0]) if len(terms) == 1 and kind != "subword" else None
    weighed, squared = plain.sums(terms, side)
    facts = [_number(found["idf"]), _number(found[side])] if found else ["", ""]
    shown = shown if kind == "subword" else f"`{shown}`"
    return [kind, shown, *facts, _number(weighed), _number(squared)]


def _number(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def _table(heads: list[str], rows: list[list[Any]]) -> None:
    print(f"| {' | '.join(heads)} |")
    print(f"|{'---|' * len(heads)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def read_vectors(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
