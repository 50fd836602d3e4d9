"""Makes the nasty files beside it: run it again after a change, and look at expected.csv."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from making_documents import documents
from making_tables import tables
from making_workbooks import workbooks

FILES = Path(__file__).parent / "files"


def main() -> None:
    FILES.mkdir(exist_ok=True)
    for name, content in (tables() | workbooks() | documents()).items():
        (FILES / name).write_bytes(content)


if __name__ == "__main__":
    main()
