"""Every error in the source of leadclass, for docs/errors.md: what it says, and what to do."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "leadclass"
MEANINGS = ROOT / "docs" / "errors.csv"

#: What stands for a part of a message that is filled in when it is raised, and has no name.
PART = "…"

#: What makes an error, and at which of its arguments the problem is.
_MAKERS = {"LeadclassError": 0, "RefusedError": 0, "_unfit": 1}
_OF_OPTIONS = ("UsageError", "BadParameter")


@dataclass(frozen=True)
class Error:
    """An error as it stands in the source: its module, line, message and remedy."""

    module: str
    line: int
    message: str
    remedy: str


@dataclass(frozen=True)
class Group:
    """Errors that come from the same modules: what they have in common, and the modules."""

    about: str
    places: tuple[str, ...]


#: What docs/errors.md has under which heading; the first that fits holds an error.
GROUPS = {
    "Paths and files": Group(
        "What was named cannot be opened, or what is to be written cannot be put there. Nothing "
        "that was there before has been touched.",
        (
            *("files.py", "folders.py", "kept_files.py", "unfinished.py", "run_journal.py"),
            "views/plots.py",
        ),
    ),
    "Documents": Group(
        "Of postings and other documents to `analyze`. Where one of several cannot be read, the "
        "others are done, and the exit code is 1.",
        ("documents.py", "readers/", "cli/analyze.py"),
    ),
    "Tables": Group(
        "Of tables to any command, and of frames and streams in Python. Rows are counted from 1 "
        "below the header; the line is that of the file, where cells have line ends.",
        (
            *("tables/", "parquet/", "table_tagging.py", "encodings.py", "batches.py", "arrow.py"),
            *("tagging.py", "parallel.py"),
        ),
    ),
    "Labelled statements": Group(
        "Of tables with labels, to `train`, `evaluate`, `compare`, `corpus`, `suggest`, and of "
        "`drift`. Where several rows are wrong, the first is told in full, the next are named.",
        (
            *("labelled_rows.py", "labelled_tables.py", "wording.py", "curation/"),
            *("assessment.py", "cli/corpus.py", "drift.py", "suggesting/"),
        ),
    ),
    "Labelling in the terminal": Group(
        "Of `label`. Every answer that was given before is in the file.",
        ("labelling/", "cli/label.py"),
    ),
    "Models": Group(
        "A model is checked whole before it is used; none is used in place of the one asked for.",
        (
            *("weights.py", "model", "pickled.py", "defaults.py", "choosing.py", "card.py"),
            *("text_summary.py", "codebook.py", "cli/use.py", "pair_index.py"),
            "subword_index.py",
        ),
    ),
    "Training": Group(
        "Of `train` and `verify`. A model that was there before is as it was.", ("training/",)
    ),
    "Spark": Group("Of `tag --engine spark` and `leadclass.spark.tag`.", ("spark/",)),
    "The server": Group(
        "Of `serve`, and of its answers to requests, in their field `error`; "
        "[api.md](api.md#when-something-is-wrong) has the statuses.",
        ("server/",),
    ),
    "Extras": Group(
        "A command needs a library that is installed only if asked for.", ("errors.py",)
    ),
    "Elsewhere": Group("", ("",)),
}


def show_errors() -> None:
    """Print all errors under their headings, with what they mean where that is said."""
    meanings = read_meanings()
    for name, group in GROUPS.items():
        shown = {
            (e.message, e.remedy)
            for e in errors()
            # Those whose remedy goes with the kind of file have a row for each kind.
            if group_of(e) == name and not _FILLED.fullmatch(e.remedy)
        }
        if not shown:
            continue
        print(f"## {name}\n\n{group.about}\n\n| message | means | remedy |\n|---|---|---|")
        for message, remedy in sorted(shown, key=_by_words):
            cells = (message, meanings.get(message, ""), remedy)
            print(f"| {' | '.join(map(_cell, cells))} |")
        print()


def show_usage() -> None:
    """Print what is said of options that do not fit."""
    messages = {m for tree, call in _calls(*_OF_OPTIONS) for m in _texts(call.args[0], tree)}
    print("\n".join(f"- {_cell(message)}" for message in sorted(messages)))


def show_types() -> None:
    """Print what is said of arguments that are of another type."""
    rows = {
        (what, wanted)
        for tree, call in _calls("wrong_type")
        for what, wanted in product(_texts(call.args[0], tree), _texts(call.args[2], tree))
    }
    print("| what cannot be of its type | give |\n|---|---|")
    print("\n".join(f"| {' | '.join(map(_cell, row))} |" for row in sorted(rows, key=_by_words)))


def read_meanings() -> dict[str, str]:
    """What messages mean that do not say it by themselves."""
    with MEANINGS.open(encoding="utf-8", newline="") as file:
        return {row["message"]: row["means"] for row in csv.DictReader(file)}


def group_of(error: Error) -> str:
    return next(name for name, group in GROUPS.items() if error.module.startswith(group.places))


@cache
def errors() -> list[Error]:
    """All errors in the source; the remedy is empty where there is none."""
    found = [*_kinds_of_files(), *_failures_of_spark()]
    for tree, call in _calls(*_MAKERS):
        problem = call.args[_MAKERS[_name(call)]]
        remedies = [
            text for key in call.keywords if key.arg == "remedy" for text in _texts(key.value, tree)
        ]
        if _name(call) == "_unfit":  # it sends those that fit
            remedies = [f"send {PART}"]
        messages = [text for text in _texts(problem, tree) if not _FILLED.fullmatch(text)]
        # Two messages with two remedies are chosen by one condition.
        pairs = (
            zip(messages, remedies, strict=True)
            if len(messages) == len(remedies)
            else product(messages, remedies or [""])
        )
        found += [Error(tree.module, call.lineno, *pair) for pair in pairs]
    return sorted(set(found), key=lambda error: (error.module, error.line, error.message))


def raised_by_name() -> Iterator[tuple[str, str]]:
    """The modules that raise another exception than a `LeadclassError`, each with its name."""
    for tree in _modules():
        for part in ast.walk(tree.tree):
            if isinstance(part, ast.Raise) and isinstance(part.exc, ast.Call | ast.Name):
                name = _name(part.exc) if isinstance(part.exc, ast.Call) else part.exc.id
                if name[0].isupper() and name not in _MAKERS:
                    yield tree.module, name


def _kinds_of_files() -> Iterator[Error]:
    """Documents that are known and not read, which stand in a table of their own."""
    for tree, call in _calls("_Kind"):
        for key in call.keywords:
            if key.arg == "remedy" and isinstance(call.args[0], ast.Constant):
                message = f"is {call.args[0].value}, which is not read"
                for remedy in _texts(key.value, tree):
                    yield Error(tree.module, call.lineno, message, remedy)


def _failures_of_spark() -> Iterator[Error]:
    """What Spark says itself, of which the signs stand in a table of their own."""
    tree = _Module("spark/session.py")
    for row in ast.literal_eval(tree.constants["_KNOWN"]):
        _, problem, remedy = row
        yield Error(tree.module, 0, problem.replace("{}", PART), remedy)


class _Module:
    """A module's syntax, with what its names were given."""

    def __init__(self, module: str) -> None:
        self.module = module
        self.tree = ast.parse((PACKAGE / module).read_text(encoding="utf-8"))
        self.constants = _assigned(self.tree.body)
        self.locals: dict[str, ast.expr] = {}

    def within(self, function: ast.AST) -> None:
        self.locals = _assigned(list(ast.walk(function)))


@cache
def _modules() -> list[_Module]:
    files = sorted(PACKAGE.rglob("*.py"))
    return [_Module(file.relative_to(PACKAGE).as_posix()) for file in files]


def _assigned(statements: list[ast.AST] | list[ast.stmt]) -> dict[str, ast.expr]:
    return {
        target.id: one.value
        for one in statements
        if isinstance(one, ast.Assign | ast.AnnAssign) and one.value is not None
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name)
    }


def _calls(*names: str) -> Iterator[tuple[_Module, ast.Call]]:
    """The calls of functions of these names, each with its module."""
    for tree in _modules():
        for part in tree.tree.body:
            functions = [f for f in ast.walk(part) if isinstance(f, ast.FunctionDef)]
            for call in ast.walk(part):
                if isinstance(call, ast.Call) and _name(call) in names and call.args:
                    inner = [f for f in functions if f.lineno <= call.lineno <= (f.end_lineno or 0)]
                    tree.within(inner[-1] if inner else part)
                    yield tree, call


def _name(call: ast.Call) -> str:
    return getattr(call.func, "id", None) or getattr(call.func, "attr", "")


def _texts(value: ast.expr, tree: _Module) -> list[str]:
    """What an expression of text can say."""
    match value:
        case ast.Constant(value=None):
            return []
        case ast.Constant():
            return [str(value.value)]
        case ast.IfExp():
            return [*_texts(value.body, tree), *_texts(value.orelse, tree)]
        case ast.BinOp(op=ast.Add()):
            return _joined([value.left, value.right], tree)
        case ast.JoinedStr():
            return _joined(value.values, tree)
        case ast.FormattedValue():
            return _texts(value.value, tree)
        case ast.Name() if value.id in tree.locals:
            return _texts(tree.locals[value.id], _without(tree, value.id))
        case ast.Name() if value.id in tree.constants:
            return _texts(tree.constants[value.id], tree)
        case ast.Name():
            return [f"‹{value.id.strip('_').replace('_', ' ')}›"]
        case ast.Attribute():
            return [f"‹{value.attr.strip('_').replace('_', ' ')}›"]
    return [PART]


#: A part by itself: a message that was made elsewhere.
_FILLED = re.compile(rf"{PART}|‹[^›]*›")


def _joined(parts: list[ast.expr], tree: _Module) -> list[str]:
    return ["".join(texts) for texts in product(*(_texts(part, tree) for part in parts))]


def _without(tree: _Module, name: str) -> _Module:
    """The same module; a name that is given a value made of itself has no more to tell."""
    tree.locals = {key: value for key, value in tree.locals.items() if key != name}
    return tree


def _by_words(row: tuple[str, ...]) -> list[str]:
    return [re.sub(r"[^\w ]", "", cell).strip().lower() for cell in row]


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|").replace("<", "&lt;").replace("*", r"\*")
