"""Facts: the acts that count, cut down to what reports count with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from desk.newsroom.room import Room
from desk.store import log
from desk.trust.acts import Act
from desk.trust.log import Entry, Head
from desk.trust.record import Record

KEPT: Mapping[str, tuple[str, ...]] = {
    "item.revise": ("agency", "language", "quick_fix"),
    "item.approve": ("revision", "step"),
    "item.return": ("revision", "step"),
    "item.withdraw": ("mode",),
    "release.plan": ("items", "code", "at"),
    "release.edit": ("items", "code"),
    "release.move": ("at",),
    "release.sign": ("at", "channels"),
    "release.recall": (),
    "release.hold": (),
    "release.cancel": (),
    "release.postpone": (),
    "release.grant": ("at",),
    "release.trigger": ("signoff",),
    "publisher.released": ("signoff", "channel", "opened_ms", "revisions"),
    "publisher.missed": ("signoff",),
}
"""Which acts are counted, and the fields that are kept of each. None of them is sealed."""


Going = Callable[[int, int], bool]
"""Told how far reading the log has come, of how much; says whether to go on."""
_PAGE = 500  # acts that are read together


@dataclass(frozen=True, slots=True)
class Fact:
    """One act that counts. `time`: the written instant that it states, '' for acts of several."""

    kind: str
    subject: str
    time: str
    digest: str
    fields: Mapping[str, Any] = field(default_factory=dict)


def fact_of(act: Act) -> Fact | None:
    """What reports need of an act; None when they do not count its kind."""
    kept = KEPT.get(act.kind.name)
    if kept is None:
        return None
    fields = {name: act.fields[name] for name in kept if name in act.fields}
    return Fact(act.kind.name, act.subject, act.time, act.digest, fields)


@dataclass
class Past:
    """The facts of one newsroom. Keeps what it has read: asked again it reads only what is new.

    Every signature is checked on the way, so that an act which counts for nothing (forged,
    replayed, not allowed) is in no report either. May be asked from several threads.
    """

    room: Room
    _record: Record = field(init=False)
    _head: Head = field(default_factory=Head)
    _facts: list[Fact] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._record = Record(self.room.pin.fingerprint)

    @property
    def zone(self) -> str:
        """The newsroom's zone by its adopted policy; UTC while there is none."""
        policy = self._record.policy
        return str(policy.document["zone"]) if policy else "UTC"

    def facts(self) -> tuple[Fact, ...]:
        """Every fact so far, in the order of the log. Raises Unavailable, TrustError."""
        self.read()
        return tuple(self._facts)

    def read(self, going: Going | None = None) -> bool:
        """Read what is new. False when `going` said no before the end; what was read is kept.

        `going` is told how many acts were read and how many there are, after every few of them.
        Raises Unavailable, TrustError.
        """
        with self._lock, self.room.store.read() as connection:
            last = log.head(connection).seq
            known = log.entries(connection, self._head.seq - 1, 1) if self._head.seq else []
            if self._head.seq and (not known or known[0].hash != self._head.hash):
                self._forget()  # another log than the one read before: it was restored
            while page := log.entries(connection, self._head.seq, _PAGE):
                self._take(page)
                if going is not None and not going(self._head.seq, last):
                    return False
        return True

    def _forget(self) -> None:
        self._record, self._head, self._facts = Record(self.room.pin.fingerprint), Head(), []

    def _take(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            applied = self._record.apply(entry.envelope, entry.seq)
            self._head = Head(entry.seq, entry.hash)
            if applied.act is not None and not applied.void:
                fact = fact_of(applied.act)
                if fact is not None:
                    self._facts.append(fact)
