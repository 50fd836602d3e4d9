"""Tables of measured figures for the pages; cog writes them, commands of the pages measure them."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from leadclass.labels import SIDES

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs" / "results"
MODEL = ROOT / "models" / "default" / "model.json"

_Page = dict[str, Any]


def show_in_a_sentence() -> None:
    """Print the figures on real statements as part of a sentence."""
    page = _read("evaluation.json")
    whole = page["overall"]
    sides = [f"{side} F1 {_interval(whole['sides'][side]['f1'])}" for side in SIDES]
    half = page["slices"]["draw"]["random"]["sides"]
    random = " and ".join(f"{half[side]['f1']['value']:.2f}" for side in SIDES)
    print(
        f"{', '.join(sides)}, the right label of four for {whole['accuracy']['value']:.0%};\n"
        f"on the half of them that is a random draw, F1 {random}."
    )


def show_reader() -> None:
    """Print how far a careful reader agrees with the labels of the real statements."""
    page = _read("reader.json")
    whole, sides = page["overall"], page["sides"]
    kappas = " and ".join(f"{sides[side]['kappa']:.2f} for {side}" for side in SIDES)
    print(
        "A reader with the codebook, a language model as those who read the corpus are, labelled "
        f"{whole['n']}\nof these statements, {whole['share']:.1%} of them with the same label of "
        f"four; kappa is {kappas}."
    )


def show_sides(name: str, *columns: str) -> None:
    """Print a row for all statements of an evaluation and for each value of some columns."""
    page = _read(name)
    parts = {"all": page["overall"]}
    for column in columns:
        parts |= page["slices"][column]
    _table(
        ["statements", "n", *(f"{side} F1" for side in SIDES), "right label of four"],
        [
            [
                value,
                f"{part['n']:,}",
                *(_interval(part["sides"][side]["f1"]) for side in SIDES),
                _interval(part["accuracy"]),
            ]
            for value, part in parts.items()
        ],
    )


def show_probabilities(name: str, column: str) -> None:
    """Print how good the probabilities of an evaluation are, whatever the thresholds."""
    page = _read(name)
    heads = ["average precision", "Brier score", "calibration error"]
    figures = ("average_precision", "brier", "calibration_error")
    _table(
        ["statements", "side", *heads],
        [
            [value, side, *(f"{part['quality'][side][figure]:.3f}" for figure in figures)]
            for value, part in ({"all": page["overall"]} | page["slices"][column]).items()
            for side in SIDES
        ],
    )


def show_traits(name: str) -> None:
    """Print the traits of an evaluation."""
    whole = _read(name)["overall"]
    scores = whole["each_trait"] | {"all together": whole["traits"]}
    _table(
        ["trait", "shown", "precision", "recall", "F1"],
        [
            [
                trait.replace("_", " "),
                f"{one['n_shown']:,}",
                *(f"{one[figure]:.3f}" for figure in ("precision", "recall")),
                _interval(one["f1"]),
            ]
            for trait, one in scores.items()
        ],
    )
    print(f"\nThe mean F1 of the eight is {whole['trait_macro_f1']:.3f}.")


def show_table(name: str) -> None:
    """Print a table that a benchmark has written."""
    with (RESULTS / name).open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    _table(heads, rows)


def show_results(name: str) -> None:
    """Print a whole table, where it is there."""
    found = _rows(name)
    if found is not None:
        _table(*found)


def show_together(name: str, column: str, unlike: str | None = None) -> None:
    """Print a table with rows put together that are alike in all but one column.

    What matches the pattern `unlike`, such as a name in a message, is no difference.
    """
    found = _rows(name)
    if found is None:
        return
    heads, rows = found
    place = heads.index(column)
    every = list(dict.fromkeys(row[place] for row in rows))
    together: dict[tuple[str, ...], list[str]] = {}
    for row in rows:
        others = [*row[:place], *row[place + 1 :]]
        if unlike:
            others = [re.sub(unlike, "…", cell) for cell in others]
        values = together.setdefault(tuple(others), [])
        if row[place] not in values:
            values.append(row[place])
    _table(
        heads,
        [
            [*rest[:place], _listed(values, every), *rest[place:]]
            for rest, values in together.items()
        ],
    )


def show_highest(name: str, *columns: str, most: int = 10) -> None:
    """Print the rows of a table that are highest in one of some columns of numbers, and say so."""
    found = _rows(name)
    if found is None:
        return
    heads, rows = found
    shown: set[int] = set()
    for column in columns:
        place = heads.index(column)
        shown |= set(sorted(range(len(rows)), key=lambda i: -_number(rows[i][place]))[:most])
    if len(shown) < len(rows):
        print(f"Of {len(rows):,} rows those with the most {' or '.join(columns)}:\n")
    _table(heads, [rows[i] for i in sorted(shown)])


def _rows(name: str) -> tuple[list[str], list[list[str]]] | None:
    """The heads and the rows of a table; nothing, and a word about it, where it is not there."""
    if not (RESULTS / name).exists():
        print("Not measured yet.")
        return None
    with (RESULTS / name).open(encoding="utf-8", newline="") as file:
        heads, *rows = csv.reader(file)
    return heads, [[cell.replace("|", r"\|") for cell in row] for row in rows]


def _listed(values: Sequence[str], every: Sequence[str]) -> str:
    if len(values) == len(every) > 2:
        return f"all {len(every)}"
    shown = values[:_MOST_LISTED]
    return "; ".join(shown) + (f" and {len(values) - len(shown)} more" if values != shown else "")


def _number(cell: str) -> float:
    digits = cell.replace(",", "").split(" ")[0]
    try:
        return float(digits)
    except ValueError:
        return 0.0


#: Values that are listed in a cell before it says how many more there are.
_MOST_LISTED = 12


def show_cross_validation() -> None:
    """Print the cross-validated figures of the shipped model."""
    figures = _model()["cross_validation"]
    parts = {"all": figures["overall"]} | figures["slices"]["kind"]
    _table(
        ["rows", "n", *(f"{side} F1" for side in SIDES), "right label of four"],
        [
            [
                name,
                f"{part['n']:,}",
                *(f"{part['sides'][side]['f1']['value']:.2f}" for side in SIDES),
                f"{part['accuracy']['value']:.2f}",
            ]
            for name, part in parts.items()
        ],
    )


def show_behaviour() -> None:
    """Print how many of the cases that test the shipped model it passes."""
    results = _model()["behaviour"]
    sorts = dict.fromkeys(result["sort"] for result in results)
    functionality, *others = [[r for r in results if r["sort"] == sort] for sort in sorts]
    rows = [["plain cases of the codebook's rules", functionality]]
    rows += [[result["name"], [result]] for group in others for result in group]
    _table(
        ["what", "passed", "of", "share"],
        [
            [name, f"{passed:,}", f"{n:,}", f"{passed / n:.1%}"]
            for name, group in rows
            for passed, n in [(sum(r["n_passed"] for r in group), sum(r["n"] for r in group))]
        ],
    )


def _interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def _read(name: str) -> _Page:
    return json.loads((RESULTS / name).read_text(encoding="utf-8"))


def _model() -> _Page:
    return json.loads(MODEL.read_text(encoding="utf-8"))


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    rows = list(rows)
    print(f"| {' | '.join(heads)} |")
    numbers = [all(_is_number(row[i]) for row in rows) for i in range(len(heads))]
    print(f"|{'|'.join('---:' if number else '---' for number in numbers)}|")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def _is_number(cell: str) -> bool:
    return not cell or cell[0].isdigit()
