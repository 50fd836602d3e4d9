"""Exported scorers give what leadclass gives, and their page tells how, by the letter."""

from __future__ import annotations

import csv
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.csv
import pytest
from conftest import EXAMPLES, QUARTET, ROOT, Run, assert_one_clear_line
from hypothesis import given, settings
from hypothesis import strategies as st
from model_format import PlainScorer, read_vectors

from leadclass.corpus import Corpus
from leadclass.export.sql import FILES, export_sql
from leadclass.features import FeatureSettings, stems
from leadclass.labels import OUTPUTS, TRAITS, join_traits
from leadclass.model import Model, load
from leadclass.tokens import tokenise
from leadclass.weights import Weights, write_weights

if TYPE_CHECKING:
    import onnxruntime

PAGE = ROOT / "docs" / "model-format.md"

#: Beyond ASCII the words of Unicode 15 at most are promised, and a lone surrogate is no text.
NEWER = unicodedata.unidata_version > "15"
CHARACTERS = st.characters(
    exclude_categories=("Cs", "Cn"),
    max_codepoint=0x2FFF if NEWER else sys.maxunicode,
)

#: What cuts words, and what lower case, NFKC and the stemmer treat apart.
ODD = "'’ʼ.:Σσςİıßẞﬁ½㎏Ａ①٣é\u0301\u00adǅÅ \n\x00yY-"
WORDS = st.sampled_from(
    [*" ".join(QUARTET).split(), "Mrs", "he's", "Priya’s", "DON’T", "dying", "Organisation's", "0"]
)
TEXTS = st.lists(
    st.one_of(WORDS, st.text(st.sampled_from(ODD), max_size=6), st.text(CHARACTERS, max_size=6)),
    max_size=14,
).flatmap(lambda words: st.sampled_from(["", " "]).map(lambda between: between.join(words)))

Connection = "duckdb.DuckDBPyConnection"


@pytest.fixture(scope="module")
def folder(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model, exported for a database."""
    path = tmp_path_factory.mktemp("exported") / "model"
    export_sql(model, path)
    return path


@pytest.fixture(scope="module")
def database(folder: Path) -> Iterator[Connection]:
    """A database that has the shipped model."""
    with connected(folder) as connection:
        yield connection


def connected(folder: Path) -> Connection:
    duckdb = pytest.importorskip("duckdb")
    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET VARIABLE leadclass_model = ?", [str(folder)])
    connection.execute((folder / "score.sql").read_text(encoding="utf-8"))
    connection.execute("CREATE TABLE given (text VARCHAR)")
    return connection


def fill(database: Connection, texts: list[str | None]) -> None:
    database.execute("DELETE FROM given")
    if texts:
        database.execute("INSERT INTO given SELECT unnest(?::VARCHAR[])", [texts])


def assert_sql_agrees(database: Connection, model: Model, texts: list[str | None]) -> None:
    fill(database, texts)
    said = {
        row[0]: row[1:] for row in database.execute("FROM leadclass_score('FROM given')").fetchall()
    }
    assert set(said) == set(texts)
    decisions = model.decide(texts)
    for i, text in enumerate(texts):
        label, *odds, traits = said[text]
        assert (label, traits) == (decisions.labels[i], join_traits(decisions.traits[i])), text
        expected = decisions.probabilities[i, :2]
        if np.isnan(expected).any():
            assert odds == [None, None], text
        else:
            assert odds == pytest.approx(expected.tolist(), abs=1e-9, rel=0), text


def test_sql_agrees_on_the_examples(database: Connection, model: Model) -> None:
    comments = pyarrow.csv.read_csv(EXAMPLES / "reviews.csv")["comment"].to_pylist()
    assert_sql_agrees(
        database, model, [*comments, *QUARTET, None, "", "...", "12", "²", "½", "Ⅷ", "日本語"]
    )


@settings(max_examples=12)
@given(st.lists(TEXTS, max_size=25))
def test_sql_agrees_on_any_text(database: Connection, model: Model, texts: list[str]) -> None:
    assert_sql_agrees(database, model, texts)


@settings(max_examples=25)
@given(st.lists(TEXTS, max_size=25))
def test_sql_cuts_any_text_into_the_same_tokens(database: Connection, texts: list[str]) -> None:
    assert sql_tokens(database, texts) == tokenise(texts).texts()


def sql_tokens(database: Connection, texts: list[str]) -> list[list[str]]:
    fill(database, list(texts))
    rows = database.execute(
        "SELECT text, list(token ORDER BY place) FROM leadclass_tokens('FROM given') GROUP BY text"
    ).fetchall()
    found = dict(rows)
    return [found.get(text, []) for text in texts]


def test_sql_reads_every_character_alike(database: Connection) -> None:
    last = 0x2FFF if NEWER else 0xFFFF
    texts = [
        f"x{character}yΣ{character}Σ B{character}"
        for character in map(chr, range(1, last + 1))
        if unicodedata.category(character) not in ("Cs", "Cn")
        # Of the large scripts, which have no cases, a few.
        and (unicodedata.category(character) != "Lo" or ord(character) % 37 == 0)
    ]
    texts += [f"x{character}" for character in "🅐𝐀Ⅷ𐐀𞤀\U0002f800\U000e0100"]
    assert sql_tokens(database, texts) == tokenise(texts).texts()


SUFFIXES = (
    "s ies ied sses us ss ed eed edly eedly ing ingly y li bli ogi ogist ation ization ational "
    "tional fulness ousness iveness ive ative icate al ness ement ment ent ion sion tion e l ll "
    "ate ize ' 's 's' at bl iz bb add inn past"
).split()
STARTS = (
    "arsen commun emerg gener inter later organ past univers succ proc exc even cann out herr d t y"
).split()

#: Words for rules that seldom meet.
RULES = (
    "andes atlas bias cosmos early gently howe idly news only singly skies skis sky ugly us it "
    "arsenic communism emergency generation internal laterally organisation pastes universities "
    "y yes youth say saying enjoying syyy boyish by cry kiwis gas gaps ties cries died tied "
    "agreed agreedly feed feedly succeed succeeding proceed proceeding exceed exceedly dying "
    "evening canning inning earring herring outing vying bring planning plating added egged "
    "offing odded ebbing calling missing quizzed created bundled organizing sized past pasted "
    "bed drawing fix fixed show showed ecology archaeologists genealogical tidily patiently "
    "fully carefulness seasonal national nationally organizer organizers mentors realism "
    "reality creativity flexibility proactiveness cheerfulness seriousness duplicate "
    "normative generative normalize publicity practical readiness approval guidance "
    "conference planner strategic manageable feasible assistant measurement commitment "
    "confident decision portion region serious mentorship plurality reflective prioritize "
    "debate rate site please enroll install be free aye don't o'clock team's 's boss's boys' "
    "'' naïve naïveté éy aé"
).split()
ENGLISH = st.builds(
    "{}{}{}".format,
    st.one_of(st.just(""), st.sampled_from(STARTS)),
    st.text(st.sampled_from("aeiouyYbcdlmnrstwxzé'"), max_size=5),
    st.lists(st.sampled_from(SUFFIXES), max_size=3).map("".join),
)


def sql_stems(database: Connection, words: list[str]) -> list[str]:
    fill(database, list(words))
    rows = database.execute("SELECT DISTINCT text, leadclass_stem(text) FROM given").fetchall()
    found = dict(rows)
    return [found[word] for word in words]


def test_sql_stems_the_words_of_the_corpus_and_of_all_rules_alike(
    database: Connection, corpus: Corpus
) -> None:
    words = tokenise([example.text for example in corpus.examples]).words + RULES
    assert sql_stems(database, words) == stems(words)


@given(st.lists(st.one_of(ENGLISH, st.text(CHARACTERS, min_size=1, max_size=8)), max_size=200))
@settings(max_examples=25)
def test_sql_stems_any_word_alike(database: Connection, words: list[str]) -> None:
    words = [word.lower().replace("\0", "") for word in words]
    assert sql_stems(database, words) == stems(words)


def with_few_terms(weights: Weights, step: int) -> Weights:
    some = np.arange(0, len(weights.terms), step)
    return replace(weights, table=weights.table.take(some))


@pytest.fixture(scope="module")
def small(model: Model, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a model of few terms, which is soon written."""
    path = tmp_path_factory.mktemp("small")
    write_weights(with_few_terms(model.weights, 500), path)
    return path


@pytest.fixture(scope="module")
def other(model: Model) -> Model:
    """A model of other settings, without a trait of one side and all traits of the other."""
    random = np.random.default_rng(0)
    features = FeatureSettings(
        subword_min=4, subword_max=4, subword_weight=0.3, windows=(1, 3, 2, 40)
    )
    thresholds = np.full(len(OUTPUTS), 0.4)
    thresholds[[OUTPUTS.index(name) for name in ("empathy", *TRAITS[4:])]] = 1.0
    calibration = random.normal(0, 0.2, (len(OUTPUTS), 1 + 2 * features.n_spans))
    weights = replace(
        with_few_terms(model.weights, 4),
        settings=features,
        calibration=calibration,
        thresholds=thresholds,
    )
    return Model(weights)


def test_sql_agrees_for_a_model_of_other_settings(other: Model, tmp_path: Path) -> None:
    export_sql(other, tmp_path / "model")
    texts = [row["text"] for row in read_vectors(tmp_path / "model" / "vectors.csv")]
    with connected(tmp_path / "model") as database:
        assert_sql_agrees(database, other, [*texts, "a bc a bc"])


def test_sql_refuses_a_later_format(folder: Path, tmp_path: Path) -> None:
    later = tmp_path / "later"
    shutil.copytree(folder, later)
    page = (later / "model.json").read_text(encoding="utf-8")
    (later / "model.json").write_text(page.replace('"format_version": 1', '"format_version": 2'))
    duckdb = pytest.importorskip("duckdb")
    with pytest.raises(duckdb.Error, match="not of format 1"):
        connected(later)


@pytest.fixture(scope="module")
def session(model: Model) -> onnxruntime.InferenceSession:
    """The shipped model as a graph."""
    return session_of(model)


def session_of(model: Model) -> onnxruntime.InferenceSession:
    pytest.importorskip("onnx")
    onnxruntime = pytest.importorskip("onnxruntime")
    from leadclass.export.onnx import onnx_model

    return onnxruntime.InferenceSession(onnx_model(model.weights).SerializeToString())


def assert_onnx_agrees(
    session: onnxruntime.InferenceSession, model: Model, texts: list[str]
) -> None:
    from leadclass.export.onnx import inputs_of

    label, probabilities, shown = session.run(None, inputs_of(texts))
    assert probabilities.dtype == np.float64
    assert probabilities[:, :2] == pytest.approx(model.predict_proba(texts), abs=1e-9, rel=0)
    decisions = model.decide(texts)
    speaks = ~np.isnan(decisions.probabilities[:, 0])
    assert probabilities[speaks] == pytest.approx(decisions.probabilities[speaks], abs=1e-9, rel=0)
    assert (shown[speaks] == decisions.shown[speaks]).all()
    assert (label[speaks] == decisions.labels[speaks]).all()


@given(st.lists(TEXTS, max_size=10))
@settings(max_examples=40)
def test_onnx_agrees_on_any_text(
    session: onnxruntime.InferenceSession, model: Model, texts: list[str]
) -> None:
    assert_onnx_agrees(session, model, texts)


def test_onnx_agrees_for_a_model_of_other_settings(other: Model, folder: Path) -> None:
    texts = [row["text"] for row in read_vectors(folder / "vectors.csv")]
    assert_onnx_agrees(session_of(other), other, [*texts, "a bc a bc"])


def test_the_graph_is_the_same_each_time(small: Path, tmp_path: Path) -> None:
    pytest.importorskip("onnx")
    from leadclass.export.onnx import export_onnx

    for name in ("one.onnx", "two.onnx"):
        export_onnx(load(small), tmp_path / name)
    assert (tmp_path / "one.onnx").read_bytes() == (tmp_path / "two.onnx").read_bytes()


def test_the_pages_formulas_by_the_letter_give_what_the_vectors_say(folder: Path) -> None:
    plain = PlainScorer(folder)
    for row in read_vectors(folder / "vectors.csv"):
        if not row["p_leadership"]:
            assert (row["label"], row["traits"]) == ("neither", "")
            continue
        expected = [float(row[f"p_{output}"]) for output in OUTPUTS]
        tokens = row["tokens"].split()
        assert stems(tokens) == row["stems"].split()
        assert plain.probabilities(tokens) == pytest.approx(expected, abs=1e-9, rel=0)


def test_the_pages_recipes_run(
    folder: Path, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    duckdb = pytest.importorskip("duckdb")
    for module in ("onnx", "onnxruntime"):
        pytest.importorskip(module)
    from leadclass.export.onnx import export_onnx

    monkeypatch.chdir(tmp_path)
    shutil.copytree(folder, "model")
    shutil.copytree(EXAMPLES, "examples")
    export_onnx(model, "model.onnx")
    page = PAGE.read_text(encoding="utf-8")
    script = "".join(re.findall(r"^```sql\n(.*?)^```$", page, re.DOTALL | re.MULTILINE))
    with duckdb.connect() as connection:
        for part in re.split(r"^(\.read .*\n)", script, flags=re.MULTILINE):
            if path := re.fullmatch(r"\.read '(.*)'\n", part):
                part = Path(path[1]).read_text(encoding="utf-8")
            connection.execute(part)
        rows = connection.execute("SELECT comment, label FROM tagged").fetchall()
    assert len(rows) == pyarrow.csv.read_csv(EXAMPLES / "reviews.csv").num_rows
    assert [label for _, label in rows] == model.predict([text for text, _ in rows]).tolist()
    found: dict[str, Any] = {}
    for code in re.findall(r"^```python\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        exec(compile(code, str(PAGE), "exec"), found)
    assert found["label"].tolist() == ["management", "leadership"]


def test_an_export_for_a_database_has_the_model_unchanged(folder: Path) -> None:
    assert {file.name for file in folder.iterdir()} == set(FILES)
    weights = pyarrow.parquet.read_table(folder / "weights.parquet")
    assert weights == pyarrow.parquet.read_table(ROOT / "models" / "default" / "weights.parquet")
    with (folder / "words.csv").open(encoding="utf-8", newline="") as file:
        words = {row["word"]: row["read_as"] for row in csv.DictReader(file)}
    assert words["himself"] == words["priya's"] == "they"


@pytest.mark.parametrize("kind", ["sql", "onnx"])
def test_an_export_that_is_there_is_replaced_only_when_asked(
    run_here: Run, kind: str, small: Path
) -> None:
    if kind == "onnx":
        pytest.importorskip("onnx")
    command = ("export", kind, "--model", small, "-o", "out")
    assert run_here(*command).returncode == 0
    assert_one_clear_line(run_here(*command), "out: ", "--overwrite")
    assert run_here(*command, "--overwrite").returncode == 0
    assert [path.name for path in Path().iterdir()] == ["out"]


def test_thresholds_go_along(run_here: Run, small: Path) -> None:
    moved = ("--threshold", "leadership=0.99")
    done = run_here("export", "sql", "--model", small, "-o", "out", *moved)
    assert done.returncode == 0, done.stderr
    assert "leadclass_score" in done.stdout
    assert load("out").weights.thresholds[:2].tolist() == [0.99, 0.35]


def test_onnx_says_which_extra_it_needs(run_here: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("leadclass.export.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "onnx", None)
    done = run_here("export", "onnx", "-o", "model.onnx")
    assert_one_clear_line(done, "onnx", "pip install 'leadclass[onnx]'")
    assert not Path("model.onnx").exists()
