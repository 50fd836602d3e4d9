"""Bytes in, bytes out: worked on in a process of their own, which may take too long or crash.

The process is kept for what comes next, since to start it takes longer than most that is asked of
it. `multiprocessing` would run the user's script again to start one, and a pool of it cannot end
the one process that takes too long.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer
from typing import BinaryIO, cast

from leadclass.readers.messages import READY, put, taken


class NotStartedError(Exception):
    """The process could not be started."""


class EndedError(Exception):
    """The process has ended before it had answered."""


class OwnProcess:
    """A process that answers one message after the other.

    Parameters
    ----------
    module : str
        Its ``main`` is run there. It says `leadclass.readers.messages.READY` first, and has to end
        when standard input does.
    """

    def __init__(self, module: str) -> None:
        self._module = module
        self._process: subprocess.Popen[bytes] | None = None
        self._one_at_a_time = Lock()
        atexit.register(self.stop)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=self._forget)

    def ask(self, message: bytes, seconds: float) -> bytes:
        """The answer to a message; others that ask meanwhile wait.

        Parameters
        ----------
        message : bytes
        seconds : float
            After so many the process is ended; another is started for the next message.

        Returns
        -------
        bytes

        Raises
        ------
        TimeoutError
            If it took too long: `seconds`, or more of the processor than the process allows itself.
        EndedError
        NotStartedError
        """
        with self._one_at_a_time:
            if self._process is not None:
                # What it was asked before may have harmed it: then a new one is asked.
                with suppress(EndedError):
                    return self._ask(message, seconds)
            return self._ask(message, seconds)

    def stop(self) -> int | None:
        """End the process, if there is one, and say how it ended."""
        process, self._process = self._process, None
        if process is None:
            return None
        process.kill()
        _close(process)
        return process.wait()

    def _ask(self, message: bytes, seconds: float) -> bytes:
        late = Event()
        # Only a thread can wait for a pipe and for a time on every system.
        clock = Timer(seconds, self._end, (late,))
        clock.daemon = True
        clock.start()
        answer = None
        try:
            process = self._process
            if process is None:
                self._process = process = self._started()
                if late.is_set():  # before there was one to end
                    process.kill()
                if taken(_answers(process)) != READY and not late.is_set():
                    raise NotStartedError("it ended at once")
            put(_requests(process), message)
            answer = taken(_answers(process))
        except OSError:
            pass  # nobody reads the pipe any more
        except BaseException:  # an interrupt too: what is half said would confuse the next
            self.stop()
            raise
        finally:
            clock.cancel()
            clock.join()
        if answer is not None and not late.is_set():
            return answer
        code = self.stop()
        if answer is not None:
            return answer
        if late.is_set() or code == _OUT_OF_TIME:
            raise TimeoutError
        raise EndedError

    def _started(self) -> subprocess.Popen[bytes]:
        # The folder that a user is in may have a file that is called as a library is.
        safe = "-I" if sys.flags.isolated else "-P"
        script = f"import sys; sys.path[:] = sys.argv[1:]; from {self._module} import main; main()"
        try:
            return subprocess.Popen(
                [sys.executable, safe, "-c", script, *filter(None, sys.path), _ROOT],
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Ctrl-C is for who started this program, which may have to finish what has begun.
                process_group=0,
            )
        except OSError as error:
            raise NotStartedError(error.strerror) from None

    def _end(self, late: Event) -> None:
        late.set()
        if self._process is not None:
            self._process.kill()

    def _forget(self) -> None:
        """Leave the process alone: in a copy of this one it is the other's."""
        if self._process is not None:
            self._process.returncode = 0  # it is not to be waited for
            _close(self._process)
        self._process = None
        self._one_at_a_time = Lock()


#: How a process ends that the system gives no more of the processor's time.
_OUT_OF_TIME = -signal.SIGXCPU if hasattr(signal, "SIGXCPU") else None

#: Where this package is, for a process that has not been told by an environment variable.
_ROOT = str(Path(__file__).parents[2])


def _requests(process: subprocess.Popen[bytes]) -> BinaryIO:
    return cast(BinaryIO, process.stdin)


def _answers(process: subprocess.Popen[bytes]) -> BinaryIO:
    return cast(BinaryIO, process.stdout)


def _close(process: subprocess.Popen[bytes]) -> None:
    _requests(process).close()
    _answers(process).close()
