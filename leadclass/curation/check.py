"""Labelled tables in, findings out: what makes a corpus less than it should be."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from os import PathLike, fspath

from leadclass.columns import Columns
from leadclass.curation.findings import LIKELY_ERRORS, SIMILARITY, SORTS, Finding
from leadclass.curation.label_errors import likely_label_errors
from leadclass.curation.near_duplicates import near_duplicates
from leadclass.curation.shared_words import SharedWords
from leadclass.errors import LeadclassError
from leadclass.labelled_rows import Row, read_rows, read_texts, tables_of, texts_by_digest
from leadclass.labels import MOST_TRAITS, TRAITS_OF_SIDE, sides_of
from leadclass.tokens import as_words

#: What shows how far a long step is: told its name and size, it gives a function to call with
#: the number that is done.
Progress = Callable[[str, int], AbstractContextManager[Callable[[int], object]]]


def check(
    paths: Iterable[str | PathLike[str]],
    *,
    against: Iterable[str | PathLike[str]] = (),
    texts: Iterable[str | PathLike[str]] = (),
    columns: Columns | None = None,
    similarity: float = SIMILARITY,
    shared_words: int | None = None,
    likely_errors: int = LIKELY_ERRORS,
    encoding: str | None = None,
    progress: Progress | None = None,
) -> tuple[int, list[Finding]]:
    """Look for what is wrong with labelled tables.

    Parameters
    ----------
    paths : iterable of path-like
        Tables, and folders of tables.
    against : iterable of path-like
        Tables with the column ``text`` of which no row may be in `paths`, such as a test set.
    texts : iterable of path-like
        Tables of the texts that stand-off labels refer to.
    columns : Columns, optional
        Those of the statement and its label, where they have other names.
    similarity : float
        In (0, 1]; from which two texts are near duplicates, see `near_duplicates`.
    shared_words : int, optional
        Also find rows that have so many words in a row in common with a text of `against`.
    likely_errors : int
        Name at most so many likely label errors; 0 leaves that step out.
    encoding : str, optional
        Of the tables.
    progress : callable, optional

    Returns
    -------
    n_rows : int
        All rows, valid or not.
    findings : list of Finding
        By file and row; likely label errors last, the likeliest first.

    Raises
    ------
    LeadclassError
        If a table cannot be read.
    """
    progress = progress or _unseen
    paths = list(paths)
    kept_elsewhere = texts_by_digest(texts, encoding)
    problems: list[LeadclassError] = []
    rows: list[Row] = []
    findings: list[Finding] = []
    seen_ids: dict[str, Row] = {}
    for path in tables_of(paths):
        found = list(read_rows(path, problems, columns, texts=kept_elsewhere, encoding=encoding))
        findings += _traits_out_of_step(found)
        findings += _broken_pairs(found)
        findings += _ids_of_other_files(found, seen_ids)
        rows += found
    if not rows and not problems:
        raise LeadclassError(
            f"there are no rows in {', '.join(fspath(path) for path in paths)}",
            remedy="name other tables",
        )
    findings += map(Finding.of_error, problems)
    words = as_words([row.example.text for row in rows])
    with progress("near duplicates", len(rows)) as advance:
        findings += _repetitions(rows, words, similarity, advance)
    for path in tables_of(against):
        kept_apart = list(read_texts(path, encoding))
        with progress("overlap", len(rows)) as advance:
            findings += _overlap(rows, words, path, kept_apart, similarity, shared_words, advance)
    findings.sort(key=lambda finding: (finding.file, finding.row, list(SORTS).index(finding.sort)))
    if likely_errors:
        findings += likely_label_errors(rows, likely_errors, progress)
    return len(rows) + len(problems), findings


def _unseen(what: str, total: int) -> AbstractContextManager[Callable[[int], object]]:
    return nullcontext(lambda done: None)


def _traits_out_of_step(rows: Sequence[Row]) -> Iterator[Finding]:
    """Sides without a trait, in a table that names traits, and sides with too many."""
    if not any(row.example.traits for row in rows):
        return
    for row in rows:
        for side in sides_of(row.example.label):
            named = [t for t in row.example.traits if t in TRAITS_OF_SIDE[side]]
            if not named:
                yield _finding(row, "traits", f"shows {side} but none of its traits; name one")
            elif len(named) > MOST_TRAITS:
                yield _finding(
                    row, "traits", f"{len(named)} traits of {side}; keep the {MOST_TRAITS} clearest"
                )


def _broken_pairs(rows: Sequence[Row]) -> Iterator[Finding]:
    pairs: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.example.pair:
            pairs[row.example.pair].append(row)
    for name, members in pairs.items():
        if len(members) != 2:
            yield _finding(members[0], "pair", f"pair {name!r} needs 2 rows and has {len(members)}")
        elif members[0].example.label == members[1].example.label:
            yield _finding(
                members[1],
                "pair",
                f"has the label of row {members[0].number}, its near miss; a pair has two labels",
            )


def _ids_of_other_files(rows: Sequence[Row], seen: dict[str, Row]) -> Iterator[Finding]:
    for row in rows:
        identifier = row.cells.get("id")
        if identifier:
            before = seen.setdefault(identifier, row)
            if before is not row:
                where = f"row {before.number} of {before.file}"
                message = f"column 'id': has the id {identifier!r} of {where}; give it its own"
                yield _finding(row, "invalid", message)


def _repetitions(
    rows: Sequence[Row], words: Sequence[str], similarity: float, advance: Callable[[int], object]
) -> Iterator[Finding]:
    """For each row that says what one before it says, the one that it is most in conflict with."""
    like: dict[int, list[tuple[bool, float, int]]] = defaultdict(list)
    for i, j, alike in near_duplicates(words, similarity=similarity, progress=advance):
        one, other = rows[i], rows[j]
        of_a_pair = one.example.pair and (one.file, one.example.pair) == (
            other.file,
            other.example.pair,
        )
        if of_a_pair and words[i] != words[j]:
            continue
        like[j].append((one.example.label != other.example.label, alike, -i))
    for j, found in like.items():
        differs, alike, negative = max(found)
        one, row = rows[-negative], rows[j]
        same = words[j] == words[-negative]
        where = f"row {one.number}" + ("" if one.file == row.file else f" of {one.file}")
        quoted = "" if same else f" ({one.example.text!r})"
        likeness = "in the same words" if same else f"{alike:.0%} alike"
        if differs:
            message = (
                f"labelled {row.example.label}, but {where}, {likeness}{quoted}, is labelled "
                f"{one.example.label}; read both again"
            )
            yield _finding(row, "conflict", message)
        elif same:
            yield _finding(row, "duplicate", f"has the words of {where}; drop one")
        else:
            message = f"{likeness} with {where}{quoted}; drop or reword one"
            yield _finding(row, "near-duplicate", message)


def _overlap(
    rows: Sequence[Row],
    words: Sequence[str],
    path: str,
    kept_apart: Sequence[tuple[int, str]],
    similarity: float,
    shared_words: int | None,
    advance: Callable[[int], object],
) -> Iterator[Finding]:
    other_words = as_words([text for _, text in kept_apart])
    closest: dict[int, tuple[float, int]] = {}
    for i, j, alike in near_duplicates(words, other_words, similarity=similarity, progress=advance):
        closest[i] = max(closest.get(i, (0.0, 0)), (alike, -j))
    for i, (alike, negative) in closest.items():
        number, _ = kept_apart[-negative]
        same = words[i] == other_words[-negative]
        yield _finding(
            rows[i],
            "overlap",
            f"{'has the words of' if same else f'{alike:.0%} alike with'} row {number} of {path}; "
            "drop it",
        )
    if shared_words:
        runs = SharedWords([text for _, text in kept_apart], shared_words)
        for i, row in enumerate(rows):
            shared = None if i in closest else runs.first(row.example.text)
            if shared is not None:
                run, place = shared
                yield _finding(
                    row,
                    "overlap",
                    f"shares {run!r} with row {kept_apart[place][0]} of {path}; reword it",
                )


def _finding(row: Row, sort: str, message: str) -> Finding:
    return Finding(row.file, row.number, sort, message, row.example.text)
