"""No text and no name of a file steers the terminal of whoever looks at it."""

import io
import os
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from conftest import Run

from leadclass.errors import LeadclassError
from leadclass.harmless import harmless, harmless_json
from leadclass.tables import batch_of, create_table
from leadclass.tables.formats import PARQUET, TableFormat
from leadclass.views.rows import print_rows

STEERING = "\x1b[31m\x07\x9b2J\u202e\u2066\x7f"
NAME = "a\x1b[31m\n\x9b2J\u202eb"


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def steers(text: str) -> bool:
    return any(harmless(sign) != sign for sign in text if sign not in "\n\t\r")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_no_name_of_a_file_reaches_the_terminal_as_it_is(run_here: Run, tmp_path: Path) -> None:
    (tmp_path / f"{NAME}.txt").write_text("Plans the rota.")
    (tmp_path / f"{NAME}2.txt").write_bytes(b"Caf\xe9.")
    (tmp_path / f"{NAME}.docx").write_bytes(b"no")
    (tmp_path / f"{NAME}.csv").write_text("text,label\nPlans.,craft\n")
    (tmp_path / f"{NAME}2.csv").write_text("text,label\nPlans.,management\n")
    for arguments in (
        ["analyze", "."],
        ["analyze", f"{NAME}.txt"],
        ["analyze", f"{NAME}.docx"],
        ["analyze", f"no{NAME}.txt"],
        ["analyze", f"{NAME}.txt", "--html", f"no{NAME}/x.html"],
        ["tag", f"{NAME}.csv", "-t", STEERING, "-o", "o.csv"],
        ["tag", f"{NAME}.csv", "-t", "text", "-o", f"{NAME}.xyz"],
        ["evaluate", f"{NAME}.csv"],
        ["evaluate", f"{NAME}2.csv"],
        ["corpus", "check", f"{NAME}.csv"],
        ["corpus", "stats", f"{NAME}2.csv"],
        ["corpus", "agreement", f"{NAME}2.csv", f"{NAME}2.csv"],
        ["drift", f"{NAME}2.csv", "-t", "text"],
        ["suggest", f"{NAME}2.csv", "-t", "text"],
        ["score", "--model", NAME, "x"],
        ["score", f"--{NAME}"],
        ["explain", STEERING],
        [NAME],
    ):
        done = run_here(*arguments)
        assert not steers(done.stdout), arguments
        assert not steers(done.stderr), arguments
        assert done.returncode != 2 or done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_may_be_bytes_that_are_no_text(run_here: Run, tmp_path: Path) -> None:
    name = os.fsdecode(b"\xff\xfe.txt")
    try:
        (tmp_path / name).write_text("Plans the rota.")
    except OSError:
        pytest.skip("this file system has no such names")
    for options in ([], ["-f", "jsonl"], ["-f", "csv"], ["--html", "report.html"]):
        assert run_here("analyze", name, *options).returncode == 0
    assert (tmp_path / "report.html").exists()


def test_rows_are_as_they_are_in_a_pipe_and_harmless_on_a_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for stream, shown in ((io.StringIO(), False), (Terminal(), True)):
        monkeypatch.setattr(sys, "stdout", stream)
        print_rows([{"text": f"a\n\t{STEERING}"}], "csv", ["text"])
        assert steers(stream.getvalue()) is not shown
        assert "a\n\t" in stream.getvalue()


def test_json_escapes_what_steers() -> None:
    assert harmless_json('{"é": "\x9b\u202e\u2028"}') == '{"é": "\\u009b\\u202e\\u2028"}'


def test_a_table_on_a_terminal_is_shown_and_not_obeyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    monkeypatch.setattr(terminal, "buffer", io.BytesIO(), raising=False)
    batch = batch_of(pa.RecordBatch.from_pydict({"text": [f"é {STEERING}", "b"]}))
    added = pa.schema([("label", pa.string())])
    for name in ("csv", "tsv", "jsonl"):
        with create_table("-", TableFormat(name), batch.schema, added) as writer:
            writer.write(batch, [pa.array(["both", "neither"])])
    assert "é" in terminal.getvalue()
    assert terminal.getvalue().count("neither") == 3
    assert not steers(terminal.getvalue())
    with (
        pytest.raises(LeadclassError, match="terminal"),
        create_table("-", TableFormat(PARQUET), batch.schema, added),
    ):
        pass
