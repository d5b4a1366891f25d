"""How a test waits for what the desk's workers bring, and what it reads from the screen."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from typing import Any

from textual.app import App
from textual.pilot import Pilot
from textual.screen import ModalScreen

from screens.dialogs.base import Dialog

PERSON = frozenset({"act", "carried", "jump", "leave", "palette"})
"""Groups of workers that may wait for the person."""
ROUNDS = 3000  # of 20 ms and more; only ends a hung test
MOMENT = 1500  # rounds in which an act asks for something, unless the test holds it up itself


async def settled(pilot: Pilot[Any], but: Collection[str] = PERSON) -> None:
    """Until the workers of all groups `but` these have ended, however they did, and all is drawn.

    An act has ended then, too, or asks the person for something. A reading that another one takes
    the place of is cancelled: that is no failure, and the other one is waited for, too.
    """
    moments = MOMENT
    for _round in range(4):
        await pilot.pause()
        waiting = [one.wait() for one in pilot.app.workers if one.group not in but]
        await asyncio.gather(*waiting, return_exceptions=True)
        while moments and _acts(pilot.app):
            moments -= 1
            await pilot.pause(0.02)
    await pilot.pause()


def _acts(app: App[Any]) -> bool:
    """Whether an act is on its way, and waits for nobody: no dialog is drawn, and no curtain."""
    acting = any(one.group == "act" and not one.is_finished for one in app.workers)
    return acting and not (isinstance(app.screen, ModalScreen) and _drawn(app))


def _drawn(app: App[Any]) -> bool:
    """Whether a dialog, if one is on top, can be read: it is there before it is laid out."""
    return not isinstance(app.screen, Dialog) or bool(picture(app).strip())


async def until(pilot: Pilot[Any], ready: Callable[[], object], what: str = "") -> None:
    """Wait for what a worker brings about; a test that hangs here has failed.

    A dialog that has come by it is drawn.
    """
    for _round in range(ROUNDS):
        if ready() and (pilot.app._exit or _drawn(pilot.app)):
            return
        await pilot.pause(0.02)
    raise AssertionError(f"never came: {what}\n{picture(pilot.app)}")


def picture(app: App[Any]) -> str:
    """What the screen shows, as text."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())
