import csv
from io import StringIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadclass.tables import Batch, csv_files, open_table
from leadclass.tables.csv_scan import scan
from leadclass.tables.formats import Place


def scanned(text: str, delimiter: str = ",") -> list[list[str]] | None:
    found = scan(text.encode(), delimiter.encode())
    if found is None:
        return None
    columns = [found.cells(i).to_pylist() for i in range(found.bounds.shape[1] - 1)]
    return [list(row) for row in zip(*columns, strict=True)]


def test_cells_are_unquoted() -> None:
    text = 'a,"b, c","d ""e"""\n"",,"\n"\n'
    assert scanned(text) == [["a", "b, c", 'd "e"'], ["", "", "\n"]]


def test_any_line_end_ends_a_row() -> None:
    assert scanned("a,b\r\nc,d\re,f\ng,h\n") == [["a", "b"], ["c", "d"], ["e", "f"], ["g", "h"]]


def test_empty_lines_are_no_rows_of_several_columns() -> None:
    assert scanned("a,b\n\nc,d\r\n\r\n") == [["a", "b"], ["c", "d"]]
    assert scanned("a\n\nb\n") == [["a"], [""], ["b"]]


def test_a_row_that_has_not_ended_is_left() -> None:
    found = scan(b'a,b\nc,"d\n', b",")
    assert found is not None
    assert (len(found.bounds), found.taken) == (1, 4)


@pytest.mark.parametrize("text", ['a,b"c\n', 'a,"b"c\n', 'a,b "c"\n', "a,b\nc\n", 'a,"b" \n'])
def test_what_keeps_other_rules_is_not_read(text: str) -> None:
    assert scanned(text) is None


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(st.text(), min_size=n, max_size=n), min_size=1)
    ),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(",;\t"),
)
def test_what_python_writes_is_read(rows: list[list[str]], quoting: int, delimiter: str) -> None:
    text = StringIO(newline="")
    csv.writer(text, quoting=quoting, delimiter=delimiter).writerows(rows)
    assert scanned(text.getvalue().encode("utf-8", "replace").decode(), delimiter) == [
        [cell.encode("utf-8", "replace").decode() for cell in row] for row in rows
    ]


@given(st.text('ab,"\n\r '), st.booleans())
def test_rows_are_those_of_pythons_reader(text: str, ended: bool) -> None:
    text += "\n" if ended else ""
    found = scan(text.encode(), b",")
    if found is None or found.taken < len(text):
        return
    rows = list(csv.reader(StringIO(text, newline=""), strict=True))
    width = found.bounds.shape[1] - 1
    expected = [row or [""] for row in rows if row or width == 1]
    assert scanned(text) == expected


@pytest.mark.parametrize("rows", [1, 2, 3, 100])
def test_a_table_is_read_on_after_any_of_its_batches(
    rows: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "_MOST_ROWS", rows)
    path = tmp_path / "table.csv"
    path.write_bytes(b'a,b\r\n1,x\r\n\r\n2,"y\r\nz"\r\n3,\r\n4,w\r\n\r\n5,v\r\n')

    def read(start: Place | None = None) -> list[Batch]:
        with open_table(path, start=start) as table:
            return list(table)

    whole = read()
    assert [len(batch) for batch in whole][:-1] == [rows] * (len(whole) - 1)
    assert [cell for batch in whole for cell in batch.read(0).to_pylist()] == list("12345")
    # The lines that are done with after each row, an empty one with the row before it.
    lines = [3, 5, 6, 8, 9]
    for i, batch in enumerate(whole, 1):
        assert batch.after is not None
        assert batch.after["line"] == lines[min(i * rows, len(lines)) - 1]
        left = read(batch.after)
        assert [one.first_row for one in left] == [one.first_row for one in whole[i:]]
        assert [one.read(1) for one in left] == [one.read(1) for one in whole[i:]]
