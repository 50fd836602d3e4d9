"""Columns of text in, the cells that are added beside them out: in order, on several cores."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import TypeVar

import numpy as np
import pyarrow as pa

from leadclass.errors import LeadclassError
from leadclass.labels import Unit
from leadclass.model import Model
from leadclass.tagging import tag_column
from leadclass.workers import Workers

#: Columns that are under way for each process: more would only fill the memory.
AHEAD = 2

#: Bytes of a block that glibc just lets its threshold rise to.
_LARGE = 8 << 20

_Item = TypeVar("_Item")
_Cells = tuple[np.ndarray | None, list[pa.Array]]


def tag_columns(
    model: Model,
    items: Iterable[tuple[_Item, pa.Array]],
    unit: Unit,
    workers: Workers | None = None,
) -> Iterator[tuple[_Item, _Cells]]:
    """Tag columns of text, one after the other or several at a time.

    Parameters
    ----------
    model : Model
    items : iterable of (object, Arrow array of strings)
        Each column with what its cells are to be handed back with. Read no further ahead than
        the processes need.
    unit : {'row', 'statement'}
    workers : Workers, optional
        Processes that tag beside this one, which are told the model here.

    Yields
    ------
    item : object
    cells : tuple
        See `leadclass.tagging.tag_column`.

    Raises
    ------
    LeadclassError
        If a process was ended from outside.
    """
    if workers is None:
        for item, texts in items:
            yield item, tag_column(model.decide, texts, unit)
        return
    workers.tell(model)
    waiting: deque[tuple[_Item, Future[_Cells]]] = deque()
    try:
        for (item, texts), is_last in _with_last(items):
            n_busy = sum(not cells.done() for _, cells in waiting)
            # This process tags, too, unless it is busy enough with reading and writing. The last it
            # does not leave to those who have others under way, to wait for them.
            if n_busy < (workers.n if is_last else AHEAD * workers.n):
                waiting.append((item, workers.submit(_tag, texts, unit)))
            else:
                waiting.append((item, _done(model, texts, unit)))
            while waiting and (waiting[0][1].done() or len(waiting) > AHEAD * (workers.n + 1)):
                done, cells = waiting.popleft()
                yield done, cells.result()
        while waiting:
            done, cells = waiting.popleft()
            yield done, cells.result()
    except BrokenProcessPool:
        raise LeadclassError(
            "one of the processes was ended from outside",
            remedy="the memory may be used up: try again with --jobs 1",
        ) from None


def _with_last(items: Iterable[_Item]) -> Iterator[tuple[_Item, bool]]:
    """Each item with whether it is the last."""
    given = iter(items)
    waiting = deque(islice(given, 1))
    for item in given:
        waiting.append(item)
        yield waiting.popleft(), False
    for item in waiting:
        yield item, True


def _done(model: Model, texts: pa.Array, unit: Unit) -> Future[_Cells]:
    """What is tagged here and now; an error waits until it is its turn."""
    cells: Future[_Cells] = Future()
    try:
        cells.set_result(tag_column(model.decide, texts, unit))
    except LeadclassError as error:
        cells.set_exception(error)
    return cells


def _tag(model: Model, texts: pa.Array, unit: Unit) -> _Cells:
    return tag_column(model.decide, texts, unit)


def prepare() -> None:
    """Let glibc keep what one batch has freed for the next, rather than fetch it from the system.

    It gives back every block beyond a threshold, and raises that to the largest one given back
    (mallopt(3), M_MMAP_THRESHOLD). The pages of this one are never touched.
    """
    np.empty(_LARGE, np.uint8)
