import csv
import json

import pytest
from conftest import EXAMPLES, Run
from hypothesis import given, settings
from hypothesis import strategies as st
from yardstick import sections

import leadclass
from leadclass.labels import BOILERPLATE, NO_SECTION
from leadclass.sections import sections_of
from leadclass.statements import split

POSTING = """Depot Manager

About Tarn Parcels

We carry parcels. We have nine depots.

What you will do

- Plan the routes
- Improve equal opportunities in the depot
- Help drivers to apply for training

What we offer:
A pension; a van; 30 days off

Tarn Parcels is an equal opportunity employer. We mean it.

To apply, send your CV to jobs@tarn.example. Be quick.
"""


def sections_by_text(text: str) -> dict[str, str]:
    statements = split(text)
    return dict(zip([s.text for s in statements], sections_of(statements), strict=True))


def test_a_section_goes_from_its_heading_to_the_next() -> None:
    found = sections_by_text(POSTING)
    assert found["About Tarn Parcels"] == found["We have nine depots."] == "about_us"
    assert found["What we offer:"] == found["30 days off"] == "benefits"
    assert found["Depot Manager"] == found["What you will do"] == NO_SECTION
    assert found["Plan the routes"] == NO_SECTION


def test_equal_opportunity_and_how_to_apply_need_no_heading() -> None:
    found = sections_by_text(POSTING)
    assert found["Tarn Parcels is an equal opportunity employer."] == "equal_opportunity"
    assert found["We mean it."] == "equal_opportunity"
    assert found["To apply, send your CV to jobs@tarn.example."] == "how_to_apply"
    assert found["Be quick."] == "how_to_apply"


def test_duties_are_no_boilerplate_whatever_their_words() -> None:
    found = sections_by_text(POSTING)
    assert found["Improve equal opportunities in the depot"] == NO_SECTION
    assert found["Help drivers to apply for training"] == NO_SECTION


@pytest.mark.parametrize(
    ("heading", "section"),
    [
        ("WHO WE ARE", "about_us"),
        ("## 5. Perks & benefits", "benefits"),
        ("What’s in it for you?", "benefits"),
        ("**Why join Tarn Parcels**", "benefits"),
        ("Diversity, Equity & Inclusion:", "equal_opportunity"),
        ("Ready to join us?", "how_to_apply"),
        ("About you", NO_SECTION),
        ("About the role", NO_SECTION),
        ("Requirements", NO_SECTION),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, section: str) -> None:
    text = f"We bake.\n\n{heading}\n\nThis is what it says.\n"
    assert sections_of(split(text))[-1] == section


def test_words_that_are_said_of_a_person_make_no_section() -> None:
    found = sections_by_text("He needs to apply himself more. You know how to apply a rule.")
    assert set(found.values()) == {NO_SECTION}


def test_a_label_makes_one_statement_a_part_of_a_section() -> None:
    found = sections_by_text("Closing date: 4 May\nPlans the rota\nBenefits: a van")
    assert list(found.values()) == ["how_to_apply", NO_SECTION, "benefits"]


def test_sections_are_found_as_a_reader_marks_them() -> None:
    counts = sections()
    assert all(counts[section].precision >= 0.9 for section in BOILERPLATE)
    assert all(counts[section].recall >= 0.9 for section in BOILERPLATE if section != "about_us")


@settings(deadline=None)
@given(st.text() | st.text("about us\n:#-.?apply now*"))
def test_every_statement_has_a_section_or_none(text: str) -> None:
    statements = split(text)
    found = sections_of(statements)
    assert len(found) == len(statements)
    assert set(found) <= {NO_SECTION, *BOILERPLATE}


def test_a_profile_can_be_read_without_boilerplate() -> None:
    profile = leadclass.analyze(POSTING)
    rest = profile.without()
    assert {s.section for s in rest.statements} == {NO_SECTION}
    assert rest.n_left_out == len(profile.statements) - len(rest.statements) > 0
    assert len(profile.without(["benefits"]).statements) == len(profile.statements) - 4
    assert rest.without() == rest


def test_the_summary_of_boilerplate_says_how_much_and_what_is_left() -> None:
    profile = leadclass.analyze(POSTING)
    said = profile.boilerplate_summary
    assert f"{profile.without().n_left_out} of {len(profile.statements)} statements" in said
    assert leadclass.analyze("Plans the rota.").boilerplate_summary == ""
    nothing_else = leadclass.analyze("To apply, ring us. To apply, write.")
    assert "there is no balance" in nothing_else.boilerplate_summary


def test_analyze_names_sections_and_leaves_them_out(run: Run) -> None:
    path = EXAMPLES / "postings" / "graduate-analyst.txt"
    page = run("analyze", path).stdout
    assert "┌ benefits" in page
    assert "Boilerplate: " in page
    without = run("analyze", "--without-boilerplate", path).stdout
    assert "┌" not in without
    assert "Left out as boilerplate: " in without
    kept = json.loads(run("analyze", "-f", "jsonl", "--without-boilerplate", path).stdout)
    every = json.loads(run("analyze", "-f", "jsonl", path).stdout)
    assert [s for s in every["statements"] if not s["section"]] == kept["statements"]
    assert list(every["statements"][0])[3:5] == ["form", "section"]
    header = run("analyze", "-f", "csv", path).stdout.splitlines()[0]
    assert header.startswith("document,text,start,end,form,section,label,")


def test_reviews_have_no_sections() -> None:
    with (EXAMPLES / "reviews.csv").open(encoding="utf-8", newline="") as file:
        comments = [row["comment"] for row in csv.DictReader(file)]
    assert {section for text in comments for section in sections_of(split(text))} == {NO_SECTION}
