"""The feed of a ledger: which rows changed, so that a standby's ledger can follow the leader's.

Each publisher writes only its own ledger; one that was stopped in the middle of a write blocks
nobody else. A standby reads the leader's and repeats what changed, and once more when it takes
over. The ledger that is good for a term says so (`term` in `meta`): nobody follows another.
"""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.errors import Unavailable

KEYS = {
    "bundles": ("address",), "outbox": ("name",), "sent": ("name",),
    "watched": ("channel", "item"), "meta": ("name",),
}  # fmt: skip
TERM = "term"
PAGE = 2000
BUSY_SECONDS = 0.05  # a stopped process may hold the file: then it is asked again later


def _trigger(table: str, event: str) -> str:
    # Not an upsert: the conflict clause of the statement outside would replace its own.
    row = "OLD" if event == "DELETE" else "NEW"
    key = " || ' ' || ".join(f"{row}.{column}" for column in KEYS[table])
    return (
        f"CREATE TRIGGER IF NOT EXISTS feed_{table}_{event.lower()} AFTER {event} ON {table} "  # noqa: S608
        f"BEGIN DELETE FROM feed WHERE place = '{table}' AND key = {key}; "
        f"INSERT INTO feed (place, key) VALUES ('{table}', {key}); END;"
    )


SCHEMA = (
    "CREATE TABLE IF NOT EXISTS feed (seq INTEGER PRIMARY KEY AUTOINCREMENT, "
    "place TEXT NOT NULL, key TEXT NOT NULL, UNIQUE (place, key));"
    "CREATE TABLE IF NOT EXISTS follows (one INTEGER PRIMARY KEY CHECK (one = 1), "
    "me TEXT NOT NULL, source TEXT NOT NULL, seq INTEGER NOT NULL);"
    + "".join(_trigger(table, event) for table in KEYS for event in ("INSERT", "UPDATE", "DELETE"))
)


def prepare(db: sqlite3.Connection) -> None:
    """Make the feed of a ledger; what was there before is in it from the start."""
    db.executescript(SCHEMA)
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT OR IGNORE INTO follows VALUES (1, ?, '', 0)", (secrets.token_hex(16),))
    if db.execute("SELECT 1 FROM feed LIMIT 1").fetchone() is None:
        for table, columns in KEYS.items():
            key = " || ' ' || ".join(columns)
            db.execute(f"INSERT INTO feed (place, key) SELECT '{table}', {key} FROM {table}")  # noqa: S608
    db.execute("COMMIT")


def renew(db: sqlite3.Connection) -> None:
    """Be another ledger to those who followed this one. In the caller's transaction."""
    db.execute("UPDATE follows SET me = ?", (secrets.token_hex(16),))


class Source:
    """Another publisher's ledger, open for reading."""

    def __init__(self, home: Path) -> None:
        """Raises Unavailable when it cannot be opened."""
        self.home = home
        self._version = -1
        path = home / "ledger.db"
        try:
            # Not read-only: after a kill the first reader has to put the journal in order.
            self._db = sqlite3.connect(
                f"file:{path}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_SECONDS
            )
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA query_only = ON")
        except sqlite3.Error as error:
            raise Unavailable("The leader's ledger cannot be read", str(error)) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def term(self) -> int:
        """The term that the ledger is good for; 0 for none. Raises Unavailable."""
        with self._reading():
            row = self._db.execute("SELECT value FROM meta WHERE name = ?", (TERM,)).fetchone()
        return int(row["value"]) if row else 0

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            self._db.execute("BEGIN")
            try:
                yield
            finally:
                self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unavailable("The leader's ledger cannot be read", str(error)) from None

    def copy(self, into: sqlite3.Connection) -> tuple[int, bool]:
        """Repeat there what changed here since the last time, in the caller's transaction.

        Returns how many rows those were, and whether that is all. Raises Unavailable.
        """
        with self._reading():
            me = self._db.execute("SELECT me FROM follows").fetchone()["me"]
            known = into.execute("SELECT source, seq FROM follows").fetchone()
            seq = known["seq"] if known["source"] == me else 0
            if known["source"] != me:
                for table in KEYS:
                    into.execute(f"DELETE FROM {table}")  # noqa: S608
            changed = self._db.execute(
                "SELECT seq, place, key FROM feed WHERE seq > ? ORDER BY seq LIMIT ?", (seq, PAGE)
            ).fetchall()
            for row in changed:
                self._copy_row(into, row["place"], row["key"])
            if changed or known["source"] != me:
                seq = changed[-1]["seq"] if changed else seq
                into.execute("UPDATE follows SET source = ?, seq = ?", (me, seq))
        return len(changed), len(changed) < PAGE

    def _copy_row(self, into: sqlite3.Connection, table: str, key: str) -> None:
        columns = KEYS[table]
        values = key.split(" ", 1) if len(columns) > 1 else [key]
        where = " AND ".join(f"{column} = ?" for column in columns)
        into.execute(f"DELETE FROM {table} WHERE {where}", values)  # noqa: S608
        row = self._db.execute(f"SELECT * FROM {table} WHERE {where}", values).fetchone()  # noqa: S608
        if row is not None:
            names = [name for name in row.keys() if (table, name) != ("outbox", "id")]  # noqa: SIM118
            marks = ", ".join("?" * len(names))
            into.execute(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})",  # noqa: S608
                [row[name] for name in names],
            )

    def changed(self) -> bool:
        """Whether it may have changed since this was last asked (`PRAGMA data_version`)."""
        try:
            version = int(self._db.execute("PRAGMA data_version").fetchone()[0])
        except sqlite3.Error as error:
            raise Unavailable("The leader's ledger cannot be read", str(error)) from None
        before, self._version = self._version, version
        return version != before
