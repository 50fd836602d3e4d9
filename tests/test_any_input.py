"""Whatever bytes a file has, it is read or refused; whatever a text says, it is scored."""

import csv
import io
import json
import math
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from leadclass.documents import read_bytes
from leadclass.errors import LeadclassError
from leadclass.labelled_tables import read_corpus
from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.table_tagging import tag_table
from leadclass.tables import open_table

FILES = Path(__file__).parent / "nasty" / "files"

#: One folder does for all examples of a test: each writes its files anew.
ANEW = settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)

#: What makes a difference to those who cut, count or print a text.
ODD = st.text(
    st.one_of(
        st.sampled_from(
            "\0\t\n\r\x0b\x1b\x1c\x85\xa0\xad\u0301\u200b\u200d\u2028\u202e\ufeff=-;,'\""
        ),
        st.sampled_from("aAbBİKſßǅ.!?1٣²①Ⅷ管م\U0001f468\U0001f1ea\ud800"),
        st.characters(),
    ),
    max_size=60,
)

PLAIN = {
    name: (FILES / f"plain{name}").read_bytes()
    for name in (".csv", ".jsonl", ".parquet", ".xlsx", ".docx", ".html", ".pdf", ".txt")
}
TABLES = [".csv", ".tsv", ".jsonl", ".parquet", ".xlsx", ".csv.gz"]
DOCUMENTS = [".txt", ".md", ".html", ".docx", ".pdf"]


@st.composite
def damaged(draw: st.DrawFn, suffixes: list[str]) -> tuple[str, bytes]:
    """Bytes of any sort, or of a whole file with some of them changed."""
    suffix = draw(st.sampled_from(suffixes))
    content = bytearray(PLAIN.get(suffix, PLAIN[".csv"]))
    if draw(st.booleans()):
        return suffix, draw(st.binary(max_size=200))
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 8))
        content[place : place + length] = draw(st.binary(max_size=8))
    return suffix, bytes(content)


@ANEW
@given(damaged(TABLES), st.sampled_from(["row", "statement"]))
def test_any_bytes_are_a_table_or_refused(
    model: Model, tmp_path: Path, file: tuple[str, bytes], unit: Any
) -> None:
    path = tmp_path / f"in{file[0]}"
    path.write_bytes(file[1])
    for read in (
        lambda: tag_table(model, path, tmp_path / f"out{file[0]}", "text", unit=unit),
        lambda: read_corpus([path]),
    ):
        try:
            read()
        except LeadclassError as error:
            assert "\n" not in str(error)


@ANEW
@given(damaged(DOCUMENTS))
def test_any_bytes_are_a_document_or_refused(model: Model, file: tuple[str, bytes]) -> None:
    try:
        document = read_bytes(f"in{file[0]}", file[1])
    except LeadclassError as error:
        assert "\n" not in str(error)
        return
    model.analyze(document)


@ANEW
@given(ODD)
def test_any_text_is_scored_and_explained(model: Model, text: str) -> None:
    probabilities = model.predict_proba([text])
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    assert model.predict([text])[0] in ("leadership", "management", "both", "neither")
    explained = model.explain(text)
    for side, p in zip(SIDES, probabilities[0], strict=True):
        added = sum(term.contributions[side] for term in explained.terms)
        log_odds = explained.bias[side] + added
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(p, abs=1e-9)


@ANEW
@given(ODD)
def test_any_text_is_cut_into_statements_at_their_places(model: Model, text: str) -> None:
    profile = model.analyze(text)
    ends = 0
    for statement in profile.statements:
        assert ends <= statement.start < statement.end <= len(text)
        ends = statement.end
        words = "".join(statement.text.split())
        assert set(words) <= set(text)
        assert all(p != p or 0 <= p <= 1 for p in (statement.p_leadership, statement.p_management))
    counted = sum(profile.counts.values())
    assert counted == len(profile.statements)


#: A cell of a csv may hold anything that UTF-8 can.
CELL = ODD.map(lambda text: text.encode("utf-8", "replace").decode())


@ANEW
@given(
    st.lists(st.tuples(CELL, CELL), min_size=1, max_size=6),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_rows_of_any_csv_come_back_byte_for_byte(
    model: Model,
    tmp_path: Path,
    rows: list[tuple[str, str]],
    delimiter: str,
    newline: str,
    quoting: int,
) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n", quoting=quoting)
    writer.writerow(("text", "own"))
    writer.writerows(rows)
    lines = [line.getvalue() for line in _each(rows, delimiter, quoting)]
    whole = f"text{delimiter}own{newline}" + "".join(line + newline for line in lines)
    (tmp_path / "in.csv").write_bytes(whole.encode())
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "text")
    rest = (tmp_path / "out.csv").read_bytes().decode()
    assert rest.startswith(f"text{delimiter}own{delimiter}label")
    rest = rest[rest.index(newline) + len(newline) :]
    for line in lines:
        assert rest.startswith(line + delimiter)
        rest = rest[len(line) :]
        rest = rest[rest.index(newline) + len(newline) :]
    assert rest == ""


def _each(rows: list[tuple[str, str]], delimiter: str, quoting: int) -> list[io.StringIO]:
    written = []
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerow(row)
        written.append(io.StringIO(line.getvalue().removesuffix("\r\n"), newline=""))
    return written


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | CELL,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(CELL, inner, max_size=3),
    max_leaves=5,
)


@ANEW
@given(st.lists(st.tuples(CELL, VALUES), min_size=1, max_size=5))
def test_values_of_any_jsonl_come_back(
    model: Model, tmp_path: Path, rows: list[tuple[str, Any]]
) -> None:
    objects = [{"text": text, "own": value} for text, value in rows]
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in objects)
    (tmp_path / "in.jsonl").write_text(lines, encoding="utf-8", newline="")
    tag_table(model, tmp_path / "in.jsonl", tmp_path / "out.jsonl", "text")
    with (tmp_path / "out.jsonl").open(encoding="utf-8", newline="\n") as file:
        found = [json.loads(line) for line in file]
    assert [{"text": row["text"], "own": row["own"]} for row in found] == objects


@ANEW
@given(
    st.lists(
        st.tuples(
            st.none() | CELL,
            st.none() | st.floats(),
            st.none() | st.binary(max_size=5),
            st.none() | st.lists(st.none() | st.integers(-9, 9), max_size=3),
        ),
        min_size=1,
        max_size=5,
    )
)
def test_values_of_any_parquet_come_back(
    model: Model, tmp_path: Path, rows: list[tuple[Any, ...]]
) -> None:
    names = ["text", "float", "binary", "list"]
    types = [pa.string(), pa.float64(), pa.binary(), pa.list_(pa.int64())]
    columns = [pa.array(c, t) for c, t in zip(zip(*rows, strict=True), types, strict=True)]
    table = pa.Table.from_arrays(columns, names)
    pq.write_table(table, tmp_path / "in.parquet")
    tag_table(model, tmp_path / "in.parquet", tmp_path / "out.parquet", "text")
    found = pq.read_table(tmp_path / "out.parquet").select(names)
    assert repr(found.to_pylist()) == repr(table.to_pylist())


@ANEW
@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=5))
def test_cells_of_any_workbook_come_back_as_text(
    model: Model, tmp_path: Path, rows: list[tuple[str, str]]
) -> None:
    table = pa.table({"text": [text for text, _ in rows], "own": [own for _, own in rows]})
    pq.write_table(table, tmp_path / "in.parquet")
    tag_table(model, tmp_path / "in.parquet", tmp_path / "a.xlsx", "text", unit="statement")
    sheet = load_workbook(tmp_path / "a.xlsx").active
    assert {c.data_type for row in sheet.iter_rows(max_col=3) for c in row} <= {"s", "n"}
    assert not any(c.data_type == "n" and c.value is not None for c in sheet["A"])
    with open_table(tmp_path / "a.xlsx") as opened:
        once = [column.to_pylist() for batch in opened for column in batch.columns()[:2]]
    tag_table(model, tmp_path / "a.xlsx", tmp_path / "b.xlsx", "text")
    with open_table(tmp_path / "b.xlsx") as opened:
        again = [column.to_pylist() for batch in opened for column in batch.columns()[:2]]
    assert again == once
