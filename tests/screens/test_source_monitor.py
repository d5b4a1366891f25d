"""The monitor of a real newsroom: channels, silence, alarms, and how late it was."""

from __future__ import annotations

import json

import pytest

from desk.clock import FakeClock, now, parse_instant
from desk.demo.newsroom import DemoNewsroom
from desk.releases import hold
from tests.screens.newsroom_world import (
    START,
    source,
    status_file,
)

LANGUAGE = "vi"


def say(newsroom: DemoNewsroom, **value: object) -> None:
    """What the publisher would write."""
    told = {"publisher": "pub-1", "time": START, "stopping": False, **value}
    status_file(newsroom).write_text(json.dumps(told), "utf-8")


def test_the_monitor_follows_the_channels(newsroom: DemoNewsroom) -> None:
    portal = {"id": "portal", "epoch": 41, "offset_ms": -0.4, "sealed": True, "differing": 0}
    planned = {"release": newsroom.release, "channels": [{"id": "portal", "state": "staged"}]}
    say(newsroom, channels=[portal], next=[planned])
    found = source(newsroom).monitor()
    assert found.publisher is not None
    assert (found.publisher.name, found.publisher.epoch) == ("pub-1", 41)
    assert found.publisher.alive
    assert found.publisher.clock_ms == -0.4
    due = found.due[0]
    assert [channel.channel for channel in due.channels] == ["portal", "foreign", "press"]
    assert [(c.staged, c.items) for c in due.channels] == [(4, 4), (0, 2), (0, 4)]
    assert due.phase == "waiting"  # twenty minutes ahead
    assert due.at == parse_instant(newsroom.at)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"publisher": 3, "time": 4}', "null", "[" * 9000])
def test_a_damaged_status_says_that_nobody_publishes(newsroom: DemoNewsroom, text: str) -> None:
    status_file(newsroom).write_text(text, "utf-8")
    found = source(newsroom).monitor()
    assert found.publisher is None or not found.publisher.alive
    assert source(newsroom).pulse().next is not None


@pytest.mark.parametrize(
    "silent", [{"time": "2026-11-20T00:59:40Z"}, {"stopping": True}, {"time": "soon"}]
)
def test_a_silent_publisher_is_not_alive(newsroom: DemoNewsroom, silent: dict[str, object]) -> None:
    say(newsroom, **silent)
    found = source(newsroom).monitor().publisher
    assert found is not None
    assert not found.alive


def test_alarms_are_told_in_words_and_counted(newsroom: DemoNewsroom) -> None:
    say(
        newsroom,
        halted="the log was cut",
        channels=[{"id": "portal", "problem": "no answer", "differing": 2}],
        alarms=[
            {"time": START, "code": "failed", "detail": "r-1 on press: 403"},
            {"time": "2026-11-01T00:00:00Z", "code": "failed", "detail": "long ago"},
        ],
    )
    found = source(newsroom).monitor()
    assert len(found.alarms) == 4
    assert source(newsroom).pulse().alarms == 4
    assert any("403" in alarm for alarm in found.alarms)
    assert not any("long ago" in alarm for alarm in found.alarms)


def test_alerts_ring_once_count_while_they_stand_and_name_no_text(newsroom: DemoNewsroom) -> None:
    say(newsroom)
    desk = source(newsroom)
    before = desk.pulse().alarms + len(desk.rings())
    assert desk.rings() == ()
    hold.hold(newsroom.room, newsroom.actor("lead-1"), newsroom.release, reason="Chờ số liệu")
    (line,) = desk.rings()
    assert newsroom.release in line
    assert "Chờ số liệu" not in line
    assert desk.rings() == ()
    assert desk.pulse().alarms == before + 1
    assert line in desk.monitor().alarms
    for lead in ("lead-1", "lead-2"):
        hold.lift(newsroom.room, newsroom.actor(lead), newsroom.release)
    assert desk.rings() == ()
    assert desk.pulse().alarms == before


def test_around_an_instant_no_alert_is_looked_for(newsroom: DemoNewsroom) -> None:
    say(newsroom)
    desk = source(newsroom)
    clock = newsroom.room.clock
    assert isinstance(clock, FakeClock)
    clock.advance((parse_instant(newsroom.at) - now(clock)).total_seconds() - 4)
    hold.hold(newsroom.room, newsroom.actor("lead-1"), "*")
    assert desk.rings() == (), "the publisher needs the machine for itself now"
    clock.advance(8)
    assert any("đang tạm dừng" in line or "on hold" in line for line in desk.rings())


def test_a_release_that_went_out_late_is_not_told_as_on_time(newsroom: DemoNewsroom) -> None:
    set_late(newsroom, 29_000)
    day = source(newsroom).monitor().today
    assert (day.on_time, day.late) == (0, 1)
    set_late(newsroom, 6)
    day = source(newsroom).monitor().today
    assert (day.on_time, day.late, day.early, day.p50_ms) == (1, 0, 0, 6.0)
    set_late(newsroom, -1)
    assert source(newsroom).monitor().today.early == 1


def set_late(newsroom: DemoNewsroom, ms: int) -> None:
    """Let the projection say that the signed release opened so long after its instant."""
    opened = int(parse_instant(newsroom.at).timestamp() * 1000) + ms
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE releases SET state = 'released' WHERE id = ?", (newsroom.release,)
        )
        connection.exec_driver_sql(
            "UPDATE release_channels SET state = 'released', opened_ms = ? WHERE release = ?",
            (opened, newsroom.release),
        )
