"""Splitting of whole documents: against those split by hand, and on text that nobody writes."""

import csv
from itertools import pairwise

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from yardstick import Counts, boundaries, hand_splits, whole

from leadclass.statements import split

MARKS = "\n\r\t .!?…:;,-–•*#>|()[]\"'“”‘’_`aAbBiIoO109é"

PIECES = [
    ".", "!", "…", "a. ", ".)", '"', '" ', "“", "‘a. ", "(", "( a", "[", "](", "[a](", "`a ",
    "**a ", "__a ", "- ", "> a\n", "\n", "a\n", "1\n", "1.1 ", "I. ", "\t", "a\t", "\u00a0",
    "a   ", "| a ", "a. | |", "; ", "a: ", "• ", "a,", "A.", "\u0301", "😀", ". :) ", "\u200b",
    "\ufeff", "# a\n", "a:\n", "A b\n", "... a", "e.g. ", "no. ", 'a."b', "(a. b ", '"a. b', "\r\n",
    "\u2028", "\x00", "A." * 20, "a" * 40 + "\n",
]  # fmt: skip


def spans(text: str) -> list[tuple[int, int]]:
    return [(statement.start, statement.end) for statement in split(text)]


@pytest.mark.parametrize("part", ["a", "b"])
def test_documents_are_split_as_people_split_them(part: str) -> None:
    documents = hand_splits(f"{part}*")
    assert len(documents) == 20
    assert sum((boundaries(d, spans) for d in documents), Counts()).f1 >= 0.97
    assert sum((whole(d, spans) for d in documents), Counts()).f1 >= 0.95


def test_the_figures_of_the_page_are_those_of_the_splitter() -> None:
    with (ROOT / "docs" / "results" / "splitting.csv").open(encoding="utf-8") as file:
        row = next(row for row in csv.DictReader(file) if row["splitter"] == "leadclass")
    for figure, measure in {"boundary F1": boundaries, "statement F1": whole}.items():
        for part, pattern in {"a": "a*", "b": "b*", "all": "*"}.items():
            f1 = sum((measure(d, spans) for d in hand_splits(pattern)), Counts()).f1
            assert row[f"{figure}, {part}"] == f"{f1:.3f}"


def test_every_statement_made_by_hand_is_in_its_document() -> None:
    for document in hand_splits():
        assert all(end <= start for (_, end), (start, _) in pairwise(document.spans))


def assert_sound(text: str) -> None:
    """Statements are in order, do not overlap, have words, and are where they say."""
    end = 0
    for statement in split(text):
        assert end <= statement.start < statement.end <= len(text)
        assert any(map(str.isalnum, text[statement.start : statement.end]))
        written = "".join(filter(str.isalnum, text[statement.start : statement.end]))
        # Of a link its address is left out, and nothing else.
        if "](" not in text:
            assert "".join(filter(str.isalnum, statement.text)) == written
        end = statement.end


@settings(deadline=None)
@given(st.text(MARKS))
def test_every_letter_is_in_at_most_one_statement(text: str) -> None:
    assert_sound(text)


@settings(deadline=None)
@given(st.text())
def test_no_text_is_refused(text: str) -> None:
    assert_sound(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join))
def test_pieces_of_markup_are_no_trap(text: str) -> None:
    assert_sound(text)


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_run_of_anything_is_split(piece: str) -> None:
    # Were the time more than linear in the length, this would take minutes.
    split("a" + piece * (50_000 // len(piece)))


@settings(deadline=None)
@given(st.lists(st.text("abc", min_size=1, max_size=9), min_size=3, max_size=30))
def test_wrapped_sentences_are_put_together(words: list[str]) -> None:
    sentence = "We hope that whoever takes this on will stay " + " ".join(words) + "."
    lines, line = [], ""
    for word in sentence.split():
        if len(line) + len(word) >= 50:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    text = "\n".join([*lines, line])
    assert [s.text for s in split(text)] == [sentence]
