"""Whatever is sent to a server, by hand and on purpose, it goes on to answer others rightly."""

import gzip
import json
import resource
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path

import pytest
from conftest import QUARTET, ROOT
from servers import PATIENCE, client, httpx, serving, started, until

from leadclass.model import Model
from leadclass.server.app import create_app
from leadclass.server.bodies import _STRING
from leadclass.server.connections import Configuration
from leadclass.server.guard import HEADERS
from leadclass.server.running import Server
from leadclass.server.settings import Settings

HOST = b"Host: 127.0.0.1\r\n"
JSON = b"Content-Type: application/json\r\n"
CLOSE = b"Connection: close\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"

#: Megabytes that a process may come to hold by chance; an attack that gets through takes hundreds.
ROOM = 60


def request(line: bytes, *heads: bytes, body: bytes = b"") -> bytes:
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return b"%s HTTP/1.1\r\n%s\r\n%s" % (line, b"".join([*heads, length]), body)


def in_json(path: bytes, body: bytes, *heads: bytes) -> bytes:
    return request(b"POST " + path, HOST, JSON, CLOSE, *heads, body=body)


def as_form(
    *parts: bytes, boundary: bytes = b"x", kind: bytes = b"", end: bytes = b"--\r\n"
) -> bytes:
    body = b"".join(b"--x\r\n%s\r\n" % part for part in parts) + b"--x" + end
    media_type = b"Content-Type: multipart/form-data; boundary=%s%s\r\n" % (boundary, kind)
    return request(b"POST /api/v1/analyze", HOST, media_type, CLOSE, body=body)


def part(name: bytes, content: bytes = b"Plans the rota.", filename: bytes | None = None) -> bytes:
    file = b"" if filename is None else b'; filename="%s"' % filename
    return b'Content-Disposition: form-data; name="%s"%s\r\n\r\n%s' % (name, file, content)


def exchange(port: int, *pieces: bytes) -> bytes:
    """What a server answers to some bytes, up to where it closes."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as talking:
        try:
            for piece in pieces:
                talking.sendall(piece)
            return b"".join(iter(lambda: talking.recv(65_536), b""))
        except ConnectionError:
            return b""


def status_of(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def memory(process: subprocess.Popen[str]) -> float:
    """Megabytes that a process holds."""
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1000


@contextmanager
def many_files() -> Iterator[int]:
    """As many open files as may be; how many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = min(hard, 6000) if hard != resource.RLIM_INFINITY else 6000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))
    try:
        yield max(soft, most)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def answers_rightly(ask: httpx.Client) -> bool:
    rows = ask.post("/api/v1/score", json={"texts": list(QUARTET)}).json()["rows"]
    return {row["text"]: row["label"] for row in rows} == QUARTET


@pytest.fixture(scope="module")
def attacked(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server as a user starts it, which is as well at the end as it was at the beginning."""
    folder = tmp_path_factory.mktemp("server")
    with started(temporary=folder) as (process, where), client(where) as ask:
        for _ in range(5):
            assert answers_rightly(ask)
        before = memory(process)
        yield process, where
        assert answers_rightly(ask)
        assert memory(process) < before + ROOM
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0
        assert not list(folder.iterdir())


@pytest.fixture
def port(attacked: tuple[subprocess.Popen[str], str]) -> int:
    return int(attacked[1].rpartition(":")[2])


DEEP = b'{"texts": ' + b"[" * 50_000 + b"]" * 50_000 + b"}"

MALFORMED = {
    # What is no HTTP.
    "nonsense": (b"\x00\x01\x02\r\n\r\n", {400}),
    "encrypted": (bytes.fromhex("16030100c8010000c40303") + b"x" * 100, {400}),
    "no host": (request(b"GET /", CLOSE), {400}),
    "two hosts": (request(b"GET /", HOST, b"Host: evil.example\r\n"), {400}),
    "a space before a colon": (request(b"GET /", HOST, b"X : 1\r\n"), {400}),
    "a line end within a header": (request(b"GET /", HOST, b"X: a\rSet-Cookie: b\r\n"), {400}),
    "a nul within a header": (request(b"GET /", HOST, b"X: a\x00b\r\n"), {400}),
    "an endless header": (request(b"GET /", HOST, CLOSE, b"X: " + b"a" * 60_000), {400, 431}),
    "ten thousand headers": (request(b"GET /", HOST, CLOSE, b"X: a\r\n" * 9_000), {400, 431}),
    "a long address": (request(b"GET /" + b"a" * 60_000, HOST, CLOSE), {400, 431}),
    "a long question": (request(b"GET /?" + b"a" * 17_000, HOST, CLOSE), {400, 431}),
    # Who is meant, and where one request ends.
    "two lengths": (request(b"POST /", HOST, b"Content-Length: 1\r\n", body=b"ab"), {400}),
    "a negative length": (request(b"POST /", HOST, b"Content-Length: -1\r\n"), {400}),
    "a length with a sign": (request(b"POST /", HOST, b"Content-Length: +1\r\n"), {400}),
    "a length that is no number": (request(b"POST /", HOST, b"Content-Length: 1_0\r\n"), {400}),
    "a length of a hundred digits": (
        request(b"POST /", HOST, b"Content-Length: %s\r\n" % (b"9" * 100)), {400},
    ),
    "a length and chunks": (
        in_json(b"/api/v1/score", b"0\r\n\r\nGET /nothing HTTP/1.1\r\n" + HOST + b"\r\n", CHUNKED),
        {400},
    ),
    "chunked twice": (request(b"POST /", HOST, CHUNKED, CHUNKED), {400}),
    "chunked, and not": (request(b"POST /", HOST, b"Transfer-Encoding: chunked, x\r\n"), {400}),
    "nearly chunked": (request(b"POST /", HOST, b"Transfer-Encoding: xchunked\r\n"), {400}),
    "a chunk without a length": (
        request(b"POST /api/v1/score", HOST, JSON, CHUNKED) + b"zz\r\n{}\r\n0\r\n\r\n", {400},
    ),
    "a chunk longer than it says": (
        request(b"POST /api/v1/score", HOST, JSON, CHUNKED) + b"1\r\n{}}}}}\r\n0\r\n\r\n", {400},
    ),
    "a chunk of a negative length": (
        request(b"POST /api/v1/score", HOST, JSON, CHUNKED) + b"-1\r\n{}\r\n0\r\n\r\n", {400},
    ),
    "a chunk with an endless extension": (
        request(b"POST /api/v1/score", HOST, JSON, CHUNKED) + b"1;" + b"a" * 60_000, {400},
    ),
    # Other names, other sites.
    "another name": (request(b"GET /", b"Host: evil.example\r\n", CLOSE), {421}),
    "a name that begins like its own": (
        request(b"GET /", b"Host: 127.0.0.1.evil.example\r\n", CLOSE), {421},
    ),
    "a name before its own": (request(b"GET /", b"Host: evil@127.0.0.1\r\n", CLOSE), {421}),
    "an empty name": (request(b"GET /", b"Host:\r\n", CLOSE), {421}),
    "an old request": (b"GET / HTTP/1.0\r\n\r\n", {421}),
    "another origin": (in_json(b"/api/v1/score", b"{}", b"Origin: http://evil.example\r\n"), {403}),
    "no origin": (in_json(b"/api/v1/score", b"{}", b"Origin: null\r\n"), {403}),
    "another origin that begins like its own": (
        in_json(b"/api/v1/score", b"{}", b"Origin: http://127.0.0.1.evil.example\r\n"), {403},
    ),
    "what a form of another site can send": (
        request(b"POST /api/v1/score", HOST, CLOSE, b"Content-Type: text/plain\r\n", body=b"{}"),
        {415},
    ),
    # Addresses and methods.
    "an address of another server": (request(b"GET http://evil.example/", HOST, CLOSE), {404}),
    "two strokes": (request(b"GET //evil.example/", HOST, CLOSE), {404}),
    "up": (request(b"GET /page/../../app.py", HOST, CLOSE), {404}),
    "up, in hexadecimal": (request(b"GET /page/%2e%2e/%2e%2e/app.py", HOST, CLOSE), {404}),
    "up, in one part": (request(b"GET /page/..%2f..%2fapp.py", HOST, CLOSE), {404}),
    "up, backwards": (request(b"GET /page/..%5c..%5capp.py", HOST, CLOSE), {404}),
    "up, in hexadecimal twice": (request(b"GET /page/%252e%252e%252fapp.py", HOST, CLOSE), {404}),
    "a nul": (request(b"GET /page/page.js%00.css", HOST, CLOSE), {404}),
    "a line end": (request(b"GET /page/%0d%0aSet-Cookie:a=b", HOST, CLOSE), {404}),
    "half a character": (request(b"GET /page/%ff%fe", HOST, CLOSE), {404}),
    "the whole server": (request(b"OPTIONS *", HOST, CLOSE), {404}),
    "a tunnel": (request(b"CONNECT evil.example:443", HOST, CLOSE), {404}),
    "a trace": (request(b"TRACE /", HOST, CLOSE), {405}),
    "a method that nobody knows": (request(b"BREW /api/v1/score", HOST, CLOSE), {405}),
    # Bodies in JSON.
    "packed": (
        in_json(b"/api/v1/score", gzip.compress(b" " * 10**7), b"Content-Encoding: gzip\r\n"),
        {415},
    ),
    "deep": (in_json(b"/api/v1/score", DEEP), {400, 413}),
    "a number of many digits": (in_json(b"/api/v1/score", b"[%s]" % (b"9" * 90_000)), {400}),
    "a million brackets": (in_json(b"/page/report", b"[" + b"{}," * 10**6 + b"0]"), {413}),
    "a million quotes": (in_json(b"/page/report", b'"\\' * 10**6), {400, 413}),
    "more than it may be": (
        request(b"POST /api/v1/score", HOST, JSON, b"Content-Length: 99999999999\r\n"), {413},
    ),
    # Forms.
    "a form without a boundary": (
        request(b"POST /api/v1/analyze", HOST, CLOSE, b"Content-Type: multipart/form-data\r\n",
                body=b"--x--"), {400},
    ),
    "a long boundary": (as_form(part(b"file"), boundary=b"x" * 5000), {400}),
    "another boundary": (as_form(part(b"file"), boundary=b"y"), {400}),
    "a form of nothing": (as_form(), {422}),
    "a form without an end": (as_form(part(b"file", filename=b"a.txt"), end=b""), {422}),
    "no name": (as_form(b"Content-Disposition: form-data\r\n\r\na"), {400}),
    "a hundred thousand parts": (as_form(*[part(b"a", b"b")] * 100_000), {400}),
    "a thousand files": (as_form(*[part(b"file", filename=b"a.txt")] * 1000), {400}),
    "endless headers of a part": (as_form(b"A: b\r\n" * 100_000), {400}),
    "a long header of a part": (as_form(b"A: " + b"b" * 100_000), {400}),
    "a long field": (as_form(part(b"encoding", b"a" * 100_000)), {400}),
    "a form within a form": (
        as_form(b"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\n--y--"), {400},
    ),
    "a charset that is none": (
        as_form(part(b"file", filename=b"a.txt"), kind=b"; charset=undefined"), {400},
    ),
    "an encoding that is none": (
        as_form(part(b"encoding", b"zlib"), part(b"file", filename=b"a.txt")), {422},
    ),
    "an encoding that is a path": (
        as_form(part(b"encoding", b"../../x\x00"), part(b"file", filename=b"a.txt")), {422},
    ),
    "a file of no kind": (as_form(part(b"file", filename=b"../../etc/passwd\x00.exe")), {422}),
}  # fmt: skip


@pytest.mark.parametrize(("sent", "statuses"), MALFORMED.values(), ids=MALFORMED)
def test_what_is_malformed_is_refused_in_json_behind_the_same_guard(
    port: int, sent: bytes, statuses: set[int]
) -> None:
    answer = exchange(port, sent)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert status_of(head) in statuses
    assert body.count(b"HTTP/1.1") == 0
    given = httpx.Headers([tuple(line.split(b": ", 1)) for line in head.split(b"\r\n")[1:]])
    assert {name: given[name] for name in HEADERS} == HEADERS
    assert "set-cookie" not in given
    assert not head.startswith(b"HTTP/1.1 405") or given["allow"]
    assert set(json.loads(body)) == {"error"}


def test_good_requests_are_answered_rightly_while_bad_ones_come(
    attacked: tuple[subprocess.Popen[str], str], port: int
) -> None:
    _, where = attacked
    over = threading.Event()

    def ask_on() -> list[bool]:
        with client(where) as ask:
            answers = [answers_rightly(ask)]
            while not over.is_set():
                answers.append(answers_rightly(ask))
            return answers

    with ThreadPoolExecutor(4) as pool:
        good = [pool.submit(ask_on) for _ in range(2)]
        bad = [sent for sent, statuses in MALFORMED.values() if statuses != {413}]
        answered = list(pool.map(lambda sent: exchange(port, sent), bad))
        over.set()
        assert all(answer.startswith(b"HTTP/1.1 4") for answer in answered)
        assert all(all(one.result()) for one in good)


def test_a_request_to_go_over_to_another_protocol_is_answered_in_this_one(port: int) -> None:
    for protocol in (b"websocket", b"h2c"):
        upgrade = b"Connection: Upgrade, close\r\nUpgrade: %s\r\n" % protocol
        key = b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        answer = exchange(port, request(b"GET /api/v1/health", HOST, upgrade, key, CLOSE))
        assert status_of(answer) == 200


def test_what_comes_after_a_request_is_answered_after_it(port: int) -> None:
    asked = request(b"GET /api/v1/health", HOST)
    answer = exchange(port, asked * 50 + request(b"GET /nothing", HOST, CLOSE))
    assert answer.count(b"HTTP/1.1 200 OK") == 50
    assert answer.count(b"HTTP/1.1 404") == 1
    broken = exchange(port, asked + b"\x00\r\n\r\n")
    assert broken.count(b"HTTP/1.1 200 OK") == 1
    assert broken.count(b"HTTP/1.1 400 Bad Request") == 1


@pytest.mark.parametrize(
    "name", [b"a\x00.txt", b"../../a.txt", b"a\n.txt", b"C:\\a.txt", b"\xff\xfe.txt", b"a;b=c.txt"]
)
def test_a_name_of_a_file_is_no_more_than_a_name(port: int, name: bytes) -> None:
    answer = exchange(port, as_form(part(b"file", filename=name)))
    assert status_of(answer) == 200
    shown = json.loads(answer.partition(b"\r\n\r\n")[2])["name"]
    assert shown.isprintable()
    assert "/" not in shown


def test_a_name_that_comes_back_in_a_header_breaks_out_of_none(port: int) -> None:
    name = b"a%0d%0aSet-Cookie: b=c\t; filename=evil.exe\xe2\x80\xae.csv"
    form = as_form(part(b"column", b"text"), part(b"file", b"text\nPlans.\n", name))
    answer = exchange(port, form.replace(b"/api/v1/analyze", b"/api/v1/tag"))
    head = answer.partition(b"\r\n\r\n")[0].lower()
    assert status_of(answer) == 200
    assert b"\nset-cookie" not in head
    (line,) = [one for one in head.split(b"\r\n") if one.startswith(b"content-disposition")]
    assert line.isascii()
    assert line.count(b"filename=") == line.count(b"filename*=") == 1


def test_who_is_refused_while_still_sending_sees_the_answer(port: int) -> None:
    length = b"Content-Length: 30000000\r\n"
    head = request(b"POST /api/v1/score", HOST, JSON, CLOSE, length)
    assert status_of(exchange(port, head, *[b"a" * 10**6] * 30)[:20]) == 413


def test_who_asks_before_sending_is_refused_before(port: int) -> None:
    head = request(
        b"POST /api/v1/score", HOST, JSON, b"Content-Length: 3000000\r\nExpect: 100-continue\r\n"
    )
    assert status_of(exchange(port, head)) == 413


def test_thousands_of_connections_without_a_word_keep_nobody_out(
    attacked: tuple[subprocess.Popen[str], str], port: int
) -> None:
    process, where = attacked
    with many_files() as most, ExitStack() as stack:
        for n in range(min(1500, most - 500)):
            idle = stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            if n % 3:
                idle.sendall(b"GET / HTTP/1.1\r\nX: a" if n % 2 else in_json(b"/", b"{}")[:-1])
        with client(where) as ask:
            assert answers_rightly(ask)
        assert len(list(Path(f"/proc/{process.pid}/fd").iterdir())) < Settings().connections + 150


def test_the_texts_of_json_are_found_in_time_that_grows_with_it() -> None:
    for body in (
        b'"\\' * 10**6,
        b'"a' * 10**6,
        b'\\"' * 10**6 + b"\\",
        b'"' + b'\\"' * 10**6 + b"\\",
    ):
        assert len(_STRING.sub(b"", body)) <= len(body)
    assert _STRING.sub(b"", rb'{"a": ["\"]", "\\"]}') == b"{: [, ]}"


# Those who take their time. What they are given is short here, for the test to be quick.

SHORT = Settings(head_seconds=0.3, between_seconds=0.3, idle_seconds=0.3, slowest=100_000)


def dribble(port: int, head: bytes, piece: bytes) -> bytes:
    """What is answered to somebody who goes on sending a little, up to where it is closed."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE) as talking:
        talking.sendall(head)
        talking.settimeout(0.02)
        end = time.monotonic() + PATIENCE
        answer = b""
        while time.monotonic() < end:
            try:
                talking.sendall(piece)
                got = talking.recv(65_536)
                if not got:
                    return answer
                answer += got
            except TimeoutError:
                pass
            except ConnectionError:
                return answer
    raise AssertionError("it went on listening")


@contextmanager
def slow_server(model: Model, settings: Settings = SHORT) -> Iterator[tuple[int, str]]:
    with serving(model, settings) as where:
        yield int(where.rpartition(":")[2]), where


SLOW: dict[str, Callable[[int], bytes]] = {
    "nothing": lambda port: exchange(port),
    "a head": lambda port: dribble(port, b"GET / HTTP/1.1\r\n", b"X: a\r\n"),
    "a head after another": lambda port: dribble(
        port, request(b"GET /api/v1/health", HOST) + b"GET /", b"a"
    ),
    "line ends": lambda port: dribble(port, b"", b"\r\n"),
    "a body": lambda port: dribble(port, in_json(b"/api/v1/score", b" " * 10**6)[: -(10**6)], b" "),
    "a form": lambda port: dribble(port, as_form(part(b"file", b"a" * 10**6))[: -(10**6)], b"a"),
    "chunks": lambda port: dribble(
        port, request(b"POST /api/v1/score", HOST, JSON, CHUNKED), b"1\r\n \r\n"
    ),
    "a body that is refused": lambda port: dribble(
        port, request(b"POST /nothing", HOST, b"Content-Length: 1000000\r\n"), b"a"
    ),
}


@pytest.mark.parametrize("slow", SLOW)
def test_who_sends_a_little_at_a_time_is_let_go(model: Model, slow: str) -> None:
    with slow_server(model) as (port, where), client(where) as ask:
        answer = SLOW[slow](port)
        assert answer.count(b"HTTP/1.1 ") <= 1 or slow == "a head after another"
        assert answers_rightly(ask)


def test_who_never_reads_the_answer_is_let_go(model: Model) -> None:
    text = "Plans the rota. " * 3_000
    body = json.dumps({"text": text}).encode()
    asked = request(b"POST /page/article", HOST, JSON, body=body)
    app = create_app(model, SHORT)
    with serving(model, SHORT, app) as where, ExitStack() as stack:
        port = int(where.rpartition(":")[2])
        for _ in range(2):
            deaf = socket.socket()
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            deaf.settimeout(PATIENCE)
            deaf.connect(("127.0.0.1", port))
            stack.enter_context(deaf)
            deaf.sendall(asked * 3)
            until(lambda: is_closed(deaf))  # noqa: B023, it is called at once
        with client(where) as ask:
            assert answers_rightly(ask)


def is_closed(talking: socket.socket) -> bool:
    """Whether the other side has closed, without reading what it sent."""
    try:
        talking.send(b" ")
    except ConnectionError:
        return True
    return False


def test_beyond_the_most_connections_one_that_is_silent_gives_way(model: Model) -> None:
    few = Settings(connections=3, head_seconds=PATIENCE)
    with slow_server(model, few) as (port, where), ExitStack() as stack:
        silent = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port), PATIENCE))
            for _ in range(3)
        ]
        with client(where) as ask:
            assert answers_rightly(ask)
            until(lambda: sum(map(is_closed, silent)) == 1)
            assert answers_rightly(ask)


def test_where_all_connections_are_at_work_another_is_refused(model: Model) -> None:
    free = threading.Event()
    few = Settings(connections=2)
    app = create_app(model, few)
    service = app._app.state.service  # type: ignore[attr-defined]
    service.model.analyze = lambda _: free.wait(PATIENCE)
    with serving(model, few, app) as where, client(where) as ask, ThreadPoolExecutor(2) as pool:
        port = int(where.rpartition(":")[2])
        busy = [pool.submit(ask.post, "/api/v1/analyze", json={"text": "a"}) for _ in range(2)]
        until(lambda: service.work._places._value == few.workers + few.waiting - 2)
        answer = exchange(port)
        free.set()
        assert status_of(answer) == 503
        assert b"too many connections" in answer
        assert [one.result().status_code for one in busy] == [500, 500]


def test_what_all_send_together_is_bounded_and_a_small_request_still_gets_through(
    model: Model,
) -> None:
    bounded = Settings(memory_bytes=1_500_000, disk_bytes=3_000_000)
    text = request(b"POST /api/v1/score", HOST, JSON, body=b" " * 1_000_000)
    form = as_form(part(b"file", b"a" * 2_500_000, b"a.txt"))
    for large, much in ((text, b"sent by all"), (form, b"sent by all")):
        with slow_server(model, bounded) as (port, where), client(where) as ask:
            with socket.create_connection(("127.0.0.1", port), PATIENCE) as first:
                first.sendall(large[:-1])
                refused = b""
                end = time.monotonic() + PATIENCE
                while much not in refused and time.monotonic() < end:
                    refused = exchange(port, large.replace(HOST, HOST + CLOSE))
                assert status_of(refused) == 503
                assert answers_rightly(ask)
            until(lambda: much not in exchange(port, large.replace(HOST, HOST + CLOSE)))  # noqa: B023


def test_a_small_table_that_would_become_a_large_one_is_refused(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    table = f"text,long\n{'Plans the rota. ' * 200},{'a' * 100_000}\n".encode()
    with serving(model, Settings(table_bytes=200_000)) as where, client(where) as ask:
        files, fields = {"file": ("a.csv", table)}, {"column": "text", "unit": "statement"}
        given = ask.post("/api/v1/tag", files=files, data=fields)
        assert given.status_code == 413
        assert "would be more than 1 MB" in given.text
        assert not [path for path in tmp_path.rglob("*") if path.is_file()]


# How it ends.

ROWS = b"text\n" + b"Plans the rota and the ward.\n" * 400_000


@contextmanager
def tagging(
    folder: Path, rows: bytes
) -> Iterator[tuple[subprocess.Popen[str], str, Callable[[], httpx.Response]]]:
    """A server that is at work on a table, its address, and what waits for the answer."""
    with (
        started(temporary=folder) as (process, where),
        client(where) as ask,
        ThreadPoolExecutor(1) as pool,
    ):
        files = {"file": ("a.csv", rows)}
        asked = pool.submit(ask.post, "/api/v1/tag", data={"column": "text"}, files=files)
        until(lambda: list(folder.rglob("table.csv")))
        yield process, where, asked.result
        asked.exception()


def test_told_to_stop_it_finishes_what_began_and_begins_nothing(tmp_path: Path) -> None:
    with tagging(tmp_path, ROWS[:600_005]) as (process, where, answer):
        process.send_signal(signal.SIGTERM)
        until(lambda: is_refused(where))
        assert answer().content.count(b"\n") > 20_000
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_told_twice_it_stops_at_once_and_leaves_nothing(
    tmp_path: Path, told: signal.Signals
) -> None:
    with tagging(tmp_path, ROWS) as (process, where, answer):
        process.send_signal(told)
        until(lambda: is_refused(where))
        process.send_signal(told)
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 128 + told
        assert answer().status_code == 503
    assert not list(tmp_path.iterdir())


def is_refused(where: str) -> bool:
    try:
        socket.create_connection(("127.0.0.1", int(where.rpartition(":")[2])), PATIENCE).close()
    except ConnectionError:
        return True
    return False


def test_what_is_not_finished_in_time_is_told_so_and_cut_off(model: Model) -> None:
    short = Settings(stopping_seconds=1)
    app = create_app(model, short)
    free = threading.Event()
    app._app.state.service.model.analyze = lambda _: free.wait(PATIENCE)  # type: ignore[attr-defined]
    server = Server(Configuration(app, short), lambda: None)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        where = f"http://127.0.0.1:{listening.getsockname()[1]}"
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        with stopping_by_hand(server), client(where) as ask, ThreadPoolExecutor(1) as pool:
            running.start()
            until(lambda: server.started)
            asked = pool.submit(ask.post, "/api/v1/analyze", json={"text": "a"})
            until(lambda: server.server_state.tasks)
            server.handle_exit(signal.SIGTERM, None)
            assert asked.result().status_code == 503
            assert "stopped" in asked.result().text
            running.join(PATIENCE)
            free.set()
    assert server.cut_off_by == signal.SIGTERM


@contextmanager
def stopping_by_hand(server: Server) -> Iterator[None]:
    """Signals are only for the main thread, which the server of this test is not in."""
    server.capture_signals = nullcontext  # type: ignore[method-assign]
    yield


def test_some_hundred_requests_leave_it_as_it_was(
    attacked: tuple[subprocess.Popen[str], str], port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "benchmarks")
    import load

    process, _ = attacked
    before = memory(process)
    answers = load.send(port, 1, 240, list(QUARTET))
    assert len(answers.took) == 240
    assert not answers.failed
    assert memory(process) < before + ROOM


def test_a_process_that_may_open_few_files_takes_fewer_connections(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = create_app(model)
    for files, connections in ((256, 128), (100_000, Settings().connections)):
        monkeypatch.setattr("leadclass.server.connections._open_files", lambda: files)  # noqa: B023
        assert Configuration(app, Settings()).most_connections == connections
