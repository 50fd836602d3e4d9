"""A document in, its profile out: read, cut into statements, its sections found, labelled."""

from __future__ import annotations

from os import PathLike

from leadclass.documents import Document, read_document
from leadclass.errors import wrong_type
from leadclass.profile import LabelledStatement, Profile
from leadclass.sections import sections_of
from leadclass.statements import split
from leadclass.tagging import Decide


def profile_of(decide: Decide, document: str | Document | PathLike[str]) -> Profile:
    """Profile a document, see `leadclass.Model.analyze`.

    Parameters
    ----------
    decide : callable
        From statements to decisions.
    document : str, Document or path-like

    Returns
    -------
    Profile

    Raises
    ------
    LeadclassError
        If it is none of these, or the file cannot be read.
    """
    if isinstance(document, str):
        document = Document("text", document)
    elif isinstance(document, PathLike):
        document = read_document(document)
    elif not isinstance(document, Document):
        raise wrong_type("a document", document, "a text, a Document or a pathlib.Path")
    if not isinstance(document.text, str):
        raise wrong_type("a document's text", document.text, "one string")
    statements = split(document.text)
    decisions = decide([statement.text for statement in statements])
    labelled = (
        LabelledStatement(
            s.text, s.start, s.end, s.form, label, float(p[0]), float(p[1]), traits, section=section
        )
        for s, section, label, p, traits in zip(
            statements,
            sections_of(statements),
            decisions.labels,
            decisions.probabilities,
            decisions.traits,
            strict=True,
        )
    )
    return Profile(document.name, tuple(labelled))
