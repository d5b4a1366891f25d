"""Attacks 23 and 33: a publisher whose newsroom goes on elsewhere, and one that is only told so.

It learns it from a portal, which has the newer roster. Until then its folder would open what was
held or moved there since.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from desk.channels.driver import TimeReading
from desk.demo import newsroom as demo
from desk.errors import DeskError, Unavailable
from desk.newsroom import administer
from desk.publisher.channel import Channel
from desk.trust.acts import write
from desk.trust.envelope import Envelope
from desk.trust.keys import Identity
from tests.publisher.turning import Newsroom, newsroom

SLOW_NS = 1_500_000_000  # in which a portal shows its rosters


class Told:
    """A portal of the newsroom that tells of a roster, and what it shows when it is asked."""

    def __init__(self, room: Newsroom, digest: str, shows: Sequence[Envelope] | DeskError) -> None:
        self.room, self.digest, self.shows, self.asked = room, digest, shows, 0

    def at(self, channel: Channel, patch: pytest.MonkeyPatch) -> Told:
        patch.setattr(channel.driver, "time", self.time)
        patch.setattr(channel.driver, "acts", self.acts)
        return self

    async def time(self) -> TimeReading:
        ms = self.room.clock.time_ns() // 1_000_000
        return TimeReading(ms, ms, 1.0, True, self.digest)

    async def acts(self) -> Sequence[Envelope]:
        self.asked += 1
        answered = self.room.clock.time_ns() + SLOW_NS
        while self.room.clock.time_ns() < answered:
            await asyncio.sleep(0.001)
        if isinstance(self.shows, DeskError):
            raise self.shows
        return self.shows


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as one:
        yield one


def renewed(room: Newsroom) -> Envelope:
    """The roster that administrators sign when the newsroom is resumed elsewhere."""
    with room.n.room.reading() as view:
        envelope = administer.propose_roster(view, view.roster.document, room.n.room.instant())
        return administer.countersign(view, envelope, room.n.actor(demo.ADMIN)).act.envelope


def portal(room: Newsroom) -> Channel:
    return next(one for name, one in room.publisher.channels.items() if name != "press")


async def staged(room: Newsroom) -> str:
    """A release for the folder, which no portal judges."""
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    return release


async def test_attack_23_33_a_publisher_that_was_given_up_opens_nothing_in_its_folder(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even at once after it has come back; and it goes on once its log has that roster."""
    release, p = await staged(room), room.publisher
    newer = renewed(room)
    told = Told(room, newer.digest, [*p.governing.acts.acts, newer]).at(portal(room), monkeypatch)
    room.at(release, -1.0)  # all the while it was stopped: it has looked at no clock
    await room.turns(lambda: p.halted)
    room.at(release, 20)
    await room.turns(lambda: any(one["code"] == "log" for one in p.after.alarms))
    assert room.claims() == []
    assert told.asked == 1
    assert p.halted == (
        f"{portal(room).id} has roster v3, and this log only knows v2: "
        "does the newsroom go on elsewhere?"
    )
    assert not p.succession.fit
    administer.enact(room.n.room, newer)
    await room.turns(lambda: room.record.releases[release].opened)
    assert not p.halted


@pytest.mark.parametrize("shows", ["nothing", "known", "forged", "silent"])
async def test_attack_25_a_portal_that_only_says_so_stops_nobody(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch, shows: str
) -> None:
    """One portal's owner may lie about what only administrators can sign."""
    release, p = await staged(room), room.publisher
    forged = write("roster", renewed(room).body(), Identity.generate()[0]).envelope
    known = p.governing.acts.acts
    answers: dict[str, Sequence[Envelope] | DeskError] = {
        "nothing": [], "known": known, "forged": [*known, forged],
        "silent": Unavailable("The portal does not answer"),
    }  # fmt: skip
    told = Told(room, forged.digest, answers[shows]).at(portal(room), monkeypatch)
    room.at(release, -2.4)
    await room.turns(lambda: room.record.releases[release].opened)
    assert told.asked
    assert len(room.claims()) == 1
    assert not p.halted


async def test_a_portal_with_an_older_roster_of_ours_is_not_asked(
    room: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, p = await staged(room), room.publisher
    told = Told(room, p.governing.rosters[0], []).at(portal(room), monkeypatch)
    room.at(release, -2.4)
    await room.turns(lambda: room.record.releases[release].opened)
    assert told.asked == 0
