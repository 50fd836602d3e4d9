"""Every command that writes, broken off in every way at known moments: what then happens.

A command runs in a process of its own, which ends itself, or is ended, just when it begins to
write, when it is in the middle, or when what it wrote is to get its name. The program is told
nothing of this: Python's audit hooks tell the moment.

    python tests/faults.py docs/results/faults.csv
"""

from __future__ import annotations

import csv
import multiprocessing
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent

#: What a process does to itself or has done to it.
SIGNALS = {"Ctrl-C": signal.SIGINT, "SIGTERM": signal.SIGTERM, "kill -9": signal.SIGKILL}

#: When: the unfinished file or folder is there, it is being written to, it gets its name.
BEGINS, ENDS = "as it begins to write", "as the result gets its name"
READS = "as it reads its table"
MIDDLE = "in the middle of a long run"

FULL, READ_ONLY = "the disk fills up", "the folder is read-only"
FULL_LATE = "the disk fills up in a long run"
NO_ROOM, SHUT = "standard output is full", "the reader of the pipe goes (| head -1)"
GONE, CUT_OFF = "the table is removed while it is read", "the table is cut off while it is read"

_UNFINISHED = ".unfinished"


@dataclass(frozen=True)
class Command:
    """A command that writes.

    Attributes
    ----------
    name : str
        As a page calls it.
    arguments : tuple of str
    output : str
        What it writes, in the folder ``out``; empty for standard output.
    room : int
        Bytes that are free on a disk that fills up: some, but fewer than it writes.
    """

    name: str
    arguments: tuple[str, ...]
    output: str = ""
    room: int = 0

    def __str__(self) -> str:
        return self.name


_TAG = ("tag", "in.csv", "-t", "comment", "-j", "1", "-o")
TRAIN = Command(
    "train",
    ("train", "--from", "model", "-c", "mine.csv", "-o", "out/model", "--overwrite"),
    "model",
)
WRITING = (
    Command("tag, to csv", (*_TAG, "out/t.csv"), "t.csv", 100_000),
    Command("tag, to parquet", (*_TAG, "out/t.parquet"), "t.parquet", 20_000),
    Command("tag, to xlsx", (*_TAG, "out/t.xlsx"), "t.xlsx", 20_000),
    Command("tag, a folder", ("tag", "tables", *_TAG[2:], "out/new"), "new", 100_000),
    Command("analyze --html", ("analyze", "posting.txt", "--html", "out/r.html"), "r.html"),
    Command(
        "suggest", ("suggest", "in.csv", "-t", "comment", "-n", "3", "-o", "out/s.csv"), "s.csv"
    ),
    TRAIN,
    Command("use", ("use", "model", "--anyway"), "use.json"),
    Command("corpus stats --plot", ("corpus", "stats", "mine.csv", "--plot", "out/p.png"), "p.png"),
    Command(
        "corpus agreement", ("corpus", "agreement", "mine.csv", "theirs.csv", "-o", "out/d.csv"),
        "d.csv",
    ),
    Command("evaluate --plot", ("evaluate", "mine.csv", "--plot", "out/p.png"), "p.png"),
)  # fmt: skip
#: It writes nothing of its own: in ``out`` is the model that it makes anew to compare.
VERIFY = Command("verify", ("verify", "out/model", "--from", "model", "-c", "mine.csv"), "model")
LONG = tuple(command for command in WRITING if command.name.startswith("tag"))
SAYING = (
    Command("tag -o -", (*_TAG, "-")),
    Command("score", ("score", *(f"Plans the rota {i}." for i in range(3_000)))),
    Command("analyze", ("analyze", "posting.txt", "--full")),
    Command("explain", ("explain", "Plans the rota.")),
    Command("suggest", ("suggest", "in.csv", "-t", "comment")),
    Command("evaluate", ("evaluate", "mine.csv")),
    Command("compare", ("compare", "model", "model", "mine.csv")),
    Command("drift", ("drift", "in.csv", "-t", "comment")),
    Command("corpus check", ("corpus", "check", "mine.csv", "theirs.csv", "--likely-errors", "0")),
    Command("corpus stats", ("corpus", "stats", "mine.csv")),
    Command("info", ("info",)),
    VERIFY,
)


@dataclass(frozen=True)
class Outcome:
    """What came of a fault.

    Attributes
    ----------
    command, fault : str
    said : str
        Standard error.
    code : int
        Of the exit; below zero the signal that ended it.
    state : str
        What is there then, in place of what was there before.
    after : str
        What the same command makes of it when it is run again; empty where it was not.
    """

    command: str
    fault: str
    said: str
    code: int
    state: str
    after: str = ""


AS_BEFORE, WHOLE, NEITHER = "as before", "whole and new", "neither as before nor whole"


class Place:
    """A folder with all that the commands read, and one, ``out``, that they write to."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.out = folder, folder / "out"
        _fill(folder)
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(_PRELOADED)
        self._whole: dict[str, dict[str, bytes]] = {}

    def run(
        self,
        command: Command,
        hook: Callable[[str, Any], None] | None = None,
        stdout: str = os.devnull,
        long: bool = False,
    ) -> tuple[int, str]:
        """The exit code and what is said on standard error.

        What makes a run of tag a long one is that it has many batches, each told on the disk.
        """
        said = self.folder / "said.txt"
        arguments = (self.folder, command.arguments, said, hook, stdout, long)
        process = self._context.Process(target=_work, args=arguments)
        process.start()
        process.join()
        return int(process.exitcode or 0), said.read_text(encoding="utf-8")

    def whole(self, command: Command, long: bool = False) -> dict[str, bytes]:
        """The files that a command writes when nothing breaks it off."""
        name = f"{command.name}{' at length' * long}"
        if name not in self._whole:
            self.begin(command)
            code, said = self.run(command, long=long)
            assert code == 0, said
            self._whole[name] = files_in(self.out)
        return self._whole[name]

    def begin(self, command: Command) -> dict[str, bytes]:
        """What is there before a command writes: an older result in the place of its own."""
        verified = self.whole(TRAIN) if command is VERIFY else {}
        for path in self.out.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for name in _TAKEN:
            shutil.copy(self.folder / f"{name}.kept", self.folder / name)
        target = self.out / command.output
        if command is TRAIN:
            shutil.copytree(self.folder / "model", target)
        elif command is VERIFY:
            target.mkdir()
            for name, content in verified.items():
                if name != target.name:
                    (self.out / name).write_bytes(content)
        elif command.name == "use":
            target.write_text('{"folder": null, "digest": null, "check": null}\n')
        elif command.output and command.output != "new":
            target.write_bytes(b"what was there before\n")
        return files_in(self.out)

    def state(self, command: Command, before: dict[str, bytes]) -> str:
        """What is there now, and what else."""
        found = files_in(self.out)
        left = {name for name in found if _UNFINISHED in name.split("/")[0]}
        there = {name: content for name, content in found.items() if name not in left}
        state = NEITHER
        if there == before:
            state = AS_BEFORE
        elif _alike(there, self.whole(command)):
            state = WHOLE
        return state + (", and what was unfinished" if left else "")


def broken_off(place: Place, command: Command, how: str, moment: str) -> Outcome:
    """End a command by a signal at a moment."""
    whole = place.whole(command)
    before = place.begin(command)
    code, said = place.run(command, Ending(SIGNALS[how], moment))
    state = place.state(command, before)
    after = _again(place, command, whole)
    return Outcome(command.name, f"{how} {moment}", said, code, state, after)


def _again(place: Place, command: Command, whole: dict[str, bytes]) -> str:
    code, said = place.run(command)
    return WHOLE if code == 0 and _alike(files_in(place.out), whole) else f"{code}: {said}"


def broken_in_the_middle(place: Place, command: Command, how: str) -> Outcome:
    """End a long run of tag by a signal, and go on with it."""
    whole = place.whole(command, long=True)
    before = place.begin(command)
    code, said = place.run(command, Ending(SIGNALS[how], MIDDLE), long=True)
    state = place.state(command, before)
    after = _resumed(place, command, whole)
    return Outcome(command.name, f"{how} {MIDDLE}", said, code, state, after)


def _resumed(place: Place, command: Command, whole: dict[str, bytes]) -> str:
    more = replace(command, arguments=(*command.arguments, "--resume"))
    again, told = place.run(more, long=True)
    is_whole = (again, told) == (0, "") and _alike(files_in(place.out), whole)
    return f"{WHOLE}, with --resume" if is_whole else f"{again}: {told}"


def on_a_full_disk(place: Place, command: Command, long: bool = False) -> Outcome:
    """Run a command where its result does not fit, and then where it does."""
    whole = place.whole(command, long)
    with disk(place.out, "size=16m"):
        before = place.begin(command)
        room = shutil.disk_usage(place.out).free - command.room
        filler = place.out / "filler"
        with filler.open("wb") as file:
            file.write(b"x" * room)
        code, said = place.run(command, long=long)
        filler.unlink()
        state = place.state(command, before)
        after = _resumed(place, command, whole) if long else _again(place, command, whole)
    return Outcome(command.name, FULL_LATE if long else FULL, said, code, state, after)


def in_a_read_only_folder(place: Place, command: Command) -> Outcome:
    """Run a command where it may write nothing."""
    place.whole(command)
    with disk(place.out, "size=16m"):
        before = place.begin(command)
        _mount("-o", "remount,ro", place.out)
        code, said = place.run(command)
        return Outcome(command.name, READ_ONLY, said, code, place.state(command, before))


def without_its_table(place: Place, command: Command, fault: str) -> Outcome:
    """Take the table away from a command that has begun to write, or most of the table."""
    place.whole(command)
    before = place.begin(command)
    taking = Taking(place.folder / "in.csv", fault)
    if command is VERIFY:
        taking = Taking(place.folder / "mine.csv", fault, READS)
    code, said = place.run(command, taking)
    return Outcome(command.name, fault, said, code, place.state(command, before))


def without_a_reader(place: Place, command: Command, fault: str) -> Outcome:
    """Run a command whose standard output takes nothing, or no more than a line."""
    place.begin(command)
    if fault == NO_ROOM:
        code, said = place.run(command, stdout="/dev/full")
        return Outcome(command.name, fault, said, code, "")
    pipe = place.folder / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["head", "-1", pipe], stdout=subprocess.DEVNULL):
        code, said = place.run(command, stdout=str(pipe))
    pipe.unlink()
    return Outcome(command.name, fault, said, code, "")


class Ending:
    """A hook that ends its own process at a moment."""

    def __init__(self, number: signal.Signals, moment: str) -> None:
        self._number, self._moment = number, moment

    def __call__(self, event: str, arguments: Any) -> None:
        if self._number and _moment_of(event, arguments) == self._moment:
            number, self._number = self._number, 0  # type: ignore[assignment]
            os.kill(os.getpid(), number)


class Taking:
    """A hook that takes a table away at a moment, by default as soon as writing begins."""

    def __init__(self, table: Path, fault: str, moment: str = BEGINS) -> None:
        self._table, self._fault, self._moment, self._done = table, fault, moment, False

    def __call__(self, event: str, arguments: Any) -> None:
        if not self._done and _moment_of(event, arguments) == self._moment:
            self._done = True
            if self._fault == GONE:
                self._table.unlink()
            else:
                os.truncate(self._table, 1000)


def _moment_of(event: str, arguments: Any) -> str | None:
    """Which of the moments an event of Python's audit is, if any."""
    if event == "open" and str(arguments[0]).endswith("mine.csv"):
        return READS
    if event == "open" and "w" in (arguments[1] or "") and _UNFINISHED in str(arguments[0]):
        tells = str(arguments[0]).endswith(_TELLS)
        return BEGINS if not tells else MIDDLE if _is_told_again() else None
    if event == "os.rename" and str(arguments[0]).endswith(_UNFINISHED):
        return ENDS
    if event == "ctypes.dlsym" and arguments[1] == "renameat2":
        return ENDS
    return None


#: What is written to tell how far a run has come.
_TELLS = f"{_UNFINISHED}.json.new"

_n_told = 0


def _is_told_again() -> bool:
    """Whether a run tells for the third time how far it has come."""
    global _n_told
    _n_told += 1
    return _n_told == 3


def _work(
    folder: Path,
    arguments: tuple[str, ...],
    said: Path,
    hook: Callable[[str, Any], None] | None,
    stdout: str,
    long: bool,
) -> None:
    """Be ``leadclass`` with these arguments."""
    os.chdir(folder)
    os.environ["LEADCLASS_CONFIG"] = os.environ["TMPDIR"] = str(folder / "out")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    out = os.open(stdout, os.O_WRONLY)
    error = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(error, 2)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", closefd=False)  # noqa: SIM115
    sys.argv = ["leadclass", *arguments]
    if long:
        from leadclass import resuming, table_workers
        from leadclass.tables import csv_files

        resuming.SECONDS, csv_files.BATCH_BYTES = 0.0, 20_000
        table_workers.WORTH_A_PROCESS = 100_000
    if hook is not None:
        sys.addaudithook(hook)
    from leadclass.cli.main import main

    main()


_PRELOADED = [
    "leadclass.cli.main",
    "leadclass.table_tagging",
    "leadclass.suggesting.suggest",
    "leadclass.training.advising",
    "leadclass.training.train",
    "leadclass.views.plots",
    "leadclass.views.report",
]


def _fill(folder: Path) -> None:
    """Write what the commands read."""
    with (ROOT / "examples" / "reviews.csv").open(encoding="utf-8", newline="") as file:
        comments = [row["comment"] for row in csv.DictReader(file)]
    tables = folder / "tables"
    tables.mkdir()
    (folder / "out").mkdir()
    for path, times in ((folder / "in.csv", 40), (tables / "a.csv", 10), (tables / "b.csv", 30)):
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([["comment"], *([text] for text in comments * times)])
    with (ROOT / "corpus" / "reviews.csv").open(encoding="utf-8", newline="") as file:
        labelled = list(islice(csv.DictReader(file), 400))
    for name, labels in (("mine.csv", None), ("theirs.csv", "neither")):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            rows = [[row["text"], labels or row["label"]] for row in labelled]
            csv.writer(file).writerows([["text", "label"], *rows])
    for name in _TAKEN:
        shutil.copy(folder / name, folder / f"{name}.kept")
    shutil.copy(ROOT / "examples" / "postings" / "ward-manager.txt", folder / "posting.txt")
    shutil.copytree(ROOT / "models" / "default", folder / "model")


#: What is taken away from commands that read it.
_TAKEN = ("in.csv", "mine.csv")


def files_in(folder: Path) -> dict[str, bytes]:
    """All files and folders below a folder, by name."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b""
        for path in sorted(folder.rglob("*"))
    }


def _alike(found: dict[str, bytes], whole: dict[str, bytes]) -> bool:
    """Whether files are the same, but for the moment that stands in those of a model."""
    timeless = [
        {n: c for n, c in files.items() if not n.endswith(_WITH_TIME)} for files in (found, whole)
    ]
    return found.keys() == whole.keys() and timeless[0] == timeless[1]


_WITH_TIME = ("model.json", "CARD.md", "pipeline.joblib")


@contextmanager
def disk(folder: Path, options: str) -> Iterator[None]:
    """A small disk in memory in the place of a folder."""
    _mount("-t", "tmpfs", "-o", options, "none", folder)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def can_mount() -> bool:
    """Whether small disks can be made here."""
    if shutil.which("mount") is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        try:
            with disk(Path(folder), "size=1m"):
                return True
        except (subprocess.CalledProcessError, OSError):
            return False


def _mount(*arguments: object) -> None:
    command = ["mount", *map(str, arguments)]
    subprocess.run(command, check=True, capture_output=True)


def outcomes(place: Place) -> Iterator[Outcome]:
    """What comes of every fault of every command."""
    mounts = can_mount()
    for command in WRITING:
        for how in SIGNALS:
            for moment in (BEGINS, ENDS):
                yield broken_off(place, command, how, moment)
        if command in LONG:
            for how in SIGNALS:
                yield broken_in_the_middle(place, command, how)
            if mounts:
                yield on_a_full_disk(place, command, long=True)
        if mounts:
            yield on_a_full_disk(place, command)
            yield in_a_read_only_folder(place, command)
    for how in SIGNALS:
        yield broken_off(place, VERIFY, how, READS)
    if mounts:
        yield on_a_full_disk(place, VERIFY)
        yield in_a_read_only_folder(place, VERIFY)
    for command in (WRITING[0], VERIFY):
        for fault in (GONE, CUT_OFF):
            yield without_its_table(place, command, fault)
    for command in SAYING:
        for fault in (NO_ROOM, SHUT):
            yield without_a_reader(place, command, fault)


_WITHOUT_A_WORD = "ends without a word"


def main() -> None:
    """Write what comes of every fault as a csv."""
    with tempfile.TemporaryDirectory() as folder, Path(sys.argv[1]).open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(
            ["command", "fault", "what happens", "exit code", "state after", "run again"]
        )
        import faults_of_serve  # which knows this module

        place = Path(folder) / "place"  # a model tells the folder that its table was in
        place.mkdir()
        for one in chain(outcomes(Place(place)), faults_of_serve.outcomes()):
            said = one.said.strip().replace(str(place), "") or _WITHOUT_A_WORD
            row = [one.command, one.fault, said, one.code, one.state, one.after]
            print(*row, sep=" | ")
            writer.writerow(row)


if __name__ == "__main__":
    main()
