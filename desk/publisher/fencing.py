"""The fencing of a publisher: what it does when a channel hears somebody else, or nobody.

Channels say so when they refuse an order, and portals with the time, so that a publisher that has
nothing to order before an instant finds out all the same.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from desk.channels.driver import UNTOLD, TimeReading
from desk.publisher.channel import Channel

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher


class Fencing:
    """The fencing of one publisher."""

    def __init__(self, publisher: Publisher) -> None:
        self._p = publisher
        self._read: dict[str, TimeReading] = {}

    def look(self) -> None:
        """Find out about a portal that, with the time, tells of another epoch than ours."""
        for channel in () if self._p.fenced else self._p.channels.values():
            reading, before = channel.reading, self._read.get(channel.id)
            if reading is None or reading is before or not (channel.heard and self._p.leading):
                continue
            newer = reading is not channel.heard_after  # else it tells of the epoch before ours
            if newer and reading.epoch not in (channel.epoch, UNTOLD):
                self._p.duties.spawn("fenced", self.check)  # and again, until there is an answer
            else:
                self._read[channel.id] = reading

    async def check(self) -> None:
        """A channel heard somebody else. Was it a former leader of this group, whose call for an
        epoch came late, then call again; any other publisher means that this one is replaced,
        unless its roster is older than ours.
        """
        group = {one.name for one in self._p.succession.lead.others()}
        found = await asyncio.gather(
            *(self._look_who(channel, group) for channel in self._p.channels.values()),
            return_exceptions=True,
        )
        for error in found:  # one that does not answer has kept no other from being heard
            if error is not None:
                raise error

    async def _look_who(self, channel: Channel, group: set[str]) -> None:
        """Whom one channel hears, if not us: be heard again, or know that we are replaced."""
        p = self._p
        if not (p.leading and channel.heard and channel.driver.capabilities.fencing):
            return
        ours, reading = channel.epoch, channel.reading
        standing = await channel.driver.standing()
        if reading is not None:
            self._read[channel.id] = reading
        if channel.epoch != ours or standing.epoch == ours:
            return
        if standing.epoch < ours:
            await self._remind(channel, standing.epoch)
            return
        p.journal("fenced", channel=channel.id, epoch=standing.epoch, by=standing.holder)
        if standing.holder in group:
            channel.epoch = -1
            await channel.be_heard()
        elif standing.roster < len(p.governing.rosters):
            # It took it under an older roster than ours. Ours first: then it is refused.
            channel.epoch, channel.governed = -1, (0, 0)
            await channel.make_ready(p.governing.acts, p.governing.versions)
        else:
            p.fenced = True
            p.after.alarm_once("fenced", "log", p.unsound)

    async def _remind(self, channel: Channel, epoch: int) -> None:
        """A portal that was restored from a backup of its own has forgotten us, and perhaps what
        was staged: be heard there again, and stage what still waits.
        """
        p = self._p
        p.journal("forgotten", channel=channel.id, epoch=epoch)
        for address in list(channel.bundles):
            row = p.ledger.get(address)
            if row is None or row.at not in p.instants:
                del channel.bundles[address]
        channel.epoch, channel.governed = -1, (0, 0)
        await channel.make_ready(p.governing.acts, p.governing.versions)
