"""A key in, the next state of a session out, and what is to be done about it.

Nothing here knows a terminal, a file or a clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from leadclass.labels import (
    LABELS,
    MOST_TRAITS,
    SIDE_OF_TRAIT,
    TRAITS,
    TRAITS_OF_SIDE,
    sides_of,
)
from leadclass.profile import spoken

ENTER, ESCAPE, BACKSPACE = "enter", "escape", "backspace"
FORWARD, BACKWARD = ("space", "down", "right", "page down"), ("up", "left", "page up")
INTERRUPT = "interrupt"

#: What is pressed for each label: its first letter, each of which is another.
KEY_OF_LABEL = {label: label[0] for label in LABELS}
#: What is pressed for each trait, always the same: 1 to 4 on the one side, 5 to 8 on the other.
KEY_OF_TRAIT = {trait: str(number) for number, trait in enumerate(TRAITS, 1)}

#: The codebook has fewer than a hundred rules.
_RULE_DIGITS = 2

_LABEL_OF_KEY = {key: label for label, key in KEY_OF_LABEL.items()}
_TRAIT_OF_KEY = {key: trait for trait, key in KEY_OF_TRAIT.items()}


@dataclass(frozen=True)
class Answer:
    """What someone says of a statement.

    Attributes
    ----------
    label : str
    traits : tuple of str
        In the order of naming.
    saw_model : bool
        Whether the model's opinion was shown before.
    """

    label: str
    traits: tuple[str, ...] = ()
    saw_model: bool = False


@dataclass(frozen=True)
class Save:
    """To be done: keep an answer, in place of any that was given before."""

    place: int
    answer: Answer


@dataclass(frozen=True)
class TakeBack:
    """To be done: forget the answer that was given before."""

    place: int


@dataclass(frozen=True)
class Quit:
    """To be done: end."""


Action = Save | TakeBack | Quit


@dataclass(frozen=True)
class Session:
    """Where someone is in their labelling.

    Attributes
    ----------
    queue : tuple of int
        The places of the questions that wait, the next one first.
    answers : dict of int to Answer
        By place.
    past : tuple of int
        The places that were answered, the latest last.
    asks_traits : bool
        Whether a side is asked for its traits.
    blind : bool
        Whether the model's opinion is never shown.
    back : int, optional
        The place in `past` that has been gone back to.
    label : str, optional
        Chosen, while its traits are asked.
    traits : tuple of str
        Named so far.
    seen : frozenset of int
        The places of which the model's opinion has been shown.
    page : int
        Of the statement, where it is longer than the screen; from beyond the last on it begins
        anew.
    rules : int, optional
        The page of the codebook that is open, counted from the one that has `rule`.
    rule : str
        The number of a rule, as far as it is typed.
    hint : str
        What to say about the last key.
    """

    queue: tuple[int, ...]
    answers: Mapping[int, Answer] = field(default_factory=dict)
    past: tuple[int, ...] = ()
    asks_traits: bool = True
    blind: bool = False
    back: int | None = None
    label: str | None = None
    traits: tuple[str, ...] = ()
    seen: frozenset[int] = frozenset()
    page: int = 0
    rules: int | None = None
    rule: str = ""
    hint: str = ""

    @property
    def current(self) -> int | None:
        """The place of the question that is asked; None when all have their answer."""
        if self.back is not None:
            return self.past[self.back]
        return self.queue[0] if self.queue else None

    @property
    def previous(self) -> Answer | None:
        """The answer that the current question has already."""
        return None if self.current is None else self.answers.get(self.current)


def press(session: Session, key: str) -> tuple[Session, Action | None]:
    """Take a key.

    Parameters
    ----------
    session : Session
    key : str
        A character, or the name of a key.

    Returns
    -------
    session : Session
        The next state, which holds once the action is done.
    action : Save, TakeBack, Quit or None
    """
    session = replace(session, hint="")
    if key == INTERRUPT:
        return session, Quit()
    key = "space" if key == " " else key.lower()
    if session.rules is not None:
        return _turn(session, session.rules, key), None
    if key == "q":
        return session, Quit()
    if key == "?":
        return replace(session, rules=0, rule=""), None
    if key == "u" or (key == BACKSPACE and session.label is None):
        return _go_back(session), None
    if session.current is None:
        return replace(session, hint="Every statement has its label."), None
    return _about_the_statement(session, session.current, key)


def _about_the_statement(session: Session, place: int, key: str) -> tuple[Session, Action | None]:
    if key in _LABEL_OF_KEY:
        return _choose(session, place, _LABEL_OF_KEY[key])
    if key in _TRAIT_OF_KEY:
        return _toggle(session, _TRAIT_OF_KEY[key]), None
    if key == ENTER:
        return _confirm(session, place)
    if key in (ESCAPE, BACKSPACE):
        return replace(session, label=None, traits=()), None
    if key == "s":
        return _skip(session, place)
    if key == "o":
        return _ask_the_model(session, place), None
    if key in FORWARD:
        return replace(session, page=session.page + 1), None
    if key in BACKWARD:
        return replace(session, page=session.page - 1), None
    return replace(session, hint=f"{key!r} is no key here."), None


def _choose(session: Session, place: int, label: str) -> tuple[Session, Action | None]:
    if label == "neither" or not session.asks_traits:
        return _answer(session, place, label, ())
    return replace(session, label=label, traits=()), None


def _toggle(session: Session, trait: str) -> Session:
    if session.label is None:
        return replace(session, hint="First the label: l, m, b or n.")
    side = SIDE_OF_TRAIT[trait]
    if side not in sides_of(session.label):
        key = KEY_OF_LABEL["both"]
        return replace(session, hint=f"{spoken(trait)} is a trait of {side}; {key} if it is both.")
    if trait in session.traits:
        return replace(session, traits=tuple(t for t in session.traits if t != trait))
    if len(set(session.traits) & set(TRAITS_OF_SIDE[side])) == MOST_TRAITS:
        return replace(
            session, hint=f"At most {MOST_TRAITS} a side, the clearest; take one away first."
        )
    return replace(session, traits=(*session.traits, trait))


def _confirm(session: Session, place: int) -> tuple[Session, Action | None]:
    if session.label is None:
        if session.back is not None:
            return replace(session, back=None, page=0), None
        return replace(session, hint="First the label: l, m, b or n."), None
    for side in sides_of(session.label):
        if not set(session.traits) & set(TRAITS_OF_SIDE[side]):
            return replace(session, hint=f"Name a trait of {side} first."), None
    return _answer(session, place, session.label, session.traits)


def _answer(
    session: Session, place: int, label: str, traits: tuple[str, ...]
) -> tuple[Session, Action | None]:
    answer = Answer(label, traits, saw_model=place in session.seen)
    after = replace(
        _fresh(session),
        queue=tuple(other for other in session.queue if other != place),
        answers={**session.answers, place: answer},
        past=(*(other for other in session.past if other != place), place),
    )
    return after, Save(place, answer)


def _skip(session: Session, place: int) -> tuple[Session, Action | None]:
    waiting = tuple(other for other in session.queue if other != place)
    after = replace(_fresh(session), queue=(*waiting, place))
    if session.back is not None:
        without = {other: answer for other, answer in session.answers.items() if other != place}
        past = tuple(other for other in session.past if other != place)
        hint = "Its answer is taken back; it comes again at the end."
        return replace(after, answers=without, past=past, hint=hint), TakeBack(place)
    if not waiting:
        return replace(
            session, hint="It is the last one; q ends, and it stays without a label."
        ), None
    return replace(after, hint="Skipped; it comes again at the end."), None


def _go_back(session: Session) -> Session:
    """Go to the latest answer, or to the one before that which was gone back to.

    Where the model's opinion is shown once an answer is given, it counts as seen from then on.
    """
    if session.label is not None:
        return replace(session, label=None, traits=())
    at = len(session.past) if session.back is None else session.back
    if at == 0:
        return replace(session, hint="There is nothing before this.")
    place = session.past[at - 1]
    seen = session.seen if session.blind else session.seen | {place}
    return replace(_fresh(session), back=at - 1, seen=seen)


def _ask_the_model(session: Session, place: int) -> Session:
    if session.blind:
        return replace(session, hint="The model's opinion is hidden until the end, by --blind.")
    return replace(session, seen=session.seen | {place})


def _turn(session: Session, page: int, key: str) -> Session:
    """Turn the codebook's pages, or go to a rule by its number; any other key closes it."""
    if key.isdecimal():
        typed = session.rule + key if len(session.rule) < _RULE_DIGITS else key
        return replace(session, rules=0, rule=typed)
    if key in FORWARD:
        return replace(session, rules=page + 1)
    if key in BACKWARD:
        return replace(session, rules=page - 1)
    return replace(session, rules=None)


def _fresh(session: Session) -> Session:
    """The same session with nothing chosen, at the front of its queue."""
    return replace(session, back=None, label=None, traits=(), page=0)
