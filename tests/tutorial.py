"""What docs/tutorial.md shows: its commands, run one after the other in a folder of their own.

``cog -r -P -I tests docs/tutorial.md`` writes it anew.
"""

from __future__ import annotations

import csv
import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from textwrap import wrap as fold

from leadclass.defaults import CONFIG_VARIABLE, MODEL_VARIABLE

ROOT = Path(__file__).parent.parent
EXAMPLE = ROOT / "examples" / "tutorial"

#: Characters to a line of what is shown.
_WIDTH = 80

#: Where the commands are run, which lasts as long as the process that shows the page.
_PLACE = tempfile.TemporaryDirectory()
YARD = Path(_PLACE.name).resolve() / "yard"

#: What is shown in its place.
_SHOWN_AS = "/home/ana/yard"


def begin() -> None:
    """Copy the example, as the reader does, and say what is in it."""
    shutil.copytree(EXAMPLE, YARD, dirs_exist_ok=True)
    rows = {path.name: _rows(path) for path in EXAMPLE.glob("*.csv")}
    ana, ben = ({row["text"] for row in rows[f"{name}.labels.csv"]} for name in ("ana", "ben"))
    n_both = len(ana & ben)
    lines = {
        "statements.csv": "from last year's appraisals and postings, without labels",
        "held-out.csv": "more, drawn by chance before anything else, labelled and put away",
        "ana.labels.csv": "of `statements.csv`, labelled by Ana",
        "ben.labels.csv": f"labelled by Ben, {n_both} of them the same as Ana's",
        "settled.csv": "on which the two differ, labelled by Cem",
    }
    print("| file | statements | |\n|---|---:|---|")
    for name, said in lines.items():
        print(f"| `{name}` | {len(rows[name])} | {said} |")


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def run(command: str, code: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command after those before it; it must end with this exit code."""
    settings = {CONFIG_VARIABLE: str(YARD.parent / "settings"), "COLUMNS": str(_WIDTH)}
    others = {name: value for name, value in os.environ.items() if name != MODEL_VARIABLE}
    paths = filter(None, [str(ROOT), os.environ.get("PYTHONPATH")])
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True,
        encoding="utf-8",
        cwd=YARD,
        env=others | settings | {"PYTHONPATH": os.pathsep.join(paths)},
        check=False,
    )
    if done.returncode != code:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    return done


def step(
    *commands: str, lines: tuple[int, int] | None = None, last: int = 0, code: int = 0
) -> None:
    """Run commands and print them with what the last of them says, or with some lines of it.

    Parameters
    ----------
    *commands : str
    lines : (int, int), optional
        The first line that is shown, and the first after it that is not.
    last : int
        Show so many lines from the end instead.
    code : int
        With which the last command must end.
    """
    for command in commands[:-1]:
        run(command)
    done = run(commands[-1], code)
    out = (done.stdout + done.stderr).replace(str(YARD), _SHOWN_AS).strip("\n")
    said = [line.rstrip() for line in out.splitlines()]
    shown = [
        part
        for line in said
        for part in (fold(line, _WIDTH, subsequent_indent="  ") if len(line) > _WIDTH else [line])
    ]
    first, after = lines or (max(0, len(shown) - last) if last else 0, len(shown))
    shown = ["..."] * (first > 0) + shown[first:after] + ["..."] * (after < len(shown))
    print("\n".join(["```console", *(f"$ {command}" for command in commands), *shown, "```"]))


def show_gain() -> None:
    """Say what the statements held out show, in a sentence with the interval."""
    page = json.loads(run("leadclass compare default models/yard held-out.csv -f json").stdout)
    part = page["accuracy"]
    change = part["difference"]
    print(
        f"Of {page['n']} statements that neither model has learnt from, "
        f"{part['first']:.0%} had their label before and {part['second']:.0%} have it now: "
        f"{100 * change['value']:.1f} more in a hundred (95 % interval "
        f"{100 * change['low']:.1f} to {100 * change['high']:.1f})."
    )
