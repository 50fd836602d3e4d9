"""Which columns of a labelled table are read, and as what."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from leadclass.wording import Wording

#: The column that stands in place of the text where labels are kept apart from it.
DIGEST = "text_sha256"

#: Read where the table has them.
OPTIONAL = ("id", "traits", "kind", "form", "pair", "origin", "split")

#: The same for a table of someone's own, with columns of other names: what else it has may mean
#: anything.
OWN_OPTIONAL = ("traits", "kind")

_TEXT, _LABEL = "text", "label"


@dataclass(frozen=True)
class Columns:
    """Which columns to read.

    Attributes
    ----------
    text : str, optional
        None for a table that may name its statements by something else.
    label : str
    wording : Wording
        How it says its labels; where by two columns, these are read in place of `label`.
    others : tuple of str
        Further columns that the table must have.
    optional : tuple of str
        Which of `OPTIONAL` are read where the table has them; others mean nothing.
    everything : bool
        Read all columns; those that are not named above mean nothing.
    or_usual : bool
        Whether a table that lacks one of these columns is read by the usual ``text`` or ``label``.
        One that has a column of another name is someone's own, of which `optional` alone is read;
        of the others `OPTIONAL` is.
    text_option, label_option : str, optional
        The options that name the columns, for what an error says.
    """

    text: str | None = _TEXT
    label: str = _LABEL
    wording: Wording = field(default_factory=Wording)
    others: tuple[str, ...] = ()
    optional: tuple[str, ...] = OPTIONAL
    everything: bool = False
    or_usual: bool = False
    text_option: str | None = None
    label_option: str | None = None

    def of(self, names: Sequence[str]) -> Columns:
        """Those of a table with columns of these names."""
        if not self.or_usual:
            return self
        sides = set(self.wording.sides) & set(names)
        own = bool(sides) or any(
            wanted != usual and wanted in names
            for wanted, usual in ((self.text, _TEXT), (self.label, _LABEL))
        )
        # One of the two alone is a mistake that is to be told.
        instead = not sides and _LABEL in names
        no_text = self.text is not None and self.text not in names
        return replace(
            self,
            text=_TEXT if no_text and {_TEXT, DIGEST} & set(names) else self.text,
            label=_LABEL if self.label not in names and _LABEL in names else self.label,
            wording=replace(self.wording, sides=()) if instead else self.wording,
            optional=self.optional if own else OPTIONAL,
        )


def own_columns(
    text: str = "text",
    label: str = "label",
    traits: bool = True,
    wording: Wording | Mapping[str, Any] | None = None,
) -> Columns:
    """The columns that someone names.

    Parameters
    ----------
    text, label : str
        Where a table has none of this name, the usual one is read.
    traits : bool
        Whether a column ``traits`` holds those of the codebook, in tables with columns of other
        names if any are named.
    wording : Wording or mapping, optional
        How labels are said, or what `told_columns` keeps of that. Where it names two columns of
        which a table has neither, the usual one of labels is read.
    """
    if not isinstance(wording, Wording):
        wording = Wording.told(wording or {})
    own = (text, label) != (_USUAL.text, _USUAL.label) or bool(wording.sides)
    optional = OWN_OPTIONAL if own else OPTIONAL
    return Columns(
        text,
        label,
        wording,
        optional=optional if traits else tuple(name for name in optional if name != "traits"),
        or_usual=own,
        text_option="-t",
        label_option="-l",
    )


def told_columns(columns: Columns | None) -> dict[str, Any] | None:
    """What `own_columns` is to be told to give these; None for the usual ones."""
    columns = columns or _USUAL
    told: dict[str, Any] = {
        "text": columns.text,
        "label": columns.label,
        "traits": "traits" in columns.optional,
    }
    if columns.wording != _USUAL.wording:
        told["wording"] = asdict(columns.wording)
    return None if own_columns(**told) == own_columns() else told


def options_of(columns: Columns | None) -> list[str]:
    """What to type for `own_columns` to be told these; nothing for the usual ones."""
    columns = columns or _USUAL
    wording = columns.wording
    options = []
    for option, said, usual in (
        ("-t", columns.text or _TEXT, _TEXT),
        ("-l", columns.label, _LABEL),
        ("--sides", _with_commas(wording.sides), ""),
        ("--yes", _with_commas(wording.yes), _with_commas(_USUAL.wording.yes)),
        ("--no", _with_commas(wording.no), _with_commas(_USUAL.wording.no)),
    ):
        if said != usual:
            options += [option, said]
    for word in wording.words:
        options += ["--word", word]
    if wording.blank_is_no:
        options.append("--blank-is-no")
    if "traits" not in columns.optional:
        options.append("--no-traits")
    return options


def _with_commas(words: Sequence[str]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="").writerow(words)
    return line.getvalue()


_USUAL = Columns()
