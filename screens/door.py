"""The door: a desk whose key is still locked shows nothing but a field for the passphrase."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import Screen

from desk.errors import DeskError, TrustError
from desk.locales import _, told
from screens.parting import Parting
from screens.widgets.input import Input
from screens.widgets.plain import Plain

TRIES = 5  # wrong passphrases after which the desk ends

Unlock = Callable[[str], object]
"""Unlocks the key for the sitting. Raises TrustError for a wrong passphrase."""


class Door(Parting, Screen[None]):
    """Asks until the key opens; then `opened` is called. Ends the desk after TRIES."""

    def __init__(self, unlock: Unlock, opened: Callable[[], Awaitable[None]]) -> None:
        super().__init__()
        self._unlock = unlock
        self._opened = opened
        self._wrong = 0

    def compose(self) -> ComposeResult:
        """Name, field, and a line for what went wrong."""
        with Vertical(id="door"):
            yield Plain("Desk", id="door-title")
            yield Plain(_("The key of this desk is locked. Its passphrase opens it."))
            yield Input(password=True, placeholder=_("passphrase"), id="passphrase", compact=True)
            yield Plain("", id="missing")
            yield Plain(_("Enter opens · Ctrl+Q leaves"), classes="label")

    def on_mount(self) -> None:
        """Typing goes to the field."""
        self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Try it, in a thread: the derivation is slow on purpose."""
        event.stop()
        typed, event.input.value = event.input.value, ""
        if typed and not event.input.disabled:
            event.input.disabled = True
            self.query_one("#missing", Plain).show(_("opening…"))
            self.run_worker(self._try(typed), group="door", exclusive=True)

    async def _try(self, passphrase: str) -> None:
        try:
            await asyncio.to_thread(self._unlock, passphrase)
        except DeskError as error:
            self._refuse(error)
        else:
            await self._opened()

    def _refuse(self, error: DeskError) -> None:
        self._wrong += isinstance(error, TrustError)
        if self._wrong >= TRIES:
            self.app.exit(return_code=error.exit_code)
            return
        self.query_one("#missing", Plain).show("✖ " + told(error.sentence))
        field = self.query_one(Input)
        field.disabled = False
        field.focus()
