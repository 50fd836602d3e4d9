"""The commands that are tried on a nasty file, by the file's name."""

from __future__ import annotations

from pathlib import Path

#: Files that `tag` and its kin read; the others are documents.
_TABLES = frozenset(".csv .tsv .jsonl .parquet .xlsx".split())
_PACKED = frozenset(".gz .bz2 .zst .lz4 .br".split())


def is_table(name: str) -> bool:
    """Whether a file is a table by its name."""
    return bool(_TABLES.intersection(Path(name).suffixes))


def ending_of(name: str) -> str:
    """The extension of a table, with that of its packing."""
    return "".join(s for s in Path(name).suffixes if s in _TABLES | _PACKED)


def commands_for(path: Path) -> dict[str, list[str]]:
    """What is tried on a file: a name for each command line, and its words."""
    file = str(path)
    if not is_table(path.name):
        return {
            "analyze": ["analyze", file],
            "report": ["analyze", file, "--html", "out.html", "--format", "jsonl"],
            "score": ["score"],
        }
    out = f"out{ending_of(path.name)}"
    return {
        "tag": ["tag", file, "-t", "text", "-j", "1", "-o", out],
        "statements": ["tag", file, "-t", "text", "-j", "1", "--unit", "statement", "-o", out],
        "check": ["corpus", "check", file],
        "evaluate": ["evaluate", file],
        "suggest": ["suggest", file, "-t", "text", "-n", "3"],
        "drift": ["drift", file, "-t", "text"],
        "train": ["train", "-c", file, "-o", "model"],
        "stats": ["corpus", "stats", file],
        "csv": ["tag", file, "-t", "text", "-j", "1", "-o", "out.csv"],
        "jsonl": ["tag", file, "-t", "text", "-j", "1", "-o", "out.jsonl"],
        "parquet": ["tag", file, "-t", "text", "-j", "1", "-o", "out.parquet"],
        "xlsx": ["tag", file, "-t", "text", "-j", "1", "-o", "out.xlsx"],
        "score": ["score"],
    }


#: A quick run tries these, and one of the others by turns.
ALWAYS = ("report", "statements")
