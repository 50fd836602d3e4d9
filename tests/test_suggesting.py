"""What is suggested for labelling: in doubt, telling, of all kinds, and for the reasons told."""

import csv
import re
from pathlib import Path

import numpy as np
import pytest
from conftest import EXAMPLES, Run, assert_one_clear_line
from hypothesis import given, settings
from hypothesis import strategies as st

from leadclass.corpus import Corpus, Example
from leadclass.errors import LeadclassError
from leadclass.labelled_tables import read_corpus
from leadclass.labelling.questions import read_questions
from leadclass.labels import SIDES
from leadclass.model import Model
from leadclass.suggesting.candidates import (
    MOST_KINDS,
    Candidate,
    as_words,
    doubt,
    read_candidates,
)
from leadclass.suggesting.choosing import choose
from leadclass.suggesting.correction import correct, fit_correction
from leadclass.suggesting.likeness import nearest, nearly_the_same, vectors
from leadclass.suggesting.suggest import Suggestions, suggest, write_suggestions
from leadclass.training.adapting import MOST, adapted

STATEMENTS = [
    "Guides the night porters and orders their gloves.",
    "Takes the new cook aside and shows her the delivery sheet.",
    "Keeps the choir together and books the hall.",
    "Speaks up for the cleaners when rotas change.",
    "Free parking behind the mill.",
    "Settles who drives which van on Fridays.",
    "Wants every trainee to find a style of their own.",
    "Counts the spare keys twice a week.",
    "The canteen closes at four.",
    "Talks the board into a garden for the patients.",
    "Chairs the safety meeting and hears everybody out.",
    "Files the lift reports by floor.",
]


def table(folder: Path, rows: list[dict[str, str]], name: str = "in.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def texts(found: Suggestions) -> list[str]:
    return [one.text for one in found.chosen]


def candidate(text: str, doubted: float = 1.0, kind: str = "", row: int = 1) -> Candidate:
    return Candidate(text, as_words([text])[0], row, {}, kind, (0.5, 0.0), (0.5, 0.0), doubted)


# What is in doubt


def test_doubt_is_what_a_wrong_decision_costs_and_both_sides_count() -> None:
    given_ = np.array([[0.4, 0.4], [0.4, 0.0], [0.9, 0.0], [1.0, 0.0], [np.nan, np.nan]])
    doubts = doubt(given_, given_, np.array([0.4, 0.4]))
    assert doubts[:4] == pytest.approx([0.48, 0.24, 0.04, 0], abs=1e-9)
    assert doubts[4] == -np.inf


@given(st.floats(0, 1), st.floats(0.05, 0.95))
def test_nothing_is_more_in_doubt_than_what_is_at_the_threshold(p: float, threshold: float) -> None:
    cells = np.array([[p], [threshold]])
    one, at_threshold = doubt(cells, cells, np.array([threshold]))
    assert 0 <= one <= at_threshold + 1e-12


def test_what_was_decided_against_the_labels_is_most_in_doubt() -> None:
    said, threshold = np.array([[0.6], [0.6], [0.2], [0.2]]), np.array([0.4])
    corrected = np.array([[0.7], [0.2], [0.7], [0.2]])
    sure_yes, false_alarm, miss, sure_no = doubt(said, corrected, threshold)
    assert sure_yes < false_alarm < miss
    assert sure_no < false_alarm


def test_those_most_in_doubt_are_kept_of_each_kind(model: Model, tmp_path: Path) -> None:
    rows = [{"text": s, "kind": "ab"[i % 2]} for i, s in enumerate(STATEMENTS)]
    path = table(tmp_path, rows)
    kept = read_candidates(model, path, "text", unit="row", most=2)
    said = model.predict_proba(STATEMENTS)
    doubts = doubt(said, said, model.weights.thresholds[:2])
    for offset, kind in enumerate("ab"):
        best = sorted(range(offset, len(rows), 2), key=lambda i: -doubts[i])[:2]
        assert [one.text for one in kept.by_kind[kind]] == [STATEMENTS[i] for i in best]
        assert kept.counts[kind] == 6


def test_what_is_kept_does_not_grow_with_the_table(model: Model, tmp_path: Path) -> None:
    rows = [
        {"text": f"{s} {chr(97 + i % 26)}{'x' * (i % 7)}"} for i in range(400) for s in STATEMENTS
    ]
    kept = read_candidates(model, table(tmp_path, rows), "text", unit="row", most=5)
    found = kept.by_kind[""]
    assert len(found) == 5
    every = read_candidates(model, tmp_path / "in.csv", "text", unit="row", most=10_000)
    assert [one.text for one in found] == [one.text for one in every.by_kind[""][:5]]


def test_kinds_beyond_the_most_are_one(model: Model, tmp_path: Path) -> None:
    rows = [{"text": STATEMENTS[i % 12], "kind": f"k{i}"} for i in range(60)]
    kept = read_candidates(model, table(tmp_path, rows), "text", unit="row", most=5)
    assert len(kept.by_kind) <= MOST_KINDS + 1
    assert sum(kept.counts.values()) == 60


# What labels make of it


def test_without_labels_nothing_is_corrected() -> None:
    none = fit_correction(np.zeros((0, 2)), np.zeros((0, 2), bool))
    assert none == pytest.approx(np.array([[0, 1], [0, 1]]))
    assert correct(np.array([[0.3, 0.9]]), none) == pytest.approx(np.array([[0.3, 0.9]]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), st.floats(-2, 2), st.floats(0.2, 1.5))
def test_many_labels_tell_how_wrong_the_probabilities_are(
    seed: int, constant: float, factor: float
) -> None:
    rng = np.random.default_rng(seed)
    odds = rng.normal(0, 3, (5000, 1))
    truth = rng.random((5000, 1)) < 1 / (1 + np.exp(-(constant + factor * odds)))
    found = fit_correction(1 / (1 + np.exp(-odds)), truth)
    assert found[0] == pytest.approx([constant, factor], abs=0.35)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_a_correction_is_always_finite(cells: list[tuple[float, bool]]) -> None:
    said = np.array([[p] for p, _ in cells])
    found = fit_correction(said, np.array([[shown] for _, shown in cells]))
    corrected = correct(said, found)
    assert np.isfinite(found).all()
    assert ((corrected >= 0) & (corrected <= 1)).all()


# What is alike


def test_the_same_words_are_alike_and_others_hardly() -> None:
    one, same, other = vectors(
        ["plans the weekly rota", "the weekly rota plans", "sings in choirs at dusk"]
    )
    assert one @ same == pytest.approx(1, abs=1e-5)
    assert abs(one @ other) < 0.3
    alike, which = nearest(np.array([one]), np.array([other, same]))
    assert alike[0] == pytest.approx(1, abs=1e-5)
    assert which[0] == 1


def test_nothing_is_near_where_there_is_nothing() -> None:
    made = vectors(["plans the rota", ""])
    assert np.isfinite(made).all()
    alike, _ = nearest(made, np.zeros((0, made.shape[1]), np.float32))
    assert not alike.any()


# What is chosen


WORDS = st.sampled_from("plans leads rota team van key hall cook board mill choir lift".split())
SAID = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=20, deadline=None)
@given(
    st.dictionaries(st.sampled_from("abc"), st.lists(SAID, max_size=15), max_size=3),
    st.lists(SAID, max_size=5),
    st.integers(1, 20),
)
def test_no_two_chosen_are_nearly_the_same_and_the_choice_is_always_the_same(
    said: dict[str, list[str]], labelled: list[str], n: int
) -> None:
    by_kind = {
        kind: [candidate(text, 1 + i / 100, kind) for i, text in enumerate(own)]
        for kind, own in said.items()
    }
    counts = {kind: max(1, len(own)) for kind, own in said.items()}
    chosen = choose(by_kind, counts, n, as_words(labelled))
    words = [one.candidate.words for one in chosen]
    assert len(words) <= n
    assert not any(nearly_the_same(a, b) for i, a in enumerate(words) for b in words[:i])
    assert not any(word in as_words(labelled) for word in words)
    assert chosen == choose(by_kind, counts, n, as_words(labelled))


def test_of_two_as_much_in_doubt_the_one_unlike_what_is_labelled_comes_first() -> None:
    near, far = "Plans the weekly rota for the ward.", "Wins over the sceptics with a story."
    chosen = choose(
        {"": [candidate(near), candidate(far)]}, {"": 2}, 2, as_words(["Plans the rota, weekly."])
    )
    assert [one.candidate.text for one in chosen] == [far, near]


def test_of_those_as_much_in_doubt_one_like_others_comes_first() -> None:
    said = [
        "Sings in choirs at dusk.",
        "Plans the weekly rota for the ward.",
        "Plans the weekly rota of drivers in spring.",
        "Plans a weekly rota round her holidays.",
    ]
    chosen = choose({"": [*map(candidate, said)]}, {"": 4}, 1)
    assert chosen[0].candidate.text in said[1:]
    assert chosen[0].n_alike >= 1


def test_kinds_have_their_share_and_none_goes_without() -> None:
    names = {"posting": 900, "review": 100, "ladder": 1}
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    by_kind = {
        kind: [
            candidate(f"{kind}{alphabet[i % 26]} {alphabet[i // 26] * 3}{kind}", kind=kind)
            for i in range(min(count, 100))
        ]
        for kind, count in names.items()
    }
    chosen = choose(by_kind, names, 40)
    taken = {kind: sum(one.candidate.kind == kind for one in chosen) for kind in names}
    assert taken["ladder"] == 1
    assert taken["review"] in (4, 5)
    assert sum(taken.values()) == 40


# From a table to a table


def test_a_model_that_was_adapted_is_asked_and_the_one_before_says_how_far_to_trust_it(
    model: Model, tmp_path: Path
) -> None:
    path = table(tmp_path, [{"text": s} for s in STATEMENTS[6:]])
    rows = [{"text": s, "label": ("neither", "both")[i % 2]} for i, s in enumerate(STATEMENTS[:6])]
    labelled = table(tmp_path, rows, "labelled.csv")
    found = suggest(model, path, labelled=[labelled], adapt=adapted)
    now = adapted(model, read_corpus([labelled]))
    for one in found.chosen:
        assert one.probabilities == pytest.approx(now.predict_proba([one.text])[0], abs=1e-9)
    assert texts(suggest(model, path, adapt=adapted)) == texts(suggest(model, path))


def test_too_many_statements_to_adapt_to_are_refused(model: Model) -> None:
    corpus = Corpus([Example(STATEMENTS[0], "both")] * (MOST + 1), [])
    with pytest.raises(LeadclassError, match="more than a model adapts to"):
        adapted(model, corpus)


def test_repetitions_are_suggested_once_and_labelled_ones_never(
    model: Model, tmp_path: Path
) -> None:
    doubled = [*STATEMENTS, *(s.upper() for s in STATEMENTS), *(f"{s}!" for s in STATEMENTS)]
    path = table(tmp_path, [{"text": s} for s in doubled])
    labelled = table(tmp_path, [{"text": STATEMENTS[0], "label": "both"}], "labelled.csv")
    found = suggest(model, path, n=100, labelled=[labelled])
    assert sorted(as_words(texts(found))) == sorted(as_words(STATEMENTS[1:]))


def test_long_texts_are_cut_and_rows_are_not_where_asked(model: Model, tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": " ".join(STATEMENTS[:3])}, {"text": STATEMENTS[3]}])
    assert sorted(texts(suggest(model, path))) == sorted(STATEMENTS[:4])
    assert {one.row for one in suggest(model, path, unit="row").chosen} == {1, 2}


def test_statements_of_a_comment_that_was_labelled_whole_are_not_suggested(
    model: Model, tmp_path: Path
) -> None:
    path = table(tmp_path, [{"text": s} for s in STATEMENTS[:4]])
    labelled = table(
        tmp_path, [{"text": " ".join(STATEMENTS[:3]), "label": "both"}], "labelled.csv"
    )
    assert texts(suggest(model, path, labelled=[labelled])) == [STATEMENTS[3]]


def test_reasons_are_true(model: Model, tmp_path: Path) -> None:
    odd = "Mentors the zythologist and tallies her grommets."
    path = table(tmp_path, [{"text": s} for s in [*STATEMENTS, odd]])
    labelled = table(
        tmp_path, [{"text": "Free parking behind the old mill today.", "label": "neither"}], "l.csv"
    )
    found = suggest(model, path, labelled=[labelled])
    known = set(model.weights.of_kind("word")[0].to_pylist())
    for one in found.chosen:
        said = dict(zip(SIDES, model.predict_proba([one.text])[0], strict=True))
        named = re.findall(r"(leadership|management) \((\d+)%", one.reason)
        assert named
        for side, percent in named:
            assert f"{said[side]:.0%}" == f"{percent}%"
        assert ("unlike anything labelled" in one.reason) == ("parking" not in one.text)
        assert "like 0" not in one.reason
    new = {one.text: one.reason for one in found.chosen}[odd]
    assert "zythologist" not in known
    assert "new to the model: zythologist" in new


def test_without_labels_no_reason_speaks_of_them(model: Model, tmp_path: Path) -> None:
    path = table(tmp_path, [{"text": s} for s in STATEMENTS])
    assert not any("label" in one.reason for one in suggest(model, path).chosen)


@pytest.mark.parametrize("name", ["out.csv", "out.tsv", "out.jsonl", "out.parquet", "out.csv.gz"])
def test_what_is_written_is_asked_by_label_with_id_and_kind(
    model: Model, tmp_path: Path, name: str
) -> None:
    rows = [{"text": s, "id": f"s{i}", "kind": "ab"[i % 2]} for i, s in enumerate(STATEMENTS)]
    found = suggest(model, table(tmp_path, rows), n=5)
    write_suggestions(tmp_path / name, found)
    questions = read_questions(tmp_path / name)
    assert [question.text for question in questions] == texts(found)
    assert [dict(q.carried) for q in questions] == [dict(one.carried) for one in found.chosen]


# At the command line


def test_the_command_writes_a_table_with_reasons(run: Run, tmp_path: Path) -> None:
    done = run("suggest", EXAMPLES / "reviews.csv", "-t", "comment", "-n", "7", "-o", "out.csv")
    assert done.returncode == 0, done.stderr
    assert not done.stdout
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7
    assert all(row["reason"] and row["text"] and row["id"] for row in rows)


def test_the_command_shows_them_where_no_file_is_named(run: Run) -> None:
    arguments = ("suggest", EXAMPLES / "reviews.csv", "-t", "comment", "-n", "2", "--format")
    assert run(*arguments, "jsonl").stdout.count("\n") == 2
    assert "reason" in run(*arguments, "table").stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["nothing.csv"], ["nothing.csv", "no such file"]),
        (["in.csv", "-t", "comment"], ["in.csv", "'comment'", "-t"]),
        (["in.csv", "-o", "in.csv"], ["overwrite"]),
        (["in.csv", "-o", "labelled.csv", "--labelled", "labelled.csv"], ["overwrite"]),
        (["in.csv", "-o", "out.docx"], ["out.docx", ".csv"]),
        (["in.csv", "-o", "no/out.csv"], ["folder", "no"]),
        (["in.csv", "-n", "0"], ["-n"]),
        (["in.csv", "--adapt"], ["--adapt", "--labelled"]),
        (["in.csv", "--labelled", "in.csv"], ["in.csv", "'label'"]),
        (["in.csv", "--labelled", "labelled.csv"], ["not labelled"]),
        (["empty.csv"], ["empty.csv", "has no text"]),
        (["in.csv", "--model", "no"], ["no such model"]),
    ],
)
def test_bad_input_is_one_line_and_leaves_no_file(
    run: Run, tmp_path: Path, options: list[str], words: list[str]
) -> None:
    table(tmp_path, [{"text": STATEMENTS[0]}])
    table(tmp_path, [{"text": ""}, {"text": "12"}], "empty.csv")
    table(tmp_path, [{"text": STATEMENTS[0], "label": "both"}], "labelled.csv")
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert_one_clear_line(run("suggest", *options), *words)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_table_without_candidates_is_an_error_a_user_can_catch(
    model: Model, tmp_path: Path
) -> None:
    with pytest.raises(LeadclassError, match="no text"):
        suggest(model, table(tmp_path, [{"text": "..."}]))
