"""Fuzz everything that reads what others wrote, for so many seconds: ``python -m fuzz --help``."""

from __future__ import annotations

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fuzz.target import ROOT
from fuzz.targets import TARGETS

#: No input takes longer or more memory; the slowest ones seen take a tenth of it.
INPUT_SECONDS = 20
MEGABYTES = 2_500

#: Inputs of one process. What watches it takes a kilobyte or two for each and gives none back; the
#: same inputs without it take nothing.
_INPUTS = 250_000

#: A process that ends sooner than the time it has is started again, but not for less than this.
_SHORTEST_RUN = 3


@dataclass(frozen=True)
class Run:
    """How a target was fuzzed.

    Attributes
    ----------
    target : str
    seconds : int
    cpu_seconds : int
    executions : int
    features : int
        What atheris tells apart of the ways through the code, all that the corpus reaches.
    findings : int
        Kinds of findings, in this run and in those before into the same folder.
    """

    target: str
    seconds: int
    cpu_seconds: int
    executions: int
    features: int
    findings: int


def main() -> None:
    """Run targets in turn, several at a time, and say what was found."""
    given = _parser().parse_args()
    unknown = sorted(set(given.target) - set(TARGETS))
    if unknown:
        sys.exit(f"fuzz: no target is called {unknown[0]!r}; there are {', '.join(TARGETS)}")
    if not 0 < given.seconds:
        sys.exit("fuzz: --seconds is above zero")
    names = given.target or list(TARGETS)
    each = max(1, round(given.seconds * given.jobs / len(names)))
    runs = []
    with ThreadPoolExecutor(given.jobs) as pool:
        for run in pool.map(lambda name: _run(name, each, given.folder), names):
            print(
                f"{run.target:14}{run.cpu_seconds:6} s of CPU in{run.seconds:6} s"
                f"{run.executions:10,} executions{run.features:8,} features"
                f"{run.findings:4} findings",
                flush=True,
            )
            runs.append(run)
            if given.csv:
                _write(given.csv, runs)
    found = sorted(given.folder.glob("*/findings/*.txt"))
    for path in found:
        print(f"{path.with_suffix('')}: {path.read_text().splitlines()[0]}")
    crashed = sorted(p for p in given.folder.glob("*/findings/*-*") if p.suffix != ".txt")
    print(*crashed, sep="\n", end="\n" if crashed else "")
    sys.exit(1 if found or crashed else 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument(
        "target", nargs="*", metavar="TARGET", help=f"some of {', '.join(TARGETS)}; else all"
    )
    parser.add_argument("--seconds", type=float, default=600, help="for all together")
    parser.add_argument("--jobs", type=int, default=2, help="targets at a time")
    parser.add_argument(
        "--folder", type=Path, default=ROOT / ".fuzz", help="for what was found, and the corpus"
    )
    parser.add_argument("--csv", type=Path, help="write the figures to this file, a table")
    return parser


def _run(name: str, seconds: int, folder: Path) -> Run:
    """Fuzz one target in processes of its own until its time is up."""
    findings = folder / name / "findings"
    findings.mkdir(parents=True, exist_ok=True)
    executions = features = 0
    cpu_seconds = 0.0
    begun = time.monotonic()
    while (left := int(seconds - (time.monotonic() - begun))) >= _SHORTEST_RUN or not executions:
        log, cpu = _output_of(
            [
                *(sys.executable, "-m", "fuzz.worker", name, str(folder / name), str(findings)),
                f"-max_total_time={max(left, 1)}",
                f"-runs={_INPUTS}",
                f"-timeout={INPUT_SECONDS}",
                f"-report_slow_units={INPUT_SECONDS}",
                f"-rss_limit_mb={MEGABYTES}",
                f"-artifact_prefix={findings}/",
                "-print_final_stats=1",
            ]
        )
        cpu_seconds += cpu
        (folder / name / "log.txt").write_text(log, encoding="utf-8")
        executions += _last(r"stat::number_of_executed_units:\s+(\d+)", log) or _last(
            r"^#(\d+)\s", log
        )
        features = max(features, _last(r"\bft: (\d+)", log))
        if not executions:
            sys.exit(f"fuzz: {name} does not start:\n{log[-2000:]}")
    kinds = [path for path in findings.iterdir() if path.suffix != ".txt"]
    seconds_taken = round(time.monotonic() - begun)
    return Run(name, seconds_taken, round(cpu_seconds), executions, features, len(kinds))


def _output_of(command: Sequence[str]) -> tuple[str, float]:
    """What a command says on standard error, and the seconds of a processor that it took."""
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=log)
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        log.seek(0)
        return log.read().decode(errors="replace"), used.ru_utime + used.ru_stime


def _last(pattern: str, log: str) -> int:
    found = re.findall(pattern, log, re.MULTILINE)
    return int(found[-1]) if found else 0


def _write(path: Path, runs: Sequence[Run]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["target", "seconds", "executions", "features", "found before", "found now"]
        )
        for run in runs:
            before = len(list((ROOT / "tests" / "fuzzed" / run.target).glob("*")))
            row = [run.target, run.cpu_seconds, run.executions, run.features, before, run.findings]
            writer.writerow(row)


if __name__ == "__main__":
    main()
