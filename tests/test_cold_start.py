"""What a command imports is what its user waits for, so modules are counted here."""

import subprocess
import sys
from pathlib import Path

import pytest

#: Runs a command in a pipe, then prints the modules that it has loaded.
RUN = """
import sys
from pathlib import Path
from leadclass.cli import main
try:
    main()
except SystemExit:
    pass
print(*sys.modules, file=sys.stderr)
"""

HEAVY = {
    "duckdb",
    "joblib",
    "matplotlib",
    "multiprocessing",
    "nltk",
    "onnx",
    "pandas",
    "pyspark",
    "rich",
    "scipy",
    "sklearn",
    "starlette",
}


def modules(*arguments: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", RUN, *arguments], capture_output=True, encoding="utf-8", check=True
    )
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("arguments", "most"),
    [
        (("--help",), 180),
        (("tag", "--help"), 180),
        (("suggest", "--help"), 180),
        (("export", "sql", "--help"), 180),
        (("suggest", "examples/reviews.csv", "-t", "comment"), 420),
        (("score", "Plans the rota."), 400),
        (("score", "--format", "csv", "Plans the rota."), 420),
        (("analyze", "--format", "jsonl", "examples/postings/ward-manager.txt"), 400),
    ],
)
def test_a_command_loads_what_it_needs(arguments: tuple[str, ...], most: int) -> None:
    loaded = modules(*arguments)
    assert not HEAVY & {name.split(".")[0] for name in loaded}
    assert len(loaded) <= most


def test_help_needs_no_numbers() -> None:
    assert not {"numpy", "pyarrow"} & modules("score", "--help")


def test_to_score_a_statement_does_not_load_what_splits_columns() -> None:
    assert "leadclass.plain_text" not in modules("score", "Plans the rota.")


def test_tag_needs_no_pandas_either(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("comment,n\nPlans the rota.,1\n,2\n", encoding="utf-8")
    out = str(tmp_path / "out.csv")
    loaded = modules("tag", str(tmp_path / "in.csv"), "-t", "comment", "-o", out)
    assert not {"pandas", "sklearn", "scipy"} & {name.split(".")[0] for name in loaded}
