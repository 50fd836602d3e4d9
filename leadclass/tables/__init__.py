"""Tables as people keep them, read and written a batch of rows at a time."""

from leadclass.tables.creating import create_table
from leadclass.tables.formats import Batch, TableFormat, format_of
from leadclass.tables.opening import TableReader, open_table

__all__ = [
    "Batch",
    "TableFormat",
    "TableReader",
    "create_table",
    "format_of",
    "open_table",
]
