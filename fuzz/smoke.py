"""The targets without a guide: their seeds, and a few changes of each, the same every time.

python -m fuzz.smoke [TARGET]... [--changes N]
"""

from __future__ import annotations

import argparse
import time
import zlib
from collections.abc import Iterator
from random import Random

from fuzz.mutations import changed_anyhow
from fuzz.target import Target
from fuzz.targets import TARGETS

CHANGES = 100


def inputs(target: Target, changes: int = CHANGES) -> Iterator[bytes]:
    """The seeds of a target, and so many changes of them."""
    seeds = list(target.seeds())
    yield from seeds
    random = Random(zlib.crc32(target.name.encode()))

    def change(content: bytes) -> bytes:
        return changed_anyhow(content, random)

    for _ in range(changes):
        content = random.choice(seeds)
        for _ in range(random.choice((1, 1, 2, 5))):
            content = target.mutate(content, random, change) if target.mutate else change(content)
        yield content[: target.longest]


def main() -> None:
    """Run some targets, and say how long each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("target", nargs="*", default=sorted(TARGETS))
    parser.add_argument("--changes", type=int, default=CHANGES)
    given = parser.parse_args()
    for name in given.target:
        begun, n = time.perf_counter(), 0
        for content in inputs(TARGETS[name], given.changes):
            TARGETS[name].check(content)
            n += 1
        print(f"{name:14}{n:6} inputs{time.perf_counter() - begun:8.1f} s", flush=True)


if __name__ == "__main__":
    main()
