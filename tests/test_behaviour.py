import csv
import re
from pathlib import Path

import pytest
from conftest import CORPUS, ROOT

from leadclass.behaviour import INVARIANCES, behave
from leadclass.labelled_tables import read_corpus
from leadclass.labels import LABELS, SIDES
from leadclass.model import Model
from leadclass.tokens import tokenise

DATA = ROOT / "leadclass" / "data"


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_cases_cover_every_rule_and_are_not_in_the_corpus() -> None:
    cases = rows("behaviour/cases.csv")
    rules = re.findall(r"^(\d+)\. ", (CORPUS / "CODEBOOK.md").read_text(), re.MULTILINE)
    assert {case["rule"] for case in cases} == set(rules)
    assert {case["label"] for case in cases} == set(LABELS)
    assert not {case["text"] for case in cases} & set(read_corpus([CORPUS]).texts)
    for case in rows("behaviour/directions.csv"):
        assert case["side"] in SIDES and case["direction"] in ("up", "down")


def test_changes_change() -> None:
    text = "He organises the labour rota."
    assert INVARIANCES["a typo"](text) == "He orgnaises the labour rota."
    assert INVARIANCES["the other spelling"](text) == "He organizes the labor rota."
    assert INVARIANCES["the other gender"](text) == "She organises the labour rota."


def test_the_shipped_model_passes_what_its_card_says(model: Model) -> None:
    results = [result.to_dict() for result in behave(model)]
    assert results == model.about["behaviour"]
    functionality = [result for result in results if result["sort"] == "functionality"]
    passed = sum(result["n_passed"] for result in functionality)
    assert passed >= 0.8 * sum(result["n"] for result in functionality)
    by_name = {result["name"]: result for result in results}
    assert by_name["the other gender"]["failures"] == []
    assert by_name["all in capitals"]["failures"] == []


def test_first_names_are_one_word() -> None:
    names = [row["name"] for row in rows("first_names.csv")]
    assert len(names) >= 400 and len({row["origin"] for row in rows("first_names.csv")}) >= 10
    texts = [f"{name} coaches the crew and keeps {name}'s rota." for name in names]
    assert len({tuple(tokens) for tokens in tokenise(texts).texts()}) == 1


def test_swapping_first_names_flips_no_label_of_a_real_review(model: Model, shared: Path) -> None:
    names = [row["name"] for row in rows("first_names.csv")]
    known = re.compile(rf"\b({'|'.join(names)})\b")
    with (shared / "gold" / "dev.csv").open(newline="") as lines:
        reviews = [row["text"] for row in csv.DictReader(lines) if row["kind"] == "review"]
    named = [text for text in reviews if known.search(text)]
    if not named:
        pytest.skip("no review has a first name")
    for name in names[::20]:
        swapped = [known.sub(name, text) for text in named]
        assert (model.predict(swapped) == model.predict(named)).all()
