"""What governs a publisher: the rosters and policies of its log, and whether that lacks a roster.

A newsroom that is restored elsewhere renews its roster when it goes on there. The publishers that
were given up may come back, with a log in which releases are due that were held or moved since.
Portals have the newer roster, and tell it with the time: whoever lacks one opens nothing anywhere,
also where no portal judges, until its log has it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk.channels.driver import Governance
from desk.errors import TrustError
from desk.phrase import phrase
from desk.publisher.channel import Channel
from desk.trust.acts import FIELDS
from desk.trust.envelope import Envelope
from desk.trust.record import Record
from desk.trust.roster import Roster

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

PATIENCE_NS = 3_000_000_000  # in which a roster that others have heard of stands in our log, too
PROOF_NS = 3_000_000_000  # how long a portal's word alone keeps everything waiting, once


class Governing:
    """The rosters and policies of one publisher. `rosters`: digests, by their versions from 1."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher
        self._made: tuple[tuple[int, int], Governance] | None = None
        self._shown: dict[str, Roster] = {}
        self._asked: dict[str, str] = {}
        self._first: dict[str, int] = {}
        self._since = 0

    @property
    def rosters(self) -> Sequence[str]:
        """Of every one that the log has."""
        return self._p.archive.rosters

    @property
    def versions(self) -> tuple[int, int]:
        """Of roster and policy."""
        record = self._p.record
        assert record.roster is not None
        assert record.policy is not None
        return record.roster.version, record.policy.version

    @property
    def acts(self) -> Governance:
        """Roster and policy acts, and the public calendar, for channels that judge themselves."""
        p, at = self._p, self.versions
        assert p.record.policy is not None
        if self._made is None or self._made[0] != at:
            kinds = {FIELDS["roster"].payload_type, FIELDS["policy"].payload_type}
            every = p.archive.about(("roster", "policy"))  # with their acknowledgements
            acts = [envelope for envelope in every if envelope.payload_type in kinds]
            self._made = (at, Governance(acts))
        calendar, version = p.tending.calendar
        return Governance(self._made[1].acts, calendar, version, p.record.policy.press)

    # -- a newer roster elsewhere -------------------------------------------------------------

    @property
    def why(self) -> str:
        """Why nothing may go out, or '': a portal has shown a roster that this log lacks, or is
        just being asked to. One that only says so keeps others waiting for a moment, and once.
        """
        known, moment = len(self.rosters), self._p.clock.monotonic_ns()
        for name, roster in self._shown.items():
            if name in self._p.channels and roster.version > known:
                return phrase(
                    "{channel} has roster v{theirs}, and this log only knows v{ours}: "
                    "does the newsroom go on elsewhere?",
                    channel=name, theirs=roster.version, ours=known,
                )  # fmt: skip
        for channel in self._p.channels.values():
            first = self._first.get(channel.id, moment)
            if self._unproved(channel) and moment - first <= PROOF_NS:
                return phrase("{channel} tells of a roster that is not known", channel=channel.id)
        return ""

    def _unproved(self, channel: Channel) -> str:
        """A roster that is not known here, and of which the channel was not asked yet, or ''."""
        told = channel.reading.roster if channel.reading else ""
        new = told not in self.rosters and self._asked.get(channel.id) != told
        return told if new else ""

    def look(self) -> None:
        """Ask those for their roster that have told of one unknown here; tell when it stays so."""
        p, moment = self._p, self._p.clock.monotonic_ns()
        for channel in p.channels.values():
            if told := self._unproved(channel):
                self._first.setdefault(channel.id, moment)
                p.duties.spawn(f"roster {channel.id}", self._ask, channel, told)
        why = self.why
        self._since = (self._since or moment) if why else 0
        waited = moment - self._since > PATIENCE_NS and p.follower.caught_up
        if why and waited and p.halted == why:
            p.after.alarm_once(why, "log", why)

    async def _ask(self, channel: Channel, told: str) -> None:
        """Have a roster proved by the acts that lead to it. Raises TrustError, Unavailable."""
        acts = await channel.driver.acts()
        roster = await asyncio.to_thread(newest, self._p.record.pin, acts)
        if roster is not None:
            self._shown[channel.id] = roster
        self._asked[channel.id] = told


def newest(root: str, acts: Sequence[Envelope]) -> Roster | None:
    """The roster to which a chain of acts leads from the root. Raises TrustError."""
    record = Record(root)
    for envelope in acts:
        if envelope.payload_type in (FIELDS["roster"].payload_type, FIELDS["policy"].payload_type):
            applied = record.apply(envelope)
            if applied.void:
                raise TrustError("The portal's rosters do not hold", str(applied.void))
    return record.roster
