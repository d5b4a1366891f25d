"""Rooms by the mouse alone: what a user of terminal programs expects happens, or nothing."""

from __future__ import annotations

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.app import DeskApp
from screens.dialogs.passphrase import Passphrase
from screens.rooms.calendar_room import CalendarRoom
from screens.rooms.release_room import ReleaseRoom
from screens.sample.tour import go, sample_desk
from screens.widgets.body_area import BodyArea
from tests.screens.sample_desk import source
from tests.screens.waiting import picture, settled, until


async def click(pilot: Pilot[None], words: str, row: int | None = None, times: int = 1) -> None:
    """Click on the first place that shows these words; `row`: in that row of the screen."""
    for y, text in enumerate(picture(pilot.app).split("\n")):
        if words in text and row in (None, y):
            await pilot.click(offset=(text.find(words) + 1, y), times=times)
            await settled(pilot)
            return
    raise AssertionError(f"{words!r} is nowhere:\n{picture(pilot.app)}")


def mode(app: DeskApp) -> str:
    room = app.screen
    assert isinstance(room, CalendarRoom)
    return room._mode


async def test_the_names_of_the_views_are_clicked() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "calendar")
        for words in ("month", "week", "list"):
            await click(pilot, words, row=2)
            assert mode(app) == words
        await click(pilot, "16:30", row=2)  # a countdown is only told
        assert mode(app) == "list"


async def test_a_row_is_chosen_by_a_click_and_opened_by_two() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "calendar")
        room = app.screen
        await click(pilot, "SAO-MAI")
        assert app.screen is room
        await click(pilot, "SAO-MAI", times=2)
        await until(pilot, lambda: isinstance(app.screen, ReleaseRoom), "the release")
        await click(pilot, "Esc back", row=23)
        await until(pilot, lambda: app.screen is room, "the calendar")
        assert source(app).calls == []


async def test_beside_a_dialog_a_click_does_nothing_and_its_button_leaves_it() -> None:
    app = sample_desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await go(pilot, "queue")
        room = app.screen
        await click(pilot, "a approve", row=23)
        await until(pilot, lambda: isinstance(app.screen, Passphrase), "the dialog")
        dialog, field = app.screen, app.focused
        for place in ((0, 0), (79, 23), (20, 23)):
            await pilot.click(offset=place)
            await settled(pilot)
            assert app.screen is dialog
            assert app.focused is field, "typing still goes to the passphrase"
        await click(pilot, "go back")
        await until(pilot, lambda: app.screen is room, "the queue")
        assert source(app).calls == []


class _Body(App[None]):
    def compose(self) -> ComposeResult:
        yield BodyArea("Số liệu quý III\nđã công bố.")


async def test_a_double_click_selects_a_word_and_a_third_its_line() -> None:
    app = _Body()
    async with app.run_test(size=(60, 10)) as pilot:
        area = app.query_one(BodyArea)
        inside = area.content_region
        place = (inside.x + 5, inside.y)  # in the second word
        await pilot.click(offset=place, times=2)
        await until(pilot, lambda: area.selected_text == "liệu", "the word")
        await pilot.click(offset=place, times=3)
        await until(pilot, lambda: area.selected_text == "Số liệu quý III", "the line")
        assert area.text == "Số liệu quý III\nđã công bố."
