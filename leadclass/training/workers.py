"""Jobs in, their results out, on all cores; one line where the processes cannot do them."""

from __future__ import annotations

import signal
import threading
import warnings
from collections.abc import Iterable, Iterator
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pickle import PicklingError
from typing import Any

from joblib import Parallel

from leadclass.errors import LeadclassError

#: By which joblib is told how many processes to start, and where to put what they share.
_PROCESSES, _PLACE = "LOKY_MAX_CPU_COUNT", "JOBLIB_TEMP_FOLDER"


@contextmanager
def on_all_cores(jobs: Iterable[Any]) -> Iterator[Iterator[Any]]:
    """Do jobs, each of which joblib's ``delayed`` has made, and give their results in order.

    When the block ends nothing goes on. If results that were left were only forgotten, joblib would
    end the processes whenever Python gets to it, and with them what others have begun.
    """
    with _deaf():
        results = Parallel(n_jobs=-1, return_as="generator")(jobs)
    try:
        yield results
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that not all results were waited for
            results.close()


@contextmanager
def watched() -> Iterator[None]:
    """Say so, where a process that joblib has started ends early, or is not given its work.

    Raises
    ------
    LeadclassError
    """
    try:
        yield
    except BrokenProcessPool:
        raise LeadclassError(
            "one of the processes was ended from outside",
            remedy=f"the memory may be used up: try again with {_PROCESSES}=1 set",
        ) from None
    except PicklingError:
        raise LeadclassError(
            "what the processes are to work on cannot be put into a temporary folder",
            remedy=f"make room on its disk, or name another with {_PLACE}",
        ) from None


@contextmanager
def _deaf() -> Iterator[None]:
    """Ignore interrupts while processes are started, which then never hear one.

    An interrupt is for the process that was started by hand, which ends the others. To hold it back
    would be kinder, but what starts them lets it through.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
