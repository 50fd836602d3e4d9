"""PDFs in by standard input, their texts out by standard output: the process that reads them.

It bounds its own memory and time, and ends when standard input does, which is when the process that
started it has ended, however that was. Answers are JSON: a text and a note, a problem and a remedy,
or the name of an error that nobody has foreseen.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from math import ceil
from queue import SimpleQueue
from threading import Thread

from leadclass.errors import LeadclassError
from leadclass.readers import pdf_text
from leadclass.readers.limits import MOST_PDF_MEMORY, MOST_PDF_SECONDS
from leadclass.readers.messages import READY, put, taken


def main() -> None:
    """Answer one PDF after the other."""
    _bound_memory()
    with os.fdopen(os.dup(1), "wb", buffering=0) as answers:
        os.dup2(2, 1)  # a library that prints must not come between answers
        put(answers, READY)
        given: SimpleQueue[bytes] = SimpleQueue()
        # PDFium may need the large stack that only the main thread has on some systems.
        Thread(target=_take, args=(given,), daemon=True).start()
        while True:
            content = given.get()
            _bound_time()
            put(answers, json.dumps(_answer(content)).encode())


if sys.platform == "win32":

    def _bound_memory() -> None:
        """Do without: Windows knows no such bounds."""

    def _bound_time() -> None:
        """Do without; who waits gives up in the end."""

else:
    import resource

    def _bound_memory() -> None:
        _bound(resource.RLIMIT_AS, MOST_PDF_MEMORY)
        _bound(resource.RLIMIT_CORE, 0)  # an image of the memory would have the text in it

    def _bound_time() -> None:
        """Let the system end this process when the next PDF has taken too much of its time."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        _bound(resource.RLIMIT_CPU, ceil(used.ru_utime + used.ru_stime) + MOST_PDF_SECONDS)

    def _bound(what: int, most: int) -> None:
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with suppress(OSError, ValueError):  # macOS may know no bound to the memory
            resource.setrlimit(what, (most, hard))


def _take(given: SimpleQueue[bytes]) -> None:
    """Pass on what comes, and end this process when nothing can come any more."""
    try:
        with os.fdopen(0, "rb", buffering=0, closefd=False) as requests:
            while (content := taken(requests)) is not None:
                given.put(content)
    finally:
        os._exit(0)


def _answer(content: bytes) -> dict[str, str | None]:
    try:
        reading = pdf_text.read(content, "", None)
    except LeadclassError as error:
        return {"problem": error.problem, "remedy": error.remedy}
    except MemoryError:
        raise  # who waits is told by the end of this process, as where PDFium has no memory left
    except Exception as error:
        return {"unforeseen": type(error).__name__}
    return {"text": reading.text, "note": reading.note}
