"""How `leadclass serve` answers: one user, one user while a table is tagged, fifty at once.

Each user sends one request after the other without a pause: mostly a posting to be reported on, as
the page does while one types, and now and then statements to score, one to explain, a table. The
server runs in a process of its own on this machine; users are threads of this one.

    pip install '.[serve]'
    python benchmarks/serving.py --seconds 60 --users 50 -o docs/results

Writes serving.csv, with times in milliseconds, and says how much memory the server had. Ends with
exit code 1 if a request failed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import random
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from uuid import uuid4

from clients import all_at_once, memory, serving
from tables import write_table

from leadclass.model import load

ROOT = Path(__file__).parent.parent
POSTINGS = sorted((ROOT / "examples" / "postings").iterdir())
REVIEWS = (ROOT / "examples" / "reviews.csv").read_bytes()

#: Statements of the posting that is reported on.
STATEMENTS = 60
#: Rows of the long table that is tagged while one user goes on.
LONG_TABLE = 150_000
#: Seconds that one user is watched.
ALONE = 5.0
#: Of the requests of many users, how often each kind is drawn.
MIX = {"report": 20, "score": 4, "explain": 2, "look": 1, "tag": 1}

#: A request: the address, the body and its media type.
Request = tuple[str, bytes, str]


@dataclass
class Answers:
    """How long answers took, in seconds, by kind of request, and how many were no success."""

    took: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)


def as_json(path: str, fields: dict[str, object]) -> Request:
    """A request with fields in JSON."""
    return path, json.dumps(fields).encode(), "application/json"


def as_form(path: str, table: bytes, **fields: str) -> Request:
    """A request with a table and fields in a form."""
    mark = uuid4().hex
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = (
        f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n"
    )
    body = b"".join([*parts, head.encode(), table, f"\r\n--{mark}--\r\n".encode()])
    return path, body, f"multipart/form-data; boundary={mark}"


def requests() -> dict[str, Request]:
    """A request of each kind."""
    statements = [
        statement.text
        for path in POSTINGS
        for statement in load().analyze(path).statements
        if statement.form != "heading"
    ][:STATEMENTS]
    return {
        "report": as_json("/page/article", {"text": "\n".join(f"- {s}" for s in statements)}),
        "score": as_json("/api/v1/score", {"texts": statements}),
        "explain": as_json("/api/v1/explain", {"text": statements[0]}),
        "look": as_form("/api/v1/tag/look", REVIEWS),
        "tag": as_form("/api/v1/tag", REVIEWS, column="comment"),
    }


def user(port: int, draw: Callable[[], tuple[str, Request]], end: float, answers: Answers) -> None:
    """Send requests until the end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    while time.monotonic() < end:
        kind, (path, body, media_type) = draw()
        begun = time.perf_counter()
        try:
            connection.request("POST", path, body, {"Content-Type": media_type})
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                answers.failed.append(f"{kind}: {answer.status}")
        except (OSError, http.client.HTTPException) as error:
            answers.failed.append(f"{kind}: {type(error).__name__}")
            connection.close()
        answers.took.setdefault(kind, []).append(time.perf_counter() - begun)
    connection.close()


def watch(
    port: int, draw: Callable[[], tuple[str, Request]], seconds: float, users: int = 1
) -> Answers:
    """The answers that so many users get in so many seconds."""
    end = time.monotonic() + seconds
    each = [Answers() for _ in range(users)]
    all_at_once(user, [(port, draw, end, one) for one in each])
    together = Answers()
    for one in each:
        together.failed += one.failed
        for kind, took in one.took.items():
            together.took.setdefault(kind, []).extend(took)
    return together


HEADS = ("who", "request", "n", "a second", "median", "95th", "longest")


def rows(who: str, answers: Answers, seconds: float) -> list[tuple[object, ...]]:
    """A row for each kind of request, the commonest first."""
    return [
        (
            who,
            kind,
            len(took),
            round(len(took) / seconds, 1),
            round(1000 * median(took), 1),
            round(1000 * quantiles(took, n=20)[-1], 1) if len(took) > 1 else "",
            round(1000 * max(took), 1),
        )
        for kind, took in sorted(answers.took.items(), key=lambda item: -len(item[1]))
    ]


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("-o", "--output", type=Path, default=Path())
    asked = parser.parse_args()

    given = requests()
    mixed = random.Random(0).choices(list(MIX), list(MIX.values()), k=10_000)
    turns = iter(mixed * 1000)

    def report() -> tuple[str, Request]:
        return "report", given["report"]

    def any_kind() -> tuple[str, Request]:
        kind = next(turns)
        return kind, given[kind]

    with serving() as (server, port):
        watch(port, report, 1)
        table: list[tuple[object, ...]] = []
        one = watch(port, report, ALONE)
        table += rows("one user", one, ALONE)

        lines = REVIEWS.splitlines(keepends=True)
        long = lines[0] + b"".join(lines[1 + n % (len(lines) - 1)] for n in range(LONG_TABLE))
        tagged = Answers()
        tag = ("long table", as_form("/api/v1/tag", long, column="comment"))
        now = time.monotonic()
        beside = threading.Thread(target=user, args=(port, lambda: tag, now + 0.01, tagged))
        beside.start()
        while_tagging = watch(port, report, ALONE)
        beside.join()
        table += rows("one user, a table tagged", while_tagging, ALONE)
        table += rows("beside", tagged, time.monotonic() - now)

        watch(port, any_kind, 3, asked.users)
        before = memory(server.pid)
        many = watch(port, any_kind, asked.seconds, asked.users)
        after = memory(server.pid)
        table += rows(f"{asked.users} users", many, asked.seconds)
        failed = one.failed + while_tagging.failed + tagged.failed + many.failed
    write_table(asked.output / "serving.csv", HEADS, table)
    for row in (HEADS, *table):
        print("  ".join(map(str, row)))
    print(f"{len(failed)} failed {failed[:5]}; memory {before} MB before, {after} MB after")
    sys.exit(bool(failed) or server.returncode)


if __name__ == "__main__":
    main()
