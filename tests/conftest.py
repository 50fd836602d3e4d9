"""What several tests share: the shipped model, a small trained one, and real data where it is."""

from __future__ import annotations

import gc
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from leadclass.corpus import TRAIN, Corpus
from leadclass.defaults import CONFIG_VARIABLE, MODEL_VARIABLE
from leadclass.labelled_tables import read_corpus
from leadclass.model import Model, load

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# How long an example takes says more of the machine than of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"

# Whatever the user who runs the tests has chosen, the shipped model is the one in use.
os.environ.pop(MODEL_VARIABLE, None)
os.environ[CONFIG_VARIABLE] = str(Path(tempfile.gettempdir()) / "no-leadclass-settings")
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


#: What pyspark says of pandas, of its sockets, and Spark 3.5 of Python.
PYSPARK_WARNINGS = [
    f"ignore::{kind}" for kind in ("FutureWarning", "ResourceWarning", "DeprecationWarning")
]

#: Java starts sooner if it does not aim for its full speed.
SOON = "-XX:TieredStopAtLevel=1"


def need_spark() -> None:
    """Skip a test where Spark cannot start."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Java is not installed")


@pytest.fixture(scope="session")
def spark() -> Iterator[SparkSession]:
    """A Spark on two cores of this machine, started once for all tests."""
    need_spark()
    from pyspark.sql import SparkSession

    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    settings = {
        "spark.driver.extraJavaOptions": SOON,
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
    }
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", os.pathsep.join(filter(None, paths)))
        session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()


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


@pytest.fixture
def run_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The same without a process of its own, for tests of many commands."""
    from leadclass.cli.main import main

    monkeypatch.chdir(tmp_path)
    before = signal.getsignal(signal.SIGTERM)

    def run_leadclass(*arguments: object) -> subprocess.CompletedProcess[str]:
        monkeypatch.setattr(sys, "argv", ["leadclass", *map(str, arguments)])
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = capsys.readouterr()
        return subprocess.CompletedProcess(sys.argv, int(ended.value.code or 0), out, err)

    yield run_leadclass
    signal.signal(signal.SIGTERM, before)
    gc.unfreeze()  # here the process goes on


def assert_one_clear_line(done: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 2, one line on standard error that has these words, no traceback."""
    assert done.returncode == 2, done.stderr
    assert done.stderr.startswith("leadclass: ")
    assert done.stderr.count("\n") == 1, done.stderr
    for word in words:
        assert word in done.stderr, f"{word!r} not in {done.stderr!r}"
