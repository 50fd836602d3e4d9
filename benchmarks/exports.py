"""How far the exported scorers agree with leadclass, and how fast they are, on the corpus.

Every statement of the corpus is scored by score.sql in DuckDB, by the ONNX graph in ONNX Runtime,
and by leadclass; the graph is given tokens, which is not counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path

import duckdb
import numpy as np
import onnxruntime
import pyarrow as pa
from tables import write_table

import leadclass
from leadclass.decisions import Decisions
from leadclass.export.onnx import export_onnx, inputs_of
from leadclass.export.sql import SCRIPT_FILE, export_sql
from leadclass.labelled_tables import read_corpus
from leadclass.labels import OUTPUTS, join_traits

HEADS = (
    "scorer",
    "statements",
    "other label",
    "other traits",
    "largest difference of a probability",
    "statements a second",
    "MB of files",
)

#: Texts that the graph is given at once: padding makes a block as wide as its longest.
BATCH = 64


def main() -> None:
    """Measure, and write a row for each scorer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("-c", "--corpus", default="corpus", help="statements to score")
    parser.add_argument("-o", "--output", type=Path, required=True, help="the csv to write")
    options = parser.parse_args()
    model = leadclass.load()
    texts = sorted({example.text for example in read_corpus([options.corpus]).examples})
    started = time.perf_counter()
    truth = model.decide(texts)
    rate = len(texts) / (time.perf_counter() - started)
    rows: list[tuple[object, ...]] = [
        ("leadclass", f"{len(texts):,}", "", "", "", _rounded(rate), "")
    ]
    with tempfile.TemporaryDirectory() as folder:
        for name, measure in (("SQL, in DuckDB", by_sql), ("ONNX", by_onnx)):
            labels, traits, probabilities, seconds, size = measure(model, texts, Path(folder))
            rows.append(
                (
                    name,
                    f"{len(texts):,}",
                    int((labels != truth.labels).sum()),
                    sum(a != join_traits(b) for a, b in zip(traits, truth.traits, strict=True)),
                    f"{np.abs(probabilities - truth.probabilities).max():.0e}",
                    _rounded(len(texts) / seconds),
                    f"{size / 1e6:.1f}",
                )
            )
    write_table(options.output, HEADS, rows)


Measured = tuple[np.ndarray, list[str], np.ndarray, float, int]


def by_sql(model: leadclass.Model, texts: list[str], folder: Path) -> Measured:
    """What DuckDB says, and how long it takes, without the making of its tables."""
    export_sql(model, folder / "model")
    connection = duckdb.connect()
    connection.execute("SET VARIABLE leadclass_model = ?", [str(folder / "model")])
    connection.execute((folder / "model" / SCRIPT_FILE).read_text(encoding="utf-8"))
    connection.register("given", pa.table({"text": texts}))
    connection.execute("CREATE TABLE statements AS FROM given")
    started = time.perf_counter()
    rows = connection.execute("FROM leadclass_score('FROM statements') ORDER BY text").fetchall()
    seconds = time.perf_counter() - started
    found = {row[0]: row for row in rows}
    connection.execute(
        "SELECT text, list(probability ORDER BY place) "
        "FROM leadclass_probabilities('FROM statements') GROUP BY text"
    )
    by_text = dict(connection.fetchall())
    return (
        np.array([found[text][1] for text in texts], object),
        [found[text][4] for text in texts],
        np.array([by_text[text] for text in texts]),
        seconds,
        sum(file.stat().st_size for file in (folder / "model").iterdir()),
    )


def by_onnx(model: leadclass.Model, texts: list[str], folder: Path) -> Measured:
    """What ONNX Runtime says, and how long it takes from tokens on."""
    path = folder / "model.onnx"
    export_onnx(model, path)
    session = onnxruntime.InferenceSession(path)
    # Texts of about one length together, so that little is padding.
    order = np.argsort([len(text) for text in texts], kind="stable")
    inputs = [
        inputs_of([texts[i] for i in order[first : first + BATCH]])
        for first in range(0, len(order), BATCH)
    ]
    started = time.perf_counter()
    outputs = [session.run(None, given) for given in inputs]
    seconds = time.perf_counter() - started
    back = np.argsort(order)
    labels, probabilities, shown = (
        np.concatenate(parts)[back] for parts in zip(*outputs, strict=True)
    )
    assert probabilities.shape[1] == len(OUTPUTS)
    traits = [join_traits(names) for names in Decisions(probabilities, shown).traits]
    return labels, traits, probabilities, seconds, path.stat().st_size


def _rounded(rate: float) -> str:
    return f"{float(f'{rate:.2g}'):,.0f}"


if __name__ == "__main__":
    main()
