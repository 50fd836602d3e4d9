"""Questions and a journal in, answers in the journal out: on a screen, or line by line."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from leadclass.errors import LeadclassError
from leadclass.labelling.journal import Journal
from leadclass.labelling.keyboard import SUSPEND, terminal
from leadclass.labelling.opinions import Opinions
from leadclass.labelling.pace import pace
from leadclass.labelling.questions import Question
from leadclass.labelling.screen import View, draw, rendered
from leadclass.labelling.session import INTERRUPT, Quit, Save, Session, TakeBack, press
from leadclass.views.console import console

_SCREEN = (80, 24)


@dataclass
class Asking:
    """Someone at their labelling: what they are asked, and where the answers go.

    Attributes
    ----------
    name : str
        Of the table.
    questions : sequence of Question
    journal : Journal
    opinions : Opinions
    session : Session
        As it is now.
    message : str
        What went wrong with the last key, or has to be known at the beginning.
    times : list of float
        When the answers of this run were given.
    """

    name: str
    questions: Sequence[Question]
    journal: Journal
    opinions: Opinions
    session: Session
    message: str = ""
    times: list[float] = field(default_factory=list)

    @cached_property
    def texts(self) -> list[str]:
        """The statements."""
        return [question.text for question in self.questions]

    def take(self, key: str) -> bool:
        """Take a key; whether to go on. What cannot be saved is said, and asked again."""
        self.message = ""
        after, action = press(self.session, key)
        try:
            if isinstance(action, Save):
                self.journal.save(self.questions[action.place], action.answer)
                self.times.append(time.monotonic())
            elif isinstance(action, TakeBack):
                self.journal.take_back(self.questions[action.place])
        except LeadclassError as error:
            self.message = f"Not saved. {error}"
        else:
            self.session = after
        return not isinstance(action, Quit)

    def view(self) -> View:
        """What is shown beside the session."""
        return View(
            Path(self.name).name,
            self.texts,
            self.opinions.of,
            pace(self.times, len(self.session.queue)),
            self.message or self._about_the_model(),
        )

    def _about_the_model(self) -> str:
        problem = self.opinions.problem
        asked = self.session.current in self.session.seen
        return f"The model has no opinion. {problem}" if asked and problem else ""


def begin(
    name: str,
    questions: Sequence[Question],
    journal: Journal,
    opinions: Opinions,
    *,
    order: Sequence[int],
    asks_traits: bool = True,
    blind: bool = False,
) -> Asking:
    """Begin, or go on where the journal ends.

    Parameters
    ----------
    name : str
    questions : sequence of Question
    journal : Journal
    opinions : Opinions
    order : sequence of int
        The places of the questions to ask, see `leadclass.labelling.questions.in_order`.
    asks_traits, blind : bool
        As of `Session`.

    Returns
    -------
    Asking
    """
    places = {question.text: place for place, question in enumerate(questions)}
    given = {places[text]: a for text, a in journal.answers.items() if text in places}
    session = Session(
        queue=tuple(order),
        answers=given,
        past=tuple(given),
        asks_traits=asks_traits,
        blind=blind,
        seen=frozenset(place for place, answer in given.items() if answer.saw_model),
    )
    return Asking(name, questions, journal, opinions, session, journal.notice)


def ask_on_screen(asking: Asking) -> None:
    """Ask on a screen of its own, until the user ends."""
    out = console()
    with terminal() as screen:
        prepared = asking.session.blind
        go_on = True
        while go_on:
            if not screen.pending():
                screen.show(rendered(draw(asking.session, asking.view(), *_size()), out))
                if not prepared:  # while the first statement is read
                    asking.opinions.prepare()
                    prepared = True
            try:
                key = screen.key()
            except KeyboardInterrupt:
                key = INTERRUPT
            if key == SUSPEND:
                screen.suspend()
            elif key is not None:
                go_on = asking.take(key)


def _size() -> tuple[int, int]:
    try:
        width, height = os.get_terminal_size(sys.stdout.fileno())
    except OSError:
        return _SCREEN
    return (width or _SCREEN[0], height or _SCREEN[1])  # a terminal may not know its size
