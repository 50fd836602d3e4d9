"""Messages in, through a pipe, the same messages out: each with its length before it."""

from __future__ import annotations

from typing import BinaryIO

#: What a process says first that answers messages.
READY = b"ready"

#: Bytes of a length.
_LENGTH = 8


def put(pipe: BinaryIO, message: bytes) -> None:
    """Send a message.

    Parameters
    ----------
    pipe : binary file
        Without a buffer, here and below, so that nothing is left in one that is copied by a fork.
    message : bytes

    Raises
    ------
    OSError
        If nobody reads the pipe.
    """
    for part in (len(message).to_bytes(_LENGTH, "big"), message):
        left = memoryview(part)
        while left:
            left = left[pipe.write(left) :]


def taken(pipe: BinaryIO) -> bytes | None:
    """The next message; None where the pipe ends before it is whole."""
    length = _read(pipe, _LENGTH)
    return None if length is None else _read(pipe, int.from_bytes(length, "big"))


def _read(pipe: BinaryIO, length: int) -> bytes | None:
    parts = []
    while length:
        part = pipe.read(min(length, _MOST_AT_ONCE))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


#: A pipe holds less; room for all of a message is not made before it comes.
_MOST_AT_ONCE = 1 << 20
