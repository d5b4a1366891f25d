"""The one place that opens a transaction.

SQLite: the driver's own transaction handling is off; reads BEGIN, writes BEGIN IMMEDIATE, WAL,
synchronous=FULL. PostgreSQL: an advisory lock serialises appends to the log.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from desk.errors import Conflict, DeskError, NotFound, Unavailable

BUSY_MS = 5000
_LOG_LOCK = 0x4445534B  # pg_advisory_xact_lock key: "DESK"


class Store:
    """A newsroom's database. `read()` and `write()` are the only doors."""

    def __init__(self, url: str, *, busy_ms: int = BUSY_MS) -> None:
        """`busy_ms`: how long to wait for a SQLite file that somebody else has locked."""
        self.url = url
        self.sqlite = url.startswith("sqlite")
        if self.sqlite:
            self.engine = create_engine(
                url,
                connect_args={"isolation_level": None, "timeout": busy_ms / 1000},
                poolclass=NullPool,
            )
            event.listen(self.engine, "connect", _on_connect)
            event.listen(self.engine, "begin", _on_begin)
        else:
            self.engine = create_engine(url, pool_pre_ping=True)

    @classmethod
    def at(cls, path: Path) -> Store:
        """The SQLite store in that file, which must exist."""
        if not path.exists():
            raise NotFound(
                "There is no database", str(path), "Create the newsroom: desk newsroom init"
            )
        return cls(f"sqlite:///{path}")

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """One consistent view. Raises Unavailable when the database does not answer."""
        with _translated(), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """One atomic change: all of it is stored and synced, or nothing."""
        with _translated(), self.engine.connect() as opened:
            connection = opened.execution_options(desk_write=True)
            with connection.begin():
                if not self.sqlite:
                    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOG_LOCK})")
                yield connection

    def sweep(self) -> bool:
        """Empty SQLite's write-ahead log, which still holds what was deleted; False when somebody
        reads just now. Waits for nobody. PostgreSQL keeps its own until it is recycled.
        """
        if not self.sqlite:
            return False
        with _translated(), self.engine.connect() as connection:
            raw = connection.connection.cursor()
            raw.execute("PRAGMA busy_timeout=0")
            try:
                busy = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            except sqlite3.OperationalError:
                return False
            finally:
                raw.close()
        return not busy

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()


def create_sqlite(path: Path) -> Engine:
    """Make an empty SQLite file, 0660 in a 2770 directory, and return an engine on it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.parent.chmod(0o2770)
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o660)
    os.fchmod(descriptor, 0o660)  # whatever the umask: the group's other desks write too
    os.close(descriptor)
    return Store(f"sqlite:///{path}").engine


def _on_connect(raw: Any, _: Any) -> None:
    cursor = raw.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("desk_write")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


@contextmanager
def _translated() -> Iterator[None]:
    """Database errors as errors that a person can act on; never with statement parameters."""
    try:
        yield
    except DeskError:
        raise
    except DBAPIError as error:
        raise translate(error.orig if error.orig is not None else error) from None
    except sqlite3.Error as error:
        raise translate(error) from None


def translate(error: BaseException) -> DeskError:
    """The DeskError for a driver's error."""
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return Unavailable(
            "The database is busy", "another desk is writing", "Nothing was changed. Try again."
        )
    if "full" in text or "disk i/o" in text:
        return Unavailable(
            "The disk is full or failing", "nothing was changed", "Free some space and try again."
        )
    if "readonly" in text or "read-only" in text:
        return Unavailable(
            "The database is read-only", "nothing was changed", "Check who owns the file."
        )
    if "unique" in text or "duplicate key" in text:
        return Conflict(
            "Somebody else changed it first", "nothing was changed", "Look again, then repeat."
        )
    if "no such table" in text or "no such column" in text or "does not exist" in text:
        return Unavailable("The database is of another version", "", "Run: desk newsroom migrate")
    if "malformed" in text or "not a database" in text or "corrupt" in text:
        return Unavailable(
            "The database is damaged", "", "Restore the last backup; publishing has stopped."
        )
    return Unavailable("The database does not answer", type(error).__name__, "Try again.")
