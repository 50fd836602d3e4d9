"""Texts in, for another text the first run of words that it shares with them out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

#: A word or number as it is written; an apostrophe inside belongs to it.
_WORD = re.compile(r"\w+(?:'\w+)*")


class SharedWords:
    """The runs of so many words that some texts have.

    Parameters
    ----------
    texts : sequence of str
        Case and what stands between words do not count.
    n_words : int
    """

    def __init__(self, texts: Sequence[str], n_words: int) -> None:
        self.n_words = n_words
        self._places: dict[str, int] = {}
        for place, text in enumerate(texts):
            for run in self._runs(text):
                self._places.setdefault(run, place)

    def first(self, text: str) -> tuple[str, int] | None:
        """The first run of a text that one of the texts has, and which of them; None if none."""
        return next(
            ((run, self._places[run]) for run in self._runs(text) if run in self._places), None
        )

    def _runs(self, text: str) -> Iterator[str]:
        words = _WORD.findall(text.lower().replace("’", "'"))
        for i in range(len(words) - self.n_words + 1):
            yield " ".join(words[i : i + self.n_words])
