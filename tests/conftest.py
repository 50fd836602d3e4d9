"""What several tests share: the shipped model, a small trained one, and real data where it is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from leadclass.corpus import TRAIN, Corpus
from leadclass.labelled_tables import read_corpus
from leadclass.model import Model, load

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
CORPUS = ROOT / "corpus"

#: The four statements that the documentation labels.
QUARTET = {
    "Inspires the team with a clear picture of where we are going.": "leadership",
    "Prepares the weekly rota and tracks overtime against budget.": "management",
    "Coaches her team and keeps the release on schedule.": "both",
    "We offer dental insurance and free parking.": "neither",
}


@pytest.fixture(scope="session")
def model() -> Model:
    """The shipped model."""
    return load()


@pytest.fixture(scope="session")
def corpus() -> Corpus:
    """The whole corpus of the repository."""
    return read_corpus([CORPUS])


@pytest.fixture(scope="session")
def small_corpus(corpus: Corpus) -> Corpus:
    """Every eighth statement that is learnt from, enough to train on in a second."""
    learnt = [example for example in corpus.examples if example.split == TRAIN]
    return Corpus(learnt[::8], corpus.sources[:1])


@pytest.fixture(scope="session")
def small_model_dir(small_corpus: Corpus, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model trained on the small corpus."""
    from leadclass.training.train import train, write_model

    folder = tmp_path_factory.mktemp("model")
    write_model(train(small_corpus), folder)
    return folder


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real statements that are not part of the repository."""
    folder = os.environ.get("LEADCLASS_SHARED")
    if not folder:
        pytest.skip("LEADCLASS_SHARED, the folder of real statements, is not set")
    return Path(folder)


Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the command line in an empty folder, as a user would."""

    def run_leadclass(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "leadclass", *map(str, arguments)],
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            check=False,
        )

    return run_leadclass


def assert_one_clear_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one line on standard error that has these words, no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("leadclass: ")
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, f"{word!r} not in {done.stderr!r}"
