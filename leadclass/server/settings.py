"""Where the server listens, and how much and how long it works for one request."""

from __future__ import annotations

from dataclasses import dataclass

#: Names by which a machine calls itself.
LOOPBACK = ("localhost", "127.0.0.1", "::1")

#: What is bound to all addresses of a machine.
EVERYWHERE = ("0.0.0.0", "::", "")

#: A table may take so many times as long as another request.
TABLE_SECONDS_FOR_EACH = 30

#: A tagged table may have so many times the bytes of the largest that is taken.
TAGGED_FOR_EACH = 5

#: Addresses that take a table, by how they begin, and those that take documents.
TABLES = "/api/v1/tag"
DOCUMENTS = ("/api/v1/analyze", "/page/article", "/page/report")


@dataclass(frozen=True)
class Settings:
    """Everything about a server that can be set.

    Attributes
    ----------
    host : str
        The address it is bound to.
    port : int
        Its port; 0 is one that is free.
    names : tuple of str
        More names that a browser may call it by, beside `host` and those of loopback.
    json_bytes, document_bytes, table_bytes : int
        The largest body of a request in JSON, with a document, with a table.
    statements : int
        The most statements in a request to score some, or in a document.
    statement_characters, document_characters : int
        The longest statement and the longest text of a document.
    documents : int
        The most documents in one report.
    shown_rows : int
        Rows of a table that are shown before it is tagged.
    shown_characters : int
        Characters of a cell that are shown of them.
    seconds, table_seconds : float
        How long a request, or one with a table, may take.
    connections : int
        Connections at a time. Of more, the one that has been silent the longest is closed.
    head_bytes : int
        The most bytes of a request before its body.
    head_seconds : float
        How long they may take to come.
    between_seconds : float
        How long a connection is kept for another request.
    idle_seconds : float
        How long nothing may come of a body that is not yet complete, or be taken of an answer.
    slowest : int
        Bytes a second that a body has to come with, and an answer to be taken with, at the least;
        for the first `idle_seconds` less will do.
    memory_bytes, disk_bytes : int
        The most bytes that all requests together hold in memory, and in files, until they are
        answered.
    stopping_seconds : float
        How long requests that have begun may go on when the server is stopped.
    workers, table_workers : int
        Requests, and requests with a table, that are worked on at a time.
    waiting : int
        Requests that may wait for one of the workers.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    names: tuple[str, ...] = ()
    json_bytes: int = 2_000_000
    document_bytes: int = 20_000_000
    table_bytes: int = 200_000_000
    statements: int = 2_000
    statement_characters: int = 10_000
    document_characters: int = 300_000
    documents: int = 60
    shown_rows: int = 8
    shown_characters: int = 400
    seconds: float = 20.0
    table_seconds: float = 600.0
    connections: int = 400
    head_bytes: int = 16_384
    head_seconds: float = 10.0
    between_seconds: float = 5.0
    idle_seconds: float = 30.0
    slowest: int = 10_000
    memory_bytes: int = 100_000_000
    disk_bytes: int = 1_000_000_000
    stopping_seconds: float = 20.0
    workers: int = 2
    table_workers: int = 2
    waiting: int = 200

    def largest_body(self, path: str) -> int:
        """The most bytes that a request for an address may have."""
        if path.startswith(TABLES):
            return self.table_bytes
        return self.document_bytes if path in DOCUMENTS else self.json_bytes

    @property
    def tagged_bytes(self) -> int:
        """The most bytes that a table and what is made of it may have on the disk."""
        return TAGGED_FOR_EACH * self.table_bytes

    @property
    def is_local(self) -> bool:
        """Whether nobody but this machine can reach it."""
        return self.host in LOOPBACK or self.host.startswith("127.")
