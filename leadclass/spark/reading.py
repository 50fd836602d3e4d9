"""Files of a table in, a Spark DataFrame out, with the cells that the local reader would read."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from leadclass.errors import LeadclassError
from leadclass.spark.frames import numbered
from leadclass.tables.csv_files import delimiter_of
from leadclass.tables.formats import CSV, JSONL, PARQUET, TableFormat, format_of
from leadclass.tables.jsonl_files import BATCH_ROWS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType

#: What Spark unpacks by itself; before it stands the extension that names the format.
_PACKED = (".gz", ".bz2", ".zst", ".lz4", ".snappy", ".deflate")

#: Columns of a csv, far more than Spark allows by default.
_MOST_COLUMNS = 100_000


def read(
    session: SparkSession, source: str, encoding: str | None, delimiter: str | None
) -> tuple[DataFrame, TableFormat]:
    """Read a table and tell its format, see `leadclass.spark.files.tag_files`.

    Parquet has the types that Spark gives it; all columns of the other formats are strings.

    Raises
    ------
    LeadclassError
        If there is no table, or its columns cannot be told apart.
    """
    lines = session.read.text(source)
    kind = _format_of_all(source, lines.inputFiles())
    if kind.name == PARQUET:
        return session.read.parquet(source), kind
    head = [row.value for row in lines.where("trim(value) != ''").head(BATCH_ROWS)]
    if not head:
        raise LeadclassError("the table is empty", remedy="give it a header and rows of text")
    if kind.name == JSONL:
        return _read_jsonl(session, source, head, encoding or "UTF-8"), kind
    delimiter = delimiter or delimiter_of(head[0]) if kind.name == CSV else kind.delimiter
    if head[0].lower().startswith("sep="):
        raise LeadclassError(
            f"begins with {head[0]!r}, which Spark takes for the header",
            remedy="delete this line, or use --engine local",
        )
    return _read_csv(session, source, delimiter, encoding or "UTF-8"), kind


def csv_options(delimiter: str) -> dict[str, Any]:
    """How Spark is to read and write a csv: quotes doubled, spaces kept."""
    return {
        "sep": delimiter,
        "quote": '"',
        "escape": '"',
        "ignoreLeadingWhiteSpace": False,
        "ignoreTrailingWhiteSpace": False,
    }


def _format_of_all(source: str, files: list[str]) -> TableFormat:
    if not files:
        raise LeadclassError("no file of a table is here", file=source, remedy="check the path")
    kinds = {}
    for file in files:
        path = PurePosixPath(unquote(file))
        kind = format_of(path.with_suffix("") if path.suffix in _PACKED else path)
        kinds[kind.name] = kind
    if len(kinds) > 1:
        raise LeadclassError(
            f"files of several kinds are here: {', '.join(sorted(kinds))}",
            file=source,
            remedy="name those of one kind, such as 'folder/*.csv'",
        )
    return kinds.popitem()[1]


def _read_csv(session: SparkSession, source: str, delimiter: str, encoding: str) -> DataFrame:
    from pyspark.sql.functions import when

    options = csv_options(delimiter) | {
        "encoding": encoding,
        "multiLine": True,  # cells have line ends
        "mode": "FAILFAST",
        "maxColumns": _MOST_COLUMNS,
        "unescapedQuoteHandling": "RAISE_ERROR",
    }
    # As cells: as a header, Spark would change names that are empty or there twice. And without
    # the columns that stand in names of folders, which the rows have beside those of the header.
    heads = session.read.options(**options, recursiveFileLookup=True).csv(source)
    names = ["" if name is None else name for name in heads.head() or ()]
    for name in names:
        if names.count(name) > 1:
            raise LeadclassError(
                "several columns have this name",
                column=name,
                remedy="rename them, or use --engine local",
            )
    # Files whose header is another are refused.
    options |= {"header": True, "enforceSchema": False}
    rows = session.read.options(**options).schema(_of_strings(names)).csv(source)
    # An empty cell is an empty text: a csv has no nulls.
    plain = numbered(rows)
    cells = [when(plain[name].isNull(), "").otherwise(plain[name]) for name in plain.columns]
    return plain.select(cells).toDF(*rows.columns)


def _read_jsonl(
    session: SparkSession, source: str, head: Iterable[str], encoding: str
) -> DataFrame:
    options = {"mode": "FAILFAST", "encoding": encoding}
    found = session.read.options(**options, primitivesAsString=True).json(source).columns
    # Spark sorts the keys; they come back in the order in which they first appear.
    order = {key: place for place, key in enumerate(dict.fromkeys(_keys(head)))}
    names = sorted(found, key=lambda name: order.get(name, len(order)))
    return session.read.options(**options).schema(_of_strings(names)).json(source)


def _keys(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            return  # Spark says what is wrong with it
        yield from row if isinstance(row, dict) else ()


def _of_strings(names: Iterable[str]) -> StructType:
    from pyspark.sql.types import StringType, StructField, StructType

    return StructType([StructField(name, StringType()) for name in names])
