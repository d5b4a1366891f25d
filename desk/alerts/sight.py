"""The sight: what the signed log says, as far as it was read, and the acts that people are told of.

A `Lookout` reads on from where it stopped, checks that each entry extends the one before, and
verifies every act; so a row that somebody put into the database tells nothing, and a log that was
cut or rewritten is itself an alarm. `glance` reads only what is near now, for the desk.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from desk.clock import written
from desk.errors import TrustError
from desk.newsroom.room import Room
from desk.phrase import phrase
from desk.store import log
from desk.trust.acts import EVERYTHING, PEOPLE, Act
from desk.trust.log import Entry, Head, extend
from desk.trust.record import Record
from models.tables import RELEASES

TOLD = frozenset(
    {
        "release.hold",
        "release.lift",
        "people.remind",
        "publisher.missed",
        "publisher.released",
        "publisher.alarm",
    }
)
KEPT = 2_000
PAGE = 2_000


@dataclass
class Sight:
    """A record, the last acts worth telling (oldest first), and what was found besides.

    `broken`: the log does not extend what was read before. `certificates`: channel -> the instant
    at which the certificate it shows ends.
    """

    record: Record
    acts: deque[Act] = field(default_factory=lambda: deque(maxlen=KEPT))
    broken: bool = False
    certificates: Mapping[str, str] = field(default_factory=dict)

    def hear(self, seq: int, envelope: bytes) -> None:
        """Fold one act. Raises TrustError when nobody here can understand it."""
        applied = self.record.apply(envelope, seq)
        if applied.act is not None and not applied.void and applied.act.kind.name in TOLD:
            self.acts.append(applied.act)

    def instants(self, start: datetime) -> list[str]:
        """The instants (written) at or after that time, of releases that may go out."""
        first = written(start)
        return sorted(
            {
                release.at
                for release in self.record.releases.values()
                if release.at >= first and release.status == "planned" and release.confirmed
            }
        )


class Lookout:
    """Reads the log of one newsroom, again and again. Not for several threads at once."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._head = Head()
        self.sight = Sight(Record(room.pin.fingerprint))

    def look(self) -> Sight:
        """Read what is new. Raises Unavailable while the database does not answer."""
        try:
            with self._room.reading() as view:
                self._still_there(log.entries(view.connection, self._head.seq - 1, 1))
                while entries := log.entries(view.connection, self._head.seq, PAGE):
                    head = extend(self._head, entries)
                    for entry in entries:
                        self.sight.hear(entry.seq, entry.envelope)
                    self._head = head
            self.sight.broken = False
        except TrustError:
            # Not told in its words: they may name what a stranger wrote into the database.
            self.sight.broken = True
        return self.sight

    def _still_there(self, found: Iterable[Entry]) -> None:
        """The last entry read must be there as it was."""
        if self._head.seq and [entry.hash for entry in found] != [self._head.hash]:
            raise TrustError(
                "The log does not follow", phrase("entry {seq} has changed", seq=self._head.seq)
            )


def glance(room: Room, now: datetime, horizon: int) -> Sight:
    """What is near now: a day back and `horizon` seconds ahead, by the tables of the database.

    Cheap however long the log is, but only as honest as the tables. Raises Unavailable, TrustError.
    """
    start, end = now - timedelta(days=1), now + timedelta(seconds=max(horizon, 3600))
    near = select(RELEASES.c.id).where(RELEASES.c.at.between(written(start), written(end)))
    sight = Sight(Record(room.pin.fingerprint))
    with room.reading() as view:
        releases = list(view.connection.scalars(near))
        record = room.record_about(view.connection, *releases)
        subjects = (*record.items, *record.releases, EVERYTHING, PEOPLE, "newsroom")
        for seq, envelope in log.acts_about(view.connection, subjects):
            sight.hear(seq, envelope)
    return sight
