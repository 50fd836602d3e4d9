"""A place in the codebook in, the page of it that a screen shows out."""

from __future__ import annotations

import re
from functools import lru_cache

from rich.text import Text

from leadclass.codebook import read_codebook
from leadclass.views.console import DIM, console

#: No line of a text is longer than this: it would be hard to read.
WIDEST_TEXT = 76
MARGIN = "   "
_FOOT_LINES = 2


def rules_page(turned: int, rule: str, width: int, height: int) -> list[Text]:
    """A page of the codebook, as many lines as the screen has.

    Parameters
    ----------
    turned : int
        How many pages on from the one that begins with the rule, or from the first.
    rule : str
        Its number; empty for none.
    width, height : int
        Of the screen, in cells.

    Returns
    -------
    list of rich.text.Text
    """
    lines = _codebook_lines(max(min(width - 2 * len(MARGIN), WIDEST_TEXT), 20))
    room = max(height - _FOOT_LINES, 1)
    number = re.compile(rf"\s*{rule} \S")
    found = [i for i, line in enumerate(lines) if rule and number.match(line.plain)]
    top = found[-1] if found else 0
    pages = [lines[i : i + room] for i in range(top % room, len(lines), room)]
    if top % room:
        pages.insert(0, lines[: top % room])
    page = (-(-top // room) + turned) % len(pages)
    shown = [Text.assemble(MARGIN, line) for line in pages[page]]
    shown += [Text()] * (height - 1 - len(shown))
    foot = "space next   ↑ back   a number: that rule   any other key closes"
    return [*shown, Text(f"{MARGIN}{page + 1} of {len(pages)}   {foot}", DIM)]


@lru_cache(maxsize=2)
def _codebook_lines(width: int) -> tuple[Text, ...]:
    from rich.markdown import Markdown  # a parser that the first statement need not wait for

    out = console()
    page = Markdown(_HEADING.sub(r"**\1**", read_codebook().text))
    rows = out.render_lines(page, out.options.update(width=width), pad=False)
    return tuple(
        Text.assemble(*((segment.text, segment.style or "") for segment in row)) for row in rows
    )


#: Headings in the middle of a line would unsettle the eye.
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
