"""A model and a labelled table in, an evaluation out."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

from leadclass.corpus import Corpus
from leadclass.errors import LeadclassError
from leadclass.evaluation import Evaluation, evaluate
from leadclass.labelled_tables import read_labelled
from leadclass.model import Model
from leadclass.tables import open_table

#: By which column figures are also given where nothing else is asked for.
_USUAL_SLICE = "kind"


def assess(
    model: Model,
    table: str | PathLike[str],
    *,
    text: str = "text",
    label: str = "label",
    by: Sequence[str] | None = None,
    encoding: str | None = None,
) -> Evaluation:
    """Measure a model on labelled statements.

    Parameters
    ----------
    model : Model
    table : path-like
    text, label : str
        The columns of the statements and of the labels they should have.
    by : sequence of str, optional
        Columns by whose values the figures are also given; ``kind`` by default.
    encoding : str, optional
        Of the table.

    Returns
    -------
    Evaluation

    Raises
    ------
    LeadclassError
        If the table cannot be read, has bad rows, or none.
    """
    if by is None:
        with open_table(table, encoding=encoding) as opened:
            by = [name for name in opened.schema.names if name == _USUAL_SLICE]
    examples, slices = read_labelled(table, text=text, label=label, by=by, encoding=encoding)
    if not examples:
        raise LeadclassError("has no rows to measure on", file=table, remedy="add labelled rows")
    corpus = Corpus(examples, sources=[])
    said = model.decide(corpus.texts).shown
    return evaluate(corpus.shown(), said, corpus.known(), slices)
