"""``leadclass serve`` in a process of its own, and clients that ask it at the same time."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


@contextmanager
def serving() -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A server on a free port: its process, which has ended after the block, and the port."""
    command = [sys.executable, "-m", "leadclass", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stdout is not None
        try:
            yield server, int(server.stdout.readline().split(":")[2].partition("/")[0])
        finally:
            server.terminate()


def all_at_once(client: Callable[..., None], of_each: Iterable[tuple[Any, ...]]) -> None:
    """Be several clients at the same time, each with arguments of its own."""
    threads = [threading.Thread(target=client, args=arguments) for arguments in of_each]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def memory(process: int) -> float | None:
    """Megabytes that a process has, where the system says so in a file."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1000
