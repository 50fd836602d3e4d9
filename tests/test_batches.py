import decimal
import subprocess
import sys
from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadclass import batches as batches_module
from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, UNITS, Unit
from leadclass.model import Model

LINES = ["Plans the rota. Leads us.", None, "", "команда 🎉", "Sets a clear direction."]

SCHEMA = pa.schema(
    [
        pa.field("id", pa.int32(), nullable=False, metadata={"unit": "none"}),
        ("comment", pa.string()),
        ("when", pa.timestamp("us", "Europe/Paris")),
        ("paid", pa.decimal128(9, 2)),
        ("tags", pa.list_(pa.struct([("a", pa.int8())]))),
        ("kind", pa.dictionary(pa.int8(), pa.string())),
    ],
    metadata={"made": "by hand"},
)


def table(lines: list[str | None], size: int = 2) -> pa.Table:
    n = len(lines)
    columns = {
        "id": list(range(n)),
        "comment": lines,
        "when": [None if i % 3 else i * 10**6 for i in range(n)],
        "paid": [decimal.Decimal(i) / 4 for i in range(n)],
        "tags": [[{"a": i % 100}] * (i % 3) for i in range(n)],
        "kind": [None if i % 2 else "x" for i in range(n)],
    }
    whole = pa.table(columns, schema=SCHEMA)
    return pa.Table.from_batches(whole.to_batches(max_chunksize=size), SCHEMA)


@pytest.mark.parametrize("unit", UNITS)
def test_a_stream_and_a_table_give_the_same(model: Model, unit: Unit) -> None:
    whole = table(LINES)
    stream = model.tag_batches(whole.to_batches(), "comment", unit).read_all()
    assert stream.equals(model.tag(whole, "comment", unit), check_metadata=True)
    assert stream.num_rows == (6 if unit == "statement" else 5)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    st.lists(st.none() | st.text(max_size=40) | st.sampled_from(LINES), max_size=12),
    st.integers(1, 12),
    st.sampled_from(UNITS),
)
def test_where_batches_end_does_not_show(
    model: Model, lines: list[str | None], size: int, unit: Unit
) -> None:
    in_batches = model.tag_batches(table(lines, size), "comment", unit).read_all()
    assert in_batches.equals(model.tag(table(lines, 100), "comment", unit))


def test_own_columns_keep_types_nullability_and_metadata(model: Model) -> None:
    whole = table(LINES)
    tagged = model.tag_batches(whole, "comment").read_all()
    assert tagged.select(SCHEMA.names).equals(whole, check_metadata=True)
    assert tagged.column_names == [*SCHEMA.names, *COLUMNS]


def test_the_columns_are_known_before_a_batch_is_read(model: Model) -> None:
    def never() -> Iterator[pa.RecordBatch]:
        raise AssertionError("a batch was asked for")
        yield

    reader = pa.RecordBatchReader.from_batches(SCHEMA, never())
    assert model.tag_batches(reader, "comment").schema.names == [*SCHEMA.names, *COLUMNS]


def test_a_batch_is_read_when_its_result_is_asked_for(model: Model) -> None:
    taken = []

    def counted() -> Iterator[pa.RecordBatch]:
        for number, batch in enumerate(table(LINES).to_batches()):
            taken.append(number)
            yield batch

    tagged = model.tag_batches(counted(), "comment")
    assert taken == [0]  # the first says what the columns are
    tagged.read_next_batch()
    assert taken == [0]
    tagged.read_next_batch()
    assert taken == [0, 1]


def test_long_batches_are_scored_in_pieces(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = model.tag(table(LINES, 100), "comment", "statement")
    monkeypatch.setattr(batches_module, "MOST_ROWS", 2)
    pieces = model.tag_batches(table(LINES, 100), "comment", "statement")
    assert [batch.num_rows for batch in pieces] == [3, 2, 1]
    assert model.tag(table(LINES, 100), "comment", "statement").equals(whole)


def test_a_stream_without_rows_keeps_its_columns(model: Model) -> None:
    empty = SCHEMA.empty_table()
    assert model.tag_batches(empty, "comment").read_all().num_rows == 0
    assert model.tag(empty, "comment", "statement").column_names[:6] == SCHEMA.names


@pytest.mark.parametrize(
    "kind",
    [pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string()), pa.null()],
    ids=str,
)
def test_every_type_of_text_is_read(model: Model, kind: pa.DataType) -> None:
    lines = pa.array([None, None] if pa.types.is_null(kind) else ["Plans the rota.", None])
    batch = pa.RecordBatch.from_arrays([lines.cast(kind)], names=["c"])
    tagged = model.tag_batches([batch], "c", "statement").read_all()
    assert tagged.schema.field("c").type == kind
    assert tagged["label"].to_pylist()[1] == "neither"


def test_views_within_lists_and_structs_are_repeated_too(model: Model) -> None:
    view = pa.string_view()
    kinds = [view, pa.binary_view(), pa.list_(view), pa.struct([("a", pa.large_list(view))])]
    cells = ["x", b"y", ["z", None], {"a": ["w"]}]
    columns = [pa.array([cell, None]).cast(kind) for cell, kind in zip(cells, kinds, strict=True)]
    batch = pa.RecordBatch.from_arrays([pa.array(["Plans. Leads.", ""]), *columns], names="tabcd")
    tagged = model.tag_batches([batch], "t", "statement").read_all()
    assert tagged.schema.types[1:5] == kinds
    assert tagged.select(list("abcd")).to_pylist() == [
        *[dict(zip("abcd", cells, strict=True))] * 2,
        dict.fromkeys("abcd"),
    ]


def test_the_same_names_in_batches_as_in_files(model: Model) -> None:
    batch = pa.RecordBatch.from_pydict({"label": ["mine"], "c": ["Plans."]})
    names = model.tag_batches([batch], "c").schema.names
    assert names == ["label", "c", "leadclass_label", *COLUMNS[1:]]


def test_bad_streams_are_refused_at_once(model: Model) -> None:
    numbers = pa.RecordBatch.from_pydict({"c": [1]})
    with pytest.raises(LeadclassError, match="column 'c': holds int64, not text"):
        model.tag_batches([numbers], "c")
    with pytest.raises(LeadclassError, match="no such column in the table; name one of 'c'"):
        model.tag_batches([numbers], "d")
    with pytest.raises(LeadclassError, match="no unit is called 'page'"):
        model.tag_batches([numbers], "c", "page")  # type: ignore[arg-type]
    with pytest.raises(LeadclassError, match="columns are not known"):
        model.tag_batches([], "c")


def test_a_batch_with_other_columns_is_refused(model: Model) -> None:
    one = pa.RecordBatch.from_pydict({"c": ["Plans."]})
    other = pa.RecordBatch.from_pydict({"c": ["Plans."], "d": [1]})
    with pytest.raises(LeadclassError, match="batch 2 has other columns than the first"):
        model.tag_batches([one, other], "c").read_all()


def test_streams_load_no_heavy_library() -> None:
    program = """
import sys, pyarrow as pa, leadclass
batch = pa.RecordBatch.from_pydict({"c": ["Plans."]})
leadclass.load().tag_batches([batch], "c", "statement").read_all()
print(sorted({"sklearn", "rich", "pyspark", "duckdb", "polars"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_a_statement_of_a_superscript_alone_takes_no_probability_from_its_row(model: Model) -> None:
    texts = ["Leads the team.", "Leads the team.\n\n³\n\n½"]
    rows = model.tag(pa.table({"text": texts}), text="text").to_pylist()
    assert rows[0]["p_leadership"] == rows[1]["p_leadership"]
