"""A model may come from anyone: its folder is checked whole, and nothing in it is ever run."""

import hashlib
import io
import json
import os
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path

import joblib
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLES, ROOT, Run, assert_one_clear_line

import leadclass
from leadclass import model_table
from leadclass.defaults import CONFIG_VARIABLE, shipped_model
from leadclass.errors import LeadclassError
from leadclass.labels import OUTPUTS
from leadclass.model import load
from leadclass.parquet import pages
from leadclass.weights import JSON_FILE, WEIGHTS_FILE

#: Terms of each kind that the model of these tests has.
TERMS = 8


@pytest.fixture(scope="module")
def few_terms() -> tuple[dict, pa.Table]:
    """The shipped model's description, and its table with hardly a term."""
    table = pq.read_table(shipped_model() / WEIGHTS_FILE)
    kinds = np.array(table["kind"].to_pylist())
    rows = np.concatenate([np.flatnonzero(kinds == kind)[:TERMS] for kind in np.unique(kinds)])
    page = json.loads((shipped_model() / JSON_FILE).read_text(encoding="utf-8"))
    return page, table.take(np.sort(rows))


@pytest.fixture
def folder(few_terms: tuple[dict, pa.Table], tmp_path: Path) -> Path:
    page, table = few_terms
    (tmp_path / "theirs").mkdir()
    write_page(tmp_path / "theirs", page)
    write_table(tmp_path / "theirs", table)
    shutil.copy(EXAMPLES / "labelled.csv", tmp_path / "theirs" / "labels.csv")
    return tmp_path / "theirs"


def page_of(folder: Path) -> dict:
    return json.loads((folder / JSON_FILE).read_text(encoding="utf-8"))


def write_page(folder: Path, page: dict) -> None:
    (folder / JSON_FILE).write_text(json.dumps(page), encoding="utf-8")


def write_table(folder: Path, table: pa.Table, **options: object) -> None:
    """Write a table, and its digest and length where the description has them."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, **options)
    write_bytes(folder, buffer.getvalue(), len(table))


def write_bytes(folder: Path, content: bytes, n_terms: int) -> None:
    (folder / WEIGHTS_FILE).write_bytes(content)
    page = page_of(folder)
    page["weights"] = {"terms": n_terms, "sha256": hashlib.sha256(content).hexdigest()}
    write_page(folder, page)


def put(place: str, value: object) -> Callable[[dict], None]:
    """A change of a description: the value at a place such as ``outputs.vision.threshold``."""

    def change(page: dict) -> None:
        *path, last = place.split(".")
        for name in path:
            page = page[int(name) if isinstance(page, list) else name]
        if value is MISSING:
            del page[last]
        else:
            page[int(last) if isinstance(page, list) else last] = value  # type: ignore[index]

    return change


MISSING = object()


@pytest.mark.parametrize(
    ("place", "value", "words"),
    [
        ("format_version", True, "no format version"),
        ("format_version", 2, "newer"),
        ("weights", [], "weights is no object"),
        ("weights.sha256", "x", "weights.sha256 is no SHA-256"),
        ("weights.sha256", "0" * 64, "digest differs"),
        ("weights.terms", "24", "weights.terms is no whole number"),
        ("weights.terms", 25, "24 terms where model.json says 25"),
        ("settings.windows", {"4": 8}, "settings.windows is no list"),
        ("settings.windows", [4, 0], r"settings.windows\[1\] is no whole number from 1 to 1000"),
        ("settings.windows", [1] * 16, "settings.windows is longer"),
        ("settings.windows", [4], "outputs.leadership.calibration is no list of 5 numbers"),
        ("settings.subword_min", 6, "settings.subword_max is less"),
        ("settings.subword_min", 2.5, "settings.subword_min is no whole number"),
        ("settings.stemmer", "none", "settings.stemmer is not known"),
        ("settings.subword_weight", MISSING, "settings.subword_weight is missing"),
        ("outputs.leading", {}, "outputs.leading is not known"),
        ("outputs.vision", MISSING, "outputs.vision is missing"),
        ("outputs.vision.threshold", 1.5, "outputs.vision.threshold is no number"),
        ("outputs.vision.threshold", 0, "outputs.vision.threshold is no number"),
        ("outputs.vision.threshold", "0.5", "outputs.vision.threshold is no number"),
        ("outputs.vision.intercept", True, "outputs.vision.intercept is no number"),
        ("outputs.vision.intercept", 10**400, "outputs.vision.intercept is no number"),
        ("outputs.vision.calibration", [0.1] * 6, "outputs.vision.calibration is no list of 7"),
        ("outputs.vision.calibration.3", 1e7, r"outputs.vision.calibration\[3\] is no number"),
        ("outputs.vision.calibration.3", None, r"outputs.vision.calibration\[3\] is no number"),
        ("data", 5, "data is no list"),
        ("data.0.labels.both", -1, r"data\[0\].labels.both is no whole number"),
        ("made.command", ["rm"], "made.command is no text"),
        ("made.command", "x" * 100_001, "made.command is too long a text"),
        ("made.columns", {"encoding": "x"}, "made.columns.encoding is not known"),
        ("made.columns", {"traits": 1}, "made.columns.traits is neither true nor false"),
        ("made.columns", {"wording": {"sides": "ab"}}, "made.columns.wording.sides is no list"),
        ("training.folds", 10**9, "training.folds is no whole number from 2 to 100"),
        ("cross_validation.overall.n", None, "cross_validation.overall.n is no whole"),
        ("operating_points.leadership", None, "operating_points.leadership is no list"),
        ("behaviour.0.failures.0", {}, r"behaviour\[0\].failures\[0\] is no text"),
        ("learnt_text.review.words", 0.5, "learnt_text.review.words is no whole number"),
        ("versions", {"python": 3}, "versions.python is no text"),
        ("parent", {"name": "x", "sha256": "../../x", "files": 0}, "parent.sha256 is no SHA-256"),
        ("notes", "\x1b[2Jall is well", "characters that no text has"),
        ("notes", "\x9b2J", "characters that no text has"),
        ("notes", "half \ud800", "characters that no text has"),
        ("notes", float("nan"), "a number is not finite"),
        ("notes", float("inf"), "a number is not finite"),
    ],
)
def test_each_wrong_part_of_a_description_is_named(
    folder: Path, place: str, value: object, words: str
) -> None:
    page = page_of(folder)
    put(place, value)(page)
    write_page(folder, page)
    with pytest.raises(LeadclassError, match=words) as refused:
        load(folder)
    assert len(str(refused.value).replace(str(folder), "")) < 250


def test_a_description_that_is_too_deep_to_be_written_out_is_refused(folder: Path) -> None:
    deep: list = []
    for _ in range(500):
        deep = [deep]
    write_page(folder, page_of(folder) | {"notes": deep})
    with pytest.raises(LeadclassError, match="more than 30 deep"):
        load(folder)


def test_counts_of_other_bins_are_named_where_they_are_used(run_here: Run, folder: Path) -> None:
    page = page_of(folder)
    put("learnt_text.review.scores.leadership", [1])(page)
    write_page(folder, page)
    done = run_here("drift", "-m", "theirs", EXAMPLES / "labelled.csv", "-t", "text")
    assert_one_clear_line(done, "summary of what it has learnt from is damaged")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cut off or is not JSON"),
        ("\ufeff{}", "cut off or is not JSON"),
        ("[" * 100_000, "cut off or is not JSON"),
        ("9" * 5_000, "cut off or is not JSON"),
        ('{"format_version": 1, "format_version": 1}', "a name is there twice"),
        ('{"format_version": 1, "x": 1e999}', "a number is not finite"),
        (" " * 10_000_001, "more than 10,000,000 bytes"),
    ],
)
def test_a_description_that_is_none_is_refused(folder: Path, text: str, words: str) -> None:
    (folder / JSON_FILE).write_text(text, encoding="utf-8")
    with pytest.raises(LeadclassError, match=words):
        load(folder)


def test_what_no_command_knows_is_let_through(folder: Path) -> None:
    page = page_of(folder) | {"notes": {"of": ["us", 0.5, None, "C:\\bin\\u001b\tor\n so"]}}
    write_page(folder, page)
    assert load(folder).about["notes"] == page["notes"]


def test_a_description_of_the_least_is_enough(folder: Path) -> None:
    own = ("format_version", "weights", "settings", "outputs")
    write_page(folder, {name: page_of(folder)[name] for name in own})
    assert load(folder).predict(["Plans the rota."]).shape == (1,)


def with_cell(name: str, row: int, value: object) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        cells = table[name].to_pylist()
        cells[row] = value
        place = table.column_names.index(name)
        return table.set_column(place, name, pa.array(cells, table[name].type))

    return change


def with_type(name: str, kind: pa.DataType) -> Callable[[pa.Table], pa.Table]:
    def change(table: pa.Table) -> pa.Table:
        place = table.column_names.index(name)
        return table.set_column(place, name, table[name].cast(kind))

    return change


def with_extension(table: pa.Table) -> pa.Table:
    storage = table["term"].combine_chunks().cast(pa.binary())
    field = pa.field("term", pa.binary(), metadata={b"ARROW:extension:name": b"arrow.py_extension"})
    return table.set_column(1, field, storage)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.drop_columns("vision"), "vision.*not a table of weights: it has no such col"),
        (lambda t: t.append_column("vision", t["vision"]), "this column more than once"),
        (lambda t: t.append_column("run", t["vision"]), "'run'.*a column that no model has"),
        (with_type("vision", pa.float32()), "'vision'.*holds float where"),
        (with_type("kind", pa.binary()), "'kind'.*holds binary where"),
        (with_extension, "'term'.*holds binary where"),
        (with_cell("vision", 2, None), "row 3, column 'vision'.*empty cell"),
        (with_cell("term", 2, None), "row 3, column 'term'.*empty cell"),
        (with_cell("vision", 2, float("nan")), "row 3, column 'vision'.*within reason"),
        (with_cell("vision", 2, float("-inf")), "row 3, column 'vision'.*within reason"),
        (with_cell("vision", 2, 1e9), "row 3, column 'vision'.*within reason"),
        (with_cell("idf", 2, 0.0), "row 3, column 'idf'.*zero or less"),
        (with_cell("kind", 2, "phrase"), "row 3, column 'kind'.*no known kind"),
        (with_cell("term", 0, ""), "row 1, column 'term'.*not of its kind"),
        (with_cell("term", 0, "a b c"), "row 1, column 'term'.*not of its kind"),
        (lambda t: pa.concat_tables([t, t]), "column 'term'.*a term twice"),
        (lambda t: pa.concat_tables([t, t.slice(3, 1)]), "column 'term'.*a term twice"),
    ],
)
def test_each_wrong_part_of_a_table_is_named(
    folder: Path,
    few_terms: tuple[dict, pa.Table],
    change: Callable[[pa.Table], pa.Table],
    words: str,
) -> None:
    write_table(folder, change(few_terms[1]))
    with pytest.raises(LeadclassError, match=words):
        load(folder)


def test_terms_in_another_order_are_as_good(folder: Path, few_terms: tuple[dict, pa.Table]) -> None:
    texts = ["Coaches her team and plans the rota."]
    before = load(folder).predict_proba(texts)
    table = few_terms[1]
    write_table(folder, table.take(np.arange(len(table))[::-1]), row_group_size=7)
    assert np.abs(load(folder).predict_proba(texts) - before).max() < 1e-12


@pytest.mark.parametrize("shared", [True, False])
def test_terms_are_read_alike_however_they_are_written(
    folder: Path, few_terms: tuple[dict, pa.Table], shared: bool
) -> None:
    write_table(folder, few_terms[1], use_dictionary=shared)
    weights = load(folder).weights
    assert weights.terms.equals(few_terms[1]["term"].combine_chunks())
    assert weights.kinds.to_pylist() == few_terms[1]["kind"].to_pylist()


def test_terms_that_begin_with_those_before_them_are_not_spelt_out(
    folder: Path, few_terms: tuple[dict, pa.Table]
) -> None:
    encoding = {"term": "DELTA_BYTE_ARRAY"}
    write_table(folder, few_terms[1], use_dictionary=["kind"], column_encoding=encoding)
    with pytest.raises(LeadclassError, match="cut off or is not a table of weights"):
        load(folder)


def test_no_terms_at_all_are_a_model_that_knows_nothing(
    folder: Path, few_terms: tuple[dict, pa.Table]
) -> None:
    write_table(folder, few_terms[1].slice(0, 0))
    assert load(folder).predict(["Plans the rota."]).tolist() == ["neither"]


def test_text_that_is_not_utf_8_is_refused(folder: Path, few_terms: tuple[dict, pa.Table]) -> None:
    bad = pa.array([b"\xff\xfe"] * len(few_terms[1]), pa.binary())
    broken = pa.StringArray.from_buffers(len(bad), *bad.buffers()[1:])
    write_table(folder, few_terms[1].set_column(1, "term", broken))
    with pytest.raises(LeadclassError, match="cut off or is not a table of weights"):
        load(folder)


def rows_of(n: int, term: str) -> pa.Table:
    """So many rows in few bytes: a cell is written once, and then how often it is repeated."""
    cells = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int8)), pa.array([term]))
    kinds = pa.DictionaryArray.from_arrays(pa.array(np.zeros(n, np.int8)), pa.array(["word"]))
    numbers = pa.array(np.ones(n))
    return pa.table(
        {"kind": kinds, "term": cells, "idf": numbers} | dict.fromkeys(OUTPUTS, numbers)
    ).cast(
        pa.schema(
            [("kind", pa.string()), ("term", pa.string())]
            + [(name, pa.float64()) for name in ("idf", *OUTPUTS)]
        )
        if n * len(term) < 10**8
        else pa.schema(
            [("kind", kinds.type), ("term", cells.type)]
            + [(name, pa.float64()) for name in ("idf", *OUTPUTS)]
        )
    )


def test_more_rows_than_any_model_has_are_not_read(folder: Path) -> None:
    n = 2_000_001
    write_table(folder, rows_of(n, "a"))
    assert (folder / WEIGHTS_FILE).stat().st_size < 200_000
    with pytest.raises(LeadclassError, match="2,000,001 terms, more than any model needs"):
        load(folder)


def test_a_long_term_that_is_written_once_and_meant_often_is_not_spelt_out(folder: Path) -> None:
    write_table(folder, rows_of(300_000, "x" * 1_000_000), store_schema=False)
    assert (folder / WEIGHTS_FILE).stat().st_size < 3_000_000
    with pytest.raises(LeadclassError, match="terms of 300,000,000,000 bytes"):
        load(folder)


def test_a_table_that_unpacks_to_far_more_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_table(folder, rows_of(30, "a" * 10_000))
    monkeypatch.setattr(model_table, "_MOST_UNPACKED", 10_000)
    with pytest.raises(LeadclassError, match=r"has 1\d,\d{3} bytes when unpacked, more than any"):
        load(folder)


def test_a_table_that_tells_too_much_of_itself_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MOST_FOOTER", 500)
    with pytest.raises(LeadclassError, match="bytes that tell of its parts, more than 500"):
        load(folder)


def test_a_table_of_many_parts_is_not_read(folder: Path) -> None:
    write_table(folder, rows_of(30, "a"), row_group_size=1)
    with pytest.raises(LeadclassError, match="30 parts"):
        load(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="has no pipes with a name")
@pytest.mark.parametrize("name", [JSON_FILE, WEIGHTS_FILE])
def test_what_has_no_end_is_not_read(folder: Path, name: str) -> None:
    (folder / name).unlink()
    os.mkfifo(folder / name)
    with pytest.raises(LeadclassError, match=f"{name}.*is no file"):
        load(folder)
    (folder / name).unlink()
    (folder / name).symlink_to("/dev/zero")
    with pytest.raises(LeadclassError, match=f"{name}.*is no file"):
        load(folder)
    (folder / name).unlink()
    (folder / name).mkdir()
    with pytest.raises(LeadclassError, match=f"{name}.*is no file"):
        load(folder)
    (folder / name).rmdir()
    (folder / name).symlink_to("nowhere")
    with pytest.raises(LeadclassError, match=f"{name}.*missing"):
        load(folder)


def test_links_to_files_are_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "linked").mkdir()
    for name in (JSON_FILE, WEIGHTS_FILE):
        (tmp_path / "linked" / name).symlink_to(folder / name)
    assert load(tmp_path / "linked").weights.digest == load(folder).weights.digest


COMMANDS = [
    ("score", "-m", "theirs", "Plans the rota."),
    ("explain", "-m", "theirs", "Plans the rota."),
    ("analyze", "-m", "theirs", EXAMPLES / "postings" / "ward-manager.txt", "--html", "o.html"),
    ("tag", "-m", "theirs", EXAMPLES / "labelled.csv", "-t", "text", "-o", "o.csv", "--jobs", 1),
    ("evaluate", "-m", "theirs", EXAMPLES / "labelled.csv"),
    ("compare", "theirs", "theirs", EXAMPLES / "labelled.csv"),
    ("suggest", "-m", "theirs", EXAMPLES / "labelled.csv", "-t", "text", "-n", 2, "-o", "o.csv"),
    ("label", "-m", "theirs", EXAMPLES / "labelled.csv", "-o", "theirs/labels.csv", "--report"),
    ("drift", "-m", "theirs", EXAMPLES / "labelled.csv", "-t", "text"),
    ("info", "-m", "theirs"),
    ("use", "theirs"),
    ("verify", "theirs", "-c", EXAMPLES / "labelled.csv"),
    ("train", "--from", "theirs", "-c", EXAMPLES / "labelled.csv", "-o", "mine"),
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CONFIG_VARIABLE, str(tmp_path / "settings"))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_goes_on_with_a_model_that_is_not_whole(
    run_here: Run, folder: Path, settings: None, command: tuple[object, ...]
) -> None:
    page = page_of(folder)
    put("behaviour.0.n", "many")(page)
    write_page(folder, page)
    done = run_here(*command)
    assert_one_clear_line(done, JSON_FILE, "behaviour[0].n is no whole number")
    assert not done.stdout or command[0] == "label"  # which shows labels before it asks the model
    assert [path.name for path in folder.parent.iterdir()] == ["theirs"]


def test_the_page_shows_what_is_said_of_such_a_model(run_here: Run, folder: Path) -> None:
    page = page_of(folder)
    put("outputs.vision.threshold", 1.5)(page)
    write_page(folder, page)
    said = run_here("score", "-m", "theirs", "Plans the rota.").stderr
    assert said in (ROOT / "docs" / "models.md").read_text(encoding="utf-8")


class LeavesAMark:
    """Whoever opens the pickle of this makes a folder."""

    def __init__(self, mark: Path) -> None:
        self.mark = str(mark)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.mark,)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_command_opens_a_pickle(
    run_here: Run, folder: Path, settings: None, command: tuple[object, ...]
) -> None:
    mark = folder / "mark"
    for name in ("pipeline.joblib", "pipeline.pkl"):
        joblib.dump(LeavesAMark(mark), folder / name)
    run_here(*command)
    assert not mark.exists()


def test_the_server_opens_no_pickle(folder: Path) -> None:
    pytest.importorskip("starlette", reason="the extra serve is not installed")
    from servers import client, serving

    mark = folder / "mark"
    joblib.dump(LeavesAMark(mark), folder / "pipeline.joblib")
    with serving(load(folder)) as address, client(address) as asking:
        assert asking.get("/api/v1/model").status_code == 200
        answer = asking.post("/api/v1/score", json={"texts": ["Plans the rota."]})
        assert answer.status_code == 200
    assert not mark.exists()


def test_a_pipeline_is_opened_for_who_says_to_trust_it_alone(folder: Path) -> None:
    mark = folder / "mark"
    joblib.dump(LeavesAMark(mark), folder / "pipeline.joblib")
    with pytest.raises(TypeError, match="trusted"):
        leadclass.load_pipeline(folder)  # type: ignore[call-arg]
    for trusted in (False, None, "yes", 1):
        with pytest.raises(LeadclassError, match=r"pickle.*trusted=True"):
            leadclass.load_pipeline(folder, trusted=trusted)  # type: ignore[arg-type]
    assert not mark.exists()
    with pytest.raises(LeadclassError, match="no pipeline"):
        leadclass.load_pipeline(folder, trusted=True)
    assert mark.exists(), "the file would have left no mark, so that nothing above was shown"


def test_a_pipeline_that_cannot_be_opened_is_named(folder: Path) -> None:
    with pytest.raises(LeadclassError, match="no such file"):
        leadclass.load_pipeline(folder, trusted=True)
    (folder / "pipeline.joblib").write_bytes(pickle.dumps({})[:2])
    with pytest.raises(LeadclassError, match=r"pipeline\.joblib.*cannot be opened"):
        leadclass.load_pipeline(folder / "pipeline.joblib", trusted=True)


def test_the_shipped_pipeline_is_the_shipped_model(model: leadclass.Model) -> None:
    if not (shipped_model() / "pipeline.joblib").exists():
        pytest.skip("the pipeline is in the repository alone")
    texts = ["Coaches her team and plans the rota."]
    made = leadclass.load_pipeline(shipped_model(), trusted=True).predict_proba(texts)
    assert np.abs(made - model.decide(texts).probabilities).max() < 1e-9
