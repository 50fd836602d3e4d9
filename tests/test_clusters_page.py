"""docs/clusters.md is true: its recipes run in order, each engine gives what the model gives."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLES, PYSPARK_WARNINGS, ROOT

from leadclass.model import Model

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

NEEDS_SPARK = "<!-- needs Spark -->\n"

RECIPE = re.compile(rf"^({NEEDS_SPARK})?```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def recipes(*, spark: bool) -> list[str]:
    page = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
    return [code for mark, code in RECIPE.findall(page) if bool(mark) == spark]


@pytest.fixture
def names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the recipes have defined when all were run in a folder with the examples."""
    for module in ("duckdb", "polars"):
        pytest.importorskip(module)
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    found: dict[str, Any] = {}
    for code in recipes(spark=False):
        exec(compile(code, "docs/clusters.md", "exec"), found)
    return found


@pytest.fixture
def reviews() -> pa.Table:
    return pyarrow.csv.read_csv(EXAMPLES / "reviews.csv")


def rows(table: pa.Table | list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows, as if every engine read an empty cell and a number of a csv alike."""
    found = table if isinstance(table, list) else table.to_pylist()
    return [row | {"comment": row["comment"] or "", "rating": int(row["rating"])} for row in found]


def test_every_engine_gives_what_the_model_gives(
    model: Model, names: dict[str, Any], reviews: pa.Table
) -> None:
    whole = rows(model.tag(reviews, "comment"))
    low = [row for row in whole if row["rating"] <= 3]
    assert rows(pq.read_table("tagged")) == whole
    assert rows(pq.read_table("low.parquet")) == low
    assert rows(names["low"].to_dicts()) == low
    assert rows(names["lazy"].to_dicts()) == low
    assert dict(names["shares"]) == Counter(row["label"] for row in low)


@pytest.mark.filterwarnings(*PYSPARK_WARNINGS)
def test_spark_gives_what_the_model_gives(
    model: Model, names: dict[str, Any], reviews: pa.Table, spark: SparkSession
) -> None:
    here = Path.cwd()
    for code in recipes(spark=True):
        for path in ("examples/", "by-spark"):  # Java stays in the folder where it was started
            code = code.replace(f'"{path}', f'"{here / path}' + "/" * path.endswith("/"))
        exec(compile(code, "docs/clusters.md", "exec"), names)
    assert rows(pq.read_table("by-spark")) == rows(model.tag(reviews, "comment"))
