import re
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from leadclass.arrow import as_strings
from leadclass.features import FeatureSettings, pairs, stems, subwords
from leadclass.tokens import neutral_words, tokenise


def tokens_of(text: str) -> list[str]:
    return tokenise([text]).texts()[0]


def test_words_are_lower_case_runs_of_letters() -> None:
    assert tokens_of("Leads, plans & RE-plans!") == ["leads", "plans", "re", "plans"]


def test_apostrophes_stay_inside_words_only() -> None:
    assert tokens_of("the team’s 'own' rules'") == ["the", "team's", "own", "rules"]


def test_every_apostrophe_between_letters_stays() -> None:
    assert tokens_of("rock'n'roll o''clock 7's") == ["rock'n'roll", "o", "clock", "0", "s"]


def test_every_number_is_the_same_token() -> None:
    assert tokens_of("5+ years, 2,000 b2b") == ["0", "years", "0", "0", "b", "0", "b"]


def test_compatible_characters_are_made_one() -> None:
    assert tokens_of("ﬁnd Ｐlan") == ["find", "plan"]


def test_letters_of_any_script_make_words() -> None:
    assert tokens_of("Führt 日本語 команду") == ["führt", "日本語", "команду"]


def test_pronouns_and_titles_hide_gender() -> None:
    assert tokens_of("Mr Day and his son") == tokens_of("Ms Day and her son")
    assert tokens_of("she's there") == tokens_of("they're there")


def test_texts_without_words_have_no_tokens() -> None:
    assert tokenise([None, "", " - ", "plan"]).texts() == [[], [], [], ["plan"]]


def test_lone_surrogates_are_read_as_question_marks() -> None:
    assert as_strings(["a\ud800b", None]).to_pylist() == ["a?b", None]


@given(st.lists(st.one_of(st.none(), st.text())))
def test_a_column_has_the_tokens_of_its_texts(texts: list[str | None]) -> None:
    together = tokenise(texts).texts()
    assert together == [tokenise([text]).texts()[0] for text in texts]


@given(st.lists(st.text(st.characters(codec="latin-1", exclude_characters="¨¯´¸"))))
def test_tokens_are_those_of_a_plain_reading(texts: list[str]) -> None:
    neutral = neutral_words()

    def plainly(text: str) -> list[str]:
        text = unicodedata.normalize("NFKC", text).lower()
        parts = re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+", text)
        return [neutral.get(part, "0" if part.isdigit() else part) for part in parts]

    assert tokenise(texts).texts() == [plainly(text) for text in texts]


def test_stems_join_forms_of_a_word() -> None:
    assert len(set(stems(["manage", "managing", "manages", "managed"]))) == 1


def test_pairs_are_neighbouring_stems() -> None:
    assert pairs(["set", "clear", "goal"]) == ["set clear", "clear goal"]


def test_subwords_are_marked_at_the_ends_of_a_word() -> None:
    settings = FeatureSettings(subword_min=3, subword_max=4)
    assert subwords("plan", settings) == ["<pl", "pla", "lan", "an>", "<pla", "plan", "lan>"]


def test_a_word_shorter_than_a_subword_is_one_itself() -> None:
    assert subwords("a", FeatureSettings(subword_min=3, subword_max=5)) == ["<a>"]
