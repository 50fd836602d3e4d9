"""What is learnt from: one label a statement, columns of any name, tables of any format."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import CORPUS, Run, assert_one_clear_line
from hypothesis import given
from hypothesis import strategies as st

from leadclass.columns import own_columns, told_columns
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import text_digest
from leadclass.labelled_tables import read_corpus
from leadclass.lineage import MADE, SETTLED
from leadclass.training.material import read_material
from leadclass.weights import read_weights

HEADER = ("text", "label")


def table(path: Path, *rows: tuple[str, ...], header: tuple[str, ...] = HEADER) -> Path:
    content = io.StringIO()
    csv.writer(content).writerows([header, *rows])
    path.write_text(content.getvalue())
    return path


@pytest.fixture
def hers(tmp_path: Path) -> Path:
    return table(
        tmp_path / "hers.csv",
        ("Trims the gang.", "management"),
        ("Lamps the first-years.", "leadership"),
        ("Hums.", "neither"),
        ("Makes tides.", "management"),
    )


@pytest.fixture
def his(tmp_path: Path) -> Path:
    return table(
        tmp_path / "his.csv",
        ("lamps the first-years", "neither"),
        ("Hums.", "neither"),
        ("Makes tides.", "neither"),
        ("Calls the bearing.", "leadership"),
    )


@pytest.fixture
def settled(tmp_path: Path) -> Path:
    return table(
        tmp_path / "settled.csv", ("Lamps the first-years.", "both"), ("Makes tides.", "neither")
    )


def test_labels_that_contradict_each_other_are_refused_by_row(hers: Path, his: Path) -> None:
    with pytest.raises(LeadclassError) as caught:
        read_material([hers, his])
    error = caught.value
    assert (error.file, error.row) == (str(his), 1)
    assert f"row 2 of {hers}, in the same words, is labelled leadership" in error.problem
    assert "row 3 of his.csv and row 4 of hers.csv" in error.problem
    for word in ("corpus agreement", "leadclass label differ.csv", "--settled differ.labels.csv"):
        assert word in str(error)


def test_only_the_first_conflicts_are_named_and_the_rest_counted(tmp_path: Path) -> None:
    words = [chr(ord("a") + i) * 3 for i in range(9)]
    one = table(tmp_path / "a.csv", *((word, "both") for word in words))
    other = table(tmp_path / "b.csv", *((word, "neither") for word in words))
    with pytest.raises(LeadclassError, match=r"row 3 of b\.csv and row 3 of a\.csv, 6 more\)"):
        read_material([one, other])


def test_a_conflict_in_one_file_is_for_corpus_check_to_show(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", ("Hums.", "neither"), ("hums", "both"))
    with pytest.raises(LeadclassError, match=r"row 2: .*mend one; 'leadclass corpus check"):
        read_material([one])


def test_a_settled_label_goes_before_the_others(hers: Path, his: Path, settled: Path) -> None:
    for paths in ([hers, his], [hers, his, settled], [settled.parent]):
        corpus = read_material(paths, settled=[settled])
        assert {example.text: example.label for example in corpus.examples} == {
            "Trims the gang.": "management",
            "Hums.": "neither",
            "Calls the bearing.": "leadership",
            "Lamps the first-years.": "both",
            "Makes tides.": "neither",
        }
        assert len(corpus.examples) == 5
        assert [(s.name.split("/")[1], s.n_rows) for s in corpus.sources] == [
            ("hers.csv", 2),
            ("his.csv", 1),
            ("settled.csv", 2),
        ]


def test_what_settles_must_not_contradict_itself(hers: Path, tmp_path: Path) -> None:
    bad = table(tmp_path / "bad.csv", ("Hums.", "both"), ("Hums!", "neither"))
    with pytest.raises(LeadclassError, match=r"bad\.csv, row 2: labelled neither"):
        read_material([hers], settled=[bad])


def test_a_stand_off_label_is_of_its_very_text(tmp_path: Path) -> None:
    texts = table(tmp_path / "texts.csv", ("Hums.",), ("hums",), header=("text",))
    off = table(
        tmp_path / "off.csv", (text_digest("Hums."), "both"), header=("text_sha256", "label")
    )
    near = table(tmp_path / "near.csv", ("hums", "neither"))
    assert len(read_material([off, near], texts=[texts]).examples) == 2
    same = table(tmp_path / "same.csv", ("Hums.", "neither"))
    with pytest.raises(LeadclassError, match="labelled neither, but row 1"):
        read_material([off, same], texts=[texts])


def test_our_own_corpus_is_learnt_from_as_it_is() -> None:
    assert read_material([CORPUS]) == read_corpus([CORPUS], split="train")


STATEMENTS = ["Hums.", "hums", "Trims the gang.", "Lamps her.", "lamps them", "...", "!"]


@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(STATEMENTS), st.sampled_from(["both", "neither"]))),
        min_size=1,
        max_size=3,
    )
)
def test_after_reading_no_two_labels_contradict(
    tmp_path_factory: pytest.TempPathFactory, tables: list[list[tuple[str, str]]]
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    paths = [table(folder / f"{i}.csv", *rows) for i, rows in enumerate(tables)]
    read_as = {"hums": "Hums.", "lamps them": "Lamps her."}
    said = {(read_as.get(text, text), label) for rows in tables for text, label in rows}
    in_conflict = len({text for text, _ in said}) < len(said)
    try:
        found = read_material(paths).examples
    except LeadclassError:
        assert in_conflict
    else:
        assert not in_conflict
        assert {(read_as.get(e.text, e.text), e.label) for e in found} == said


ROWS = [
    *((f"Lamps learner {place}.", "Leadership") for place in "abcdefghijklm"),
    *((f"Trims gang {place}.", "MANAGEMENT ") for place in "abcdefghijklm"),
    *((f"Hums tune {place}.", "neither") for place in "abcdefghijklm"),
]


def as_excel(path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Staff no", "Comment", "Reading", "form", "id"])
    for number, (text, label) in enumerate(ROWS):
        if number == 5:
            sheet.append([])
        sheet.append([f"{number:05}" if number % 2 else number, f" {text} ", label, "A4", 1])
    sheet.append([None, None])
    book.create_sheet("Notes").append(["who", "what"])
    book.save(path)


def as_csv_of_a_spreadsheet(path: Path) -> None:
    lines = "".join(f"{text};{label};A4\r\n" for text, label in ROWS)
    path.write_bytes(f"Comment;Reading;form\r\n{lines}".encode("utf-16"))


def as_tsv(path: Path) -> None:
    path.write_text("Comment\tReading\n" + "".join(f"{t}\t{label}\n" for t, label in ROWS))


def as_jsonl(path: Path) -> None:
    path.write_text("".join(json.dumps({"Comment": t, "Reading": x}) + "\n" for t, x in ROWS))


def as_parquet(path: Path) -> None:
    texts, labels = zip(*ROWS, strict=True)
    columns = {"Comment": pa.array(texts), "Reading": pa.array(labels).dictionary_encode()}
    pq.write_table(pa.table(columns), path)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("own.xlsx", as_excel),
        ("own.csv", as_csv_of_a_spreadsheet),
        ("own.tsv", as_tsv),
        ("own.jsonl", as_jsonl),
        ("own.parquet", as_parquet),
    ],
)
def test_a_table_of_any_format_is_read_by_its_own_columns(
    tmp_path: Path, name: str, write: Callable[[Path], None], hers: Path
) -> None:
    write(tmp_path / name)
    found = read_material([tmp_path / name, hers], columns=own_columns("Comment", "Reading"))
    own = [(e.text, e.label, e.form) for e in found.examples[: len(ROWS)]]
    assert own == [(text, label.strip().lower(), "statement") for text, label in ROWS]
    assert len(found.examples) == len(ROWS) + 4  # hers, by the usual columns


def test_a_column_of_a_meaning_of_its_own_is_read_where_it_is_asked_for(tmp_path: Path) -> None:
    usual = table(tmp_path / "a.csv", ("Hums.", "neither", "phrase"), header=(*HEADER, "form"))
    own = table(
        tmp_path / "b.csv", ("Trims.", "both", "A4", "red"), header=("c", "label", "form", "traits")
    )
    found = read_material([usual, own], columns=own_columns("c", traits=False))
    assert [(e.form, e.traits) for e in found.examples] == [("phrase", ()), ("statement", ())]
    with pytest.raises(LeadclassError, match="unknown trait 'red'"):
        read_material([usual, own], columns=own_columns("c"))
    with pytest.raises(LeadclassError, match=r"b\.csv, column 'text': no such column.* -t"):
        read_material([usual, own], columns=own_columns())


@pytest.mark.parametrize("told", [{}, {"text": "c"}, {"traits": False}, {"label": "x"}])
def test_columns_are_kept_so_that_a_model_can_be_made_anew(told: dict[str, object]) -> None:
    columns = own_columns(**told)  # type: ignore[arg-type]
    kept = told_columns(columns)
    assert (kept is None) == (not told)
    assert own_columns(**(kept or {})) == columns


def test_a_row_without_a_label_is_named(tmp_path: Path) -> None:
    one = table(tmp_path / "a.csv", ("Hums.", "neither"), ("Sings.", " "))
    with pytest.raises(LeadclassError, match=r"row 2, column 'label': has no label; fill it"):
        read_material([one])


def test_two_readers_conflicts_are_settled_on_the_command_line(
    run_here: Run, tmp_path: Path
) -> None:
    def readings(name: str, swapped: Iterable[int]) -> None:
        rows = [(text, label.strip().lower()) for text, label in ROWS]
        for place in swapped:
            rows[place] = (rows[place][0].lower(), "both")
        table(tmp_path / name, *rows)

    readings("a.csv", ())
    readings("b.csv", (2, 20))
    train = ("train", "--from", "default", "-c", "a.csv", "-c", "b.csv", "-o", "mine")
    assert_one_clear_line(run_here(*train), "b.csv, row 3", "row 3 of a.csv", "row 21 of b.csv")
    assert not (tmp_path / "mine").exists()
    shown = run_here("corpus", "agreement", "a.csv", "b.csv", "-o", "differ.csv")
    assert "2 rows differ" in shown.stdout and "leadclass label differ.csv" in shown.stdout
    assert_one_clear_line(run_here(*train, "--settled", "differ.csv"), "differ.csv", "no label")
    differ = csv.DictReader((tmp_path / "differ.csv").read_text().splitlines())
    third = [(row["text"], row["first"]) for row in differ]
    table(tmp_path / "differ.labels.csv", *third)
    done = run_here(*train, "--settled", "differ.labels.csv")
    assert done.returncode == 0, done.stderr
    about = read_weights(tmp_path / "mine").about
    assert about[SETTLED] == 1 and [s["n_rows"] for s in about["data"]][-3:] == [37, 0, 2]
    assert "settled by" in run_here("info", "-m", "mine").stdout


def test_a_model_of_mapped_columns_and_settled_labels_is_made_anew(
    run_here: Run, tmp_path: Path
) -> None:
    as_tsv(tmp_path / "own.tsv")
    table(tmp_path / "a_settled.csv", ("Hums tune a.", "leadership"))
    columns = ("-t", "Comment", "-l", "Reading", "--settled", "a_settled.csv")
    done = run_here("train", "--from", "default", "-c", "own.tsv", *columns, "-o", "mine")
    assert done.returncode == 0, done.stderr
    told = {"text": "Comment", "label": "Reading", "traits": True}
    assert read_weights(tmp_path / "mine").about[MADE]["columns"] == told
    done = run_here("verify", "mine", "--from", "default", "-c", ".")
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_shipped_model_is_called_default(run_here: Run, tmp_path: Path) -> None:
    assert run_here("score", "-m", "default", "Plans.").stdout == run_here("score", "Plans.").stdout
    (tmp_path / "default").mkdir()
    assert_one_clear_line(run_here("score", "-m", "default", "Plans."), "default")


def test_a_worker_that_is_killed_ends_training_with_one_clear_line(
    run_here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leadclass.training import validation

    here = os.getpid()

    def killed(*_: object) -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), 9)
        from concurrent.futures.process import BrokenProcessPool

        raise BrokenProcessPool  # on one core there is no process to kill

    monkeypatch.setattr(validation, "delayed", lambda _: _in_place_of_work(killed))
    table(tmp_path / "a.csv", *((text, label.strip().lower()) for text, label in ROWS))
    done = run_here("train", "-c", "a.csv", "-o", "mine")
    assert_one_clear_line(done, "ended from outside", "LOKY_MAX_CPU_COUNT=1")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


def test_where_there_is_no_room_for_what_workers_share_one_clear_line_says_so(
    run_here: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leadclass.training import validation

    def without_room() -> None:
        from pickle import PicklingError

        raise PicklingError("Could not pickle the task to send it to the workers.")

    monkeypatch.setattr(validation, "delayed", lambda _: _in_place_of_work(without_room))
    table(tmp_path / "a.csv", *((text, label.strip().lower()) for text, label in ROWS))
    done = run_here("train", "-c", "a.csv", "-o", "mine")
    assert_one_clear_line(done, "temporary folder", "JOBLIB_TEMP_FOLDER")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv"]


def test_nothing_goes_on_of_work_that_was_broken_off() -> None:
    from joblib import delayed

    from leadclass.training.workers import on_all_cores

    with pytest.raises(KeyboardInterrupt), on_all_cores(delayed(abs)(-i) for i in range(9)) as done:
        assert next(done) == 0
        raise KeyboardInterrupt
    assert list(done) == []
    with on_all_cores(delayed(abs)(-i) for i in range(9)) as done:
        assert list(done) == list(range(9))


def _in_place_of_work(
    what: Callable[..., None],
) -> Callable[..., tuple[object, tuple[()], dict[str, str]]]:
    return lambda *_: (what, (), {})


@pytest.mark.parametrize("how", ["fold", "write"])
def test_an_interrupt_leaves_one_line_and_nothing_else(
    run_here: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    how: str,
) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    where = {"fold": "adapting.evaluate", "write": "train.joblib.dump"}[how]
    monkeypatch.setattr(f"leadclass.training.{where}", interrupt)
    table(tmp_path / "a.csv", *((text, label.strip().lower()) for text, label in ROWS))
    done = run_here("train", "--from", "default", "-c", "a.csv", "-o", "models/mine")
    assert done.returncode == 130
    assert done.stderr == "leadclass: interrupted; no model was written: run it again\n"
    assert [path.name for path in tmp_path.rglob("*") if path.name != "models"] == ["a.csv"]


def test_a_model_comes_back_that_was_moved_away_when_training_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from leadclass import folders

    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "old").write_text("old")
    replace, moved = os.replace, []

    def once(source: Path, target: Path) -> None:
        if len(moved) == 1:
            moved.append(source)
            raise KeyboardInterrupt
        moved.append(source)
        replace(source, target)

    monkeypatch.setattr(folders, "_swapped_at_once", lambda *_: False)
    monkeypatch.setattr(folders.os, "replace", once)
    with (
        pytest.raises(KeyboardInterrupt),
        folders.replacing_folder(tmp_path / "mine", ["old"]) as new,
    ):
        (new / "new").write_text("new")
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert (tmp_path / "mine" / "old").read_text() == "old"


@pytest.mark.skipif(sys.platform == "win32", reason="no such signals")
def test_processes_are_started_deaf_to_interrupts() -> None:
    import signal

    from joblib import delayed

    from leadclass.training.workers import on_all_cores

    before = signal.getsignal(signal.SIGINT)
    with on_all_cores(delayed(signal.getsignal)(signal.SIGINT) for _ in range(4)) as done:
        heard = list(done)
    assert signal.getsignal(signal.SIGINT) is before
    assert set(heard) <= {signal.SIG_IGN, before}
