"""Tables: their readers and writers, labelled ones, and the journal of labels."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook

from fuzz.models import small_model
from fuzz.mutations import in_json, in_markup, in_parquet, in_zip, packed
from fuzz.target import ROOT, Change, Target, chosen, file_of, folder, holds, refusals
from leadclass.columns import Columns, own_columns, told_columns
from leadclass.curation.check import check
from leadclass.errors import LeadclassError
from leadclass.labelled_tables import read_corpus, read_labelled
from leadclass.labelling.journal import Journal
from leadclass.labelling.questions import Question, read_questions
from leadclass.labelling.session import Answer
from leadclass.labels import LABELS
from leadclass.table_tagging import tag_table
from leadclass.tables import excel_files, open_table, parquet_files  # noqa: F401, to be watched
from leadclass.tables.csv_scan import scan
from leadclass.wording import Wording

_ENCODINGS = (None, None, None, None, "utf-8", "cp1252", "utf-16", "utf-7", "hex")
_DELIMITERS = (None, None, None, ",", ";", "\t", "é", "a", "\\", "^")

_CSV_WORDS = (
    ",",
    ";",
    '"',
    '""',
    '"\n',
    "\r\n",
    "\n\n",
    ',"',
    '",',
    "\ufeff",
    "sep=;\n",
    "\x00",
    "\r",
)
_LABEL_WORDS = (
    *_CSV_WORDS,
    "leadership",
    "management",
    "both",
    "neither",
    "vision",
    "empathy",
    "train",
)
_LABEL_WORDS += (
    "text_sha256",
    "traits",
    "pair",
    "phrase",
    "written",
    ";vision",
    "annotator",
    "time",
)


def _scan(content: bytes) -> None:
    """What the fast reader of csv reads is what Python's reads."""
    text = content.decode("utf-8", "replace")
    data = text.encode()
    delimiter = chosen(content, ",;\t")
    found = scan(data, delimiter.encode())
    if found is None:
        return
    width = found.bounds.shape[1] - 1
    columns = [found.cells(i).to_pylist() for i in range(width)]
    rows = [list(row) for row in zip(*columns, strict=True)]
    holds(len(found.lines()) == len(rows), "rows and lines are not as many")
    taken = data[: found.taken].decode()
    reader = csv.reader(io.StringIO(taken, newline=""), delimiter=delimiter, strict=True)
    expected = [row or [""] for row in reader if row or width == 1]
    holds(rows == expected, f"read otherwise than Python reads it: {rows} {expected}")


def _read(name: str, content: bytes) -> None:
    """Read all cells of a table."""
    if not content:
        return
    path = file_of(name, content)
    packed_inside = name.endswith((".parquet", ".xlsx"))
    encoding = None if packed_inside else chosen(content, _ENCODINGS)
    delimiter = None if packed_inside else chosen(content[1:], _DELIMITERS)
    with refusals(), open_table(path, encoding=encoding, delimiter=delimiter) as table:
        next_row = 1
        for batch in table:
            holds(batch.first_row == next_row, "rows are not numbered in order")
            next_row += len(batch)
            for column in batch.columns():
                holds(len(column) == len(batch), "columns are not as long as their batch")
                column.validate(full=True)
            holds(0 <= table.share() <= 1, "more was read than there is")


def _tag(content: bytes) -> None:
    """Tag a table and read what was written."""
    if not content:
        return
    source = file_of(f"in{_suffix(content)}", content)
    target = folder() / f"out{chosen(content, ('.csv', '.jsonl', '.parquet', '.tsv', '.xlsx'))}"
    unit = chosen(content[1:], ("row", "statement"))
    target.unlink(missing_ok=True)
    try:
        with open_table(source) as table:
            names = table.schema.names
            kinds = table.schema.types
    except LeadclassError:
        return
    text = next((n for n, k in zip(names, kinds, strict=True) if pa.types.is_string(k)), "comment")
    done = None
    with refusals():
        done = tag_table(small_model(), source, target, text, unit=unit)
    if done is None:
        holds(not target.exists(), "a table was refused and written none the less")
        return
    if not done.n_written:
        return  # JSON Lines without a row are an empty file
    with open_table(target) as table:
        columns = table.schema.names
        new = [columns.index(name) for name in ("label", "p_leadership")]
        own, said = [], []
        for batch in table:
            own.append(batch.read(0).to_pylist())
            said += zip(*(batch.read(place).to_pylist() for place in new), strict=True)
    if unit == "row" and not {"label", "p_leadership"} & set(names):
        lost = any(label != "neither" and p in (None, "") for label, p in said)
        holds(not lost, "a row that shows something has no probability")
    holds(sum(map(len, own)) == done.n_written, "other rows are in the file than were written")
    holds(len(set(columns)) >= 4, "the new columns are not there")
    if source.suffix == target.suffix == ".csv" and unit == "row":
        with open_table(source) as table:
            before = [batch.read(0).to_pylist() for batch in table]
        holds(_joined(own) == _joined(before), "the first column came back changed")


def _joined(parts: Iterable[list[object]]) -> list[object]:
    return [cell for part in parts for cell in part]


def _suffix(content: bytes) -> str:
    for beginning, suffix in ((b"PAR1", ".parquet"), (b"PK", ".xlsx"), (b"{", ".jsonl")):
        if content.startswith(beginning):
            return suffix
    return ".csv"


def _labelled(content: bytes) -> None:
    """Read labelled statements in each way in which they are."""
    if not content:
        return
    path = file_of(f"labelled{_suffix(content)}", content)
    with refusals():
        corpus = read_corpus([path])
        holds(corpus.shown().shape == corpus.known().shape, "shapes differ")
        holds(all(example.text.strip() for example in corpus.examples), "a text is empty")
    with refusals():
        examples, columns = read_labelled(path, by=("kind",))
        holds(len(examples) == len(columns["kind"]), "rows and cells are not as many")
    with refusals():
        read_corpus([path], texts=[path], split="train")
    with refusals():
        columns = _columns(content)
        kept = json.loads(json.dumps(told_columns(columns) or {}))
        holds(own_columns(**kept) == columns, "columns are kept as others")
        examples, _ = read_labelled(path, label=columns.label, wording=columns.wording)
        holds(all(example.label in LABELS for example in examples), "a label is none")
    with refusals():
        questions = read_questions(path)
        holds(len({q.text for q in questions}) == len(questions), "a statement is asked twice")


def _columns(content: bytes) -> Columns:
    """Columns and words of someone's own, out of the first of the table."""
    words = tuple(content[:60].decode("utf-8", "replace").splitlines()[0].split(","))
    wording = chosen(
        content[1:],
        (
            lambda: Wording(words),
            lambda: Wording(tuple(f"{word}=both" for word in words)),
            lambda: Wording(sides=words[:2]),
            lambda: Wording(sides=words[:2], yes=words[2:], blank_is_no=True),
        ),
    )
    return own_columns(label=words[0], wording=wording())


def _check(content: bytes) -> None:
    """Look for what is wrong with a labelled table."""
    if not content:
        return
    path = file_of(f"checked{_suffix(content)}", content)
    with refusals():
        n_rows, findings = check(
            [path],
            against=chosen(content, ((), (), [path])),
            columns=chosen(content[3:], (own_columns, partial(_columns, content)))(),
            shared_words=chosen(content[1:], (None, 3)),
            likely_errors=chosen(content[2:], (0, 0, 0, 0, 0, 0, 0, 3)),
        )
        holds(all(0 <= finding.row <= n_rows for finding in findings), "a finding is nowhere")


def _journal(content: bytes) -> None:
    """Go on with a file of labels: nothing that was in it is lost, nor what is added."""
    path = file_of("labels.csv", content)
    question = Question("A statement that nobody has written before.")
    answer = Answer("leadership", ("vision",), False)
    with refusals():
        journal = Journal(path, chosen(content, ("", "ada")))
        before = journal.answers
        journal.save(question, answer)
        again = Journal(path)
        holds(again.answers == before | {question.text: answer}, "an answer is lost")
        holds(not again.notice, "what was just written is torn")
        again.take_back(question)
        kept = {text: one for text, one in before.items() if text != question.text}
        holds(Journal(path).answers == kept, "an answer is lost when another is taken back")


def _csvs(*names: str) -> Callable[[], Iterable[bytes]]:
    def seeds() -> Iterable[bytes]:
        for name in names:
            lines = (ROOT / name).read_bytes().splitlines(keepends=True)
            yield b"".join(lines[:12])
        yield b'id;c\r\n1;"x; ""y"""\r\n2;\r\n'
        yield b"\xef\xbb\xbfa,b\r1,\r"
        yield b'"a\nb",c\n"1","2\n\n3"\n'
        yield "c,d\ncafé,“x”\n".encode("cp1252")
        yield "c\tä\nx\ty\n".encode("utf-16")

    return seeds


def _jsonls() -> Iterable[bytes]:
    yield b'{"c": "Plans the rota.", "n": 1}\n{"c": null, "d": [1, {"x": 2.5}]}\n'
    yield b'{"c": "\\ud800 \\u0000", "c": "twice"}\r\n\r\n  {"C": true}'
    yield b'{}\n{"": 1e400, "x": NaN}\n'


def _table() -> pa.Table:
    return pa.table(
        {
            "text": pa.array(["Plans the rota.", None, "Leads. Coaches.", ""]),
            "d": pa.array(["a", "b", "a", None]).dictionary_encode(),
            "n": pa.array([1, None, 3, 4]),
            "x": pa.array([0.5, float("nan"), None, 1.0]),
            "t": pa.array([0, 1, None, 3], pa.timestamp("us")),
            "s": pa.array([{"a": 1, "b": ["x"]}, None, {"a": 2, "b": []}, {"a": None, "b": None}]),
        }
    )


def _parquets() -> Iterable[bytes]:
    for table in (_table(), _table().select(["text"]), _table().slice(0, 0)):
        buffer = io.BytesIO()
        pq.write_table(table, buffer, row_group_size=3)
        yield buffer.getvalue()


def _workbooks() -> Iterable[bytes]:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["text", "n", "t", "b"])
    sheet.append(["Plans the rota.", 1, datetime(2026, 1, 2), True])
    sheet.append([None, 2.5, None, "x"])
    sheet.append(["=1+1", "", "#N/A", False])
    buffer = io.BytesIO()
    workbook.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    kept = {name: part for name, part in parts.items() if "theme" not in name}
    yield packed(kept)


def _line_of_json(content: bytes, random: Random, change: Change) -> bytes:
    """One line of JSON Lines changed as JSON."""
    lines = content.split(b"\n")
    place = random.randrange(len(lines))
    lines[place] = in_json(lines[place], random, change).replace(b"\n", b" ")
    return b"\n".join(lines)


def _as_it_is(content: bytes, random: Random, change: Change) -> bytes:
    """A table of any format changed as its format wants."""
    mutators = {
        ".parquet": in_parquet,
        ".xlsx": in_zip(lambda _: in_markup),
        ".jsonl": _line_of_json,
    }
    mutate = mutators.get(_suffix(content))
    return mutate(content, random, change) if mutate else change(content)


_labelled_seeds = _csvs(
    "examples/to-check.csv", "examples/labelled.csv", "corpus/general.csv", "corpus/near_misses.csv"
)


def _journals() -> Iterable[bytes]:
    head = b"id,text,kind,label,traits,annotator,saw_model,time\r\n"
    rows = (
        b'1,"Leads, and ""coaches"".",review,leadership,empathy,ada,,2026-01-02T03:04:05Z\r\n'
        b"2,Plans the rota.,review,management,organisation;time_management,ada,yes,2026-01-02T03:04"
    )
    yield head + rows
    yield head + rows + b":06Z\r\n"
    yield (head + rows + b":06Z\r\n").replace(b"\r\n", b"\n").replace(b",", b";")
    yield b"\xef\xbb\xbf" + head[:20]
    yield b'text,label,traits\n"a\nb",both,\nc,neither'
    yield from _labelled_seeds()


TABLES = (
    Target("csv-scan", _scan, _csvs("examples/reviews.csv"), words=_CSV_WORDS, longest=300),
    Target("csv", partial(_read, "a.csv"), _csvs("examples/reviews.csv"), words=_CSV_WORDS),
    Target("jsonl", partial(_read, "a.jsonl"), _jsonls, _line_of_json, longest=4_000),
    Target("parquet", partial(_read, "a.parquet"), _parquets, in_parquet, longest=30_000),
    Target(
        "xlsx",
        partial(_read, "a.xlsx"),
        _workbooks,
        in_zip(lambda name: in_markup),
        longest=60_000,
    ),
    Target(
        "tag",
        _tag,
        lambda: [*_csvs("examples/reviews.csv")(), *_jsonls(), *_parquets(), *_workbooks()],
        _as_it_is,
        words=_CSV_WORDS,
        longest=30_000,
    ),
    Target("labelled", _labelled, _labelled_seeds, words=_LABEL_WORDS, longest=4_000),
    Target("corpus-check", _check, _labelled_seeds, words=_LABEL_WORDS, longest=3_000),
    Target("journal", _journal, _journals, words=_LABEL_WORDS, longest=3_000),
)
