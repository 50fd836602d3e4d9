"""How fast leadclass is beside its peers, on the same statements in the same run.

Each is measured in a process of its own, on one core, after it has been made ready and has seen a
thousand of the statements; the best of several runs counts. Statements are drawn with replacement:
words come again, as in any large table. Machines are noisy: compare the ratios, not the rates.

    pip install '.[bench]'
    python benchmarks/speed.py --texts statements.csv -o docs/results

Writes speed.csv, growth.csv, tables.csv, stages.csv and start.csv, and with matplotlib speed.png.
Peers that are not installed are left out.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from peers import CORPUS, MODEL, PEERS, ROOT
from tables import write_table

from leadclass.cli.main import LIBRARIES

SEED = 0
REPEATS = 3

#: How often each peer has its turn, and each way to start.
ROUNDS = 3
STARTS = 15

#: The columns of start.csv.
STARTED = ["command", "seconds at best", "in the middle", "MB at most"]

#: Tables of no more rows are tagged so often, larger ones once.
MOST_REPEATED = 1_000_000

#: A peer that would take longer than this for so many statements is given no more.
PATIENCE = 30.0

#: A posting of so many statements is usual.
STATEMENTS_OF_A_POSTING = 30


def statements(paths: Iterable[str], n: int) -> list[str]:
    """So many statements, drawn with replacement from those of some tables."""
    texts: list[str] = []
    for path in paths:
        with Path(path).open(encoding="utf-8", newline="") as file:
            texts += [" ".join(row["text"].split()) for row in csv.DictReader(file)]
    return random.Random(SEED).choices([text for text in texts if len(text) > 20], k=n)


def postings(paths: Iterable[str], n: int) -> list[str]:
    """Postings put together from such statements: headings, a paragraph and bullets."""
    drawn = statements(paths, n * STATEMENTS_OF_A_POSTING)
    found = []
    for start in range(0, len(drawn), STATEMENTS_OF_A_POSTING):
        one = drawn[start : start + STATEMENTS_OF_A_POSTING]
        third = len(one) // 3
        duties, wanted = one[third : 2 * third], one[2 * third :]
        found.append(
            f"ABOUT THE ROLE\n\n{' '.join(one[:third])}\n\n"
            + "What you will do:\n"
            + "".join(f"- {statement}\n" for statement in duties)
            + "\nWho we look for\n\n"
            + "".join(f"• {statement}\n" for statement in wanted)
        )
    return found


def best_of(work: Callable[[], object], repeats: int = REPEATS) -> float:
    """Seconds that a piece of work takes at its quickest."""
    best = float("inf")
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
        if best > PATIENCE:
            break
    return best


def measure(name: str, paths: list[str], n: int) -> dict[str, float]:
    """Seconds for `n` statements and to get ready, and megabytes, in this process."""
    texts = statements(paths, n)
    start = time.perf_counter()
    peer = PEERS[name]()
    ready = time.perf_counter() - start
    peer.work(texts[:1000])
    seconds = best_of(lambda: peer.work(texts))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"seconds": seconds, "ready": ready, "peak": peak, "model": peer.megabytes}


def alone(name: str, paths: list[str], n: int) -> dict[str, float] | None:
    """The same in a process of its own, on one core; None if the peer is not installed."""
    single = {f"{library}_NUM_THREADS": "1" for library in ("OMP", "OPENBLAS", "MKL")}
    texts = [word for path in paths for word in ("--texts", path)]
    done = subprocess.run(
        [sys.executable, __file__, *texts, "--measure", name, "-n", str(n)],
        capture_output=True,
        encoding="utf-8",
        env=os.environ | single,
        check=False,
    )
    if done.returncode:
        if "ModuleNotFoundError" not in done.stderr:
            raise RuntimeError(f"{name}: {done.stderr}")
        print(f"{name} is not installed", file=sys.stderr)
        return None
    return json.loads(done.stdout.splitlines()[-1])


def rates(paths: list[str], most: int) -> tuple[list[list[object]], list[list[object]]]:
    """Rows of speed.csv, a peer each, and of growth.csv, a peer and a size each."""
    found: dict[str, dict[str, float]] = {}
    growth: list[list[object]] = []
    for name in PEERS:
        n = 1000
        while n <= most:
            one = alone(name, paths, n)
            if one is None:
                break
            found[name] = one | {"n": n, "rate": n / one["seconds"]}
            growth.append([name, n, f"{one['seconds']:.4f}", round(n / one["seconds"])])
            print(f"{name}: {n:,}: {n / one['seconds']:,.0f} a second", file=sys.stderr, flush=True)
            if one["seconds"] * 10 > PATIENCE:
                break
            n *= 10
    # A machine that others use is quicker at one time than at another: each peer has several turns.
    for _ in range(ROUNDS - 1):
        for name, one in found.items():
            again = alone(name, paths, int(one["n"]))
            if again is not None:
                one["rate"] = max(one["rate"], one["n"] / again["seconds"])
                print(f"{name}: {one['rate']:,.0f} a second", file=sys.stderr, flush=True)
    own = found["leadclass"]["rate"]
    table: list[list[object]] = [
        [
            (PEERS[name].__doc__ or name).rstrip("."),
            f"{one['rate']:,.0f}",
            f"{own / one['rate']:.2g}",
            f"{one['ready']:,.1f}",
            f"{one['model']:,.1f}",
        ]
        for name, one in found.items()
    ]
    return table, growth


def write_csv(path: Path, texts: Iterable[str]) -> None:
    """A table with a number and a text in each row."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "comment"])
        writer.writerows(enumerate(texts))


def _peak(table: Path, jobs: int) -> float:
    """Megabytes of all processes of ``leadclass tag`` at most.

    Of a run of its own, since to look at memory takes a good part of a core.
    """
    out = table.with_name("out.csv")
    process = subprocess.Popen(_tag(table, out, jobs))
    peak = [0.0]
    watch = threading.Thread(target=_watch, args=(process.pid, peak))
    watch.start()
    if process.wait():
        raise RuntimeError("leadclass tag has failed")
    watch.join()
    out.unlink()
    return peak[0]


def _tagging(table: Path, jobs: int, runs: int = 1) -> float:
    """Seconds until so many runs side by side have ended."""
    outs = [table.with_name(f"out{run}.csv") for run in range(runs)]
    start = time.perf_counter()
    processes = [subprocess.Popen(_tag(table, out, jobs)) for out in outs]
    codes = [process.wait() for process in processes]
    if any(codes):
        raise RuntimeError("leadclass tag has failed")
    seconds = time.perf_counter() - start
    for out in outs:
        out.unlink()
    return seconds


def _tag(table: Path, out: Path, jobs: int) -> list[str]:
    return [
        *(sys.executable, "-m", "leadclass", "tag", str(table), "-t", "comment"),
        *("-o", str(out), "--jobs", str(jobs)),
    ]


def _watch(pid: int, peak: list[float]) -> None:
    """Look at the memory of a process and those that it has started until it has ended."""
    import psutil

    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            total = 0
            for one in (process, *process.children(recursive=True)):
                try:
                    total += one.memory_full_info().pss  # what is shared counts once
                except (psutil.NoSuchProcess, psutil.AccessDenied):
                    continue
            peak[0] = max(peak[0], total / 1e6)
            time.sleep(0.05)
    except psutil.NoSuchProcess:
        return


def whole_tables(paths: list[str], most: int) -> Iterator[list[object]]:
    """A row for each size of table: seconds, rows a second and memory, on one core and on all."""
    cores = len(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "in.csv"
        n = 1000
        while n <= most:
            write_csv(table, statements(paths, n))
            about = [f"{n:,}", f"{table.stat().st_size / 1e6:,.1f}"]
            # By turns: a machine that others use is quicker at one time than at another.
            ways = [(jobs, 1) for jobs in sorted({1, cores})]
            if n == MOST_REPEATED and cores > 1:
                ways.append((1, cores))
            taken: dict[tuple[int, int], float] = {}
            for _ in range(REPEATS if n <= MOST_REPEATED else 1):
                for jobs, runs in ways:
                    seconds = _tagging(table, jobs, runs)
                    taken[jobs, runs] = min(seconds, taken.get((jobs, runs), seconds))
            for (jobs, runs), seconds in taken.items():
                called = f"{jobs}, {runs} runs at once" if runs > 1 else jobs
                peak = f"{_peak(table, jobs):,.0f}" if runs == 1 else ""
                rate = f"{runs * n / seconds:,.0f}"
                yield _told([*about, called, f"{seconds:,.2f}", rate, peak])
            n *= 10


def _told(row: list[object]) -> list[object]:
    print(" | ".join(map(str, row)), file=sys.stderr, flush=True)
    return row


def stages(paths: list[str], n: int) -> list[list[object]]:
    """Where the time goes, a row for each stage: of tables of statements and of postings."""
    from leadclass.model import load

    model = load(MODEL)
    with tempfile.TemporaryDirectory() as folder:
        return [
            row
            for what, texts in (
                ("statement", statements(paths, n)),
                ("posting", postings(paths, max(n // STATEMENTS_OF_A_POSTING, 1))),
            )
            for row in _stages(model, what, texts, Path(folder))
        ]


def _stages(model: Any, what: str, texts: list[str], folder: Path) -> Iterator[list[object]]:
    from leadclass.decisions import pool
    from leadclass.scoring import CHUNK
    from leadclass.statement_columns import split_column
    from leadclass.tables import create_table, open_table
    from leadclass.tagging import added_schema, label_cells
    from leadclass.tokens import tokenise

    table = folder / "in.csv"
    write_csv(table, texts)

    def read() -> list[Any]:
        with open_table(table) as opened:
            return [(batch, batch.read(1)) for batch in opened]

    def write() -> None:
        added, _ = added_schema(["id", "comment"], "row")
        with create_table(folder / "out.csv", kind, schema, added) as writer:
            for (batch, _), new in zip(batches, cells, strict=True):
                writer.write(batch, new)

    with open_table(table) as opened:
        kind, schema = opened.format, opened.schema
    batches = read()
    columns = [column for _, column in batches]
    split = [split_column(column) for column in columns]
    parts = [part.texts.slice(i, CHUNK) for part in split for i in range(0, len(part.texts), CHUNK)]
    decided = [model.decide(part.texts) for part in split]
    pooled = [pool(one, part.offsets) for one, part in zip(decided, split, strict=True)]
    cells = [label_cells(one) for one in pooled]
    seconds = {
        "read the csv": best_of(read),
        "split into statements": best_of(lambda: [split_column(column) for column in columns]),
        "find the tokens": best_of(lambda: [tokenise(part) for part in parts]),
        "score": best_of(lambda: [model.decide(part.texts) for part in split]),
        "pool and label": best_of(
            lambda: [
                label_cells(pool(one, part.offsets))
                for one, part in zip(decided, split, strict=True)
            ]
        ),
        "write the csv": best_of(write),
    }
    seconds["score"] -= seconds["find the tokens"]
    whole = sum(seconds.values())
    n_statements = sum(len(part.texts) for part in split)
    for stage, spent in seconds.items():
        yield [what, stage, f"{spent / len(texts) * 1e6:,.2f}", f"{spent / whole:.0%}"]
    yield [what, "all", f"{whole / len(texts) * 1e6:,.2f}", f"{len(texts) / whole:,.0f} a second"]
    yield [what, "statements in one", f"{n_statements / len(texts):.1f}", ""]


def starts() -> list[list[object]]:
    """A row for each way to start: the seconds until it has ended, at best and in the middle."""
    python = [sys.executable, "-c"]
    leadclass = [sys.executable, "-m", "leadclass"]
    ways = {
        "python -c pass": [*python, "pass"],
        "leadclass --help": [*leadclass, "--help"],
        "import numpy and what is used of pyarrow": [
            *python, "import numpy, pyarrow.compute, pyarrow.parquet",
        ],
        "leadclass score 'Plans the rota.'": [*leadclass, "score", "Plans the rota."],
        "load pipeline.joblib and predict": [
            *python,
            "import joblib; joblib.load('models/default/pipeline.joblib').predict_proba(['x'])",
        ],
    }  # fmt: skip
    # The command line tells the libraries so, too.
    told = os.environ | LIBRARIES
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(STARTS):
        for name, command in ways.items():
            run = partial(
                subprocess.run, command, capture_output=True, cwd=ROOT, env=told, check=True
            )
            taken[name].append(best_of(run, repeats=1))
    return [[name, f"{min(each):.2f}", f"{median(each):.2f}", ""] for name, each in taken.items()]


def training() -> list[object]:
    """A row for training on the corpus with cross-validation, on all cores."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "leadclass",
                "train",
                "-c",
                str(CORPUS),
                "-o",
                f"{folder}/model",
            ],
            stdout=subprocess.DEVNULL,
        )
        peak = [0.0]
        watch = threading.Thread(target=_watch, args=(process.pid, peak))
        watch.start()
        if process.wait():
            raise RuntimeError("leadclass train has failed")
        watch.join()
        return [
            "leadclass train -c corpus",
            f"{time.perf_counter() - start:.0f}",
            "",
            f"{peak[0]:,.0f}",
        ]


def plot(growth: Sequence[Sequence[object]], path: Path) -> None:
    """Statements a second of each peer, by how many there are."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(figsize=(8, 4.5), layout="constrained")
    last: dict[str, tuple[float, float]] = {}
    for name in dict.fromkeys(str(row[0]) for row in growth):
        sizes, rates = zip(
            *((int(str(row[1])), int(str(row[3]))) for row in growth if row[0] == name), strict=True
        )
        own = name == "leadclass"
        axes.plot(
            sizes, rates, marker="o", markersize=4, color="#0b6e4f" if own else "#9a9a9a",
            linewidth=2.5 if own else 1.2,
        )  # fmt: skip
        last[name] = (sizes[-1], rates[-1])
    below: dict[float, float] = {}
    for name, (size, rate) in sorted(last.items(), key=lambda one: one[1][1]):
        # Names that would stand on one another are moved apart.
        height = below[size] = max(rate, below.get(size, 0.0) * 1.4)
        axes.annotate(
            name.replace("_", " "), (size, height), xytext=(7, 0), textcoords="offset points",
            va="center", fontsize=9, fontweight="bold" if name == "leadclass" else "normal",
        )  # fmt: skip
    axes.set(
        xscale="log", yscale="log", xlabel="statements", ylabel="statements a second, one core"
    )
    axes.set_xlim(700, 8e6)
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", color="#e5e5e5")
    figure.savefig(path, dpi=110)


def main() -> None:
    """Measure one peer, or all of them and write the tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--texts", action="append", default=[], help="a csv with a column text")
    parser.add_argument("-n", type=int, default=1_000_000, help="statements for the stages")
    parser.add_argument("--most", type=int, default=10_000_000, help="statements at most")
    parser.add_argument("--measure", choices=PEERS, help="only this, on -n statements")
    parser.add_argument("-o", "--output", type=Path, help="the folder to write to")
    options = parser.parse_args()
    # What is imported is compiled once, as it is where leadclass was installed.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    paths = options.texts or [str(CORPUS / "postings.csv"), str(CORPUS / "reviews.csv")]
    if options.measure:
        print(json.dumps(measure(options.measure, paths, options.n)))
        return

    if options.output:  # now, rather than miss it when all is measured
        options.output.mkdir(parents=True, exist_ok=True)

    def keep(name: str, heads: list[str], rows: Iterable[list[Any]]) -> None:
        rows = list(rows)
        print(f"\n{name}", *(" | ".join(map(str, row)) for row in [heads, *rows]), sep="\n")
        if options.output:
            write_table(options.output / name, heads, rows)

    keep("start.csv", STARTED, [*starts(), training()])
    speed, growth = rates(paths, options.most)
    keep(
        "speed.csv",
        ["on one core", "statements a second", "leadclass is faster by", "seconds to get ready",
         "MB of its model"],
        speed,
    )  # fmt: skip
    keep("growth.csv", ["peer", "statements", "seconds", "a second"], growth)
    if options.output:
        plot(growth, options.output / "speed.png")
    keep("stages.csv", ["of a", "stage", "microseconds", "share"], stages(paths, options.n))
    keep(
        "tables.csv",
        ["rows", "MB", "processes", "seconds", "rows a second", "MB at most"],
        whole_tables(paths, options.most),
    )


if __name__ == "__main__":
    main()
