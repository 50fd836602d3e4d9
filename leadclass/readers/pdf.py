"""A PDF in, its text out: read in a process of its own, in a bounded time and memory.

PDFium is large and written in C++. What makes it crash or run for hours must not do that to a
server, or to a command that has other documents to read.
"""

from __future__ import annotations

import json
from importlib.util import find_spec

from leadclass.errors import LeadclassError, missing_extra
from leadclass.readers import Reading
from leadclass.readers.limits import MOST_PDF_WAIT
from leadclass.readers.own_process import EndedError, NotStartedError, OwnProcess

#: PDFium is not made for several threads, so one process will do.
_PROCESS = OwnProcess("leadclass.readers.pdf_process")

_ANEW = "print it to a PDF anew, or pass the document it was made from"


def read(content: bytes, file: str, encoding: str | None) -> Reading:
    """Read a PDF that has a text layer."""
    if find_spec("pypdfium2") is None:
        raise missing_extra("pypdfium2", "documents", "reading a PDF")
    try:
        answer = json.loads(_PROCESS.ask(content, MOST_PDF_WAIT))
    except TimeoutError:
        raise LeadclassError("takes too long to be read", file=file, remedy=_ANEW) from None
    except EndedError:
        raise LeadclassError(
            "cannot be read: it is damaged, or takes too much memory", file=file, remedy=_ANEW
        ) from None
    except NotStartedError as error:
        raise LeadclassError(
            f"the process that reads PDFs cannot be started ({error})",
            file=file,
            remedy="try again when less is running, or pass the document's text",
        ) from None
    if "unforeseen" in answer:
        raise type(answer["unforeseen"], (Exception,), {})  # it is told by this name
    if "problem" in answer:
        raise LeadclassError(answer["problem"], file=file, remedy=answer["remedy"])
    return Reading(answer["text"], answer["note"])
