"""What is fuzzed: a function that must stand any bytes, seeds for it, and how to change them."""

from __future__ import annotations

import atexit
import shutil
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeVar

from leadclass.errors import LeadclassError

ROOT = Path(__file__).parent.parent

#: Changes some bytes in any way; what a `Mutator` leaves the details to.
Change = Callable[[bytes], bytes]

#: Changes an input and keeps most of its structure.
Mutator = Callable[[bytes, Random, Change], bytes]

#: The longest line that an error may make; a table's columns are named in some.
_LONGEST_ERROR = 3_000

_T = TypeVar("_T")


class FindingError(Exception):
    """Something that must not happen, though nothing was raised that would tell."""


@dataclass(frozen=True)
class Target:
    """One thing that is fuzzed.

    Attributes
    ----------
    name : str
    check : callable
        Takes an input. Whatever it raises is a finding.
    seeds : callable
        The inputs to begin with.
    mutate : callable, optional
        How an input is changed; by default in any way.
    words : tuple of str
        What means something in its inputs, to be put into them.
    longest : int
        The most bytes of an input.
    """

    name: str
    check: Callable[[bytes], None]
    seeds: Callable[[], Iterable[bytes]]
    mutate: Mutator | None = None
    words: tuple[str, ...] = ()
    longest: int = 16_384


@contextmanager
def refusals() -> Iterator[None]:
    """A block that may end with a `LeadclassError`, if that makes one clear line."""
    try:
        yield
    except LeadclassError as error:
        line = str(error)
        if error.__cause__ is not None:
            raise error.__cause__ from None  # a reader tripped, its caller caught the fall
        if any(unicodedata.category(character) == "Cc" for character in line):
            raise FindingError(f"the error has control characters: {line!r}") from None
        if len(line) > _LONGEST_ERROR:
            raise FindingError(f"the error has {len(line)} characters: {line[:80]!r}") from None


def holds(true: object, what: str) -> None:
    """Make a finding of what does not hold; unlike assert it does so under ``-O`` too."""
    if not true:
        raise FindingError(what)


def chosen(content: bytes, choices: Sequence[_T]) -> _T:
    """One of some options, by the content alone, so that an input needs nothing beside it."""
    return choices[zlib.crc32(content) % len(choices)]


def file_of(name: str, content: bytes) -> Path:
    """A file with this content, the same at each call."""
    path = folder() / name
    path.write_bytes(content)
    return path


@cache
def folder() -> Path:
    """A folder of this process for what targets read and write."""
    made = Path(tempfile.mkdtemp(prefix="leadclass-fuzz-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made
