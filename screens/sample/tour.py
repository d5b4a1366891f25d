"""The way to each picture: which keys lead from the calendar of the sample to every room.

The snapshots of the tests and the pictures of the docs are taken here, at one fixed moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from time import monotonic

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from desk.clock import FakeClock
from screens.app import DeskApp
from screens.rooms.item_room import ItemRoom
from screens.sample.source import SampleSource

MOMENT = "2026-11-20T07:41:07Z"  # a Friday, 14:41:07 in Hà Nội
PATIENCE = 60.0  # seconds; only a desk that hangs takes so long
WAITING = frozenset({"act", "palette", "save", "jump"})  # workers that wait for a person

TOUR: Mapping[str, tuple[str, ...]] = {
    "calendar": (),
    "calendar-week": ("v",),
    "calendar-month": ("v", "v"),
    "release": ("enter",),
    "release-waits": ("end", "enter"),
    "queue": ("2",),
    "queue-text": ("2", "d"),
    "approve": ("2", "a"),
    "monitor": ("3",),
    "items": ("4",),
    "item": ("4", "enter"),
    "item-pair": ("4", "enter", "f4"),
    "item-preview": ("4", "enter", "ctrl+o"),
    "contacts": ("5",),
    "contacts-list": ("5", "b"),
    "enquiry": ("5", "tab", "enter"),
    "terms": ("6",),
    "handbook": ("7",),
    "log": ("8",),
    "log-entry": ("8", "enter"),
    "search": ("9", *"quy iii".replace(" ", "_"), "enter"),
    "reports": ("0",),
    "reports-lateness": ("0", "p"),
    "help": ("2", "question_mark"),
    "palette": ("ctrl+p",),
}
"""Each picture's name, and the keys that lead to it; `_` is the space bar."""


def sample_desk() -> DeskApp:
    """A desk on the sample, on a clock that stands still. The key of its person is open."""
    clock = FakeClock(MOMENT)
    return DeskApp(SampleSource(clock), clock=clock, idle_lock=0)


async def settle(pilot: Pilot[None]) -> None:
    """Until every worker has answered and the picture stands."""
    for _round in range(3):
        await pilot.pause()
        waiting = [one.wait() for one in pilot.app.workers if one.group not in WAITING]
        await asyncio.gather(*waiting, return_exceptions=True)  # one may take another's place
    await pilot.pause()


async def until(pilot: Pilot[None], ready: Callable[[], object]) -> None:
    """Let the desk run until then. Raises TimeoutError."""
    end = monotonic() + PATIENCE
    while not ready():
        if monotonic() > end:
            raise TimeoutError(f"never ready: {pilot.app.screen}")
        await asyncio.sleep(0.01)
        await settle(pilot)


async def go(pilot: Pilot[None], name: str) -> None:
    """Press the keys to a picture of `TOUR`, and wait until nothing in it moves any more."""
    app = pilot.app
    assert isinstance(app, DeskApp)
    await until(pilot, lambda: app.view is not None and app.pulse.next is not None)
    for key in TOUR[name]:
        before = app.screen
        await pilot.press("space" if key == "_" else key)
        await settle(pilot)
        if key in ("a", "question_mark", "ctrl+p", "ctrl+o", "enter") and name != "search":
            await until(pilot, lambda before=before: app.screen is not before)  # type: ignore[misc]
        await until(pilot, lambda: _checked(app))
    for field in app.screen.query(Input):
        field.cursor_blink = False
    for area in app.screen.query(TextArea):
        area.cursor_blink = False
    held = app.focused
    app.screen.set_focus(None)  # a mark that has just blinked away comes back with the focus
    app.screen.set_focus(held)
    await settle(pilot)


def _checked(app: DeskApp) -> bool:
    """Whether the gates have looked at the text that is open."""
    rooms = [one for one in app.screen_stack if isinstance(one, ItemRoom)]
    return all(one.check is not None and one.around.open for one in rooms)
