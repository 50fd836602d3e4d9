"""Figures after so many labels in, a table and a picture of learning curves out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import isotonic_regression

#: Resamples of the draws, and the share of them that an interval covers.
RESAMPLES = 2000
COVERAGE = 0.95

#: Numbers of labels by random choice that the others are measured by.
TARGETS = (500, 750, 1000)

HEADS = (
    "asked",
    *(f"F1 at {n:,}" for n in TARGETS),
    *(f"labels for what {n:,} at random give" for n in TARGETS),
)

#: After M. Okabe and K. Ito, by the order of the ways.
_COLOURS = ("#666666", "#e69f00", "#0072b2", "#56b4e9")


def summary(curves: dict[str, np.ndarray], labels: Sequence[int]) -> list[list[str]]:
    """A row for each way: its F1, and how many labels it needs for what chance reaches.

    Parameters
    ----------
    curves : dict of str to ndarray, shape (n_draws, n_labels)
        F1; the first way is chance.
    labels : sequence of int, length n_labels

    Returns
    -------
    list of list of str
        With the heads `HEADS`; labels as a share of those at random; intervals over draws in
        brackets.
    """
    chance = next(iter(curves.values()))
    rng = np.random.default_rng(0)
    draws = rng.integers(0, len(chance), (RESAMPLES, len(chance)))
    every = np.arange(len(chance))
    rows = []
    for way, curve in curves.items():
        cells = [way]
        cells += [
            _cell([_at(curve[some], labels, n) for some in (every, *draws)], ".3f") for n in TARGETS
        ]
        for n in TARGETS:
            values = [_needed(curve[some], chance[some], labels, n) / n for some in (every, *draws)]
            cells.append("100%" if curve is chance else _cell(values, ".0%"))
        rows.append(cells)
    return rows


def _at(curve: np.ndarray, labels: Sequence[int], n: int) -> float:
    return float(np.interp(n, labels, curve.mean(axis=0)))


def _needed(curve: np.ndarray, chance: np.ndarray, labels: Sequence[int], n: int) -> float:
    """How many labels a way needs for what chance has after `n`; at most all that were measured.

    Both mean curves are made to rise first, by isotonic regression, which treats them alike.
    """
    target = np.interp(n, labels, isotonic_regression(chance.mean(axis=0)).x)
    own = isotonic_regression(curve.mean(axis=0)).x
    fine = np.arange(labels[0], labels[-1] + 1)
    reached = np.flatnonzero(np.interp(fine, labels, own) >= target)
    return float(fine[reached[0]]) if len(reached) else float(labels[-1])


def _cell(values: list[float], form: str) -> str:
    edge = (1 - COVERAGE) / 2
    low, high = np.quantile(values[1:], [edge, 1 - edge])
    return f"{values[0]:{form}} ({low:{form}}–{high:{form}})"


def draw_curves(
    curves: dict[str, dict[str, np.ndarray]], labels: Sequence[int], path: Path
) -> None:
    """Draw the mean curves, a panel for each figure, with twice their standard errors.

    Parameters
    ----------
    curves : dict of str to dict of str to ndarray, shape (n_draws, n_labels)
        By figure, then by way.
    labels : sequence of int, length n_labels
    path : pathlib.Path
    """
    import matplotlib  # late, so that the tables can be made without it

    matplotlib.use("agg")
    from matplotlib.figure import Figure

    figure = Figure(figsize=(10, 4.2), layout="constrained")
    for axes, (name, ways) in zip(figure.subplots(1, len(curves)), curves.items(), strict=True):
        for colour, (way, curve) in zip(_COLOURS, ways.items(), strict=False):
            mean = curve.mean(axis=0)
            error = 2 * curve.std(axis=0, ddof=1) / np.sqrt(len(curve)) if len(curve) > 1 else 0
            axes.plot(labels, mean, color=colour, label=way, marker="o", markersize=3)
            axes.fill_between(labels, mean - error, mean + error, color=colour, alpha=0.08, lw=0)
        axes.set_title(name, loc="left")
        axes.set_xlabel("labels")
        axes.spines[["top", "right"]].set_visible(False)
    axes.legend(frameon=False)
    figure.savefig(path, dpi=110)
