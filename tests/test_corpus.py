import re
from pathlib import Path

import pytest
from conftest import CORPUS, Run, assert_one_clear_line

from leadclass.columns import Columns
from leadclass.corpus import Corpus
from leadclass.curation.check import check
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import text_digest
from leadclass.labelled_tables import read_all_rows, read_corpus
from leadclass.labels import LABELS, OUTPUTS, SIDE_OF_TRAIT, sides_of


def corpus_file(folder: Path, *rows: str, header: str = "text,label,traits") -> Path:
    path = folder / "mine.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def test_the_corpus_of_the_repository_is_valid_and_broad(corpus: Corpus) -> None:
    assert len(corpus.examples) >= 16_000
    assert {e.label for e in corpus.examples} == set(LABELS)
    assert {e.kind for e in corpus.examples} == {"posting", "review", "general"}
    full = [e for e in corpus.examples if e.form == "statement" and 8 <= len(e.text.split()) <= 45]
    assert len(full) >= 8_000
    for example in corpus.examples:
        assert {SIDE_OF_TRAIT[trait] for trait in example.traits} == set(sides_of(example.label))


def test_nothing_is_wrong_with_the_corpus_of_the_repository() -> None:
    assert check([CORPUS], likely_errors=0)[1] == []


def test_the_corpus_shares_no_five_words_with_real_statements(shared: Path) -> None:
    real = [shared / "gold" / "dev.csv", shared / "real", shared / "style"]
    assert check([CORPUS], against=real, shared_words=5, likely_errors=0)[1] == []


def test_near_misses_cover_every_rule_of_the_codebook() -> None:
    rows = read_all_rows([CORPUS / "near_misses.csv"])
    codebook = (CORPUS / "CODEBOOK.md").read_text()
    rules = set(re.findall(r"^(\d+)\. ", codebook, re.MULTILINE))
    assert {row.cells["rule"] for row in rows} == rules
    assert len(rows) >= 1_200


def test_every_entry_was_read_twice_and_every_disagreement_settled() -> None:
    readings = {
        name: {
            row.cells["id"]: row.example
            for row in read_all_rows(
                [CORPUS / "readings" / f"{name}.csv"], columns=Columns(text=None)
            )
        }
        for name in ("first", "second", "third")
    }
    for row in read_all_rows([CORPUS]):
        said = [readings[name][row.cells["id"]] for name in ("first", "second")]
        said = [readings["third"].get(row.cells["id"], one) for one in said]
        for one in said:
            assert (one.label, set(one.traits)) == (row.example.label, set(row.example.traits))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("Leads.,leader,", "row 2.*label.*'leader'.*leadership"),
        ("Leads.,leadership,organisation", "row 2.*traits.*'organisation'.*management"),
        ("Leads.,leadership,charisma", "row 2.*traits.*'charisma'.*vision"),
        (",leadership,", "row 2.*text"),
        ("  ,leadership,", "row 2.*text"),
    ],
)
def test_bad_rows_are_named(tmp_path: Path, row: str, words: str) -> None:
    path = corpus_file(tmp_path, "Plans.,management,", row)
    with pytest.raises(LeadclassError, match=rf"mine\.csv.*{words}"):
        read_corpus([path])


def test_the_first_bad_rows_are_listed_and_the_others_counted(tmp_path: Path) -> None:
    path = corpus_file(tmp_path, *["Leads.,leader,"] * 9)
    with pytest.raises(LeadclassError, match=r"row 1.*row 2.*row 5.*and 4 more"):
        read_corpus([path])


def test_an_id_occurs_once(tmp_path: Path) -> None:
    path = corpus_file(tmp_path, "a,x,neither", "a,y,neither", header="id,text,label")
    with pytest.raises(LeadclassError, match=r"row 2.*'a'.*row 1"):
        read_corpus([path])


def test_text_and_label_are_enough(tmp_path: Path) -> None:
    corpus = read_corpus([corpus_file(tmp_path, "Leads us.,leadership", header="text,label")])
    example = corpus.examples[0]
    assert (example.kind, example.form, example.traits) == ("general", "statement", ())
    vision = OUTPUTS.index("vision")
    assert not corpus.known()[0, vision]
    assert corpus.known()[0, OUTPUTS.index("organisation")]


def test_standoff_labels_find_their_texts(tmp_path: Path) -> None:
    labels = corpus_file(
        tmp_path, f"{text_digest('Plans it.')},management", header="text_sha256,label"
    )
    texts = tmp_path / "texts.csv"
    texts.write_text("text\nPlans it.\nother\n")
    assert read_corpus([labels], texts=[texts]).texts == ["Plans it."]
    with pytest.raises(LeadclassError, match=r"mine\.csv.*--texts"):
        read_corpus([labels])
    texts.write_text("text\nother\n")
    with pytest.raises(LeadclassError, match=r"row 1.*--texts"):
        read_corpus([labels], texts=[texts])


def test_only_the_split_train_is_learnt_from(tmp_path: Path) -> None:
    path = corpus_file(
        tmp_path, "a,neither,", "b,neither,train", "c,neither,challenge", header="text,label,split"
    )
    assert read_corpus([path]).texts == ["a", "b", "c"]
    kept = read_corpus([path], split="train")
    assert (kept.texts, kept.sources[0].n_rows) == (["a", "b"], 2)


def test_folders_give_all_their_tables() -> None:
    assert {source.name for source in read_corpus([CORPUS]).sources} == {
        "corpus/general.csv",
        "corpus/near_misses.csv",
        "corpus/postings.csv",
        "corpus/reviews.csv",
    }


def test_a_folder_without_tables_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    assert_one_clear_line(run("train", "-c", "none", "-o", "m"), "none", "no table")
    assert not (tmp_path / "m").exists()
