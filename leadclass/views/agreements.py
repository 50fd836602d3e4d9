"""How far two readings agree, on a terminal."""

from __future__ import annotations

from collections.abc import Mapping

from rich.table import Table
from rich.text import Text

from leadclass.curation.agreement import Agreement, AgreementReport
from leadclass.labels import LABELS
from leadclass.views.console import BOLD, DIM, console, harmless, label_text, table
from leadclass.views.evaluations import confusion_table


def show_agreement(report: AgreementReport, title: str, most: int) -> None:
    """Print percent and kappa, the confusion, and so many of the rows that differ."""
    out = console()
    whole = report.overall
    out.print(Text(harmless(title), BOLD))
    left_out = report.n_only_first + report.n_only_second
    alone = f"; {left_out:,} rows that one of them has alone are left out" if left_out else ""
    out.print(
        f"{whole.n:,} statements matched by {report.key}{alone}. The same label of four for "
        f"{whole.share:.1%}, kappa {kappa(whole)}."
    )
    shown_parts = {"side": report.sides, "label alone": report.labels, "trait": report.traits}
    for heading, parts in shown_parts.items():
        if parts:
            out.print_table(_shown_or_not(heading, parts))
    for column, parts in report.slices.items():
        part_table = table(harmless(column), "n", "agreement", "kappa")
        for value, part in parts.items():
            name = harmless(value) or "not said"
            part_table.add_row(name, f"{part.n:,}", f"{part.share:.1%}", kappa(part))
        out.print_table(part_table)
    out.print_table(confusion_table(report.confusion, "first \\ second"))
    _show_differences(report, most)
    out.print()
    out.print(Text("Kappa leaves out what chance would give: 1 is perfect, 0 is chance.", DIM))


def _shown_or_not(heading: str, parts: Mapping[str, Agreement]) -> Table:
    shown = table(heading, "first", "second", "agreement", "kappa")
    for name, part in parts.items():
        title = label_text(name) if name in LABELS else name.replace("_", " ")
        counts = (f"{part.n_first:,}", f"{part.n_second:,}")
        shown.add_row(title, *counts, f"{part.share:.1%}", kappa(part))
    return shown


def _show_differences(report: AgreementReport, most: int) -> None:
    if not report.differences or not most:
        return
    out = console()
    out.print()
    out.print(Text(f"{len(report.differences):,} rows differ", BOLD))
    for one in report.differences[:most]:
        line = Text(f"{harmless(one.first_file)}, row {one.first_row}: ", BOLD)
        line.append(f"{one.first}, by the second {one.second}")
        line.append(f"  {harmless(one.text or one.key)}", DIM)
        out.print(line, soft_wrap=True)


def kappa(part: Agreement) -> str:
    """Kappa, or a dash where there is none."""
    return "-" if part.kappa is None else f"{part.kappa:.3f}"
