"""The name of a file that comes with leadclass in, its text or its rows out."""

from __future__ import annotations

import csv
from io import StringIO
from pkgutil import get_data


def package_text(name: str) -> str:
    """The text of a file inside the package, also of a package in a zip.

    Parameters
    ----------
    name : str
        Its path below the package, with slashes.

    Raises
    ------
    OSError
        If there is none.
    """
    # Not importlib.resources: to import it takes longer than to read all that scoring needs.
    content = get_data("leadclass", name)
    if content is None:
        raise FileNotFoundError(f"leadclass is installed without {name}")
    return content.decode()


def package_rows(name: str) -> list[dict[str, str]]:
    """The rows of such a csv."""
    header, *rows = csv.reader(StringIO(package_text(name), newline=""))
    return [dict(zip(header, row, strict=True)) for row in rows]
