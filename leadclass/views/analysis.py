"""The profile of a document, and the comparison of several, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from leadclass.advice import Advice, advise
from leadclass.labels import LABELS, NO_SECTION, NOT_FOR, SIDES, TRAITS_OF_SIDE
from leadclass.overview import Figures, Overview, TraitFigures
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
from leadclass.views.names import short_names

_SCALE = 41
_SHORT_SCALE = 21
_TRAIT_BAR = 12
_TRAITS_WIDTH = 39
#: So many traits are named of those that several documents ask for most and least.
_TRAITS_NAMED = 3


def show_profile(profile: Profile) -> None:
    """Print one document: the sentence that sums it up, its statements, balance and traits."""
    out = console()
    out.print(_profile(profile))
    out.print(Text(f"L, M: how probable leadership and management are. {NOT_FOR}", DIM))


def show_comparison(documents: Sequence[Figures], *, n_failed: int = 0) -> None:
    """Print several documents side by side, and what all of them say together.

    Parameters
    ----------
    documents : sequence of Figures
    n_failed : int
        How many besides could not be read.
    """
    out = console()
    _compare(out, documents)
    if documents:
        out.print(_overview(Overview(documents), n_failed))
    out.print(Text(NOT_FOR, DIM))


def _profile(profile: Profile) -> RenderableType:
    return Group(
        Rule(Text(harmless(profile.name), BOLD), align="left", style=DIM),
        Padding(Text(profile.summary), (1, 0, 0, 0)),
        *([Text(profile.boilerplate_summary, DIM)] if profile.boilerplate_summary else []),
        Padding(_counts(profile), (1, 0, 1, 0)),
        _statements(profile.statements),
        Padding(_traits(profile), (1, 0)),
        _advice(advise(profile)),
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


def _advice(advice: Advice) -> RenderableType:
    """What a writer could change, in a few lines; nothing where there is nothing to say."""
    parts: list[RenderableType] = []
    if advice.to_even:
        more = f"{advice.to_even} more statement{'' if advice.to_even == 1 else 's'}"
        parts.append(Text(f"{more} about {advice.lighter} would make the two even.\n"))
    if advice.missing:
        grid = Table.grid(padding=(0, 1, 0, 0))
        for hint in advice.missing:
            mark = Text(MARKS[hint.side], STYLES[hint.side])
            grid.add_row(mark, spoken(hint.trait), Text(hint.example, DIM))
        parts += [Text("What could ask for the traits that are missing:"), grid, Text()]
    return Group(*parts)


def _compare(out: Console, documents: Sequence[Figures]) -> None:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column("document", overflow="fold", ratio=1)
    table.add_column("management   leadership", justify="center", width=_SHORT_SCALE + 2)
    table.add_column("balance", justify="right")
    for label in LABELS:
        table.add_column(Text(MARKS[label], STYLES[label]), justify="right")
    ranked = rank(documents)
    names = short_names([document.name for document in ranked])
    for document, name in zip(ranked, names, strict=True):
        counts = (str(document.counts[label]) for label in LABELS)
        table.add_row(
            harmless(name),
            _scale(document.balance, _SHORT_SCALE),
            _signed(document.balance),
            *counts,
        )
    out.print(table)
    out.print(Text("  ").join(label_text(label) for label in LABELS))


def _overview(overview: Overview, n_failed: int) -> RenderableType:
    n = len(overview.documents)
    read = f"{n + n_failed} documents" if not n_failed else f"{n} of {n + n_failed} documents read"
    labels = Text(", ").join(
        label_text(label).append(f" {share:.0%}") for label, share in overview.shares.items()
    )
    balance = f"{_signed(overview.mean_balance)}"
    if len(overview.balances) < n:
        balance += f", over the {len(overview.balances)} that have one"
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(style=DIM, no_wrap=True)
    grid.add_column(ratio=1)
    grid.add_row("together", f"{read}, {overview.n_statements:,} statements")
    grid.add_row("labels", labels)
    grid.add_row("mean balance", balance)
    grid.add_row("asked for most", _asked(overview.traits[:_TRAITS_NAMED], n))
    grid.add_row("and least", _asked(overview.traits[: -_TRAITS_NAMED - 1 : -1], n))
    return Padding(grid, (1, 0))


def _asked(traits: Sequence[TraitFigures], n: int) -> str:
    first, *others = (f"{spoken(trait.trait)} ({trait.n_documents}" for trait in traits)
    return ", ".join([f"{first} of {n})", *(f"{other})" for other in others)])
