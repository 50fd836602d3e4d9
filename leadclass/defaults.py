"""What a user has chosen in, the model to use where none is named, and why that one, out.

The choice is one small file in the user's folder of settings, with the digest of the model's table,
so that no other model is ever used in its place without a word.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict, dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from leadclass.errors import LeadclassError
from leadclass.files import path_of, replacing

if TYPE_CHECKING:
    from leadclass.wording import Wording

#: Names the folder of a model to use where no option does.
MODEL_VARIABLE = "LEADCLASS_MODEL"

#: Names the folder of settings, in place of the platform's.
CONFIG_VARIABLE = "LEADCLASS_CONFIG"

CHOICE_FILE = "use.json"

#: What stands for the shipped model where one is named.
SHIPPED = Path("default")

Why = Literal["option", "environment", "choice", "shipped"]

_GO_BACK = "choose another with 'leadclass use DIR', or go back with 'leadclass use default'"
_REMEDIES: dict[Why, str] = {
    "environment": f"set {MODEL_VARIABLE} to a folder that train has written, or unset it",
    "choice": f"it is the one in use: {_GO_BACK}",
}


@dataclass(frozen=True)
class InUse:
    """The model to use.

    Attributes
    ----------
    folder : pathlib.Path
    why : {'option', 'environment', 'choice', 'shipped'}
        Who says so.
    digest : str, optional
        SHA-256 of its table when it was chosen.
    """

    folder: Path
    why: Why
    digest: str | None = None

    @property
    def reason(self) -> str:
        """Why this one, as a clause."""
        return {
            "option": "named by --model",
            "environment": f"named by {MODEL_VARIABLE}",
            "choice": "chosen with 'leadclass use'",
            "shipped": "shipped with leadclass",
        }[self.why]

    @property
    def remedy(self) -> str | None:
        """What to do if it cannot be loaded; None where the folder itself was named."""
        return _REMEDIES.get(self.why)

    def check(self, digest: str) -> None:
        """Refuse a model that has changed since it was chosen.

        Parameters
        ----------
        digest : str
            Of the table that was just read.

        Raises
        ------
        LeadclassError
        """
        if self.digest is not None and digest != self.digest:
            raise LeadclassError(
                "the model has changed since it was chosen",
                file=self.folder,
                remedy=f"use it as it is now with 'leadclass use {self.folder}', or {_GO_BACK}",
            )


@dataclass(frozen=True)
class Check:
    """A labelled table on which models are compared before one is used, and how to read it."""

    table: str
    text: str = "text"
    label: str = "label"
    traits: bool = True
    texts: tuple[str, ...] = ()
    encoding: str | None = None
    wording: Wording | None = None


@dataclass(frozen=True)
class Choice:
    """What is kept of a user's choice.

    Attributes
    ----------
    folder : str, optional
        Of the chosen model, absolute; None for the shipped one.
    digest : str, optional
        SHA-256 of its table.
    check : Check, optional
        The table of the last comparison.
    """

    folder: str | None = None
    digest: str | None = None
    check: Check | None = field(default=None)


def model_in_use(option: str | PathLike[str] | None = None) -> InUse:
    """The model to use: the one that is named, else the environment's, the user's, the shipped.

    Parameters
    ----------
    option : path-like, optional
        A folder that was named outright.

    Returns
    -------
    InUse

    Raises
    ------
    LeadclassError
        If the user's choice cannot be read.
    """
    if option is not None:
        return InUse(model_folder(option), "option")
    if named := os.environ.get(MODEL_VARIABLE):
        return InUse(Path(named), "environment")
    choice = read_choice()
    if choice.folder is not None:
        return InUse(Path(choice.folder), "choice", choice.digest)
    return InUse(shipped_model(), "shipped")


def model_folder(named: str | PathLike[str]) -> Path:
    """The folder of a model: ``default`` is the shipped one, if no folder here has that name."""
    folder = Path(path_of(named))
    return shipped_model() if folder == SHIPPED and not folder.is_dir() else folder


def shipped_model() -> Path:
    """Where the shipped model is: inside an installed package, beside it in a checkout."""
    package = Path(__file__).parent
    installed = package / "models" / "default"
    return installed if installed.is_dir() else package.parent / "models" / "default"


def read_choice() -> Choice:
    """What the user has chosen; nothing where there is no choice yet.

    Raises
    ------
    LeadclassError
        If the file is there and cannot be read.
    """
    path = config_folder() / CHOICE_FILE
    try:
        return _parsed(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        return Choice()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise LeadclassError(
            "the choice of a model is damaged or not readable", file=path, remedy=_GO_BACK
        ) from None


def write_choice(choice: Choice) -> None:
    """Keep a choice, whole or not at all.

    Raises
    ------
    LeadclassError
        If the folder of settings cannot be written to.
    """
    folder = config_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise LeadclassError(
            f"the folder of settings cannot be made ({error.strerror or error})",
            file=folder,
            remedy=f"name another with {CONFIG_VARIABLE}, or a model with {MODEL_VARIABLE}",
        ) from None
    with replacing(folder / CHOICE_FILE) as unfinished:
        unfinished.write_text(json.dumps(asdict(choice), indent=2) + "\n", encoding="utf-8")


def config_folder() -> Path:
    """The user's folder of settings, where the platform has it."""
    if named := os.environ.get(CONFIG_VARIABLE):
        return Path(named).absolute()
    if sys.platform == "win32":
        return _given("APPDATA", "AppData", "Roaming") / "leadclass"
    if sys.platform == "darwin":
        return _given("", "Library", "Application Support") / "leadclass"
    return _given("XDG_CONFIG_HOME", ".config") / "leadclass"


def _given(variable: str, *usual: str) -> Path:
    """The folder that a variable names, else the usual one in the user's home."""
    # A relative path there is to be ignored, says the XDG base directory specification.
    if (named := os.environ.get(variable, "")) and Path(named).is_absolute():
        return Path(named)
    try:
        return Path.home().joinpath(*usual)
    except RuntimeError:  # a user without a home has made no choice
        return Path(os.devnull)


def _parsed(page: dict[str, Any]) -> Choice:
    folder, digest, check = page["folder"], page["digest"], page["check"]
    if not all(value is None or isinstance(value, str) for value in (folder, digest)):
        raise TypeError("folder and digest are strings")
    if check is not None:
        check = Check(
            **check | {"texts": tuple(check["texts"]), "wording": _wording_of(check.get("wording"))}
        )
        strings = (check.table, check.text, check.label, check.encoding or "", *check.texts)
        if check.wording is not None:
            strings += check.wording.sides
        if not all(isinstance(value, str) for value in strings):
            raise TypeError("a check is of strings")
    return Choice(folder, digest, check)


def _wording_of(kept: dict[str, Any] | None) -> Wording | None:
    if kept is None:
        return None
    from leadclass.wording import Wording  # which scoring does not need

    return Wording.told(kept)
