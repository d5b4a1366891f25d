"""The curtain: hides everything at once, keeps the countdown and whatever lies below as it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from desk.locales import _, dates
from screens.parting import Parting
from screens.source import Pulse
from screens.widgets.plain import TONES, Plain, line, lines


class Curtain(Parting, ModalScreen[bool]):
    """Covers the room, its dialogs and their texts until Enter, Escape or Ctrl+L.

    It shows no title and no code name: only the time, and how long until something goes out.
    """

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,escape", "lift", show=False)]

    def __init__(self, look: Callable[[], tuple[datetime, Pulse]]) -> None:
        """`look` answers with the moment, in the newsroom's zone, and the pulse."""
        super().__init__()
        self._look = look

    def compose(self) -> ComposeResult:
        """One text in the middle of an empty screen."""
        yield Plain("", id="curtain")

    def on_mount(self) -> None:
        """Show the time at once, then every second."""
        self._draw()
        self.set_interval(0.5, self._draw)

    def _draw(self) -> None:
        now, pulse = self._look()
        coming = pulse.next
        left = dates.countdown((coming.at - now).total_seconds()) if coming else ""
        self.query_one("#curtain", Plain).show(
            lines(
                line(("▒▒▒ " + _("hidden") + " ▒▒▒", TONES["dim"])),
                "",
                line((dates.clock_time(now), "bold")),
                line((_("next release in") + " ", TONES["dim"]), (left, "bold $text-accent"))
                if left
                else "",
                "",
                line((_("Enter shows the desk again"), TONES["dim"])),
            )
        )

    def action_lift(self) -> None:
        """Show the desk again."""
        self.dismiss(True)
