from pathlib import Path

import pytest
from conftest import EXAMPLES, QUARTET

import leadclass
from leadclass.documents import read_document
from leadclass.profile import LabelledStatement, Profile, rank


def profile(*labels: str) -> Profile:
    traits = {"leadership": ("vision",), "management": ("organisation",), "neither": ()}
    traits["both"] = ("vision", "organisation")
    return Profile(
        "document",
        tuple(LabelledStatement("x", 0, 1, "sentence", la, 0.5, 0.5, traits[la]) for la in labels),
    )


@pytest.mark.parametrize(
    ("labels", "balance"),
    [
        (["leadership", "neither"], 1),
        (["management"], -1),
        (["both"], 0),
        (["leadership", "management"], 0),
        (["management", "management", "both"], -0.5),
        (["neither"], None),
        ([], None),
    ],
)
def test_balance_goes_from_management_to_leadership(
    labels: list[str], balance: float | None
) -> None:
    assert profile(*labels).balance == balance


def test_traits_are_counted_and_the_missing_named() -> None:
    counted = profile("both", "leadership")
    assert counted.traits["vision"] == 2
    assert counted.traits["organisation"] == 1
    assert len(counted.missing_traits) == 6


def test_shares_add_up_to_one() -> None:
    assert sum(profile("both", "neither", "neither").shares.values()) == pytest.approx(1)
    assert sum(profile().shares.values()) == 0


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["neither"], "neither leadership nor management"),
        (["leadership"], "leadership and not of management"),
        (["management"], "management and not of leadership"),
        (["management"] * 9 + ["leadership"], "mostly of management, little of leadership"),
        (["leadership"] * 2 + ["management"], "more of leadership than of management"),
        (["leadership", "management"], "about evenly"),
    ],
)
def test_a_sentence_sums_it_up(labels: list[str], words: str) -> None:
    assert words in profile(*labels).summary


def test_profiles_are_ranked_by_balance() -> None:
    names = [p.summary for p in rank([profile("neither"), profile("management"), profile("both")])]
    assert names == [profile(x).summary for x in ("both", "management", "neither")]


def test_from_python_a_text_or_a_path_is_analysed() -> None:
    text = " ".join(QUARTET)
    assert [s.label for s in leadclass.analyze(text).statements] == list(QUARTET.values())
    path = Path(EXAMPLES, "postings", "ward-manager.txt")
    analysed = leadclass.analyze(path)
    source = read_document(path).text
    assert all(" ".join(source[s.start : s.end].split()) == s.text for s in analysed.statements)


def test_every_example_is_analysed() -> None:
    postings = sorted((EXAMPLES / "postings").iterdir())
    assert len(postings) >= 6
    for path in postings:
        assert len(leadclass.analyze(path).statements) > 15
