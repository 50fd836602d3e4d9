"""The profile of a document, and the comparison of several, on a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import takewhile
from pathlib import Path

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from leadclass.labels import LABELS, NO_SECTION, NOT_FOR, SIDES, TRAITS_OF_SIDE
from leadclass.profile import LabelledStatement, Profile, rank, spoken
from leadclass.statements import BULLET, HEADING
from leadclass.views.console import (
    BOLD,
    DIM,
    MARKS,
    STYLES,
    bar,
    console,
    harmless,
    label_text,
    percent,
)

_SCALE = 41
_SHORT_SCALE = 21
_TRAIT_BAR = 12
_TRAITS_WIDTH = 39


def show_profile(profile: Profile) -> None:
    """Print one document: the sentence that sums it up, its statements, balance and traits."""
    out = console()
    out.print(_profile(profile))
    out.print(Text(f"L, M: how probable leadership and management are. {NOT_FOR}", DIM))


def show_profiles(profiles: Sequence[Profile], *, full: bool) -> None:
    """Print several documents: each whole if wanted, then a table that compares them."""
    out = console()
    if full:
        for profile in profiles:
            out.print(_profile(profile))
    _compare(out, profiles)
    out.print(Text(NOT_FOR, DIM))


def _profile(profile: Profile) -> RenderableType:
    return Group(
        Rule(Text(harmless(profile.name), BOLD), align="left", style=DIM),
        Padding(Text(profile.summary), (1, 0, 0, 0)),
        *([Text(profile.boilerplate_summary, DIM)] if profile.boilerplate_summary else []),
        Padding(_counts(profile), (1, 0, 1, 0)),
        _statements(profile.statements),
        Padding(_traits(profile), (1, 0)),
    )


def _counts(profile: Profile) -> RenderableType:
    grid = Table.grid(padding=(0, 3, 0, 0))
    grid.add_row(
        *(label_text(label).append(f" {profile.counts[label]}") for label in LABELS),
    )
    return Group(_balance_line(profile), Text(), grid)


def _balance_line(profile: Profile) -> Text:
    line = Text.assemble(("management ", STYLES["management"]), _scale(profile.balance, _SCALE))
    line.append(" leadership", STYLES["leadership"])
    return line.append(f"   {_signed(profile.balance)}", BOLD)


def _scale(balance: float | None, width: int) -> Text:
    """A line from -1 to +1 with a mark at the balance."""
    middle = width // 2
    cells = ["─"] * width
    cells[middle] = "┼"
    line = Text("".join(cells), DIM)
    if balance is None:
        return line
    place = round((balance + 1) / 2 * (width - 1))
    side = "both" if place == middle else SIDES[0] if place > middle else SIDES[1]
    return Text.assemble(line[:place], ("●", STYLES[side]), line[place + 1 :])


def _signed(balance: float | None) -> str:
    return "no balance" if balance is None else f"{balance:+.2f}"


def _statements(statements: Sequence[LabelledStatement]) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=True, expand=True)
    table.add_column("", width=1)
    table.add_column(Text("statement", DIM), ratio=1, overflow="fold")
    table.add_column(Text("L", DIM), justify="right", width=4, no_wrap=True)
    table.add_column(Text("M", DIM), justify="right", width=4, no_wrap=True)
    section = NO_SECTION
    for statement in statements:
        if statement.section not in (section, NO_SECTION):
            table.add_row("", Text(f"┌ {spoken(statement.section)}", DIM))
        section = statement.section
        style = STYLES[statement.label]
        text = Text(harmless(statement.text), style)
        if statement.form == HEADING:
            text.stylize(BOLD)
        elif statement.form == BULLET:
            text = Text("- ", style) + text
        if section:
            text = Text("│ ", DIM) + text
        table.add_row(
            Text(MARKS[statement.label], style),
            text,
            Text(percent(statement.p_leadership), style),
            Text(percent(statement.p_management), style),
        )
    return table


def _traits(profile: Profile) -> Table:
    most = max(1, *profile.traits.values())
    sides = []
    for side in SIDES:
        column = Table.grid(padding=(0, 1, 0, 0))
        for trait in TRAITS_OF_SIDE[side]:
            count = profile.traits[trait]
            shown = bar(count / most, _TRAIT_BAR, STYLES[side]) if count else Text("missing", DIM)
            column.add_row(spoken(trait), Text(str(count or ""), justify="right"), shown)
        sides.append(Group(label_text(side), column))
    table = Table.grid()
    for _ in sides:
        table.add_column(width=_TRAITS_WIDTH)
    table.add_row(*sides)
    return table


def _compare(out: Console, profiles: Sequence[Profile]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("document", overflow="fold", ratio=1)
    table.add_column("management   leadership", justify="center", width=_SHORT_SCALE + 2)
    table.add_column("balance", justify="right")
    for label in LABELS:
        table.add_column(Text(MARKS[label], STYLES[label]), justify="right")
    shared = _shared_folder([profile.name for profile in profiles])
    for profile in rank(profiles):
        counts = (str(profile.counts[label]) for label in LABELS)
        table.add_row(
            harmless(profile.name.removeprefix(shared)),
            _scale(profile.balance, _SHORT_SCALE),
            _signed(profile.balance),
            *counts,
        )
    out.print(table)
    out.print(Text("  ").join(label_text(label) for label in LABELS))


def _shared_folder(names: Sequence[str]) -> str:
    """What all names begin with, up to a folder, so that it need not be said on each line."""
    folders = [Path(name).parent.parts for name in names]
    levels = zip(*folders, strict=False)
    common = [level[0] for level in takewhile(lambda level: len(set(level)) == 1, levels)]
    return f"{Path(*common)}{os.sep}" if common else ""
