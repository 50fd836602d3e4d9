"""A file of labels in, what is in it out, and how far it agrees with the model and a second one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from os import PathLike, fspath
from pathlib import Path

from leadclass.curation.agreement import AgreementReport, agreement, agreement_of_rows
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row
from leadclass.labelled_tables import read_all_rows
from leadclass.labelling.journal import SEEN
from leadclass.labelling.opinions import Opinions

THE_MODEL = "the model"


@dataclass(frozen=True)
class Results:
    """What has been labelled.

    Attributes
    ----------
    path : str
    texts : frozenset of str
        The statements that have a label.
    counts : dict of str to int
        Of labels.
    agreements : dict of str to AgreementReport
        With the model and with a second annotator, by name.
    n_seen : int
        Statements that were labelled with the model's opinion in view, which are left out of the
        agreement with it.
    problem : LeadclassError, optional
        Why an agreement is missing.
    """

    path: str
    texts: frozenset[str]
    counts: dict[str, int]
    agreements: dict[str, AgreementReport]
    n_seen: int
    problem: LeadclassError | None = None


def results_of(
    path: str | PathLike[str], opinions: Opinions, other: str | PathLike[str] | None = None
) -> Results:
    """Look at a file of labels.

    Parameters
    ----------
    path : path-like
    opinions : Opinions
    other : path-like, optional
        A second annotator's labels of the same statements.

    Returns
    -------
    Results

    Raises
    ------
    LeadclassError
        If the file cannot be read.
    """
    rows = read_all_rows([path])
    unseen = [row for row in rows if row.cells.get("saw_model") != SEEN]
    seen = len(rows) - len(unseen)
    agreements: dict[str, AgreementReport] = {}
    problem = None
    try:
        if unseen:
            names = (fspath(path), THE_MODEL)
            by_model = _labelled_by(opinions, unseen)
            agreements[THE_MODEL] = agreement_of_rows(unseen, by_model, names=names, by=())
        if other is not None and rows:
            agreements[Path(fspath(other)).name] = agreement(path, other, by=())
    except LeadclassError as error:  # the labels are worth showing without it
        problem = error
    texts = frozenset(row.example.text for row in rows)
    counts = dict(Counter(row.example.label for row in rows))
    return Results(fspath(path), texts, counts, agreements, seen, problem)


def _labelled_by(opinions: Opinions, rows: list[Row]) -> list[Row]:
    """The same rows with the model's labels."""
    asked = opinions.of_all([row.example.text for row in rows])
    return [
        replace(
            row,
            file=THE_MODEL,
            example=replace(row.example, label=opinion.label, traits=opinion.traits),
        )
        for row, opinion in zip(rows, asked, strict=True)
    ]
