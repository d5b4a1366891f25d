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


class Governing:
    """The rosters and policies of one publisher. `rosters`: digests, by their versions from 1."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher
        self._made: tuple[tuple[int, int], Governance] | None = None
        self._shown: dict[str, Roster] = {}
        self._asked: dict[str, str] = {}
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
        """Why nothing may go out, or '': a portal has shown a roster that this log lacks."""
        known = len(self.rosters)
        for name, roster in self._shown.items():
            if name in self._p.channels and roster.version > known:
                return phrase(
                    "{channel} has roster v{theirs}, and this log only knows v{ours}: "
                    "does the newsroom go on elsewhere?",
                    channel=name, theirs=roster.version, ours=known,
                )  # fmt: skip
        return ""

    def look(self) -> None:
        """Ask those for their roster that have told of one unknown here; tell when it stays so."""
        p = self._p
        for channel in p.channels.values():
            told = channel.reading.roster if channel.reading else ""
            if told and told not in self.rosters and self._asked.get(channel.id) != told:
                p.duties.spawn(f"roster {channel.id}", self._ask, channel, told)
        why, moment = self.why, p.clock.monotonic_ns()
        self._since = (self._since or moment) if why else 0
        if why and moment - self._since > PATIENCE_NS and not p.unsound:
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
