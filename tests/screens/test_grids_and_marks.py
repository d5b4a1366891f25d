"""What is seen and done where a dialog is low, a grid is open, or a mark meets a heading's sign."""

from __future__ import annotations

import pytest
from textual.app import App, ComposeResult

from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Form
from screens.dialogs.reason import ReasonDialog
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.calendar_room_grid import CalendarGrid
from screens.sample.tour import go, sample_desk
from screens.widgets.body_area import BodyArea
from tests.screens.sample_desk import source
from tests.screens.waiting import picture, settled, until


@pytest.mark.parametrize(("name", "key", "about"), [
    ("calendar", "h", "Số liệu quý III"), ("monitor", "H", "are due"),
])  # fmt: skip
async def test_on_ten_lines_a_reason_tells_what_it_is_for_and_how_to_send_it(
    name: str, key: str, about: str
) -> None:
    app = sample_desk()
    async with app.run_test(size=(40, 10)) as pilot:
        await go(pilot, name)
        await pilot.press(key)
        await until(pilot, lambda: isinstance(app.screen, ReasonDialog), "the dialog")
        await settled(pilot)
        shown = picture(app)
        assert all(words in shown for words in ("Hold", about, "hold  ^S")), shown
        await pilot.press(*"vì")
        await until(pilot, lambda: "vì" in picture(app), "what is typed")


async def test_in_a_week_a_key_acts_on_the_release_of_the_hour() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "calendar-week")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Confirm), "the question")
        assert "Số liệu quý III" in picture(app)
        await pilot.press("escape")
        await settled(pilot)
        room = app.screen
        assert isinstance(room, CalendarRoom)
        room.query_one(CalendarGrid).action_go(0, -5)
        await pilot.press("c")
        await settled(pilot)
        assert app.screen is room, "no release is there"
        assert source(app).calls == []


async def test_in_a_month_a_key_asks_which_release_of_the_day_is_meant() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "calendar-month")
        await pilot.press("c")
        await until(pilot, lambda: isinstance(app.screen, Choose), "the choice")
        assert "16:30" in picture(app)
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: isinstance(app.screen, Confirm), "the question")
        await pilot.press("enter")
        await until(pilot, lambda: source(app).calls, "the act")
        assert source(app).calls == [("confirm", "r-sao-mai")]


class _Body(App[None]):
    def compose(self) -> ComposeResult:
        yield BodyArea("## Kết quả\n\n- Một ý\n\nMột câu.")


@pytest.mark.parametrize(("row", "column", "line"), [
    (0, 0, "## [^1]Kết quả"), (0, 2, "## [^1]Kết quả"), (0, 10, "## Kết quả[^1]"),
    (2, 0, "- [^1]Một ý"), (4, 7, "Một câu[^1]."),
])  # fmt: skip
async def test_a_mark_breaks_no_heading_and_no_list(row: int, column: int, line: str) -> None:
    app = _Body()
    async with app.run_test() as pilot:
        area = app.query_one(BodyArea)
        area.move_cursor((row, column))
        area.mark_here("[^1]")
        await pilot.pause()
        assert area.document.get_line(row) == line


async def test_a_mark_stands_behind_what_is_selected_and_takes_nothing_away() -> None:
    app = _Body()
    async with app.run_test() as pilot:
        area = app.query_one(BodyArea)
        area.move_cursor((4, 7))
        area.move_cursor((4, 4), select=True)
        area.mark_here("[^1]")
        await pilot.pause()
        assert area.document.get_line(4) == "Một câu[^1]."


async def test_editing_tells_where_an_earlier_text_stays_and_does_nothing_unasked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def left(items: object, channels: object, release: str = "") -> tuple[str, ...]:
        return ("i-1 is public on press too",)

    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "calendar")
        monkeypatch.setattr(app.source, "calendar_left", left)
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, Form), "the code name")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: "What goes out?" in picture(app), "the items")
        await pilot.press("enter", "ctrl+s")
        await until(pilot, lambda: "On which channels?" in picture(app), "the channels")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, Confirm), "the warning")
        assert "public on press too" in picture(app)
        await pilot.press("escape")
        await until(pilot, lambda: isinstance(app.screen, Form), "the form, to choose otherwise")
        assert source(app).calls == []
