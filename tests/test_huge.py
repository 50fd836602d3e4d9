"""Files of any size, by every command that they are for, in a bounded memory and time.

Some are tried small; all of them at their full size where LEADCLASS_LONG_TESTS is set, which takes
some minutes. `benchmarks/hostile.py` measures the same.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parent / "nasty"))

from huge import HUGE, Huge, commands_of

if sys.platform != "win32":
    import resource

LONG = bool(os.environ.get("LEADCLASS_LONG_TESTS"))

#: Of memory that a process may ask for, and seconds of the processor.
MOST_MEMORY = 4 << 30
MOST_SECONDS = 300

#: These are tried small, too: one of each sort.
SMALL = ("open-quote.csv", "one-word.csv", "deep.jsonl", "empty-cells.xlsx", "deep.html")


@pytest.mark.skipif(sys.platform != "linux", reason="no other system keeps to such limits")
@pytest.mark.parametrize("huge", HUGE, ids=lambda huge: huge.name)
def test_a_huge_file_is_worked_on_or_refused(huge: Huge, tmp_path: Path) -> None:
    if not LONG and huge.name not in SMALL:
        pytest.skip("takes long; LEADCLASS_LONG_TESTS=1 runs it")
    path = tmp_path / huge.name
    huge.make(path, 1.0 if LONG else 0.02)
    for command in huge.commands if LONG else huge.commands[:1]:
        with path.open("rb") as stdin:
            done = subprocess.run(
                [sys.executable, "-m", "leadclass", *commands_of(command, huge.name)],
                cwd=tmp_path,
                stdin=stdin if command == "score" else subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                preexec_fn=_limit,
                check=False,
            )
        assert "Traceback" not in done.stderr
        assert done.returncode in (0, 2), done.stderr
        if done.returncode == 2:
            assert done.stderr.startswith("leadclass: ")
            assert done.stderr.count("\n") == 1
        if LONG and huge.says:
            assert huge.says in done.stderr, command


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
