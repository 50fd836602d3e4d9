"""Questions and a journal in, answers out, line by line: for a terminal that can do no more."""

from __future__ import annotations

import re

from rich.text import Text

from leadclass.codebook import read_codebook
from leadclass.labelling.asking import Asking
from leadclass.labelling.screen import View, parts_of, statement_lines
from leadclass.labelling.session import ENTER, ESCAPE, KEY_OF_LABEL, Session
from leadclass.views.console import console

#: A label and its traits in one line, such as ``l2`` or ``b 1 5``; or one key.
_KEYS = re.compile(r"[lmb]?[1-8]+|.")


def ask_in_lines(asking: Asking) -> None:
    """Ask line after line, until the user ends or there is no more to ask."""
    out = console()
    go_on = True
    while go_on and asking.session.current is not None:
        for line in _lines(asking.session, asking.view(), out.width):
            out.print(line, soft_wrap=True)
        try:
            typed = input("> ")
        except (EOFError, KeyboardInterrupt):
            out.print()
            typed = "q"
        go_on = _take(asking, typed)
        if asking.session.rules is not None:
            out.print(read_codebook().text)
            asking.take(ESCAPE)


def _take(asking: Asking, typed: str) -> bool:
    """Take a line for the keys in it; digits at its end name all traits."""
    word = re.sub(r"[\s,;]", "", typed).lower()
    keys = KEY_OF_LABEL.get(word, word)
    if keys and not _KEYS.fullmatch(keys):
        asking.message = f"{typed.strip()!r} is no key here."
        return True
    go_on = True
    for key in keys:
        go_on = go_on and asking.take(key)
        if asking.session.hint:
            return go_on
    if not keys or keys[-1].isdigit():
        go_on = asking.take(ENTER)
    return go_on


def _lines(session: Session, view: View, width: int) -> list[Text]:
    """What the screen would show, one below the other."""
    assert session.current is not None
    parts = parts_of(session, view, width)
    statement = [Text(line) for line in statement_lines(view.texts[session.current], width)]
    shown = [Text()]
    if session.label is None:
        shown += [*parts["bar"], Text(), *statement, Text()]
    for name in ("last", "heading", "panel", "hint", "keys"):
        shown += [line for line in parts[name] if line.plain.strip()]
    return shown
