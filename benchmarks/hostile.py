"""Huge and hostile files in, what each command makes of them out: outcome, time and memory.

Every command runs by itself with a limit of memory and of time. Seconds are those of the processor,
so that they mean something on a machine that does other things besides.

    python benchmarks/hostile.py -o docs/results/hostile.csv
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
from multiprocessing import get_context
from pathlib import Path

from tables import write_table

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "nasty")]

from huge import HUGE, Huge, commands_of  # noqa: E402

#: No command may take more.
MOST_MEMORY = 4 << 30
MOST_SECONDS = 300

HEADS = ("file", "megabytes", "command", "outcome", "seconds", "peak_mb", "line")


def main() -> None:
    """Make each file, try the commands that it is for, and write the table after each."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-o", "--output", type=Path, required=True, help="the csv to write")
    parser.add_argument("--scale", type=float, default=1.0, help="make smaller files")
    parser.add_argument("--only", nargs="*", default=[], help="files whose names have one of these")
    options = parser.parse_args()
    rows: list[tuple[object, ...]] = []
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for huge in HUGE:
            if options.only and not any(part in huge.name for part in options.only):
                continue
            path = folder / huge.name
            _make(huge, path, options.scale)
            megabytes = f"{path.stat().st_size / 1e6:.1f}"
            for command in huge.commands:
                row = (huge.name, megabytes, command, *_run(command, path))
                print(*row, flush=True)
                rows.append(row)
                write_table(options.output, HEADS, rows)
            for left in folder.iterdir():
                left.unlink()


def _make(huge: Huge, path: Path, scale: float) -> None:
    """Make a file in a process of its own, whose memory is then not taken for that of a command."""
    process = get_context("fork").Process(target=huge.make, args=(path, scale))
    process.start()
    process.join()
    if process.exitcode:
        raise RuntimeError(f"{huge.name} could not be made")


def _run(command: str, path: Path) -> tuple[str, str, str, str]:
    """The outcome of a command, the seconds and the memory that it took, and what it said."""
    errors = path.with_name("errors")
    with path.open("rb") as stdin, errors.open("wb") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "leadclass", *commands_of(command, path.name)],
            cwd=path.parent,
            stdin=stdin if command == "score" else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            preexec_fn=_limit,
        )
        _, status, used = os.wait4(process.pid, 0)
    said = errors.read_text(encoding="utf-8", errors="replace")
    code = os.waitstatus_to_exitcode(status)
    clear = code == 2 and said.count("\n") == 1 and "Traceback" not in said
    outcome = "works" if code == 0 else "refused" if clear else f"FAILS ({code})"
    line = said.strip().removeprefix(f"leadclass: {path.name}").lstrip(":, ").split(";")[0]
    seconds = used.ru_utime + used.ru_stime
    return outcome, f"{seconds:.1f}", f"{used.ru_maxrss / 1024:.0f}", line if code else ""


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))


if __name__ == "__main__":
    main()
