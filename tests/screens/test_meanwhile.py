"""Two desks at once: an open question tells what others have done to what it asks about."""

from __future__ import annotations

import pytest

from desk.approvals import decide
from desk.demo.newsroom import DemoNewsroom
from desk.releases import plan
from screens.dialogs.passphrase import Passphrase
from screens.dialogs.reason import ReasonDialog
from screens.rooms.queue_room import QueueRoom
from screens.rooms.release_room import ReleaseRoom
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
