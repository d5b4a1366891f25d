"""Writing to a small SQLite file that one process keeps for itself: one whole, synced transaction.

The newsroom's own database is written through `desk.store.session`. A publisher's ledger and the
outbox of alerts are files beside it, so that nothing there can hold them up.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from desk.errors import DeskError


@contextmanager
def writing(
    db: sqlite3.Connection, silent: Callable[[sqlite3.Error], DeskError]
) -> Iterator[sqlite3.Connection]:
    """All that is done to the connection inside, or nothing of it.

    The connection is in autocommit mode (`isolation_level=None`). BEGIN IMMEDIATE, so that what was
    read inside still holds when it is written. Raises what `silent` makes of an error of SQLite:
    the file is locked, read-only or full.
    """
    try:
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.execute("ROLLBACK")
            raise
        db.execute("COMMIT")
    except sqlite3.Error as error:
        raise silent(error) from None
