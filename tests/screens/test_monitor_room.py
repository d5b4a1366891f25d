"""The monitor at work: what is wrong leads to its runbook, lateness is drawn, the log is near."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desk.clock import now, written
from desk.demo.newsroom import DemoNewsroom
from desk.handbook.pages import Handbook
from desk.releases import hold
from desk.releases.views import upcoming
from screens.app import DeskApp
from screens.newsroom.source import NewsroomSource
from screens.newsroom.watch import RUNBOOKS
from screens.rooms.handbook_room import HandbookRoom
from screens.rooms.log_room import LogRoom
from screens.source import DayRecord, Monitor
from screens.widgets.plots import BarPlot
from tests.screens.newsroom_world import build, source, status_file
from tests.screens.waiting import picture, settled, until

LATE = (1.5, 2.0, 2.5, 7.0, 140.0)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    return build(tmp_path_factory.mktemp("monitor"))


def says(newsroom: DemoNewsroom, **more: object) -> None:
    """What the publisher's status file says now."""
    value = {"publisher": "pub-1", "time": written(now(newsroom.room.clock)), "channels": [],
             **more}  # fmt: skip
    status_file(newsroom).parent.mkdir(exist_ok=True)
    status_file(newsroom).write_text(json.dumps(value), "utf-8")


def test_what_is_wrong_names_the_page_that_helps(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    says(newsroom)
    assert reader.monitor().runbook == RUNBOOKS[""]
    says(newsroom, halted="the log is another one", clock="off")
    assert reader.monitor().runbook == "log-alarm"
    says(newsroom, channels=[{"id": "portal", "problem": "no answer", "offset_ms": -3.5}])
    found = reader.monitor()
    assert found.runbook == "lost-portal"
    assert found.publisher is not None
    assert found.publisher.offsets == (("Home portal", -3.5),)
    status_file(newsroom).unlink()
    assert reader.monitor().runbook == "lost-publisher"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_runbook_that_the_monitor_names_is_in_the_handbook(
    newsroom: DemoNewsroom, language: str
) -> None:
    pages = {page.name for page in Handbook(newsroom.root, language).pages()}
    assert set(RUNBOOKS.values()) <= pages


async def test_runbook_and_log_are_one_key_away(newsroom: DemoNewsroom) -> None:
    says(newsroom, halted="the log is another one")
    app = DeskApp(source(newsroom), clock=newsroom.room.clock, room="monitor")
    async with app.run_test(size=(120, 36)) as pilot:
        await settled(pilot)
        await pilot.press("r")
        await settled(pilot)
        await settled(pilot)
        assert isinstance(app.screen, HandbookRoom)
        row = app.screen._table.current
        assert row is not None
        assert row.key == "log-alarm"
        await pilot.press("3")
        await settled(pilot)
        await pilot.press("l")
        await settled(pilot)
        assert isinstance(app.screen, LogRoom)


@pytest.mark.parametrize(("size", "colour", "drawn"), [
    ((120, 50), "", True), ((80, 24), "", False), ((120, 50), "1", False),
])  # fmt: skip
async def test_lateness_is_drawn_where_there_is_room_else_in_blocks(
    newsroom: DemoNewsroom, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], colour: str,
    drawn: bool,
) -> None:  # fmt: skip
    monkeypatch.delenv("NO_COLOR", raising=False)
    if colour:
        monkeypatch.setenv("NO_COLOR", colour)
    real = NewsroomSource.monitor

    def late(self: NewsroomSource) -> Monitor:
        day = DayRecord(5, 0, 0, 0, 2.5, 140.0, LATE)
        return replace(real(self), today=day, due=())

    monkeypatch.setattr(NewsroomSource, "monitor", late)
    says(newsroom)
    app = DeskApp(source(newsroom), clock=newsroom.room.clock, room="monitor")
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        plots = app.screen.query(BarPlot)
        assert bool(plots) is drawn
        text = picture(app)
        assert ("lateness of the latest openings" in text) is not drawn
        assert "p50 2.5 ms" in text


async def test_lifting_is_offered_for_what_is_held_and_for_nothing_else(
    tmp_path: Path,
) -> None:
    newsroom = build(tmp_path)
    held = upcoming(newsroom.room)[1].row.id
    for nothing in (True, False):
        if not nothing:
            hold.hold(newsroom.room, newsroom.actor("lead-1"), held, reason="wait")
        app = DeskApp(source(newsroom), clock=newsroom.room.clock, room="monitor", idle_lock=0)
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            before = app.screen
            await pilot.press("u")
            if nothing:
                await until(pilot, lambda app=app: app._notifications)  # type: ignore[misc]
                assert [one.message for one in app._notifications] == ["No release is held."]
                assert app.screen is before
            else:
                await until(
                    pilot,
                    lambda app=app, before=before: app.screen is not before,  # type: ignore[misc]
                )
                assert "‖ held" in picture(app)
