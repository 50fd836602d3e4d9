"""Splitting of whole documents: against those split by hand, and on text that nobody writes."""

import csv
from itertools import pairwise, product
from pathlib import Path
from textwrap import fill

import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from yardstick import Counts, boundaries, hand_splits, whole

from leadclass.arrow import as_strings
from leadclass.plain_stops import LONGER_THAN_ANY
from leadclass.sentences import abbreviations
from leadclass.statement_columns import split_column
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


WORDS = (
    "we plan the rota Plans Leads A. B. I. o a) iv) e.g. Dr. No. Ph.D. U.S. (see it.) (plain) 'so"
    ' "quoted" "so “fine” “x it.” it." it. it! 5. 8 of; x; • Location: Or: and, - -- * ** # > |'
    " & :) well.She ... … ?! \u00a0 1.Plan 2.1 (a CAPS LOUD é É ß 😀 ❤ ½ ² ⓐ ǅ \u200b the to With Ö"
    " [a](b) `c` $5 £6 12 9% 1) 10. ### \uf0b7 — said. [x]"
).split(" ")
GAPS = (
    [" "] * 12 + ["\n"] * 5 + ["\n\n", "  ", "   ", "\t", "\n  ", "", "\n- ", "\n• ", ". ", ".\n"]
)
GAPS += [";\n", "; ", ": ", "\r\n", "\r", "\x85", ".", "\n> ", "\n1. ", "\n\n# "]


def assert_split_alike(texts: list[str]) -> None:
    """A column is split as each of its texts is, whatever stands before and after."""
    column = split_column(as_strings(texts))
    found = list(zip(column.texts.to_pylist(), column.starts, column.ends, strict=True))
    assert len(column.offsets) == len(texts) + 1
    for text, (start, end) in zip(texts, pairwise(column.offsets), strict=True):
        assert found[start:end] == [(s.text, s.start, s.end) for s in split(text)]


@settings(deadline=None, max_examples=300)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(GAPS)), max_size=30).map(
            lambda pairs: "".join(word + gap for word, gap in pairs)
        ),
        max_size=5,
    )
)
def test_a_column_of_prose_and_lists_is_split_as_its_texts_are(texts: list[str]) -> None:
    assert_split_alike(texts)


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(MARKS), st.lists(st.sampled_from(PIECES)).map("".join))))
def test_a_column_of_markup_is_split_as_its_texts_are(texts: list[str]) -> None:
    assert_split_alike(texts)


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_column_of_documents_is_split_as_its_texts_are(line_break: str) -> None:
    documents = [document.text.replace("\n", line_break) for document in hand_splits()]
    lines = [line for document in documents for line in document.split(line_break)]
    assert_split_alike([*documents, *lines])


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Plans", "plans", "- Plans", "1. plans", "LOUD", "Where: here"]),
            st.integers(0, 44),
            st.sampled_from(["", "", ".", ",", ":", " and", "-"]),
            st.sampled_from(["\n", "\n", "\n", "\n  ", "\n\n"]),
        ),
        max_size=9,
    ).map(lambda lines: "".join(f"{a} {'we do it ' * 5:.{n}}{z}{gap}" for a, n, z, gap in lines))
)
def test_a_column_of_wrapped_lines_is_split_as_its_texts_are(text: str) -> None:
    assert_split_alike([text])


def test_a_line_that_is_long_and_ends_is_counted_twice_in_a_column_too() -> None:
    lines = [
        "We plan the rota of the whole week",
        "and lead.",
        "We keep the books for the small shop",
        "and then we write to everybody who ever asked us for it.",
        "we do.",
    ]
    assert_split_alike(["\n".join(lines)])


def test_no_abbreviation_is_as_long_as_a_word_that_is_surely_none() -> None:
    assert all(word.isascii() and len(word) < LONGER_THAN_ANY for word in abbreviations())


def test_a_long_column_is_split_as_its_texts_are() -> None:
    texts = [document.text for document in hand_splits()]
    assert_split_alike(texts * 8)  # more than is split at once


@pytest.mark.parametrize("piece", PIECES)
def test_a_long_run_of_anything_is_split_in_a_column(piece: str) -> None:
    split_column(as_strings(["a" + piece * (50_000 // len(piece))]))


def test_every_character_is_split_in_a_column_as_in_a_text() -> None:
    codes = [*range(0xD800), *range(0xE000, 0x110000, 97)]
    patterns = ("{0}a b.{0}C d", "{0} e. {0}\n{0}F")
    assert_split_alike([pattern.format(chr(c)) for c in codes[:0x3100] for pattern in patterns])
    assert_split_alike([patterns[0].format(chr(c)) for c in codes[0x3100::23]])


def test_stops_in_a_column_are_taken_as_in_a_text() -> None:
    words = "etc team U.S 12 é half-term Ph.D (see well. 5% CV)".split()
    stops = (".", "!", "…", "..", "?!", ".......")
    closers = ("", '"', ")", "”", "**", "')", ".)", "'")
    gaps = (" ", "", "\u00a0", "  ", "\n")
    nexts = ("Then we", "then we", "(so", "8) we", ":) So", "*a", "É b", "2 c", "So. B", ",", "A")
    ends = product(words, stops, closers, gaps, nexts)
    assert_split_alike([f"We do {''.join(end)} it." for end in ends])
    begins = product(words, (".", "..", '."'), (" ", "  ", ""), ("Then", "then", ":) 7."))
    assert_split_alike([f"{''.join(begin)} it. 12. Go, {''.join(begin)}" for begin in begins])


def test_quotations_and_brackets_in_a_column_enclose_as_in_a_text() -> None:
    pieces = ['"', "“", "”", "(", ")", " '", "‘", "’ ", ". ", "A b", "e.g. c", " d.", ":) "]
    assert_split_alike(
        ["It is " + "".join(some) + "! Go on." for some in product(pieces, repeat=4)]
    )


def test_lines_in_a_column_begin_as_in_a_text() -> None:
    begins = (
        "( (a (a) (viii) (xviii) (12) (12.10) (a: [ [] [x] [ ] [x ** * *A - -A o • 12 12. 1.A 2.1 "
        "A. B. iv) xviii) Mr. > >> # #a | ` _ é – £5 ok."
    ).split(" ")
    gaps = ("", " ", "  ", "\t", "\u00a0", "\u200b")
    lines = ["".join(line) for line in product(begins, gaps, ("Plans it", "and plans", "a)", "."))]
    assert_split_alike(lines)
    assert_split_alike([f"{a}\n{b}" for a, b in pairwise(lines)])
    assert_split_alike([f"{a}\n{b} it. So\n{a}" for a, b in zip(lines, lines[7:], strict=False)])


@pytest.mark.parametrize("hidden", ["\u200b", "\ufeff", "\u2028", "\u2003", "\r", "\x85"])
def test_what_is_not_seen_is_left_out_of_a_column_as_of_a_text(hidden: str) -> None:
    text = '- Plans it. Leads. "So?" she\n  said; a; b.\n\n# HE\n> a | b\n1. and'
    assert_split_alike([text[:n] + hidden + text[n:] for n in range(len(text) + 1)])
    assert_split_alike([text[:n] + f" {hidden} " + text[n:] for n in range(len(text) + 1)])


def test_a_short_word_after_a_bullet_without_a_blank_joins_lines_in_a_column_too() -> None:
    assert_split_alike(["•their\nPlans", "•and\nPlans", "• or\nPlans"])


def put_together(texts: list[str]) -> list[str]:
    """Statements as they are, in paragraphs, wrapped, and as lines with and without marks."""
    tens = [texts[n : n + 10] for n in range(0, len(texts), 10)]
    marks = ("", "- ", "• ", "1. ", "> ", "**", "## ", "a) ", "  ")
    return [
        *texts,
        *(" ".join(ten) for ten in tens),
        *(fill(" ".join(ten), 60) for ten in tens),
        *("\n".join(marks[n % 9] + text for n, text in enumerate(ten)) for ten in tens[::2]),
    ]


def test_a_column_of_the_corpus_is_split_as_its_texts_are() -> None:
    with (ROOT / "corpus" / "reviews.csv").open(encoding="utf-8") as file:
        assert_split_alike(put_together([row["text"] for row in csv.DictReader(file)][::5]))


def test_a_column_of_real_statements_is_split_as_its_texts_are(shared: Path) -> None:
    with (shared / "style" / "statements.csv").open(encoding="utf-8") as file:
        assert_split_alike(put_together([row["text"] for row in csv.DictReader(file)][::3]))
