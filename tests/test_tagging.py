import csv
import gzip
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLES, QUARTET
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, Unit
from leadclass.model import Model
from leadclass.table_tagging import tag_table
from leadclass.table_workers import workers_for

COMMENTS = [
    'Says "we lead, always", then does.',
    "Two lines:\nplans the rota; coaches staff",
    "Großartig 🎉 — 日本語のコメント, команда",
    "",
    "   ",
    "Inspires the team with a clear picture of where we are going. Then plans the rota.",
    "=SUM(A1), +1, -2, @x",
]


def write(path: Path, columns: dict[str, list[str]]) -> None:
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    if path.suffix == ".parquet":
        pq.write_table(pa.table(columns), path)
    elif path.suffix == ".jsonl":
        lines = (json.dumps(row, ensure_ascii=False) for row in rows)
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(
                file, list(columns), delimiter="\t" if path.suffix == ".tsv" else ","
            )
            writer.writeheader()
            writer.writerows(rows)


def read(path: Path) -> dict[str, list[object]]:
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pydict()
    if path.suffix == ".jsonl":
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    else:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))
    return {name: [row[name] for row in rows] for name in rows[0]}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_users_columns_come_back_unchanged_with_four_more(
    model: Model, tmp_path: Path, suffix: str
) -> None:
    own = {"id": [f"0{i}" for i in range(len(COMMENTS))], "comment": COMMENTS, "x, y": ["é"] * 7}
    write(tmp_path / f"in{suffix}", own)
    tag_table(model, tmp_path / f"in{suffix}", tmp_path / f"out{suffix}", "comment")
    tagged = read(tmp_path / f"out{suffix}")
    assert list(tagged) == [*own, *COLUMNS]
    assert {name: tagged[name] for name in own} == own
    assert tagged["label"][5] == "both"


@pytest.mark.parametrize("source", [".csv", ".tsv", ".jsonl", ".parquet"])
@pytest.mark.parametrize("target", [".csv", ".tsv", ".jsonl", ".parquet"])
def test_any_format_can_be_written_from_any(
    model: Model, tmp_path: Path, source: str, target: str
) -> None:
    own = {"comment": COMMENTS, "n": [str(i) for i in range(len(COMMENTS))]}
    write(tmp_path / f"in{source}", own)
    tag_table(model, tmp_path / f"in{source}", tmp_path / f"out{target}", "comment")
    tagged = read(tmp_path / f"out{target}")
    assert {name: tagged[name] for name in own} == own


def test_all_formats_say_the_same(model: Model, tmp_path: Path) -> None:
    said = []
    for suffix in (".csv", ".tsv", ".jsonl", ".parquet"):
        write(tmp_path / f"in{suffix}", {"comment": COMMENTS})
        tag_table(model, tmp_path / f"in{suffix}", tmp_path / f"out{suffix}", "comment")
        tagged = read(tmp_path / f"out{suffix}")
        numbers = [None if p in ("", None) else float(str(p)) for p in tagged["p_leadership"]]
        said.append((tagged["label"], tagged["traits"], numbers))
    assert all(one == said[0] for one in said)


def test_empty_cells_and_nulls_are_neither_with_empty_probabilities(
    model: Model, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"c": ["Plans the rota.", None, "", " ", "..."]}), tmp_path / "in.pq")
    tag_table(model, tmp_path / "in.pq", tmp_path / "out.pq", "c")
    tagged = pq.read_table(tmp_path / "out.pq").to_pydict()
    assert tagged["label"] == ["management", *["neither"] * 4]
    assert tagged["p_leadership"][1:] == [None] * 4
    assert tagged["traits"][1:] == [""] * 4


def test_a_row_shows_what_any_of_its_statements_shows(model: Model) -> None:
    leads, plans, _, parks = QUARTET
    frame = pd.DataFrame({"c": [f"{leads} {parks} {plans}"]})
    row = model.tag(frame, text="c").iloc[0]
    each = model.predict_proba([leads, parks, plans])
    assert row["label"] == "both"
    assert row["p_leadership"] == pytest.approx(each[:, 0].max(), abs=1e-4)
    assert row["p_management"] == pytest.approx(each[:, 1].max(), abs=1e-4)


def test_by_statement_each_has_its_row_and_its_place(model: Model, tmp_path: Path) -> None:
    write(tmp_path / "in.csv", {"id": ["a", "b", "c"], "c": ["Plans. Leads us.", "", "Parks."]})
    done = tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c", unit="statement")
    tagged = read(tmp_path / "out.csv")
    assert list(tagged) == ["id", "c", "statement", "start", "end", *COLUMNS]
    assert tagged["id"] == ["a", "a", "b", "c"]
    assert tagged["statement"] == ["Plans.", "Leads us.", "", "Parks."]
    assert tagged["start"] == ["0", "7", "", "0"]
    assert (done.n_rows, done.n_written) == (3, 4)


def test_columns_whose_names_are_taken_get_a_prefix(model: Model, tmp_path: Path) -> None:
    write(tmp_path / "in.csv", {"label": ["mine"], "leadclass_label": ["too"], "c": ["Plans."]})
    done = tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    tagged = read(tmp_path / "out.csv")
    assert tagged["label"] == ["mine"]
    assert list(tagged)[3:] == ["leadclass_label_2", "p_leadership", "p_management", "traits"]
    assert done.renamed == {"label": "leadclass_label_2"}


def test_a_table_with_a_header_alone_gives_a_header(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,c\n")
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    assert (tmp_path / "out.csv").read_text() == f"id,c,{','.join(COLUMNS)}\n"


def test_delimiter_line_ends_and_byte_order_mark_stay(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_bytes("id;c\r\n1;Führt, gut\r\n".encode("utf-8-sig"))
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    written = (tmp_path / "out.csv").read_bytes()
    assert written.startswith("id;c;label;".encode("utf-8-sig"))
    assert b"\r\n1;" in written


def test_jsonl_lines_keep_numbers_nesting_and_spelling(model: Model, tmp_path: Path) -> None:
    lines = [
        '{"c": "Plans.", "n": 1.0, "d": {"a": [1, null]}}',
        '{"c":"x","big":12345678901234567890}',
    ]
    (tmp_path / "in.jsonl").write_text("\n".join(lines))
    tag_table(model, tmp_path / "in.jsonl", tmp_path / "out.jsonl", "c")
    for line, tagged in zip(lines, (tmp_path / "out.jsonl").read_text().splitlines(), strict=True):
        assert tagged.startswith(line[:-1])
        assert json.loads(tagged)["label"]


def test_parquet_keeps_types_and_metadata(model: Model, tmp_path: Path) -> None:
    frame = pd.DataFrame(
        {"n": [1, 2], "when": pd.to_datetime(["2024-01-01", None]), "c": ["Plans.", "Leads."]},
        index=["a", "b"],
    )
    frame.to_parquet(tmp_path / "in.parquet")
    tag_table(model, tmp_path / "in.parquet", tmp_path / "out.parquet", "c")
    tagged = pd.read_parquet(tmp_path / "out.parquet")
    pd.testing.assert_frame_equal(tagged[["n", "when", "c"]], frame)


def test_a_line_that_says_the_delimiter_is_no_header(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("sep=;\nid;c\n1;Plans.\n")
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    assert (tmp_path / "out.csv").read_text().startswith("id;c;label;")


def test_blank_lines_do_not_end_a_jsonl(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("\n" * 9000 + '{"c": "x"}' + "\n" * 9000 + '{"c": "y"}')
    assert tag_table(model, tmp_path / "in.jsonl", tmp_path / "out.jsonl", "c").n_rows == 2


def test_values_that_text_cannot_hold_are_spelt_out(model: Model, tmp_path: Path) -> None:
    table = pa.table(
        {
            "c": ["Plans."],
            "x": [float("nan")],
            "b": [b"\xff"],
            "t": pa.array([2**62], pa.timestamp("us")),
            "n": [[1, None]],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    tag_table(model, tmp_path / "in.parquet", tmp_path / "out.jsonl", "c")
    row = json.loads((tmp_path / "out.jsonl").read_text())
    assert (row["x"], row["b"], row["n"]) == (None, "/w==", [1, None])
    tag_table(model, tmp_path / "in.parquet", tmp_path / "out.csv", "c")
    assert read(tmp_path / "out.csv")["n"] == ["[1, null]"]


def test_many_batches_keep_their_order(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leadclass.tables.csv_files.BATCH_BYTES", 50_000)
    n = 20_000
    write(tmp_path / "in.csv", {"id": [str(i) for i in range(n)], "c": ["Plans."] * n})
    seen: list[tuple[int, float]] = []
    done = tag_table(
        model,
        tmp_path / "in.csv",
        tmp_path / "out.csv",
        "c",
        progress=lambda rows, share: seen.append((rows, share)),
    )
    assert read(tmp_path / "out.csv")["id"] == [str(i) for i in range(n)]
    assert seen[-1] == (n, 1.0)
    assert done.n_rows == n
    assert len(seen) > 1
    assert sorted(seen) == seen


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_a_long_row_of_many_statements_is_written_piece_by_piece(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    monkeypatch.setattr("leadclass.table_tagging.BATCH_BYTES", 20_000)
    columns = {
        "c": ["Plans."] * 500 + ["Plans the rota. Sets a direction. " * 50],
        "long": ["a"] * 500 + ["b" * 10_000],
    }
    source, target = tmp_path / f"in{suffix}", tmp_path / f"out{suffix}"
    if suffix == ".csv":
        write(source, columns)
    else:
        pq.write_table(pa.table(columns), source)
    calls: list[int] = []
    done = tag_table(
        model, source, target, "c", unit="statement", progress=lambda rows, _: calls.append(rows)
    )
    assert done.n_written == 600
    assert len(calls) > 50  # of the long row no more than two at a time
    if suffix == ".csv":
        assert read(target)["long"] == ["a"] * 500 + ["b" * 10_000] * 100


@pytest.mark.parametrize("unit", ["row", "statement"])
def test_the_number_of_processes_does_not_show(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, unit: Unit
) -> None:
    monkeypatch.setattr("leadclass.tables.csv_files.BATCH_BYTES", 500)
    monkeypatch.setattr("leadclass.table_workers.WORTH_A_PROCESS", 500)
    source = EXAMPLES / "reviews.csv"
    for n in (0, 1):
        with workers_for(source, n) as workers:
            assert (workers.n if workers else 0) == n
            target = tmp_path / f"{n}.csv"
            tag_table(model, source, target, "comment", unit=unit, workers=workers)
    assert (tmp_path / "0.csv").read_bytes() == (tmp_path / "1.csv").read_bytes()


def test_pandas_frames_keep_index_and_own_columns(model: Model) -> None:
    frame = pd.DataFrame({"c": ["Plans the rota.", None], "n": [1, 2]}, index=[7, 9])
    tagged = model.tag(frame, text="c")
    pd.testing.assert_frame_equal(tagged[["c", "n"]], frame)
    assert list(tagged.columns) == ["c", "n", *COLUMNS]
    assert np.isnan(tagged.loc[9, "p_management"])


def test_arrow_tables_come_back_as_arrow_tables(model: Model) -> None:
    table = pa.table({"c": pa.chunked_array([["Plans the rota."], ["Parks. Leads."]])})
    assert model.tag(table, text="c").column_names == ["c", *COLUMNS]
    assert model.tag(table, text="c", unit="statement").num_rows == 3


def test_a_column_of_numbers_is_refused(model: Model) -> None:
    for frame in (pa.table({"c": [1, 2]}), pd.DataFrame({"c": [1, 2]})):
        with pytest.raises(LeadclassError, match="text"):
            model.tag(frame, text="c")


def test_frames_without_the_column_are_refused(model: Model) -> None:
    with pytest.raises(LeadclassError, match="'c', 'n'"):
        model.tag(pd.DataFrame({"c": [], "n": []}), text="comment")


cells = st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.lists(st.tuples(cells, cells), min_size=1))
def test_any_csv_round_trips(model: Model, tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    own = {"a": [row[0] for row in rows], "c": [row[1] for row in rows]}
    write(tmp_path / "in.csv", own)
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    tagged = read(tmp_path / "out.csv")
    assert {name: tagged[name] for name in own} == own


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl"])
@pytest.mark.parametrize("compression", [".gz", ".bz2", ".zst", ".lz4", ".br"])
def test_compressed_tables_are_read_and_written(
    model: Model, tmp_path: Path, suffix: str, compression: str
) -> None:
    write(tmp_path / f"in{suffix}", {"c": COMMENTS})
    packed, tagged = tmp_path / f"in{suffix}{compression}", tmp_path / f"out{suffix}{compression}"
    with pa.output_stream(packed, compression="detect" if compression != ".br" else "brotli") as to:
        to.write((tmp_path / f"in{suffix}").read_bytes())
    tag_table(model, packed, tagged, "c")
    tag_table(model, tmp_path / f"in{suffix}", tmp_path / f"plain{suffix}", "c")
    kind = "detect" if compression != ".br" else "brotli"
    with pa.input_stream(tagged, compression=kind) as stream:
        assert stream.read() == (tmp_path / f"plain{suffix}").read_bytes()


def test_a_compressed_file_that_was_cut_off_leaves_nothing(model: Model, tmp_path: Path) -> None:
    whole = gzip.compress(b"c\n" + b"Plans the rota.\n" * 1000)
    (tmp_path / "in.csv.gz").write_bytes(whole[:-10])
    with pytest.raises(LeadclassError, match=r"in\.csv\.gz: cannot be read .*whole"):
        tag_table(model, tmp_path / "in.csv.gz", tmp_path / "out.csv", "c")
    assert not (tmp_path / "out.csv").exists()


@pytest.mark.parametrize("n_workers", [0, 1])
def test_a_folder_of_tables_becomes_another(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n_workers: int
) -> None:
    monkeypatch.setattr("leadclass.table_workers.WORTH_A_PROCESS", 500)
    source = tmp_path / "in"
    for year in (2024, 2025):
        (source / f"year={year}").mkdir(parents=True)
        for part in (0, 1):
            table = pa.table(
                {"c": [f"Plans {year}.", "Inspires us."][part:], "n": [part] * (2 - part)}
            )
            pq.write_table(table, source / f"year={year}" / f"part-{part}.parquet")
    pq.write_table(pa.table({"c": pa.array([], pa.string())}), source / "empty.parquet")
    (source / "_SUCCESS").touch()
    (source / "_metadata.parquet").write_bytes(b"of another program")
    with workers_for(source, n_workers) as workers:
        done = tag_table(model, source, tmp_path / "out", "c", workers=workers)
    written = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")}
    tables = {f"year={y}/part-{p}.parquet" for y in (2024, 2025) for p in (0, 1)}
    assert written == tables | {"empty.parquet"}
    assert done.n_rows == 6
    for name in tables:
        alone = tmp_path / "alone.parquet"
        tag_table(model, source / name, alone, "c")
        assert pq.read_table(tmp_path / "out" / name, partitioning=None) == pq.read_table(alone)


def test_a_folder_with_a_bad_table_leaves_nothing(model: Model, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.csv").write_text("c\nPlans.\n")
    (tmp_path / "in" / "b.csv").write_text("d\nPlans.\n")
    with pytest.raises(LeadclassError, match=r"b\.csv, column 'c': no such column"):
        tag_table(model, tmp_path / "in", tmp_path / "out", "c")
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_rows_of_a_csv_come_back_byte_for_byte(model: Model, tmp_path: Path) -> None:
    rows = ['"1",x,"Says ""we"".\nPlans."', '2,"quoted for nothing",', "3,,Leads"]
    (tmp_path / "in.csv").write_text("id,n,c\n" + "\n".join(rows) + "\n")
    tag_table(model, tmp_path / "in.csv", tmp_path / "out.csv", "c")
    tagged = (tmp_path / "out.csv").read_text()
    assert all(row in tagged for row in rows)
