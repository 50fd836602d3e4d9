"""A new model in, the user's choice of it out, unless it is worse than the one in use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadclass.assessment import Assessment, assess
from leadclass.comparison import Comparison, compare
from leadclass.defaults import Check, Choice, model_in_use, read_choice, write_choice
from leadclass.errors import LeadclassError
from leadclass.files import is_folder
from leadclass.judgement import FEW, Judgement, judge
from leadclass.model import Model, load


@dataclass(frozen=True)
class Trial:
    """A new model beside the one in use.

    Attributes
    ----------
    current : str
        The folder of the model in use.
    comparison : Comparison, optional
        None where nothing was compared.
    judgement : Judgement, optional
    notes : tuple of str
        What a user should know of the comparison, or why there is none, in sentences.
    learnt : bool
        Whether the new model has learnt from the table, so that the comparison says nothing.
    """

    current: str
    comparison: Comparison | None = None
    judgement: Judgement | None = None
    notes: tuple[str, ...] = ()
    learnt: bool = False

    @property
    def refusal(self) -> str | None:
        """Why the new model should not be used; None where nothing speaks against it."""
        if self.learnt:
            return "it has learnt from the table that it is checked on, which says nothing"
        if self.judgement is not None and self.judgement.verdict == "worse":
            reason = self.judgement.reason.rstrip(".")
            return reason[0].lower() + reason[1:]
        return None


def try_out(folder: Path, model: Model, check: Check | None) -> Trial:
    """Compare a new model with the one in use, on a table of labelled statements.

    Parameters
    ----------
    folder : pathlib.Path
        Of the new model.
    model : Model
    check : Check, optional

    Returns
    -------
    Trial

    Raises
    ------
    LeadclassError
        If the table cannot be read or has bad rows.
    """
    try:
        used = model_in_use()
        before = load()
    except LeadclassError as error:
        if check is not None:
            _assessed(model, check)  # a table that cannot be read is told none the less
        return Trial(
            "", notes=(f"Nothing was compared: the model in use is not usable ({error}).",)
        )
    current = str(used.folder)
    if before.weights.digest == model.weights.digest and check is None:
        return Trial(current, notes=("It has the weights of the model in use.",))
    if check is None:
        return Trial(
            current,
            notes=(
                "Nothing was compared: with --check TABLE, labelled statements that neither model "
                f"has learnt from, it is compared with {current}.",
            ),
        )
    old, new = _assessed(before, check), _assessed(model, check)
    comparison = compare(old.corpus.shown(), old.decisions.shown, new.decisions.shown)
    notes = []
    if old.learnt_from:
        notes.append(f"{current} has learnt from {check.table}, which favours it.")
    if comparison.n < FEW:
        notes.append(
            f"On {comparison.n:,} statements only a large difference shows; take {FEW} or more."
        )
    return Trial(current, comparison, judge(comparison), tuple(notes), new.learnt_from)


def choose(folder: Path, model: Model, check: Check | None) -> None:
    """Make a model the one in use, and remember the table that it was checked on."""
    write_choice(Choice(str(folder.absolute()), model.weights.digest, check or remembered()))


def go_back() -> None:
    """Make the shipped model the one in use."""
    write_choice(Choice(check=remembered()))


def remembered() -> Check | None:
    """The table of the last comparison; None for none, or where the choice cannot be read."""
    try:
        return read_choice().check
    except LeadclassError:  # a choice that is damaged is about to be replaced
        return None


def usual_check() -> Check | None:
    """The table of the last comparison, to compare on again.

    Raises
    ------
    LeadclassError
        If there was one and it is no longer there.
    """
    check = remembered()
    if check is not None and not Path(check.table).exists():
        raise LeadclassError(
            "the table of the last comparison is gone",
            file=check.table,
            remedy="name another with --check, or give --anyway to compare nothing",
        )
    return check


def check_model_folder(folder: Path) -> None:
    """Refuse a folder that is not there, before anything else is done."""
    if not is_folder(folder):
        raise LeadclassError(
            "no such model folder",
            file=folder,
            remedy="name one that leadclass train has written, or 'default' for the shipped model",
        )


def _assessed(model: Model, check: Check) -> Assessment:
    return assess(
        model,
        check.table,
        text=check.text,
        label=check.label,
        by=(),
        traits=check.traits,
        texts=check.texts,
        wording=check.wording,
        encoding=check.encoding,
    )
