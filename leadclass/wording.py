"""A row of a labelled table in, its label out, however the table words it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from unicodedata import normalize

from leadclass.errors import LeadclassError, shortened
from leadclass.labels import LABELS, NO, SIDES, YES, label_of


@dataclass(frozen=True)
class Wording:
    """How a table says its labels: in which words, or by a yes or a no for each side.

    Words are compared without regard to case and to blanks around them; 1.0 is 1.

    Attributes
    ----------
    words : tuple of str
        Words of someone's own with the labels that they stand for, beside the labels themselves:
        ``L=leadership``.
    sides : tuple of str
        Two columns that say yes or no, to leadership and to management, in place of one of labels;
        or none.
    yes, no : tuple of str
        What these say.
    blank_is_no : bool
        Whether a blank cell there is a no in any row. Else it is one beside a yes alone: where
        there is no yes, no one may have looked at the row.

    Raises
    ------
    LeadclassError
        If a word has no meaning, or two.
    """

    words: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    yes: tuple[str, ...] = YES
    no: tuple[str, ...] = NO
    blank_is_no: bool = False

    def __post_init__(self) -> None:
        _ = self._labels, self._answers
        if self.sides and not (len(self.sides) == len(set(self.sides)) == len(SIDES)):
            raise LeadclassError(
                "--sides names no two columns",
                remedy="give that of leadership and that of management, with a comma between",
            )

    @classmethod
    def told(cls, kept: Mapping[str, Any]) -> Wording:
        """One from what ``dataclasses.asdict`` has made of it, and JSON of that."""
        return cls(
            tuple(kept.get("words", ())),
            tuple(kept.get("sides", ())),
            tuple(kept.get("yes", YES)),
            tuple(kept.get("no", NO)),
            bool(kept.get("blank_is_no", False)),
        )

    def columns(self, label: str) -> tuple[str, ...]:
        """The columns to read, of a table with this one of labels if it has such."""
        return self.sides or (label,)

    def label(self, row: Mapping[str, str], column: str, *, with_options: bool = False) -> str:
        """The label of a row.

        Parameters
        ----------
        row : mapping of str to str
            Its cells by column.
        column : str
            That of labels.
        with_options : bool
            Whether there are options to say what words mean, for the remedy.

        Returns
        -------
        str
            One of `leadclass.labels.LABELS`.

        Raises
        ------
        LeadclassError
            If it has none.
        """
        if self.sides:
            return self._label_of_sides(row)
        word = _plain(row[column])
        if not word:
            raise LeadclassError("has no label", column=column, remedy="fill it or drop the row")
        if word not in self._labels:
            option = ", or say with --word what it stands for" if with_options else ""
            raise LeadclassError(
                f"unknown label {shortened(row[column].strip())!r}",
                column=column,
                remedy=f"use one of {', '.join(LABELS)}{option}",
            )
        return self._labels[word]

    def _label_of_sides(self, row: Mapping[str, str]) -> str:
        said = [self._answer(row[side], side) for side in self.sides]
        if None in said and True not in said and not self.blank_is_no:
            raise LeadclassError(
                "is blank, and there is no yes beside it",
                column=self.sides[said.index(None)],
                remedy="fill it, drop the row, or give --blank-is-no if a blank cell is a no",
            )
        leadership, management = said
        return label_of(bool(leadership), bool(management))

    def _answer(self, cell: str, column: str) -> bool | None:
        """Whether a cell says yes; None where it is blank."""
        word = _plain(cell)
        if word and word not in self._answers:
            raise LeadclassError(
                f"{shortened(cell.strip())!r} is neither yes nor no",
                column=column,
                remedy=f"yes is {', '.join(self.yes)}, no is {', '.join(self.no)}: name other "
                "words with --yes and --no",
            )
        return self._answers.get(word)

    @cached_property
    def _labels(self) -> dict[str, str]:
        """Labels by their words."""
        labels = {label: label for label in LABELS}
        for told in self.words:
            # A word may have the sign in it, a label has not.
            word, _, label = map(_plain, told.rpartition("="))
            if not word or label not in LABELS:
                raise LeadclassError(
                    f"--word {shortened(told)!r} is no word with its label",
                    remedy=f"give WORD=LABEL, the label one of {', '.join(LABELS)}",
                )
            if (known := labels.setdefault(word, label)) != label:
                raise LeadclassError(
                    f"--word {shortened(told)!r}: the word stands for {known} already",
                    remedy="give it one meaning",
                )
        return labels

    @cached_property
    def _answers(self) -> dict[str, bool]:
        """Which words say yes, and which no."""
        answers: dict[str, bool] = {}
        for option, words, answer in (("--yes", self.yes, True), ("--no", self.no, False)):
            if not words or not all(map(_plain, words)):
                raise LeadclassError(
                    f"{option} names an empty word", remedy="put one comma between two words"
                )
            for word in words:
                if answers.setdefault(_plain(word), answer) != answer:
                    raise LeadclassError(
                        f"{shortened(word.strip())!r} would say both yes and no",
                        remedy="name all words that say yes with --yes, all others with --no",
                    )
        return answers


def _plain(word: str) -> str:
    """A word as it is compared; of one that is written in two ways the same."""
    plain = normalize("NFC", word).strip().casefold()
    # What is a whole number in a spreadsheet comes out with a fraction if any of its column has.
    whole = _WHOLE.fullmatch(plain)
    return whole[1] if whole else plain


_WHOLE = re.compile(r"(\d+)\.0+")
