"""The ledger: what the publisher claimed, called and was told; in its own database, synced.

A row per bundle address. It is written before the call that it speaks of, so that after any crash
the next run knows which outcomes to ask for.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.clock import epoch_ns
from desk.errors import Unavailable
from desk.publisher import feed
from desk.store.writing import writing

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bundles (
  address TEXT PRIMARY KEY, release TEXT NOT NULL, channel TEXT NOT NULL, signoff TEXT NOT NULL,
  at TEXT NOT NULL, not_after TEXT NOT NULL, state TEXT NOT NULL, opened_ms INTEGER DEFAULT 0,
  late_us INTEGER DEFAULT 0, code TEXT DEFAULT '', receipt TEXT DEFAULT '',
  firsts TEXT DEFAULT '{}', roster INTEGER DEFAULT 0);
CREATE TABLE IF NOT EXISTS outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, kind TEXT NOT NULL,
  subject TEXT NOT NULL, fields TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS sent (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS watched (
  channel TEXT NOT NULL, item TEXT NOT NULL, revision TEXT NOT NULL, address TEXT NOT NULL,
  expected TEXT NOT NULL, due INTEGER NOT NULL, round INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT 'new', seen TEXT NOT NULL DEFAULT '', PRIMARY KEY (channel, item));
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS bundles_state ON bundles (state, at);
CREATE INDEX IF NOT EXISTS bundles_release ON bundles (release);
CREATE INDEX IF NOT EXISTS bundles_opened ON bundles (opened_ms);
CREATE INDEX IF NOT EXISTS watched_due ON watched (due);
CREATE INDEX IF NOT EXISTS watched_state ON watched (state, channel);
"""

# The states of a bundle, in the order in which it can pass through them. `opened`: the channel said
# so; `published`: the log is owed the act and what the public sees is being compared.
STATES = (
    "staging", "staged", "claimed", "opened", "published", "failed", "recalled", "missed",
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One bundle: where it goes and how far it is. `opened_ms`: the channel's wall clock.

    `firsts`: JSON, the instant of the first release of items that were public before; kept, so that
    the same bytes are built again after a restart. `roster`: the version under which the channel
    got the acts that justify it; 0 when that is not known.
    """

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
    firsts: str = "{}"
    roster: int = 0

    @property
    def early(self) -> bool:
        """Whether the channel says that it opened before the instant."""
        return 0 < self.opened_ms * 1_000_000 < epoch_ns(self.at)


@dataclass(frozen=True)
class Watched:
    """One item of one channel that is compared. `due`: seconds since the epoch.

    `state`: new, checking, same, suspect (seen to differ once), differs (seen twice: it holds the
    channel), accepted (somebody has looked). `seen`: what was seen when it differed.
    """

    channel: str
    item: str
    revision: str
    address: str
    expected: str
    due: int
    round: int
    state: str
    seen: str = ""


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
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=1)
        self._db.row_factory = sqlite3.Row
        # Acts are paid in a thread, which may still be at it when the publisher ends: SQLite must
        # not be closed under its hands.
        self._hands = threading.RLock()
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=FULL")
        self._db.executescript(_SCHEMA)
        self._catch_up()
        feed.prepare(self._db)
        path.chmod(0o600)

    def _catch_up(self) -> None:
        """Give a ledger of an earlier version the columns that came later."""
        known = {row["name"] for row in self._db.execute("PRAGMA table_info(bundles)")}
        if "roster" not in known:
            self._db.execute("ALTER TABLE bundles ADD COLUMN roster INTEGER DEFAULT 0")

    @contextmanager
    def _write(self) -> Iterator[sqlite3.Connection]:
        with self._hands, writing(self._db, _silent) as db:
            yield db

    def _read(self, query: str, *values: Any) -> list[sqlite3.Row]:
        try:
            with self._hands:
                return self._db.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _silent(error) from None

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

    def justified(self, address: str, roster: int) -> None:
        """Note under which version of the roster a channel got a bundle's acts."""
        with self._write() as db:
            db.execute("UPDATE bundles SET roster = ? WHERE address = ?", (roster, address))

    def get(self, address: str) -> Row | None:
        """One bundle's row."""
        rows = self._read("SELECT * FROM bundles WHERE address = ?", address)
        return Row(**dict(rows[0])) if rows else None

    def of_release(self, release: str) -> list[Row]:
        """Every bundle of a release, of every sign-off."""
        rows = self._read("SELECT * FROM bundles WHERE release = ?", release)
        return [Row(**dict(row)) for row in rows]

    def in_state(self, *states: str) -> list[Row]:
        """Bundles in these states, earliest first."""
        marks = ", ".join("?" * len(states))
        rows = self._read(
            f"SELECT * FROM bundles WHERE state IN ({marks}) ORDER BY at",  # noqa: S608
            *states,
        )
        return [Row(**dict(row)) for row in rows]

    def leaving(self, since_ms: int) -> list[Row]:
        """Bundles that were called or are out and not done with, and all opened since that time."""
        rows = self._read(
            "SELECT * FROM bundles WHERE state IN ('claimed', 'opened') "
            "OR (state = 'published' AND opened_ms >= ?)", since_ms,
        )  # fmt: skip
        return [Row(**dict(row)) for row in rows]

    def latest(self, count: int = 50) -> list[Row]:
        """The last opened bundles, newest first."""
        rows = self._read(
            "SELECT * FROM bundles WHERE opened_ms > 0 ORDER BY opened_ms DESC LIMIT ?", count
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
        rows = self._read("SELECT * FROM outbox ORDER BY id LIMIT ?", limit)
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

    def watch(self, rows: Iterable[tuple[str, str, str, str, str, int]]) -> None:
        """Compare these from now on: channel, item, revision, address, expected, due (seconds)."""
        with self._write() as db:
            db.executemany(
                "INSERT INTO watched (channel, item, revision, address, expected, due) "
                "VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (channel, item) DO UPDATE SET "
                "revision = excluded.revision, address = excluded.address, seen = '', "
                "expected = excluded.expected, due = excluded.due, round = 0, state = 'new' "
                "WHERE excluded.address <> watched.address",
                rows,
            )

    def watched(self, channel: str, now: int, limit: int = 50) -> list[Watched]:
        """Comparisons on a channel that are due."""
        rows = self._read(
            "SELECT * FROM watched WHERE due <= ? AND channel = ? ORDER BY due LIMIT ?",
            now, channel, limit,
        )  # fmt: skip
        return [Watched(**dict(row)) for row in rows]

    def unwatch(self, channel: str, items: Iterable[str]) -> None:
        """Compare these items on a channel no longer."""
        with self._write() as db:
            db.executemany(
                "DELETE FROM watched WHERE channel = ? AND item = ?", [(channel, i) for i in items]
            )

    def compared(self, one: Watched) -> None:
        """Note the outcome of a comparison and when the next one is due."""
        with self._write() as db:
            db.execute(
                "UPDATE watched SET state = ?, due = ?, round = ?, seen = ? "
                "WHERE channel = ? AND item = ? AND address = ?",
                (one.state, one.due, one.round, one.seen, one.channel, one.item, one.address),
            )

    def compare_now(self, items: Iterable[str], due: int) -> None:
        """Something about these items has changed (a withdrawal): compare at `due`."""
        with self._write() as db:
            db.executemany(
                "UPDATE watched SET due = min(due, ?) WHERE item = ?", [(due, i) for i in items]
            )

    def accept(self, channel: str) -> int:
        """Somebody has looked at what differs on a channel: it holds the channel no longer.

        A further change is a new difference. Returns how many items were accepted.
        """
        with self._write() as db:
            return db.execute(
                "UPDATE watched SET state = 'accepted' WHERE channel = ? AND state = 'differs'",
                (channel,),
            ).rowcount

    def watch_states(self) -> dict[str, int]:
        """How many items are in which state of comparison."""
        return {
            row["state"]: row["n"]
            for row in self._read("SELECT state, count(*) n FROM watched GROUP BY state")
        }

    def differing(self, channel: str) -> int:
        """How many items of a channel differ from what was signed."""
        query = "SELECT count(*) n FROM watched WHERE state = 'differs' AND channel = ?"
        return int(self._read(query, channel)[0]["n"])

    def meta(self, name: str, default: str = "") -> str:
        """A named value."""
        rows = self._read("SELECT value FROM meta WHERE name = ?", name)
        return str(rows[0]["value"]) if rows else default

    def set_meta(self, name: str, value: str) -> None:
        """Keep a named value."""
        with self._write() as db:
            db.execute(
                "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = "
                "excluded.value",
                (name, value),
            )

    # -- standbys -------------------------------------------------------------------------------

    @property
    def term(self) -> int:
        """The term for which this is the good ledger, or a copy of it as far as `follow` came."""
        return int(self.meta(feed.TERM, "0"))

    def begin_term(self, number: int) -> None:
        """From now on this is the ledger that others follow."""
        self.set_meta(feed.TERM, str(number))

    def follow(self, source: feed.Source) -> tuple[int, bool]:
        """Repeat what changed in the leader's. How many rows those were, and whether that is all.

        What only this one knew is dropped when it begins to follow. Raises Unavailable.
        """
        with self._write() as db:
            return source.copy(db)

    def renew(self) -> None:
        """This ledger was put back from a copy: who followed it has to begin anew."""
        with self._write() as db:
            feed.renew(db)

    def close(self) -> None:
        """Close the file, after what is being written. Later calls raise Unavailable."""
        with self._hands:
            self._db.close()


def _silent(error: sqlite3.Error) -> Unavailable:
    return Unavailable("The publisher's ledger does not answer", str(error))
