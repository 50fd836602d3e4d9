"""Files that are too large to keep, made when they are wanted: a path in, a file of any size there.

`HUGE` has a line for each, with the commands that it is for and what they are to do. Sizes are
those of the full files; `scale` makes them smaller.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pyarrow as pa
import pyarrow.parquet as pq

_BLOCK = 1 << 20
_ROW = "text,label\n"
_PLANS = "Plans the weekly rota and keeps the budget. "


@dataclass(frozen=True)
class Huge:
    """A file and what is done with it.

    Attributes
    ----------
    name : str
    make : callable
        Writes it, given its path and a scale in (0, 1].
    commands : tuple of str
        See `commands_of`.
    says : str
        What the one line of error has; empty where the file is to be worked on.
    """

    name: str
    make: Callable[[Path, float], None]
    commands: tuple[str, ...]
    says: str = ""


def _write(path: Path, blocks: Iterator[bytes]) -> None:
    packed = path.suffix == ".gz"
    with gzip.open(path, "wb", 6) if packed else path.open("wb") as file:  # type: ignore[union-attr]
        for block in blocks:
            file.write(block)


def _repeated(text: str, n_bytes: float) -> Iterator[bytes]:
    unit = (text * (_BLOCK // len(text.encode()) + 1)).encode()
    for _ in range(max(1, int(n_bytes / len(unit)))):
        yield unit


def _of(before: str, text: str, n_bytes: float, after: str = "") -> Callable[[Path, float], None]:
    """What writes a text again and again between two others."""

    def make(path: Path, scale: float) -> None:
        def blocks() -> Iterator[bytes]:
            yield before.encode()
            yield from _repeated(text, n_bytes * scale)
            yield after.encode()

        _write(path, blocks())

    return make


def _million_columns(path: Path, scale: float) -> None:
    n = int(1_000_000 * scale)
    with path.open("w", encoding="utf-8") as file:
        file.write("text," + ",".join(f"c{i}" for i in range(n)) + "\n")
        for _ in range(3):
            file.write(_PLANS + "," * n + "\n")


def _million_keys(path: Path, scale: float) -> None:
    n = int(1_000_000 * scale)
    with path.open("w", encoding="utf-8") as file:
        file.write('{"text": "Plans."' + "".join(f', "k{i}": 1' for i in range(n)) + "}\n")


def _million_words(path: Path, scale: float) -> None:
    n = int(1_000_000 * scale)
    with path.open("w", encoding="utf-8") as file:
        file.write("text\n")
        for i in range(0, n, 20):
            file.write(" ".join(f"w{chr(97 + j % 26)}{_letters(i + j)}" for j in range(20)) + "\n")


def _letters(number: int) -> str:
    written = ""
    while number:
        number, digit = divmod(number, 26)
        written += chr(97 + digit)
    return written


def _dictionary(path: Path, scale: float) -> None:
    """Rows that all have the same long text, which Parquet keeps once."""
    n_rows = int(2_000 * scale)
    text = pa.array([_PLANS * int(1_000_000 * max(scale, 0.1) / len(_PLANS))])
    codes = pa.array([0] * n_rows, pa.int32())
    column = pa.DictionaryArray.from_arrays(codes, text)
    pq.write_table(pa.table({"text": column}), path, store_schema=False)


def _one_page(path: Path, scale: float) -> None:
    text = pa.array(["Plans. " * int(1e8 * scale)], pa.large_string())
    pq.write_table(pa.table({"text": text}), path, compression="zstd", use_dictionary=False)


def _one_list(path: Path, scale: float) -> None:
    """A row whose list has more numbers than any memory, in a few bytes."""
    numbers = pa.array([0], pa.int8()).take(pa.array(bytearray(int(1e8 * scale)), pa.uint8()))
    lists = pa.LargeListArray.from_arrays(pa.array([0, len(numbers)]), numbers)
    pq.write_table(pa.table({"text": ["Plans."], "list": lists}), path)


def _same_bytes(path: Path, scale: float) -> None:
    """Rows that all have the same megabyte, which is no text."""
    n_rows = int(20_000 * scale)
    cell = pa.array([_PLANS.encode() * int(1e6 / len(_PLANS))])
    column = pa.DictionaryArray.from_arrays(pa.array([0] * n_rows, pa.int32()), cell)
    table = pa.table({"text": ["Plans."] * n_rows, "bytes": column})
    pq.write_table(table, path, compression="zstd", store_schema=False)


def _wide_rows(path: Path, scale: float) -> None:
    n = int(120_000 * scale)
    pq.write_table(pa.table({f"c{i}": pa.array(["Plans."]) for i in range(n)}), path)


def _book(
    rows: Callable[[float], Iterator[bytes]],
    strings: Callable[[float], Iterator[bytes]] | None = None,
) -> Callable[[Path, float], None]:
    """What writes a workbook with this sheet, and with these shared strings."""
    from making_workbooks import workbook

    def make(path: Path, scale: float) -> None:
        parts = {} if strings is None else {"xl__sharedStrings.xml": " "}
        whole = workbook("<!--here-->", **parts)
        path.write_bytes(whole)
        with ZipFile(path) as old, ZipFile(path.with_suffix(".new"), "w", ZIP_DEFLATED) as new:
            for entry in old.infolist():
                content = old.read(entry)
                with new.open(entry.filename, "w", force_zip64=True) as part:
                    if b"<!--here-->" in content:
                        before, after = content.split(b"<!--here-->")
                        part.write(before)
                        for block in rows(scale):
                            part.write(block)
                        part.write(after)
                    elif strings and entry.filename == "xl/sharedStrings.xml":
                        for block in strings(scale):
                            part.write(block)
                    else:
                        part.write(content)
        path.with_suffix(".new").replace(path)

    return make


_HEAD = '<row><c t="inlineStr"><is><t>text</t></is></c></row>'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def _rows_of(inner: str, n_bytes: float, after: str = "") -> Callable[[float], Iterator[bytes]]:
    def rows(scale: float) -> Iterator[bytes]:
        yield _HEAD.encode()
        yield from _repeated(inner, n_bytes * scale)
        yield after.encode()

    return rows


def _strings_of(inner: str, n_bytes: float) -> Callable[[float], Iterator[bytes]]:
    def strings(scale: float) -> Iterator[bytes]:
        yield f'<sst xmlns="{_MAIN}">'.encode()
        yield from _repeated(inner, n_bytes * scale)
        yield b"</sst>"

    return strings


def _word(
    inner: str, n_bytes: float, name: str = "word/document.xml"
) -> Callable[[Path, float], None]:
    def make(path: Path, scale: float) -> None:
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            if name != "word/document.xml":
                archive.writestr(
                    "word/document.xml",
                    '<w:document xmlns:w="w"><w:body><w:p><w:r><w:t>Plans.</w:t></w:r></w:p>'
                    "</w:body></w:document>",
                )
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(b'<w:document xmlns:w="w"><w:body>')
                for block in _repeated(inner, n_bytes * scale):
                    part.write(block)
                part.write(b"</w:body></w:document>")

    return make


def _pdf_bomb(inner: bytes, n_bytes: float, n_pages: int = 1) -> Callable[[Path, float], None]:
    """What writes a PDF whose pages all draw one stream that unpacks to so much."""

    def make(path: Path, scale: float) -> None:
        from making_documents import page_objects, pdf

        packer = zlib.compressobj(9)
        content = b""
        unit = inner * (_BLOCK // len(inner))
        for _ in range(max(1, int(n_bytes * scale / len(unit)))):
            content += packer.compress(unit)
        content += (
            packer.compress(b" BT /F 12 Tf 72 700 Td (Plans the rota.) Tj ET") + packer.flush()
        )
        objects = page_objects(content, b"/Filter /FlateDecode")
        objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (
            b" ".join([b"3 0 R"] * n_pages),
            n_pages,
        )
        path.write_bytes(pdf(objects))

    return make


def _pdf_pages(path: Path, scale: float) -> None:
    from making_documents import page_objects, pdf

    n = int(100_000 * scale)
    objects = page_objects(b"BT /F 12 Tf 72 700 Td (Plans the rota.) Tj ET")
    kids = b" ".join(b"%d 0 R" % (10 + i) for i in range(n))
    objects[2] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, n)
    objects |= {10 + i: objects[3] for i in range(n)}
    path.write_bytes(pdf(objects))


_ONE_ROW = "too much for one row"
_TABLE = ("tag", "statements", "suggest", "drift")

HUGE = (
    Huge("one-line.csv", _of("text\n", _PLANS, 2e8), _TABLE, _ONE_ROW),
    Huge("one-word.csv", _of("text\n", "x", 1e7), _TABLE),
    Huge("quoted-cell.csv", _of('text\n"', f"{_PLANS}\n", 2e8, '"\n'), _TABLE, _ONE_ROW),
    Huge("open-quote.csv", _of('text\n"', f"{_PLANS}\n", 2e8), ("tag",), "row 1"),
    Huge("long-header.csv", _of("text", "x", 2e8, "\nPlans.\n"), ("tag",), "header"),
    Huge(
        "million-columns.csv",
        _million_columns,
        ("tag", "statements", "suggest"),
        "a header of more than",
    ),
    Huge("million-words.csv", _million_words, _TABLE),
    Huge("nuls.csv", _of("text\n", "\0", 2e8), ("tag",), _ONE_ROW),
    Huge("delimiters.csv", _of("text\n", ",", 2e8), ("tag",), "row 1"),
    Huge("line-ends.csv", _of("text\nPlans.\n", "\n", 5e7), ("tag",)),
    Huge("quotes.csv", _of("text\n", '"', 2e8), ("tag",), "row 1"),
    Huge("zalgo.csv", _of("text\nPlans", "\u0301", 1e7, "\n"), _TABLE),
    Huge("many-rows.csv.gz", _of("text\n", f"{_PLANS}\n", 1e8), ("tag",)),
    Huge("endless-line.csv.gz", _of("text\n", "x", 1e9), ("tag",), _ONE_ROW),
    Huge("one-line.jsonl", _of('{"text": "', _PLANS, 2e8, '"}\n'), _TABLE, "line 1"),
    Huge("endless-line.jsonl.gz", _of('{"text": "', "x", 1e9), ("tag",), "line 1"),
    Huge("deep.jsonl", _of("", "[", 1e8), ("tag",), "line 1"),
    Huge("million-keys.jsonl", _million_keys, ("tag", "statements"), "columns"),
    Huge("dictionary.parquet", _dictionary, ("tag",)),
    Huge("page.parquet", _one_page, ("tag",), "at once"),
    Huge("list.parquet", _one_list, ("tag",), "at once"),
    Huge("bytes.parquet", _same_bytes, ("tag",)),
    Huge("wide.parquet", _wide_rows, ("tag",), "columns"),
    Huge("blanks.xlsx", _book(_rows_of(" ", 2.1e9)), ("tag",), "bytes"),
    Huge("empty-cells.xlsx", _book(_rows_of("<c/>", 3e8)), ("tag",), "a row of more than"),
    Huge("many-rows.xlsx", _book(_rows_of("<row></row>", 3e8)), ("tag",), "more rows than"),
    Huge("comments.xlsx", _book(_rows_of("<!---->", 3e8)), ("tag",), "a row of more than"),
    Huge(
        "strings.xlsx",
        _book(_rows_of(" ", 1), _strings_of("<si/>", 4e8)),
        ("tag",),
        "tags beside its sheets",
    ),
    Huge("blanks.docx", _word(" ", 1e9), ("analyze",), "bytes of text when unpacked"),
    Huge("elements.docx", _word("<w:p/>", 5e7), ("analyze",), "elements of markup"),
    Huge("deep.docx", _word("<w:ins>", 5e7), ("analyze",), "damaged"),
    Huge("styles.docx", _word("<w:style/>", 1e9, "word/styles.xml"), ("analyze",), "bytes"),
    Huge("spaces.pdf", _pdf_bomb(b" ", 1e9), ("analyze",), "too much memory"),
    Huge("operators.pdf", _pdf_bomb(b"q Q ", 1e8), ("analyze",)),
    Huge(
        "letters.pdf",
        _pdf_bomb(b"BT /F 9 Tf (xyz) Tj ET ", 1e8),
        ("analyze",),
        "too much memory",
    ),
    Huge("slow.pdf", _pdf_bomb(b"q Q ", 1e8, 400), ("analyze",), "too long"),
    Huge("lines.pdf", _pdf_bomb(b"0 0 m 9 9 l S ", 1e7, 400), ("analyze",)),
    Huge("pages.pdf", _pdf_pages, ("analyze",), "500 pages"),
    Huge("deep.html", _of("", "<div>", 5e5, "Plans."), ("analyze", "html")),
    Huge("elements.html", _of("", "<p>a", 9e6), ("analyze",), "elements of markup"),
    Huge("attributes.html", _of("<p ", "a=1 ", 9e6, ">Plans."), ("analyze",)),
    Huge("script.html", _of("<p>Plans.<script>", "x<b ", 1e8), ("analyze",), "bytes of markup"),
    Huge("entities.html", _of("<p>", "&amp;", 9e6), ("analyze",)),
    Huge("words.txt", _of("", _PLANS, 3e6), ("analyze", "html", "score")),
    Huge("bullets.txt", _of("", "- plans\n", 3e6), ("analyze", "html")),
    Huge("list.txt", _of("", "a;\n", 3e6), ("analyze",)),
    Huge("one-word.txt", _of("", "x", 2.9e6), ("analyze", "html", "score")),
    Huge("brackets.md", _of("", "[](", 2.9e6), ("analyze",)),
    Huge("large.txt", _of("", _PLANS, 6e7), ("analyze",), "bytes"),
)


def commands_of(command: str, name: str) -> list[str]:
    """The words of a command line."""
    packed = "".join(Path(name).suffixes)
    return {
        "tag": ["tag", name, "-t", "text", "-o", f"out{packed}"],
        "statements": ["tag", name, "-t", "text", "--unit", "statement", "-o", f"out{packed}"],
        "suggest": ["suggest", name, "-t", "text", "-n", "3"],
        "drift": ["drift", name, "-t", "text"],
        "analyze": ["analyze", name, "--format", "jsonl"],
        "html": ["analyze", name, "--html", "report.html", "--format", "jsonl"],
        "score": ["score"],
    }[command]
