"""The ledger: what the publisher claimed, called and was told; in its own database, synced.

A row per bundle address. It is written before the call that it speaks of, so that after any crash
the next run knows which outcomes to ask for.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.errors import Unavailable

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bundles (
  address TEXT PRIMARY KEY, release TEXT NOT NULL, channel TEXT NOT NULL, signoff TEXT NOT NULL,
  at TEXT NOT NULL, not_after TEXT NOT NULL, state TEXT NOT NULL, opened_ms INTEGER DEFAULT 0,
  late_us INTEGER DEFAULT 0, code TEXT DEFAULT '', receipt TEXT DEFAULT '');
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
  subject TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sent (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS watched (
  channel TEXT NOT NULL, item TEXT NOT NULL, revision TEXT NOT NULL, address TEXT NOT NULL,
  expected TEXT NOT NULL, due INTEGER NOT NULL, round INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new', PRIMARY KEY (channel, item));
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# The states of a bundle, in the order in which it can pass through them.
STATES = (
    "staging", "staged", "claimed", "opened", "published", "failed", "recalled", "missed",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One bundle: where it goes and how far it is. `opened_ms`: the channel's wall clock."""

    address: str
    release: str
    channel: str
    signoff: str
    at: str
    not_after: str
    state: str
    opened_ms: int = 0
    late_us: int = 0
    code: str = ""
    receipt: str = ""


@dataclass(frozen=True)
class Pending:
    """An act that the publisher owes the log."""

    id: int
    name: str
    kind: str
    subject: str
    fields: dict[str, Any]


class Ledger:
    """The publisher's own database."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=5)
        self._db.row_factory = sqlite3.Row
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        path.chmod(0o600)

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise Unavailable("The publisher's ledger does not answer", str(error)) from None

    def put(self, *rows: Row) -> None:
        """Store rows whole, in one synced transaction."""
        names = tuple(Row.__dataclass_fields__)
        sql = (
            f"INSERT INTO bundles ({', '.join(names)}) VALUES ({', '.join('?' * len(names))}) "  # noqa: S608
            f"ON CONFLICT (address) DO UPDATE SET "
            + ", ".join(f"{n} = excluded.{n}" for n in names[1:])
        )
        with self._write() as db:
            db.executemany(sql, [tuple(getattr(row, n) for n in names) for row in rows])

    def get(self, address: str) -> Row | None:
        """One bundle's row."""
        row = self._db.execute("SELECT * FROM bundles WHERE address = ?", (address,)).fetchone()
        return Row(**dict(row)) if row else None

    def of_release(self, release: str) -> list[Row]:
        """Every bundle of a release, of every sign-off."""
        rows = self._db.execute("SELECT * FROM bundles WHERE release = ?", (release,))
        return [Row(**dict(row)) for row in rows]

    def in_state(self, *states: str) -> list[Row]:
        """Bundles in these states, earliest first."""
        marks = ", ".join("?" * len(states))
        rows = self._db.execute(
            f"SELECT * FROM bundles WHERE state IN ({marks}) ORDER BY at",  # noqa: S608
            states,
        )
        return [Row(**dict(row)) for row in rows]

    def latest(self, count: int = 50) -> list[Row]:
        """The last opened bundles, newest first."""
        rows = self._db.execute(
            "SELECT * FROM bundles WHERE opened_ms > 0 ORDER BY opened_ms DESC LIMIT ?", (count,)
        )
        return [Row(**dict(row)) for row in rows]

    # -- what is owed to the log ------------------------------------------------------------

    def owe(self, name: str, kind: str, subject: str, fields: dict[str, Any]) -> None:
        """Note an act to be appended; the same name is owed once, ever."""
        with self._write() as db:
            if db.execute("SELECT 1 FROM sent WHERE name = ?", (name,)).fetchone():
                return
            db.execute(
                "INSERT OR IGNORE INTO outbox (name, kind, subject, fields) VALUES (?, ?, ?, ?)",
                (name, kind, subject, json.dumps(fields)),
            )

    def owed(self, limit: int = 100) -> list[Pending]:
        """What is owed, oldest first."""
        rows = self._db.execute("SELECT * FROM outbox ORDER BY id LIMIT ?", (limit,))
        return [
            Pending(r["id"], r["name"], r["kind"], r["subject"], json.loads(r["fields"]))
            for r in rows
        ]

    def paid(self, *names: str) -> None:
        """These acts are in the log."""
        with self._write() as db:
            for name in names:
                db.execute("INSERT OR IGNORE INTO sent VALUES (?)", (name,))
                db.execute("DELETE FROM outbox WHERE name = ?", (name,))

    # -- what the public should see -----------------------------------------------------------

    def watch(
        self, channel: str, item: str, revision: str, address: str, expected: str, due: int
    ) -> None:
        """Compare that item on that channel from `due` (seconds since the epoch) on."""
        with self._write() as db:
            db.execute(
                "INSERT INTO watched (channel, item, revision, address, expected, due) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (channel, item) DO UPDATE SET "
                "revision = excluded.revision, address = excluded.address, "
                "expected = excluded.expected, due = excluded.due, round = 0, state = 'new'",
                (channel, item, revision, address, expected, due),
            )

    def watched(self, now: int, limit: int = 50) -> list[sqlite3.Row]:
        """Comparisons that are due."""
        return list(
            self._db.execute(
                "SELECT * FROM watched WHERE due <= ? ORDER BY due LIMIT ?", (now, limit)
            )
        )

    def compared(self, channel: str, item: str, state: str, due: int, round_: int) -> None:
        """Note the outcome of a comparison and when the next one is due."""
        with self._write() as db:
            db.execute(
                "UPDATE watched SET state = ?, due = ?, round = ? WHERE channel = ? AND item = ?",
                (state, due, round_, channel, item),
            )

    def watch_states(self) -> dict[str, int]:
        """How many items are in which state of comparison."""
        return {
            row["state"]: row["n"]
            for row in self._db.execute("SELECT state, count(*) n FROM watched GROUP BY state")
        }

    def differing(self, channel: str) -> int:
        """How many items of a channel differ from what was signed."""
        return int(
            self._db.execute(
                "SELECT count(*) FROM watched WHERE channel = ? AND state = 'differs'", (channel,)
            ).fetchone()[0]
        )

    def meta(self, name: str, default: str = "") -> str:
        """A named value."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row["value"]) if row else default

    def set_meta(self, name: str, value: str) -> None:
        """Keep a named value."""
        with self._write() as db:
            db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
                "excluded.value",
                (name, value),
            )

    def close(self) -> None:
        """Close the file."""
        self._db.close()
