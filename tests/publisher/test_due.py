"""What is due: what is given up, and one text that was signed into two releases.

A whole publisher over a real newsroom and a real folder channel; only the clock is not real.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path

import pytest

from desk.channels.registry import Connection, connect
from desk.clock import FakeClock, epoch_ns
from desk.demo import newsroom as demo
from desk.publisher.journal import Journal
from desk.publisher.loop import Publisher
from desk.releases import hold, plan
from desk.trust.record import Record

NOWHERE = "http://127.0.0.1:1"  # port 1 on loopback refuses


class Newsroom:
    """A newsroom whose portals cannot be reached, and its publisher, turned by hand."""

    def __init__(self, root: Path) -> None:
        self.clock = FakeClock()
        self.n = demo.found(root, clock=self.clock)
        keys = demo.make_portals(self.n)
        path = demo.write_calendar(root, dict.fromkeys(demo.PORTALS, NOWHERE), keys)
        text = path.read_text("utf-8")  # only the folder is required here
        path.write_text(re.sub(r"required: (true|false)", "required: false", text), "utf-8")
        demo.adopt(self.n)
        demo.write_items(self.n, 2, lambda _: None)
        with self.n.room.reading() as view:
            self.press = root / str(view.policy.channels["press"]["path"])
            by = Connection(view.record.newsroom, demo.PUBLISHER, self.n.home.identity(), root,
                            "UTC", "token", None, self.clock)  # fmt: skip
        self.publisher = Publisher(
            self.n.home, self.n.room.store, self.n.fingerprint, demo.PUBLISHER,
            partial(self._open, by), clock=self.clock,
            journal=Journal(self.clock, who=demo.PUBLISHER),
        )  # fmt: skip
        self.publisher._start()

    @staticmethod
    def _open(by: Connection, name: str, entry):
        return connect(name, entry, by)

    def release(self, seconds: int, *channels: str) -> str:
        """All items, planned and signed by both leads."""
        self.n.release = demo.release(self.n, seconds, channels)
        return self.n.release

    @property
    def record(self) -> Record:
        with self.n.room.store.read() as connection:
            return self.n.room.whole_record(connection)

    def claims(self) -> list[str]:
        """Addresses that the folder has opened."""
        folder = self.press / ".desk" / "opened"
        return [f.name for f in folder.iterdir() if f.name[0] != "."] if folder.exists() else []

    def at(self, release: str, seconds: float) -> None:
        """Let the time come that is so many seconds after the release's instant."""
        ahead = (epoch_ns(self.record.releases[release].at) - self.clock.time_ns()) / 1e9 + seconds
        assert ahead > 0
        self.clock.advance(ahead)

    async def turns(self, condition: Callable[[], object]) -> None:
        """Let the publisher turn until that holds; an instant that is near runs in between."""
        async with asyncio.timeout(60):
            while not condition():
                if not self.publisher.quiet:
                    self.publisher._turn()
                    self.publisher.succession.lead.beat()
                self.clock.advance(0.05)
                await asyncio.sleep(0.005)

    def staged(self, *releases: str) -> bool:
        """Whether the folder has their bundles."""
        rows = [r for name in releases for r in self.publisher.ledger.of_release(name)]
        return [r.state for r in rows if r.channel == "press"] == ["staged"] * len(releases)


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    one = Newsroom(tmp_path)
    yield one
    await one.publisher.duties.end()
    one.publisher.succession.close()
    one.publisher.ledger.close()


async def test_a_signed_channel_that_was_never_reached_has_failed_when_its_time_is_over(room):
    release = room.release(60, "portal", "press")
    await room.turns(lambda: room.staged(release))
    room.at(release, -2.4)
    await room.turns(lambda: "press" in room.record.releases[release].opened)
    assert room.record.releases[release].failed == {}
    room.at(release, 15 * 60 + 1)
    await room.turns(lambda: room.record.releases[release].failed)
    assert room.record.releases[release].failed == {"portal": "too-late"}
    alarms = [alarm["detail"] for alarm in room.publisher.after.alarms]
    assert [text for text in alarms if release in text] == [f"{release} on portal: too-late"]
    assert release not in room.publisher.agenda


async def test_what_a_late_recall_took_back_has_failed_when_its_time_is_over(room):
    release = room.release(60, "portal", "press")
    await room.turns(lambda: room.staged(release))
    room.at(release, -2.4)
    await room.turns(room.claims)
    plan.recall(room.n.room, room.n.actor("lead-1"), release)
    await room.turns(lambda: room.record.releases[release].opened)
    room.at(release, 15 * 60 + 1)
    await room.turns(lambda: room.record.releases[release].failed)
    known = room.record.releases[release]
    assert set(known.opened) == {"press"}
    assert known.failed == {"portal": "too-late"}


@pytest.mark.parametrize("later", [0, 1])
async def test_one_text_signed_into_two_releases_goes_out_with_the_first(room, later):
    """Also while the log does not say yet that it is out."""
    one = room.release(60, "press")
    other = room.release(60 + later, "press")
    await room.turns(lambda: room.staged(one, other))
    room.at(one, -2.4)
    await room.turns(lambda: room.record.releases[one].opened or room.record.releases[other].opened)
    room.clock.advance(5)
    for _ in range(20):
        await room.turns(lambda: True)
        room.publisher._turn()
        await asyncio.sleep(0.01)
    opened = {name for name in (one, other) if room.record.releases[name].opened}
    assert len(room.claims()) == len(opened) == 1
    assert not later or opened == {one}
    (left,) = {one, other} - opened
    reasons = next(r["reasons"] for r in room.publisher.status.value()["next"]
                   if r["release"] == left)  # fmt: skip
    assert "released" in reasons
    assert not room.publisher.after.alarms


async def test_one_text_in_two_releases_goes_out_with_the_other_when_the_first_is_held(room):
    one = room.release(60, "press")
    other = room.release(62, "press")
    await room.turns(lambda: room.staged(one, other))
    rivals = room.publisher.due.rivals
    releases = room.publisher.record.releases
    assert (rivals.of(releases[one]), rivals.of(releases[other])) == ("", one)
    held = hold.hold(room.n.room, room.n.actor("editor-1"), one)
    await room.turns(lambda: held.digest in room.record.acked)
    assert rivals.of(releases[other]) == ""
    room.at(other, -2.4)
    await room.turns(lambda: room.claims())
    # Lifted in the very moment in which the other one is out and the log does not say so.
    for lead in ("lead-1", "lead-2"):
        hold.lift(room.n.room, room.n.actor(lead), one)
    room.publisher.listen()
    assert rivals.of(releases[one]) == other
    await room.turns(lambda: room.record.releases[other].opened)
    assert room.record.releases[one].opened == {}
    assert len(room.claims()) == 1


async def test_a_text_in_one_release_has_no_rival(room):
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    assert room.publisher.due.rivals.of(room.publisher.record.releases[release]) == ""
