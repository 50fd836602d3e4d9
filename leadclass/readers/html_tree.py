"""The markup of a web page in, its elements as a tree out, however badly it is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from leadclass.readers.html_tags import End, Start, tags_of
from leadclass.readers.limits import MOST_NESTED


class Node:
    """An element.

    Attributes
    ----------
    tag : str
    attributes : dict of str to str
    children : list of Node or str
        The elements and the text in it, in order.
    letters, linked : int
        How many characters of text are in it, and how many of them in links; white space and what
        is never shown are not counted.
    """

    __slots__ = ("attributes", "children", "letters", "linked", "tag")

    def __init__(self, tag: str, attributes: dict[str, str]) -> None:
        self.tag = tag
        self.attributes = attributes
        self.children: list[Node | str] = []
        self.letters = 0
        self.linked = 0

    def elements(self) -> Iterator[Node]:
        """The elements directly in it."""
        return (child for child in self.children if isinstance(child, Node))

    def below(self) -> Iterator[Node]:
        """All elements in it, in the order of the page."""
        waiting = list(self.elements())[::-1]
        while waiting:
            node = waiting.pop()
            yield node
            waiting += list(node.elements())[::-1]

    def text(self) -> str:
        """The text directly in it, as for a script."""
        return "".join(child for child in self.children if isinstance(child, str))


#: Elements whose text is never shown.
NEVER_SHOWN = frozenset(
    "script style head title template noscript svg math iframe object audio video canvas map "
    "datalist select textarea".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form header hr legend li main menu nav ol option p pre section "
    "summary table tbody td tfoot th thead tr ul".split()
)
HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())

#: Elements of which only the cells are shown.
_ONLY_CELLS = frozenset("table thead tbody tfoot tr dl".split())

#: Elements that have no end tag.
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
#: What an element ends that was left open, and what that stays open across.
_ENDS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "li": (frozenset({"li"}), frozenset({"ul", "ol", "menu", "dir"})),
    "dt": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "dd": (frozenset({"dt", "dd"}), frozenset({"dl"})),
    "td": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "th": (frozenset({"td", "th"}), frozenset({"table", "tr"})),
    "tr": (frozenset({"tr"}), frozenset({"table"})),
    "option": (frozenset({"option"}), frozenset({"select"})),
}
_ENDS |= {
    tag: (frozenset({"p"}), frozenset({"td", "th", "table", "li", "div", "button"}))
    for tag in (BLOCKS | HEADINGS) - _ENDS.keys()
}


def parse(html: str) -> Node:
    """Parse a page.

    Parameters
    ----------
    html : str

    Returns
    -------
    Node
        What holds all of it.
    """
    builder = _Builder()
    for found in tags_of(html):
        if isinstance(found, Start):
            builder.start(found)
        elif isinstance(found, End):
            builder.end(found.tag)
        else:
            builder.text(found)
    _count(builder.root)
    return builder.root


class _Builder:
    def __init__(self) -> None:
        self.root = Node("page", {})
        self._open = [self.root]
        self._too_deep: Counter[str] = Counter()

    def start(self, found: Start) -> None:
        tag = found.tag
        if any(node.tag == "head" for node in self._open[1:3]) and (
            tag == "body" or tag in HEADINGS | BLOCKS
        ):
            self._close("head")  # it, or what is in it, was not closed
        if tag in _ENDS:
            self._end_what_was_left_open(*_ENDS[tag])
        node = Node(tag, found.attributes)
        self._open[-1].children.append(node)
        if tag in _VOID:
            return
        if len(self._open) < MOST_NESTED:
            self._open.append(node)
        else:
            self._too_deep[tag] += 1

    def end(self, tag: str) -> None:
        if self._too_deep[tag]:
            self._too_deep[tag] -= 1
        elif any(node.tag == tag for node in self._open[1:]):
            # What is still open inside ends with it, as when a page forgets to close a menu.
            self._close(tag)

    def text(self, text: str) -> None:
        holder = self._open[-1]
        if holder.tag in _ONLY_CELLS and text.strip():
            # Browsers show what stands beside the cells of a table, too.
            holder = next(node for node in reversed(self._open) if node.tag not in _ONLY_CELLS)
        holder.children.append(text)

    def _close(self, tag: str) -> None:
        while self._open.pop().tag != tag:
            pass

    def _end_what_was_left_open(self, ended: frozenset[str], across: frozenset[str]) -> None:
        for node in self._open[:0:-1]:
            if node.tag in across:
                return
            if node.tag in ended:
                self._close(node.tag)
                return


def _count(root: Node) -> None:
    for node in reversed([root, *root.below()]):  # what is inside before what it is in
        if node.tag in NEVER_SHOWN:
            continue
        for child in node.children:
            if isinstance(child, str):
                node.letters += len("".join(child.split()))
            else:
                node.letters += child.letters
                node.linked += child.linked
        if node.tag == "a":
            node.linked = node.letters
