"""What the README shows, made by the program: ``cog -r -P -I tests README.md`` writes it anew."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from textwrap import wrap as fold

ROOT = Path(__file__).parent.parent

#: The shipped model, whatever the user has chosen.
_AS_SHIPPED = {"LEADCLASS_MODEL": str(ROOT / "models" / "default")}


def show(
    command: str, *, lines: tuple[int, int] | None = None, code: int = 0, width: int | None = None
) -> None:
    """Print a command and its output, or some lines of it, as a block of a console.

    The command must end with this exit code; of one that refuses, the error is what it says. Lines
    longer than the width are folded.
    """
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command)],
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env=os.environ | _AS_SHIPPED | {"COLUMNS": "80"},
        check=False,
    )
    if done.returncode != code:
        raise RuntimeError(f"{command} ended with {done.returncode}: {done.stderr}")
    said = done.stderr if code == 2 else done.stdout
    shown = [line.rstrip() for line in said.rstrip().splitlines()]
    if width:
        shown = [part for line in shown for part in fold(line, width, subsequent_indent="  ")]
    if lines:
        first, last = lines
        shown = ["..."] * (first > 0) + shown[first:last] + ["..."] * (last < len(shown))
    print("\n".join(["```console", f"$ {command}", *shown, "```"]))
