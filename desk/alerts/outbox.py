"""The outbox: each event once for each target, over restarts, with retries that end.

A SQLite file of its own, so that neither a slow mail server nor a full disk here can be in the
way of the newsroom's database. `seen` remembers which events were put down; `deliveries` what is
still to go. Deliveries that go out together share a batch: it is tried again as it was, under the
same name, so that a receiver can tell a repetition after a crash.
"""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.alerts.events import STALE, Event
from desk.alerts.targets import Route, Target
from desk.clock import parse_instant
from desk.errors import Unavailable
from desk.store.writing import writing

_SCHEMA = """
CREATE TABLE IF NOT EXISTS seen (
  key TEXT PRIMARY KEY, episode INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
  told INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE NOT NULL, target TEXT NOT NULL,
  event TEXT NOT NULL, made INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'pending',
  batch TEXT NOT NULL DEFAULT '', tries INTEGER NOT NULL DEFAULT 0, due INTEGER NOT NULL,
  ended INTEGER NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '');
CREATE INDEX IF NOT EXISTS deliveries_state ON deliveries (state, target, due);
"""
_NEVER = re.compile(r"^http-4\d\d$|^(?!http).*-5\d\d$")
AGAIN = 600  # seconds that a condition must be gone before it counts as a new one
GONE = 20  # seconds without a condition after which its patience begins anew
BEAT = 60  # seconds between two notes that a condition still lasts
TOGETHER = 20  # events in one mail
MOST = 2_000  # deliveries that may wait; more events wait in the log
FIRST_RETRY, LAST_RETRY = 30, 300  # seconds
GIVE_UP = 86_400  # seconds after which a delivery is given up
KEEP = 60 * 86_400  # seconds that ended deliveries and old events are remembered


@dataclass(frozen=True)
class Batch:
    """What goes to one target in one mail or call. `name`: the same at every try."""

    name: str
    target: str
    events: tuple[Event, ...]
    tries: int


@dataclass(frozen=True)
class Delivery:
    """One event for one target. `state`: pending, sent or given-up; `code`: why a try failed.

    Times are seconds since the epoch; `ended` is 0 while it is pending.
    """

    event: Event
    target: str
    state: str
    tries: int
    made: int
    due: int
    ended: int
    code: str


class Outbox:
    """The deliveries of one alerts process. All times are whole seconds since the epoch."""

    def __init__(self, path: Path) -> None:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600))
            self._db = sqlite3.connect(path, isolation_level=None, timeout=2)
            self._db.row_factory = sqlite3.Row
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise _silent(error) from None

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    # -- putting down -----------------------------------------------------------------------------

    def note(self, events: Iterable[Event], routes: Iterable[Route], now: int) -> int:
        """Put down what is new among the events that hold now; how many deliveries that makes.

        An event is told once. A lasting one is told again when it was gone for AGAIN seconds, one
        with patience only when it was seen so long, one of the past not when it is stale.
        """
        chosen, made = tuple(routes), 0
        with writing(self._db, _silent) as db:
            waiting = db.execute(
                "SELECT count(*) FROM deliveries WHERE state = 'pending'"
            ).fetchone()[0]
            for event in events:
                if waiting + made >= MOST:
                    break
                episode = _episode(db, event, now)
                if episode is None:
                    continue
                for target in dict.fromkeys(r.target for r in chosen if r.takes(event)):
                    made += db.execute(
                        "INSERT OR IGNORE INTO deliveries (name, target, event, made, due) "
                        "VALUES (?, ?, ?, ?, ?)",
                        (f"{event.key} #{episode} {target.id}", target.id, event.to_text(), now,
                         now),
                    ).rowcount  # fmt: skip
        return made

    def forget(self, now: int) -> None:
        """Forget what has ended long ago."""
        with writing(self._db, _silent) as db:
            db.execute("DELETE FROM deliveries WHERE ended > 0 AND ended < ?", (now - KEEP,))
            db.execute("DELETE FROM seen WHERE last < ?", (now - KEEP,))

    # -- sending ----------------------------------------------------------------------------------

    def take(self, target: Target, now: int) -> Batch | None:
        """What goes to that target now, None while nothing is due.

        In the order in which it was put down, also when something older waits to be tried again:
        who reads "out on every channel" and then "missing on one" believes the second. A batch
        that the target refuses for good, and not because it is away, holds up nothing.
        """
        with writing(self._db, _silent) as db:
            waiting = db.execute(
                "SELECT id, batch, due, code FROM deliveries WHERE state = 'pending' "
                "AND target = ? ORDER BY id LIMIT ?", (target.id, MOST),
            ).fetchall()  # fmt: skip
            if all(row["due"] > now for row in waiting):
                return None
            first = next(r for r in waiting if r["due"] <= now or not _refused(r["code"]))
            name = first["batch"]
            if not name:
                name = os.urandom(12).hex()
                fresh = [row["id"] for row in waiting if not row["batch"]][:TOGETHER]
                db.executemany("UPDATE deliveries SET batch = ? WHERE id = ?",
                               [(name, each) for each in fresh])  # fmt: skip
            rows = db.execute(
                "SELECT event, tries FROM deliveries WHERE batch = ? AND state = 'pending' "
                "ORDER BY id", (name,),
            ).fetchall()  # fmt: skip
        events = tuple(Event.from_text(row["event"]) for row in rows)
        return Batch(name, target.id, events, rows[0]["tries"])

    def sent(self, batch: Batch, now: int) -> None:
        """The target has it, and gets at once what waited behind it."""
        with writing(self._db, _silent) as db:
            db.execute(
                "UPDATE deliveries SET state = 'sent', ended = ?, tries = tries + 1, code = '' "
                "WHERE batch = ? AND state = 'pending'", (now, batch.name),
            )  # fmt: skip
            self._move(db, batch, "min", now)

    def failed(self, batch: Batch, code: str, now: int) -> bool:
        """It did not get there: try again later, or give up after GIVE_UP seconds.

        True when it is given up. `code` is one word, never what a server said. Unless it was
        refused for good, what else is for that target waits as long.
        """
        with writing(self._db, _silent) as db:
            oldest = db.execute(
                "SELECT min(made) FROM deliveries WHERE batch = ?", (batch.name,)
            ).fetchone()[0]
            over = oldest is not None and now - oldest >= GIVE_UP
            db.execute(
                "UPDATE deliveries SET tries = tries + 1, due = ?, code = ?, state = ?, ended = ? "
                "WHERE batch = ? AND state = 'pending'",
                (now + retry_after(batch.tries + 1), code[:60],
                 "given-up" if over else "pending", now if over else 0, batch.name),
            )  # fmt: skip
            if not over and not _refused(code):
                self._move(db, batch, "max", now + retry_after(batch.tries + 1))
        return over

    def keep_only(self, targets: Iterable[str], now: int) -> int:
        """Give up what is for targets that calendar.yaml no longer names; how many that were."""
        known = set(targets)
        with writing(self._db, _silent) as db:
            gone = [
                row[0]
                for row in db.execute(
                    "SELECT DISTINCT target FROM deliveries WHERE state = 'pending'"
                )
                if row[0] not in known
            ]
            given_up = 0
            for target in gone:
                given_up += db.execute(
                    "UPDATE deliveries SET state = 'given-up', ended = ?, code = 'no-target' "
                    "WHERE state = 'pending' AND target = ?", (now, target),
                ).rowcount  # fmt: skip
        return given_up

    def _move(self, db: sqlite3.Connection, batch: Batch, to: str, due: int) -> None:
        """What else waits for that target is due no later (`min`) or no sooner (`max`)."""
        rows = db.execute(
            "SELECT id, code FROM deliveries WHERE state = 'pending' AND target = ? AND batch != ?",
            (batch.target, batch.name),
        ).fetchall()
        db.executemany(
            f"UPDATE deliveries SET due = {to}(due, ?) WHERE id = ?",  # noqa: S608 - min or max
            [(due, row["id"]) for row in rows if not _refused(row["code"])],
        )

    # -- looking ----------------------------------------------------------------------------------

    def deliveries(self, *states: str, limit: int = 200) -> list[Delivery]:
        """Deliveries in these states (none: in any), newest first."""
        return _deliveries(self._db, states, limit)


def look(path: Path, *states: str, limit: int = 200) -> list[Delivery]:
    """The deliveries in an outbox that another process may be using; none when there is no file."""
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            return _deliveries(db, states, limit)
    except sqlite3.Error as error:
        raise _silent(error) from None


def retry_after(tries: int) -> int:
    """Seconds until the next try: 30 s after the first, doubling, at most five minutes."""
    return min(FIRST_RETRY << min(tries - 1, 10), LAST_RETRY)


def _refused(code: str) -> bool:
    """Whether a target that is there does not want this one: SMTP 5xx (RFC 5321), HTTP 4xx."""
    return bool(_NEVER.search(code))


def _episode(db: sqlite3.Connection, event: Event, now: int) -> int | None:
    """The number of this occurrence of the event when it is to be told now, else None."""
    row = db.execute("SELECT * FROM seen WHERE key = ?", (event.key,)).fetchone()
    if row is None:
        stale = event.happened and int(parse_instant(event.time).timestamp()) < now - STALE
        told = int(stale or not event.patience)
        db.execute("INSERT INTO seen VALUES (?, 1, ?, ?, ?)", (event.key, now, now, told))
        return None if stale or event.patience else 1
    episode, first, last, told = row["episode"], row["first"], row["last"], row["told"]
    if event.lasting and now - last >= AGAIN:
        episode, first, told = episode + 1, now, 0
    elif not told and now - last > GONE:
        first = now  # it came and went: its patience begins anew
    tell = not told and now - first >= event.patience
    if not told or now - last >= BEAT:
        db.execute(
            "UPDATE seen SET episode = ?, first = ?, last = ?, told = ? WHERE key = ?",
            (episode, first, now, int(told or tell), event.key),
        )
    return episode if tell else None


def _deliveries(db: sqlite3.Connection, states: tuple[str, ...], limit: int) -> list[Delivery]:
    where = f"WHERE state IN ({', '.join('?' * len(states))})" if states else ""
    values: tuple[Any, ...] = (*states, limit)
    query = f"SELECT * FROM deliveries {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - marks only
    make: Callable[[sqlite3.Row], Delivery] = lambda row: Delivery(  # noqa: E731
        Event.from_text(row["event"]), row["target"], row["state"], row["tries"], row["made"],
        row["due"], row["ended"], row["code"],
    )  # fmt: skip
    return [make(row) for row in db.execute(query, values)]


def _silent(error: Exception) -> Unavailable:
    return Unavailable(
        "The outbox of alerts does not answer", type(error).__name__, "Is its disk full?"
    )
