"""PDFs are read in a process of its own: what it does wrong, or takes, hurts nothing else."""

import os
import signal
import subprocess
import sys
import textwrap
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from conftest import EXAMPLES, ROOT

from leadclass.documents import read_bytes, read_document
from leadclass.errors import LeadclassError
from leadclass.readers import pdf, pdf_text
from leadclass.readers.limits import MOST_PDF_MEMORY, MOST_PDF_SECONDS
from leadclass.readers.own_process import EndedError, NotStartedError, OwnProcess

sys.path.append(str(Path(__file__).parent / "nasty"))

from making_documents import documents, page_objects
from making_documents import pdf as pdf_of

DOCUMENTS = Path(__file__).parent / "documents"
PAGES = DOCUMENTS / "pages.pdf"
PDFS = sorted([*DOCUMENTS.rglob("*.pdf"), *EXAMPLES.rglob("*.pdf")])
NASTY = {name: content for name, content in documents().items() if name.endswith(".pdf")}

#: What has not happened by then will not, on a busy machine either.
PATIENCE = 180

posix = pytest.mark.skipif(os.name == "nt", reason="it looks at processes as POSIX has them")
linux = pytest.mark.skipif(sys.platform != "linux", reason="it looks at /proc")


def unpacking_to(content: bytes, times: int, n_pages: int = 1) -> bytes:
    """A PDF whose pages all draw this again and again."""
    packer = zlib.compressobj(9)
    begun = packer.compress(b"\n") + packer.flush(zlib.Z_FULL_FLUSH)
    block = packer.compress(content) + packer.flush(zlib.Z_FULL_FLUSH)
    objects = page_objects(begun + block * times, b"/Filter /FlateDecode")
    kids = b" ".join([b"3 0 R"] * n_pages)
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n_pages)
    return pdf_of(objects)


#: It takes minutes.
SLOW = unpacking_to(b"q Q " * 250_000, 100, n_pages=100)


# The process itself.

ANSWERING = """
import os, signal, time
from leadclass.readers.messages import READY, put, taken

def main():
    requests, answers = open(0, "rb", buffering=0), open(1, "wb", buffering=0)
    put(answers, READY)
    spoilt = False
    while (message := taken(requests)) is not None:
        if message == b"crash" or spoilt:
            os.abort()
        if message == b"half":
            os.write(1, b"12")
            os._exit(0)
        if message == b"out of time":
            os.kill(os.getpid(), signal.SIGXCPU)
        if message == b"sleep":
            time.sleep(600)
        spoilt = message == b"spoil"
        put(answers, str(os.getpid()).encode() if message == b"pid" else message)
"""


@pytest.fixture
def answering(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnProcess]:
    (tmp_path / "answering.py").write_text(ANSWERING)
    monkeypatch.syspath_prepend(tmp_path)
    process = OwnProcess("answering")
    yield process
    process.stop()


def pid_of(process: OwnProcess) -> int:
    return int(process.ask(b"pid", PATIENCE))


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("length", [0, 1, 8, 65_536, 65_537, 3_000_000])
def test_messages_of_any_length_come_back_whole(answering: OwnProcess, length: int) -> None:
    message = os.urandom(length)
    assert answering.ask(message, PATIENCE) == message


def test_one_process_answers_one_message_after_the_other(answering: OwnProcess) -> None:
    assert len({pid_of(answering) for _ in range(20)}) == 1


@pytest.mark.parametrize("message", [b"crash", b"half"])
def test_a_crash_is_told_and_the_next_is_answered(answering: OwnProcess, message: bytes) -> None:
    for _ in range(2):
        with pytest.raises(EndedError):
            answering.ask(message, PATIENCE)
    assert answering.ask(b"next", PATIENCE) == b"next"


def test_what_came_before_spoils_nothing(answering: OwnProcess) -> None:
    before = pid_of(answering)
    assert answering.ask(b"spoil", PATIENCE) == b"spoil"
    assert answering.ask(b"next", PATIENCE) == b"next"
    assert pid_of(answering) != before


@posix
def test_what_takes_too_long_is_ended_and_the_next_is_answered(answering: OwnProcess) -> None:
    before = pid_of(answering)
    with pytest.raises(TimeoutError):
        answering.ask(b"sleep", 0.2)
    assert not is_there(before)
    assert answering.ask(b"next", PATIENCE) == b"next"


def test_what_takes_too_long_to_start_is_ended_too(answering: OwnProcess) -> None:
    for seconds in (0.0, 0.001, 0.01):
        with pytest.raises(TimeoutError):
            answering.ask(b"sleep", seconds)
    assert answering.ask(b"next", PATIENCE) == b"next"


@posix
def test_what_takes_too_much_of_the_processor_takes_too_long(answering: OwnProcess) -> None:
    for _ in range(2):
        with pytest.raises(TimeoutError):
            answering.ask(b"out of time", PATIENCE)
    assert answering.ask(b"next", PATIENCE) == b"next"


@posix
def test_it_is_gone_when_it_is_stopped(answering: OwnProcess) -> None:
    before = pid_of(answering)
    answering.stop()
    assert not is_there(before)
    answering.stop()
    assert pid_of(answering) != before


@posix
@pytest.mark.parametrize("executable", ["/no/such/python", "/bin/true"])
def test_where_it_cannot_be_started_that_is_told(
    monkeypatch: pytest.MonkeyPatch, answering: OwnProcess, executable: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sys, "executable", executable)
        with pytest.raises(NotStartedError):
            answering.ask(b"next", PATIENCE)
        patch.setattr(pdf, "_PROCESS", answering)
        with pytest.raises(LeadclassError, match=r"^pages.pdf: .* cannot be started .*; try again"):
            read_bytes("pages.pdf", PAGES.read_bytes())
    assert answering.ask(b"next", PATIENCE) == b"next"


# What it makes of PDFs.


def outcome(read: Callable[[bytes, str, None], object], content: bytes) -> object:
    try:
        return read(content, "a.pdf", None)
    except LeadclassError as error:
        return str(error)
    except Exception as error:
        return type(error).__name__


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.name)
def test_a_pdf_reads_as_it_would_here(path: Path) -> None:
    content = path.read_bytes()
    assert outcome(pdf.read, content) == outcome(pdf_text.read, content)


def test_what_is_wrong_with_a_pdf_is_said_as_it_would_be_here() -> None:
    assert len(NASTY) > 20
    there = {name: outcome(pdf.read, content) for name, content in NASTY.items()}
    assert there == {name: outcome(pdf_text.read, content) for name, content in NASTY.items()}


def test_an_error_that_nobody_has_foreseen_is_told_by_its_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf._PROCESS, "ask", lambda *_: b'{"unforeseen": "KeyError"}')
    with pytest.raises(LeadclassError, match=r"cannot be read \(KeyError\)") as error:
        read_document(PAGES)
    assert type(error.value.__cause__).__name__ == "KeyError"


def test_a_page_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PDF_WAIT", 0.5)
    with pytest.raises(LeadclassError, match=r"^a.pdf: takes too long to be read; print it"):
        read_bytes("a.pdf", SLOW)
    monkeypatch.undo()
    assert read_document(PAGES).text


@linux
def test_a_crash_while_a_pdf_is_read_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    class Crashing(OwnProcess):
        def _started(self) -> subprocess.Popen[bytes]:
            process = super()._started()
            os.kill(process.pid, signal.SIGSEGV)
            return process

    crashing = Crashing("leadclass.readers.pdf_process")
    monkeypatch.setattr(pdf, "_PROCESS", crashing)
    with pytest.raises(LeadclassError, match=r"^a.pdf: .*; "):
        read_bytes("a.pdf", SLOW)
    assert crashing._process is None


@linux
def test_the_memory_and_the_time_of_the_process_are_bounded() -> None:
    import resource

    assert read_document(PAGES).text
    running = pdf._PROCESS._process
    assert running is not None
    assert resource.prlimit(running.pid, resource.RLIMIT_AS)[0] == MOST_PDF_MEMORY
    assert resource.prlimit(running.pid, resource.RLIMIT_CORE)[0] == 0
    seconds, _ = resource.prlimit(running.pid, resource.RLIMIT_CPU)
    assert MOST_PDF_SECONDS < seconds < 2 * MOST_PDF_SECONDS


#: Reads PDFs with less memory: a process cannot have more than the one that starts it.
IN_LITTLE_MEMORY = """
import resource, sys
from pathlib import Path
from leadclass.readers import pdf
resource.setrlimit(resource.RLIMIT_AS, (200_000_000, 200_000_000))
for name in sys.argv[1:]:
    try:
        print(len(pdf.read(Path(name).read_bytes(), name, None).text) > 1000)
    except pdf.LeadclassError as error:
        print(error)
"""


@linux
def test_what_takes_too_much_memory_is_told_and_the_next_is_read(tmp_path: Path) -> None:
    (tmp_path / "large.pdf").write_bytes(unpacking_to(b" " * 1_000_000, 300))
    done = python(IN_LITTLE_MEMORY, PAGES, "large.pdf", PAGES, cwd=tmp_path)
    first, refused, last = done.stdout.splitlines()
    assert refused.startswith("large.pdf: cannot be read: it is damaged, or takes too much memory;")
    assert first == last == "True"


# Whatever ends the one that started it, nothing is left.


def python(script: str, *arguments: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=PATIENCE,
    )


def soon(found: Callable[[], object]) -> bool:
    """Whether something comes true before anyone would give up."""
    until = time.monotonic() + PATIENCE
    while not found():
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def children(pid: int) -> list[int]:
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@contextmanager
def reading_for_long(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The command line at work on a PDF, and the process that reads it."""
    (tmp_path / "a.pdf").write_bytes(SLOW)
    with subprocess.Popen(
        [sys.executable, "-m", "leadclass", "analyze", "a.pdf"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        process_group=0,
    ) as process:
        try:
            assert soon(lambda: [n for n in children(process.pid) if _is_busy(n)])
            [reader] = children(process.pid)
            yield process, reader
        finally:
            process.kill()


def _is_busy(pid: int) -> bool:
    """Whether the libraries are there and the page is being read: its threads are two."""
    return len(list(Path(f"/proc/{pid}/task").iterdir())) == 2


@linux
@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGKILL, -signal.SIGKILL)],
)
def test_however_a_command_is_ended_the_process_ends_with_it(
    tmp_path: Path, number: signal.Signals, code: int
) -> None:
    with reading_for_long(tmp_path) as (process, reader):
        os.killpg(process.pid, number)
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == code
        assert said.count("\n") == (number != signal.SIGKILL)
        assert soon(lambda: not is_running(reader))


@linux
def test_when_all_is_read_the_process_ends(tmp_path: Path) -> None:
    script = """
        import sys
        from leadclass.readers import pdf
        print(len(pdf.read(open(sys.argv[1], "rb").read(), "a", None).text))
        print(pdf._PROCESS._process.pid)
    """
    done = python(script, PAGES, cwd=tmp_path)
    assert done.stderr == ""
    assert not is_running(int(done.stdout.split()[1]))


@linux
def test_the_server_stops_with_it(tmp_path: Path) -> None:
    pytest.importorskip("starlette", reason="the extra serve is not installed")
    from servers import client, started, stop

    with started() as (process, where), client(where) as ask:
        files = {"file": (PAGES.name, PAGES.read_bytes())}
        assert ask.post("/page/article", files=files).status_code == 200
        [reader] = children_of_threads(process.pid)
        assert stop(process) == (0, "", "")
    assert not is_running(reader)


def children_of_threads(pid: int) -> list[int]:
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(number) for found in lists for number in found.read_text().split()]


@posix
def test_a_copy_of_a_process_has_one_of_its_own(tmp_path: Path) -> None:
    script = """
        import os, sys
        from leadclass.readers import pdf
        content = open(sys.argv[1], "rb").read()
        read = lambda: pdf.read(content, "a", None)
        before = read()
        for _ in range(2):
            if not os.fork():
                same = all(read() == before for _ in range(20))
                pdf._PROCESS.stop()
                os._exit(0 if same else 1)
        assert all(read() == before for _ in range(20))
        print([os.waitstatus_to_exitcode(os.wait()[1]) for _ in range(2)])
    """
    assert python(script, PAGES, cwd=tmp_path).stdout.strip() == "[0, 0]"


def test_nothing_is_run_that_lies_where_the_user_is(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("open('was-run', 'w')")
    (tmp_path / "a.pdf").write_bytes(PAGES.read_bytes())
    done = subprocess.run(
        [sys.executable, "-P", "-c", "from leadclass.cli import main; main()", "analyze", "a.pdf"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "was-run").exists()


def test_a_checkout_that_no_variable_names_reads_too(tmp_path: Path) -> None:
    script = f"""
        import sys
        sys.path.insert(0, {str(ROOT)!r})
        import leadclass
        print(len(leadclass.read_document(sys.argv[1]).text) > 1000)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script), str(PAGES)],
        cwd=tmp_path,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        capture_output=True,
        check=True,
    )
    assert done.stdout.strip() == b"True"
