"""Whatever is fed to it, a command works or says in one line what is wrong.

`nasty/expected.csv` says for every file in `nasty/files` and every command which of the two, and
what the line has. `python tests/test_nasty.py` writes it anew, to be read before it is kept.
"""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path

import pytest
from nasty_commands import ALWAYS, commands_for

import leadclass.model
from leadclass.cli.main import main
from leadclass.tables import open_table

NASTY = Path(__file__).parent / "nasty"
FILES = NASTY / "files"
EXPECTED = NASTY / "expected.csv"

#: All commands on all files take two minutes.
LONG = bool(os.environ.get("LEADCLASS_LONG_TESTS"))

#: What a terminal is steered with; a line end and a tab are not.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(leadclass.model, "load", _load)
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


_really_load = cache(leadclass.model.load)


def _load(path: object = None) -> leadclass.model.Model:
    """The model, read from the disk once."""
    return _really_load(path)


def run(arguments: list[str], stdin: bytes = b"") -> tuple[int, str, str]:
    """Run the command line in this process: its exit code, what it prints, and its errors."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", "replace", "\n") for _ in range(2))
    given = io.TextIOWrapper(io.BytesIO(stdin), "utf-8")
    before = sys.argv, sys.stdin
    sys.argv, sys.stdin = ["leadclass", *arguments], given
    try:
        with redirect_stdout(out), redirect_stderr(err):
            main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    finally:
        sys.argv, sys.stdin = before
    shown = []
    for stream in (out, err):
        stream.flush()
        shown.append(stream.buffer.getvalue().decode())
    return code, *shown


def expected() -> dict[str, dict[str, tuple[int, str]]]:
    """For every file and command the exit code and what the line has."""
    table: dict[str, dict[str, tuple[int, str]]] = {}
    with EXPECTED.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            for command in row["commands"].split():
                table.setdefault(row["file"], {})[command] = int(row["exit"]), row["line"]
    return table


TABLE = expected() if EXPECTED.exists() else {}


def test_every_nasty_file_is_in_the_table() -> None:
    assert sorted(TABLE) == sorted(path.name for path in FILES.iterdir())


@pytest.mark.parametrize("number", range(len(TABLE)), ids=sorted(TABLE))
def test_a_nasty_file_works_or_is_said_to_be_wrong_in_one_line(number: int) -> None:
    name = sorted(TABLE)[number]
    path = FILES / name
    commands = commands_for(path)
    others = [command for command in commands if command not in ALWAYS]
    for command, arguments in commands.items():
        if not LONG and command not in (*ALWAYS, others[number % len(others)]):
            continue
        for left in Path.cwd().iterdir():
            left.unlink()
        code, out, err = run(arguments, path.read_bytes() if command == "score" else b"")
        should, line = TABLE[name][command]
        assert (code, line in err) == (should, True), f"{command}: {code} {err}"
        assert not _CONTROLS.search(err), err
        if command not in ("score", "suggest"):
            assert not _CONTROLS.search(out), command
        if code == 2:
            assert err.startswith("leadclass: ")
            assert err.count("\n") == 1, err
            assert not list(Path.cwd().iterdir()), "something is left behind"
        if code == 0 and command == "tag":
            own, found = _cells(str(path)), _cells(arguments[-1])
            if path.suffix == ".jsonl":  # whose columns are in the order in which keys come
                assert all(column in found for column in own)
            else:
                assert found[: len(own)] == own


def _cells(path: str) -> list[list[object]]:
    """The columns of a table, names first."""
    with open_table(path) as table:
        columns: list[list[object]] = [[name] for name in table.schema.names]
        for batch in table:
            for column, cells in zip(columns, batch.columns(), strict=True):
                column += map(repr, cells.to_pylist())
    return columns


def _write_expected() -> None:
    rows = []
    leadclass.model.load = _load  # type: ignore[assignment]
    for path in sorted(FILES.iterdir()):
        alike: dict[tuple[int, str], list[str]] = {}
        for command, arguments in commands_for(path).items():
            with tempfile.TemporaryDirectory() as folder:
                os.chdir(folder)
                code, _, err = run(arguments, path.read_bytes() if command == "score" else b"")
                os.chdir(NASTY)
            # Not what a library says in brackets, which is another in its next version.
            said = err.removeprefix("leadclass: ").replace(f"{path}", "") if code == 2 else ""
            line = re.split(r" \((?!line)|; |, column 'text': it has", said.strip())[0].lstrip(
                ":, "
            )
            alike.setdefault((code, line), []).append(command)
        rows += [[path.name, " ".join(names), code, line] for (code, line), names in alike.items()]
    with EXPECTED.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([["file", "commands", "exit", "line"], *rows])


if __name__ == "__main__":
    _write_expected()
