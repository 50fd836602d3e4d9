"""Two models side by side, on a terminal."""

from __future__ import annotations

from rich.text import Text

from leadclass.comparison import Comparison
from leadclass.labels import SIDES
from leadclass.views.console import BOLD, DIM, console, harmless, label_text, table


def show_comparison(comparison: Comparison, first: str, second: str) -> None:
    """Print both models' figures, how they differ, and the verdict."""
    out = console()
    out.print(Text(f"first: {harmless(first)}, second: {harmless(second)}", BOLD))
    shown = table(
        f"{comparison.n:,} statements", "first", "second", "difference", "right alone", "p"
    )
    rows = {side: comparison.sides[side] for side in SIDES} | {"right label": comparison.accuracy}
    for name, part in rows.items():
        title = label_text(name).append(" F1") if name in SIDES else name
        change = part.difference
        shown.add_row(
            title,
            f"{part.first:.3f}",
            f"{part.second:.3f}",
            f"{change.value:+.3f} ({change.low:+.3f} to {change.high:+.3f})",
            f"{part.only_first} : {part.only_second}",
            f"{part.p_value:.2g}",
        )
    out.print_table(shown)
    out.print()
    out.print(Text(comparison.verdict(harmless(first), harmless(second)), BOLD))
    out.print()
    out.print(Text("In brackets: 95 % intervals of a paired bootstrap; p: McNemar, exact.", DIM))
