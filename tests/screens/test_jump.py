"""Jump mode and the mouse: everything that can be clicked can be reached by a letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import FakeClock
from desk.locales import set_language
from screens.app import DeskApp
from screens.dialogs.jump import Jump
from screens.jump import labels, targets_of
from screens.rooms.calendar_room import CalendarRoom
from screens.sample import SampleSource
from screens.widgets.footline import Footline
from screens.widgets.masthead import Masthead
from screens.widgets.virtual_table import VirtualTable

CLOCK = "2026-11-20T01:00:00Z"


def desk(room: str = "calendar") -> DeskApp:
    clock = FakeClock(CLOCK)
    return DeskApp(SampleSource(clock), clock=clock, room=room)


@given(st.integers(0, 600))
def test_labels_differ_and_none_begins_another(count: int) -> None:
    found = labels(count)
    assert len(set(found)) == count
    assert len({len(label) for label in found}) <= 1


def label_at(app: DeskApp, place: tuple[int, int]) -> str:
    """The letters that stand there."""
    assert isinstance(app.screen, Jump)
    found = [k for k, t in app.screen._targets.items() if tuple(t.place) == place]
    assert found, (place, {k: tuple(t.place) for k, t in app.screen._targets.items()})
    return found[0]


async def test_a_letter_goes_to_its_row() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        table = app.screen.query_one(VirtualTable)
        before = table.cursor
        rows = [t for t in targets_of(app.screen) if t.place in table.region]
        assert len(rows) == table.rows
        await pilot.press("i")
        await pilot.pause()
        await pilot.press(*label_at(app, tuple(rows[-1].place)))
        await pilot.pause()
        assert not isinstance(app.screen, Jump)
        assert table.cursor == table.rows - 1 != before
        assert app.focused is table


async def test_a_letter_goes_to_another_room_and_to_an_action() -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        queue = next(iter(app.screen.query_one(Masthead)._spans[1:2]))
        await pilot.press("alt+i")
        await pilot.pause()
        await pilot.press(*label_at(app, (queue[0] + 2, 0)))
        await pilot.pause()
        assert app.current_mode == "queue"
        await pilot.press("i")
        await pilot.pause()
        foot = app.screen_stack[0].query_one(Footline)
        start = next(s for s, _e, action in foot._spans if action.id == "app.help")
        await pilot.press(*label_at(app, (start + 1, 23)))
        await pilot.pause()
        assert type(app.screen).__name__ == "Help"


@pytest.mark.parametrize("key", ["escape", "7", "enter", "f5"])
async def test_any_other_key_leaves_and_does_nothing(key: str) -> None:
    app = desk()
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.press("i")
        await pilot.pause()
        await pilot.press(key)
        await pilot.pause()
        assert isinstance(app.screen, CalendarRoom)
        assert app.current_mode == "calendar"


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_every_room_can_be_clicked_in_the_head(size: tuple[int, int]) -> None:
    app = desk()
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        for number in (1, 2, 0):
            head = app.screen.query_one(Masthead)
            start, _end, action = head._spans[number]
            await pilot.click(head, offset=(start + 2, 0))
            await pilot.pause()
            assert app.current_mode == action.id.removeprefix("app.")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("columns", [40, 80, 120, 200])
async def test_the_head_names_this_room_and_shows_every_digit(columns: int, language: str) -> None:
    app = desk("monitor")
    set_language(language)
    async with app.run_test(size=(columns, 24)) as pilot:
        await pilot.pause()
        head = app.screen.query_one(Masthead)
        first = head.render().plain.split("\n")[0]
        assert len(first) <= columns
        for _start, _end, action in head._spans:
            assert action.keys[0] in first
        assert "▌3 " in first
