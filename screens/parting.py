"""A screen that goes: what runs for it ends before its widgets do."""

from __future__ import annotations

from textual.widget import Widget


class Parting(Widget):
    """Part of every screen.

    Textual ends a screen's workers only after its children are gone: one that comes back from
    a thread in between would look for widgets there are no more, and end the desk.
    """

    def on_prune(self) -> None:
        """The screen is closed: nobody waits for what it was reading."""
        self.workers.cancel_node(self)
