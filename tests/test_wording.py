"""Labels in words of someone's own, or as a yes or a no for each side, in any kind of table."""

from __future__ import annotations

import csv
import json
import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import Run, assert_one_clear_line
from hypothesis import given
from hypothesis import strategies as st

from leadclass.columns import options_of, own_columns, told_columns
from leadclass.defaults import (
    CHOICE_FILE,
    CONFIG_VARIABLE,
    Check,
    Choice,
    read_choice,
    write_choice,
)
from leadclass.errors import LeadclassError
from leadclass.labelled_tables import read_labelled
from leadclass.labels import LABELS, NO, YES
from leadclass.lineage import MADE
from leadclass.training.material import read_material
from leadclass.training.settings import TrainingSettings
from leadclass.training.train import train_to
from leadclass.weights import read_weights
from leadclass.wording import Wording

SIDES = ("is_leadership", "is_management")
#: Each label, by what its row says of the two sides.
SAID = {(True, False): "leadership", (False, True): "management", (True, True): "both"}
ALL = {**SAID, (False, False): "neither"}

BOTH_WAYS = Wording(sides=SIDES)
BLANK_IS_NO = Wording(sides=SIDES, blank_is_no=True)


def as_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])


def as_excel(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    book = pytest.importorskip("openpyxl").Workbook()
    for row in [header, *rows]:
        book.active.append(row)
    book.save(path)


def as_jsonl(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    path.write_text("".join(json.dumps(dict(zip(header, row, strict=True))) + "\n" for row in rows))


def as_parquet(path: Path, header: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    columns = dict(zip(header, map(pa.array, zip(*rows, strict=True)), strict=True))
    pq.write_table(pa.table(columns), path)


WRITERS = {".csv": as_csv, ".xlsx": as_excel, ".jsonl": as_jsonl, ".parquet": as_parquet}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write rows of the sides, each with a statement, as a table of this name."""

    def written(
        rows: Sequence[Sequence[Any]], name: str = "own.csv", header: Sequence[str] = SIDES
    ) -> Path:
        path = tmp_path / name
        texts = [
            [f"Hums {path.stem} {'abc'[number % 3]}.", *row] for number, row in enumerate(rows)
        ]
        WRITERS[path.suffix](path, ("text", *header), texts)
        return path

    return written


Write = Callable[..., Path]


def labels(path: Path, wording: Wording) -> list[str]:
    return [example.label for example in read_labelled(path, wording=wording)[0]]


@pytest.mark.parametrize("suffix", list(WRITERS))
@pytest.mark.parametrize(
    ("yes", "no"), [(True, False), (1, 0), (1.0, 0.0), ("Y", "n"), ("TRUE", "FALSE"), (" x ", "-")]
)
def test_two_columns_of_yes_and_no_are_read_from_any_table(
    write: Write, suffix: str, yes: Any, no: Any
) -> None:
    path = write([[yes if side else no for side in sides] for sides in ALL], f"own{suffix}")
    assert labels(path, BOTH_WAYS) == list(ALL.values())


@pytest.mark.parametrize("suffix", list(WRITERS))
@pytest.mark.parametrize("yes", [True, 1, 1.0, "x", "✓"])
def test_a_blank_cell_is_a_no_beside_a_yes(write: Write, suffix: str, yes: Any) -> None:
    path = write([[yes if side else None for side in sides] for sides in SAID], f"own{suffix}")
    assert labels(path, BOTH_WAYS) == list(SAID.values())


@pytest.mark.parametrize("suffix", list(WRITERS))
@pytest.mark.parametrize(("row", "column"), [((None, None), 0), (("no", None), 1), ((None, 0), 0)])
def test_a_blank_cell_without_a_yes_beside_it_is_refused_unless_it_is_said_to_be_a_no(
    write: Write, suffix: str, row: tuple[Any, Any], column: int
) -> None:
    if suffix == ".parquet":  # its columns have one type
        row = tuple(None if cell is None else "no" for cell in row)  # type: ignore[assignment]
    path = write([("yes", "no"), row, ("no", "yes")], f"own{suffix}")
    with pytest.raises(LeadclassError, match=rf"row 2, column '{SIDES[column]}': is blank, and"):
        labels(path, BOTH_WAYS)
    assert labels(path, BLANK_IS_NO) == ["leadership", "neither", "management"]


def test_numbers_that_pandas_has_left_out_are_blank(write: Write) -> None:
    path = write([(1.0, float("nan")), (float("nan"), 1.0)], "own.parquet")
    assert labels(path, BOTH_WAYS) == ["leadership", "management"]


def test_a_cell_that_is_neither_yes_nor_no_is_named_with_the_words_that_are(write: Write) -> None:
    path = write([("ja", "nein"), ("nein", "Ja ")])
    with pytest.raises(LeadclassError) as refused:
        labels(path, BOTH_WAYS)
    said = str(refused.value)
    assert "own.csv, row 1, column 'is_leadership': 'ja' is neither yes nor no" in said
    assert ", ".join(YES) in said and ", ".join(NO) in said and "--yes" in said
    in_german = Wording(sides=SIDES, yes=("ja",), no=("nein",))
    assert labels(path, in_german) == ["leadership", "management"]


@pytest.mark.parametrize(
    ("suffix", "own"),
    [*((suffix, "Führung") for suffix in WRITERS), *((suffix, 1) for suffix in WRITERS)],
)
def test_words_of_ones_own_stand_for_labels(write: Write, suffix: str, own: Any) -> None:
    # The same letters written in another way, and a number beside one with a fraction.
    same, other = (" FU\u0308HRUNG", "Both ") if own != 1 else (1.0, 2.0)
    path = write([(own,), (same,), (other,)], f"own{suffix}", header=["label"])
    wording = Wording(words=(f"{own} = Leadership", "2=both"))
    assert labels(path, wording) == ["leadership", "leadership", "both"]


PIECES = st.text(alphabet="aBßüÉ✓=.1- \t", max_size=4)


@given(st.sampled_from(LABELS), PIECES, PIECES)
def test_a_word_is_known_in_any_case_and_between_blanks(label: str, one: str, other: str) -> None:
    word = f"{one}é{other}"
    found = Wording(words=(f"{word}={label}",))
    assert found.label({"c": f" {word.upper().lower()}\n"}, "c") == label
    assert found.label({"c": f"\xa0{word}"}, "c") == label
    assert all(found.label({"c": f" {known.title()}"}, "c") == known for known in LABELS)


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"words": ("L=leadership", "l =management")}, "stands for leadership already"),
        ({"words": ("Both=neither",)}, "stands for both already"),
        ({"words": ("L=lead",)}, "no word with its label.*one of leadership"),
        ({"words": ("leadership",)}, "no word with its label"),
        ({"words": (" =neither",)}, "no word with its label"),
        ({"sides": ("a",)}, "--sides names no two columns"),
        ({"sides": ("a", "a")}, "--sides names no two columns"),
        ({"sides": ("a", "b", "c")}, "--sides names no two columns"),
        ({"no": ("nein", "X")}, "'X' would say both yes and no"),
        ({"yes": ("ja", " ")}, "--yes names an empty word"),
        ({"no": ()}, "--no names an empty word"),
    ],
)
def test_a_word_of_no_meaning_or_of_two_is_refused(told: dict[str, Any], words: str) -> None:
    with pytest.raises(LeadclassError, match=words):
        Wording(**told)


def test_a_table_without_the_columns_of_yes_and_no_is_read_by_the_usual_one(write: Write) -> None:
    own = write([("x", None), (None, "x")])
    usual = write([("L",), ("neither",)], "usual.jsonl", header=["label"])
    half = write([("x",)], "half.csv", header=SIDES[:1])
    columns = own_columns(wording=Wording(("L=both",), SIDES))
    found = read_material([own], columns=columns).examples
    assert [example.label for example in found] == ["leadership", "management"]
    found = read_material([usual], columns=columns).examples
    assert [example.label for example in found] == ["both", "neither"]
    with pytest.raises(LeadclassError, match=r"half.csv, column 'is_man.*no such column.*--sides"):
        read_material([own, half], columns=columns)


@pytest.mark.parametrize("wording", [Wording(), Wording(("L=both",)), BOTH_WAYS, BLANK_IS_NO])
def test_wordings_are_kept_with_columns_and_with_checks(
    wording: Wording, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = own_columns(wording=wording)
    kept = told_columns(columns)
    assert (kept is None) == (wording == Wording())
    assert own_columns(**json.loads(json.dumps(kept or {}))) == columns
    assert Wording.told(asdict(wording)) == wording
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path))
    choice = Choice(check=Check("t.csv", wording=wording))
    write_choice(choice)
    assert read_choice() == choice


#: A table of someone's own: its columns and words, and as they are told.
HEADER = ("Satz", "Führung, ja?", "Management")
GERMAN = ("-t", "Satz", "--sides", '"Führung, ja?",Management', "--yes", "ja", "--no", "nein")


def write_german(path: Path, n_each: int) -> None:
    rows = (("Lamps learner", "ja", ""), ("Trims gang", "", "ja"), ("Hums tune", "", ""))
    numbers = "abcdefghijklm"[:n_each]
    as_csv(path, HEADER, [(f"{row[0]} {number}.", *row[1:]) for number in numbers for row in rows])


def test_train_reads_words_and_refuses_rows_that_may_have_no_label(
    run_here: Run, tmp_path: Path
) -> None:
    write_german(tmp_path / "own.csv", 1)
    train = ("train", "-c", "own.csv", *GERMAN)
    assert_one_clear_line(run_here(*train), "own.csv, row 3", "--blank-is-no")
    assert_one_clear_line(run_here(*train, "--blank-is-no"), "1 statement", "are needed")


def test_what_to_type_next_repeats_how_a_table_is_read(run_here: Run, tmp_path: Path) -> None:
    header = HEADER[:2]
    as_csv(tmp_path / "one.csv", header, [("Trims.", "L")])
    as_csv(tmp_path / "other.csv", header, [("Trims!", "M")])
    as_csv(tmp_path / "both.csv", header, [("Trims.", "L"), ("Trims!", "M")])
    said = ("-t", header[0], "-l", header[1], "--word", "L=leadership", "--word", "M=management")
    columns = own_columns(*header, traits=False, wording=Wording(said[5::2]))
    assert options_of(columns) == [*said, "--no-traits"]
    both_ways = own_columns(wording=Wording(sides=HEADER[1:], yes=("ja",), blank_is_no=True))
    assert options_of(both_ways) == ["--sides", GERMAN[3], "--yes", "ja", "--blank-is-no"]
    assert options_of(None) == options_of(own_columns()) == []
    for tables, code in ((["-c", "both.csv"], 1), (["-c", "one.csv", "-c", "other.csv"], 0)):
        told = run_here("train", *tables, *said).stderr
        command = re.search(r"'leadclass (corpus .*)' (?:names|shows)", told.replace("\n", " "))
        assert command, told
        done = run_here(*shlex.split(command[1]))
        assert done.returncode == code and "Trims" in done.stdout, done


def test_checking_counting_and_comparing_read_ones_own_words(run_here: Run, tmp_path: Path) -> None:
    header = ("Nr", *HEADER)
    rows = [
        ("1", "Lamps.", "ja", "nein"),
        ("1", "Hums.", "nein", ""),
        ("2", "Lamps!", "nein", "ja"),
    ]
    as_csv(tmp_path / "own.csv", header, rows)
    done = run_here("corpus", "check", "own.csv", *GERMAN)
    assert done.returncode == 1
    assert "own.csv, row 2: invalid: column 'Management': is blank" in done.stdout
    assert "own.csv, row 3: conflict: labelled management, but row 1" in done.stdout
    done = run_here("corpus", "stats", "own.csv", *GERMAN, "--blank-is-no", "-f", "json")
    counts = json.loads(done.stdout)["counts"]
    assert counts["label"] == {"leadership": 1, "management": 1, "neither": 1}
    assert "Satz" not in counts and counts["Nr"] == {"1": 2, "2": 1}
    # What else is called so is no text.
    as_csv(tmp_path / "own.csv", (*header, "text"), [(*row, "note") for row in rows[:2]])
    usual = [("hums", "management"), ("LAMPS", "leadership"), ("More.", "both")]
    as_csv(tmp_path / "usual.csv", ("text", "label"), usual)
    done = run_here(
        "corpus", "agreement", "own.csv", "usual.csv", *GERMAN, "--blank-is-no", "-o", "differ.csv"
    )
    assert done.returncode == 0, done.stderr
    assert "50.0%" in done.stdout
    assert "Hums.,own.csv,2,neither,usual.csv,1,management" in (tmp_path / "differ.csv").read_text()


@pytest.mark.parametrize(
    "wording", [5, [], {"words": 5}, {"words": ["L=lead"]}, {"sides": [1, 2]}, {"yes": [1]}]
)
def test_a_damaged_wording_of_a_check_is_told(
    wording: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path))
    page = {"folder": None, "digest": None, "check": {"table": "t.csv", "texts": []}}
    page["check"]["wording"] = wording  # type: ignore[index]
    (tmp_path / CHOICE_FILE).write_text(json.dumps(page))
    with pytest.raises(LeadclassError, match="damaged"):
        read_choice()


def test_a_model_of_ones_own_words_is_checked_and_made_anew(
    run_here: Run, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "settings"))
    write_german(tmp_path / "own.csv", 4)
    write([("M",), ("Neither",)], "usual.csv", header=["label"])
    tables = [tmp_path / "own.csv", tmp_path / "usual.csv"]
    # Words with characters that no model may have are told too, and do no harm.
    words = ("M=management", "\x1bM=both", "\udcff=both")
    wording = Wording(words, HEADER[1:], ("ja",), ("nein",), blank_is_no=True)
    train_to(
        tmp_path / "mine",
        tables,
        columns=own_columns("Satz", wording=wording),
        settings=TrainingSettings(folds=2),
    )
    about = read_weights(tmp_path / "mine").about
    assert [list(file["labels"].values()) for file in about["data"]] == [[4, 4, 0, 4], [0, 1, 0, 1]]
    assert about[MADE]["columns"]["wording"]["words"][0] == "M=management"
    done = run_here("verify", "mine", "-c", tables[0], "-c", tables[1])
    assert done.returncode == 0, done.stdout + done.stderr
    write([(1, 0), (0, 1)], "check.xlsx")
    check = ("--check", "check.xlsx", "--sides", ",".join(SIDES))
    assert run_here("use", "mine", *check, "--anyway").returncode == 0
    assert read_choice().check == Check(str(tmp_path / "check.xlsx"), wording=BOTH_WAYS)
    assert "On 2 statements" in run_here("use", "mine").stdout  # by the check that is remembered


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--sides", "a,b", "-l", "c"), ["--sides and --label"]),
        (("--yes", "ja"), ["are for --sides"]),
        (("--blank-is-no",), ["are for --sides"]),
        (("--word", "L=lead"), ["'L=lead'", "WORD=LABEL"]),
        (("--sides", '"a,b'), ["quotes"]),
        (("--sides", "a,b"), ["own.csv", "'a'", "no such column", "--sides"]),
        ((), ["own.csv", "row 1", "unknown label 'Führung'", "--word"]),
    ],
)
def test_what_does_not_fit_is_one_line(
    run_here: Run, write: Write, options: Sequence[str], words: Sequence[str]
) -> None:
    write([("Führung",)], header=["label"])
    assert_one_clear_line(run_here("evaluate", "own.csv", *options), *words)


def test_two_models_are_compared_on_a_table_of_yes_and_no(run_here: Run, write: Write) -> None:
    write([(True, False), (False, True)], "own.xlsx")
    compare = ("compare", "default", "default", "own.xlsx", "-f", "json")
    done = run_here(*compare, "--sides", ",".join(SIDES))
    assert json.loads(done.stdout)["n"] == 2, done.stderr
