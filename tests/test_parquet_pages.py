"""A Parquet file is read in bounded memory, whatever its few bytes stand for."""

import os
import random
import struct
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadclass.errors import LeadclassError
from leadclass.parquet import pages
from leadclass.parquet.thrift import INT32, LIST, STRUCT, read_struct
from leadclass.tables import open_table, parquet_plan

#: A text that a thousand rows share.
LONG = "Plans the rota. " * 1_000


_OBJECT = pa.struct([("a", pa.string()), ("b", pa.struct([("c", pa.string())])), ("n", pa.int64())])


def written(folder: Path, table: pa.Table, **options: Any) -> Path:
    path = folder / "a.parquet"
    pq.write_table(table, path, **{"compression": "zstd", **options})
    return path


def batches_of(path: Path) -> list[pa.RecordBatch]:
    with open_table(path) as table:
        return [pa.RecordBatch.from_arrays(b.columns(), schema=table.schema) for b in table]


def shared(value: str | bytes, n_rows: int) -> pa.Array:
    """Rows that all have the same value, which a file has once."""
    return pa.DictionaryArray.from_arrays(pa.array([0] * n_rows, pa.int32()), pa.array([value]))


def one_list(values: pa.Array) -> pa.Array:
    return pa.ListArray.from_arrays(pa.array([0, len(values)], pa.int32()), values)


def varied(n_rows: int = 3_000) -> pa.Table:
    """Columns of every kind that holds text, and some others."""
    chance = random.Random(7)
    words = ["plans", "leads", "the", "team", "rota", "é"]
    texts = [
        None if i % 11 == 0 else " ".join(chance.choices(words, k=i % 40)) for i in range(n_rows)
    ]
    lists = [None if i % 7 == 0 else chance.choices(words, k=i % 4) for i in range(n_rows)]
    pairs = [None if i % 5 == 0 else [(words[i % 6], "x")] for i in range(n_rows)]
    objects = [
        None if i % 9 == 0 else {"a": words[i % 6], "b": {"c": None}, "n": i} for i in range(n_rows)
    ]
    return pa.table(
        {
            "text": texts,
            "a.b": pa.array(texts, pa.large_string()),
            "bytes": pa.array([text and text.encode() for text in texts]),
            "list": lists,
            "map": pa.array(pairs, pa.map_(pa.string(), pa.string())),
            "object": pa.array(objects, _OBJECT),
            "two": pa.array([["a", "b"]] * n_rows, pa.list_(pa.string(), 2)),
            "kind": pa.array([words[i % 6] for i in range(n_rows)]).dictionary_encode(),
            "n": range(n_rows),
            "code": pa.array([b"abc"] * n_rows, pa.binary(3)),
            "nothing": pa.nulls(n_rows),
        }
    )


_DELTA = {"text": "DELTA_BYTE_ARRAY", "bytes": "DELTA_LENGTH_BYTE_ARRAY"}


@pytest.mark.parametrize(
    "options",
    [
        {"compression": "none", "use_dictionary": False},
        {"data_page_version": "2.0", "compression": "gzip"},
        {"row_group_size": 170, "compression": "lz4"},
        {"store_schema": False, "compression": "brotli"},
        {"data_page_size": 500, "write_page_index": True, "compression": "snappy"},
        {"dictionary_pagesize_limit": 300},
        {"use_dictionary": ["list.list.element"], "column_encoding": _DELTA},
    ],
    ids=str,
)
def test_however_a_table_is_written_it_comes_back(tmp_path: Path, options: dict[str, Any]) -> None:
    path = written(tmp_path, varied(), **options)
    expected = pq.read_table(path, use_threads=False)
    found = pa.Table.from_batches(batches_of(path))
    assert found.schema.equals(expected.schema)
    assert found.to_pylist() == expected.to_pylist()


@pytest.mark.parametrize(
    "column",
    [
        shared(LONG, 1_000),
        shared(LONG.encode(), 1_000),
        pa.StructArray.from_arrays([shared(LONG, 1_000)], ["a"]),
        pa.array([b"x" * 16_000] * 1_000, pa.binary(16_000)),
        pa.array([f"{LONG}{i}" for i in range(1_000)]),
    ],
    ids=["text", "bytes", "object", "of one width", "beginning alike"],
)
def test_a_value_that_rows_share_comes_a_few_rows_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, column: pa.Array
) -> None:
    monkeypatch.setattr(parquet_plan, "_WIDEST_BATCH", 2_000_000)
    monkeypatch.setattr("leadclass.tables.parquet_files.PART_BYTES", 2_000_000)
    alike = pa.types.is_string(column.type)
    path = written(
        tmp_path,
        pa.table({"a": column}),
        store_schema=False,
        **(
            {"use_dictionary": False, "column_encoding": {"a": "DELTA_BYTE_ARRAY"}} if alike else {}
        ),
    )
    assert path.stat().st_size < 20_000
    batches = batches_of(path)
    assert sum(batch.num_rows for batch in batches) == 1_000
    assert max(batch.nbytes for batch in batches) < 2_100_000


def test_pages_that_rows_have_as_a_whole_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_plan, "PART_BYTES", 200_000)
    texts = [f"{i}{LONG}" if 500 < i < 600 else "" for i in range(100_000)]
    path = written(tmp_path, pa.table({"a": texts}), use_dictionary=False, data_page_size=1_000)
    batches = batches_of(path)
    assert sum(batch.num_rows for batch in batches) == 100_000
    assert max(batch.nbytes for batch in batches) < 3_000_000


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"a": [LONG * 10]}),
        pa.table({f"c{i}": [LONG] for i in range(10)}),
        pa.table({"a": one_list(pa.array([0] * 20_000, pa.int8()))}),
        pa.table({"a": one_list(shared(LONG, 100))}),
        pa.table({"a": one_list(pa.array([b"xyz"] * 20_000, pa.binary(3)))}),
    ],
    ids=["a text", "texts", "numbers", "one text often", "bytes"],
)
def test_what_unpacks_to_far_more_than_it_is_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, table: pa.Table
) -> None:
    path = written(tmp_path, table, store_schema=False)
    batches_of(path)
    monkeypatch.setattr(parquet_plan, "MOST_AT_ONCE", 100_000)
    with pytest.raises(LeadclassError, match=r"bytes in a row group that unpack to .* at once"):
        batches_of(path)


def test_what_is_large_in_the_file_as_well_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_plan, "MOST_AT_ONCE", 100_000)
    numbers = pa.array(random.Random(1).choices(range(1 << 40), k=50_000))
    table = pa.table({"a": one_list(numbers), "b": [os.urandom(200_000)]})
    assert pa.Table.from_batches(batches_of(written(tmp_path, table))).equals(table)


def test_a_footer_and_columns_beyond_reason_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, pa.table({f"c{i}": [i] for i in range(20)}))
    monkeypatch.setattr("leadclass.tables.parquet_files.MOST_COLUMNS", 10)
    with pytest.raises(LeadclassError, match="has 20 columns, more than 10"):
        batches_of(path)
    monkeypatch.setattr(pages, "MOST_FOOTER", 500)
    with pytest.raises(LeadclassError, match="bytes that tell of its parts, more than 500"):
        batches_of(path)


def test_every_page_is_seen(tmp_path: Path) -> None:
    texts = [str(i) * 50 for i in range(5_000)]
    path = written(tmp_path, pa.table({"a": texts}), data_page_size=1_000, row_group_size=2_000)
    about = pq.read_metadata(path)
    columns = parquet_plan._columns(about, about.schema.to_arrow_schema())
    with path.open("rb", buffering=0) as file:
        for chunks in pages.row_groups(file, about):
            parquet_plan._look(file, chunks, columns, str(path))
    assert sum(columns[0].n_values) == 5_000
    assert len(columns[0].n_values) > 3


@given(st.binary(max_size=60))
def test_any_bytes_are_a_structure_or_none(data: bytes) -> None:
    inner = {1: (INT32, {}), 2: (STRUCT, {1: (INT32, {})}), 3: (LIST, {1: (INT32, {})})}
    try:
        fields, _ = read_struct(data, 0, {**inner, 4: (LIST, inner), 5: (STRUCT, inner)})
    except (IndexError, ValueError, RecursionError):
        return
    assert set(fields) <= {1, 2, 3, 4, 5}


def test_fields_that_are_not_wanted_are_passed_over() -> None:
    unwanted = (
        b"\x11\x12"  # true, false
        b"\x13\x07\x14\x80\x01\x16\xff\x01"  # a byte and two numbers
        b"\x17" + struct.pack("<d", 0.5) + b"\x18\x03abc"  # a double, a text
        b"\x19\x25\x02\x04\x19\x22\x01\x02\x1a\x18\x01x"  # two lists, a set of texts
        b"\x1b\x00\x1b\x01\x85\x01x\x02"  # two maps
        b"\x1c\x15\x08\x0c\x06\x15\x02\x00\x00"  # a structure in a structure
    )
    fields, end = read_struct(unwanted + b"\x05\x64\x2a\x00rest", 0, {50: (INT32, {})})
    assert fields == {50: 21}
    assert (unwanted + b"\x05\x64\x2a\x00rest")[end:] == b"rest"
