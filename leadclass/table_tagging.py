"""A table file in, the same table out with label, probabilities and traits beside every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike, fspath

from leadclass.errors import LeadclassError
from leadclass.files import STANDARD_STREAM, refuse_overwriting
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.parallel import tag_columns
from leadclass.tables import create_table, format_of, open_table
from leadclass.tagging import added_schema


@dataclass(frozen=True)
class Tagged:
    """How a table was tagged.

    Attributes
    ----------
    n_rows : int
        Rows read.
    n_written : int
        Rows written, more than were read where each statement has its own.
    renamed : dict of str to str
        New columns whose name the table had already, and the name they have instead.
    """

    n_rows: int
    n_written: int
    renamed: dict[str, str]


def tag_table(
    model: Model,
    source: str | PathLike[str],
    target: str | PathLike[str],
    text: str,
    *,
    unit: Unit = "row",
    jobs: int = 1,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int], object] | None = None,
) -> Tagged:
    """Tag a table file, in memory that does not grow with it.

    Parameters
    ----------
    model : Model
    source, target : path-like
        `target` may be ``-``, standard output in the format of `source`.
    text : str
        The column to read.
    unit : {'row', 'statement'}
        Whether a row of the result is a row of the table or one of its statements.
    jobs : int
        Processes that share the work; the result does not depend on their number.
    encoding, delimiter : str, optional
        Of `source`, where they are not what its bytes say.
    progress : callable, optional
        Called with the number of rows done after each batch.

    Returns
    -------
    Tagged

    Raises
    ------
    LeadclassError
        If the table or a row of it cannot be read, or the target not be written; then no
        target is left behind.
    """
    to_stdout = fspath(target) == STANDARD_STREAM
    with open_table(source, encoding=encoding, delimiter=delimiter) as table:
        if not to_stdout:
            refuse_overwriting(target, source)
        column = table.text_index(text, "-t")
        added, renamed = added_schema(table.schema.names, unit)
        kind = table.format
        if not to_stdout and format_of(target).name != kind.name:
            kind = format_of(target)
        n_rows = n_written = 0
        with create_table(target, kind, table.schema, added) as writer:
            columns = ((batch, batch.rows.column(column)) for batch in table)
            for batch, (places, cells) in tag_columns(model, columns, unit, jobs):
                rows = batch if places is None else batch.take(places)
                try:
                    writer.write(rows, cells)
                except LeadclassError as error:
                    error.file = error.file or fspath(source)
                    raise
                n_rows += len(batch)
                n_written += len(rows)
                if progress is not None:
                    progress(n_rows)
    return Tagged(n_rows, n_written, renamed)
