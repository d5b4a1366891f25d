"""The sample's person and the head of every room."""

from __future__ import annotations

from desk.clock import Clock
from screens.sample.calendar import SampleCalendar
from screens.sample.memory import ZONE
from screens.source import DeskView, NextRelease, Pulse, QueueEntry


class SampleHouse(SampleCalendar):
    """Answers who is at the desk. `ringing` holds alerts that were not told yet."""

    entries: list[QueueEntry]

    def __init__(self, clock: Clock | None = None, *, asks_passphrase: bool = True) -> None:
        super().__init__(clock, asks_passphrase=asks_passphrase)
        self.ringing: list[str] = []

    def desk(self) -> DeskView:
        """A reviewer of the Statistics Office."""
        self._check()
        roles = ("review", "lead")
        name = "Cục Thống kê – kiểm duyệt 2"
        return DeskView(
            "Tòa soạn mẫu", ZONE, "review-2", name, roles, asks_passphrase=self.asks_passphrase
        )

    def pulse(self) -> Pulse:
        """The next release and how much waits."""
        self._check()
        held = "r-quy3" in self.held
        coming = NextRelease("r-quy3", "Số liệu quý III", self.due, "staged", held, 3, 3, True)
        return Pulse(coming, len(self.entries), 0, version=str(len(self.calls)))

    def rings(self) -> tuple[str, ...]:
        """What was put into `ringing`, once."""
        self._check()
        rung, self.ringing = tuple(self.ringing), []
        return rung
