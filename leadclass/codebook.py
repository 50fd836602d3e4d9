"""The codebook in, its pages out: what counts as each side, and what each trait covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from leadclass.errors import LeadclassError
from leadclass.labels import SIDES, TRAITS

_NAME = "CODEBOOK.md"

#: A row of the table of traits: side, trait, what it covers.
_TRAIT = re.compile(r"^\| (\w+) \| `(\w+)` \| (.+) \|$", re.MULTILINE)
#: The question for a side, and the clause that answers it.
_SIDE = re.compile(r"^\*\*[LM]\. Is it about (\w+)\?\*\* ([^:]+):", re.MULTILINE)


@dataclass(frozen=True)
class Codebook:
    """The rules by which statements are labelled.

    Attributes
    ----------
    text : str
        The whole of it, in Markdown.
    sides : dict of str to str
        What each side is about, as a clause.
    traits : dict of str to str
        What each trait covers.
    """

    text: str
    sides: dict[str, str]
    traits: dict[str, str]


@cache
def read_codebook() -> Codebook:
    """Read the codebook: inside an installed package, in the corpus of a checkout.

    Returns
    -------
    Codebook

    Raises
    ------
    LeadclassError
        If the file is missing, or lacks a side or a trait.
    """
    package = Path(__file__).parent
    installed = package / "data" / _NAME
    path = installed if installed.is_file() else package.parent / "corpus" / _NAME
    try:
        text = path.read_text(encoding="utf-8")
    except OSError:
        raise LeadclassError(
            "the codebook is missing", file=path, remedy="install leadclass anew"
        ) from None
    sides = {side: clause for side, clause in _SIDE.findall(text) if side in SIDES}
    traits = {trait: covers for _, trait, covers in _TRAIT.findall(text) if trait in TRAITS}
    if set(sides) != set(SIDES) or set(traits) != set(TRAITS):
        raise LeadclassError(
            "does not define every side and trait", file=path, remedy="install leadclass anew"
        )
    return Codebook(text, sides, traits)
