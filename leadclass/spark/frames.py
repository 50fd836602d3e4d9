"""A Spark DataFrame in, the same out with the new columns, scored where its rows are.

pyspark is an extra: it is imported inside functions, so that this module can be without it.
"""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from os import PathLike
from typing import TYPE_CHECKING

import pyarrow as pa

from leadclass.batches import check_unit, place_of, tag_batch
from leadclass.errors import LeadclassError, wrong_type
from leadclass.labels import Unit
from leadclass.model import Model, load
from leadclass.tagging import added_schema
from leadclass.weights import Weights

if TYPE_CHECKING:
    from pyspark import Broadcast, SparkContext
    from pyspark.sql import DataFrame, SparkSession
    from pyspark.sql.types import StructType


def tag(
    df: DataFrame,
    text: str,
    *,
    model: Model | str | PathLike[str] | None = None,
    unit: Unit = "row",
) -> DataFrame:
    """Add label, probabilities and traits to a Spark DataFrame.

    Nothing is computed before Spark is asked for rows. leadclass must be installed where the
    executors run.

    Parameters
    ----------
    df : pyspark.sql.DataFrame
    text : str
        The column to read.
    model : Model or path-like, optional
        A model or its folder; by default the shipped one. It is read here and sent along.
    unit : {'row', 'statement'}
        Whether a row of the result is a row of `df` or one of its statements.

    Returns
    -------
    pyspark.sql.DataFrame
        The columns of `df` with their types and nullability, the new ones after them.

    Raises
    ------
    LeadclassError
        If there is no such column or it does not hold text.

    See Also
    --------
    leadclass.Model.tag_batches : The same for any engine that gives Arrow record batches.
    """
    from pyspark.sql.types import StructType

    check_unit(unit)
    if not (hasattr(df, "sparkSession") and hasattr(df, "mapInArrow")):
        raise wrong_type("a table", df, "a DataFrame of Spark")
    place = _text_place(df.schema, text)
    added, _ = added_schema(_taken(df), unit)
    weights = (model if isinstance(model, Model) else load(model)).weights
    digest, fetch = _send(df.sparkSession, replace(weights, about={}))

    def tagged(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        return _tagged(batches, digest, fetch, place, added, unit)

    schema = StructType([*df.schema.fields, *_spark_fields(added).fields])
    return numbered(df).mapInArrow(tagged, schema)


def numbered(df: DataFrame) -> DataFrame:
    """The columns by number: Spark does not find those again whose names repeat or have a dot."""
    return df.toDF(*(f"c{place}" for place in range(len(df.columns))))


def _text_place(schema: StructType, text: str) -> int:
    from pyspark.sql.types import NullType, StringType

    place = place_of(text, schema.names)
    kind = schema.fields[place].dataType
    if not isinstance(kind, (StringType, NullType)):
        raise LeadclassError(
            f"holds {kind.simpleString()}, not text",
            column=text,
            remedy="name a column of text, or cast it",
        )
    return place


def _taken(df: DataFrame) -> Sequence[str]:
    """The names that a new column must not have."""
    if df.sparkSession.conf.get("spark.sql.caseSensitive") == "true":
        return df.columns
    # The new names are lower-case; to Spark, Label is the same name as label.
    return [*df.columns, *(name.lower() for name in df.columns)]


def _spark_fields(added: pa.Schema) -> StructType:
    from pyspark.sql.types import DoubleType, LongType, StringType, StructType

    types = {pa.string(): StringType(), pa.float64(): DoubleType(), pa.int64(): LongType()}
    fields = StructType()
    for field in added:
        fields.add(field.name, types[field.type])
    return fields


def _send(session: SparkSession, weights: Weights) -> tuple[str, Callable[[], Weights]]:
    """A name for some weights, and what gives them to a worker."""
    from pyspark.errors import PySparkException

    digest = hashlib.sha256(pickle.dumps(weights)).hexdigest()
    try:
        context = session.sparkContext
    except PySparkException:
        # Spark Connect has no broadcast: they go with the function, once a query.
        return digest, lambda: weights
    broadcast = _broadcast(context, digest, weights)
    return digest, lambda: broadcast.value


def _broadcast(context: SparkContext, digest: str, weights: Weights) -> Broadcast[Weights]:
    key = context.applicationId, digest
    if key not in _broadcasts:
        _broadcasts[key] = context.broadcast(weights)
    return _broadcasts[key]


#: What was sent to the executors of an application already.
_broadcasts: dict[tuple[str, str], Broadcast[Weights]] = {}


def _tagged(
    batches: Iterable[pa.RecordBatch],
    digest: str,
    fetch: Callable[[], Weights],
    place: int,
    added: pa.Schema,
    unit: Unit,
) -> Iterator[pa.RecordBatch]:
    """What a worker does with the batches of a partition."""
    for batch in batches:
        yield from tag_batch(_model(digest, fetch).decide, batch, place, added, unit)


def _model(digest: str, fetch: Callable[[], Weights]) -> Model:
    """The worker's model: built once for all tasks until another is asked for."""
    if digest not in _models:
        _models.clear()
        _models[digest] = Model(fetch())
    return _models[digest]


_models: dict[str, Model] = {}
