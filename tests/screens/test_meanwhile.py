"""Two desks at once: an open question tells what others have done to what it asks about."""

from __future__ import annotations

from datetime import timedelta

import pytest

from desk.approvals import decide
from desk.clock import FakeClock, now
from desk.demo.newsroom import DemoNewsroom
from desk.releases import hold, plan
from desk.releases.placing import read_moment
from screens.app import DeskApp
from screens.dialogs.passphrase import Passphrase
from screens.dialogs.reason import ReasonDialog
from screens.rooms.queue_room import QueueRoom
from screens.rooms.release_room import ReleaseRoom
from screens.sample import SampleSource
from screens.source import Review
from screens.widgets.input import Input
from screens.widgets.text_area import TextArea
from screens.widgets.virtual_table import VirtualTable
from tests.screens.lead_desk import Desk, desk
from tests.screens.newsroom_world import PASSPHRASE, head, source, to_approve

GONE = "It waits for you no longer"
CHANGED = "Somebody has changed it since"
MOVED = "It was moved meanwhile, to 16:30:00 23/11/2026 GMT+7"
HELD = "It was put on hold meanwhile."
LIFTED = "It is held no longer."


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


def move(newsroom: DemoNewsroom, release: str) -> None:
    """As another desk does it."""
    moved = plan.Moment.of_instant("2026-11-23T09:30:00Z", "Asia/Ho_Chi_Minh")
    plan.move(newsroom.room, newsroom.actor("lead-2"), release, moved, note="Chờ số liệu")


async def test_a_moved_release_is_told_in_the_dialog_of_who_signs_it(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom, "lead-1") as one:
        room: ReleaseRoom = await one.open_release("HOA-SEN")
        await one.pilot.press("s")
        await one.dialog("Sign off")
        assert not one.app.screen.query_one("#dialog-changed").display
        move(newsroom, room.release)
        one.app.take_pulse()
        await one.see(MOVED)
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


DIALOGS = [("m", "Move"), ("c", "Confirm"), ("s", "Sign off"), ("e", "Edit"), ("h", "Hold this"),
           ("z", "Postpone"), ("x", "Cancel")]  # fmt: skip
"""The calendar's acts on a release, by their keys, and how their first dialogs begin."""


@pytest.mark.parametrize(("key", "title"), DIALOGS)
async def test_a_dialog_opened_from_the_calendar_tells_that_its_release_was_moved(
    newsroom: DemoNewsroom, key: str, title: str
) -> None:
    code = "TRE-XANH" if key == "c" else "HOA-SEN"  # one of them is still provisional
    async with desk(newsroom, "lead-1") as one:
        await one.at_release(code)
        row = one.app.screen.query_one(VirtualTable).current
        assert row is not None
        await one.pilot.press(key)
        await one.dialog(title)
        assert not one.app.screen.query_one("#dialog-changed").display
        move(newsroom, row.release)
        one.app.take_pulse()
        await one.see(MOVED)


async def test_a_dialog_tells_a_hold_and_its_end_and_another_signature_is_no_change(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom, "lead-1") as one:
        await one.at_release("HOA-SEN")
        row = one.app.screen.query_one(VirtualTable).current
        assert row is not None
        await one.press("h")
        await one.dialog("Hold this")
        hold.hold(newsroom.room, newsroom.actor("lead-2"), row.release, reason="Sai số liệu")
        one.app.take_pulse()
        await one.see(HELD)
        await one.press("escape")
        await one.gone()
        await one.press("l")
        await one.dialog("Lift")
        for person in ("lead-2", "lead-1"):
            hold.lift(newsroom.room, newsroom.actor(person), row.release)
        one.app.take_pulse()
        await one.see(LIFTED)


async def test_a_plan_tells_that_another_desk_has_taken_its_place(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "lead-1") as one:
        await one.press("n")
        form = await one.dialog("Plan a release")
        wall = form.query_one("#field-wall", Input).value
        with newsroom.room.reading(newsroom.release) as view:
            known = view.record.releases[newsroom.release]
            items, channels = list(known.items), list(known.channels)
        moment = read_moment(wall, "Asia/Ho_Chi_Minh", None)
        plan.plan(newsroom.room, newsroom.actor("lead-2"), moment, items=items,
                  channels=channels, code="ANH-DAO")  # fmt: skip
        one.app.take_pulse()
        await one.see(f"{wall} is no longer free")


async def test_a_final_refusal_does_not_ask_for_the_reason_again(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "lead-1") as one:
        await one.at_release("HOA-SEN")
        row = one.app.screen.query_one(VirtualTable).current
        assert row is not None
        await one.press("z")
        await one.dialog("Postpone")
        await one.write("Chờ số liệu")
        await one.pilot.press("ctrl+s")
        await one.until(lambda: isinstance(one.app.screen, Passphrase))
        plan.cancel(newsroom.room, newsroom.actor("lead-2"), row.release, note="Không công bố nữa")
        await one.passphrase("Postpone", PASSPHRASE)
        await one.dialog("✖")
        await one.pilot.press("enter")
        await one.gone()


async def test_a_reason_that_other_words_could_mend_comes_back(newsroom: DemoNewsroom) -> None:
    long = "rất dài " * 100
    async with desk(newsroom, "lead-1") as one:
        await one.at_release("HOA-SEN")
        await one.press("z")
        await one.dialog("Postpone")
        await one.write(long)
        await one.pilot.press("ctrl+s")
        await one.passphrase("Postpone", PASSPHRASE)
        await one.dialog("✖")
        await one.pilot.press("enter")
        await one.until(lambda: isinstance(one.app.screen, ReasonDialog))
        assert one.app.screen.query_one(TextArea).text == long.strip()


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


async def test_holding_all_tells_that_some_were_held_meanwhile(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "lead-1", room="monitor") as one:
        await one.until(lambda: one.app.pulse.next is not None)
        await one.press("H")
        await one.dialog("Hold ALL")
        assert "Meanwhile" not in one.picture
        hold.hold(newsroom.room, newsroom.actor("lead-2"), newsroom.release, reason="Sai số liệu")
        one.app.take_pulse()
        await one.see("Meanwhile 1 of them is on hold")


async def test_after_a_final_refusal_a_move_does_not_come_back(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom, "lead-1") as one:
        await one.at_release("HOA-SEN")
        row = one.app.screen.query_one(VirtualTable).current
        assert row is not None
        await one.press("m")
        await one.dialog("Move")
        await one.write("29/12/2026 10:20", "wall")
        await one.write("Chờ số liệu", "note")
        await one.pilot.press("ctrl+s")
        await one.until(lambda: isinstance(one.app.screen, Passphrase))
        plan.cancel(newsroom.room, newsroom.actor("lead-2"), row.release, note="Không công bố nữa")
        await one.passphrase("Move", PASSPHRASE)
        await one.dialog("✖")
        await one.pilot.press("enter")
        await one.gone()
