"""One target, watched by atheris, in this process; what it finds is kept as files.

    python -m fuzz.worker TARGET SEEDS FINDINGS [OPTION OF LIBFUZZER]...

A finding does not end the run: it is kept once a place and kind, and the next input follows. What
does end it is a crash of a library, an input that takes too long, or too much memory.
"""

from __future__ import annotations

import hashlib
import os
import sys
import traceback
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["leadclass"]):
    from fuzz.mutations import changed_anyhow
    from fuzz.target import ROOT, FindingError, Target
    from fuzz.targets import TARGETS

#: Of a place and kind no more inputs are kept.
_KEPT_OF_A_KIND = 1


def main() -> None:
    """Fuzz until libFuzzer's own limits."""
    name, corpus, findings, *options = sys.argv[1:]
    target = TARGETS[name]
    seeds = Path(corpus) / "seeds"
    grown = Path(corpus) / "grown"
    for place in (seeds, grown, Path(findings)):
        place.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds():
        (seeds / hashlib.sha1(seed).hexdigest()).write_bytes(seed)
    arguments = [sys.argv[0], str(grown), str(seeds), *options, f"-max_len={target.longest}"]
    if target.words:
        words = Path(corpus) / "words.dict"
        words.write_text("".join(_quoted(word) for word in target.words))
        arguments.append(f"-dict={words}")
    kinds: dict[str, int] = {}

    def check(content: bytes) -> None:
        try:
            target.check(content)
        except Exception as error:
            _keep(error, content, Path(findings), kinds)

    extra = {}
    if target.mutate is not None:
        extra["custom_mutator"] = _mutator(target)
    atheris.Setup(arguments, check, **extra)
    atheris.Fuzz()


def _mutator(target: Target) -> object:
    def mutate(content: bytes, longest: int, seed: int) -> bytes:
        random = Random(seed)

        def change(part: bytes) -> bytes:
            if random.random() < 0.5 or not part:
                return changed_anyhow(part, random)
            return atheris.Mutate(part, len(part) + 64)

        assert target.mutate is not None
        return target.mutate(content, random, change)[:longest]

    return mutate


def _keep(error: Exception, content: bytes, findings: Path, kinds: dict[str, int]) -> None:
    kind = kind_of(error)
    kinds[kind] = kinds.get(kind, 0) + 1
    if kinds[kind] > _KEPT_OF_A_KIND:
        return
    path = findings / hashlib.sha1(kind.encode()).hexdigest()[:12]
    if path.exists():
        return
    path.write_bytes(content)
    said = "".join(traceback.format_exception(error))
    path.with_suffix(".txt").write_text(f"{kind}\n\n{said}", errors="backslashreplace")


def kind_of(error: Exception) -> str:
    """What tells one finding from another: its type and the last place in leadclass."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f.filename.startswith(str(ROOT)) and "target.py" not in f.filename]
    last = ours[-1] if ours else frames[-1]
    place = f"{os.path.relpath(last.filename, ROOT)}:{last.name}"
    said = str(error).split(":")[0] if isinstance(error, FindingError) else ""
    return f"{type(error).__name__} in {place}, line {last.lineno} {said}".strip()


def _quoted(word: str) -> str:
    return '"' + "".join(f"\\x{byte:02x}" for byte in word.encode()) + '"\n'


if __name__ == "__main__":
    main()
