"""A session in, the lines that a terminal of some size shows of it out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from rich.console import Console
from rich.text import Text

from leadclass.codebook import read_codebook
from leadclass.labelling.opinions import Opinion
from leadclass.labelling.rules import MARGIN, WIDEST_TEXT, rules_page
from leadclass.labelling.session import KEY_OF_LABEL, KEY_OF_TRAIT, Answer, Session
from leadclass.labels import LABELS, SIDES, TRAITS_OF_SIDE, sides_of
from leadclass.profile import spoken
from leadclass.views.console import (
    BOLD,
    COLOURS,
    DIM,
    STYLES,
    harmless,
    label_text,
    percent,
)

#: As many lines of a statement are shown, whatever else has to go.
_FEWEST_LINES = 3
#: Most statements need no more.
_USUAL_LINES = 5
_LABEL_WIDTH, _TRAIT_WIDTH = 15, 18
_TAB = 4
_HINT_LINES = 2
#: From the top of the screen to its bottom.
_ORDER = (
    "top",
    "above",
    "statement",
    "below",
    "heading",
    "panel",
    "gap",
    "hint",
    "rest",
    "last",
    "bar",
    "keys",
)
_BAR = 28
_DONE, _LEFT = "━", "─"

#: Characters that turn the direction of all that follows them in a line.
_TURNS = dict.fromkeys(
    [*range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\N{REPLACEMENT CHARACTER}"
)


@dataclass(frozen=True)
class View:
    """What is shown beside the state of the session.

    Attributes
    ----------
    name : str
        Of the table.
    texts : sequence of str
        The statements.
    opinion : callable
        Gives the model's opinion on a text, or none.
    pace : str
        How fast it goes.
    message : str
        What went wrong, or has to be known.
    """

    name: str
    texts: Sequence[str]
    opinion: Callable[[str], Opinion | None]
    pace: str = ""
    message: str = ""


def draw(session: Session, view: View, width: int, height: int) -> list[Text]:
    """The lines of the screen.

    Parameters
    ----------
    session : Session
    view : View
    width, height : int
        Of the screen, in cells.

    Returns
    -------
    list of rich.text.Text
        So many as the screen has, none wider than it is.
    """
    if session.rules is not None:
        lines = rules_page(session.rules, session.rule, width, height)
    else:
        lines = _question(session, view, width, height)
    for line in lines:
        line.truncate(max(width, 1), overflow="ellipsis")
    return lines[: max(height, 1)]


def rendered(lines: Sequence[Text], out: Console) -> list[str]:
    """Lines with what a terminal needs for their colours."""
    with out.capture() as captured:
        for line in lines:
            out.print(line, soft_wrap=True)
    return captured.get().split("\n")[: len(lines)]


def statement_lines(text: str, width: int) -> list[str]:
    """A statement, wrapped to a width, without anything that could steer a terminal."""
    return list(_wrapped(text, max(min(width, WIDEST_TEXT), 1)))


@lru_cache(maxsize=8)  # a long one is drawn anew at every key
def _wrapped(text: str, width: int) -> tuple[str, ...]:
    lines = [harmless(line.expandtabs(_TAB)).translate(_TURNS) for line in text.splitlines()]
    wrapped = Text("\n".join(lines)).wrap(_RULER, width)
    return tuple(line.plain.rstrip() for line in wrapped)


_RULER = Console(width=80)


def parts_of(session: Session, view: View, width: int) -> dict[str, list[Text]]:
    """All that is shown but the statement, what may go first on a small screen at the end."""
    hint = [Text(MARGIN + line, BOLD) for line in _hint(session, view, width - 2 * len(MARGIN))]
    blank = [Text()]
    return {
        "panel": _traits(session, width) if session.label else _labels(session),
        "hint": (hint + blank * _HINT_LINES)[:_HINT_LINES],
        "keys": [Text(MARGIN + _keys(session), DIM)],
        "heading": [_heading(session)],
        "bar": [_bar(session, view)],
        "last": [_last(session, view)],
        "gap": blank,
        "top": [Text(MARGIN + harmless(view.name), DIM)],
        "above": blank,
        "below": blank,
    }


def _question(session: Session, view: View, width: int, height: int) -> list[Text]:
    parts = parts_of(session, view, width)
    while parts and height - sum(map(len, parts.values())) < _FEWEST_LINES:
        parts.popitem()
    room = max(height - sum(map(len, parts.values())), 1)
    statement = _statement(session, view, width, room)
    # The choices stay where they are from one statement to the next, but for long ones.
    statement += [Text()] * (min(_USUAL_LINES, room) - len(statement))
    parts["statement"] = statement
    parts["rest"] = [Text()] * (room - len(statement))
    return [line for name in _ORDER for line in parts.get(name, [])]


def _statement(session: Session, view: View, width: int, room: int) -> list[Text]:
    """The statement, or a page of it, in as many lines as there is room."""
    if session.current is None:
        done = Text(MARGIN + "Every statement has its label.", BOLD)
        return [done, Text(), Text(MARGIN + "u goes back, q ends.")][:room]
    lines = statement_lines(view.texts[session.current], width - 2 * len(MARGIN))
    shown = [Text(MARGIN + line, BOLD) for line in lines]
    if len(lines) <= room or room == 1:
        return shown[:room]
    pages = [shown[i : i + room - 1] for i in range(0, len(shown), room - 1)]
    page = session.page % len(pages)
    filler = [Text()] * (room - 1 - len(pages[page]))
    more = Text(f"{MARGIN}space for more, {page + 1} of {len(pages)}", DIM)
    return [*pages[page], *filler, more]


def _labels(session: Session) -> list[Text]:
    if session.current is None:
        return [Text()] * len(LABELS)
    sides = read_codebook().sides
    lines = []
    for label in LABELS:
        line = Text.assemble(MARGIN, (KEY_OF_LABEL[label], BOLD), "  ", label_text(label))
        line.append(" " * (_LABEL_WIDTH - len(label)))
        if label in sides:
            line.append(sides[label][0].lower() + sides[label][1:], DIM)
        lines.append(line)
    return lines


def _traits(session: Session, width: int) -> list[Text]:
    """The traits of the chosen side, with what they cover, or those of both side by side."""
    sides = sides_of(session.label or "neither")
    covers = read_codebook().traits
    lines = []
    for row in zip(*(TRAITS_OF_SIDE[side] for side in sides), strict=True):
        line = Text()
        for side, trait in zip(sides, row, strict=True):
            chosen = trait in session.traits
            line.append(MARGIN)
            line.append(KEY_OF_TRAIT[trait], BOLD)
            line.append("  ● " if chosen else "  ○ ", COLOURS[side] if chosen else DIM)
            line.append(spoken(trait).ljust(_TRAIT_WIDTH), STYLES[side] if chosen else "")
            if len(sides) == 1:
                line.append(_shortened(covers[trait], width - line.cell_len - len(MARGIN)), DIM)
            else:
                line.append(" " * max(0, width // 2 - 2 * len(MARGIN) - _TRAIT_WIDTH - 4))
        lines.append(line)
    return lines


def _shortened(listed: str, room: int) -> str:
    """As many whole items of a list as there is room for."""
    if len(listed) <= room:
        return listed
    cut = max(listed.rfind(mark, 0, max(room - 1, 0)) for mark in (", ", "; "))
    return f"{listed[:cut]} …" if cut > 0 else ""


def _heading(session: Session) -> Text:
    line = Text(MARGIN)
    if session.label is not None:
        line.append(label_text(session.label))
        each = " of each side" if len(sides_of(session.label)) > 1 else ""
        line.append(f"  which traits? One or two{each}, then Enter.", DIM)
    elif session.previous is not None:
        line.append("You said ", DIM)
        line.append(_answer(session.previous))
        line.append(".  Enter keeps it.", DIM)
    return line


def _hint(session: Session, view: View, width: int) -> list[str]:
    said = view.message or session.hint
    return statement_lines(said, width)[:_HINT_LINES] if said else []


def _last(session: Session, view: View) -> Text:
    """What the model says of this statement, if it was asked, or else of the one before."""
    line = Text(MARGIN)
    place = session.current
    if place is not None and place in session.seen:
        opinion = view.opinion(view.texts[place])
        line.append("The model: ", DIM)
        return line.append(_opinion(opinion) if opinion else Text("has no opinion", DIM))
    if not session.past or session.back is not None:
        return line
    last = session.past[-1]
    line.append("Last: ", DIM)
    line.append(_answer(session.answers[last]))
    opinion = None if session.blind else view.opinion(view.texts[last])
    if opinion is None:
        return line
    if opinion.label == session.answers[last].label:
        return line.append(".  The model agrees.", DIM)
    line.append(".  The model: ", DIM)
    return line.append(_opinion(replace(opinion, traits=())))


def _answer(answer: Answer) -> Text:
    line = Text.assemble(label_text(answer.label))
    if answer.traits:
        line.append(", " + ", ".join(map(spoken, answer.traits)), DIM)
    return line


def _opinion(opinion: Opinion) -> Text:
    line = _answer(Answer(opinion.label, opinion.traits))
    figures = zip(SIDES, (opinion.p_leadership, opinion.p_management), strict=True)
    shown = ", ".join(f"{side[0].upper()} {percent(p) or '-'}" for side, p in figures)
    return line.append(f" ({shown})", DIM)


def _bar(session: Session, view: View) -> Text:
    """How far it is, as a line and in numbers."""
    total = len(view.texts)
    done = total - len(session.queue)
    filled = _BAR * done // total if total else 0
    line = Text(MARGIN + _DONE * filled)
    pace = f"   {view.pace}" if view.pace else ""
    return line.append(_LEFT * (_BAR - filled) + f"  {done:,} of {total:,}{pace}", DIM)


def _keys(session: Session) -> str:
    keys = ["? rules", "u undo", "s skip", *([] if session.blind else ["o opinion"]), "q quit"]
    return "   ".join(keys)
