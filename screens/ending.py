"""How a desk ends: whatever is open anywhere stores what it has, or keeps the desk open."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from threading import Timer
from typing import Any

from textual import work
from textual.screen import Screen

from desk.errors import DeskError
from desk.locales import _
from screens.carrying import Carrying
from screens.dialogs.base import Dialog
from screens.privacy import PrivateApp
from screens.rooms import ROOMS
from screens.rooms.base import Room

LAST_WORDS = 8.0  # seconds until a desk without a terminal ends in any case
HUNG_UP = 129  # the exit code of who ends by SIGHUP, as shells tell it


class EndingApp(PrivateApp):
    """An app of rooms that ends without losing a word."""

    carrying: Carrying
    last_words: Timer | None = None

    def _places(self) -> Iterator[tuple[str, list[Screen[Any]]]]:
        """Every room that was entered with what lies over it, the one in sight first."""
        for mode in sorted(ROOMS, key=lambda one: one != self.current_mode):
            with suppress(KeyError):  # nobody has gone there yet
                if stack := self.get_screen_stack(mode):
                    yield mode, stack

    def place_of(self, screen: object) -> str | None:
        """The room in which a screen is open, or lies over another one."""
        return next((mode for mode, stack in self._places() if screen in stack), None)

    @work(group="leave", exclusive=True)
    async def leave_desk(self) -> None:
        """Let every open room store what it has; one that cannot keeps the desk open.

        So does a question that waits in a room out of sight, and an act that was refused.
        """
        if not await self.carrying.settled():
            return
        await self._keep_open_forms()
        for mode, stack in list(self._places()):
            if mode != self.current_mode and isinstance(stack[-1], Dialog):
                self.notify(_("A question waits here: answer or leave it first."))
                self.switch_mode(mode)
                return
            for room in reversed(stack):
                if isinstance(room, Room) and not await room.leaving():
                    self.switch_mode(mode)
                    return
        self.exit()

    async def _keep_open_forms(self) -> None:
        for _mode, stack in list(self._places()):
            for screen in reversed(stack):
                if isinstance(screen, Dialog):
                    with suppress(TimeoutError):
                        await asyncio.wait_for(screen.hang_up(), LAST_WORDS / 2)

    # From outside

    def end_from_outside(self) -> None:
        """End as when the terminal is gone; for a signal handler of who runs the desk."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.end_of_terminal)

    def end_of_terminal(self) -> None:
        """The window was closed, the line to it has broken (SIGHUP), or the machine goes down."""
        self.run_worker(self._hang_up(), group="leave", exclusive=True)

    async def _hang_up(self) -> None:
        # Writing to a terminal that is gone waits for ever.
        self.last_words = Timer(LAST_WORDS, os._exit, (HUNG_UP,))
        self.last_words.daemon = True
        self.last_words.start()
        await self._keep_open_forms()
        for _mode, stack in list(self._places()):
            for room in reversed(stack):
                if isinstance(room, Room):
                    with suppress(DeskError, TimeoutError):  # there is nobody to tell
                        await asyncio.wait_for(room.hang_up(), LAST_WORDS / 2)
        self.exit(return_code=HUNG_UP)
