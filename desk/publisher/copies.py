"""What another publisher of the group has heard: the copy of the log in its directory.

A hold that the leader has confirmed stands in the leader's copy, whatever became of the database
since. Whoever takes over therefore goes on from that copy, not from the database alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from desk.errors import Unavailable
from desk.publisher.home import LOG, read_line
from desk.trust.log import Entry

FIRST = 64 * 1024  # bytes from the end that are looked at first


def size(home: Path) -> int:
    """How long the copy in that directory is, in bytes; 0 when there is none."""
    try:
        return (home / LOG).stat().st_size
    except OSError:
        return 0


def kept_since(home: Path, seq: int) -> list[Entry]:
    """Entries from number `seq` on that a publisher's directory has kept, in order.

    Read from the end, since that is all that differs most times. What is only half written at the
    end is left out. Raises Unavailable when the copy cannot be read.
    """
    window = FIRST
    while True:
        found, whole = _tail(home / LOG, window)
        if whole or (found and found[0].seq <= seq):
            return [entry for entry in found if entry.seq >= seq]
        window *= 4


def _tail(path: Path, window: int) -> tuple[Sequence[Entry], bool]:
    """The entries in so many bytes at the end of the file, and whether those are all of it."""
    try:
        with path.open("rb") as file:
            start = max(0, file.seek(0, 2) - window)
            file.seek(start)
            if start:
                file.readline()  # the rest of a line that begins before
            found = []
            for line in file:
                entry = read_line(line)
                if entry is None:
                    break
                found.append(entry)
    except FileNotFoundError:
        return [], True
    except OSError as error:
        raise Unavailable("The leader's copy of the log cannot be read", str(error)) from None
    return found, not start
