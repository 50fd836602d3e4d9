"""No command sends anything: each is run where the network is forbidden, and nothing tries it.

All commands run in one process in which an audit hook writes down, and refuses, whatever Python
does with a socket of the internet; its worker processes have the hook too. Where the system allows
it, that process has a network of its own with nothing in it, and strace writes down what libraries
ask of the system behind Python's back. Workers may use pipes and sockets of this machine's own
(AF_UNIX). Spark alone talks to itself by the loopback.
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from conftest import CORPUS, EXAMPLES, ROOT, need_spark

from leadclass.cli.main import app
from leadclass.table_workers import WORTH_A_PROCESS

pytest.importorskip("sklearn", reason="the extra train is not installed")

#: The arguments of each command, in a folder that `folder` makes; what is typed goes to `label`.
CASES = {
    "analyze": ["analyze", "postings", "--html", "report.html"],
    "score": ["score", "Plans the weekly rota.", "Sets a clear direction."],
    "explain": ["explain", "Coaches her team and keeps the release on schedule."],
    "tag": ["tag", "tables", "-t", "comment", "-o", "tagged", "--jobs", "2"],
    "train": ["train", "-c", "mine.csv", "-o", "models/mine"],
    "evaluate": ["evaluate", "mine.csv"],
    "compare": ["compare", "models/mine", str(ROOT / "models" / "default"), "mine.csv"],
    "corpus check": ["corpus", "check", "mine.csv"],
    "corpus stats": ["corpus", "stats", "mine.csv"],
    "corpus agreement": ["corpus", "agreement", "mine.csv", "mine.csv"],
    "suggest": ["suggest", "reviews.csv", "-t", "comment", "-n", "3", "-o", "next.csv"],
    "label": ["label", "reviews.csv", "-t", "comment"],
    "drift": ["drift", "reviews.csv", "-t", "comment"],
    "use": ["use", "models/mine", "--check", "mine.csv", "--anyway"],
    "info": ["info"],
    "verify": ["verify", "models/mine", "-c", "mine.csv"],
    "export sql": ["export", "sql", "-o", "scorer"],
    "export onnx": ["export", "onnx", "-o", "model.onnx"],
    "serve": ["serve", "--port", "0"],
}

#: What ends with another code than 0 here: the model of a few statements, and what it is worth.
MAY_FIND_FAULT = {"corpus check", "compare", "verify"}

FORBIDDING = """
import os, sys
_log = os.environ.get("FORBIDDEN_LOG")
_INTERNET = {"2", "10", "AddressFamily.AF_INET", "AddressFamily.AF_INET6"}
def _hook(event, arguments):
    if not event.startswith("socket."):
        return
    if event == "socket.__new__" and str(int(arguments[1])) not in _INTERNET:
        return
    if event == "socket.gethostname" or event == "socket.sethostname":
        return
    if event in ("socket.connect", "socket.bind") and isinstance(arguments[1], (str, bytes)):
        return  # of AF_UNIX
    with open(_log, "a") as log:
        log.write(f"{os.environ.get('CASE')} {event} {arguments[1:]}\\n")
    if event != "socket.__new__" or not os.environ.get("LISTENING"):
        if not (event == "socket.bind" and os.environ.get("LISTENING")):
            raise PermissionError("the network is forbidden")
if _log:
    sys.addaudithook(_hook)
    with open(os.path.join(os.path.dirname(_log), "processes.log"), "a") as log:
        log.write(f"{os.environ.get('CASE')}\\n")
"""

RUNNING = """
import json, os, pty, signal, sys, threading
from pathlib import Path

def run(arguments):
    from leadclass.cli.main import main
    sys.argv = ["leadclass", *arguments]
    try:
        main()
    except SystemExit as ended:
        return ended.code or 0

def typed(arguments, keys):
    child, terminal = pty.fork()
    if not child:
        os.environ["TERM"] = "xterm"
        os._exit(run(arguments))
    shown = b""
    try:
        while more := os.read(terminal, 65536):
            shown += more
            if keys and b"quit" in shown:
                os.write(terminal, keys)
                keys = b""
    except OSError:
        pass  # it has ended
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def in_python(_):
    import leadclass, pandas
    model = leadclass.load()
    model.predict(["Plans the rota."])
    model.explain("Plans the rota.")
    model.tag(pandas.DataFrame({"text": ["Plans the rota."]}), text="text")
    leadclass.analyze("Plans the rota. Sets a clear direction.")
    return 0

def forbidden(_):
    import socket
    tried = 0
    for attempt in (
        lambda: socket.socket(),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.gethostbyname("example.org"),
        lambda: socket.create_connection(("127.0.0.1", 9)),
    ):
        try:
            attempt()
        except PermissionError:
            tried += 1
    return tried

if __name__ == "__main__":
    codes = {}
    for name, arguments in json.loads(sys.argv[1]).items():
        os.environ["CASE"] = name
        print(f"-- {name}", flush=True)
        if name == "label":
            codes[name] = typed(arguments, b"nq")
        elif name in ("in Python", "what is forbidden"):
            codes[name] = {"in Python": in_python, "what is forbidden": forbidden}[name](arguments)
        else:
            codes[name] = run(arguments)
    Path("codes.json").write_text(json.dumps(codes))
"""

#: Lines of the table to train on, enough for every trait.
STATEMENTS = 150

#: Commands that have not ended by then, will not.
PATIENCE = 300

INTERNET = re.compile(r"\bAF_INET6?\b")


@dataclass(frozen=True)
class Ran:
    """How the commands ended, what they tried, and what strace saw, if it was there."""

    codes: dict[str, int]
    tried: list[str]
    asked_of_system: str | None
    said: str


def commands(group: click.Group = app, before: str = "") -> Iterator[str]:
    """Every command of the command line, those of groups too."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before}{name} ")
        else:
            yield before + name


def works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run([*command, "true"], capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that the commands read."""
    folder = tmp_path_factory.mktemp("offline")
    shutil.copytree(EXAMPLES / "postings", folder / "postings")
    shutil.copy(EXAMPLES / "reviews.csv", folder)
    (folder / "tables").mkdir()
    for n in range(3):
        shutil.copy(EXAMPLES / "reviews.csv", folder / "tables" / f"{n}.csv")
    header, *comments = (EXAMPLES / "reviews.csv").read_bytes().splitlines(keepends=True)
    large = header + b"".join(comments) * (WORTH_A_PROCESS // 7000)
    (folder / "tables" / "large.csv").write_bytes(large)
    (source,) = [path for path in CORPUS.glob("*.csv") if path.name.startswith("review")][:1]
    with source.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    with (folder / "mine.csv").open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows(rows[:STATEMENTS])
    return folder


@pytest.fixture(scope="module")
def ran(folder: Path) -> Ran:
    (folder / "sitecustomize.py").write_text(FORBIDDING)
    (folder / "running.py").write_text(RUNNING)
    log, trace = folder / "tried.log", folder / "trace.log"
    log.touch()
    cases = {name: case for name, case in CASES.items() if name != "serve"}
    command = [sys.executable, "running.py"]
    command.append(json.dumps(cases | {"in Python": [], "what is forbidden": []}))
    if works("unshare", "-n"):
        command = ["unshare", "-n", *command]
    strace = ["strace", "-f", "--seccomp-bpf", "-e", "trace=network"]
    if traced := works(*strace, "-o", os.devnull):
        command = [*strace, "-o", str(trace), *command]
    done = subprocess.run(
        command,
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
        env=os.environ
        | {
            "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}",
            "FORBIDDEN_LOG": str(log),
            "LEADCLASS_CONFIG": str(folder / "settings"),
            "OMP_NUM_THREADS": "1",
        },
    )
    assert done.returncode == 0, done.stderr
    return Ran(
        json.loads((folder / "codes.json").read_text()),
        log.read_text().splitlines(),
        trace.read_text() if traced else None,
        done.stdout + done.stderr,
    )


def test_every_command_has_a_case() -> None:
    assert set(commands()) == set(CASES)


@pytest.mark.parametrize("name", ["in Python", *(name for name in CASES if name != "serve")])
def test_it_does_its_work_and_tries_no_network(ran: Ran, name: str) -> None:
    assert ran.codes[name] == 0 or name in MAY_FIND_FAULT, ran.said
    assert not [line for line in ran.tried if line.startswith(f"{name} ")]


def test_what_is_forbidden_would_have_been_noticed(ran: Ran) -> None:
    assert ran.codes["what is forbidden"] == 4
    assert len([line for line in ran.tried if line.startswith("what is forbidden ")]) == 4


def test_no_library_asks_the_system_for_the_internet(ran: Ran) -> None:
    if ran.asked_of_system is None:
        pytest.skip("strace is not there, or may not be used")
    assert "AF_UNIX" in ran.asked_of_system or "exited" in ran.asked_of_system
    assert not INTERNET.search(ran.asked_of_system)


def test_several_processes_worked_on_it_too(ran: Ran, folder: Path) -> None:
    assert (folder / "processes.log").read_text().count("tag") >= 2


def test_the_server_listens_on_this_machine_and_connects_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("starlette", reason="the extra serve is not installed")
    from servers import client, started, stop

    (tmp_path / "sitecustomize.py").write_text(FORBIDDING)
    log = tmp_path / "tried.log"
    log.touch()
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{ROOT}")
    monkeypatch.setenv("FORBIDDEN_LOG", str(log))
    monkeypatch.setenv("LISTENING", "yes")
    monkeypatch.setenv("CASE", "serve")
    posting = EXAMPLES / "postings" / "ward-manager.txt"
    pdf = EXAMPLES / "postings" / "depot-operations-manager.pdf"
    table = EXAMPLES / "reviews.csv"
    with started() as (process, where), client(where) as ask:
        for path in ("/", "/page/page.js", "/api/v1/model", "/api/v1/openapi.json", "/nothing"):
            ask.get(path)
        for sent in (posting, pdf):
            files = {"file": (sent.name, sent.read_bytes())}
            assert ask.post("/page/article", files=files).status_code == 200
        files = {"file": (table.name, table.read_bytes())}
        assert ask.post("/api/v1/tag", data={"column": "comment"}, files=files).status_code == 200
        assert stop(process) == (0, "", "")
    tried = log.read_text().splitlines()
    assert {line.split()[1] for line in tried} == {"socket.__new__", "socket.bind"}
    (bound,) = [line for line in tried if "socket.bind" in line]
    assert "127.0.0.1" in bound


@pytest.mark.skipif("LEADCLASS_LONG_TESTS" not in os.environ, reason="it starts Java")
def test_spark_on_this_machine_talks_to_this_machine_alone(folder: Path) -> None:
    """Spark's driver and its Python speak by sockets of the loopback; nothing else may be."""
    need_spark()
    strace = ["strace", "-f", "--seccomp-bpf", "-e", "trace=connect,bind,sendto"]
    if not works(*strace, "-o", os.devnull):
        pytest.skip("strace is not there, or may not be used")
    trace = folder / "spark.log"
    tag = ["tag", "reviews.csv", "-t", "comment", "-o", "by-spark.csv", "--engine", "spark"]
    command = [sys.executable, "-m", "leadclass", *tag, "--master", "local[1]"]
    subprocess.run([*strace, "-o", str(trace), *command], cwd=folder, check=True)
    addresses = set(re.findall(r'inet_(?:addr|pton)\((?:AF_INET6, )?"([^"]+)"', trace.read_text()))
    assert addresses
    assert all(re.fullmatch(r"(::ffff:)?127\.0\.0\.1|::1", one) for one in addresses), addresses
