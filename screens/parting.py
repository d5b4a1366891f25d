"""A screen that goes: once, and what runs for it ends before its widgets do."""

from __future__ import annotations

from typing import Any

from textual.await_complete import AwaitComplete
from textual.messages import Prune
from textual.screen import Screen


class Parting(Screen[Any]):
    """Part of every screen.

    Textual ends a screen's workers only after its children are gone: one that comes back from
    a thread in between would look for widgets there are no more, and end the desk.

    It also closes whatever is on top when a screen is dismissed. Of two Enters in one burst the
    second one would close the room below, with what was written there, or end the desk.
    """

    async def on_prune(self, event: Prune) -> None:
        """The screen is closed: nobody waits for what it was reading."""
        self.workers.cancel_node(self)

    def dismiss(self, result: Any = None) -> AwaitComplete:
        """As Textual does, once, and only itself."""
        if not self.is_active:
            return AwaitComplete()
        return super().dismiss(result)
