"""Answers in, each on the disk before the next is asked; the file is a labelled table at all times.

A new answer is appended. One that changes is written with all others to a new file that takes the
place of the old. What a crash has torn is a last line, which is recognised and left out.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from os import PathLike, fspath
from pathlib import Path

from leadclass.errors import LeadclassError
from leadclass.files import cannot_write, replacing, sync
from leadclass.labelled_tables import read_all_rows
from leadclass.labelling.questions import Question
from leadclass.labelling.session import Answer
from leadclass.labels import LABELS, join_traits, split_traits
from leadclass.tables import open_table
from leadclass.tables.csv_files import csv_writer
from leadclass.tables.formats import CSV, TSV, TableFormat, format_of

#: The columns of a new file: `time` last, so that a row which has it is whole.
COLUMNS = ("text", "label", "traits", "annotator", "saw_model", "time")
_NEEDED = ("text", "label", "traits")

#: What says that the model's opinion had been seen.
SEEN = "yes"

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TIME_LENGTH = 20


class Journal:
    """A file of labels that answers are added to.

    Parameters
    ----------
    path : path-like
        A csv or tsv; it need not exist.
    annotator : str
        Whose answers these are.
    carried : iterable of str
        Further columns, for a new file.

    Attributes
    ----------
    answers : dict of str to Answer
        Those that it holds, by text, in its order.
    notice : str
        What had to be mended, for the user to know.

    Raises
    ------
    LeadclassError
        If the file cannot be read, is no table of labels, or holds another annotator's.
    """

    def __init__(
        self, path: str | PathLike[str], annotator: str = "", carried: Iterable[str] = ()
    ) -> None:
        self.path = Path(fspath(path))
        self.notice = ""
        self._annotator = annotator
        self._format = format_of(self.path)
        if self._format.name not in (CSV, TSV):
            raise LeadclassError(
                f"labels are not written as {self._format.name}",
                file=self.path,
                remedy="name a csv or tsv with -o",
            )
        self._columns = _new_columns(carried)
        self._rows: dict[str, dict[str, str]] = {}
        if _is_begun(self.path, self._line(self._columns)):
            self._format, self._columns = _layout(self.path)
            self.notice = self._mend()
            self._rows = _read(self.path, annotator)
        self._left = self._state()

    @property
    def answers(self) -> dict[str, Answer]:
        return {text: _answer(row) for text, row in self._rows.items()}

    def save(self, question: Question, answer: Answer) -> None:
        """Put an answer on the disk, in place of any that the question had.

        Raises
        ------
        LeadclassError
            If it cannot be written; the file is then as it was before.
        """
        row = dict(question.carried) | {
            "text": question.text,
            "label": answer.label,
            "traits": join_traits(answer.traits),
            "annotator": self._annotator,
            "saw_model": SEEN if answer.saw_model else "",
            "time": datetime.now(UTC).strftime(_TIME),
        }
        self._check_untouched()
        if question.text in self._rows:
            self._rewrite({**self._rows, question.text: self._rows[question.text] | row})
        else:
            self._append(row)

    def take_back(self, question: Question) -> None:
        """Take a question's answer out of the file.

        Raises
        ------
        LeadclassError
            If it cannot be written; the file is then as it was before.
        """
        self._check_untouched()
        self._rewrite({text: row for text, row in self._rows.items() if text != question.text})

    def _append(self, row: dict[str, str]) -> None:
        line = self._line([row.get(column, "") for column in self._columns])
        size = self._left[0] if self._left else 0
        if not size:
            line = self._line(self._columns) + line
        try:
            with self.path.open("ab", buffering=0) as file:
                try:
                    left = memoryview(line)
                    while left:
                        left = left[file.write(left) :]
                    os.fsync(file.fileno())
                except OSError:
                    os.truncate(self.path, size)
                    if self._left is None:
                        self.path.unlink()
                    raise
            if not size:
                sync(self.path.parent)
        except OSError as error:
            raise cannot_write(self.path, error) from None
        finally:
            self._left = self._state()
        self._rows[row["text"]] = row

    def _rewrite(self, rows: Mapping[str, dict[str, str]]) -> None:
        lines = [self._columns, *([row.get(c, "") for c in self._columns] for row in rows.values())]
        content = b"".join(map(self._line, lines))
        if self._format.encoding == "utf-8-sig":
            content = b"\xef\xbb\xbf" + content
        with replacing(self.path) as unfinished:
            unfinished.write_bytes(content)
        self._left = self._state()
        self._rows = dict(rows)

    def _line(self, cells: Iterable[str]) -> bytes:
        text = io.StringIO()
        csv_writer(text, self._format.delimiter, self._format.newline).writerow(cells)
        return text.getvalue().encode()

    def _mend(self) -> str:
        """Leave out the torn end of the file, or end the last line where only that is missing."""
        content = self.path.read_bytes()
        tail, in_a_cell = _unfinished(content, self._format.delimiter)
        if not tail:
            return ""
        if in_a_cell and any(self._is_whole(line) for line in tail.splitlines()):
            return ""  # not torn but broken by something else, which reading it will name
        try:
            if not in_a_cell and self._is_whole(tail):
                with self.path.open("ab") as file:
                    file.write(self._format.newline.encode())
                return ""
            os.truncate(self.path, len(content) - len(tail))
        except OSError as error:
            raise cannot_write(self.path, error) from None
        return "The last answer in the file was cut off and is asked again."

    def _is_whole(self, line: bytes) -> bool:
        text = io.StringIO(line.decode("utf-8", "replace"), newline="")
        cells = next(csv.reader(text, delimiter=self._format.delimiter), [])
        if len(cells) != len(self._columns):
            return False
        row = dict(zip(self._columns, cells, strict=True))
        time_is_whole = self._columns[-1] != "time" or len(row["time"]) in (0, _TIME_LENGTH)
        return row["label"].strip().lower() in LABELS and time_is_whole

    def _check_untouched(self) -> None:
        if self._state() != self._left:
            raise LeadclassError(
                "another program has changed the file",
                file=self.path,
                remedy="quit and start again to go on from there",
            )

    def _state(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_size, found.st_mtime_ns


def _new_columns(carried: Iterable[str]) -> list[str]:
    carried = list(carried)
    return [c for c in ("id",) if c in carried] + [
        COLUMNS[0],
        *(c for c in carried if c != "id"),
        *COLUMNS[1:],
    ]


def _is_begun(path: Path, header: bytes) -> bool:
    """Whether a file of labels is there and has more than a torn first line."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise LeadclassError(
            f"cannot be read ({error.strerror or error})",
            file=path,
            remedy="name another file with -o",
        ) from None
    if content and header.startswith(content):
        with suppress(OSError):
            os.truncate(path, 0)
        return False
    return bool(content)


def _layout(path: Path) -> tuple[TableFormat, list[str]]:
    """How a file of labels is written, and its columns."""
    with open_table(path) as table:
        names = table.schema.names
        for name in _NEEDED:
            if names.count(name) != 1:
                raise LeadclassError(
                    "is no table of labels that could be gone on with: it has not one such column",
                    file=path,
                    column=name,
                    remedy="name another file with -o",
                )
        if table.format.encoding not in ("utf-8", "utf-8-sig"):
            raise LeadclassError(
                f"is {table.format.encoding}", file=path, remedy="save it as UTF-8 first"
            )
        return table.format, names


def _read(path: Path, annotator: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    numbers: dict[str, int] = {}
    for row in read_all_rows([path]):
        text, other = row.example.text, row.cells.get("annotator", "")
        if text in found:
            raise LeadclassError(
                f"has the text of row {numbers[text]}",
                file=path,
                row=row.number,
                remedy="keep one of the two",
            )
        if annotator and other not in ("", annotator):
            raise LeadclassError(
                f"holds labels of {other!r}, and you are {annotator!r}",
                file=path,
                row=row.number,
                remedy="name a file of your own with -o, or say who you are with --annotator",
            )
        found[text], numbers[text] = dict(row.cells), row.number
    return found


def _answer(row: Mapping[str, str]) -> Answer:
    seen = row.get("saw_model") == SEEN
    return Answer(row["label"].strip().lower(), split_traits(row.get("traits")), seen)


def _unfinished(content: bytes, delimiter: str) -> tuple[bytes, bool]:
    """The last row if it has no line end, and whether it ends inside quotes."""
    lines = content.removeprefix(b"\xef\xbb\xbf").splitlines(keepends=True)
    # One quote more closes a cell that is open, or else it is a row of its own.
    rows = csv.reader((line.decode("latin-1") for line in [*lines, b'"']), delimiter=delimiter)
    begins = ends = 0
    for _ in rows:
        if rows.line_num > len(lines):
            break
        begins, ends = ends, rows.line_num
    if ends < len(lines):
        return b"".join(lines[ends:]), True
    if lines and not lines[-1].endswith((b"\n", b"\r")):
        return b"".join(lines[begins:]), False
    return b"", False
