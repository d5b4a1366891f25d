"""Type-ahead: keys are taken one after the other, and those after an act wait for its dialog.

Textual hands a key to the widget with the focus and acts on it when it has come back; reading what
a dialog shows takes a moment more. Who types a passphrase at once after `s` must not have its
letters read as commands of the room.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any

from textual import events
from textual.app import App
from textual.screen import ModalScreen, Screen
from textual.timer import Timer
from textual.worker import Worker

LONGEST = 2.0  # seconds that keys wait for a dialog; an act may need none, and take long
NEXT = 1.0  # the same once a dialog is answered: most acts ask no more
BACK = 0.5  # seconds in which a key comes back; a widget may have kept it
LOOK = 0.02  # seconds between two looks while keys wait
AT_ONCE = frozenset({"ctrl+c", "ctrl+l", "ctrl+q"})


class TypeAhead:
    """Keeps the keys of one app in order. `press` is what a key does when it waits no longer."""

    def __init__(self, app: App[Any], press: Callable[[events.Key], Awaitable[None]]) -> None:
        self._app, self._press = app, press
        self._act: Worker[Any] | None = None
        self._until: float | None = None  # so long the act's dialog is awaited
        self._sent: float | None = None  # when the last key left, while it is on its way
        self._early: list[events.Key] = []
        self._look: Timer | None = None
        self._shown: Screen[Any] | None = None  # what is on top, since when, and whether its field
        self._shown_since, self._drawn = 0.0, True  # has had the focus

    def begins(self, act: Worker[Any]) -> None:
        """An act has begun, which may open a dialog."""
        self._act, self._until = act, time.monotonic() + LONGEST

    def goes_on(self) -> None:
        """A dialog is answered: the same act may open the next one."""
        if self._act is not None:
            self._until = time.monotonic() + NEXT

    def sent(self) -> None:
        """A key is on its way to the widget with the focus, and does more than that widget does."""
        self._sent = time.monotonic()

    def came_back(self) -> None:
        """It has come back, and what it does was begun."""
        self._sent = None
        if self._early:
            self._app.call_later(self._replay)

    def holds(self, event: events.Key) -> bool:
        """Whether this key waits; it comes back by itself then."""
        if event.key in AT_ONCE or not (self._early or self._busy()):
            return False
        self._early.append(event)
        self._wait()
        return True

    def _busy(self) -> bool:
        if self._sent is not None and time.monotonic() - self._sent > BACK:
            self._sent = None
        return self._sent is not None or self._opening() or self._drawing()

    def _opening(self) -> bool:
        if self._until is None:
            return False
        over = time.monotonic() > self._until
        if over or self._act is None or self._act.is_finished or self._ready():
            self._until = None
        return self._until is not None

    def _drawing(self) -> bool:
        """Whether the dialog on top is on the screen already and its field not ready for keys.

        That is so for a moment only, once in its life: later a click beside the fields may take
        the focus away, and Tab has to bring it back.
        """
        top = self._app.screen
        if top is not self._shown:
            self._shown, self._shown_since = top, time.monotonic()
            self._drawn = False
        if self._ready() or time.monotonic() - self._shown_since > LONGEST:
            self._drawn = True
        return isinstance(top, ModalScreen) and not self._drawn

    def _ready(self) -> bool:
        """Whether a dialog is there and takes keys."""
        top = self._app.screen
        if not isinstance(top, ModalScreen) or not top.is_mounted:
            return False
        return top.focused is not None or not top.focus_chain

    def _wait(self) -> None:
        if self._look is None:
            self._look = self._app.set_interval(LOOK, self._again)

    def _again(self) -> None:
        if not self._busy():
            self._app.call_later(self._replay)

    async def _replay(self) -> None:
        while self._early and not self._busy():
            await self._press(self._early.pop(0))
        if not self._early and self._look is not None:
            self._look.stop()
            self._look = None
