"""What a row of a tagged table stands for: a row of the table, or one of its statements."""

from typing import Literal

Unit = Literal["row", "statement"]
UNITS: tuple[Unit, ...] = ("row", "statement")
