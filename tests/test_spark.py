"""With a real Spark on two cores of this machine, see the fixture `spark`."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLES, PYSPARK_WARNINGS, SOON, Run, assert_one_clear_line, need_spark

from leadclass.errors import LeadclassError
from leadclass.labels import COLUMNS, UNITS, Unit
from leadclass.model import Model
from leadclass.table_tagging import tag_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.filterwarnings(*PYSPARK_WARNINGS)

LINES = [
    "Plans the rota. Leads us through change.",
    None,
    "",
    "   ",
    "команда 🎉 — 日本語のコメント",
    "Two lines:\nplans the rota; coaches staff",
    "Sets a clear direction.",
]

#: Cells that a csv must quote, or that a careless reader would take for something else.
NASTY = [
    'Says "we lead, always", then does.',
    "Two lines:\nplans the rota; coaches staff",
    "a carriage\rreturn",
    "Großartig 🎉 — 日本語",
    "",
    "  ",
    "\ttab\t",
    "=SUM(A1)",
    '"',
    '""',
    "\\",
    '\\"',
    "a\\",
    "NULL",
    "null",
    "NA",
    "#c",
    "\\N",
    "trailing ",
    "\u2028line",
    "x,y;z|w",
    "nan",
    "-0",
    "1.0",
]


def frame(spark: SparkSession, lines: list[str | None], partitions: int = 3) -> DataFrame:
    rows = list(enumerate(lines))
    return spark.createDataFrame(rows, "id int, comment string").repartition(partitions)


def rows_of(df: DataFrame, *order: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in df.orderBy(*order).collect()]


def rows_of_table(table: pa.Table, *order: str) -> list[tuple[object, ...]]:
    kept = table.sort_by([(name, "ascending") for name in order])
    return [tuple(row.values()) for row in kept.to_pylist()]


@pytest.mark.parametrize("unit", UNITS)
def test_rows_and_numbers_are_those_of_the_local_engine(
    model: Model, spark: SparkSession, unit: Unit
) -> None:
    from leadclass.spark import tag

    lines = LINES * 5
    local = model.tag(pa.table({"id": range(len(lines)), "comment": lines}), "comment", unit)
    order = ("id", "start") if unit == "statement" else ("id",)
    tagged = tag(frame(spark, lines), "comment", model=model, unit=unit)
    assert tagged.columns == local.column_names
    assert rows_of(tagged, *order) == rows_of_table(local, *order)


def test_own_columns_keep_values_types_nullability_and_metadata(spark: SparkSession) -> None:
    from pyspark.sql import Row
    from pyspark.sql import types as t

    from leadclass.spark import tag

    when = dt.datetime(2024, 3, 31, 2, 30, 0, 123456)
    columns = {
        "id": (t.IntegerType(), 1),
        "comment": (t.StringType(), "Plans the rota. Leads."),
        "paid": (t.DecimalType(9, 2), Decimal("1.25")),
        "when": (t.TimestampType(), when),
        "local": (t.TimestampNTZType(), when),
        "day": (t.DateType(), dt.date(1900, 1, 1)),
        "took": (t.DayTimeIntervalType(), dt.timedelta(1, 2)),
        "raw": (t.BinaryType(), b"\xff"),
        "share": (t.FloatType(), 0.5),
        "none": (t.NullType(), None),
        "list": (t.ArrayType(t.StructType([t.StructField("a", t.ByteType())]), False), [Row(a=1)]),
        "map": (t.MapType(t.StringType(), t.LongType()), {"x": 1, "y": None}),
        "a.b`c": (t.StringType(), "dotted"),
    }
    schema = t.StructType(
        [
            t.StructField(name, kind, name != "id", {"of": name})
            for name, (kind, _) in columns.items()
        ]
    )
    df = spark.createDataFrame([tuple(value for _, value in columns.values())], schema)
    tagged = tag(df, "comment", unit="statement")
    assert tagged.schema.fields[: len(columns)] == schema.fields
    own = df.collect()[0]
    assert [tuple(row)[: len(columns)] for row in tagged.collect()] == [tuple(own)] * 2


def test_names_that_are_taken_repeat_or_differ_in_case_alone(spark: SparkSession) -> None:
    from leadclass.spark import tag

    df = spark.createDataFrame([("Plans.", 1, 2, 3)], ["comment", "label", "x", "Traits"])
    twice = df.select("*", df["x"].alias("x"))
    named = ["leadclass_label", "p_leadership", "p_management"]
    # To Spark, unless it is told otherwise, Traits and traits are one name.
    assert tag(twice, "comment").columns == [*twice.columns, *named, "leadclass_traits"]
    assert tag(twice, "comment").collect()[0][:5] == ("Plans.", 1, 2, 3, 2)
    spark.conf.set("spark.sql.caseSensitive", "true")
    try:
        assert tag(twice, "comment").columns == [*twice.columns, *named, "traits"]
    finally:
        spark.conf.unset("spark.sql.caseSensitive")


def test_no_rows_and_empty_partitions_are_no_fault(spark: SparkSession) -> None:
    from leadclass.spark import tag

    assert tag(frame(spark, LINES).where("id < 0"), "comment").collect() == []
    assert tag(frame(spark, LINES[:1], partitions=8), "comment").count() == 1


def test_a_models_own_thresholds_travel_with_it(model: Model, spark: SparkSession) -> None:
    from leadclass.spark import tag

    lines: list[str | None] = ["Plans the rota.", "Sets a clear direction."]
    strict = model.with_thresholds({"leadership": 1.0, "management": 1.0})
    for used in (strict, model):
        tagged = tag(frame(spark, lines), "comment", model=used)
        assert [row[2] for row in rows_of(tagged, "id")] == used.predict(lines).tolist()


def test_each_worker_keeps_its_model_between_tasks(model: Model, spark: SparkSession) -> None:
    from leadclass.spark import tag

    def kept(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        import time

        from leadclass.spark import frames

        time.sleep(0.2)  # so that every worker gets a task
        for _ in batches:
            models = [id(model) for model in frames._models.values()]
            arrays = [pa.array([os.getpid()]), pa.array([models])]
            yield pa.RecordBatch.from_arrays(arrays, names=["pid", "models"])

    df = frame(spark, LINES * 10, partitions=8)
    seen: dict[int, set[tuple[int, ...]]] = {}
    for _ in range(3):
        tag(df, "comment", model=model).collect()
        for pid, models in df.mapInArrow(kept, "pid long, models array<long>").collect():
            seen.setdefault(pid, set()).add(tuple(models))
    assert len(seen) > 1
    assert all(len(states) == 1 and len(next(iter(states))) == 1 for states in seen.values())


def test_bad_frames_are_refused_before_spark_runs(spark: SparkSession) -> None:
    from leadclass.spark import tag

    df = frame(spark, LINES)
    with pytest.raises(LeadclassError, match="'nope': no such column in the table; name one of"):
        tag(df, "nope")
    with pytest.raises(LeadclassError, match="column 'id': holds int, not text"):
        tag(df, "id")
    with pytest.raises(LeadclassError, match="no unit is called 'page'"):
        tag(df, "comment", unit="page")  # type: ignore[arg-type]
    with pytest.raises(LeadclassError, match="no such model folder"):
        tag(df, "comment", model="nowhere")


# Files


def write_csv(path: Path, header: list[str], rows: list[list[str]], delimiter: str = ",") -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n", delimiter=delimiter)
        writer.writerows([header, *rows])


def read_csv(path: Path, delimiter: str = ",") -> list[list[str]]:
    """The rows of a file, or of a folder of parts, without the headers of all but the first."""
    parts = sorted(path.glob("part-*")) if path.is_dir() else [path]
    rows: list[list[str]] = []
    for part in parts:
        with part.open(newline="", encoding="utf-8") as file:
            found = list(csv.reader(file, delimiter=delimiter, strict=True))
        rows += found[bool(rows) :]
    return rows


def both(
    model: Model, source: Path, suffix: str, unit: Unit = "row", **options: str
) -> tuple[Path, Path]:
    """What both engines write of the column comment."""
    from leadclass.spark.files import tag_files

    targets = source.with_name(f"local{suffix}"), source.with_name(f"spark{suffix}")
    tag_table(model, source, targets[0], "comment", unit=unit, **options)  # type: ignore[arg-type]
    tag_files(model, str(source), str(targets[1]), "comment", unit=unit, **options)  # type: ignore[arg-type]
    return targets


@pytest.mark.parametrize(("suffix", "mark"), [(".csv", ","), (".csv", ";"), (".tsv", "\t")])
def test_any_cell_of_a_csv_comes_back_as_the_local_engine_writes_it(
    model: Model, spark: SparkSession, tmp_path: Path, suffix: str, mark: str
) -> None:
    rows = [[f"0{i}", cell, "é"] for i, cell in enumerate(NASTY)]
    source = tmp_path / f"in{suffix}"
    write_csv(source, ["", "comment", "x.`y"], rows, delimiter=mark)
    local, there = both(model, source, suffix)
    tagged = read_csv(local, mark)
    assert [row[1] for row in tagged[1:]] == NASTY
    # Spark writes what stands for a csv or a tsv between cells, whatever stood there before.
    assert read_csv(there, "\t" if suffix == ".tsv" else ",") == tagged


def test_a_csv_becomes_the_same_parquet(model: Model, spark: SparkSession, tmp_path: Path) -> None:
    write_csv(tmp_path / "in.csv", ["Label", "LABEL", "comment"], [["1", "", c] for c in NASTY])
    local, there = (pq.read_table(path) for path in both(model, tmp_path / "in.csv", ".parquet"))
    assert there.equals(local)


@pytest.mark.parametrize("unit", UNITS)
def test_many_rows_are_spread_over_parts_in_their_order(
    model: Model, spark: SparkSession, tmp_path: Path, unit: Unit
) -> None:
    write_csv(tmp_path / "in.csv", ["comment"], [[line or ""] for line in LINES] * 50)
    local, there = both(model, tmp_path / "in.csv", ".csv", unit)
    assert len(list(there.glob("part-*"))) == 2
    assert read_csv(there) == read_csv(local)


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_types_of_a_parquet_come_back(
    model: Model, spark: SparkSession, tmp_path: Path, suffix: str
) -> None:
    table = pa.table(
        {
            "id": pa.array([1, 2, None], pa.int32()),
            "comment": ["Plans the rota. Leads.", None, ""],
            "paid": pa.array([Decimal("1.20"), None, Decimal("3")], pa.decimal128(9, 2)),
            "when": pa.array([1, 10**15 + 1, None], pa.timestamp("us", "UTC")),
            "local": pa.array([1, 10**15 + 1, None], pa.timestamp("us")),
            "day": pa.array([0, 1, None], pa.date32()),
            "nested": [[{"a": 1}], None, []],
            "raw": [b"\xff\x00", None, b""],
            "share": [0.1, 1e-5, None],
            "yes": [True, None, False],
        }
    )
    pq.write_table(table, tmp_path / "in.parquet")
    local, there = both(model, tmp_path / "in.parquet", suffix, "statement")
    if suffix == ".csv":
        assert read_csv(there) == read_csv(local)
    else:
        assert pq.read_table(there).equals(pq.read_table(local))


def test_values_of_a_jsonl_come_back_as_text(
    model: Model, spark: SparkSession, tmp_path: Path
) -> None:
    rows = [
        {"id": 1, "comment": "Plans the rota.", "n": 1.0, "z": [1, None]},
        {"comment": 'é\n"q"', "id": None, "n": 1e5, "b": True},
        {"comment": None, "big": 12345678901234567890, "a": ""},
    ]
    (tmp_path / "in.jsonl").write_text(
        "\n\n".join(map(json.dumps, rows)).replace("1, null", "1,null")
    )
    local, there = both(model, tmp_path / "in.jsonl", ".parquet")
    spaced = pq.read_table(local).to_pylist()
    spaced[0]["z"] = spaced[0]["z"].replace(" ", "")  # the one thing that Spark writes otherwise
    assert pq.read_table(there).to_pylist() == spaced


def test_folders_and_globs_are_tables(model: Model, spark: SparkSession, tmp_path: Path) -> None:
    from leadclass.spark.files import tag_files

    for year in ("2023", "2024"):
        folder = tmp_path / "all" / f"year={year}"
        folder.mkdir(parents=True)
        write_csv(folder / "x.csv", ["id", "comment"], [[year, "Plans."], ["0", "Leads us."]])
    tag_files(model, str(tmp_path / "all"), str(tmp_path / "a.parquet"), "comment")
    tag_files(model, str(tmp_path / "all" / "*" / "*.csv"), str(tmp_path / "b.parquet"), "comment")
    found = pq.read_table(tmp_path / "a.parquet")
    assert found.column_names == ["id", "comment", "year", *COLUMNS]
    assert sorted(found["year"].to_pylist()) == ["2023", "2023", "2024", "2024"]
    assert pq.read_table(tmp_path / "b.parquet").column_names == ["id", "comment", *COLUMNS]
    # A name without an extension leaves the format as it is.
    tag_files(model, str(tmp_path / "all"), str(tmp_path / "tagged"), "comment")
    part = next((tmp_path / "tagged").glob("*.csv"))
    assert read_csv(part)[0] == ["id", "comment", "year", *COLUMNS]
    # What was written can be read again.
    tag_files(model, str(tmp_path / "a.parquet"), str(tmp_path / "c.csv"), "comment")
    assert read_csv(tmp_path / "c.csv")[0][-4:] == [f"leadclass_{name}" for name in COLUMNS]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,comment\n1,x\n2\n", "a row is broken, or has more or fewer cells"),
        ("id,comment\n1,x\n2,y,z\n", "a row is broken, or has more or fewer cells"),
        ('id,comment\n1,"x"y\n', "a row is broken, or has more or fewer cells"),
        ("a,comment,a\n1,x,2\n", "'a': several columns have this name"),
        ("sep=;\nid;comment\n1;x\n", "which Spark takes for the header"),
        ("", "the table is empty"),
        ("id,text\n1,x\n", "'comment': no such column in the table; name one of 'id', 'text'"),
    ],
)
def test_a_broken_csv_is_refused_in_one_line_and_leaves_nothing(
    model: Model, spark: SparkSession, tmp_path: Path, content: str, words: str
) -> None:
    from leadclass.spark.files import tag_files

    (tmp_path / "in.csv").write_text(content)
    with pytest.raises(LeadclassError, match=words) as refused:
        tag_files(model, str(tmp_path / "in.csv"), str(tmp_path / "out.csv"), "comment")
    assert str(refused.value).startswith(str(tmp_path / "in.csv"))
    assert "\n" not in str(refused.value)
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_other_bad_tables_are_refused_in_one_line(
    model: Model, spark: SparkSession, tmp_path: Path
) -> None:
    from leadclass.spark.files import tag_files

    (tmp_path / "in.parquet").write_text("no")
    (tmp_path / "in.jsonl").write_text('{"comment": "x"}\n{"comment": \n')
    (tmp_path / "well.jsonl").write_text('{"comment": "x"}\n')
    mixed, odd, taken = (tmp_path / name for name in ("mixed", "odd", "taken.csv"))
    for folder in (mixed, odd, taken):
        folder.mkdir()
    write_csv(odd / "a.csv", ["id", "comment"], [["1", "x"]])
    write_csv(odd / "b.csv", ["comment", "id"], [["x", "1"]])
    shutil.copy(odd / "a.csv", mixed)
    shutil.copy(tmp_path / "in.jsonl", mixed)
    (taken / "mine").write_text("x")
    for source, target, words in (
        ("in.parquet", "out.csv", "not a Parquet file"),
        ("in.jsonl", "out.csv", "a row is broken"),
        ("mixed", "out.csv", "files of several kinds are here: csv, jsonl"),
        ("odd", "out.csv", "have not the same columns in the same order"),
        ("missing.csv", "out.csv", "no such file"),
        ("odd/a.csv", "taken.csv", "is not empty; name a new one with -o"),
        ("odd/a.csv", "out.jsonl", "write parquet, csv or tsv, or use --engine local"),
        ("odd/a.csv", "out.txt", "not a kind of table"),
        ("well.jsonl", "out", "write parquet, csv or tsv, or use --engine local"),
    ):
        with pytest.raises(LeadclassError, match=words):
            tag_files(model, str(tmp_path / source), str(tmp_path / target), "comment")
        assert not (tmp_path / target).exists() or target == "taken.csv"


def test_workers_without_leadclass_are_told_of_in_one_line() -> None:
    from leadclass.spark.session import _failure

    said = "Job aborted\n  Traceback\nModuleNotFoundError: No module named 'leadclass'\n\tat x.Y\n"
    assert str(_failure("s3a://x/y.csv", said)) == (
        "s3a://x/y.csv: a worker of Spark says: No module named 'leadclass'; "
        "install leadclass where the executors run"
    )
    said = "An error occurred\n: a.b.SomeException: outer\nCaused by: c.D$EError: inner.\n\tat x.Y"
    assert str(_failure("t.csv", said)) == (
        "t.csv: Spark failed (inner); see the log of Spark, or use --engine local"
    )


# The command line


def test_the_command_starts_spark_and_says_nothing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_spark()
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", SOON)
    (tmp_path / "in.csv").write_bytes("id;comment\r\n1;Führt – gut. Plans.\r\n".encode("cp1252"))
    arguments = "tag in.csv -t comment --unit statement --encoding cp1252"
    done = run(*arguments.split(), *"-o out.csv --engine spark --master local[2]".split())
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    run(*arguments.split(), "-o", "local.parquet")
    rows = pq.read_table(tmp_path / "local.parquet")
    assert read_csv(tmp_path / "out.csv") == [
        rows.column_names,
        *([str(cell) for cell in row.values()] for row in rows.to_pylist()),
    ]


def test_options_of_the_other_engine_are_refused(run: Run) -> None:
    arguments = ["tag", EXAMPLES / "reviews.csv", "-t", "comment", "-o", "out.csv"]
    assert_one_clear_line(run(*arguments, "--engine", "spark", "-j", 2), "--jobs is for")
    assert_one_clear_line(run(*arguments, "--master", "local"), "--master is for")
    assert_one_clear_line(
        run(*arguments[:-1], "-", "--engine", "spark"), "Spark writes folders; name one"
    )


def test_without_java_or_pyspark_one_line_says_what_to_do(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need_spark()
    arguments = ["tag", str(EXAMPLES / "reviews.csv"), "-t", "comment", "-o", "o.csv"]
    arguments += ["--engine", "spark"]
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert_one_clear_line(
        run(*arguments), "needs Java", "install Java 17 or later, or set JAVA_HOME"
    )
    program = f"""
import sys
sys.modules["pyspark"] = None
sys.argv[1:] = {arguments!r}
from leadclass.cli.main import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path
    )
    assert_one_clear_line(done, "needs pyspark", "pip install 'leadclass[spark]'")
