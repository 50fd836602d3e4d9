"""Bad input to a public function is a LeadclassError, and every error says what to do."""

from __future__ import annotations

import doctest
import math
from collections.abc import Callable
from pathlib import Path

import errors_shown
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from conftest import ROOT, need_spark
from hypothesis import given
from hypothesis import strategies as st

import leadclass
from leadclass.corpus import Corpus
from leadclass.errors import LeadclassError, WrongTypeError, missing_extra, wrong_type
from leadclass.labelled_tables import read_corpus
from leadclass.model import Model
from leadclass.training.settings import TrainingSettings

FRAME = pd.DataFrame({"a": ["x"]})
BATCH = pa.record_batch({"a": ["x"]})
NOT_UTF8 = pa.array([b"\xff"]).view(pa.string())

#: Of each public function, what it refuses because of its type.
WRONG_TYPES: dict[str, Callable[[Model], object]] = {
    "load a number": lambda model: leadclass.load(5),
    "load bytes": lambda model: leadclass.load(b"models"),
    "load a list": lambda model: leadclass.load([]),
    "make a model of a folder": lambda model: Model("models/default"),
    "analyze a number": lambda model: leadclass.analyze(5),
    "analyze None": lambda model: leadclass.analyze(None),
    "analyze a list": lambda model: leadclass.analyze(["Plans the rota."]),
    "analyze a document of bytes": lambda model: model.analyze(leadclass.Document("x", b"x")),
    "read a number": lambda model: leadclass.read_document(5),
    "read bytes": lambda model: leadclass.read_document(b"README.md"),
    "read in a number": lambda model: leadclass.read_document(ROOT / "README.md", 5),
    "predict of one string": lambda model: model.predict("Plans the rota."),
    "predict of a number": lambda model: model.predict(5),
    "predict of None": lambda model: model.predict(None),
    "predict of numbers": lambda model: model.predict([5]),
    "predict of bytes": lambda model: model.predict([b"x"]),
    "predict of lists": lambda model: model.predict([["x"]]),
    "predict of arrays": lambda model: model.predict(np.array([["x", "y"]])),
    "probabilities of one string": lambda model: model.predict_proba("Plans the rota."),
    "probabilities of numbers": lambda model: model.predict_proba([5]),
    "decide a number": lambda model: model.decide(5),
    "explain a number": lambda model: model.explain(5),
    "explain None": lambda model: model.explain(None),
    "explain a list": lambda model: model.explain(["x"]),
    "terms of None": lambda model: model.terms(None),
    "terms for a number": lambda model: model.terms("x", 5),
    "terms for a string": lambda model: model.terms("x", "vision"),
    "tag None": lambda model: model.tag(None, "a"),
    "tag a dict": lambda model: model.tag({"a": ["x"]}, "a"),
    "tag a series": lambda model: model.tag(FRAME["a"], "a"),
    "tag a number as a stream": lambda model: model.tag_batches(5, "a"),
    "tag numbers as batches": lambda model: model.tag_batches([5], "a"),
    "tag a number among batches": lambda model: model.tag_batches([BATCH, 5], "a").read_all(),
    "thresholds without names": lambda model: model.with_thresholds([0.5]),
    "a threshold in words": lambda model: model.with_thresholds({"leadership": "high"}),
    "a threshold of None": lambda model: model.with_thresholds({"leadership": None}),
    "a precision in words": lambda model: model.with_precision("high"),
    "a corpus of one path": lambda model: read_corpus("corpus"),
    "a corpus of a number": lambda model: read_corpus(5),
    "a corpus of numbers": lambda model: read_corpus([5]),
    "a corpus in a number": lambda model: read_corpus([ROOT / "examples/labelled.csv"], encoding=5),
    "train on None": lambda model: train(None),
    "train on a path": lambda model: train("corpus"),
    "train with a dict": lambda model: train(Corpus([], []), {"folds": 3}),
    "settings of words": lambda model: TrainingSettings(folds="five"),
    "settings of a fraction": lambda model: TrainingSettings(folds=2.5),
    "features of a dict": lambda model: TrainingSettings(features={}),
}

#: And because of its value.
WRONG_VALUES: dict[str, Callable[[Model], object]] = {
    "load what is not there": lambda model: leadclass.load("models/none"),
    "load a file": lambda model: leadclass.load(ROOT / "README.md"),
    "load what is no path": lambda model: leadclass.load("a\0b"),
    "load a long path": lambda model: leadclass.load("a" * 5000),
    "load a lone surrogate": lambda model: leadclass.load("\ud800"),
    "analyze what is not there": lambda model: leadclass.analyze(Path("none.txt")),
    "analyze a folder": lambda model: leadclass.analyze(ROOT),
    "analyze what is no path": lambda model: leadclass.analyze(Path("a\0b")),
    "read in no encoding": lambda model: leadclass.read_document(ROOT / "README.md", "none"),
    "predict of Arrow bytes": lambda model: model.predict(pa.array([b"\xff"])),
    "predict of Arrow lists": lambda model: model.predict(pa.array([["x"]])),
    "predict of what is not UTF-8": lambda model: model.predict(NOT_UTF8),
    "probabilities of what is not UTF-8": lambda model: model.predict_proba(NOT_UTF8),
    "terms for no output": lambda model: model.terms("x", ["charm"]),
    "tag no column": lambda model: model.tag(FRAME, "b"),
    "tag a column by number": lambda model: model.tag(FRAME, 0),
    "tag columns": lambda model: model.tag(FRAME, ["a"]),
    "tag a column of None": lambda model: model.tag(FRAME, None),
    "tag numbers": lambda model: model.tag(pd.DataFrame({"a": [1]}), "a"),
    "tag lists": lambda model: model.tag(pd.DataFrame({"a": [["x"]]}), "a"),
    "tag arrays": lambda model: model.tag(pd.DataFrame({"a": [np.array(["x", "y"])]}), "a"),
    "tag by no unit": lambda model: model.tag(FRAME, "a", "word"),
    "tag by a list": lambda model: model.tag(FRAME, "a", []),
    "tag Arrow numbers": lambda model: model.tag(pa.table({"a": [1]}), "a"),
    "tag Arrow bytes": lambda model: model.tag(pa.table({"a": [b"x"]}), "a"),
    "tag no Arrow columns": lambda model: model.tag(pa.table({}), "a"),
    "tag no batches": lambda model: model.tag_batches([], "a"),
    "tag other batches": lambda model: model.tag_batches(
        [BATCH, pa.record_batch({"b": ["x"]})], "a"
    ).read_all(),
    "tag what is not UTF-8": lambda model: model.tag_batches(
        [pa.record_batch([NOT_UTF8], names=["a"])], "a"
    ).read_all(),
    "a threshold of no output": lambda model: model.with_thresholds({"charm": 0.5}),
    "a threshold of 0": lambda model: model.with_thresholds({"leadership": 0}),
    "a threshold above 1": lambda model: model.with_thresholds({"leadership": 5}),
    "a threshold of NaN": lambda model: model.with_thresholds({"leadership": math.nan}),
    "a precision of 0": lambda model: model.with_precision(0),
    "a precision above 1": lambda model: model.with_precision(1.1),
    "a precision of NaN": lambda model: model.with_precision(math.nan),
    "a corpus that is not there": lambda model: read_corpus(["none.csv"]),
    "a corpus in no encoding": lambda model: read_corpus(
        [ROOT / "examples/labelled.csv"], encoding="none"
    ),
    "train on nothing": lambda model: train(Corpus([], [])),
    "one fold": lambda model: TrainingSettings(folds=1),
    "no penalty": lambda model: TrainingSettings(C=0.0),
    "a penalty of NaN": lambda model: TrainingSettings(C=math.nan),
    "a seed below 0": lambda model: TrainingSettings(seed=-1),
}


def train(*arguments: object) -> object:
    from leadclass.training.train import train

    return train(*arguments)


@pytest.mark.parametrize("name", WRONG_TYPES)
def test_what_is_of_another_type_is_told_with_what_to_give(model: Model, name: str) -> None:
    with pytest.raises(LeadclassError, match="cannot be of the type") as raised:
        WRONG_TYPES[name](model)
    assert isinstance(raised.value, TypeError)
    assert raised.value.remedy
    assert raised.value.remedy.startswith("give ")


@pytest.mark.parametrize("name", WRONG_VALUES)
def test_what_cannot_be_used_is_told_with_a_remedy(model: Model, name: str) -> None:
    with pytest.raises(LeadclassError) as raised:
        WRONG_VALUES[name](model)
    assert raised.value.remedy


def test_spark_refuses_other_frames_too() -> None:
    need_spark()
    from leadclass.spark import tag

    for frame in (FRAME, None, 5):
        with pytest.raises(WrongTypeError, match="a DataFrame of Spark"):
            tag(frame, "a")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(anything)
def test_whatever_is_given_it_is_done_or_refused_as_one_family(model: Model, given: object) -> None:
    for function in (
        *(model.predict, model.predict_proba, model.explain, model.terms, model.analyze),
        *(model.with_thresholds, model.with_precision),
        lambda given: model.tag(FRAME, given),
        lambda given: model.tag(given, "a"),
        lambda given: model.tag(FRAME, "a", given),
        lambda given: model.tag_batches(given, "a"),
        lambda given: model.terms("x", given),
        lambda given: TrainingSettings(folds=given),
    ):
        try:
            function(given)
        except LeadclassError as error:
            assert error.remedy


def test_missing_texts_of_pandas_are_none_not_wrong(model: Model) -> None:
    labels = model.predict([None, math.nan, pd.NA, pd.NaT, "Plans the weekly rota."])
    assert labels.tolist() == ["neither"] * 4 + ["management"]


def test_an_error_does_not_repeat_what_it_was_given() -> None:
    assert "secret" not in str(wrong_type("a text", ["secret"], "one string"))


def test_what_is_wrong_with_a_type_is_of_both_families() -> None:
    for family in (LeadclassError, ValueError, TypeError):
        with pytest.raises(family):
            raise wrong_type("a text", 5, "one string")
    assert "pip install" in str(missing_extra("x", "y", "z"))


def test_every_error_in_the_source_says_what_to_do() -> None:
    silent = [f"{e.module}:{e.line}: {e.message}" for e in errors_shown.errors() if not e.remedy]
    assert not silent, "give these a remedy"


#: Raised to be caught in leadclass itself, or by what it stands in: click, Starlette, Python.
CAUGHT = {
    *("AttributeError", "BlockingIOError", "BrokenPipeError", "ClientDisconnect", "HTTPException"),
    *("Exit", "FileNotFoundError", "SystemExit", "UnfitError", "UsageError", "BadParameter"),
    "ValueError of arrow.py",  # by those who read numbers from a file
    "ValueError of text_summary.py",
    "EndedError of readers/own_process.py",
    "NotStartedError of readers/own_process.py",
    "TimeoutError of readers/own_process.py",
    *("IndexError of parquet/thrift.py", "ValueError of parquet/thrift.py"),  # by parquet_plan.py
    *("IndexError of parquet/pages.py", "ValueError of parquet/pages.py"),
    "ValueError of tables/parquet_plan.py",
    "TypeError of defaults.py",
}


def test_nothing_else_is_raised_in_the_source() -> None:
    raised = {
        name if name in CAUGHT else f"{name} of {module}"
        for module, name in errors_shown.raised_by_name()
    }
    assert raised <= CAUGHT


def test_no_error_is_found_twice_or_lost() -> None:
    errors = errors_shown.errors()
    assert len(errors) == len(set(errors)) > 150
    assert {errors_shown.group_of(error) for error in errors} >= {"Tables", "Models", "Spark"}


def test_only_messages_that_there_are_have_a_meaning() -> None:
    messages = {error.message for error in errors_shown.errors()}
    assert errors_shown.read_meanings().keys() <= messages, "mend docs/errors.csv"


def test_the_python_of_the_page_runs() -> None:
    page = str(ROOT / "docs" / "errors.md")
    assert doctest.testfile(page, module_relative=False).failed == 0
