"""Privacy at the desk: the curtain, the idle lock, and notices that are safe to show."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

from textual.app import App, ScreenStackError
from textual.notifications import SeverityLevel
from textual.widget import AwaitMount

from desk.clock import Clock
from desk.locales import _
from desk.text import safe_text
from screens import clipboard
from screens.dialogs.curtain import Curtain
from screens.source import Pulse


def far_away() -> bool:
    """Whether the terminal is at the other end of a line (ssh), or can do little."""
    return bool(os.environ.get("SSH_CONNECTION")) or os.environ.get("TERM") in ("dumb", "linux")


class PrivateApp(App[None]):
    """An app that can hide all its text at once, and does so when nobody touches it.

    `idle_lock` is in seconds; 0 never locks. What lies behind the curtain stays as it was:
    cursor, undo, open dialogs. Notices that come meanwhile are shown when it is lifted.
    """

    def __init__(self, clock: Clock, idle_lock: float) -> None:
        super().__init__()
        if far_away():
            self.animation_level = "none"
        self.clock = clock
        self.idle_lock = idle_lock
        self._touched = clock.monotonic_ns()
        self._kept = False
        self._unseen: list[tuple[str, str, SeverityLevel]] = []
        self._unshown: list[Callable[[], object]] = []
        self._lifted = asyncio.Event()

    def look(self) -> tuple[datetime, Pulse]:
        """What the curtain may show: the time, and when something goes out."""
        raise NotImplementedError

    @property
    def locked(self) -> bool:
        """Whether the curtain is down."""
        try:
            return any(isinstance(screen, Curtain) for screen in self.screen_stack)
        except ScreenStackError:  # no screen yet
            return False

    def touch(self) -> None:
        """Somebody is here."""
        self._touched = self.clock.monotonic_ns()

    def lock_when_idle(self) -> None:
        """Hide everything when nobody has touched a key or the mouse for long."""
        idle = (self.clock.monotonic_ns() - self._touched) / 1e9
        if self.idle_lock and idle > self.idle_lock and not self.locked:
            self.action_lock()

    def action_lock(self) -> None:
        """Hide all text, or show it again."""
        if isinstance(self.screen, Curtain):
            self.screen.action_lift()
            return
        self.clear_notifications()  # a toast would show through
        self._lifted.clear()
        self.push_screen(Curtain(self.look), self._unlocked)
        self.hidden()

    def hidden(self) -> None:
        """The curtain has come down: a chance to drop what was opened."""

    def _unlocked(self, _result: bool | None) -> None:
        self.touch()
        self._lifted.set()
        unshown, self._unshown = self._unshown, []
        for show in unshown:
            show()
        unseen, self._unseen = self._unseen, []
        for message, title, severity in unseen:
            self.notify(message, title=title, severity=severity)

    async def in_sight(self) -> None:
        """Wait until the curtain is up."""
        while self.locked:
            await self._lifted.wait()

    def push_screen(
        self, screen: Any, callback: Any = None, wait_for_dismiss: bool = False, *,
        mode: str | None = None,
    ) -> Any:  # fmt: skip
        """As Textual does; what is to be read and comes behind the curtain is shown after it."""
        push: Any = super().push_screen
        if self.locked and not wait_for_dismiss:
            self._unshown.append(partial(self.push_screen, screen, callback, mode=mode))
            return AwaitMount(self.screen, [])
        return push(screen, callback, wait_for_dismiss, mode=mode)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Tell something in passing. Never markup; kept back while the curtain is down."""
        if self.locked:
            self._unseen.append((message, title, severity))
            return
        text = safe_text(message, multiline=True)
        super().notify(
            text, title=safe_text(title), severity=severity, timeout=timeout, markup=False
        )

    def shows_sealed(self) -> bool:
        """Whether what can be copied here may be under embargo."""
        return True

    def copy_to_clipboard(self, text: str) -> None:
        """Hand text to the terminal's clipboard, and say so.

        Many terminals take none: public text also goes into a file, whose place is told. Text
        that may be under embargo is never written down; the person is warned instead. Whatever
        stood in it, nothing of it can act when it is pasted into a terminal.
        """
        text = safe_text(text.replace("\r\n", "\n"), multiline=True)
        super().copy_to_clipboard(text)
        if self.shows_sealed():
            told = _("Copied. It may be under embargo: paste it nowhere but here.")
            self.notify(told, severity="warning")
            return
        try:
            file = clipboard.keep(text)
        except OSError as error:
            self.notify(str(error.strerror), title=_("clipboard"), severity="warning")
            return
        self._kept = True
        self.notify(_("Copied; also in {file}").format(file=file), title=_("clipboard"))

    def on_unmount(self) -> None:
        """What was copied into a file goes with the desk."""
        if self._kept:
            clipboard.forget()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Behind the curtain nothing works but lifting it, and leaving."""
        return action in ("lock", "lift", "quit") if self.locked else True
