import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

openpyxl = pytest.importorskip("openpyxl", reason="the extra excel is not installed")

from leadclass.errors import LeadclassError  # noqa: E402
from leadclass.model import Model  # noqa: E402
from leadclass.table_tagging import tag_table  # noqa: E402
from leadclass.tables import excel_files, open_table  # noqa: E402

HEADER = ["id", "when", "score", "kept", "comment"]
ROWS: list[list[Any]] = [
    [1, dt.datetime(2024, 5, 1, 9, 30), 2.5, True, "Plans the rota."],
    [2, None, 3.25, False, "Inspires the team."],
    [3, dt.datetime(2025, 1, 31), None, None, None],
    [4, dt.datetime(2025, 2, 1), 4.75, True, "Née à Genève; ☕ 🍲"],
]


def workbook(path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def cells(path: Path) -> list[list[Any]]:
    book = openpyxl.load_workbook(path)
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_a_workbook_comes_back_with_its_own_cells_and_what_is_added(
    model: Model, tmp_path: Path
) -> None:
    source = workbook(tmp_path / "a.xlsx", HEADER, *ROWS)
    tag_table(model, source, tmp_path / "b.xlsx", "comment")
    tagged = cells(tmp_path / "b.xlsx")
    assert tagged[0] == [*HEADER, "label", "p_leadership", "p_management", "traits"]
    assert [row[:5] for row in tagged[1:]] == ROWS
    assert [row[5] for row in tagged[1:]] == ["management", "leadership", "neither", "neither"]
    assert isinstance(tagged[1][6], float)
    assert tagged[3][6] is None


def test_a_workbook_is_tagged_as_a_csv_of_the_same_rows_is(model: Model, tmp_path: Path) -> None:
    reviews = EXAMPLES / "reviews.csv"
    tag_table(model, reviews, tmp_path / "from_csv.xlsx", "comment")
    with open_table(reviews) as table:
        rows = [row for batch in table for row in zip(*(c.to_pylist() for c in batch.columns()))]  # noqa: B905
        source = workbook(tmp_path / "a.xlsx", table.schema.names, *map(list, rows))
    tag_table(model, source, tmp_path / "tagged.xlsx", "comment")
    assert cells(tmp_path / "tagged.xlsx") == cells(tmp_path / "from_csv.xlsx")
    tag_table(model, source, tmp_path / "tagged.csv", "comment")
    tag_table(model, reviews, tmp_path / "from_csv.csv", "comment")
    assert (tmp_path / "tagged.csv").read_text() == (tmp_path / "from_csv.csv").read_text()


def test_text_that_looks_like_a_formula_stays_text(model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('text\n"=HYPERLINK(""http://evil.example"")"\n+1+1\n@SUM(1)\n')
    tag_table(model, tmp_path / "a.csv", tmp_path / "b.xlsx", "text")
    column = [row[0] for row in openpyxl.load_workbook(tmp_path / "b.xlsx").active.iter_rows()]
    assert {cell.data_type for cell in column} == {"s"}
    assert column[1].value == '=HYPERLINK("http://evil.example")'


def test_a_column_of_several_kinds_is_one_of_text(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", ["text"], [1], ["two"], [dt.datetime(2024, 5, 1)])
    with open_table(source) as table:
        (batch,) = table
    assert batch.read(0).to_pylist() == ["1", "two", "2024-05-01 00:00:00"]


def test_a_number_of_any_size_is_read(tmp_path: Path) -> None:
    with open_table(workbook(tmp_path / "a.xlsx", ["n"], [10**30], [1])) as table:
        (batch,) = table
    assert float(batch.read(0).to_pylist()[0]) == 1e30


def test_a_large_sheet_is_read_as_a_small_one_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = workbook(tmp_path / "a.xlsx", HEADER, *ROWS)
    read = []
    for kept in (excel_files.KEPT_CELLS, 9):
        monkeypatch.setattr(excel_files, "KEPT_CELLS", kept)
        with open_table(source) as table:
            read.append([column.to_pylist() for batch in table for column in batch.columns()])
        assert table.share() == 1
    assert read[0] == read[1]


def test_empty_rows_and_what_is_right_of_the_header_but_empty_are_no_cells(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", [], ["text", None], ["a", None], [], [None], ["b"])
    with open_table(source) as table:
        (batch,) = table
    assert table.schema.names == ["text"]
    assert batch.read(0).to_pylist() == ["a", "b"]


def test_a_row_that_is_wider_than_the_header_is_named(tmp_path: Path) -> None:
    source = workbook(tmp_path / "a.xlsx", ["text"], ["a"], ["b", "c"])
    with pytest.raises(LeadclassError, match=r"row 2: has 2 cells"), open_table(source):
        pass


@pytest.mark.parametrize(
    "content", [b"text\na\n", b"\xd0\xcf\x11\xe0" + bytes(99), b"PK\x05\x06" + bytes(18)]
)  # fmt: skip
def test_what_is_no_workbook_is_said_in_one_line(run: Run, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    done = run("tag", tmp_path / "a.xlsx", "-t", "text", "-o", "b.xlsx")
    assert_one_clear_line(done, "a.xlsx", "not a whole Excel workbook")
    assert not (tmp_path / "b.xlsx").exists()


def test_an_empty_sheet_is_said_in_one_line(run: Run, tmp_path: Path) -> None:
    workbook(tmp_path / "a.xlsx")
    done = run("tag", tmp_path / "a.xlsx", "-t", "text", "-o", "b.xlsx")
    assert_one_clear_line(done, "a.xlsx", "empty")


def test_a_cell_that_is_too_long_for_excel_is_named(model: Model, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text\na\n" + "b" * 40_000 + "\n")
    with pytest.raises(LeadclassError, match=r"row 2: a cell has 40,000"):
        tag_table(model, tmp_path / "a.csv", tmp_path / "b.xlsx", "text")
    assert not (tmp_path / "b.xlsx").exists()


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_text_survives_as_it_is_shown(model: Model, tmp_path: Path, texts: list[str]) -> None:
    (tmp_path / "a.jsonl").write_text(
        "".join(f"{line}\n" for line in map(_json, texts)), encoding="utf-8"
    )
    tag_table(model, tmp_path / "a.jsonl", tmp_path / "b.xlsx", "text")
    found = [row[0] for row in cells(tmp_path / "b.xlsx")[1:]]
    assert [_shown(text or "") for text in found] == [_shown(text) for text in texts]


def _json(text: str) -> str:
    return json.dumps({"text": text})


def _shown(text: str) -> str:
    """Line ends alike, and a sign for what a workbook cannot hold."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        "\ufffd"
        if (c < " " and c not in "\t\n") or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff"
        else c
        for c in lines
    )
