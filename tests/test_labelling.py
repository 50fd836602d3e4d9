import csv
import string
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score

from leadclass.codebook import read_codebook
from leadclass.corpus import Example
from leadclass.curation.agreement import agreement_of_rows
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row
from leadclass.labelled_tables import read_all_rows, read_labelled
from leadclass.labelling.journal import Journal
from leadclass.labelling.keyboard import names_of
from leadclass.labelling.locks import only_here
from leadclass.labelling.opinions import Opinion, Opinions
from leadclass.labelling.pace import pace
from leadclass.labelling.questions import Question, in_order, read_questions
from leadclass.labelling.results import THE_MODEL, results_of
from leadclass.labelling.screen import View, draw, statement_lines
from leadclass.labelling.session import (
    BACKSPACE,
    ENTER,
    ESCAPE,
    INTERRUPT,
    Answer,
    Quit,
    Save,
    Session,
    TakeBack,
    press,
)
from leadclass.labels import LABELS, MOST_TRAITS, SIDE_OF_TRAIT, TRAITS, TRAITS_OF_SIDE, sides_of
from leadclass.model import Model

KEYS = [*"lmbn12345678usoq?x ", ENTER, ESCAPE, BACKSPACE, INTERRUPT, "down", "up"]
SENT = ["l", "é", "\r", "\x7f", "\x1b[A", "\x1bOB", "\x1b[5~", "\x1b[1;5C", "\x1b[200~n\x1b[201~"]
OPINION = Opinion("leadership", ("vision",), 0.9, 0.1)


def typed(session: Session, keys: str) -> tuple[Session, list[object]]:
    """The session after some keys, ``/`` for Enter, and what was to be done on the way."""
    actions = []
    for key in keys:
        session, action = press(session, ENTER if key == "/" else key)
        actions += [action] if action else []
    return session, actions


# The keys


def test_a_label_then_its_traits_then_enter_is_an_answer() -> None:
    session, actions = typed(Session(queue=(0, 1, 2)), "l24/m6/b15/")
    assert actions == [
        Save(0, Answer("leadership", ("empathy", "influence"))),
        Save(1, Answer("management", ("decision_making",))),
        Save(2, Answer("both", ("vision", "organisation"))),
    ]
    assert session.current is None


def test_neither_is_an_answer_at_once() -> None:
    assert typed(Session(queue=(0,)), "n")[1] == [Save(0, Answer("neither"))]


def test_without_traits_every_label_is_an_answer_at_once() -> None:
    actions = typed(Session(queue=(0, 1, 2, 3), asks_traits=False), "lmbn")[1]
    assert [action.answer.label for action in actions] == list(LABELS)  # type: ignore[attr-defined]


def test_a_side_wants_a_trait_and_takes_no_more_than_two() -> None:
    session, actions = typed(Session(queue=(0,)), "b1/")
    assert not actions
    assert "management" in session.hint
    session, actions = typed(session, "236")
    assert session.traits == ("vision", "empathy", "decision_making")
    assert not actions


def test_a_trait_of_the_other_side_is_refused() -> None:
    session, _ = typed(Session(queue=(0,)), "l5")
    assert session.traits == ()
    assert "b if it is both" in session.hint


def test_a_digit_pressed_again_takes_its_trait_away() -> None:
    assert typed(Session(queue=(0,)), "l122")[0].traits == ("vision",)


def test_another_label_begins_anew() -> None:
    for keys in ("l12b25/", "b25/ul12b25/"):
        actions = typed(Session(queue=(0,)), keys)[1]
        assert actions[-1].answer.traits == ("empathy", "organisation")  # type: ignore[attr-defined]


def test_escape_puts_a_chosen_label_down() -> None:
    for key in (ESCAPE, BACKSPACE, "u"):
        session = press(typed(Session(queue=(0,), past=()), "l1")[0], key)[0]
        assert (session.label, session.traits, session.current) == (None, (), 0)


def test_skipped_statements_come_again_at_the_end() -> None:
    session, actions = typed(Session(queue=(0, 1, 2)), "sn")
    assert session.queue == (2, 0)
    assert actions == [Save(1, Answer("neither"))]


def test_undo_goes_back_and_an_answer_stands_until_another_is_given() -> None:
    session, _ = typed(Session(queue=(0, 1, 2)), "nnu")
    assert (session.current, session.previous) == (1, Answer("neither"))
    kept, actions = typed(session, "/")
    assert (kept.current, actions) == (2, [])
    changed, actions = typed(session, "ul3/")
    assert actions == [Save(0, Answer("leadership", ("innovation",), saw_model=True))]
    assert changed.current == 2


def test_undo_reaches_what_was_answered_before_this_run() -> None:
    session = Session(queue=(2,), answers={0: Answer("neither"), 1: Answer("neither")}, past=(0, 1))
    session, _ = typed(session, "uu")
    assert session.current == 0
    assert "nothing before" in typed(session, "u")[0].hint


def test_skipping_after_undo_takes_the_answer_back() -> None:
    session, actions = typed(Session(queue=(0, 1)), "nus")
    assert actions[-1] == TakeBack(0)
    assert (session.queue, session.answers) == ((1, 0), {})


def test_an_opinion_that_was_asked_for_is_recorded_as_seen() -> None:
    actions = typed(Session(queue=(0, 1)), "onn")[1]
    assert [action.answer.saw_model for action in actions] == [True, False]  # type: ignore[attr-defined]


def test_blind_hides_the_opinion_also_from_who_asks() -> None:
    session, actions = typed(Session(queue=(0, 1), blind=True), "onun")
    assert not session.seen
    assert not any(action.answer.saw_model for action in actions)  # type: ignore[attr-defined]


def test_the_codebook_takes_keys_for_itself_until_it_is_closed() -> None:
    session, actions = typed(Session(queue=(0,)), "?15 ")
    assert (session.rule, session.rules) == ("15", 1)
    session, more = typed(session, "n")
    assert (session.rules, actions, more) == (None, [], [])


def test_ctrl_c_ends_anywhere() -> None:
    for keys in ("", "l", "?"):
        assert press(typed(Session(queue=(0,)), keys)[0], INTERRUPT)[1] == Quit()


@given(st.lists(st.sampled_from(KEYS), max_size=60), st.booleans(), st.booleans())
def test_no_keys_lose_a_statement_or_make_an_answer_that_is_none(
    keys: list[str], asks_traits: bool, blind: bool
) -> None:
    session = Session(queue=(2, 0, 1), asks_traits=asks_traits, blind=blind)
    kept: dict[int, Answer] = {}
    for key in keys:
        session, action = press(session, key)
        if isinstance(action, Save):
            kept[action.place] = action.answer
        elif isinstance(action, TakeBack):
            del kept[action.place]
        assert kept == session.answers
        assert sorted([*session.queue, *session.past]) == [0, 1, 2]
        assert set(session.past) == set(kept)
        for label, traits in [
            (session.label or "neither", session.traits),
            *((answer.label, answer.traits) for answer in kept.values()),
        ]:
            assert {SIDE_OF_TRAIT[trait] for trait in traits} <= set(sides_of(label))
            for names in TRAITS_OF_SIDE.values():
                assert len(set(names) & set(traits)) <= MOST_TRAITS
        if asks_traits:
            for answer in kept.values():
                assert {SIDE_OF_TRAIT[t] for t in answer.traits} == set(sides_of(answer.label))


# The screen


@settings(max_examples=60)
@given(
    keys=st.lists(st.sampled_from(KEYS), max_size=6),
    text=st.text(min_size=1, max_size=400),
    width=st.integers(1, 200),
    height=st.integers(1, 60),
)
def test_the_screen_is_filled_and_never_overfull(
    keys: list[str], text: str, width: int, height: int
) -> None:
    session = Session(queue=(0, 1))
    for key in keys:
        session, _ = press(session, key)
    view = View("t.csv", [text, "b"], lambda _: OPINION, message="no room " * 20)
    lines = draw(session, view, width, height)
    assert len(lines) == height
    assert all(line.cell_len <= width for line in lines)


def test_a_statement_cannot_steer_the_terminal() -> None:
    text = "a\x1b[31m\tb\x07\r\nc\u202ed 🍲\u2028e\x9b"
    lines = statement_lines(text, 40)
    assert [line[0] for line in lines] == ["a", "c", "e"]
    assert not set("".join(lines)) & {"\x1b", "\t", "\x07", "\r", "\u202e", "\x9b"}


def test_a_long_statement_is_read_page_by_page() -> None:
    text = " ".join(f"word{n}" for n in range(400))
    session = Session(queue=(0,))
    seen = set()
    for _ in range(10):
        lines = draw(session, View("t", [text], lambda _: None), 80, 24)
        seen |= {word for line in lines for word in line.plain.split() if word.startswith("word")}
        assert any("leadership" in line.plain for line in lines)
        session, _ = press(session, " ")
    assert len(seen) == 400


def test_the_opinion_is_hidden_until_one_has_answered() -> None:
    view = View("t", ["a", "b"], lambda _: OPINION)

    def shown(session: Session) -> bool:
        return any("L 90%" in line.plain for line in draw(session, view, 80, 24))

    session = Session(queue=(0, 1))
    assert not shown(session)
    assert shown(typed(session, "o")[0])
    assert shown(typed(session, "n")[0])
    assert not shown(typed(replace(session, blind=True), "no")[0])


def test_the_choices_stay_where_they_are() -> None:
    def place(text: str) -> int:
        lines = draw(Session(queue=(0,)), View("t", [text], lambda _: None), 80, 24)
        return next(i for i, line in enumerate(lines) if "l  ▲" in line.plain)

    assert place("short") == place("a sentence of some length " * 10)


def test_the_codebook_opens_at_the_rule_that_is_asked_for() -> None:
    session, _ = typed(Session(queue=(0,)), "?21")
    lines = draw(session, View("t", ["a"], lambda _: None), 80, 24)
    assert lines[0].plain.split()[:2] == ["21", "Reports."]


def test_the_codebook_defines_every_side_and_trait() -> None:
    book = read_codebook()
    assert list(book.traits) == list(TRAITS)
    assert all(book.sides.values())


def test_pace_leaves_pauses_out() -> None:
    assert pace([0, 10, 20], 5) == ""
    assert pace([0, 10, 20, 3000, 3010], 60) == "6 a minute, 10 min left"
    assert pace([0, 90, 180, 270], 400) == "40 an hour, 10 h left"
    assert pace([0, 1, 2, 3], 0) == "60 a minute"


# Keys as a terminal sends them


@given(
    st.lists(st.sampled_from(SENT)),
    st.integers(0, 60),
)
def test_keys_are_the_same_however_they_arrive(sent: list[str], at: int) -> None:
    text = "".join(sent)
    whole, rest = names_of(text)
    first, waiting = names_of(text[:at])
    second, left = names_of(waiting + text[at:])
    assert (first + second, left) == (whole, rest)
    assert rest == ""


def test_what_is_pasted_is_no_key() -> None:
    assert names_of("n\x1b[200~lmbn\r\x1b[201~m") == (["n", "m"], "")
    assert names_of("\x1b[200~lmbn")[0] == []


# The file of labels

words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip).filter(bool)
answers = st.sampled_from(
    [
        Answer("neither"),
        Answer("leadership", ("vision", "empathy")),
        Answer("management", ("organisation",), saw_model=True),
        Answer("both", ("influence", "problem_solving")),
    ]
)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60
)
@given(st.dictionaries(words, answers, min_size=1, max_size=5), st.data())
def test_a_file_cut_off_anywhere_has_all_answers_but_the_last(
    tmp_path: Path, given_answers: dict[str, Answer], data: st.DataObject
) -> None:
    path = tmp_path / "cut.labels.csv"
    path.unlink(missing_ok=True)
    journal = Journal(path, "ann")
    sizes = [0]
    for text, answer in given_answers.items():
        journal.save(Question(text), answer)
        sizes.append(path.stat().st_size)
    whole = path.read_bytes()
    assert Journal(path, "ann").answers == given_answers

    cut = data.draw(st.integers(0, len(whole)))
    path.write_bytes(whole[:cut])
    resumed = Journal(path, "ann")
    n_whole = sum(size <= cut for size in sizes[1:])
    # But for the line's end, or for the whole of the time, which labels do without.
    ends_whole = cut + 1 in sizes or cut + 1 + len("2026-01-05T10:00:00Z") in sizes
    expected = list(given_answers.items())[: n_whole + ends_whole]
    assert list(resumed.answers.items()) == expected
    resumed.save(Question("one more statement, of its own"), Answer("neither"))
    assert len(read_all_rows([path])) == len(expected) + 1


def test_a_row_torn_inside_a_cell_of_several_lines_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    journal = Journal(path)
    journal.save(Question("a"), Answer("neither"))
    size = path.stat().st_size
    journal.save(Question("first line\nsecond line"), Answer("neither"))
    path.write_bytes(path.read_bytes()[: size + len('"first line\n')])
    resumed = Journal(path)
    assert list(resumed.answers) == ["a"]
    assert "asked again" in resumed.notice
    assert path.stat().st_size == size


@pytest.mark.parametrize(
    "last", ['Cuts 5" pipe,both,', "Sets up the lathe., Neither ,", 'A 5" and a 6" nail,neither,']
)
@pytest.mark.parametrize("first", ['Joins 3" pipe,management,', '"Two\nlines",both,'])
def test_a_last_row_that_is_whole_but_for_its_line_end_is_kept(
    tmp_path: Path, first: str, last: str
) -> None:
    path = tmp_path / "l.csv"
    path.write_text(f"text,label,traits\n{first}\n{last}")
    journal = Journal(path)
    before = journal.answers
    assert len(before) == 2 and not journal.notice
    journal.save(Question("One more."), Answer("neither"))
    assert Journal(path).answers == before | {"One more.": Answer("neither")}


def test_a_file_broken_in_its_middle_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    content = 'text,label,traits\n"a pipe of 5" width,neither,\nb,neither,\nc,neither,\n'
    path.write_text(content)
    with pytest.raises(LeadclassError, match="not valid CSV"):
        Journal(path)
    assert path.read_text() == content


def test_a_changed_answer_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    journal = Journal(path, "ann")
    for text in "abc":
        journal.save(Question(text), Answer("neither"))
    journal.save(Question("b"), Answer("leadership", ("vision",), saw_model=True))
    journal.take_back(Question("c"))
    journal.save(Question("d"), Answer("neither"))
    assert list(Journal(path).answers.items()) == [
        ("a", Answer("neither")),
        ("b", Answer("leadership", ("vision",), saw_model=True)),
        ("d", Answer("neither")),
    ]
    assert [file.name for file in tmp_path.iterdir()] == ["l.csv"]


def test_labels_have_ids_and_kinds_of_the_table_and_who_and_when(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    Journal(path, "ann", ["id", "kind"]).save(
        Question("a", {"id": "7", "kind": "review"}), Answer("neither")
    )
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert list(row) == ["id", "text", "kind", "label", "traits", "annotator", "saw_model", "time"]
    assert (row["id"], row["kind"], row["annotator"]) == ("7", "review", "ann")
    examples, _ = read_labelled(path)
    assert examples[0].kind == "review"


def test_a_file_that_a_spreadsheet_has_saved_is_gone_on_with_in_its_manner(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    path.write_bytes("\ufefftext;label;traits;note\r\né;neither;;mine\r\n".encode())
    journal = Journal(path, "ann")
    journal.save(Question("b"), Answer("neither"))
    assert path.read_bytes().endswith(b"b;neither;;\r\n")
    journal.save(Question("é"), Answer("leadership", ("vision",)))
    content = path.read_bytes().decode()
    assert content == "\ufefftext;label;traits;note\r\né;leadership;vision;mine\r\nb;neither;;\r\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text,label,traits\na,craft,\n", "unknown label"),
        ("text,label,traits\na,neither,\na,neither,\n", "has the text of row 1"),
        ("text,label\na,neither\n", "no table of labels"),
        ("text,label,traits,annotator\na,neither,,ben\n", "holds labels of 'ben'"),
        ("my notes", "no table of labels"),
    ],
)
def test_a_file_that_cannot_be_gone_on_with_is_not_touched(
    tmp_path: Path, content: str, words: str
) -> None:
    path = tmp_path / "l.csv"
    path.write_text(content)
    with pytest.raises(LeadclassError, match=words):
        Journal(path, "ann")
    assert path.read_text() == content


def test_labels_are_not_written_over_another_programs_changes(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    journal = Journal(path)
    journal.save(Question("a"), Answer("neither"))
    path.write_text("text,label,traits\na,leadership,vision\n")
    with pytest.raises(LeadclassError, match="another program"):
        journal.save(Question("b"), Answer("neither"))
    with pytest.raises(LeadclassError, match="another program"):
        journal.take_back(Question("a"))
    assert path.read_text() == "text,label,traits\na,leadership,vision\n"


def test_only_one_holds_a_file(tmp_path: Path) -> None:
    path = tmp_path / "l.csv"
    with only_here(path):
        with pytest.raises(LeadclassError, match="another window"), only_here(path):
            pass
        with only_here(tmp_path / "other.csv"):
            pass
    with only_here(path):
        pass
    assert list(tmp_path.iterdir()) == []


# What is asked


def table(folder: Path, content: str) -> Path:
    path = folder / "t.csv"
    path.write_text(content)
    return path


def test_texts_are_asked_once_and_empty_ones_not(tmp_path: Path) -> None:
    path = table(tmp_path, 'id,text\n1,a\n2,b\n3, a \n4,\n5,"c\nd"\n')
    assert [q.text for q in read_questions(path)] == ["a", "b", "c\nd"]
    assert [q.carried["id"] for q in read_questions(path)] == ["1", "2", "5"]


def test_ids_that_do_not_tell_statements_apart_are_not_carried(tmp_path: Path) -> None:
    for content in ("id,kind,text\n1,x,a\n1,x,b\n", "id,kind,text\n1,x,a\n,x,b\n"):
        questions = read_questions(table(tmp_path, content))
        assert [dict(q.carried) for q in questions] == [{"kind": "x"}] * 2


def test_a_row_can_be_cut_into_statements(tmp_path: Path) -> None:
    path = table(tmp_path, "id,text\n1,Plans the rota. Coaches new nurses.\n")
    questions = read_questions(path, unit="statement")
    assert [q.text for q in questions] == ["Plans the rota.", "Coaches new nurses."]
    assert all("id" not in q.carried for q in questions)


def test_what_was_skipped_comes_last_when_one_goes_on() -> None:
    questions = [Question(letter) for letter in string.ascii_lowercase[:6]]
    assert in_order(questions, {"b", "d"}) == (4, 5, 0, 2)
    assert in_order(questions, {}) == (0, 1, 2, 3, 4, 5)
    shuffled = in_order(questions, {}, shuffled=True, seed=3)
    assert sorted(shuffled) == list(range(6))
    assert shuffled == in_order(questions, {}, shuffled=True, seed=3)
    assert shuffled != in_order(questions, {}, shuffled=True, seed=4)


# What comes of it


def test_results_leave_out_what_was_labelled_with_the_opinion_in_view(
    tmp_path: Path, model: Model
) -> None:
    path = tmp_path / "l.csv"
    journal = Journal(path)
    journal.save(Question("Sets a clear direction."), Answer("leadership", ("vision",)))
    journal.save(Question("Free parking."), Answer("management", ("organisation",)))
    journal.save(Question("Plans the rota."), Answer("neither", saw_model=True))
    results = results_of(path, Opinions(lambda: model), path)
    assert results.n_seen == 1
    assert results.agreements[THE_MODEL].overall.n == 2
    assert results.agreements[THE_MODEL].overall.share == 0.5
    assert results.agreements["l.csv"].overall.kappa == 1


def test_a_model_that_cannot_be_loaded_is_no_reason_to_stop() -> None:
    def fails() -> Model:
        raise LeadclassError("no such model")

    opinions = Opinions(fails)
    opinions.prepare()
    assert opinions.of("a") is None
    assert opinions.problem == "no such model"
    with pytest.raises(LeadclassError):
        opinions.of_all(["a"])


@pytest.mark.filterwarnings("ignore")  # scikit-learn warns where there is but one label
@given(st.lists(st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)), min_size=1))
def test_kappa_is_cohens(pairs: list[tuple[str, str]]) -> None:
    first, second = zip(*pairs, strict=True)
    expected = cohen_kappa_score(first, second)
    found = _agreement(list(first), list(second))
    assert found is None if np.isnan(expected) else found == pytest.approx(expected, abs=1e-4)


def _agreement(first: list[str], second: list[str]) -> float | None:
    def rows(labels: list[str]) -> list[Row]:
        return [
            Row("t", i, Example(str(i), label), {"text": str(i)}) for i, label in enumerate(labels)
        ]

    return agreement_of_rows(rows(first), rows(second), names=("a", "b")).overall.kappa
