"""The look that all terminal views share: colours, marks and bars."""

from __future__ import annotations

from rich import box
from rich.console import Console
from rich.style import Style
from rich.table import Table
from rich.text import Text

from leadclass.harmless import harmless as harmless
from leadclass.labels import MARKS

#: A colour for each label; the shapes are in `leadclass.labels.MARKS`.
COLOURS = {"leadership": "cyan", "management": "yellow", "both": "magenta"}
STYLES = {label: Style(color=colour, bold=True) for label, colour in COLOURS.items()}
STYLES["neither"] = Style(dim=True)
DIM = Style(dim=True)
BOLD = Style(bold=True)

_FULL, _PARTS = "█", "▏▎▍▌▋▊▉"


class _Console(Console):
    def print_table(self, made: Table) -> None:
        """Print a table with some room above it."""
        self.print()
        self.print(made)

    def on_broken_pipe(self) -> None:
        """Leave it to the command line, which ends well when a reader has seen enough."""
        raise BrokenPipeError


def console() -> _Console:
    """A console that guesses nothing about numbers or markup in users' texts."""
    return _Console(highlight=False, markup=False, emoji=False)


def label_text(label: str) -> Text:
    """A label with its mark, in its colour."""
    return Text(f"{MARKS[label]} {label}", STYLES[label])


def bar(share: float, width: int, style: Style | str = "") -> Text:
    """A bar whose length is a share of the width, to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, share)) * width * 8)
    whole, part = divmod(eighths, 8)
    return Text(_FULL * whole + (_PARTS[part - 1] if part else ""), style)


def percent(probability: float | None) -> str:
    """A probability as a whole number of hundredths; nothing for a missing one."""
    return "" if probability is None or probability != probability else f"{probability:.0%}"


def table(first: str, *others: str) -> Table:
    """An empty table: names on the left, figures aligned on the right."""
    made = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    made.add_column(first, no_wrap=True)
    for name in others:
        made.add_column(name, justify="right" if name else "left", no_wrap=True)
    return made
