"""``leadclass label`` at a real terminal: a pseudo-terminal that a person's keys are typed into."""

from __future__ import annotations

import csv
import os
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conftest import Run, assert_one_clear_line

if sys.platform == "win32":
    pytest.skip("pseudo-terminals are a thing of Unix", allow_module_level=True)

import fcntl
import resource
import termios

TEXTS = [
    "Sets out where the depot will be in five years.",
    "Books the vans for every Monday.",
    "Coaches two new drivers and keeps the rota.",
    "There is a bus stop outside.",
    "Asks the night crew what troubles them.",
    "Counts the stock twice a week.",
]
LABEL = [sys.executable, "-m", "leadclass", "label"]
PATIENCE = 30.0

_STYLES = re.compile(r"\x1b\[[0-9;]*m|\x1b\[2K|\r")
_LEFT = "\x1b[?25h\x1b[?1049l"


class Window:
    """A terminal of some size with a program in it."""

    def __init__(
        self,
        command: list[str],
        folder: Path,
        *,
        term: str = "xterm-256color",
        size: tuple[int, int] = (80, 24),
        at_start: Callable[[], None] | None = None,
    ) -> None:
        self._master, self._slave = os.openpty()
        self._resize(size)
        self.mode_before = termios.tcgetattr(self._slave)
        self.output = ""

        def own_terminal() -> None:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
            if at_start is not None:
                at_start()

        self.process = subprocess.Popen(
            command,
            stdin=self._slave,
            stdout=self._slave,
            stderr=self._slave,
            cwd=folder,
            env=os.environ | {"TERM": term},
            start_new_session=True,
            preexec_fn=own_terminal,
        )

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def resize(self, size: tuple[int, int]) -> None:
        self._resize(size)  # the system tells the program

    def _resize(self, size: tuple[int, int]) -> None:
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, struct.pack("HHHH", *size[::-1], 0, 0))

    @property
    def mode(self) -> list[object]:
        return termios.tcgetattr(self._slave)

    @property
    def screen(self) -> str:
        """What is on the screen: the last frame that was drawn."""
        return _STYLES.sub("", self.output.rpartition("\x1b[H")[2])

    def wait_for(self, *words: str) -> str:
        """Read until these words are on the screen."""
        until = time.monotonic() + PATIENCE
        while not all(word in self.screen for word in words):
            assert time.monotonic() < until, f"no {words} in:\n{self.screen}"
            self._read()
        return self.screen

    def ended(self) -> int:
        """The exit code, once all output is read."""
        until = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < until, self.screen
            self._read()
        while self._read():
            pass
        return self.process.returncode

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)
        os.close(self._slave)

    def _read(self) -> bool:
        if not select.select([self._master], [], [], 0.05)[0]:
            return False
        with suppress(OSError):
            self.output += os.read(self._master, 65536).decode("utf-8", "replace")
        return True


Open = Callable[..., Window]


@pytest.fixture
def window(tmp_path: Path) -> Iterator[Open]:
    """Opens windows with ``leadclass label t.csv`` in them."""
    (tmp_path / "t.csv").write_text("text\n" + "".join(f"{text}\n" for text in TEXTS))
    opened = []

    def open_window(*arguments: str, **options: object) -> Window:
        command = [*LABEL, *(arguments or ("t.csv",))]
        opened.append(Window(command, tmp_path, **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_window
    for one in opened:
        one.close()


def labels(folder: Path, name: str = "t.labels.csv") -> dict[str, tuple[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return {row["text"]: (row["label"], row["traits"]) for row in csv.DictReader(file)}


def test_an_afternoon_of_labelling(window: Open, tmp_path: Path) -> None:
    one = window()
    assert "0 of 6" in one.wait_for(TEXTS[0], "leadership", "q quit")
    one.type("l")
    one.wait_for("which traits?", "empathy")
    one.type("1\r")
    one.wait_for(TEXTS[1], "Last: ▲ leadership, vision", "1 of 6")
    assert labels(tmp_path) == {TEXTS[0]: ("leadership", "vision")}, "on the disk at once"
    one.type("s")
    one.wait_for(TEXTS[2], "Skipped")
    one.type("b25\r")
    one.wait_for(TEXTS[3], "2 of 6")
    one.type("u")
    one.wait_for(TEXTS[2], "You said ◆ both", "The model:")
    one.type("l2\rn")
    one.wait_for(TEXTS[4], "3 of 6")
    one.type("?")
    one.wait_for("Codebook", "any other key closes")
    one.type("xo")
    one.wait_for(TEXTS[4], "The model: ")
    one.type("q")
    assert one.ended() == 0
    assert "3 of 6 labelled, 3 of them now" in one.output
    assert "kappa" in one.output
    assert "Go on with: leadclass label t.csv" in one.output
    assert one.mode == one.mode_before
    assert _LEFT in one.output
    assert labels(tmp_path) == {
        TEXTS[0]: ("leadership", "vision"),
        TEXTS[2]: ("leadership", "empathy"),
        TEXTS[3]: ("neither", ""),
    }

    again = window()
    again.wait_for(TEXTS[4], "3 of 6")
    again.type("nn")
    again.wait_for(TEXTS[1], "5 of 6")
    again.type("n")
    again.wait_for("Every statement has its label")
    again.type("q")
    assert again.ended() == 0
    assert "Go on" not in again.output
    assert len(labels(tmp_path)) == 6
    assert sorted(file.name for file in tmp_path.iterdir()) == ["t.csv", "t.labels.csv"]


def test_killed_in_a_burst_of_keys_all_but_the_last_answer_is_there(
    window: Open, tmp_path: Path
) -> None:
    texts = [f"Statement number {n}, with a comma." for n in range(300)]
    (tmp_path / "t.csv").write_text("text\n" + "".join(f'"{text}"\n' for text in texts))
    one = window()
    one.wait_for(texts[0])
    one.type("n" * 300)
    path = tmp_path / "t.labels.csv"
    while not path.exists() or path.stat().st_size < 1000:
        time.sleep(0.001)
    one.process.kill()
    one.process.wait()
    found = labels(tmp_path)
    assert 5 < len(found) <= 300
    assert list(found) == texts[: len(found)]
    again = window()
    again.wait_for(f"{len(found)} of 300")
    again.type("q")
    assert again.ended() == 0
    assert labels(tmp_path) == found


def test_a_torn_last_line_is_told_of_and_asked_again(window: Open, tmp_path: Path) -> None:
    path = tmp_path / "t.labels.csv"
    whole = (
        f"text,label,traits,annotator,saw_model,time\n{TEXTS[0]},neither,,,,2026-01-05T10:00:00Z\n"
    )
    path.write_text(whole + TEXTS[1][:20])
    one = window()
    one.wait_for(TEXTS[1], "cut off and is asked again", "1 of 6")
    assert path.read_text() == whole


def test_the_screen_follows_the_size_of_the_window(window: Open) -> None:
    one = window()
    one.wait_for(TEXTS[0])
    for width, height in [(40, 12), (20, 5), (100, 40)]:
        one.output = ""
        one.resize((width, height))
        one.wait_for(TEXTS[0][:10])
        until = time.monotonic() + PATIENCE
        while len(one.screen.split("\n")) != height and time.monotonic() < until:
            one._read()
        lines = one.screen.split("\n")
        assert len(lines) == height
        assert max(map(len, lines)) <= width


def test_ctrl_c_ends_like_q(window: Open) -> None:
    one = window()
    one.wait_for(TEXTS[0])
    one.type("nl\x03")
    assert one.ended() == 0
    assert "1 of 6 labelled" in one.output
    assert one.mode == one.mode_before
    assert _LEFT in one.output


def test_terminated_it_puts_the_terminal_back(window: Open) -> None:
    one = window()
    one.wait_for(TEXTS[0])
    assert one.mode != one.mode_before
    one.process.terminate()
    assert one.ended() == 143
    assert one.mode == one.mode_before
    assert _LEFT in one.output


def test_after_an_error_within_the_terminal_is_put_back(tmp_path: Path) -> None:
    code = "from leadclass.labelling.keyboard import terminal\nwith terminal():\n    1 / 0"
    one = Window([sys.executable, "-c", code], tmp_path)
    try:
        assert one.ended() == 1
        assert one.mode == one.mode_before
        assert _LEFT in one.output
        assert one.output.index(_LEFT) < one.output.index("ZeroDivisionError")
    finally:
        one.close()


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs a shell with job control")
def test_ctrl_z_stops_it_and_the_shell_brings_it_back(window: Open, tmp_path: Path) -> None:
    shell = Window(["bash", "--norc", "--noprofile", "-i"], tmp_path)
    try:
        shell.type(" ".join([*LABEL, "t.csv"]) + "\n")
        shell.wait_for(TEXTS[0], "0 of 6")
        shell.type("n")
        shell.wait_for(TEXTS[1], "1 of 6")
        shell.type("\x1a")
        shell.wait_for("Stopped")
        shell.output = ""
        shell.type("fg\n")
        shell.wait_for(TEXTS[1], "1 of 6")
        shell.type("n")
        shell.wait_for(TEXTS[2], "2 of 6")
        shell.type("q")
        shell.wait_for("2 of 6 labelled")
    finally:
        shell.close()


def test_on_a_full_disk_nothing_is_lost_and_one_is_told(window: Open, tmp_path: Path) -> None:
    room = 300
    limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (room, room))  # noqa: E731
    one = window(at_start=limit)
    one.wait_for(TEXTS[0])
    one.type("n" * 6)
    one.wait_for("Not saved", "room on the disk")
    path = tmp_path / "t.labels.csv"
    found = labels(tmp_path)
    assert 0 < len(found) < 6
    assert path.stat().st_size <= room
    assert path.read_bytes().endswith(b"\n")
    assert TEXTS[len(found)] in one.screen, "it is still asked"
    one.type("q")
    assert one.ended() == 0
    assert labels(tmp_path) == found


def test_a_second_window_on_the_same_labels_is_refused(window: Open, tmp_path: Path) -> None:
    one = window()
    one.wait_for(TEXTS[0])
    one.type("n")
    one.wait_for(TEXTS[1])
    other = window()
    assert other.ended() == 2
    assert other.output.count("\n") == 1
    assert "t.labels.csv: is being written to in another window" in other.output
    one.type("n")
    one.wait_for(TEXTS[2])
    one.process.send_signal(signal.SIGKILL)
    one.process.wait()
    after = window()
    after.wait_for(TEXTS[2], "2 of 6")


def test_what_is_pasted_labels_nothing(window: Open) -> None:
    one = window()
    one.wait_for(TEXTS[0])
    one.type("\x1b[200~nnlmb\r\x1b[201~n")
    one.wait_for(TEXTS[1], "1 of 6")


def test_a_terminal_that_can_do_no_more_is_asked_line_by_line(window: Open, tmp_path: Path) -> None:
    one = window(term="dumb")
    one.wait_for(TEXTS[0], "> ")
    one.type("l1\n")
    one.wait_for(TEXTS[1])
    one.type("management\n")
    one.wait_for("which traits?")
    one.type("5\n")
    one.wait_for(TEXTS[2])
    one.type("wonderful\n")
    one.wait_for("'wonderful' is no key here")
    one.type("u\n")
    one.wait_for("You said ■ management")
    one.type("n\nq\n")
    assert one.ended() == 0
    assert "\x1b[?1049h" not in one.output
    assert labels(tmp_path) == {TEXTS[0]: ("leadership", "vision"), TEXTS[1]: ("neither", "")}


def test_without_a_terminal_it_is_refused_in_a_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text\na\n")
    assert_one_clear_line(run("label", "t.csv"), "needs a terminal", "--report")


def test_a_report_needs_no_terminal(run: Run, tmp_path: Path) -> None:
    header = "text,label,traits\n"
    (tmp_path / "t.csv").write_text("text\n" + "\n".join(TEXTS) + "\n")
    rows = [f"{TEXTS[0]},leadership,vision\n", f"{TEXTS[3]},neither,\n"]
    (tmp_path / "t.labels.csv").write_text(header + "".join(rows))
    (tmp_path / "ben.csv").write_text(header + rows[0] + f"{TEXTS[3]},both,vision;organisation\n")
    done = run("label", "t.csv", "--report", "--with", "ben.csv")
    assert done.returncode == 0, done.stderr
    assert "2 of 6 labelled" in done.stdout
    assert "ben.csv" in done.stdout
    assert "50.0%" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_labels_are_shown_though_no_one_else_has_labelled_the_same(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_text("text\na\n")
    (tmp_path / "t.labels.csv").write_text("text,label,traits\na,neither,\n")
    (tmp_path / "ben.csv").write_text("text,label,traits\nb,neither,\n")
    done = run("label", "t.csv", "--report", "--with", "ben.csv")
    assert_one_clear_line(done, "has the text of a row of ben.csv")
    assert "1 of 1 labelled" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing.csv"], ["no such file"]),
        (["t.csv", "-t", "comment"], ["'comment'", "it has 'text'"]),
        (["t.csv", "-o", "t.csv"], ["would overwrite"]),
        (["t.csv"], ["t.labels.csv", "no such file"]),
        (["t.csv", "--with", "ben.csv"], ["ben.csv", "no such file"]),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    run: Run, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    (tmp_path / "t.csv").write_text("text\na\n")
    assert_one_clear_line(run("label", "--report", *arguments), *words)
