"""What was taken down, in the portal's database: for good and erased, or for a time and unseen."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from desk.portal.store import Store, dump_acts, load_acts
from desk.trust.envelope import Envelope
from desk.trust.fold import WITHDRAWALS


@dataclass(frozen=True)
class WithdrawalRow:
    """One signed withdrawal in force: revision (act digest), item, mode, public note, time, act."""

    revision: str
    item: str
    mode: str
    note: str
    time: str
    act: Envelope


@dataclass(frozen=True)
class RestoreRow:
    """A takedown that was lifted: digest of its act, revision, item, when, and by which acts."""

    withdrawal: str
    revision: str
    item: str
    time: str
    acts: tuple[Envelope, ...]


def record(store: Store, away: Sequence[WithdrawalRow], back: Sequence[RestoreRow]) -> None:
    """Record withdrawals, erase what is down for good, and lift what enough people have lifted.

    A weaker withdrawal changes nothing, nor does a takedown that was lifted already.
    """
    with store.write() as db:
        for row in away:
            _take_down(db, row)
        for lifted in back:
            _lift(db, lifted)
        _erase(db)


def _take_down(db: sqlite3.Connection, row: WithdrawalRow) -> None:
    if row.mode == "takedown" and _was_lifted(db, row.act.digest):
        return
    found = db.execute(
        "SELECT mode, time FROM withdrawals WHERE revision=?", (row.revision,)
    ).fetchone()
    if found is not None:
        newer = row.mode == "takedown" and row.time >= found[1]
        stronger = WITHDRAWALS[row.mode] > WITHDRAWALS[found[0]]
        if not stronger and not (newer and found[0] == "takedown"):
            return
    db.execute(
        "INSERT OR REPLACE INTO withdrawals VALUES (?, ?, ?, ?, ?, ?)",
        (row.revision, row.item, row.mode, row.note, row.time, row.act.to_json()),
    )


def _was_lifted(db: sqlite3.Connection, withdrawal: str) -> bool:
    query = "SELECT 1 FROM restores WHERE withdrawal=?"
    return db.execute(query, (withdrawal,)).fetchone() is not None


def _lift(db: sqlite3.Connection, row: RestoreRow) -> None:
    found = db.execute(
        "SELECT mode, act FROM withdrawals WHERE revision=?", (row.revision,)
    ).fetchone()
    acts = list(row.acts)
    if found is not None and found[0] == "takedown":
        away = Envelope.from_json(bytes(found[1]))
        if away.digest == row.withdrawal:
            db.execute("DELETE FROM withdrawals WHERE revision=?", (row.revision,))
            acts.insert(0, away)
    db.execute(
        "INSERT OR IGNORE INTO restores VALUES (?, ?, ?, ?, ?)",
        (row.withdrawal, row.revision, row.item, row.time, dump_acts(acts)),
    )


def erase(store: Store) -> None:
    """Erase the text of every version whose revision was withdrawn for good."""
    with store.write() as db:
        _erase(db)


def _erase(db: sqlite3.Connection) -> None:
    gone = "act IN (SELECT revision FROM withdrawals WHERE mode != 'takedown')"
    db.execute(f"DELETE FROM assets WHERE version IN (SELECT id FROM versions WHERE {gone})")  # noqa: S608
    db.execute(
        "UPDATE versions SET headline='', summary='', folded='', content='', ninjs=''"  # noqa: S608
        f" WHERE {gone} AND content != ''"
    )


def every(store: Store) -> list[WithdrawalRow]:
    """Every withdrawal in force."""
    rows = store.connection.execute(
        "SELECT revision, item, mode, note, time, act FROM withdrawals"
    ).fetchall()
    return [
        WithdrawalRow(r[0], r[1], r[2], r[3], r[4], Envelope.from_json(bytes(r[5]))) for r in rows
    ]


def revisions(store: Store) -> set[str]:
    """Digests of the revisions that are down."""
    return {str(row[0]) for row in store.connection.execute("SELECT revision FROM withdrawals")}


def acts(store: Store) -> list[Envelope]:
    """The signed acts of every takedown that was lifted, then those that are in force."""
    found: list[Envelope] = []
    for row in store.connection.execute("SELECT acts FROM restores ORDER BY rowid"):
        found += load_acts(bytes(row[0]))
    for row in store.connection.execute("SELECT act FROM withdrawals ORDER BY rowid"):
        found.append(Envelope.from_json(bytes(row[0])))
    return found


def agency_of(store: Store, revision: str) -> str:
    """Whose item a revision is, as far as it was shown here; else ''."""
    row = store.connection.execute(
        "SELECT agency FROM versions WHERE act=? AND agency != ''", (revision,)
    ).fetchone()
    return str(row[0]) if row else ""
