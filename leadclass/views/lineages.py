"""How a model was made, on a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from leadclass.lineage import lineage
from leadclass.views.console import DIM, console, harmless
from leadclass.weights import Weights


def show_lineage(weights: Weights) -> None:
    """Print where a model comes from, a row for each thing that is known."""
    out = console()
    rows = Table.grid(padding=(0, 2, 0, 0))
    for name, said in lineage(weights.about, weights.digest):
        rows.add_row(Text(name, DIM), Text(harmless(said)))
    out.print(rows)
    out.print()
