import csv
import hashlib
import io
import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import EXAMPLES, QUARTET, ROOT, Run, assert_one_clear_line

from leadclass.cli.main import COMMANDS
from leadclass.labels import COLUMNS

POSTING = EXAMPLES / "postings" / "ward-manager.txt"


def test_score_labels_arguments_and_lines(run: Run) -> None:
    by_argument = run("score", *QUARTET)
    rows = [json.loads(line) for line in by_argument.stdout.splitlines()]
    assert [row["label"] for row in rows] == list(QUARTET.values())
    assert list(rows[0]) == ["text", *COLUMNS]
    assert run("score", stdin="\n".join(QUARTET)).stdout == by_argument.stdout


def test_score_gives_csv_and_a_table(run: Run) -> None:
    done = run("score", "-f", "csv", *QUARTET)
    assert [row["label"] for row in csv.DictReader(io.StringIO(done.stdout))] == list(
        QUARTET.values()
    )
    table = run("score", "-f", "table", *QUARTET).stdout
    assert all(label in table for label in QUARTET.values())


def test_blank_lines_keep_their_place(run: Run) -> None:
    rows = [
        json.loads(line) for line in run("score", stdin="Plans.\n\nLeads.\n").stdout.splitlines()
    ]
    assert [row["text"] for row in rows] == ["Plans.", "", "Leads."]
    assert rows[1] == {"text": "", **dict(zip(COLUMNS, ("neither", None, None, ""), strict=True))}


def test_analyze_shows_a_posting_in_eighty_columns_without_colour(run: Run) -> None:
    shown = run("analyze", POSTING).stdout
    assert max(map(len, shown.splitlines())) <= 80
    assert "\x1b" not in shown
    for words in (
        "Speaks more of management",
        "leadership",
        "organisation",
        "deciding about a person",
    ):
        assert words in shown


def test_texts_cannot_steer_a_terminal(run: Run) -> None:
    text = "Plans \x1b[31mred\x1b]0;title\x07 rotas."
    for command in (["analyze"], ["score", "-f", "table"]):
        assert not set(run(*command, stdin=text).stdout) & {"\x1b", "\x07"}
    assert "\x1b" not in run("explain", text).stdout


def test_analyze_compares_several_documents(run: Run) -> None:
    shown = run("analyze", EXAMPLES / "postings").stdout
    assert "balance" in shown
    for path in (EXAMPLES / "postings").iterdir():
        assert path.name in shown.replace("\n", "")


def test_analyze_reads_standard_input(run: Run) -> None:
    text = "Coaches new nurses. Keeps the ward budget."
    page = json.loads(run("analyze", "-f", "jsonl", "-", stdin=text).stdout)
    assert [s["label"] for s in page["statements"]] == ["leadership", "management"]
    assert page["balance"] == 0
    assert all(text[s["start"] : s["end"]] == s["text"] for s in page["statements"])
    assert run("analyze", "-f", "jsonl", stdin=text).stdout == json.dumps(page) + "\n"


def test_analyze_gives_a_csv_row_a_statement(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("analyze", "-f", "csv", POSTING).stdout)))
    assert len(rows) > 20
    assert {row["document"] for row in rows} == {str(POSTING)}


def test_a_text_without_either_has_no_balance(run: Run) -> None:
    page = json.loads(run("analyze", "-f", "jsonl", stdin="We offer free parking.").stdout)
    assert page["balance"] is None
    assert len(page["missing_traits"]) == 8


def test_explain_names_the_words(run: Run) -> None:
    shown = run("explain", "Coaches her team and keeps the release on schedule.").stdout
    assert "coaches" in shown and "schedule" in shown
    page = json.loads(run("explain", "-f", "json", "Coaches her team.").stdout)
    assert page["label"] == "leadership"
    assert {"term", "position", "leadership", "management"} <= set(page["terms"][0])


def test_tag_writes_to_standard_output(run: Run) -> None:
    done = run("tag", EXAMPLES / "reviews.csv", "-t", "comment", "-o", "-")
    with (EXAMPLES / "reviews.csv").open(newline="") as file:
        own = list(csv.DictReader(file))
    tagged = list(csv.DictReader(io.StringIO(done.stdout, newline="")))
    assert len(own) == len(tagged) == 60
    assert [{name: row[name] for name in own[0]} for row in tagged] == own


def test_tag_says_which_columns_it_had_to_rename(run: Run, tmp_path: Path) -> None:
    done = run("tag", EXAMPLES / "labelled.csv", "-t", "text", "-o", "out.csv")
    assert done.returncode == 0
    assert "leadclass_label" in done.stderr and "leadclass_traits" in done.stderr


def test_evaluate_gives_figures_a_side_and_a_kind(run: Run) -> None:
    page = json.loads(run("evaluate", EXAMPLES / "labelled.csv", "-f", "json").stdout)
    assert page["overall"]["n"] == 40
    assert set(page["slices"]["kind"]) == {"posting", "review"}
    f1 = page["overall"]["sides"]["leadership"]["f1"]
    assert f1["low"] <= f1["value"] <= f1["high"]
    shown = run("evaluate", EXAMPLES / "labelled.csv").stdout
    assert "precision" in shown and "posting" in shown


def test_evaluate_slices_by_any_column(run: Run) -> None:
    done = run("evaluate", EXAMPLES / "labelled.csv", "-f", "json", "--by", "label")
    assert set(json.loads(done.stdout)["slices"]["label"]) == set(QUARTET.values())


def test_evaluate_refuses_bad_labels_and_tables_without_rows(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("text,label\nPlans.,manager\n")
    assert_one_clear_line(run("evaluate", "bad.csv"), "bad.csv", "row 1", "'manager'")
    (tmp_path / "none.csv").write_text("text,label\n")
    assert_one_clear_line(run("evaluate", "none.csv"), "none.csv", "no rows")


def test_evaluate_looks_up_stand_off_labels(run: Run, tmp_path: Path) -> None:
    text = "Plans the rota."
    (tmp_path / "texts.csv").write_text(f"text\n{text}\n")
    (tmp_path / "labels.csv").write_text(
        f"text_sha256,label\n{hashlib.sha256(text.encode()).hexdigest()},management\n"
    )
    done = run("evaluate", "labels.csv", "--texts", "texts.csv", "-f", "json")
    assert json.loads(done.stdout)["overall"]["labels"]["management"]["n_shown"] == 1
    assert_one_clear_line(run("evaluate", "labels.csv"), "labels.csv", "--texts")


def test_evaluate_leaves_foreign_columns_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "own.csv").write_text(
        "id,text,label,traits,form,split\n1,Plans the rota.,management,punctual,A4,\n"
        "1,Listens to people.,leadership,kind,,x\n"
    )
    assert_one_clear_line(run("evaluate", "own.csv"), "own.csv", "row 1", "'punctual'")
    done = run("evaluate", "own.csv", "--no-traits", "-f", "json")
    assert json.loads(done.stdout)["overall"]["n"] == 2


def test_info_shows_the_card(run: Run) -> None:
    card = (ROOT / "models" / "default" / "CARD.md").read_text()
    assert run("info").stdout.endswith(f"\n\n{card}")
    assert "cross_validation" in json.loads(run("info", "-f", "json").stdout)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["analyze", "nowhere.txt"], ["nowhere.txt", "no such file"]),
        (["score", "--model", "nowhere", "x"], ["nowhere", "no such model folder"]),
        (["tag"], ["TABLE", "tag --help"]),
        (["tag", "in.csv", "-o", "out.csv"], ["--text"]),
        (["frobnicate"], ["frobnicate"]),
        (["score", "-f", "xml", "x"], ["xml"]),
    ],
)
def test_bad_calls_end_with_one_line(run: Run, arguments: list[str], words: list[str]) -> None:
    assert_one_clear_line(run(*arguments), *words)


def test_every_command_explains_itself(run: Run) -> None:
    assert run().stdout == run("--help").stdout
    for name in COMMANDS:
        shown = run(name, "--help").stdout
        assert shown.startswith("Usage: leadclass " + name)
        assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize("command", ["score", "tag lines.csv -t c -o -"])
def test_a_closed_pipe_is_no_error(tmp_path: Path, command: str) -> None:
    lines = "c\n" + "Plans the rota.\n" * 50_000
    (tmp_path / "lines.csv").write_text(lines)
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m leadclass {command} | head -1"],
        input=lines,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", ["score Plans.", "tag in.csv -t c -o -", "info"])
def test_a_full_disk_is_one_line(tmp_path: Path, command: str) -> None:
    (tmp_path / "in.csv").write_text("c\nPlans.\n")
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "leadclass", *command.split()],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            cwd=tmp_path,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1 and "standard output" in done.stderr


def test_a_stopped_run_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("c\n" + "Plans the rota.\n" * 400_000)
    command = [sys.executable, "-m", "leadclass", "tag", "in.csv", "-t", "c", "-o", "out.csv"]
    with subprocess.Popen(command, cwd=tmp_path) as running:
        while len(list(tmp_path.iterdir())) < 2 and running.poll() is None:
            time.sleep(0.01)
        running.send_signal(signal.SIGTERM)
    assert running.returncode == 143
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]


def test_lines_of_other_encodings_are_told_and_read(run: Run) -> None:
    command = [sys.executable, "-m", "leadclass", "score"]
    line = "Führt das Team.\n".encode("cp1252")
    done = subprocess.run(command, input=line, capture_output=True, check=False)
    assert done.returncode == 2 and b"--encoding cp1252" in done.stderr
    done = subprocess.run([*command, "--encoding", "cp1252"], input=line, capture_output=True)
    assert json.loads(done.stdout)["text"] == "Führt das Team."


def loaded_by(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "leadclass", *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    names = (line.rsplit("|", 1)[-1].strip() for line in done.stderr.splitlines())
    return {name.split(".")[0] for name in names}


def test_scoring_loads_no_heavy_library() -> None:
    assert not loaded_by("score", "Plans.") & {
        "sklearn",
        "scipy",
        "pandas",
        "nltk",
        "joblib",
        "rich",
        "pypdfium2",
    }
    assert not loaded_by("analyze", str(POSTING)) & {
        "sklearn",
        "scipy",
        "pandas",
        "nltk",
        "joblib",
        "pypdfium2",
    }


def test_help_loads_neither_numpy_nor_arrow() -> None:
    assert not loaded_by("--help") & {"numpy", "pyarrow", "rich", "Stemmer"}
