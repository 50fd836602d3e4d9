"""Servers for tests: one in a thread, with settings of its own, and one as a user starts it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

httpx = pytest.importorskip("httpx", reason="httpx, of the extra test, is not installed")
pytest.importorskip("starlette", reason="the extra serve is not installed")
import uvicorn  # noqa: E402

from leadclass.model import Model  # noqa: E402
from leadclass.server.app import create_app  # noqa: E402
from leadclass.server.connections import Configuration  # noqa: E402
from leadclass.server.settings import Settings  # noqa: E402

#: A server that has not begun to answer, or not ended, by then, will not.
PATIENCE = 20


@contextmanager
def serving(model: Model, settings: Settings | None = None, app: object = None) -> Iterator[str]:
    """A server in a thread, on a free port; its address."""
    settings = settings or Settings()
    server = uvicorn.Server(Configuration(app or create_app(model, settings), settings))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)


@contextmanager
def client(address: str) -> Iterator[httpx.Client]:
    """What asks a server."""
    with httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False) as asking:
        yield asking


@contextmanager
def started(
    *options: str, temporary: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """``leadclass serve`` on a free port: the process and its address."""
    environment = os.environ | ({"TMPDIR": str(temporary)} if temporary else {})
    process = subprocess.Popen(
        [sys.executable, "-m", "leadclass", "serve", "--port", "0", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield process, line.split()[3].rstrip("/")
    finally:
        process.kill()
        process.communicate()


def stop(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    """Press Ctrl-C: the exit code, and what it then said."""
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=PATIENCE)
    return process.returncode, output, errors


def until(what: object) -> None:
    """Wait until something is true."""
    assert callable(what)
    end = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)
