"""Files that Spark can read in, a folder of parquet or csv parts out, tagged on the way.

Rows and cells are those that the local engine reads and writes, as far as Spark can.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING

import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM
from leadclass.folders import check_free, replacing_folder
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.spark.frames import numbered, tag
from leadclass.spark.reading import csv_options, read
from leadclass.spark.session import one_line, spark_session
from leadclass.tables.cells import as_text, guarded_cells
from leadclass.tables.formats import JSONL, PARQUET, TableFormat, format_of
from leadclass.tagging import added_schema

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def tag_files(
    model: Model,
    source: str,
    target: str,
    text: str,
    *,
    unit: Unit = "row",
    master: str | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    guards: bool = True,
) -> dict[str, str]:
    """Tag a table of any size with Spark.

    Parameters
    ----------
    model : Model
    source : str
        A file, a folder or a glob, at a path or an address that Spark can read, of csv, tsv, jsonl
        or parquet.
    target : str
        The folder to write, with the extension of its format, csv, tsv or parquet, or with none for
        that of `source`. It must not exist, or be empty.
    text : str
        The column to read.
    unit : {'row', 'statement'}
    master : str, optional
        See `leadclass.spark.session.spark_session`.
    encoding, delimiter : str, optional
        Of `source`, where they are not UTF-8 and what its header uses.
    guards : bool
        See `leadclass.table_tagging.tag_table`.

    Returns
    -------
    dict of str to str
        New columns whose name the table had already, and the name they have instead.

    Raises
    ------
    LeadclassError
        If the table cannot be read or the target not be written; then no folder is left behind
        on this machine.
    """
    if target == STANDARD_STREAM:
        raise LeadclassError("Spark writes folders", remedy="name one with -o, such as out.parquet")
    wanted = _written(format_of(target), target) if PurePath(target).suffix else None
    _refuse_taken(target)
    with spark_session(master) as session, one_line(source):
        df, own = read(session, source, encoding, delimiter)
        df, kind = _spread(df), wanted or _written(own, target)
        added, renamed = added_schema(df.columns, unit)
        _write(tag(df, text, model=model, unit=unit), target, kind, len(added) if guards else 0)
        return renamed


def _written(kind: TableFormat, target: str) -> TableFormat:
    """The format, unless Spark cannot write it as it should be."""
    if kind.name == JSONL:
        raise LeadclassError(
            "Spark does not keep the lines of a jsonl as they are",
            file=target,
            remedy="write parquet, csv or tsv, or use --engine local",
        )
    return kind


def _refuse_taken(target: str) -> None:
    """Refuse a folder that holds something before Spark starts; Spark does so at an address."""
    if _is_address(target):
        return
    try:
        check_free(target)
    except LeadclassError as error:
        error.remedy = "name a new one with -o"
        raise


def _is_address(path: str) -> bool:
    return "://" in path


def _spread(df: DataFrame) -> DataFrame:
    """The rows over all cores, in their order: a csv, or a packed file, is read by one task."""
    from pyspark.sql.functions import monotonically_increasing_id

    tasks = df.sparkSession.sparkContext.defaultParallelism
    if df.rdd.getNumPartitions() >= tasks:
        return df
    rows = numbered(df).withColumn("row", monotonically_increasing_id())
    spread = rows.repartitionByRange(tasks, "row").sortWithinPartitions("row").drop("row")
    return spread.toDF(*df.columns)


def _write(df: DataFrame, target: str, kind: TableFormat, n_guarded: int) -> None:
    with _whole(target) as (path, mode):
        if kind.name == PARQUET:
            df.write.mode(mode).option("compression", "zstd").parquet(path)
        else:
            options = csv_options(kind.delimiter) | {"emptyValue": "", "nullValue": ""}
            _as_text(df, n_guarded).write.mode(mode).options(**options, header=True).csv(path)


@contextmanager
def _whole(target: str) -> Iterator[tuple[str, str]]:
    """Where to write, and how; on this machine the folder appears when all is written."""
    if _is_address(target):
        yield target, "errorifexists"
        return
    with replacing_folder(target) as unfinished:
        yield unfinished.as_uri(), "append"


def _as_text(df: DataFrame, n_guarded: int) -> DataFrame:
    """Every cell as it stands in a csv; in the last columns none is a formula to a spreadsheet."""
    from pyspark.sql.types import StringType, StructField, StructType

    schema = StructType([StructField(name, StringType()) for name in df.columns])

    def written(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            cells = [as_text(column) for column in batch.columns]
            own = len(cells) - n_guarded
            yield pa.RecordBatch.from_arrays(
                [*cells[:own], *map(guarded_cells, cells[own:])], names=schema.names
            )

    return numbered(df).mapInArrow(written, schema)
