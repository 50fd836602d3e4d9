"""Blocks of a plain text in, the stops that surely end a sentence, and those that may, out.

The rules are those of `leadclass.sentences`. A stop is sure if what is next to it says all: one
before a blank and a letter, after a word that is no abbreviation, not inside a quotation. Words
that are not of letters alone, and abbreviations, are asked about by `word_ends_sentence`.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from leadclass.plain_text import (
    ASIDE,
    CLOSER,
    END,
    LOWER,
    QUOTE,
    STOP,
    UPPER,
    WHITE,
    PlainText,
    holders,
)
from leadclass.sentences import LAST_WORD, LOOK_BACK, NEXT_WORD, abbreviations, word_ends_sentence

#: A run of stops and closing marks that is longer is left to the thorough way.
_LONGEST_RUN = 6
#: No abbreviation has so many letters.
LONGER_THAN_ANY = 7


def sentence_stops(
    text: PlainText, starts: np.ndarray, ends: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The stops inside blocks at which a sentence ends, or may end.

    Parameters
    ----------
    text : PlainText
    starts, ends : ndarray of int64, shape (n_blocks,)

    Returns
    -------
    ends, begins : ndarray of int64, shape (n_stops,)
        Where the sentence ends and where the next begins.
    sure : ndarray of bool, shape (n_stops,)
        Whether it ends there, if nothing encloses the stop; if not, it is not known.
    of_block : ndarray of int64, shape (n_stops,)
    """
    codes, kinds = text.codes, text.kinds
    stop = text.places(END)
    stop = stop[(kinds[stop - 1] & STOP) == 0]
    of_block, inside = holders(stop, starts, ends)
    stop = stop[inside]
    pure, after = stop + 1, stop + 1
    for _ in range(_LONGEST_RUN):
        pure = pure + ((kinds[pure] & STOP) != 0)
        after = after + ((kinds[after] & (STOP | CLOSER)) != 0)
    unknown = (kinds[after] & (STOP | CLOSER)) != 0
    blank = (kinds[after] & WHITE) != 0
    # Without a gap only after a small letter, a figure or a mark, and before a capital.
    tight = ((kinds[after] & UPPER) != 0) & ((kinds[stop - 1] & UPPER) == 0)
    may = (after < ends[of_block]) & (blank | tight | unknown)
    stop, pure, after, of_block = stop[may], pure[may], after[may], of_block[may]
    blank, tight = blank[may], tight[may]
    single = (pure == stop + 1) & (codes[stop] < 0x80)
    # As in "did well." with a quotation mark after the stop.
    quoted = single & blank & _closed(text, pure, after)
    # As in "did well.She", which is sure where "She" is a word.
    tight &= single & (pure == after) & _small_letters(text, after + 1, 1) & (codes[after] < 0x80)
    tight &= _small_letters(text, stop - 2, 2)
    sure = (blank & (pure == after)) | tight | quoted

    word = np.searchsorted(text.word_starts, stop, "right") - 1
    begin = np.where(
        blank, text.word_starts[np.minimum(word + 1, len(text.word_starts) - 1)], after
    )
    sure &= tight | ((text.doings[begin] & ASIDE) == 0)
    small = (kinds[begin] & LOWER) != 0
    sure &= ~(quoted & small)
    # Three points before a small letter are a pause.
    loud = (codes[stop] == ord("!")) | (codes[stop] == ord("?"))
    ends_one = loud | ~small
    asked = np.flatnonzero(sure & single & ~loud)
    ends_one[asked] = True
    asked = asked[~_small_letters(text, stop[asked] - LONGER_THAN_ANY, LONGER_THAN_ANY)]
    words = np.maximum(text.word_starts[word[asked]], starts[of_block[asked]])
    # The sentence before may have ended without a gap.
    words = np.maximum(words, np.append(0, np.where(tight, begin, 0))[asked])
    begins_block = words == starts[of_block[asked]]
    begins = begins_block | np.isin(words, begin)
    ends_one[asked], sure[asked] = _full_stops(
        text,
        zip(
            words.tolist(),
            stop[asked].tolist(),
            word[asked].tolist(),
            begins_block.tolist(),
            begins.tolist(),
            tight[asked].tolist(),
            strict=True,
        ),
    )
    cuts = ends_one | ~sure
    return after[cuts], begin[cuts], sure[cuts], of_block[cuts]


def _closed(text: PlainText, stops: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """Whether there is one double quotation mark, and nothing else, from the one to the other."""
    straight = (ends == stops + 1) & (text.codes[stops] == ord('"'))
    curly = (ends == stops + 3) & ((text.doings[stops] & QUOTE) != 0)
    found: np.ndarray = straight | curly
    return found


def _small_letters(text: PlainText, places: np.ndarray, n: int) -> np.ndarray:
    """Whether small letters of ASCII are in so many places from each."""
    found = np.ones(len(places), bool)
    for k in range(n):
        codes = text.codes[places + k]
        found &= (codes >= ord("a")) & (codes <= ord("z"))
    return found


def _full_stops(
    text: PlainText, stops: Iterable[tuple[int, int, int, bool, bool, bool]]
) -> tuple[list[bool], list[bool]]:
    """Whether sentences end at full stops, and whether that is sure.

    Of each it is given where the word before it begins and ends, the number of that word, whether
    it surely is the first of its sentence, whether it may be, and whether no gap is after the stop.
    """
    written, known = text.written, abbreviations()
    ends_one, sure = [], []
    for start, end, n, is_first, may_be_first, tight in stops:
        word = written[start:end].decode()
        if len(word) > 1 and word.isalpha() and word.lower() not in known:
            ends_one.append(True)
            sure.append(True)
            continue
        if tight:
            ends_one.append(True)
            sure.append(False)
            continue
        last = LAST_WORD.search(word[-LOOK_BACK:])
        following = text.word(n + 1)
        next_word = NEXT_WORD.match(following)
        alone = last is not None and last.group() == word
        ends_one.append(
            word_ends_sentence(
                last.group() if last else "",
                alone and is_first,
                following[0],
                next_word[1] if next_word else "",
            )
        )
        # A number is no sentence of its own.
        sure.append(is_first or not (may_be_first and word.isdigit()))
    return ends_one, sure


def enclosing(
    text: PlainText, starts: np.ndarray, ends: np.ndarray, stops: np.ndarray, of_block: np.ndarray
) -> np.ndarray:
    """Which blocks may have a stop inside a quotation or brackets after which it goes on.

    Parameters
    ----------
    text : PlainText
    starts, ends : ndarray of int64, shape (n_blocks,)
    stops, of_block : ndarray of int64, shape (n_stops,)
        Where sentences end, if nothing encloses, and in which block.

    Returns
    -------
    ndarray of bool, shape (n_blocks,)
    """
    codes, kinds = text.codes, text.kinds
    found = np.zeros(len(starts), bool)
    asides, quotes = text.places(ASIDE), text.places(QUOTE)
    apostrophes = asides[codes[asides] == ord("'")]
    opening = ((kinds[apostrophes - 1] & WHITE) != 0) | (codes[apostrophes - 1] == ord("("))
    singles = quotes[codes[quotes] == "‘".encode()[-1]]
    found[holders(np.concatenate([singles, apostrophes[opening]]), starts, ends)[0]] = True
    # No other mark matters if each that opens is closed next and no stop is between them.
    for places, first, second in (
        (asides, b"(", b")"),
        (quotes, b'"', b'"'),
        (quotes, "“".encode(), "”".encode()),
    ):
        marks = places[(codes[places] == first[-1]) | (codes[places] == second[-1])]
        block, inside = holders(marks, starts, ends)
        marks = marks[inside]
        before = np.searchsorted(marks, starts)
        opens = (np.arange(len(marks)) - before[block]) % 2 == 0
        wrong = codes[marks] != np.where(opens, first[-1], second[-1])
        # A bracket may be the mouth of a face.
        for eyes in b":;-":
            wrong |= (codes[marks - 1] == eyes) & (first == b"(")
        found[block[wrong]] = True
        following = np.searchsorted(marks, stops)
        between = (following - before[of_block]) % 2 == 1
        if first != b"(":
            # What is quoted to the end of the block is cut as if it were not.
            between &= np.append(marks, -1)[following] + 1 != ends[of_block]
        found[of_block[between]] = True
    return found
