"""Warming: what the rooms will need is imported behind the first picture, by a thread.

The event loop is never to be held: not by importing a room when somebody first goes there, not by
the collector of garbage looking through everything that was imported, not by a thread that counts.
"""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from threading import Event
from typing import TYPE_CHECKING, Any

from desk import garbage
from screens import dialogs
from screens.rooms import PLACES

if TYPE_CHECKING:
    from textual.app import App

GROUP = "warm"  # of workers
SWITCH = 0.001  # seconds for which a busy thread may keep the loop waiting; Python's own are 5 ms


def modules() -> Iterator[str]:
    """The modules of every room and dialog."""
    for place in PLACES.values():
        yield f"screens.rooms.{place.partition(':')[0]}"
    for found in iter_modules(dialogs.__path__):
        yield f"{dialogs.__name__}.{found.name}"


def warm(stopped: Event) -> None:
    """Import them one by one, unless stopped; then take what is there out of the collector's way.

    Modules, classes and styles stay until the end: looking through them holds every thread for
    0.15 s, in the middle of a key press as likely as anywhere.
    """
    for name in modules():
        if stopped.is_set():
            return
        import_module(name)
    garbage.staying()


async def behind(app: App[Any]) -> None:
    """Warm when the first room has read what it shows. To be cancelled when the app ends."""
    sys.setswitchinterval(SWITCH)
    reading = [one.wait() for one in app.workers if one.group != GROUP]
    await asyncio.gather(*reading, return_exceptions=True)
    stopped = Event()
    try:
        await asyncio.to_thread(warm, stopped)
    finally:
        stopped.set()
        gc.enable()  # `desk app` begins without: there is no garbage before the first picture
