"""How large a document may be; whatever is larger is refused with one line."""

from __future__ import annotations

from leadclass.errors import LeadclassError

#: Bytes of a file. A posting has thousands, a handbook with pictures some millions.
MOST_BYTES = 50_000_000
#: Bytes of markup, all of which is held as a tree.
MOST_MARKUP = 10_000_000
#: Bytes that the parts of a Word file that are read may unpack to.
MOST_UNPACKED = 60_000_000
#: Elements of markup, in a Word file or a page; a handbook of three hundred pages has some 200,000.
MOST_ELEMENTS = 600_000
#: Elements of markup within one another; people need dozens, attacks use millions.
MOST_NESTED = 200
#: Pages of a PDF, and what all of them may draw.
MOST_PAGES = 500
#: Seconds of the processor, and bytes of memory, that a PDF may take where the system keeps to such
#: limits. The longest that is read takes some twenty of them, and 100 MB.
MOST_PDF_SECONDS = 60
MOST_PDF_MEMORY = 1_000_000_000
#: Seconds that are waited for a PDF anyway: more of them pass on a machine that does other things.
MOST_PDF_WAIT = 300
#: Characters of a text: a thousand pages, a few seconds of work.
MOST_CHARACTERS = 3_000_000


def check_limit(found: int, most: int, what: str, file: str) -> None:
    """Refuse what is too large.

    Parameters
    ----------
    found, most : int
    what : str
        What is counted, in the plural.
    file : str

    Raises
    ------
    LeadclassError
        If `found` is more than `most`.
    """
    if found > most:
        raise LeadclassError(
            f"has more than {most:,} {what}, too much for one document",
            file=file,
            remedy="cut it into smaller ones",
        )
