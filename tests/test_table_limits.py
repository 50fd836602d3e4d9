"""No row, column or part of a table takes more memory than it may, and the line says what is wrong."""  # noqa: E501

import gzip
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from nasty.making_workbooks import row, text, workbook

from leadclass import tagging
from leadclass.errors import LeadclassError
from leadclass.model import Model
from leadclass.table_tagging import tag_table
from leadclass.tables import (
    csv_files,
    excel_files,
    excel_parts,
    jsonl_files,
    limits,
    open_table,
    parquet_files,
)


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (limits, csv_files, jsonl_files):
        monkeypatch.setattr(module, "LONGEST_ROW", 1000)
    for module in (limits, jsonl_files, excel_files, parquet_files):
        monkeypatch.setattr(module, "LONGEST_BATCH", 2000)
    monkeypatch.setattr(parquet_files, "PART_BYTES", 2000)
    monkeypatch.setattr(csv_files, "LONGEST_HEADER", 500)
    monkeypatch.setattr(csv_files, "BATCH_BYTES", 300)
    monkeypatch.setattr(limits, "MOST_COLUMNS", 50)


def rows_of(path: Path) -> int:
    with open_table(path) as table:
        return sum(len(batch) for batch in table)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("line.csv", "text\n" + "x" * 5000, "row 1 .line 2.: has more than 1,000 bytes"),
        ("cell.csv", 'text\na\n"' + "x\n" * 5000 + '"\n', "row 2.*more than 1,000 bytes"),
        ("open.csv", 'text\n"' + "x\n" * 5000, "row 1.*more than 1,000 bytes.*every quote"),
        ("cells.csv", "text,b\n" + '"\n",' * 2000, "row 1.*more than 1,000 bytes"),
        ("header.csv", "text," + "x" * 5000 + "\n", "line 1: has a header of more than 500"),
        ("quoted.csv", '"' + "x\n" * 5000, "line 1: has a header of more than 500"),
        ("columns.csv", ",".join("abcdefghij" * 9) + "\n", "has 90 columns, more than 50"),
        ("line.jsonl", '{"text": "' + "x" * 5000, "line 1: has more than 1,000 bytes"),
        ("later.jsonl", '{"text": "a"}\n\n' + "x" * 5000, "line 3: has more than 1,000 bytes"),
        (
            "keys.jsonl",
            "".join(f'{{"k{n}": 1}}\n' for n in range(90)),
            "has 90 columns, more than 50",
        ),
    ],
)
def test_what_has_no_end_is_refused(tmp_path: Path, name: str, content: str, words: str) -> None:
    (tmp_path / name).write_text(content)
    (tmp_path / f"{name}.gz").write_bytes(gzip.compress(content.encode()))
    for path in (tmp_path / name, tmp_path / f"{name}.gz"):
        with pytest.raises(LeadclassError, match=words) as error:
            rows_of(path)
        assert error.value.remedy


def test_long_rows_come_a_few_at_a_time(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("text,b\n" + f'{"x" * 400},a"b\n' * 20)
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{"x" * 800}"}}\n' * 20)
    (tmp_path / "a.xlsx").write_bytes(workbook(row(text("text")) + row(text("x" * 800)) * 20))
    same = pa.DictionaryArray.from_arrays(pa.array([0] * 20, pa.int32()), pa.array(["x" * 800]))
    pq.write_table(pa.table({"text": same}), tmp_path / "a.parquet", store_schema=False)
    for path in sorted(tmp_path.iterdir()):
        with open_table(path) as table:
            batches = list(table)
        assert len(batches) >= 5, path.suffix
        firsts = [batch.first_row for batch in batches]
        assert firsts == [1 + sum(map(len, batches[:i])) for i in range(len(batches))]
        assert {cell for batch in batches for cell in batch.read(0).to_pylist()} <= {
            "x" * 800,
            "x" * 400,
        }


def test_a_text_that_parquet_keeps_once_comes_back_with_its_type(tmp_path: Path) -> None:
    cells = pa.array(["a" * 900, None, "b", "a" * 900] * 30, pa.large_string())
    table = pa.table({"n": pa.array(range(120)), "text": cells}, metadata={"k": "v"})
    pq.write_table(table, tmp_path / "a.parquet")
    with open_table(tmp_path / "a.parquet") as opened:
        schema = opened.schema
        batches = [pa.RecordBatch.from_arrays(b.columns(), schema=schema) for b in opened]
    assert len(batches) > 5
    assert pa.Table.from_batches(batches).equals(table)
    assert schema.metadata[b"k"] == b"v"


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ("MOST_UNPACKED", "bytes when unpacked"),
        ("MOST_BESIDE", "bytes beside its sheets"),
        ("MOST_TAGS", "tags beside its sheets"),
        ("LONGEST_ROW", "a row of more than"),
        ("MOST_ROWS", "more rows than"),
    ],
)
def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, words: str
) -> None:
    (tmp_path / "a.xlsx").write_bytes(workbook(row(text("text")) + row(text("x")) * 99))
    assert rows_of(tmp_path / "a.xlsx") == 99
    monkeypatch.setattr(excel_parts, limit, 5)
    with pytest.raises(LeadclassError, match=f"a.xlsx: has .*{words}.*save the sheet as csv"):
        rows_of(tmp_path / "a.xlsx")


def test_a_comment_in_a_sheet_hides_no_row_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel_parts, "LONGEST_ROW", 100)
    hidden = row(text("text")) + "<row><!-- </row> -->" + "<c/>" * 500 + "</row>"
    (tmp_path / "a.xlsx").write_bytes(workbook(hidden))
    with pytest.raises(LeadclassError, match="a row of more than"):
        rows_of(tmp_path / "a.xlsx")


def test_a_row_of_many_statements_is_not_repeated_beyond_all_bounds(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tagging, "MOST_REPEATED", 2000)
    long = "Plans the rota. " * 20
    (tmp_path / "a.csv").write_text(f"text\nLeads.\n{long}\n")
    with pytest.raises(LeadclassError, match=r"a.csv, row 2: has 20 statements.*tag it by row"):
        tag_table(model, tmp_path / "a.csv", tmp_path / "o.csv", "text", unit="statement")
    assert tag_table(model, tmp_path / "a.csv", tmp_path / "o.csv", "text").n_rows == 2
    with pytest.raises(LeadclassError, match="row 2: has 20 statements"):
        model.tag(pa.table({"text": ["Leads.", long]}), "text", "statement")


def test_a_batch_that_grows_by_its_statements_is_given_in_parts(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadclass.batches._BYTES_AT_ONCE", 100)
    frame = pa.table({"n": range(9), "text": ["Plans the rota. Leads the team."] * 9})
    tagged = model.tag_batches(frame.to_batches(), "text", "statement")
    batches = list(tagged)
    assert len(batches) > 1
    assert pa.Table.from_batches(batches)["n"].to_pylist() == [n for n in range(9) for _ in "ab"]


def test_a_word_without_end_takes_little_memory(model: Model) -> None:
    assert model.predict_proba(["plan" * 50_000]).shape == (1, 2)
