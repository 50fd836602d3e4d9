"""Tables as people keep them, read and written a batch of rows at a time."""

from leadclass.tables.creating import TableWriter, create_table
from leadclass.tables.formats import Batch, TableFormat, batch_of, format_of, is_table
from leadclass.tables.opening import TableReader, open_table

__all__ = [
    "Batch",
    "TableFormat",
    "TableReader",
    "TableWriter",
    "batch_of",
    "create_table",
    "format_of",
    "is_table",
    "open_table",
]
