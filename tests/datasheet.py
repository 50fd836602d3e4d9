"""The figures of the corpus's datasheet, counted from its files; cog writes them into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from leadclass.columns import Columns
from leadclass.curation.agreement import Agreement, AgreementReport, agreement
from leadclass.curation.statistics import Statistics, statistics
from leadclass.labelled_rows import Row
from leadclass.labelled_tables import read_all_rows
from leadclass.labels import LABELS

CORPUS = Path(__file__).parent.parent / "corpus"
READINGS = CORPUS / "readings"
FULL_STATEMENT = range(8, 46)
_READING = Columns(text=None)


@cache
def _rows() -> list[Row]:
    return read_all_rows([CORPUS])


@cache
def _statistics() -> Statistics:
    return statistics(_rows())


@cache
def _agreement() -> AgreementReport:
    return agreement(READINGS / "first.csv", READINGS / "second.csv")


def show_composition() -> None:
    """Print the entries of each file by form and by label."""
    heads = ["file", "entries", "statements", "phrases", *LABELS]
    rows = _rows()
    files = {row.file: None for row in rows}
    body = [[f"`{Path(file).name}`", *_sizes(r for r in rows if r.file == file)] for file in files]
    _table(heads, [*body, ["all", *_sizes(rows)]])


def _sizes(rows: Iterable[Row]) -> list[str]:
    examples = [row.example for row in rows]
    forms = Counter(example.form for example in examples)
    labels = Counter(example.label for example in examples)
    numbers = [len(examples), forms["statement"], forms["phrase"], *(labels[x] for x in LABELS)]
    return [f"{number:,}" for number in numbers]


def show_full_statements() -> None:
    """Print how many entries are full statements, and how many near misses there are."""
    full = sum(
        row.example.form == "statement" and len(row.example.text.split()) in FULL_STATEMENT
        for row in _rows()
    )
    pairs = Counter(row.cells["rule"] for row in _rows() if row.example.pair)
    rules = sorted(map(int, pairs))
    print(
        f"{full:,} entries are full statements of {FULL_STATEMENT[0]} to {FULL_STATEMENT[-1]} "
        f"words. {sum(pairs.values()) // 2:,} pairs are near misses, at least "
        f"{min(pairs.values()) // 2} for each of the codebook's {len(rules)} rules."
    )


def show_splits() -> None:
    """Print the entries of each split by form."""
    rows = _rows()
    heads = ["split", "entries", "statements", "phrases", *LABELS]
    splits = sorted({row.example.split for row in rows}, reverse=True)
    _table(heads, [[name, *_sizes(r for r in rows if r.example.split == name)] for name in splits])


def show_counts(*columns: str) -> None:
    """Print the values of columns with the number of entries that have them."""
    counts = _statistics().counts
    body = [
        [column, value or "not said", f"{n:,}"]
        for column in columns
        for value, n in sorted(counts[column].items(), key=lambda item: not item[0])
    ]
    _table(["column", "value", "entries"], body)


def show_lengths() -> None:
    """Print how long entries are, in words."""
    lengths = _statistics().lengths
    quantiles = list(lengths["all"].quantiles)
    body = [
        [name, f"{part.n:,}", f"{part.mean:.1f}", *(f"{x:g}" for x in part.quantiles.values())]
        for name, part in lengths.items()
    ]
    _table(["words", "entries", "mean", *quantiles], body)


def show_growth() -> None:
    """Print the vocabulary and what the last full step brought to it."""
    figures = _statistics()
    first, last = figures.growth[0], figures.growth[-2]
    print(
        f"{figures.n_words:,} words, {figures.vocabulary:,} of them different. In an order drawn "
        f"by chance the first thousand entries bring {first.n_new:,} words, the "
        f"{last.n_entries // 1000}th thousand {last.n_new:,}."
    )


def show_agreement() -> None:
    """Print the agreement of the first and the second reading, whole and in parts."""
    report = _agreement()
    whole = [["label of four", "all", *_agreed(report.overall)]]
    parts = {"side": report.sides, "label": report.labels, "trait": report.traits} | report.slices
    body = [
        [heading, value.replace("_", " "), *_agreed(part)]
        for heading, values in parts.items()
        for value, part in values.items()
    ]
    _table(
        ["of", "value", "n", "by the first", "by the second", "agreement", "kappa"], whole + body
    )


def _agreed(part: Agreement) -> list[str]:
    kappa = "" if part.kappa is None else f"{part.kappa:.3f}"
    numbers = [f"{n:,}" for n in (part.n, part.n_first, part.n_second)]
    return [*numbers, f"{part.share:.1%}", kappa]


def show_settling() -> None:
    """Print what became of the entries that two readings did not settle."""
    report = _agreement()
    kept = {row.cells["id"]: row for row in _rows()}
    third = read_all_rows([READINGS / "third.csv"], columns=_READING)
    dropped = report.overall.n - len(kept)
    differing = {difference.key: difference for difference in report.differences}
    settled = Counter(
        "first"
        if kept[one].example.label == differing[one].first
        else "second"
        if kept[one].example.label == differing[one].second
        else "neither"
        for one in differing
        if one in kept
    )
    print(
        f"The two readings differ in label on {len(differing):,} entries. A third reading gave "
        f"{settled['first']:,} of them the first's label, {settled['second']:,} the second's and "
        f"{settled['neither']:,} another; {len(differing) - settled.total():,} were dropped. "
        f"{len(third):,} entries in the corpus were read a third time in all, since traits and "
        f"doubts count too. {dropped:,} that were read are not in the corpus."
    )


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table; columns of figures are aligned on the right."""
    figures = [
        all(not cell or cell[0].isdigit() for cell in column) for column in zip(*rows, strict=True)
    ]
    print("| " + " | ".join(heads) + " |")
    print("|" + "|".join("---:" if figure else "---" for figure in figures) + "|")
    for row in rows:
        print("| " + " | ".join(row) + " |")
