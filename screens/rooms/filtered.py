"""A room whose list is narrowed by a field that appears when it is asked for."""

from __future__ import annotations

from typing import ClassVar

from textual.widget import Widget

from screens.rooms.base import Room
from screens.widgets.input import Input
from screens.widgets.virtual_table import VirtualTable


class Filtered(Room):
    """Has an `Input` with the id `filter` in its body; what was typed is in `_query`.

    The field is hidden while nothing is looked for. `AGAIN`: Enter reads again also when the
    words are the same, for lists that change without the newsroom's pulse.
    """

    AGAIN: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._query = ""

    @property
    def listed(self) -> Widget:
        """Where the keys go when nobody types."""
        return self.query_one(VirtualTable)

    def on_mount(self) -> None:
        """Keys go to the list; the filter appears when asked for."""
        self.query_one("#filter").display = False
        self.listed.focus()

    def action_filter(self) -> None:
        """Show the filter and type into it."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_no_filter(self) -> None:
        """Forget the filter."""
        self.look_for("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter looks."""
        event.stop()
        self.look_for(event.value.strip(), again=self.AGAIN)

    def look_for(self, query: str, *, again: bool = False) -> None:
        """Narrow the list to these words; none show everything."""
        field = self.query_one("#filter", Input)
        field.value, field.display = query, bool(query)
        self.listed.focus()
        if query != self._query or again:
            self._query = query
            self.narrowed()
            self.reread()

    def narrowed(self) -> None:
        """Other words are looked for: a chance to forget where the list stood."""
