"""Nothing that is added to a table is a formula; what the user has comes back as it was."""

import csv
import json
from pathlib import Path

import pytest
from conftest import Run
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from leadclass.harmless import guarded
from leadclass.model import Model
from leadclass.suggesting.suggest import suggest, write_suggestions
from leadclass.table_tagging import tag_table

#: A comment whose bullets, taken off, leave formulas; and cells of the user's that are some.
COMMENT = "Notes:\n- =1+1 leads\n- @SUM(1) plans\n- +1 plans\n- -2 leads\n- ＝1 keeps\n- Plans."
SIGNS = tuple("=+-@\t\r＝＋－＠")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["=text", "@id"], [COMMENT, "=1+1"], ["-Plans", "+2"]])
    return path


def rows_of(path: Path, delimiter: str = ",") -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, delimiter=delimiter))


@pytest.mark.parametrize("name", ["out.csv", "out.tsv"])
def test_no_added_cell_begins_as_a_formula_does(
    model: Model, table: Path, tmp_path: Path, name: str
) -> None:
    out = tmp_path / name
    tag_table(model, table, out, "=text", unit="statement")
    header, *rows = rows_of(out, "\t" if name.endswith("tsv") else ",")
    assert header[:2] == ["=text", "@id"]
    assert {tuple(row[:2]) for row in rows} == {(COMMENT, "=1+1"), ("-Plans", "+2")}
    assert not any(cell.startswith(SIGNS) for row in rows for cell in row[2:])
    statements = [row[2] for row in rows]
    assert "'=1+1 leads" in statements
    assert "Plans." in statements
    # Places are those of the words, without what was put before them.
    first = next(row for row in rows if row[2] == "'=1+1 leads")
    assert COMMENT[int(first[3]) : int(first[4])] == "=1+1 leads"


def test_statements_are_left_as_they_are_where_one_asks(
    model: Model, table: Path, tmp_path: Path
) -> None:
    tag_table(model, table, tmp_path / "o.csv", "=text", unit="statement", guards=False)
    assert "=1+1 leads" in [row[2] for row in rows_of(tmp_path / "o.csv")]
    tag_table(model, table, tmp_path / "o.jsonl", "=text", unit="statement")
    lines = (tmp_path / "o.jsonl").read_text(encoding="utf-8").splitlines()
    assert "=1+1 leads" in [json.loads(line)["statement"] for line in lines]


def test_in_a_workbook_all_of_it_is_text(model: Model, table: Path, tmp_path: Path) -> None:
    tag_table(model, table, tmp_path / "o.xlsx", "=text", unit="statement")
    rows = list(load_workbook(tmp_path / "o.xlsx").active.iter_rows(min_row=2))
    assert "=1+1 leads" in [row[2].value for row in rows]
    assert {cell.data_type for row in rows for cell in row[:3]} == {"s"}
    assert {cell.data_type for row in rows for cell in row} <= {"s", "n"}


def test_suggestions_have_no_formula_and_ids_are_the_users(model: Model, tmp_path: Path) -> None:
    with (tmp_path / "in.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["text", "id", "kind"], [COMMENT, "=7", "-k"]])
    write_suggestions(tmp_path / "o.csv", suggest(model, tmp_path / "in.csv"))
    header, *rows = rows_of(tmp_path / "o.csv")
    assert {row[header.index("id")] for row in rows} == {"=7"}
    assert {row[header.index("kind")] for row in rows} == {"-k"}
    added = [row[header.index(name)] for row in rows for name in ("text", "reason")]
    assert not any(cell.startswith(SIGNS) for cell in added)
    assert "'@SUM(1) plans" in added


def test_printed_tables_have_none_but_the_texts_that_were_given(run: Run, tmp_path: Path) -> None:
    (tmp_path / "=x.txt").write_text(COMMENT, encoding="utf-8")
    rows = list(csv.reader(run("analyze", "=x.txt", "-f", "csv").stdout.splitlines()))
    assert not any(cell.startswith(SIGNS) for row in rows for cell in row)
    assert rows[1][0] == "'=x.txt"
    (tmp_path / "-c.csv").write_text("text,label\n=1+1 plans,craft\nPlans.,=1\n")
    rows = list(csv.reader(run("corpus", "check", "-f", "csv", "--", "-c.csv").stdout.splitlines()))
    assert not any(cell.startswith(SIGNS) for row in rows for cell in row)
    scored = list(csv.reader(run("score", "-f", "csv", "--", "=1+1 plans").stdout.splitlines()))
    assert scored[1][0] == "=1+1 plans"


@given(st.text())
def test_what_is_guarded_is_the_text_or_has_an_apostrophe_before_it(text: str) -> None:
    assert guarded(text) == (f"'{text}" if text.startswith((*SIGNS, "\n")) else text)
