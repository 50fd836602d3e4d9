from pathlib import Path

import pytest
from conftest import EXAMPLES
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.arrow import as_strings
from leadclass.documents import read_document
from leadclass.statement_columns import split_column
from leadclass.statements import BULLET, HEADING, SENTENCE, split


def texts(source: str) -> list[str]:
    return [statement.text for statement in split(source)]


def forms(source: str) -> list[str]:
    return [statement.form for statement in split(source)]


def test_sentences_are_cut_at_their_stops() -> None:
    assert texts("Plans the week. Leads! Does she? Yes.") == [
        "Plans the week.",
        "Leads!",
        "Does she?",
        "Yes.",
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "Reports to Dr. Jones and Mrs. Day.",
        "Uses tools, e.g. Excel, i.e. the usual ones, etc. as needed.",
        "Ranked No. 5 in the U.S. market.",
        "Holds a Ph.D. in physics.",
        "J. Smith runs the 3.5 acre site at 2:30 p.m. daily.",
        "He tries... but rarely finishes.",
        "Works with Acme Inc. and others vs. the clock.",
        '"I love it here." said Jo.',
        "Needs 5 yrs. exp. in farming.",
    ],
)
def test_abbreviations_numbers_and_ellipses_do_not_end_a_sentence(sentence: str) -> None:
    assert texts(sentence) == [sentence]


def test_sloppy_prose_without_capitals_or_spaces_is_cut() -> None:
    assert texts("she is great.She never listens! but he tries. always late.") == [
        "she is great.",
        "She never listens!",
        "but he tries.",
        "always late.",
    ]


def test_quotes_close_with_their_sentence() -> None:
    assert texts('"She leads." He said so.') == ['"She leads."', "He said so."]


@pytest.mark.parametrize(
    "bullet", ["-", "*", "•", "–", "1.", "2)", "(a)", "iv.", "\uf0b7", "[ ]", "o", "✔️"]
)
def test_bullets_and_numbers_are_no_part_of_a_statement(bullet: str) -> None:
    source = f"{bullet} Plans the rota\n{bullet} Coaches staff"
    assert texts(source) == ["Plans the rota", "Coaches staff"]
    assert forms(source) == [BULLET, BULLET]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Is it No. 5? No. It is not.", ["Is it No. 5?", "No.", "It is not."]),
        ("No. of posts: 4", ["No. of posts: 4"]),
        ("Acme Inc. (Acme) bakes.", ["Acme Inc. (Acme) bakes."]),
        ("In Feb. next year. In Feb. We go.", ["In Feb. next year.", "In Feb.", "We go."]),
        ("By 5 p.m. Friday. At 5 p.m. We go.", ["By 5 p.m. Friday.", "At 5 p.m.", "We go."]),
        ("The U.S. Army. In the U.S. She did.", ["The U.S. Army.", "In the U.S.", "She did."]),
        ("J. R. Hale and Mrs. P. J. Lane came.", ["J. R. Hale and Mrs. P. J. Lane came."]),
        ("Great boss! :) Would stay.", ["Great boss! :)", "Would stay."]),
        ("Really?! Yes... He did.", ["Really?!", "Yes...", "He did."]),
        ("Up to 9.5%.Best of all.", ["Up to 9.5%.", "Best of all."]),
        ("See plan.md, v2.1, at a.example. Go.", ["See plan.md, v2.1, at a.example.", "Go."]),
    ],
)  # fmt: skip
def test_a_stop_ends_a_sentence_or_does_not(source: str, expected: list[str]) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('She said "we plan. we do." and left.', ['She said "we plan. we do." and left.']),
        ("He said 'We plan. We do.' and left.", ["He said 'We plan. We do.' and left."]),
        ('"He came. He saw." So what?', ['"He came.', 'He saw."', "So what?"]),
        ("It works (I saw it. Twice.) and lasts.", ["It works (I saw it. Twice.) and lasts."]),
        ("It works. (I saw it.) It lasts.", ["It works.", "(I saw it.)", "It lasts."]),
    ],
)  # fmt: skip
def test_quotations_and_brackets_inside_a_sentence_are_not_cut(
    source: str, expected: list[str]
) -> None:
    assert texts(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "Ms. Rowe\nMarket Place 5,\nLower Wick",
        "Salary: by negotiation\nHours: by agreement",
        "Criterion\tHow seen\nPlans. Leads.\tInterview",
        "| Plans. Leads. | Interview |\n| Trains | Test |",
        "B. Smith\nBest wishes",
    ],
)
def test_facts_addresses_and_rows_are_a_statement_a_line(source: str) -> None:
    assert len(split(source)) == len(source.splitlines())


def test_numbering_with_points_and_letters_is_left_out() -> None:
    assert texts("1.1 Plans\n2.3\tLeads\nA. Trains\nB. Checks\nIV. Ends") == [
        "Plans",
        "Leads",
        "Trains",
        "Checks",
        "Ends",
    ]


def test_the_marks_of_a_quoted_message_are_left_out() -> None:
    source = "> We hope that whoever comes will\n> stay. He leaves in\n> spring."
    assert texts(source) == ["We hope that whoever comes will stay.", "He leaves in spring."]


def test_a_wrapped_bullet_is_one_statement() -> None:
    assert texts("- plans the rota\n  for six weeks\n- leads") == [
        "plans the rota for six weeks",
        "leads",
    ]


def test_paragraphs_wrapped_to_a_width_are_put_together() -> None:
    source = (
        "The successful candidate will report to the Director and will be expected to\n"
        "lead the team through a period of change, drawing on her own experience of\n"
        "Yorkshire farms. Apply by Friday.\n"
    )
    assert len(split(source)) == 2


def test_lines_that_stand_for_themselves_stay_apart() -> None:
    assert texts("Plans the budget\nLeads the team\nCoaches new staff") == [
        "Plans the budget",
        "Leads the team",
        "Coaches new staff",
    ]


def test_lists_of_semicolons_are_cut_and_their_lead_in_is_a_heading() -> None:
    source = "Responsibilities: plan the week; brief the crew; keep the log."
    assert texts(source) == [
        "Responsibilities:",
        "plan the week",
        "brief the crew",
        "keep the log.",
    ]
    assert forms(source) == [HEADING, SENTENCE, SENTENCE, SENTENCE]


def test_bullets_in_one_line_are_cut() -> None:
    assert texts("• Manage the P&L • Coach the team • Drive change") == [
        "Manage the P&L",
        "Coach the team",
        "Drive change",
    ]


def test_one_semicolon_joins_a_sentence() -> None:
    assert texts("She plans well; he does not.") == ["She plans well; he does not."]


@pytest.mark.parametrize(
    "heading", ["# What you do #", "WHAT YOU DO", "What you do:", "\n**What you do**"]
)
def test_headings_are_recognised(heading: str) -> None:
    source = f"We bake.\n{heading}\n\n- plan the week"
    assert forms(source) == [SENTENCE, HEADING, BULLET]
    assert texts(source)[1].rstrip(":").lower() == "what you do"


def test_markdown_marks_are_left_out_of_the_text() -> None:
    assert texts("* **Own** the `plan`, see [here](http://example.org)") == [
        "Own the plan, see here"
    ]


def test_lines_without_letters_are_no_statements() -> None:
    assert texts("---\n\n12345\n***\n") == []


@given(st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("\n\r .;:-*•#>")))
def test_statements_are_slices_in_order(source: str) -> None:
    end = 0
    for statement in split(source):
        assert end <= statement.start < statement.end <= len(source)
        assert statement.text
        end = statement.end


@given(st.lists(st.text("abcdefgh ,.!?;:\n", min_size=1)).map(" ".join))
def test_no_letter_is_lost(source: str) -> None:
    covered = "".join(source[s.start : s.end] for s in split(f"{source}"))
    lost = sum(map(str.isalpha, source)) - sum(map(str.isalpha, covered))
    # What may be missing is numbering by a letter, as in "a. plans", one a line.
    assert lost <= len(source.splitlines())


def test_every_word_of_a_posting_is_in_one_statement() -> None:
    for path in sorted(Path(EXAMPLES, "postings").iterdir()):
        document = read_document(path)
        covered = "".join(document.text[s.start : s.end] for s in split(document.text))
        letters = sum(map(str.isalpha, document.text))
        assert sum(map(str.isalpha, covered)) >= letters - 6  # numbering by letters


@settings(deadline=None)  # what is read once is read in the first example
@given(
    st.lists(
        st.one_of(
            st.none(),
            st.text(),
            st.text("aAIivxo bTZ0,'\"/&%$+()-.!? 1", max_size=14),
            st.sampled_from(
                ["o Trains staff", "iv) plans", "A) x", "I lead.", "Plans, e.g. rotas"]
            ),
        )
    )
)
def test_a_column_is_split_as_its_texts_are(texts: list[str | None]) -> None:
    column = split_column(as_strings(texts))
    found = list(zip(column.texts.to_pylist(), column.starts, column.ends, strict=True))
    for text, start, end in zip(texts, column.offsets, column.offsets[1:], strict=False):
        # A lone surrogate is read as a question mark.
        readable = (text or "").encode("utf-8", "replace").decode()
        assert found[start:end] == [(s.text, s.start, s.end) for s in split(readable)]
