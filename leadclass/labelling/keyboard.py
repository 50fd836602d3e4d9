"""A terminal in, keys by name out, and frames of lines onto it; it is put back in every case."""

from __future__ import annotations

import codecs
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, Protocol

import click

from leadclass.labelling.session import BACKSPACE, ENTER, ESCAPE, INTERRUPT

#: To be stopped, as by the shell's Ctrl-Z.
SUSPEND = "suspend"

_NAMES = {
    "\r": ENTER,
    "\n": ENTER,
    "\x1b": ESCAPE,
    "\x7f": BACKSPACE,
    "\x08": BACKSPACE,
    "\x03": INTERRUPT,
    "\x04": INTERRUPT,
    "\x1a": SUSPEND,
    "\x1b[A": "up",
    "\x1b[B": "down",
    "\x1b[C": "right",
    "\x1b[D": "left",
    "\x1b[5~": "page up",
    "\x1b[6~": "page down",
}
#: What a terminal sends for one key; a lone Esc is the beginning of others.
_SEQUENCE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b|.", re.DOTALL)
_BEGUN = re.compile(r"\x1b(\[[0-?]*[ -/]*|O)?", re.DOTALL)
#: Around what is pasted, which is never taken for keys.
_PASTE, _PASTE_END = "\x1b[200~", "\x1b[201~"

#: How long the rest of a key's sequence may take, over a slow line, before Esc is but Esc.
_PATIENCE = 0.05

# Another screen, without a cursor and without wrapping; what is pasted comes in brackets.
_ENTER_SCREEN = "\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[2J"
_LEAVE_SCREEN = "\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l"
_HOME, _ERASE_LINE = "\x1b[H", "\x1b[2K"


class Terminal(Protocol):
    """What shows frames and gives keys."""

    def show(self, lines: list[str]) -> None:
        """Show these lines, as many as the screen has, in place of what is there."""

    def key(self) -> str | None:
        """The next key; None when the screen has changed and wants to be drawn anew."""

    def pending(self) -> bool:
        """Whether a key waits to be taken."""

    def suspend(self) -> None:
        """Stop until the user comes back."""


def names_of(text: str) -> tuple[list[str], str]:
    """The keys in what a terminal has sent, and the rest, which may be the beginning of one."""
    keys = []
    while text and not _BEGUN.fullmatch(text):
        if text.startswith(_PASTE):
            _, end, after = text.partition(_PASTE_END)
            if not end:
                break
            text = after
            continue
        sequence = _SEQUENCE.match(text)
        assert sequence is not None  # a dot matches anything
        text = text[sequence.end() :]
        # Terminals send arrows in either of two ways.
        name = _NAMES.get(sequence.group().replace("\x1bO", "\x1b["), sequence.group())
        if not name.startswith("\x1b"):  # a key that has no meaning here
            keys.append(name)
    return keys, text


@contextmanager
def terminal() -> Iterator[Terminal]:
    """The user's terminal, with a screen of its own while the block runs."""
    if sys.platform == "win32":
        yield from _windows()
    else:
        yield from _posix()


def _show(lines: list[str]) -> None:
    # Erased before it is written: after a line as wide as the screen, its last cell would go too.
    sys.stdout.write(_HOME + "\r\n".join(_ERASE_LINE + line for line in lines))
    sys.stdout.flush()


def _windows() -> Iterator[Terminal]:
    sys.stdout.write(_ENTER_SCREEN)
    try:
        yield _WindowsTerminal()
    finally:
        sys.stdout.write(_LEAVE_SCREEN)
        sys.stdout.flush()


class _WindowsTerminal:
    """Keys by click, one at a time."""

    def __init__(self) -> None:
        self._keys: list[str] = []

    def show(self, lines: list[str]) -> None:
        _show(lines)

    def key(self) -> str | None:
        while not self._keys:
            try:
                self._keys, _ = names_of(click.getchar())
            except (KeyboardInterrupt, EOFError):
                return INTERRUPT
        return self._keys.pop(0)

    def pending(self) -> bool:
        return bool(self._keys)

    def suspend(self) -> None:
        """There is no such thing."""


if sys.platform != "win32":
    import select
    import termios

    #: Signals after which the screen wants to be drawn anew: another size; back from a stop.
    _CHANGES = (signal.SIGWINCH, signal.SIGCONT)

    def _posix() -> Iterator[Terminal]:
        keyboard = _PosixTerminal()
        handlers = {number: signal.signal(number, _nothing) for number in _CHANGES}
        woken_before = signal.set_wakeup_fd(keyboard.waker, warn_on_full_buffer=False)
        try:
            keyboard.begin()
            yield keyboard
        finally:
            keyboard.end()
            signal.set_wakeup_fd(woken_before)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            keyboard.close()

    def _nothing(number: int, frame: Any) -> None:
        """The signal has done its work by waking the terminal."""

    class _PosixTerminal:
        """Keys as they are pressed, from the same descriptors that Python reads and writes."""

        def __init__(self) -> None:
            self._input = sys.stdin.fileno()
            self._before = termios.tcgetattr(self._input)
            self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
            self._text = ""
            self._keys: list[str] = []
            self._wake, self.waker = os.pipe()
            os.set_blocking(self._wake, False)
            os.set_blocking(self.waker, False)

        def begin(self) -> None:
            """Take keys one by one, Ctrl-C and Ctrl-Z among them, on another screen."""
            mode = termios.tcgetattr(self._input)
            mode[0] &= ~termios.IXON
            mode[3] &= ~(termios.ICANON | termios.ECHO | termios.ISIG | termios.IEXTEN)
            mode[6][termios.VMIN], mode[6][termios.VTIME] = 1, 0
            termios.tcsetattr(self._input, termios.TCSADRAIN, mode)
            sys.stdout.write(_ENTER_SCREEN)
            sys.stdout.flush()

        def end(self) -> None:
            """Put the terminal back as it was."""
            with suppress(OSError, termios.error):  # it may be gone
                termios.tcsetattr(self._input, termios.TCSADRAIN, self._before)
            with suppress(OSError):
                sys.stdout.write(_LEAVE_SCREEN)
                sys.stdout.flush()

        def close(self) -> None:
            os.close(self._wake)
            os.close(self.waker)

        def show(self, lines: list[str]) -> None:
            _show(lines)

        def key(self) -> str | None:
            while not self._keys:
                if self._wait(_PATIENCE if self._may_be_escape() else None):
                    return None
            return self._keys.pop(0)

        def pending(self) -> bool:
            return bool(self._keys) or bool(select.select([self._input], [], [], 0)[0])

        def suspend(self) -> None:
            self.end()
            os.killpg(os.getpgrp(), signal.SIGTSTP)
            # Here the process stands still until the shell lets it go on.
            self.begin()

        def _may_be_escape(self) -> bool:
            return bool(self._text) and not self._text.startswith(_PASTE)

        def _wait(self, patience: float | None) -> bool:
            """Take in what comes; whether the screen has changed."""
            ready, _, _ = select.select([self._input, self._wake], [], [], patience)
            if self._wake in ready:
                numbers = os.read(self._wake, 1024)
                if signal.SIGCONT in numbers:
                    self.begin()
                return bool(set(numbers) & set(_CHANGES))
            if self._input in ready:
                self._take()
            elif self._text:  # nothing has followed: it was Esc, or no key that is known
                self._keys += [ESCAPE] if self._text == "\x1b" else []
                self._text = ""
            return False

        def _take(self) -> None:
            content = b""
            with suppress(OSError):
                content = os.read(self._input, 4096)
            if not content:  # the terminal is gone
                self._keys.append(INTERRUPT)
                return
            keys, self._text = names_of(self._text + self._decode(content))
            self._keys += keys
