"""The follower: reads the newsroom's log, verifies what is new, keeps it, and folds the record.

The database may lie. What counts is the publisher's own copy; a log that no longer extends it
stops all publishing until it does again, or administrators sign `resume`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import Table, func, select

from desk.errors import TrustError
from desk.publisher.home import Home
from desk.store import log
from desk.store.session import Store
from desk.trust.acts import NEEDS_ACK
from desk.trust.log import Entry, Head, extend
from desk.trust.record import Applied, Record, Stopped
from models.log import LogRow

_LOG: Table = LogRow.__table__  # type: ignore[attr-defined]


@dataclass
class Follower:
    """The publisher's view of the log. `halted` says why nothing may go out, or ''."""

    home: Home
    store: Store
    record: Record
    head: Head = field(default_factory=Head)
    halted: str = ""
    stopped: str = ""
    to_acknowledge: list[Applied] = field(default_factory=list)

    def load(self, entry: Entry) -> Applied:
        """Fold one entry that this directory has kept from an earlier run."""
        self.head = Head(entry.seq, entry.hash)
        return self._fold(entry.envelope, entry.seq)

    def poll(self) -> list[Applied]:
        """Read what is new, once. Sets `halted` when the log does not extend what was seen.

        Raises Unavailable when the database does not answer; what was seen stays in force.
        """
        with self.store.read() as connection:
            problem = self._broken(connection)
            entries = [] if problem else log.entries(connection, self.head.seq, 2000)
        if not problem and entries:
            try:
                head = extend(self.head, entries)
            except TrustError as error:
                problem = error.message
            else:
                self.home.keep(entries)
                self.head = head
        self.halted = problem or self.stopped
        if problem:
            return []
        return [self._fold(entry.envelope, entry.seq) for entry in entries]

    def _broken(self, connection: object) -> str:
        """Why the stored log is not an extension of what was seen, by its head and its count."""
        if not self.head.seq:
            return ""
        row = connection.execute(  # type: ignore[attr-defined]
            select(_LOG.c.hash).where(_LOG.c.seq == self.head.seq)
        ).first()
        if row is None:
            return f"entry {self.head.seq}, seen before, is missing"
        if row.hash != self.head.hash:
            return f"entry {self.head.seq} is not the one seen before"
        count = connection.execute(  # type: ignore[attr-defined]
            select(func.count()).select_from(_LOG).where(_LOG.c.seq <= self.head.seq)
        ).scalar()
        if count != self.head.seq:
            return f"{self.head.seq - int(count or 0)} entries are missing"
        return ""

    def deep_check(self) -> str:
        """Compare every stored row with the chain; '' when all is well. Minutes apart, in a thread.

        Finds rows that were altered in the middle without touching the head.
        """
        with self.store.read() as connection:
            head = Head()
            try:
                for entry in log.every_entry(connection):
                    head = extend(head, [entry])
                    if head.seq >= self.head.seq:
                        break
            except TrustError as error:
                return error.message
        if self.head.seq and head != self.head:
            return f"entry {head.seq} is not the one seen before"
        return ""

    def _fold(self, envelope: bytes, seq: int) -> Applied:
        try:
            applied = self.record.apply(envelope, seq)
        except Stopped as error:
            self.stopped = f"{error.title}: {error.message}"
            return Applied(seq, None, void=self.stopped)
        act = applied.act
        if act is not None and not applied.void and act.kind.name in NEEDS_ACK:
            self.to_acknowledge.append(applied)
        return applied
