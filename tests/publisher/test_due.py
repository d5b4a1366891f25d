"""What is due: what is given up, and one text that was signed into two releases."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from desk.channels.driver import Unknown
from desk.errors import Unavailable
from desk.releases import hold, plan
from tests.publisher.turning import Newsroom, newsroom


@pytest.fixture
async def room(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom(tmp_path) as one:
        yield one


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
    releases = room.publisher.record.releases

    def rival(name: str) -> str:
        return room.publisher.due.rivals(releases[other].at).of(releases[name])

    assert (rival(one), rival(other)) == ("", one)
    held = hold.hold(room.n.room, room.n.actor("editor-1"), one)
    await room.turns(lambda: held.digest in room.record.acked)
    assert rival(other) == ""
    room.at(other, -2.4)
    await room.turns(lambda: room.claims())
    # Lifted in the very moment in which the other one is out and the log does not say so.
    for lead in ("lead-1", "lead-2"):
        hold.lift(room.n.room, room.n.actor(lead), one)
    room.publisher.listen()
    assert rival(one) == other
    await room.turns(lambda: room.record.releases[other].opened)
    assert room.record.releases[one].opened == {}
    assert len(room.claims()) == 1


async def test_a_release_that_every_channel_has_refused_keeps_its_text_from_no_other(room):
    one = room.release(60, "press")
    other = room.release(62, "press")
    await room.turns(lambda: room.staged(one, other))
    p = room.publisher
    assert p.due.rivals(p.record.releases[other].at).of(p.record.releases[other]) == one
    (row,) = p.ledger.of_release(one)
    p.after.fail(row, "refused-forbidden")
    assert p.due.rivals(p.record.releases[other].at).of(p.record.releases[other]) == ""


async def test_a_text_that_is_out_goes_with_no_other_when_its_release_is_cancelled_too_late(room):
    """The log said that it was cancelled before it said that it was out."""
    one = room.release(60, "press")
    other = room.release(62, "press")
    await room.turns(lambda: room.staged(one, other))
    room.at(one, -2.4)
    await room.turns(room.claims)
    plan.cancel(room.n.room, room.n.actor("lead-1"), one, note="Hủy công bố")
    p = room.publisher
    p.listen()
    assert one not in p.agenda
    assert p.due.rivals(p.record.releases[other].at).of(p.record.releases[other]) == one
    await room.turns(lambda: room.record.releases[one].opened)
    room.at(other, 2)
    for _ in range(30):
        await room.turns(lambda: True)
        p._turn()
        await asyncio.sleep(0.01)
    assert len(room.claims()) == 1
    assert room.record.releases[other].opened == {}


async def test_a_text_in_one_release_has_no_rival(room):
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    assert room.publisher.due.rivals(room.n.at).of(room.publisher.record.releases[release]) == ""


async def test_attack_26_a_stop_of_everything_is_too_late_for_a_call_that_may_still_arrive(
    room, monkeypatch
):
    """It is answered within seconds, but not as in force: the call may still open it."""
    p, n = room.publisher, room.n
    release = room.release(60, "press")
    await room.turns(lambda: room.staged(release))
    driver = p.channels["press"].driver

    async def lost(*_):
        return Unknown("no answer")

    async def away():
        raise Unavailable("The channel does not answer")

    monkeypatch.setattr(driver, "commit", lost)
    monkeypatch.setattr(driver, "epoch", away)
    room.at(release, -2.4)
    await room.turns(lambda: [r.code for r in p.ledger.in_state("claimed")] == ["unknown"])
    stop = hold.hold(n.room, n.actor("editor-1"), "*")
    await room.turns(lambda: stop.digest in room.record.acked)
    assert room.record.acked[stop.digest] == "too-late"
    for lead in ("lead-1", "lead-2"):
        hold.lift(n.room, n.actor(lead), "*")
    room.at(release, 15 * 60 + 1)
    again = hold.hold(n.room, n.actor("editor-1"), "*")
    await room.turns(lambda: again.digest in room.record.acked)
    assert room.record.acked[again.digest] == "in-force"
