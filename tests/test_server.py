import csv
import io
import json
import logging
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import EXAMPLES, QUARTET, Run, assert_one_clear_line
from servers import PATIENCE, client, httpx, serving, started, stop, until

from leadclass.documents import Document, read_document
from leadclass.model import Model
from leadclass.server.app import create_app
from leadclass.server.guard import HEADERS
from leadclass.server.openapi import description
from leadclass.server.settings import Settings
from leadclass.server.shared_model import TURN, SharedModel
from leadclass.server.uploads import attachment, plain_name
from leadclass.table_tagging import tag_table

POSTING = EXAMPLES / "postings" / "ward-manager.txt"
REVIEWS = EXAMPLES / "reviews.csv"


@pytest.fixture(scope="module")
def address(model: Model) -> Iterator[str]:
    with serving(model) as where:
        yield where


@pytest.fixture
def ask(address: str) -> Iterator[httpx.Client]:
    with client(address) as asking:
        yield asking


def upload(path: Path) -> dict[str, tuple[str, bytes]]:
    return {"file": (path.name, path.read_bytes())}


# What it says.


def test_statements_are_scored_as_the_model_scores_them(ask: httpx.Client, model: Model) -> None:
    rows = ask.post("/api/v1/score", json={"texts": [*QUARTET, "--"]}).json()["rows"]
    assert {row["text"]: row["label"] for row in rows[:-1]} == QUARTET
    assert rows[-1]["p_leadership"] is None
    assert rows[0]["p_leadership"] == round(model.predict_proba([rows[0]["text"]])[0, 0], 4)


def test_a_text_gives_the_profile_of_the_model(ask: httpx.Client, model: Model) -> None:
    text = read_document(POSTING).text
    given = ask.post("/api/v1/analyze", json={"text": text, "name": "ward"}).json()
    assert given == model.analyze(Document("ward", text)).to_dict() | {"text": text, "note": ""}


@pytest.mark.parametrize("path", sorted((EXAMPLES / "postings").iterdir()), ids=lambda p: p.name)
def test_an_uploaded_document_is_read_as_one_on_the_disk(
    ask: httpx.Client, model: Model, path: Path
) -> None:
    document = read_document(path)
    given = ask.post("/api/v1/analyze", files=upload(path)).json()
    assert given["text"] == document.text
    assert given["summary"] == model.analyze(document).summary


def test_an_explanation_is_that_of_the_model(ask: httpx.Client, model: Model) -> None:
    given = ask.post("/api/v1/explain", json={"text": "Plans the rota."}).json()
    assert given == model.explain("Plans the rota.").to_dict()


@pytest.mark.parametrize("unit", ["row", "statement"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".jsonl", ".parquet", ".xlsx"])
def test_a_table_comes_back_as_the_command_line_tags_it(
    ask: httpx.Client, model: Model, tmp_path: Path, suffix: str, unit: str
) -> None:
    source, target = tmp_path / f"reviews{suffix}", tmp_path / f"tagged{suffix}"
    with REVIEWS.open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines))
    if suffix == ".jsonl":
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), source)
    elif suffix == ".xlsx":
        tag_table(model, REVIEWS, source, "comment")
    else:
        text = io.StringIO()
        table = csv.DictWriter(text, rows[0], delimiter="," if suffix == ".csv" else "\t")
        table.writeheader()
        table.writerows(rows)
        source.write_text(text.getvalue(), encoding="utf-8", newline="")
    tag_table(model, source, target, "comment", unit=unit)
    given = ask.post("/api/v1/tag", data={"column": "comment", "unit": unit}, files=upload(source))
    assert given.status_code == 200, given.text
    assert given.content == target.read_bytes()
    assert f'filename="reviews-tagged{suffix}"' in given.headers["content-disposition"]


def test_a_look_at_a_table_shows_its_columns_and_its_first_rows_tagged(ask: httpx.Client) -> None:
    given = ask.post("/api/v1/tag/look", files=upload(REVIEWS)).json()
    assert [column["name"] for column in given["columns"]] == [
        "id", "department", "rating", "comment"
    ]  # fmt: skip
    assert given["text"] == "comment"  # it has the most words
    assert given["added"] == ["label", "p_leadership", "p_management", "traits"]
    tagged = ask.post("/api/v1/tag", data={"column": "comment"}, files=upload(REVIEWS)).text
    first = next(csv.DictReader(io.StringIO(tagged)))
    assert given["rows"][0] == [first[name] for name in ("id", "department", "rating", "comment")]
    assert given["tagged"][0][0] == first["label"]
    assert str(given["tagged"][0][1]) == first["p_leadership"]


def test_a_look_reads_the_column_that_is_named(ask: httpx.Client) -> None:
    data = {"column": "department"}
    given = ask.post("/api/v1/tag/look", data=data, files=upload(REVIEWS)).json()
    assert given["text"] == "department"


def test_a_look_at_a_table_without_text_says_so(ask: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "numbers.parquet"
    pq.write_table(pa.table({"n": [1, 2]}), path)
    given = ask.post("/api/v1/tag/look", files=upload(path)).json()
    assert given["text"] is None
    assert given["rows"] == [["1"], ["2"]]
    assert given["tagged"] == []


def test_the_model_is_described(ask: httpx.Client, model: Model) -> None:
    given = ask.get("/api/v1/model").json()
    assert given["about"] == json.loads(json.dumps(model.about))
    assert given["card"].startswith("# Model card")
    assert given["thresholds"]["leadership"] == model.weights.thresholds[0]


def test_it_says_that_it_is_well(ask: httpx.Client) -> None:
    assert ask.get("/api/v1/health").json()["status"] == "ok"


def test_the_description_names_every_address(ask: httpx.Client) -> None:
    given = ask.get("/api/v1/openapi.json").json()
    assert given == description(Settings())
    assert set(given["paths"]) == {
        f"/api/v1/{name}"
        for name in ("score", "analyze", "explain", "tag", "tag/look", "model", "health")
    }


def test_the_page_and_its_files_have_their_types(ask: httpx.Client) -> None:
    page = ask.get("/")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "{{" not in page.text
    for name, kind in {
        "page.css": "text/css",
        "report.css": "text/css",
        "page.js": "text/javascript",
        "icon.svg": "image/svg+xml",
    }.items():
        assert ask.get(f"/page/{name}").headers["content-type"].startswith(kind)


def test_the_page_asks_for_nothing_from_elsewhere_and_has_no_inline_code(ask: httpx.Client) -> None:
    page = ask.get("/").text
    assert "http:" not in page
    assert "https:" not in page
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count('<script type="module" src="/page/')


def test_an_article_shows_its_text_as_text(ask: httpx.Client) -> None:
    text = "<script>alert(1)</script> Plans the rota. <img src=x onerror=alert(1)>"
    article = ask.post("/page/article", json={"text": text}).json()["article"]
    assert "<script" not in article
    assert "<img" not in article
    assert "&lt;script&gt;" in article


def test_line_ends_of_an_article_are_those_of_a_field_in_a_page(ask: httpx.Client) -> None:
    files = {"file": ("a.txt", b"Plans the rota.\r\nSets a clear direction.\r")}
    given = ask.post("/page/article", files=files).json()
    assert given["text"] == "Plans the rota.\nSets a clear direction.\n"


def test_several_texts_are_saved_as_one_report(ask: httpx.Client) -> None:
    documents = [{"name": name, "text": "Plans the rota."} for name in ("one", "two")]
    given = ask.post("/page/report", json={"documents": documents})
    assert given.text.lower().startswith("<!doctype html>")
    assert given.text.count("<article") == 2
    assert "attachment" in given.headers["content-disposition"]


# What it says when something is wrong.

JSON = {"content-type": "application/json"}


@pytest.mark.parametrize(
    ("path", "request_", "status", "words"),
    [
        ("/api/v1/score", {"json": {"texts": "Plans."}}, 422, "list"),
        ("/api/v1/score", {"json": {"texts": [1]}}, 422, "list"),
        ("/api/v1/score", {"json": {"text": ["a"]}}, 422, "not known"),
        ("/api/v1/score", {"json": [1]}, 422, "not an object"),
        ("/api/v1/score", {"content": b"{", "headers": JSON}, 400, "not JSON"),
        ("/api/v1/score", {"content": b"[" * 99999, "headers": JSON}, 400, "not JSON"),
        ("/api/v1/score", {"content": b"\xff\xfe{", "headers": JSON}, 400, "not JSON"),
        ("/api/v1/score", {"content": b"{}"}, 415, "media type"),
        ("/api/v1/score", {"data": {"texts": "a"}}, 415, "application/json"),
        ("/api/v1/score", {"json": {"texts": ["a"] * 2001}}, 413, "2,001"),
        ("/api/v1/score", {"json": {"texts": ["a" * 10001]}}, 413, "10,001"),
        ("/api/v1/analyze", {"json": {}}, 422, "missing"),
        ("/api/v1/analyze", {"json": {"text": None}}, 422, "missing"),
        ("/api/v1/analyze", {"json": {"text": "a" * 300_001}}, 413, "300,001"),
        ("/api/v1/analyze", {"json": {"text": "Plans the rota.\n\n" * 2001}}, 413, "2,001"),
        ("/api/v1/analyze", {"files": {"file": ("a.exe", b"MZ")}}, 422, ".exe"),
        ("/api/v1/analyze", {"files": {"file": ("a.txt", b"")}}, 422, "empty"),
        ("/api/v1/analyze", {"files": {"other": ("a.txt", b"a")}}, 422, "not known"),
        ("/api/v1/analyze", {"files": [("file", ("a.txt", b"a"))] * 2}, 400, "cannot be read"),
        ("/api/v1/explain", {"json": {"text": "a" * 10001}}, 413, "10,001"),
        ("/api/v1/tag", {"files": {"file": ("a.csv", b"text\na\n")}}, 422, "missing"),
        ("/api/v1/tag/look", {"files": {"file": ("a.csv.gz", b"text")}}, 422, "compressed"),
        ("/api/v1/tag/look", {"files": {"file": ("a.xml", b"text\na\n")}}, 422, ".csv"),
        ("/api/v1/tag/look", {"files": {"file": ("a.csv", b"text\n\xe4\n")}}, 422, "cp1252"),
        ("/api/v1/tag/look", {"files": {"file": ("a.parquet", b"text")}}, 422, "Parquet"),
        ("/page/report", {"json": {"documents": []}}, 422, "list"),
        ("/page/report", {"json": {"documents": [{"name": "a"}]}}, 422, "missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_json(
    ask: httpx.Client, path: str, request_: dict[str, object], status: int, words: str
) -> None:
    given = ask.post(path, **request_)
    assert given.status_code == status, given.text
    error = given.json()["error"]
    assert set(error) == {"problem", "row", "line", "column", "remedy"}
    assert words in given.text


def test_a_bad_row_of_a_table_is_named(ask: httpx.Client) -> None:
    files = {"file": ("mine.csv", b"id,text\n1,a\n2,b,c\n")}
    error = ask.post("/api/v1/tag", data={"column": "text"}, files=files).json()["error"]
    assert (error["row"], error["line"]) == (2, 3)
    assert "tmp" not in json.dumps(error)


def test_a_missing_column_is_named_with_those_that_there_are(ask: httpx.Client) -> None:
    data = {"column": "nothing"}
    error = ask.post("/api/v1/tag", data=data, files=upload(REVIEWS)).json()["error"]
    assert error["column"] == "nothing"
    assert "'comment'" in error["remedy"]
    assert "-t" not in error["remedy"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/nothing", 404), ("GET", "/page/../app.py", 404), ("DELETE", "/", 405),
     ("GET", "/api/v1/score", 405), ("GET", "/page/page.html", 404)],
)  # fmt: skip
def test_addresses_and_methods_that_are_not_there_are_said_in_json(
    ask: httpx.Client, method: str, path: str, status: int
) -> None:
    given = ask.request(method, path)
    assert given.status_code == status
    assert given.json()["error"]["problem"]


def test_half_a_character_does_no_harm(ask: httpx.Client) -> None:
    body = b'{"text": "Plans \\ud800 the rota.", "name": "\\udfff"}'
    assert ask.post("/api/v1/analyze", content=body, headers=JSON).status_code == 200
    assert ask.post("/page/article", content=body, headers=JSON).status_code == 200


# Limits.


def test_a_body_that_is_too_large_is_refused_before_it_is_read(model: Model) -> None:
    small = Settings(json_bytes=1000, document_bytes=2000, table_bytes=3000)
    with serving(model, small) as where, client(where) as ask:
        assert ask.post("/api/v1/score", json={"texts": ["a" * 999]}).status_code == 413
        assert ask.post("/page/article", json={"text": "a" * 1900}).status_code == 200
        assert ask.post("/page/article", json={"text": "a" * 2000}).status_code == 413
        table = {"file": ("a.csv", b"text\n" + b"a\n" * 1500)}
        assert ask.post("/api/v1/tag/look", files=table).status_code == 413


def test_a_body_of_no_declared_length_is_read_no_further_than_it_may_be(model: Model) -> None:
    def pieces() -> Iterator[bytes]:
        yield from [b'{"text": "', *[b"a" * 100] * 20, b'"}']

    with serving(model, Settings(document_bytes=1000)) as where, client(where) as ask:
        given = ask.post("/api/v1/analyze", content=pieces(), headers=JSON)
        assert given.status_code == 413


def test_a_body_that_does_not_come_is_not_waited_for(model: Model) -> None:
    head = b"POST /api/v1/explain HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n"
    with serving(model, Settings(idle_seconds=0.05)) as where:
        port = int(where.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as sending:
            sending.sendall(head + b"content-type: application/json\r\n\r\n{")
            assert sending.recv(1000).startswith(b"HTTP/1.1 408 ")


def test_what_takes_too_long_is_given_up(model: Model) -> None:
    slow = create_app(model, Settings(seconds=0.05))
    slow._app.state.service.model.analyze = lambda _: time.sleep(0.5)  # type: ignore[attr-defined]
    with serving(model, app=slow) as where, client(where) as ask:
        given = ask.post("/api/v1/analyze", json={"text": "Plans the rota."})
        assert given.status_code == 503
        assert given.headers["retry-after"] == "1"


def test_more_requests_than_can_wait_are_sent_away(model: Model) -> None:
    few = create_app(model, Settings(workers=1, waiting=0))
    free = threading.Event()
    few._app.state.service.model.analyze = lambda _: free.wait(PATIENCE)  # type: ignore[attr-defined]
    with serving(model, app=few) as where, client(where) as ask, ThreadPoolExecutor(1) as pool:
        first = pool.submit(ask.post, "/api/v1/analyze", json={"text": "a"})
        until(lambda: few._app.state.service.work._places._value == 0)  # type: ignore[attr-defined]
        assert ask.post("/api/v1/analyze", json={"text": "a"}).status_code == 503
        assert ask.get("/api/v1/health").status_code == 200
        free.set()
        first.result()


# Who may ask.


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "10.0.0.1:80"])
def test_another_name_than_its_own_is_refused(ask: httpx.Client, host: str) -> None:
    assert ask.get("/", headers={"host": host}).status_code == 421


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST:1", "127.0.0.1", "[::1]:80", "localhost."]
)
def test_its_own_names_are_answered(ask: httpx.Client, host: str) -> None:
    assert ask.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("host", "name", "status"),
    [("10.0.0.1:80", "", 200), ("[fe80::1]", "", 200), ("evil.example", "", 421),
     ("hr.example:80", "hr.example", 200)],
)  # fmt: skip
def test_bound_to_all_addresses_it_answers_to_numbers_and_to_names_it_is_given(
    model: Model, host: str, name: str, status: int
) -> None:
    everywhere = Settings(host="0.0.0.0", names=(name,))
    with serving(model, everywhere) as where, client(where) as ask:
        assert ask.get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},
    ],
)
def test_a_page_of_another_site_can_send_nothing(
    ask: httpx.Client, headers: dict[str, str]
) -> None:
    given = ask.post("/api/v1/score", json={"texts": ["a"]}, headers=headers)
    assert given.status_code == 403


def test_its_own_page_and_programs_can(ask: httpx.Client, address: str) -> None:
    own = {"origin": address, "sec-fetch-site": "same-origin"}
    assert ask.post("/api/v1/score", json={"texts": ["a"]}, headers=own).status_code == 200
    assert ask.post("/api/v1/score", json={"texts": ["a"]}).status_code == 200


def test_another_site_may_link_to_the_page_but_not_take_it_in(ask: httpx.Client) -> None:
    link = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert ask.get("/", headers=link).status_code == 200
    picture = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}
    assert ask.get("/page/icon.svg", headers=picture).status_code == 403


@pytest.mark.parametrize("path", ["/", "/page/page.js", "/api/v1/model", "/nothing"])
def test_every_answer_has_the_headers_that_guard_it(ask: httpx.Client, path: str) -> None:
    for given in (ask.get(path), ask.get(path, headers={"host": "evil.example"})):
        for name, value in HEADERS.items():
            assert given.headers[name] == value
        assert "set-cookie" not in given.headers
        assert not any(name.startswith("access-control") for name in given.headers)
        assert "server" not in given.headers or path


# What is kept.

WORD = "Quicksilverbeet"


def test_nothing_that_is_sent_is_logged(
    model: Model, ask: httpx.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    text = f"{WORD} plans the rota."
    table = {"file": (f"{WORD}.csv", f"text\n{text}\n{text},2\n".encode())}
    ask.get(f"/{WORD}?{WORD}", headers={"host": WORD})
    ask.get(f"/{WORD}?{WORD}")
    for path in ("/api/v1/analyze", "/page/article", "/api/v1/explain"):
        ask.post(f"{path}?{WORD}", json={"text": text})
        ask.post(path, files={"file": (f"{WORD}.txt", text.encode())})
    ask.post("/api/v1/score", json={"texts": [text], WORD: text})
    ask.post("/api/v1/tag", data={"column": WORD}, files=table)
    ask.post("/api/v1/tag/look", files=table)
    broken = create_app(model)
    broken._app.state.service.model.analyze = lambda _: 1 / len({}) if text else None  # type: ignore
    with serving(model, app=broken) as where, client(where) as other:
        given = other.post("/page/article", json={"text": text})
    assert given.status_code == 500
    assert WORD not in given.text
    own = [record for record in caplog.records if record.name not in ("httpx", "httpcore")]
    own = [record for record in own if not record.name.startswith("httpcore")]
    assert any("POST /api/v1/analyze 200" in record.getMessage() for record in own)
    assert any("ZeroDivisionError" in record.getMessage() for record in own)
    assert not [r for r in own if WORD in logging.Formatter().format(r) or WORD in repr(r.args)]


def test_what_is_uploaded_is_gone_when_it_is_answered(tmp_path: Path) -> None:
    table = b"id,text\n" + b"".join(b"%d,Plans the rota and the ward.\n" % n for n in range(50_000))
    with started("--log", temporary=tmp_path) as (process, where), client(where) as ask:
        files = {"file": (f"{WORD}.csv", table)}
        given = ask.post("/api/v1/tag", data={"column": "text"}, files=files)
        assert given.content.count(b"\n") == 50_001
        ask.post("/api/v1/tag", data={"column": "nothing"}, files=files)
        ask.post("/api/v1/analyze", files={"file": (f"{WORD}.txt", b"Plans the rota. " * 9000)})
        (private,) = tmp_path.iterdir()
        assert private.stat().st_mode & 0o077 == 0
        until(lambda: not [path for path in private.rglob("*") if path.is_file()])
        code, output, errors = stop(process)
    assert (code, output) == (0, "")
    assert errors.count("\n") == 3
    assert WORD not in errors
    assert not list(tmp_path.iterdir())


def test_a_table_that_nobody_waits_for_is_given_up(tmp_path: Path) -> None:
    table = b"text\n" + b"Plans the rota and the ward.\n" * 200_000
    with started(temporary=tmp_path) as (_, where), client(where) as ask:
        files = {"file": ("a.csv", table)}
        with pytest.raises(httpx.TimeoutException):
            ask.post("/api/v1/tag", data={"column": "text"}, files=files, timeout=0.5)
        (private,) = tmp_path.iterdir()
        until(lambda: not [path for path in private.rglob("*") if path.is_file()])
        assert ask.get("/api/v1/health").status_code == 200


# Threads.


def test_a_model_that_threads_share_says_what_one_alone_says(model: Model) -> None:
    shared = SharedModel(model.weights)
    texts = [read_document(path).text for path in (EXAMPLES / "postings").iterdir()]
    expected = [model.analyze(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.analyze, texts * 4)) == expected * 4
        explained = list(pool.map(shared.explain, list(QUARTET) * 8))
    assert [one.label for one in explained] == list(QUARTET.values()) * 8


def test_many_statements_are_decided_in_turns_all_the_same(model: Model) -> None:
    texts = [f"{text} {n}" for n in range(TURN) for text in QUARTET]
    assert (SharedModel(model.weights).predict(texts) == model.predict(texts)).all()


# As it is started.


def test_an_interrupt_ends_it_well_and_what_began_is_finished(tmp_path: Path) -> None:
    table = b"text\n" + b"Plans the rota and the ward.\n" * 30_000
    with (
        started(temporary=tmp_path) as (process, where),
        client(where) as ask,
        ThreadPoolExecutor(1) as pool,
    ):
        files = {"file": ("a.csv", table)}
        tagging = pool.submit(ask.post, "/api/v1/tag", data={"column": "text"}, files=files)
        until(lambda: list(tmp_path.rglob("table.csv")))
        assert stop(process) == (0, "", "")
        assert tagging.result().content.count(b"\n") == 30_001


def test_a_termination_ends_it_well_too() -> None:
    with started() as (process, _):
        process.terminate()
        assert process.communicate(timeout=PATIENCE) == ("", "")
        assert process.returncode == 0


def test_a_port_that_is_taken_is_said_in_one_line(run: Run, address: str) -> None:
    port = address.rpartition(":")[2]
    assert_one_clear_line(run("serve", "--port", port), f"port {port}", "--port")


def test_an_address_that_is_not_this_machine_s_is_said_in_one_line(run: Run) -> None:
    assert_one_clear_line(run("serve", "--host", "192.0.2.1", "--port", 0), "192.0.2.1")
    assert_one_clear_line(run("serve", "--host", "no such name", "--port", 0), "no such name")


def test_who_opens_it_to_others_is_warned() -> None:
    with started("--host", "0.0.0.0") as (process, where):
        assert where.startswith("http://localhost:")
        code, _, errors = stop(process)
    assert code == 0
    assert "no password" in errors
    assert errors.count("\n") == 1


def test_without_the_extra_one_line_says_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = "raise ModuleNotFoundError('No module named starlette', name='starlette')"
    (tmp_path / "starlette.py").write_text(missing)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}:{Path(__file__).parent.parent}")
    assert_one_clear_line(run("serve"), "starlette", "pip install 'leadclass[serve]'")


def test_the_other_commands_load_nothing_of_it() -> None:
    code = (
        "import sys; import leadclass.cli.main, leadclass.model; "
        "print({'starlette', 'uvicorn', 'jinja2', 'asyncio'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


# Names.


@pytest.mark.parametrize(
    ("given", "plain"),
    [("/etc/passwd", "passwd"), (r"C:\Users\me\a.csv", "a.csv"), ("..", ""), (None, ""),
     ("a\u202egnp.exe\n.csv", "agnp.exe.csv"), ("é.csv", "é.csv")],
)  # fmt: skip
def test_the_name_of_a_file_is_taken_without_its_folders(given: str | None, plain: str) -> None:
    assert plain_name(given) == plain


def test_the_name_of_a_download_breaks_out_of_no_header() -> None:
    header = attachment('a"; x=\r\n\u00e9.csv')
    assert header.isascii()
    assert "\r" not in header
    assert header.count('"') == 2


def test_settings_know_whether_others_can_reach_it() -> None:
    assert Settings().is_local
    assert not replace(Settings(), host="0.0.0.0").is_local
