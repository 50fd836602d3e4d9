"""``leadclass analyze`` on a folder of documents, some of which cannot be read."""

import csv
import io
import json
import shutil
import subprocess
import sys
from itertools import cycle, islice
from pathlib import Path

import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line

from leadclass.documents import find_documents
from leadclass.errors import LeadclassError
from leadclass.labels import LABELS, TRAITS
from leadclass.overview import Figures, Overview

DOCUMENTS = Path(__file__).parent / "documents"
N_GOOD = 30

BROKEN = {
    "cut-off.docx": b"PK\x03\x04",
    "cut-off.pdf": b"%PDF-1.7\n1 0 obj",
    "empty.txt": b"",
    "legacy.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"),
    "mojibake.txt": "Руководит командой".encode("cp1251"),
    "note.odt": b"PK\x03\x04",
    "page.doc": b"<html><p>Plans.",
    "picture.pdf": b"\x89PNG\r\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Many good documents and some broken ones, in folders within a folder."""
    made = tmp_path / "jobs"
    (made / "more").mkdir(parents=True)
    for i, source in enumerate(islice(cycle(sorted((EXAMPLES / "postings").iterdir())), N_GOOD)):
        shutil.copy(source, made / ("more" if i % 3 else "") / f"{i:03}-{source.name}")
    for name, content in BROKEN.items():
        (made / "more" / name).write_bytes(content)
    for name in ("locked.pdf", "scan.pdf"):
        shutil.copy(DOCUMENTS / "refused" / name, made)
    return made


def test_what_cannot_be_read_is_named_and_the_rest_is_done(run: Run, folder: Path) -> None:
    done = run("analyze", folder, "-f", "jsonl")
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert len(lines) == len(BROKEN) + 2
    for name in [*BROKEN, "locked.pdf", "scan.pdf"]:
        [line] = [line for line in lines if name in line.split(": ")[1]]
        assert line.startswith("leadclass: ") and "; " in line
    pages = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(pages) == N_GOOD
    assert all(page["n_statements"] > 10 for page in pages)


def test_the_table_and_csv_leave_out_what_cannot_be_read(run: Run, folder: Path) -> None:
    done = run("analyze", folder, "-f", "csv")
    assert done.returncode == 1
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert len({row["document"] for row in rows}) == N_GOOD
    done = run("analyze", folder)
    assert done.returncode == 1
    assert f"{N_GOOD} of {N_GOOD + len(BROKEN) + 2} documents read" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_where_nothing_can_be_read_the_exit_code_is_two(run: Run, tmp_path: Path) -> None:
    for name in ("a.pdf", "b.docx"):
        (tmp_path / name).write_bytes(b"no such thing")
    for row_format in ("table", "jsonl", "csv"):
        done = run("analyze", "a.pdf", "b.docx", "-f", row_format)
        assert (done.returncode, done.stdout) == (2, "")
        assert len(done.stderr.splitlines()) == 3 and "none of these 2" in done.stderr
    assert_one_clear_line(run("analyze", "a.pdf"), "a.pdf", "not a PDF")


def test_patterns_and_folders_give_each_document_once(tmp_path: Path) -> None:
    for name in ("b.txt", "a.docx", "sub/c.PDF", "sub/d.doc", "x.png", ".hidden.txt", "~$a.docx"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    names = [Path(n).name for n in find_documents([tmp_path, tmp_path / "*.txt"])]
    assert names == ["a.docx", "b.txt", "c.PDF", "d.doc"]
    assert find_documents([f"{tmp_path}/**/*.PDF"]) == [str(tmp_path / "sub" / "c.PDF")]
    with pytest.raises(LeadclassError, match="no file matches"):
        find_documents([f"{tmp_path}/*.html"])
    (tmp_path / "odd[1].txt").write_text("x")
    assert find_documents([tmp_path / "odd[1].txt"]) == [str(tmp_path / "odd[1].txt")]


def test_a_guessed_encoding_is_told_and_no_failure(run: Run, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Plans the café’s rota for a whole week.".encode("cp1252"))
    done = run("analyze", "old.txt", "-f", "jsonl")
    assert done.returncode == 0 and "read as cp1252" in done.stderr
    assert "café’s" in json.loads(done.stdout)["statements"][0]["text"]


@pytest.mark.parametrize("name", ["tables.docx", "pages.pdf", "board.html"])
def test_standard_input_may_be_any_document(name: str) -> None:
    content = (DOCUMENTS / name).read_bytes()
    command = [sys.executable, "-m", "leadclass", "analyze", "-f", "jsonl"]
    done = subprocess.run(command, input=content, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["name"] == "-"


def figures(name: str, leadership: int, balance: float | None, **traits: int) -> Figures:
    counts = dict.fromkeys(LABELS, 0) | {"leadership": leadership, "neither": 4 - leadership}
    return Figures(name, counts, balance, dict.fromkeys(TRAITS, 0) | traits)


def test_an_overview_counts_over_all_documents() -> None:
    overview = Overview(
        [
            figures("a", 1, 1.0, vision=1),
            figures("b", 2, 0.5, vision=1, empathy=3),
            figures("c", 0, None),
        ]
    )
    assert overview.n_statements == 12
    assert overview.shares["leadership"] == 0.25
    assert overview.mean_balance == 0.75
    assert [(t.trait, t.n_documents, t.n_statements) for t in overview.traits[:2]] == [
        ("vision", 2, 2),
        ("empathy", 1, 3),
    ]
    assert Overview([figures("c", 0, None)]).mean_balance is None
