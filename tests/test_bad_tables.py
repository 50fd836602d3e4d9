"""Every bad input ends with one clear line, exit code 2, and no output left behind."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, assert_one_clear_line


def made(folder: Path, name: str, content: bytes | None) -> Path:
    path = folder / name
    if content is not None:
        path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.csv", None, ["missing.csv", "no such file"]),
        ("empty.csv", b"", ["empty.csv", "empty"]),
        ("empty.parquet", b"", ["empty.parquet", "empty"]),
        ("blank.csv", b"\n\n", ["no header"]),
        ("text.csv", b"id,comment\n1,x\n", ["'c'", "-t", "'id'", "'comment'"]),
        ("ragged.csv", b"id,c\n1,x\n2,y,z\n", ["ragged.csv", "row 2", "line 3", "3 cells", "2"]),
        ("short.csv", b"id,c\n1,x\n2\n", ["row 2", "1 cells"]),
        ("quote.csv", b'id,c\n1,"x\n2,y\n', ["quote.csv", "CSV", "quote"]),
        ("cp1252.csv", "id,c\n1,x\n2,caf\xe9 \x93\n".encode("latin-1"), ["line 3", "cp1252"]),
        ("table.ods", b"x", [".ods", ".csv"]),
        ("table", b"x", ["extension", ".csv"]),
        ("broken.parquet", b"PAR1 no more", ["broken.parquet", "Parquet"]),
        ("broken.jsonl", b'{"c": "x"}\n{"c": \n', ["line 2", "JSON"]),
        ("list.jsonl", b"[1]\n", ["line 1", "JSON object"]),
    ],
)
def test_bad_tables_are_named_with_place_and_remedy(
    run: Run, tmp_path: Path, name: str, content: bytes | None, words: list[str]
) -> None:
    made(tmp_path, name, content)
    assert_one_clear_line(run("tag", name, "-t", "c", "-o", "out.csv"), *words)
    assert {path.name for path in tmp_path.iterdir()} <= {name}


def test_a_folder_is_no_table(run: Run, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    assert_one_clear_line(run("tag", "folder", "-t", "c", "-o", "out.csv"), "folder")


def test_columns_that_hold_no_text_are_refused(run: Run, tmp_path: Path) -> None:
    pq.write_table(pa.table({"c": [1, 2]}), tmp_path / "in.parquet")
    assert_one_clear_line(run("tag", "in.parquet", "-t", "c", "-o", "o.csv"), "'c'", "int64")


def test_outputs_need_a_folder_and_a_known_extension(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.csv", b"c\nx\n")
    assert_one_clear_line(run("tag", "in.csv", "-t", "c", "-o", "no/out.csv"), "no", "folder")
    assert_one_clear_line(run("tag", "in.csv", "-t", "c", "-o", "out.xyz"), ".xyz")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_table_does_not_overwrite_itself(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.csv", b"c\nx\n")
    assert_one_clear_line(run("tag", "in.csv", "-t", "c", "-o", "in.csv"), "overwrite")
    assert (tmp_path / "in.csv").read_bytes() == b"c\nx\n"


def test_an_earlier_output_survives_a_bad_row(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.csv", b"c,d\nx,y\nz\n")
    made(tmp_path, "out.csv", b"from before")
    assert_one_clear_line(run("tag", "in.csv", "-t", "c", "-o", "out.csv"), "row 2")
    assert (tmp_path / "out.csv").read_bytes() == b"from before"


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--encoding", "utf-9"], ["utf-9"]),
        (["--encoding", "hex"], ["hex"]),
        (["--delimiter", ";;"], ["--delimiter", "one character"]),
        (["--delimiter", ""], ["--delimiter", "one character"]),
        (["--unit", "word"], ["--unit", "row", "statement"]),
        (["-o", "x" * 252 + ".csv"], ["name too long"]),
        (["-t", "C"], ["'C'", "'c'"]),
    ],
)
def test_bad_options_are_named(
    run: Run, tmp_path: Path, options: list[str], words: list[str]
) -> None:
    made(tmp_path, "in.csv", b"c\nx\n")
    done = run("tag", "in.csv", "-t", "c", "-o", "o.csv", *options)
    assert_one_clear_line(done, *words)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_a_path_that_is_a_text_is_named(run: Run) -> None:
    for command in (["analyze"], ["tag", "-t", "c", "-o", "o.csv"], ["evaluate"]):
        assert_one_clear_line(run(*command, "Leads the team. " * 40), "no path")


def test_columns_of_one_name_cannot_be_told_apart(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.csv", b"c,c,d\nx,y,z\n")
    assert_one_clear_line(run("tag", "in.csv", "-t", "c", "-o", "o.csv"), "2 columns", "'c'")
    assert_one_clear_line(run("tag", "in.csv", "-t", "d", "-o", "o.jsonl"), "jsonl", "'c'")
    assert run("tag", "in.csv", "-t", "d", "-o", "o.csv").returncode == 0


def test_damaged_pages_of_parquet_blame_the_input(run: Run, tmp_path: Path) -> None:
    pq.write_table(
        pa.table({"c": ["Plans the rota for all of us."] * 5000}), tmp_path / "in.parquet"
    )
    content = bytearray((tmp_path / "in.parquet").read_bytes())
    content[20:60] = bytes(40)
    made(tmp_path, "in.parquet", bytes(content))
    done = run("tag", "in.parquet", "-t", "c", "-o", "out.csv")
    assert_one_clear_line(done, "in.parquet", "Parquet")
    assert not (tmp_path / "out.csv").exists()


def test_cells_that_an_encoding_lacks_are_named(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.jsonl", b'{"c": "\\u4e2d is planned"}\n')
    options = ["--encoding", "cp1252", "--unit", "statement"]
    done = run("tag", "in.jsonl", "-t", "c", "-o", "o.jsonl", *options)
    assert_one_clear_line(done, "cp1252", "'\u4e2d'")


def test_other_encodings_are_read_and_written_back(run: Run, tmp_path: Path) -> None:
    made(tmp_path, "in.csv", "c\ncafé\n".encode("cp1252"))
    done = run("tag", "in.csv", "-t", "c", "-o", "out.csv", "--encoding", "cp1252")
    assert done.returncode == 0, done.stderr
    assert "café" in (tmp_path / "out.csv").read_text(encoding="cp1252")


def test_keys_that_come_late_are_refused_where_columns_are_fixed(run: Run, tmp_path: Path) -> None:
    rows = b'{"c": "x"}\n' * 9000 + b'{"c": "x", "late": 1}\n'
    made(tmp_path, "in.jsonl", rows)
    assert_one_clear_line(
        run("tag", "in.jsonl", "-t", "c", "-o", "out.csv"), "in.jsonl", "row 9001", "'late'"
    )
    assert run("tag", "in.jsonl", "-t", "c", "-o", "out.jsonl").returncode == 0
