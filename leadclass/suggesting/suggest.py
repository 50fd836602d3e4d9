"""A model and a table in, the statements of the table that are most worth labelling out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from typing import Any

import numpy as np
import pyarrow as pa

from leadclass.arrow import as_numbers, as_strings
from leadclass.corpus import Corpus, Example
from leadclass.errors import LeadclassError
from leadclass.harmless import guarded
from leadclass.labelled_tables import read_corpus
from leadclass.labels import SIDES, Unit
from leadclass.model import Model
from leadclass.suggesting.candidates import (
    Candidate,
    Candidates,
    as_words,
    read_candidates,
    statements_of,
)
from leadclass.suggesting.choosing import choose
from leadclass.suggesting.correction import fit_correction
from leadclass.suggesting.reasons import reason
from leadclass.tables import batch_of, create_table, format_of
from leadclass.tables.formats import CSV, TSV

#: Candidates that are compared with each other: at least so many, or so many times those asked for.
LEAST_CANDIDATES = 3000
_CANDIDATES_FOR_ONE = 2

#: The columns of the table that is written, beside those of the source that are carried.
TEXT, ROW, REASON = "text", "row", "reason"


@dataclass(frozen=True)
class Suggestion:
    """A statement that is worth labelling.

    Attributes
    ----------
    text : str
    carried : dict of str to str
        Its cells of the columns ``id`` and ``kind``, where the table has them.
    row : int
        The row of the table that it is from, counted from 1 below the header.
    probabilities : tuple of float
        Of leadership and of management.
    reason : str
        Why it was chosen.
    """

    text: str
    carried: Mapping[str, str]
    row: int
    probabilities: tuple[float, ...]
    reason: str


@dataclass(frozen=True)
class Suggestions:
    """The suggestions, the one most worth labelling first, and what they were chosen from.

    Attributes
    ----------
    chosen : list of Suggestion
    n_rows, n_statements : int
        Of the table.
    """

    chosen: list[Suggestion]
    n_rows: int
    n_statements: int

    def rows(self) -> list[dict[str, Any]]:
        """The suggestions as rows of a table."""
        return [
            {TEXT: one.text, **one.carried, ROW: one.row, REASON: one.reason} for one in self.chosen
        ]


def suggest(
    model: Model,
    path: str | PathLike[str],
    text: str = TEXT,
    n: int = 50,
    *,
    unit: Unit = "statement",
    labelled: Iterable[str | PathLike[str]] = (),
    adapt: Callable[[Model, Corpus], Model] | None = None,
    encoding: str | None = None,
    delimiter: str | None = None,
    progress: Callable[[int, float], object] | None = None,
) -> Suggestions:
    """Choose the statements of a table that are most worth labelling.

    Those on which its mistakes are expected to cost most and whose labels tell most of the others
    of that sort, none all but the same as another or as what is labelled, of all kinds that the
    table has. The same table, model and labels give the same.

    Parameters
    ----------
    model : Model
    path : path-like
        The table, of any length: it is read once, and the memory does not grow with it.
    text : str
        Its column of statements.
    n : int
        How many to choose.
    unit : {'statement', 'row'}
        Whether a row is cut into its statements or is one.
    labelled : iterable of path-like
        Tables with the columns ``text`` and ``label``, or folders of them. They also tell how sure
        of itself the model may be, if it has not learnt from them.
    adapt : callable, optional
        From the model and what is labelled to a model that has learnt it, which is asked instead;
        see `leadclass.training.adapting.adapted`. The model as it is still tells how sure of itself
        it may be.
    encoding, delimiter : str, optional
        Of the tables, where they are not what they say themselves.
    progress : callable, optional
        Called with the number of rows read and the share of the table in [0, 1].

    Returns
    -------
    Suggestions

    Raises
    ------
    LeadclassError
        If a table cannot be read, or has no statement that is not labelled.
    """
    known_labels = read_corpus(labelled, encoding=encoding)
    done = _words_of(known_labels.examples, unit)
    most = max(LEAST_CANDIDATES, _CANDIDATES_FOR_ONE * n)
    asked = adapt(model, known_labels) if adapt is not None and done else model
    found = read_candidates(
        asked,
        path,
        text,
        unit=unit,
        most=most,
        labelled=frozenset(done),
        correction=_correction(model, known_labels) if done else None,
        encoding=encoding,
        delimiter=delimiter,
        progress=progress,
    )
    if not any(found.by_kind.values()):
        raise LeadclassError(
            "has no statement that is not labelled" if found.counts else "has no text",
            file=path,
            column=text,
            remedy="name another table" if found.counts else "name another column with -t",
        )
    words, _ = model.weights.of_kind("word")
    known = frozenset(words.to_pylist())
    return Suggestions(
        [
            Suggestion(
                choice.candidate.text,
                choice.candidate.carried,
                choice.candidate.row,
                choice.candidate.said,
                reason(choice, known, some_labelled=bool(done)),
            )
            for choice in choose(_fewer(found, most), found.counts, n, done)
        ],
        found.n_rows,
        sum(found.counts.values()),
    )


def write_suggestions(path: str | PathLike[str], suggestions: Suggestions) -> None:
    """Write suggestions as a table that ``leadclass label`` takes.

    In a csv no statement is one that a spreadsheet takes for a formula.

    Raises
    ------
    LeadclassError
        If the file cannot be written; then what was there before is as it was.
    """
    rows = suggestions.rows()
    columns = {name: [row[name] for row in rows] for name in (rows[0] if rows else ())}
    kind = format_of(path)
    if kind.name in (CSV, TSV):
        columns |= {name: [*map(guarded, columns[name])] for name in (TEXT, REASON)}
    batch = pa.RecordBatch.from_arrays(
        [
            as_numbers(np.array(cells)) if name == ROW else as_strings(cells)
            for name, cells in columns.items()
        ],
        names=list(columns),
    )
    with create_table(path, kind, batch.schema, pa.schema([])) as writer:
        writer.write(batch_of(batch), [])


def _words_of(examples: Sequence[Example], unit: Unit) -> list[str]:
    """The words of every statement that is labelled, each once."""
    texts = as_strings([example.text for example in examples])
    words = dict.fromkeys(as_words(texts))
    if unit == "statement":  # of a comment that was labelled as a whole each is
        words |= dict.fromkeys(as_words(statements_of(texts, unit)[0]))
    words.pop("", None)
    return list(words)


def _correction(model: Model, labelled: Corpus) -> np.ndarray:
    """How the model's probabilities are to be read, by what is labelled."""
    sides = slice(len(SIDES))
    return fit_correction(model.predict_proba(labelled.texts), labelled.shown()[:, sides])


def _fewer(found: Candidates, most: int) -> dict[str, list[Candidate]]:
    """So many candidates over all kinds, as many of each as it has."""
    each = max(1, most // len(found.by_kind))
    spare = most - sum(min(each, len(own)) for own in found.by_kind.values())
    fewer = {}
    for kind, own in found.by_kind.items():
        extra = max(0, min(spare, len(own) - each))
        spare -= extra
        fewer[kind] = own[: each + extra]
    return fewer
