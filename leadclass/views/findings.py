"""The findings of a check, a line each, for eyes, grep or the next program."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from leadclass.curation.findings import SORTS, Finding
from leadclass.views.console import BOLD, DIM, console, harmless
from leadclass.views.rows import print_rows

COLUMNS = ("file", "row", "severity", "sort", "message", "text")
_STYLES = {"error": "red", "warning": "yellow"}


def show_findings(findings: Sequence[Finding], n_rows: int, kind: str) -> None:
    """Print every finding, and what they come to on standard error.

    Parameters
    ----------
    findings : sequence of Finding
    n_rows : int
        Rows that were looked at.
    kind : {'lines', 'jsonl', 'csv'}
    """
    if kind == "lines":
        out = console()
        for finding in findings:
            out.print(_line(finding), soft_wrap=True)
    else:
        print_rows(
            ({name: getattr(finding, name) for name in COLUMNS} for finding in findings),
            kind,
            COLUMNS,
        )
    sys.stdout.flush()
    Console(stderr=True, highlight=False).print(_sum(findings, n_rows))


def _line(finding: Finding) -> Text:
    line = Text(f"{harmless(finding.file)}, row {finding.row}: ", BOLD)
    line.append(f"{finding.sort}: ", _STYLES[finding.severity])
    line.append(harmless(finding.message))
    if finding.text:
        line.append(f"  {harmless(finding.text)}", DIM)
    return line


def _sum(findings: Sequence[Finding], n_rows: int) -> str:
    counted = Counter(finding.sort for finding in findings)
    sorts = ", ".join(f"{counted[sort]} {sort}" for sort in SORTS if counted[sort])
    errors = sum(finding.severity == "error" for finding in findings)
    numbers = (_number(n_rows, "row"), _number(errors, "error"))
    warnings = _number(len(findings) - errors, "warning")
    return ", ".join([*numbers, warnings]) + (f": {sorts}" if sorts else "")


def _number(n: int, what: str) -> str:
    return f"{n:,} {what}{'' if n == 1 else 's'}"
