"""The follower: reads the newsroom's log, verifies what is new, keeps it, and folds the record.

The database may lie. What counts is the publisher's own copy; a log that no longer extends it
stops all publishing until it does again, or administrators sign `resume`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select

from desk.clock import Clock
from desk.errors import DeskError, TrustError, Unavailable
from desk.phrase import phrase
from desk.publisher.home import Home
from desk.store import log
from desk.store.session import Store
from desk.trust.acts import NEEDS_ACK
from desk.trust.envelope import Envelope
from desk.trust.log import Entry, Head, extend
from desk.trust.record import Applied, Record, Stopped
from models.tables import LOG

COUNT_EVERY_NS = 5_000_000_000


@dataclass
class Follower:
    """The publisher's view of the log. `halted` says why nothing may go out, or ''.

    `stopped`: an act that nobody here understands; `broken`: the database does not extend what
    was seen; `deaf`: what is new could not be kept, so nobody knows what it says. `caught_up`: the
    log was read to its end; while more of it waits, nobody knows what is still in force.
    """

    home: Home
    store: Store
    record: Record
    clock: Clock
    head: Head = field(default_factory=Head)
    stopped: str = ""
    broken: str = ""
    altered: str = ""
    deaf: str = ""
    caught_up: bool = False
    to_acknowledge: list[Applied] = field(default_factory=list)
    _next_count: int = 0

    @property
    def halted(self) -> str:
        """Why nothing may go out, or ''."""
        return self.broken or self.altered or self.stopped or self.deaf

    def load(self, entry: Entry) -> Applied:
        """Fold one entry that this directory has kept from an earlier run."""
        self.head = Head(entry.seq, entry.hash)
        return self._fold(entry.envelope, entry.seq)

    def poll(self, limit: int = 2000) -> list[Applied]:
        """Read what is new, once. Sets `broken` when the log does not extend what was seen.

        Raises Unavailable when the database does not answer; what was seen stays in force.
        """
        with self.store.read() as connection:
            problem = self._broken(connection)
            entries = [] if problem else log.entries(connection, self.head.seq, limit)
        self.broken = problem
        if not entries:
            self.caught_up = self.caught_up or not problem
            return []
        heard = self._take(entries)
        if heard:
            self.caught_up = len(entries) < limit
        return heard

    def learn(self, kept: Sequence[Entry]) -> list[Applied]:
        """Take up what another publisher of the group has heard, from its own copy of the log.

        `kept`: its entries from the head of this one on. A copy that does not extend what was
        seen here stops all publishing for good: one of the two was deceived.
        """
        new = [entry for entry in kept if entry.seq > self.head.seq]
        same = all(entry.hash == self.head.hash for entry in kept if entry.seq == self.head.seq)
        if not same or (new and new[0].previous != self.head.hash):
            text = "The leader before has seen another log than this one, after entry {seq}"
            self.stopped = self.stopped or phrase(text, seq=self.head.seq)
            return []
        return self._take(new) if new else []

    def _take(self, entries: Sequence[Entry]) -> list[Applied]:
        """Keep entries that follow on the head, and fold them; [] when that cannot be done."""
        try:
            head = extend(self.head, entries)
        except TrustError as error:
            self.broken = error.message
            return []
        try:
            self.home.keep(entries)
        except Unavailable as error:
            # It may be a hold that cannot be kept: nothing goes out while it is unheard.
            self.deaf = error.sentence
            return []
        self.deaf = ""
        self.head = head
        return [self._fold(entry.envelope, entry.seq) for entry in entries]

    def _broken(self, connection: Connection) -> str:
        """Why the stored log is not an extension of what was seen, by its head and its count."""
        if not self.head.seq:
            return ""
        row = connection.execute(select(LOG.c.hash).where(LOG.c.seq == self.head.seq)).first()
        if row is None:
            return phrase("entry {seq}, seen before, is missing", seq=self.head.seq)
        if row.hash != self.head.hash:
            return phrase("entry {seq} is not the one seen before", seq=self.head.seq)
        if self.clock.monotonic_ns() < self._next_count:
            return ""  # the last count was right: after a wrong one the next look counts again
        count = connection.execute(
            select(func.count()).select_from(LOG).where(LOG.c.seq <= self.head.seq)
        ).scalar()
        if count != self.head.seq:
            missing = self.head.seq - int(count or 0)
            return phrase("{count} entries are missing", count=missing)
        self._next_count = self.clock.monotonic_ns() + COUNT_EVERY_NS
        return ""

    def deep_check(self) -> str:
        """Compare every stored row with the chain; '' when all is well. Minutes apart, in a thread.

        Finds rows that were altered in the middle without touching the head.
        """
        pinned, head = self.head, Head()
        with self.store.read() as connection:
            try:
                for entry in log.every_entry(connection):
                    head = extend(head, [entry])
                    if head.seq >= pinned.seq:
                        break
            except TrustError as error:
                return error.message
        if head == pinned:
            return ""
        return phrase("entry {seq} is not the one seen before", seq=head.seq)

    def forget_acknowledged(self) -> None:
        """Somebody else has answered these; what nobody answers stays, for when this one leads."""
        if self.to_acknowledge:
            acked = self.record.acked
            self.to_acknowledge = [
                one for one in self.to_acknowledge if one.act and one.act.digest not in acked
            ]

    def _fold(self, data: bytes, seq: int) -> Applied:
        try:
            envelope = Envelope.from_json(data)
        except (DeskError, RecursionError, ValueError) as error:
            return Applied(seq, None, void=type(error).__name__)  # no act: it says nothing
        try:
            applied = self.record.apply(envelope, seq)
        except Stopped as error:
            self.stopped = error.sentence
            return Applied(seq, None, void=self.stopped)
        except Exception as error:
            # An act that cannot be folded might be the one that says stop.
            self.stopped = phrase(
                "Entry {seq} cannot be read: {why}", seq=seq, why=type(error).__name__
            )
            return Applied(seq, None, void=self.stopped)
        act = applied.act
        if act is not None and not applied.void and act.kind.name in NEEDS_ACK:
            self.to_acknowledge.append(applied)
        return applied
