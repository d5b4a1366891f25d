"""Two desks at once: an open question tells what others have done to what it asks about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.approvals import decide
from desk.clock import FakeClock, now
from desk.demo.newsroom import DemoNewsroom
from desk.releases import plan
from screens.app import DeskApp
from screens.dialogs.passphrase import Passphrase
from screens.dialogs.reason import ReasonDialog
from screens.rooms.queue_room import QueueRoom
from screens.rooms.release_room import ReleaseRoom
from screens.sample import SampleSource
from screens.source import Review
from screens.widgets.virtual_table import VirtualTable
from tests.screens.lead_desk import Desk, desk
from tests.screens.newsroom_world import PASSPHRASE, head, source, to_approve

GONE = "It waits for you no longer"
CHANGED = "Somebody has changed it since"


async def at_a_text_of_both(one: Desk, newsroom: DemoNewsroom) -> Review:
    """Open a text that waits for lead-2 as well."""
    both = {entry.revision for entry in to_approve(source(newsroom, "lead-2"))}
    room = one.app.screen
    assert isinstance(room, QueueRoom)
    await one.until(lambda: room.query_one(VirtualTable).rows)
    for _row in range(room.query_one(VirtualTable).rows):
        if room.opened is not None and room.opened.revision in both:
            return room.opened
        await one.press("n")
    raise AssertionError(one.picture)


@pytest.mark.parametrize(("key", "kind"), [("a", Passphrase), ("r", ReasonDialog)])
async def test_a_text_approved_at_another_desk_is_told_in_the_open_dialog(
    newsroom: DemoNewsroom, key: str, kind: type
) -> None:
    async with desk(newsroom, "lead-1", room="queue") as one:
        review = await at_a_text_of_both(one, newsroom)
        await one.pilot.press(key)
        await one.until(lambda: isinstance(one.app.screen, kind))
        assert GONE not in one.picture
        decide.approve(newsroom.room, newsroom.actor("lead-2"), review.item, digest=review.digest)
        one.app.take_pulse()
        await one.see(GONE)


async def test_a_moved_release_is_told_in_the_dialog_of_who_signs_it(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom, "lead-1") as one:
        room: ReleaseRoom = await one.open_release("HOA-SEN")
        await one.pilot.press("s")
        await one.dialog("Sign off")
        assert CHANGED not in one.picture
        moved = plan.Moment.of_instant("2026-11-23T09:30:00Z", "Asia/Ho_Chi_Minh")
        plan.move(newsroom.room, newsroom.actor("lead-2"), room.release, moved, note="Chờ số liệu")
        one.app.take_pulse()
        await one.see(CHANGED)
        before = head(newsroom)
        await one.passphrase("Sign off", PASSPHRASE)
        await one.dialog("This is not what you looked at")
        assert head(newsroom) == before


async def test_a_dialog_that_nobody_interferes_with_says_nothing(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "lead-1") as one:
        await one.open_release("HOA-SEN")
        await one.pilot.press("s")
        await one.dialog("Sign off")
        plan.recall(newsroom.room, newsroom.actor("lead-2"), newsroom.release)  # another one
        one.app.take_pulse()
        await one.settle()
        assert CHANGED not in one.picture
        assert not one.app.screen.query_one("#dialog-changed").display


FACTS = "\n".join(f"fact {number}" for number in range(30))


@pytest.mark.parametrize("size", [(80, 24), (40, 10)])
@pytest.mark.parametrize("kind", [Passphrase, ReasonDialog])
async def test_what_is_typed_into_is_in_sight_however_long_the_facts(
    kind: type[Passphrase | ReasonDialog], size: tuple[int, int]
) -> None:
    clock = FakeClock("2026-11-20T07:41:07Z")
    app = DeskApp(SampleSource(clock), clock=clock, idle_lock=0)
    async with app.run_test(size=size) as pilot:
        dialog = kind("Hold ALL releases", FACTS, "hold")
        dialog.until = now(clock) + timedelta(minutes=2)
        dialog.since = lambda: "Somebody has changed it since you opened this. " * 2
        await app.push_screen(dialog)
        for _round in range(20):
            await pilot.pause()
        field = app.focused
        assert field is not None
        seen = app.screen.find_widget(field)
        assert seen.visible_region.height == seen.region.height > 0
        if size == (80, 24):
            for name in ("#accept", "#dialog-changed", "#dialog-left"):
                found = app.screen.find_widget(app.screen.query_one(name))
                assert found.visible_region == found.region, name
                assert found.region.height > 0
