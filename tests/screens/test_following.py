"""The calendar's cursor stays on its release, wherever in time that goes, in each of its views."""

from __future__ import annotations

from datetime import datetime

import pytest

from desk.demo.newsroom import DemoNewsroom
from desk.releases import plan
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.calendar_room_grid import CalendarGrid
from screens.widgets.virtual_table import VirtualTable
from tests.screens.lead_desk import Desk, desk

PLACE = "Asia/Ho_Chi_Minh"


def room_of(lead: Desk) -> CalendarRoom:
    room = lead.app.screen
    assert isinstance(room, CalendarRoom)
    return room


def under(lead: Desk) -> str:
    """The id of the release under the list's cursor."""
    row = room_of(lead).query_one(VirtualTable).current
    return "" if row is None else str(row.release)


def at(lead: Desk) -> str:
    """The instant of the row under the list's cursor."""
    row = room_of(lead).query_one(VirtualTable).current
    return "" if row is None else str(row.key).partition("/")[0]


def hour(lead: Desk) -> datetime:
    return room_of(lead).query_one(CalendarGrid).cursor


async def go_to(lead: Desk, release: str) -> None:
    """Put the list's cursor on that release, without a filter."""
    table = room_of(lead).query_one(VirtualTable)
    await lead.press("home")
    for _row in range(table.rows):
        if under(lead) == release:
            return
        await lead.press("down")
    raise AssertionError(lead.picture)


def move(newsroom: DemoNewsroom, release: str, at: str) -> None:
    """As another desk does it."""
    moment = plan.Moment.of_instant(at, PLACE)
    plan.move(newsroom.room, newsroom.actor("lead-2"), release, moment, note="Chờ số liệu")


async def test_the_list_follows_a_release_that_is_moved_here(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom) as lead:
        await go_to(lead, newsroom.release)
        await lead.press("m")
        await lead.dialog("Move")
        await lead.write("04/12/2026 10:20", "wall")
        await lead.write("Chờ số liệu", "note")
        await lead.pilot.press("ctrl+s")
        await lead.passphrase("Move")
        await lead.gone()
        await lead.until(lambda: at(lead) == "2026-12-04T03:20:00Z")
        assert under(lead) == newsroom.release


@pytest.mark.parametrize("instant", ["2026-12-04T03:20:00Z", "2026-11-20T01:10:00Z"])
async def test_the_list_follows_a_release_that_another_desk_moves(
    newsroom: DemoNewsroom, instant: str
) -> None:
    async with desk(newsroom) as lead:
        await go_to(lead, newsroom.release)
        move(newsroom, newsroom.release, instant)
        lead.app.take_pulse()
        await lead.until(lambda: at(lead) == instant)
        assert under(lead) == newsroom.release


@pytest.mark.parametrize("views", [["v"], ["v", "v"]])
async def test_week_and_month_follow_the_release_of_the_list_and_go_back_to_it(
    newsroom: DemoNewsroom, views: list[str]
) -> None:
    async with desk(newsroom) as lead:
        await go_to(lead, newsroom.release)
        for key in views:
            await lead.press(key)
        assert hour(lead).date().isoformat() == "2026-11-20"
        move(newsroom, newsroom.release, "2026-12-24T03:20:00Z")  # another week, another month
        lead.app.take_pulse()
        await lead.until(lambda: hour(lead) == datetime(2026, 12, 24, 10))
        await lead.press("enter")
        await lead.until(lambda: under(lead) == newsroom.release)


async def test_a_cursor_that_was_taken_elsewhere_follows_nobody(newsroom: DemoNewsroom) -> None:
    async with desk(newsroom) as lead:
        await go_to(lead, newsroom.release)
        await lead.press("v", "right")
        here = hour(lead)
        move(newsroom, newsroom.release, "2026-12-24T03:20:00Z")
        lead.app.take_pulse()
        await lead.settle()
        assert hour(lead) == here


@pytest.mark.parametrize("views", [[], ["v"], ["v", "v"]])
async def test_a_release_just_planned_gets_the_cursor(
    newsroom: DemoNewsroom, views: list[str]
) -> None:
    async with desk(newsroom) as lead:
        for key in views:
            await lead.press(key)
        await lead.press("n")
        await lead.dialog("Plan a release")
        await lead.write("SAO-HÔM", "code")
        await lead.write("29/12/2026 10:20", "wall")
        await lead.pilot.press("ctrl+s")
        await lead.dialog("What goes out?")
        await lead.pilot.press("enter", "ctrl+s")
        await lead.dialog("On which channels?")
        await lead.pilot.press("ctrl+s")
        await lead.dialog("not free")  # another release holds the item as well
        await lead.pilot.press("enter")
        await lead.told("SAO-HÔM")
        await lead.gone()
        if views:
            await lead.until(lambda: hour(lead) == datetime(2026, 12, 29, 10))
            await lead.press("enter")
        await lead.until(lambda: at(lead) == "2026-12-29T03:20:00Z")
        assert under(lead)


async def test_a_release_that_the_filter_hides_is_not_followed_out_of_the_list(
    newsroom: DemoNewsroom,
) -> None:
    async with desk(newsroom) as lead:
        room_of(lead).look_for("before:2026-11-30")
        await lead.settle()
        await go_to(lead, newsroom.release)
        rows = room_of(lead).query_one(VirtualTable).rows
        move(newsroom, newsroom.release, "2026-12-24T03:20:00Z")
        lead.app.take_pulse()
        await lead.until(lambda: room_of(lead).query_one(VirtualTable).rows < rows)
        assert under(lead) != newsroom.release
