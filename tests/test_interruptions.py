"""Whatever breaks a command off leaves what was there before, or what is whole, and one line."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("signals and small disks are things of Unix", allow_module_level=True)

import faults
import faults_of_serve
from faults import (
    AS_BEFORE,
    BEGINS,
    CUT_OFF,
    ENDS,
    GONE,
    LONG,
    NO_ROOM,
    READS,
    SAYING,
    SHUT,
    SIGNALS,
    VERIFY,
    WHOLE,
    WRITING,
    Command,
    Outcome,
    Place,
)

#: All moments of all commands take minutes; docs/results/faults.csv has what came of them.
ALL = os.environ.get("LEADCLASS_LONG_TESTS") == "1"

#: One of each way to write a result: a table, a folder, a page, the choice of a model.
EACH_WAY = ("tag, to csv", "tag, a folder", "analyze --html", "use")
SLOW = ("train", "corpus stats --plot", "evaluate --plot")

CODES = {"Ctrl-C": 130, "SIGTERM": 143, "kill -9": -9}
BREAKS = [
    (command, how, moment)
    for command in WRITING
    for how in SIGNALS
    for moment in (BEGINS, ENDS)
    if ALL
    or (moment == ENDS and how == "kill -9" and command.name not in SLOW)
    or (moment == ENDS and how == "Ctrl-C" and command.name in EACH_WAY)
    or (moment == BEGINS and how == "SIGTERM" and command.name in EACH_WAY[:1])
]
BREAKS_LATER = [
    (command, how)
    for command in LONG
    for how in SIGNALS
    if ALL or how == "kill -9" or command is LONG[0]
]
DISKS = [command for command in WRITING if ALL or command.name in EACH_WAY]
TALKING = SAYING if ALL else SAYING[:5]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A folder with all that the commands read."""
    yield Place(tmp_path_factory.mktemp("faults"))


@pytest.fixture(scope="module")
def small_disks() -> None:
    """Skip where no small disk can be made."""
    if not faults.can_mount():
        pytest.skip("mounting a small disk is not allowed here")


def assert_one_line(outcome: Outcome, *words: str) -> None:
    assert outcome.said.startswith("leadclass: ") and outcome.said.count("\n") == 1, outcome.said
    for word in words:
        assert word in outcome.said


@pytest.mark.parametrize(("command", "how", "moment"), BREAKS, ids=str)
def test_ended_at_any_moment_a_command_leaves_what_was_there(
    place: Place, command: Command, how: str, moment: str
) -> None:
    outcome = faults.broken_off(place, command, how, moment)
    assert outcome.code == CODES[how], outcome
    left = ", and what was unfinished" if how == "kill -9" else ""
    assert outcome.state == AS_BEFORE + left
    if how != "kill -9":
        assert_one_line(outcome, "run it again")
    assert outcome.after == WHOLE  # and nothing else is there


@pytest.mark.parametrize(("command", "how"), BREAKS_LATER, ids=str)
def test_a_long_run_that_is_ended_leaves_what_it_has_done(
    place: Place, command: Command, how: str
) -> None:
    outcome = faults.broken_in_the_middle(place, command, how)
    assert outcome.code == CODES[how], outcome
    assert outcome.state == f"{AS_BEFORE}, and what was unfinished"
    if how != "kill -9":
        assert_one_line(outcome, "--resume goes on after", "rows")
    assert outcome.after == f"{WHOLE}, with --resume"


@pytest.mark.usefixtures("small_disks")
@pytest.mark.parametrize("command", LONG, ids=str)
def test_a_long_run_goes_on_when_there_is_room_again(place: Place, command: Command) -> None:
    outcome = faults.on_a_full_disk(place, command, long=True)
    assert outcome.code == 2, outcome
    assert_one_line(outcome, "No space left", "make room on the disk", "--resume goes on after")
    assert outcome.after == f"{WHOLE}, with --resume"


@pytest.mark.usefixtures("small_disks")
@pytest.mark.parametrize("command", DISKS, ids=str)
def test_on_a_full_disk_what_was_there_stays(place: Place, command: Command) -> None:
    outcome = faults.on_a_full_disk(place, command)
    assert outcome.code == 2, outcome
    assert_one_line(outcome, f"out/{command.output}: ", "No space left", "make room on the disk")
    assert (outcome.state, outcome.after) == (AS_BEFORE, WHOLE)


@pytest.mark.usefixtures("small_disks")
@pytest.mark.parametrize("command", DISKS, ids=str)
def test_a_read_only_folder_is_named(place: Place, command: Command) -> None:
    outcome = faults.in_a_read_only_folder(place, command)
    assert outcome.code == 2, outcome
    assert_one_line(outcome, f"out/{command.output}: ", "Read-only file system", "your rights")
    assert outcome.state == AS_BEFORE


def test_a_table_that_is_removed_while_it_is_read_is_read_to_its_end(place: Place) -> None:
    outcome = faults.without_its_table(place, WRITING[0], GONE)
    assert (outcome.code, outcome.said, outcome.state) == (0, "", WHOLE)


def test_a_table_that_is_cut_off_while_it_is_read_is_refused(place: Place) -> None:
    outcome = faults.without_its_table(place, WRITING[0], CUT_OFF)
    assert (outcome.code, outcome.state) == (2, AS_BEFORE)
    assert_one_line(outcome, "in.csv: was cut off while it was read")


#: To make a model, and to make it anew, takes a while.
long = pytest.mark.skipif(not ALL, reason="only with LEADCLASS_LONG_TESTS=1")


@long
@pytest.mark.parametrize("how", SIGNALS)
def test_a_model_that_is_verified_stays_as_it_is_however_that_ends(place: Place, how: str) -> None:
    outcome = faults.broken_off(place, VERIFY, how, READS)
    assert (outcome.code, outcome.state, outcome.after) == (CODES[how], AS_BEFORE, WHOLE)


@long
@pytest.mark.usefixtures("small_disks")
def test_to_verify_a_model_nothing_need_be_written(place: Place) -> None:
    for done in (faults.on_a_full_disk(place, VERIFY), faults.in_a_read_only_folder(place, VERIFY)):
        assert (done.code, done.said, done.state) == (0, "", AS_BEFORE)


@long
@pytest.mark.parametrize(("fault", "words"), [(GONE, "No such file"), (CUT_OFF, "has changed")])
def test_a_table_that_goes_while_a_model_is_verified_is_named(
    place: Place, fault: str, words: str
) -> None:
    outcome = faults.without_its_table(place, VERIFY, fault)
    assert (outcome.code, outcome.state) == (2, AS_BEFORE)
    assert_one_line(outcome, words)


DOWNLOADS = (faults_of_serve.TABLE, faults_of_serve.REPORT) if ALL else (faults_of_serve.TABLE,)


@pytest.mark.parametrize("download", DOWNLOADS, ids=str)
def test_a_client_that_goes_away_leaves_nothing_behind(download: faults_of_serve.Download) -> None:
    outcome = faults_of_serve.client_gone(download)
    assert (outcome.code, outcome.said) == (0, "")
    assert (outcome.state, outcome.after) == (faults_of_serve.NOTHING_LEFT, faults_of_serve.ANSWERS)


@pytest.mark.parametrize("download", DOWNLOADS, ids=str)
@pytest.mark.parametrize("how", SIGNALS if ALL else ["kill -9"])
def test_what_a_killed_server_leaves_the_next_one_removes(
    download: faults_of_serve.Download, how: str
) -> None:
    outcome = faults_of_serve.server_ended(download, how)
    killed = how == "kill -9"
    left = faults_of_serve.PRIVATE_LEFT if killed else faults_of_serve.NOTHING_LEFT
    assert (outcome.code, outcome.said) == (CODES[how] if killed else 0, "")
    assert (outcome.state, outcome.after) == (left, faults_of_serve.CLEAN)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("command", TALKING, ids=str)
def test_a_full_standard_output_is_one_line(place: Place, command: Command) -> None:
    outcome = faults.without_a_reader(place, command, NO_ROOM)
    assert outcome.code == 2
    assert_one_line(outcome, "standard output cannot be written (No space left on device)")


@pytest.mark.parametrize("command", TALKING, ids=str)
def test_a_reader_that_has_seen_enough_is_no_error(place: Place, command: Command) -> None:
    outcome = faults.without_a_reader(place, command, SHUT)
    assert (outcome.code, outcome.said) == (0, "")
