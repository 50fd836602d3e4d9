import csv
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import Run, assert_one_clear_line

from leadclass.corpus import Corpus
from leadclass.curation.agreement import agreement
from leadclass.curation.check import check
from leadclass.curation.findings import Finding
from leadclass.curation.label_errors import confident_margins
from leadclass.curation.near_duplicates import near_duplicates
from leadclass.curation.shared_words import SharedWords
from leadclass.curation.statistics import statistics
from leadclass.errors import LeadclassError
from leadclass.labelled_tables import read_all_rows

HEADER = ("id", "text", "label", "traits", "pair")


def table(folder: Path, name: str, *rows: Sequence[str], header: Sequence[str] = HEADER) -> Path:
    path = folder / name
    with path.open("w", newline="") as lines:
        csv.writer(lines).writerows([header, *rows])
    return path


@pytest.fixture
def clean(corpus: Corpus, tmp_path: Path) -> Path:
    """Rows of the corpus with nothing wrong in them."""
    rows = [
        (f"c{i}", e.text, e.label, ";".join(e.traits), "")
        for i, e in enumerate(corpus.examples[::30])
        if not e.pair
    ]
    return table(tmp_path, "clean.csv", *rows)


def found(findings: Sequence[Finding], sort: str) -> list[tuple[str, int]]:
    return [(Path(f.file).name, f.row) for f in findings if f.sort == sort]


PLANTED = [
    ("invalid", ("x1", "Waters the hanging baskets.", "nothing", "", "")),
    ("invalid", ("x1", "  ", "neither", "", "")),
    ("invalid", ("", "Waters the hanging baskets.", "neither", "", "")),
    ("traits", ("x1", "Waters the hanging baskets.", "neither", "vision", "")),
    ("traits", ("x1", "Gives the gardeners heart.", "leadership", "", "")),
    ("traits", ("x1", "Gives them heart.", "leadership", "vision;empathy;influence", "")),
    ("pair", ("x1", "Gives the gardeners heart.", "leadership", "influence", "lonely")),
]


@pytest.mark.parametrize(("sort", "row"), PLANTED)
def test_a_planted_error_is_found_in_its_row(
    clean: Path, tmp_path: Path, sort: str, row: Sequence[str]
) -> None:
    good = ("x0", "Prunes the roses along the drive.", "management", "organisation", "")
    planted = table(tmp_path, "planted.csv", good, row)
    n_rows, findings = check([clean, planted], likely_errors=0)
    assert [(f.sort, Path(f.file).name, f.row) for f in findings] == [(sort, "planted.csv", 2)]
    assert findings[0].severity == "error"
    assert n_rows == len(clean.read_text().splitlines()) - 1 + 2


@pytest.mark.parametrize(
    ("sort", "text", "label"),
    [
        ("duplicate", "keeps the KILN log, and the glaze stock up to date", "management"),
        ("near-duplicate", "Keeps the kiln logs and the glaze stock up to date.", "management"),
        ("conflict", "Keeps the kiln logs and the glaze stock up to date.", "neither"),
    ],
)
def test_repetitions_are_found_across_files(
    clean: Path, tmp_path: Path, sort: str, text: str, label: str
) -> None:
    one = table(
        tmp_path,
        "one.csv",
        ("a", "Keeps the kiln log and the glaze stock up to date.", "management", "", ""),
    )
    other = table(tmp_path, "other.csv", ("b", text, label, "", ""))
    _, findings = check([clean, one, other], likely_errors=0)
    assert [(f.sort, Path(f.file).name, f.row) for f in findings] == [(sort, "other.csv", 1)]
    assert "row 1 of" in findings[0].message and "one.csv" in findings[0].message


def test_the_two_of_a_pair_may_be_alike_but_have_two_labels(tmp_path: Path) -> None:
    first = ("a", "Leads the evening choir of porters.", "leadership", "", "p")
    second = ("b", "Leads the evening choir of orders.", "management", "", "p")
    assert check([table(tmp_path, "good.csv", first, second)], likely_errors=0)[1] == []
    same = ("b", "Leads the evening choir of hauliers.", "leadership", "", "p")
    _, findings = check([table(tmp_path, "bad.csv", first, same)], likely_errors=0)
    assert found(findings, "pair") == [("bad.csv", 2)]


def test_a_pair_does_not_hide_equal_words(tmp_path: Path) -> None:
    rows = [("a", "Sorts the post.", "neither", "", "p"), ("b", "Sorts the post", "both", "", "p")]
    _, findings = check([table(tmp_path, "pair.csv", *rows)], likely_errors=0)
    assert found(findings, "conflict") == [("pair.csv", 2)]


def test_an_id_of_another_file_is_found_and_a_file_is_read_once(tmp_path: Path) -> None:
    one = table(tmp_path, "one.csv", ("a", "Waters the plants.", "neither", "", ""))
    other = table(tmp_path, "other.csv", ("a", "Feeds the pigs at noon.", "neither", "", ""))
    n_rows, findings = check([one, other, one], likely_errors=0)
    assert n_rows == 2
    assert found(findings, "invalid") == [("other.csv", 1)]


def test_overlap_with_a_table_is_found(clean: Path, tmp_path: Path) -> None:
    planted = table(
        tmp_path,
        "planted.csv",
        ("a", "Empties the bins behind the market every dawn.", "neither", "", ""),
        ("b", "Sings while the bins behind the market are full.", "neither", "", ""),
    )
    kept_apart = table(
        tmp_path, "gold.csv", ("Empties the bins behind the market at dawn.",), header=("text",)
    )
    _, findings = check([clean, planted], against=[kept_apart], likely_errors=0)
    assert found(findings, "overlap") == [("planted.csv", 1)]
    assert "row 1 of" in findings[0].message
    _, findings = check([clean, planted], against=[kept_apart], shared_words=5, likely_errors=0)
    assert found(findings, "overlap") == [("planted.csv", 1), ("planted.csv", 2)]
    assert "'the bins behind the market'" in findings[1].message


def test_a_wrong_label_is_among_the_likeliest_errors(corpus: Corpus, tmp_path: Path) -> None:
    rows = [(e.text, e.label) for e in corpus.examples[::8]]
    wrong = [
        ("Inspires her team with a clear vision of the future.", "neither"),
        ("Prepares the budget and plans the weekly schedule.", "neither"),
    ]
    path = table(tmp_path, "rows.csv", *rows, *wrong, header=("text", "label"))
    _, findings = check([path], likely_errors=20)
    likely = found(findings, "likely-error")
    assert len(likely) == 20
    assert ("rows.csv", len(rows) + 1) in likely and ("rows.csv", len(rows) + 2) in likely
    budget = next(f for f in findings if f.sort == "likely-error" and f.row == len(rows) + 2)
    assert "'budget'" in budget.message and budget.severity == "warning"


def test_confidence_asks_as_much_as_the_other_answer_usually_has() -> None:
    shown = np.array([True, True, False, False, False])
    probabilities = np.array([0.9, 0.1, 0.6, 0.1, 0.2])
    margins = confident_margins(shown, probabilities)
    np.testing.assert_allclose(margins, [0, 0.8, 0.2, 0, 0])


def test_every_pair_alike_is_found_as_by_comparing_all(corpus: Corpus) -> None:
    from rapidfuzz.fuzz import ratio

    texts = [text.lower() for text in corpus.texts[::25]] + ["", ""]
    texts += [text[:-1] for text in texts[::7]]
    others = [text[1:] for text in texts[::5]] + ["", "x"]
    expected = {
        (i, j)
        for i, one in enumerate(texts)
        for j, other in enumerate(texts)
        if i < j and one and ratio(one, other) >= 90
    }
    assert {(i, j) for i, j, _ in near_duplicates(texts)} == expected
    expected = {
        (i, j)
        for i, one in enumerate(texts)
        for j, other in enumerate(others)
        if one and other and ratio(one, other) >= 90
    }
    assert {(i, j) for i, j, _ in near_duplicates(texts, others)} == expected


def test_shared_words_are_runs_of_whole_words() -> None:
    runs = SharedWords(["a b c", "b c d e"], 3)
    assert runs.first("x b c d") == ("b c d", 1)
    assert runs.first("x b c dd") is None
    assert runs.first("b c") is None


def test_statistics_count_every_column(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "mine.csv",
        ("a", "Plans the rota.", "management", "organisation;time_management", "zoo"),
        ("b", "Plans and leads.", "both", "organisation;vision", ""),
        header=("id", "text", "label", "traits", "sector"),
    )
    figures = statistics(read_all_rows([path]))
    assert figures.counts["label"] == {"both": 1, "management": 1}
    assert figures.counts["traits"] == {"organisation": 2, "time_management": 1, "vision": 1}
    assert figures.counts["sector"] == {"": 1, "zoo": 1}
    assert "id" not in figures.counts and "text" not in figures.counts
    assert (figures.n_words, figures.vocabulary) == (6, 5)
    assert [(s.n_entries, s.n_words, s.n_new) for s in figures.growth] == [(2, 5, 5)]
    assert figures.lengths["all"].mean == 3


def test_agreement_leaves_out_chance(tmp_path: Path) -> None:
    labels = "management management neither neither leadership both".split()
    second = "management neither neither neither leadership leadership".split()
    header = ("id", "label", "kind")
    one = table(tmp_path, "a.csv", *((f"{i}", x, "k") for i, x in enumerate(labels)), header=header)
    rows = [(f"{i}", x, "k") for i, x in enumerate(second)][::-1]
    other = table(tmp_path, "b.csv", *rows, ("99", "both", "k"), header=header)
    report = agreement(one, other)
    assert (report.key, report.overall.n, report.n_only_second) == ("id", 6, 1)
    assert report.overall.share == pytest.approx(4 / 6, abs=1e-4)
    chance = (2 * 1 + 2 * 3 + 1 * 2) / 36
    assert report.overall.kappa == pytest.approx((4 / 6 - chance) / (1 - chance), abs=1e-4)
    assert report.sides["leadership"].share == 1 and report.sides["leadership"].n_first == 2
    assert report.confusion["management"]["neither"] == 1
    assert [(d.key, d.first, d.second) for d in report.differences] == [
        ("1", "management", "neither"),
        ("5", "both", "leadership"),
    ]
    assert list(report.slices) == ["kind"]


def test_readings_of_other_texts_are_not_compared(tmp_path: Path) -> None:
    header = ("id", "text", "label")
    one = table(tmp_path, "a.csv", ("1", "Hums.", "neither"), header=header)
    other = table(tmp_path, "b.csv", ("1", "Sings.", "neither"), header=header)
    with pytest.raises(LeadclassError, match=r"b\.csv, row 1.*another text"):
        agreement(one, other)


def test_check_on_the_command_line_ends_with_1_for_errors(run: Run, tmp_path: Path) -> None:
    table(tmp_path, "bad.csv", ("a", "Hums.", "none", "", ""), ("b", "Hums.", "neither", "", ""))
    done = run("corpus", "check", "bad.csv")
    assert done.returncode == 1
    assert done.stdout.startswith("bad.csv, row 1: invalid: column 'label': unknown label 'none'")
    assert "2 rows, 1 error, 0 warnings" in done.stderr
    done = run("corpus", "check", "bad.csv", "-f", "jsonl")
    assert json.loads(done.stdout)["row"] == 1
    table(tmp_path, "good.csv", ("b", "Hums.", "neither", "", ""))
    done = run("corpus", "check", "good.csv")
    assert (done.returncode, done.stdout) == (0, "")


def test_agreement_on_the_command_line_writes_the_rows_that_differ(
    run: Run, tmp_path: Path
) -> None:
    header = ("text", "label")
    table(tmp_path, "a.csv", ("Hums.", "neither"), ("Plans.", "management"), header=header)
    table(tmp_path, "b.csv", ("Hums.", "neither"), ("Plans.", "both"), header=header)
    for target in ("differ.csv", "differ.jsonl", "differ.parquet"):
        done = run("corpus", "agreement", "a.csv", "b.csv", "-o", target)
        assert done.returncode == 0, done.stderr
        assert "50.0%" in done.stdout and "a.csv, row 2" in done.stdout
        assert (tmp_path / target).stat().st_size
    assert "Plans.,Plans.,a.csv,2,management,b.csv,2,both" in (tmp_path / "differ.csv").read_text()
    none_shown = ("corpus", "agreement", "a.csv", "b.csv", "--differences", "0")
    assert "row 2" not in run(*none_shown).stdout
    assert "--output" in run(*none_shown).stdout
    assert "--output" not in run(*none_shown, "-o", "differ.jsonl").stdout


def test_stats_on_the_command_line_draw_a_plot(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    table(tmp_path, "a.csv", ("Hums.", "neither"), header=("text", "label"))
    for target in ("plot.png", "plot.svg"):
        done = run("corpus", "stats", "a.csv", "--plot", target)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / target).stat().st_size > 1000
    assert "different words" in done.stdout
    assert_one_clear_line(run("corpus", "stats", "a.csv", "--plot", "plot.doc"), "plot.doc", ".png")


def test_bad_calls_end_with_one_clear_line(run: Run, tmp_path: Path) -> None:
    assert_one_clear_line(run("corpus", "check"), "no folder corpus")
    assert_one_clear_line(run("corpus", "check", "none.csv"), "none.csv")
    assert_one_clear_line(run("corpus", "check", "none.csv", "--shared-words", "5"), "--against")
    table(tmp_path, "a.csv", ("Hums.", "neither"), header=("text", "label"))
    table(tmp_path, "b.csv", ("Sings.", "neither"), header=("text", "label"))
    assert_one_clear_line(run("corpus", "agreement", "a.csv", "b.csv"), "no row", "text")
    assert_one_clear_line(run("corpus", "check", "a.csv", "--similarity", "nan"), "0.5 to 1")
    assert_one_clear_line(
        run("corpus", "agreement", "a.csv", "a.csv", "-o", "a.csv"), "a.csv", "overwrite"
    )
    table(tmp_path, "empty.csv", header=("text", "label"))
    for command in (["check", "empty.csv"], ["stats", "empty.csv"]):
        assert_one_clear_line(run("corpus", *command), "no rows", "empty.csv")
    assert_one_clear_line(run("corpus", "agreement", "a.csv", "empty.csv"), "empty.csv", "no rows")
    assert_one_clear_line(
        run("corpus", "agreement", "a.csv", "a.csv", "--by", "mood"), "'mood'", "--by"
    )
