"""What to do with a model that was just trained, on a terminal."""

from __future__ import annotations

from rich.text import Text

from leadclass.training.advising import Advice
from leadclass.views.console import BOLD, console, harmless


def show_advice(advice: Advice, folder: str) -> None:
    """Print what the figures mean, whether to use the model, and what to type next."""
    out = console()
    out.print()
    out.print(harmless(" ".join(advice.meaning)))
    out.print()
    out.print(Text(harmless(advice.verdict), BOLD))
    out.print(harmless(advice.reason))
    out.print()
    out.print(f"Written to {harmless(folder)}. Next:", soft_wrap=True)
    out.print(f"  {harmless(advice.command)}", soft_wrap=True)
