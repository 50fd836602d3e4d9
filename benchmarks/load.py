"""Whether `leadclass serve` stays as it is over a hundred thousand requests.

Several clients, each with a connection that it keeps, send one request after the other: statements
to score, texts to profile, statements to explain, and some that are wrong. Each has a word that was
never sent before, and each answer is held against what was asked. The server runs in a process of
its own on this machine; clients are threads of this one.

    pip install '.[serve]'
    nice python benchmarks/load.py -o docs/results

Writes load.csv, a row for every tenth of the requests: how many were answered wrongly or not, the
memory, open files and threads of the server, and the times in milliseconds. Ends with exit code 1
if an answer was wrong or missing, or the memory grew by more than a tenth after the first row.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

from clients import all_at_once, memory, serving
from serving import POSTINGS, as_json
from tables import write_table

from leadclass.model import load

CLIENTS = 8
REQUESTS = 100_000
ROWS = 10

#: How often each kind of request is drawn.
MIX = {"score": 10, "analyze": 6, "explain": 2, "health": 1, "wrong": 1}

#: A statement that every request to score has, and its label.
KNOWN = ("Plans the weekly rota.", "management")

#: The memory after the first row may grow by so much.
GROWTH = 1.1

HEADS = ("requests", "failed", "memory MB", "files", "threads", "p50", "p95", "p99", "longest")


@dataclass
class Answers:
    """How long answers took, in seconds, and what was wrong with some."""

    took: list[float] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)


Ask = Callable[[str, str, bytes | None], tuple[int, dict[str, object]]]


def new_word(draw: random.Random) -> str:
    """A word that was never sent before."""
    return "".join(draw.choices("bcdfghklmnprstvw", k=4)) + f"{draw.getrandbits(40):x}"


def ask_one(draw: random.Random, statements: list[str], ask: Ask) -> str | None:
    """Send a request of some kind; what is wrong with the answer."""
    (kind,) = draw.choices(list(MIX), list(MIX.values()))
    some = [f"{text} {new_word(draw)}" for text in draw.sample(statements, 4)]
    if kind == "health":
        status, _ = ask("GET", "/api/v1/health", None)
        return None if status == 200 else f"health: {status}"
    if kind == "wrong":
        path, body, _ = as_json("/api/v1/score", {"texts": some, some[0]: 1})
        status, _ = ask("POST", path, body)
        return None if status == 422 else f"wrong: {status}"
    texts = [KNOWN[0], *some]
    fields: dict[str, object] = {
        "score": {"texts": texts},
        "analyze": {"text": "\n\n".join(texts)},
        "explain": {"text": some[0]},
    }[kind]
    path, body, _ = as_json(f"/api/v1/{kind}", fields)
    status, given = ask("POST", path, body)
    if status != 200:
        return f"{kind}: {status}"
    if kind == "score":
        rows = given["rows"]
        assert isinstance(rows, list)
        right = [row["text"] for row in rows] == texts and rows[0]["label"] == KNOWN[1]
    elif kind == "analyze":
        right = given["text"] == fields["text"]
    else:
        right = given["text"] == some[0]
    return None if right else f"{kind}: the answer is to something else"


def client(port: int, seed: int, number: int, statements: list[str], answers: Answers) -> None:
    """Send so many requests, one after the other."""
    draw = random.Random(seed)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(method: str, path: str, body: bytes | None) -> tuple[int, dict[str, object]]:
        connection.request(method, path, body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    for _ in range(number):
        begun = time.perf_counter()
        try:
            wrong = ask_one(draw, statements, ask)
        except (OSError, http.client.HTTPException) as error:
            wrong = type(error).__name__
            connection.close()
        answers.took.append(time.perf_counter() - begun)
        if wrong:
            answers.failed[wrong] += 1
    connection.close()


def send(port: int, seed: int, number: int, statements: list[str]) -> Answers:
    """The answers to so many requests of all clients together."""
    each = [Answers() for _ in range(CLIENTS)]
    all_at_once(
        client,
        [
            (port, seed * CLIENTS + i, number // CLIENTS, statements, one)
            for i, one in enumerate(each)
        ],
    )
    together = Answers()
    for one in each:
        together.took += one.took
        together.failed += one.failed
    return together


def row(process: int, requests: int, answers: Answers) -> tuple[object, ...]:
    """How the server is, and how it answered."""
    of_process = Path(f"/proc/{process}")
    status = (of_process / "status").read_text().splitlines()
    threads = next(int(line.split()[1]) for line in status if line.startswith("Threads"))
    files = len(list((of_process / "fd").iterdir()))
    cuts = quantiles(answers.took, n=100)
    times = (cuts[49], cuts[94], cuts[98], max(answers.took))
    return (
        requests,
        answers.failed.total(),
        memory(process),
        files,
        threads,
        *(round(1000 * seconds, 1) for seconds in times),
    )


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("-o", "--output", type=Path, default=Path())
    asked = parser.parse_args()

    model = load()
    statements = [
        statement.text
        for path in POSTINGS
        for statement in model.analyze(path).statements
        if statement.form != "heading"
    ]
    each = asked.requests // ROWS
    table = []
    failed: Counter[str] = Counter()
    with serving() as (server, port):
        first = send(port, 0, max(each // 20, 2 * CLIENTS), statements)
        table.append(row(server.pid, 0, first))
        print(*HEADS, sep="  ")
        print(*table[-1], sep="  ")
        for n in range(1, ROWS + 1):
            answers = send(port, n, each, statements)
            failed += answers.failed
            table.append(row(server.pid, n * each, answers))
            print(*table[-1], sep="  ", flush=True)
    asked.output.mkdir(parents=True, exist_ok=True)
    write_table(asked.output / "load.csv", HEADS, table)
    print(f"{failed.total()} failed {dict(failed)}; the server ended with {server.returncode}")
    grew = float(str(table[-1][2])) > GROWTH * float(str(table[1][2]))
    sys.exit(bool(failed) or grew or server.returncode)


if __name__ == "__main__":
    main()
