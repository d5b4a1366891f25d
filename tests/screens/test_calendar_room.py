"""The calendar as a shift lead, an editor and a spokesperson use it, over a real newsroom."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from textual.pilot import Pilot

from desk.clock import FakeClock, parse_instant, to_wall
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused, UsageError
from desk.releases import plan
from desk.releases.views import upcoming
from screens.app import DeskApp
from screens.dialogs.message import ErrorMessage
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.calendar_room_cells import end_of_span, progress_cell, span_text
from screens.rooms.calendar_room_grid import CalendarGrid
from screens.rooms.release_room import ReleaseRoom
from screens.source import NextRelease
from screens.widgets.input import Input
from screens.widgets.masthead import countdown_line
from screens.widgets.plain import Plain
from screens.widgets.virtual_table import VirtualTable
from tests.screens.newsroom_world import PASSPHRASE, head, source
from tests.screens.waiting import settled, until

SIZES = [(80, 24), (200, 60)]


LANGUAGE = "vi"
PLACE = "Asia/Ho_Chi_Minh"


def desk(newsroom: DemoNewsroom, person: str = "lead-1") -> DeskApp:
    clock = newsroom.room.clock
    assert isinstance(clock, FakeClock)
    return DeskApp(source(newsroom, person), clock=clock, room="calendar", idle_lock=0)


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def shown(app: DeskApp) -> str:
    return app.export_screenshot().replace("&#160;", " ")


def text_of(app: DeskApp, selector: str) -> str:
    return str(app.screen.query_one(selector, Plain).render())


async def to_release(pilot: Pilot[None], code: str) -> None:
    """Put the cursor on the release with that code name, by the filter."""
    await press(pilot, "slash")
    field = pilot.app.screen.query_one("#filter", Input)
    field.value = code
    await press(pilot, "enter")


@pytest.mark.parametrize("size", SIZES)
async def test_list_week_and_month_follow_each_other(
    built: DemoNewsroom, size: tuple[int, int]
) -> None:
    app = desk(built)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        grid = app.screen.query_one(CalendarGrid)
        assert not grid.display
        await press(pilot, "tab")
        assert grid.display
        assert "T6 20/11" in shown(app) or "Thứ Sáu 20/11" in shown(app)
        assert grid.first == date(2026, 11, 16)  # a Monday
        await press(pilot, "f4")
        assert "Thứ Hai" in shown(app)
        assert grid.first == date(2026, 10, 26)
        assert grid.cursor.date() == date(2026, 11, 20)
        await press(pilot, "down", "enter")
        row = app.screen.query_one(VirtualTable).current
        assert row is not None
        assert row.at.date() >= date(2026, 11, 26)


async def test_a_grid_counts_what_the_list_shows(built: DemoNewsroom) -> None:
    reader = source(built)
    rows = [row for row in reader.calendar_page("", 1000, "") if row.kind == "release"]
    cells = reader.calendar_span(date(2026, 11, 1), 60, "")
    assert sum(one.count for one in cells if one.kind == "release") == len(rows)
    held = reader.calendar_span(date(2026, 11, 1), 60, "state:provisional")
    assert {one.state for one in held} == {"provisional"}
    assert not [one for one in cells if one.kind == "slot" and one.day < date(2026, 11, 20)]
    assert {one.day for one in cells if one.kind == "blackout"} == {
        one.day for one in reader.calendar_span(date(2026, 11, 1), 60, "state:blackout")
    }


async def test_going_past_the_month_shows_the_next_one(built: DemoNewsroom) -> None:
    app = desk(built)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "v", "v", "pagedown")
        grid = app.screen.query_one(CalendarGrid)
        assert grid.first == date(2026, 11, 30)
        assert "12/2026" in text_of(app, "#calendar-line")
        await press(pilot, "g")
        assert grid.cursor.date() == date(2026, 11, 20)


async def test_countdowns_of_the_next_releases_run(built: DemoNewsroom) -> None:
    app = desk(built)
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        second = upcoming(built.room, 2)[1]
        before = text_of(app, "#calendar-line")
        assert second.row.wall[11:16] in before
        app.screen.tick(app.moment + timedelta(seconds=5))  # type: ignore[attr-defined]
        assert text_of(app, "#calendar-line") != before


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("sao mai", {"SAO-MAI"}),
        ('"sao-mai"', {"SAO-MAI"}),
        ("song-huong", {"SÔNG-HƯƠNG"}),
        ("sông", {"SÔNG-HƯƠNG"}),
        ("sòng", set()),
        ("cơ-quan:van-phong-tw", {"TRE-XANH"}),
        ("trang-thai:du-kien", {"TRE-XANH", "TRỐNG-ĐỒNG"}),
        ("lang:xx", set()),
        ("channel:nowhere", set()),
        ("before:2026-11-20", set()),
        ("từ:20/11/2026 before:21/11/2026 mai", {"SAO-MAI"}),
    ],
)
def test_the_filter_knows_fields_in_both_languages(
    built: DemoNewsroom, query: str, codes: set[str]
) -> None:
    reader = source(built, "admin-1")
    rows = reader.calendar_page("", 1000, query)
    assert {row.title for row in rows if row.kind == "release"} == codes
    assert sum(day.rows for day in reader.calendar_days(query)) == len(rows)


def test_a_date_that_is_none_is_told(built: DemoNewsroom) -> None:
    with pytest.raises(UsageError):
        source(built).calendar_days("after:31/02/2026")


def test_planning_puts_a_provisional_release_at_the_wall_time(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    choices = reader.calendar_choices()
    item, channel = choices.items[0][0], choices.channels[0][0]
    reader.calendar_plan("28/12/2026 10:20", "", [item], [channel], "MẶT-TRỜI")
    rows = source(newsroom, "admin-1").calendar_page("", 1000, "mat-troi")
    assert [row.title for row in rows] == ["MẶT-TRỜI"]
    assert rows[0].at == datetime.fromisoformat("2026-12-28T03:20:00Z")
    assert rows[0].state == "provisional"


async def test_an_item_planned_twice_and_a_blackout_are_told_first(built: DemoNewsroom) -> None:
    reader = source(built)
    choices = reader.calendar_choices()
    channels = [id for id, _name in choices.channels]
    with built.room.reading(built.release) as view:
        items = view.record.releases[built.release].items
    found = reader.calendar_place("28/12/2026 10:20", "", items[:1], channels)
    assert any(items[0] in text for text in found.clashes)
    black = next(row for row in reader.calendar_page("", 1000, "state:blackout")
                 if row.until and row.at > reader._house.now)  # fmt: skip
    inside = (black.at + timedelta(hours=8)).strftime("%d/%m/%Y %H:%M")
    there = reader.calendar_place(inside, "", items[:1], channels)
    assert any("ngừng công bố" in text for text in there.clashes)


def test_wall_times_that_are_skipped_or_come_twice(
    newsroom: DemoNewsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = source(newsroom)
    monkeypatch.setattr(reader, "_zone", lambda _release="": "Europe/Paris")
    with pytest.raises(UsageError, match="does not exist"):
        reader.calendar_place("28/03/2027 02:30", "", [], ["portal"])
    twice = reader.calendar_place("31/10/2027 02:30", "", [], ["portal"])
    assert twice.at is None
    assert twice.ambiguous[1] - twice.ambiguous[0] == timedelta(hours=1)
    chosen = reader.calendar_place("31/10/2027 02:30", "later", [], ["portal"])
    assert chosen.at == twice.ambiguous[1]


def test_moving_an_announced_release_wants_a_public_note(newsroom: DemoNewsroom) -> None:
    reader, before = source(newsroom), head(newsroom)
    release = source(newsroom, "admin-1").calendar_page("", 1000, "hoa-sen")[0].release
    with pytest.raises(Refused):
        reader.calendar_move(release, "30/12/2026 09:10", "", "", PASSPHRASE)
    assert head(newsroom) == before
    reader.calendar_move(release, "30/12/2026 09:10", "", "Chờ số liệu", PASSPHRASE)
    with newsroom.room.reading(release) as view:
        assert view.record.releases[release].at == "2026-12-30T02:10:00Z"
        assert view.record.releases[release].plan[-1].note == "Chờ số liệu"


def test_postponing_and_striking_end_a_release(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    found = {row.title.split(" (")[0]: row for row in source(newsroom, "admin-1").calendar_page(
        "", 1000, "state:provisional") if row.kind == "release"}  # fmt: skip
    reader.calendar_postpone(found["TRE-XANH"].release, "Chưa đủ tài liệu", PASSPHRASE)
    reader.calendar_cancel(found["TRỐNG-ĐỒNG"].release, "Không công bố", PASSPHRASE)
    states = {row.release: row.state for row in reader.calendar_page("", 1000, "")}
    assert states[found["TRE-XANH"].release] == "postponed"
    assert states[found["TRỐNG-ĐỒNG"].release] == "cancelled"


async def test_a_spokesperson_reads_and_is_told_who_can(built: DemoNewsroom) -> None:
    app, before = desk(built, "admin-1"), head(built)
    async with app.run_test(size=(120, 30)) as pilot:
        await settled(pilot)
        assert "chỉ đọc" in text_of(app, "#calendar-line")
        assert "SAO-MAI" in shown(app)
        for key in ("n", "m", "c", "s", "x"):
            await to_release(pilot, "sao-mai")
            await press(pilot, key)
            assert isinstance(app.screen, ErrorMessage), key
            assert "lead-1" in shown(app), key
            await press(pilot, "escape")
    assert head(built) == before


async def test_a_sealed_release_opens_with_code_names_alone(built: DemoNewsroom) -> None:
    app = desk(built, "admin-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await to_release(pilot, "sao-mai")
        await press(pilot, "enter")
        assert isinstance(app.screen, ReleaseRoom)
        assert "SAO-MAI" in shown(app)
        assert "tổng điều tra" not in shown(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, CalendarRoom)


async def test_attack_29_a_hostile_code_name_is_only_text(newsroom: DemoNewsroom) -> None:
    code = "\x1b]0;x\x07[red]\u202eNGƯỢC[/]"
    with newsroom.room.reading(newsroom.release) as view:
        items = view.record.releases[newsroom.release].items
    moment = plan.Moment.of_instant("2026-11-20T09:00:00Z", "Asia/Ho_Chi_Minh")
    plan.plan(newsroom.room, newsroom.actor("lead-1"), moment, items=items[:1],
              channels=["portal"], code=code)  # fmt: skip
    app = desk(newsroom, "admin-1")
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        for _view in range(3):
            picture = shown(app)
            assert "\x1b" not in picture
            assert "\u202e" not in picture
            await press(pilot, "tab")
        await press(pilot, "n")
        await press(pilot, "escape")


async def test_a_blackout_tells_its_end_and_a_release_leads_to_a_time_after_it(
    built: DemoNewsroom,
) -> None:
    app = desk(built)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        room, table = app.screen, app.screen.query_one(VirtualTable)
        assert isinstance(room, CalendarRoom)
        assert table.current is not None
        assert table.current.kind == "release"
        at, slot = room.cursor_wall()
        assert at > table.current.at
        assert at.date() == date(2026, 11, 20)
        assert slot or at.minute == 0
        await to_release(pilot, "state:blackout")
        await until_row(pilot, "blackout")
        under = text_of(app, "#calendar-under")
        assert "–" in under
        assert "đến " in shown(app)
        end = room.cursor_wall()[0]
        assert table.current.until is not None
        assert end >= table.current.until


async def until_row(pilot: Pilot[None], kind: str) -> None:
    """Until the cursor is on a row of that kind."""
    table = pilot.app.screen.query_one(VirtualTable)
    await until(pilot, lambda: table.current is not None and table.current.kind == kind, kind)


def test_midnight_ends_the_day_before() -> None:
    begin = datetime(2026, 11, 21)
    assert end_of_span(begin, datetime(2026, 11, 22)) == ("24:00", date(2026, 11, 21))
    assert end_of_span(begin, datetime(2026, 11, 23, 12)) == ("12:00", date(2026, 11, 23))


def test_the_head_tells_the_day_of_what_goes_out_on_another_day() -> None:
    now = datetime(2026, 11, 20, 14, 41, tzinfo=UTC)
    coming = NextRelease("r-1", "Bản tin", now + timedelta(minutes=19), "staged", False, 3, 3, True)
    assert "15:00:00" in countdown_line(coming, now, 80).plain
    later = replace(coming, at=now + timedelta(days=3))
    assert "23/11 14:41" in countdown_line(later, now, 80).plain


def test_a_blackout_of_several_days_stands_on_each_of_them(built: DemoNewsroom) -> None:
    rows = list(source(built).calendar_page("", 1000, "giao thừa"))
    days = [to_wall(row.at, PLACE) for row in rows]
    assert [f"{day:%d/%m %H:%M}" for day in days] == ["05/02 12:00", "06/02 00:00", "07/02 00:00"]
    assert {row.until for row in rows} == {parse_instant("2027-02-06T23:00:00Z")}
    assert {row.since for row in rows} == {rows[0].at}
    counted = source(built).calendar_days("giao thừa")
    assert [(one.day, one.rows) for one in counted] == [(day.date(), 1) for day in days]
    later = source(built).calendar_page("", 1000, "giao thừa after:2027-02-07")
    assert [row.at for row in later] == [rows[2].at]


def test_a_row_of_a_blackout_tells_its_end_on_every_day(built: DemoNewsroom) -> None:
    def wall(at: datetime) -> datetime:
        return to_wall(at, PLACE)

    rows = source(built).calendar_page("", 1000, "giao thừa")
    assert [progress_cell(row, wall)[0] for row in rows] == [
        "đến 07/02", "đến 07/02", "đến 06:00"
    ]  # fmt: skip
    assert all("12:00 05/02/2027 – 06:00 07/02/2027" in span_text(row, wall) for row in rows)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", [("v",), ("v", "v")], ids=["week", "month"])
async def test_week_and_month_tell_name_and_end_of_a_blackout_on_each_day(
    built: DemoNewsroom, size: tuple[int, int], keys: tuple[str, ...]
) -> None:
    app = desk(built)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, *keys)
        grid = app.screen.query_one(CalendarGrid)
        for day, hour in ((5, 14), (6, 9), (7, 2)):
            grid.cursor = datetime(2027, 2, day, hour)
            await settled(pilot)
            under = text_of(app, "#calendar-under")
            assert "Đêm giao thừa" in under
            assert "06:00 07/02/2027" in under[: size[0]]
        picture = grid.render().plain
        assert picture.count("▓ Đêm") == 3
        assert "đến 07/02" in picture
        assert "đến 06:00" in picture
