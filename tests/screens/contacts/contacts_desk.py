"""A desk in the contacts room that a test drives."""

from __future__ import annotations

from textual.pilot import Pilot

from desk.demo.newsroom import DemoNewsroom
from screens.app import DeskApp
from tests.screens.newsroom_world import source
from tests.screens.waiting import settled, until


def desk(newsroom: DemoNewsroom, person: str = "lead-1") -> DeskApp:
    return DeskApp(source(newsroom, person), clock=newsroom.room.clock, room="contacts")


async def pressed(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, once all is read, and wait until what they began is read, too."""
    await settled(pilot)
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


async def typed(pilot: Pilot[None], text: str) -> None:
    for char in text:
        await pilot.press({" ": "space", "@": "at"}.get(char, char))


async def dialog(pilot: Pilot[None], kind: type) -> None:
    """Wait until a dialog of that kind is on top."""
    await until(pilot, lambda: isinstance(pilot.app.screen, kind), kind.__name__)
    await pilot.pause()


async def until_seen(pilot: Pilot[None], what: str) -> None:
    """Wait until the dialog on top has it."""
    await until(pilot, lambda: pilot.app.screen.query(what), what)
    await pilot.pause()
