"""Every action of every room, chosen from the palette: something comes of it that a person sees."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from screens import actions
from screens.app import DeskApp
from screens.dialogs.palette import Palette
from screens.rooms.base import Room
from screens.sample.tour import go, sample_desk
from screens.widgets.input import Input
from tests.screens.waiting import settled, until

PLACES = {action.place: action.place for action in actions.ACTIONS} | {"everywhere": "queue"}
LEAVES = ("app.quit",)
UNSEEN = {
    "app.queue": "it is the queue", "app.refresh": "nothing has changed",
    "calendar.today": "it stands at today", "search.ask": "keys go there already",
}  # fmt: skip
"""Actions that show nothing on the sample, and why."""


LANGUAGE = "vi"


def seen(app: DeskApp) -> object:
    """The screen below the clock with its colours, and where keys go."""
    strips = app.screen._compositor.render_strips()[1:]
    return [list(strip) for strip in strips], app.focused, len(app._notifications)


async def chosen(pilot: Pilot[None], action: actions.Action) -> None:
    """Find it in the palette by its id, and take it."""
    app = pilot.app
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, Palette))
    palette = app.screen
    assert isinstance(palette, Palette)
    palette.query_one(Input).value = action.id
    await settled(pilot)
    for _step in palette._shown:
        if palette.marked == action:
            break
        await pilot.press("down")
    assert palette.marked == action, f"{action.id} is not in the palette of {action.place}"
    await pilot.press("enter")
    await until(pilot, lambda: app.screen is not palette)
    await settled(pilot)


@pytest.mark.parametrize("place", PLACES)
async def test_every_action_of_the_palette_does_what_can_be_seen(place: str) -> None:
    waiting = [one for one in actions.of_place(place) if one.id not in LEAVES]
    silent = []
    while waiting:
        app = sample_desk()
        async with app.run_test(size=(100, 30)) as pilot:
            await go(pilot, PLACES[place])
            room = app.screen
            assert isinstance(room, Room)
            while waiting and app.screen is room:
                action = waiting.pop()
                app.clear_notifications()
                await settled(pilot)
                before = seen(app)
                await chosen(pilot, action)
                if seen(app) == before:
                    silent.append(action.id)
                for _escape in range(6):
                    if app.screen is room:
                        break
                    await pilot.press("escape")
                    await settled(pilot)
        assert app.return_code in (None, 0), f"{action.id} has ended the desk"
    assert set(silent) <= set(UNSEEN)
