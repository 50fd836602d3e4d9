"""Downloads from ``leadclass serve``, broken off in the middle: what is then left.

A client takes the first bytes of a large file and no more; then it goes away, or the server is
ended. `tests/faults.py` writes what comes of it beside the faults of the other commands.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from faults import SIGNALS, Outcome
from servers import httpx, started, until

AWAY = "the client goes away in the middle of the download"
ENDED = "{} in the middle of a download"

#: What is left in the folder for temporary files, and what the next server makes of it.
NOTHING_LEFT, PRIVATE_LEFT = "nothing is left", "its private folder is left"
ANSWERS, CLEAN = "answers as before", "the next server starts with nothing left"


@dataclass(frozen=True)
class Download:
    """A file that a server gives: what is called so, the address, and what is sent there."""

    name: str
    address: str
    sent: Callable[[], dict[str, object]]

    def __str__(self) -> str:
        return self.name


def _a_table() -> dict[str, object]:
    """More than waits in the buffers of a connection whose client reads no more."""
    rows = "text,beside\n" + f"Plans the rota.,{'x' * 1000}\n" * 8_000
    return {"data": {"column": "text"}, "files": {"file": ("a.csv", rows.encode())}}


def _texts() -> dict[str, object]:
    text = "Plans the rota and the ward.\n" * 500
    return {"json": {"documents": [{"name": f"{n}.txt", "text": text} for n in range(2)]}}


TABLE = Download("serve, a tagged table", "/api/v1/tag", _a_table)
REPORT = Download("serve, a report", "/page/report", _texts)


def client_gone(download: Download) -> Outcome:
    """Go away in the middle of a download, and ask again."""
    with _downloading(download) as (process, where, folder, go_away):
        go_away()
        until(lambda: not _files(folder))
        answered = httpx.get(f"{where}/api/v1/health", trust_env=False).status_code == 200
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=60)
        left = _left(folder)
    return Outcome(download.name, AWAY, said, process.returncode, left, ANSWERS if answered else "")


def server_ended(download: Download, how: str) -> Outcome:
    """End a server in the middle of a download, and start another."""
    with _downloading(download) as (process, _, folder, go_away):
        process.send_signal(SIGNALS[how])
        if how != "kill -9":  # which waits for the download
            go_away()
        _, said = process.communicate(timeout=60)
        left = _left(folder)
        with started(temporary=folder):
            own = list(folder.iterdir())
            cleaned = len(own) == 1 and not _files(folder)
    code, fault = process.returncode, ENDED.format(how)
    return Outcome(download.name, fault, said, code, left, CLEAN if cleaned else "")


@contextmanager
def _downloading(
    download: Download,
) -> Iterator[tuple[subprocess.Popen[str], str, Path, Callable[[], None]]]:
    """A server, its address and folder for temporary files, and what breaks a download off."""
    # A client with a small buffer: the rest stays with the server.
    transport = httpx.HTTPTransport(socket_options=[(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)])
    with (
        tempfile.TemporaryDirectory() as name,
        started(temporary=Path(name)) as (process, where),
        httpx.Client(base_url=where, timeout=600, transport=transport) as ask,
        ask.stream("POST", download.address, **download.sent()) as answer,
    ):
        assert answer.status_code == 200
        next(answer.iter_raw(1000))
        assert bool(_files(Path(name))) == (download is TABLE)  # or it has all been sent
        yield process, where, Path(name), answer.close


def _files(folder: Path) -> list[Path]:
    # Not rglob, which does not stand a folder that goes while it looks.
    return [Path(top, name) for top, _, names in os.walk(folder) for name in names]


def _left(folder: Path) -> str:
    return PRIVATE_LEFT if list(folder.iterdir()) else NOTHING_LEFT


def outcomes() -> Iterator[Outcome]:
    """What comes of every fault of a download."""
    for download in (TABLE, REPORT):
        yield client_gone(download)
        for how in SIGNALS:
            yield server_ended(download, how)
