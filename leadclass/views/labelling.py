"""What has been labelled, and how far others agree, on a terminal."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from leadclass.curation.agreement import Agreement
from leadclass.labelling.results import Results
from leadclass.labels import LABELS, SIDES
from leadclass.views.agreements import kappa
from leadclass.views.console import BOLD, DIM, console, harmless, label_text, table


def show_results(results: Results, n_done: int, n_asked: int, n_now: int | None) -> None:
    """Print how many have which label, and the agreement with the model and a second annotator.

    Parameters
    ----------
    results : Results
    n_done, n_asked : int
        How many statements of the table have a label, and how many there are.
    n_now : int, optional
        How many have got theirs just now.
    """
    out = console()
    line = Text(harmless(results.path), BOLD)
    now = f", {n_now:,} of them now" if n_now is not None else ""
    line.append(f"  {n_done:,} of {n_asked:,} labelled{now}", "not bold")
    out.print(line, soft_wrap=True)
    counts = [
        label_text(label).append(f" {results.counts.get(label, 0):,}", "default not bold")
        for label in LABELS
    ]
    out.print(Text("   ").join(counts), soft_wrap=True)
    if not results.agreements:
        return
    out.print_table(_agreements(results))
    if results.n_seen:
        left_out = f"Left out of the model's: {results.n_seen:,} labelled with its opinion in view."
        out.print(Text(left_out, DIM))
    out.print(Text("Kappa leaves out what chance would give: 1 is perfect, 0 is chance.", DIM))


def _agreements(results: Results) -> Table:
    reports = results.agreements
    shown = table("agreement", *(head for name in reports for head in (harmless(name), "kappa")))
    parts: list[tuple[str | Text, list[Agreement]]] = [
        ("label of four", [report.overall for report in reports.values()]),
        *((label_text(side), [r.sides[side] for r in reports.values()]) for side in SIDES),
    ]
    for title, found in parts:
        shown.add_row(title, *(cell for a in found for cell in (f"{a.share:.1%}", kappa(a))))
    counts = (f"{report.overall.n:,}" for report in reports.values())
    shown.add_row("statements", *(cell for count in counts for cell in (count, "")), style=DIM)
    return shown
