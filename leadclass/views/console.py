"""The look that all terminal views share: colours, marks and bars."""

from __future__ import annotations

from rich.console import Console
from rich.style import Style
from rich.text import Text

#: A colour and a shape for each label, so that it reads in grey and for colour-blind eyes.
COLOURS = {"leadership": "cyan", "management": "yellow", "both": "magenta"}
STYLES = {label: Style(color=colour, bold=True) for label, colour in COLOURS.items()}
STYLES["neither"] = Style(dim=True)
MARKS = {"leadership": "▲", "management": "■", "both": "◆", "neither": "·"}
DIM = Style(dim=True)
BOLD = Style(bold=True)

_FULL, _PARTS = "█", "▏▎▍▌▋▊▉"


def console(*, stderr: bool = False) -> Console:
    """A console that guesses nothing about numbers or markup in users' texts."""
    return Console(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)


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
