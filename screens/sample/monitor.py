"""The sample's publisher: in good health, with one release due."""

from __future__ import annotations

from datetime import timedelta

from desk.clock import now
from screens.sample.calendar import SampleCalendar
from screens.source import (
    ChannelState,
    DayRecord,
    DueRelease,
    Monitor,
    PublisherState,
    Standby,
)


class SampleMonitor(SampleCalendar):
    """Answers the monitor."""

    def monitor(self) -> Monitor:
        """A leader, a standby, the next two releases, and how the day went."""
        self._check()
        left = (self.due - now(self.clock)).total_seconds()
        done = left <= 0
        channels = tuple(
            ChannelState(
                code,
                name,
                code != "world",
                3,
                3,
                code != "world",
                "published" if done else "staged",
                True if done or code != "world" else None,
                2.1 if done else None,
            )
            for code, name in (("portal", "Cổng tin"), ("press", "Báo chí"), ("world", "Đối ngoại"))
        )
        due = DueRelease(
            "r-quy3",
            "Số liệu quý III",
            self.due,
            "released" if done else "staged",
            "r-quy3" in self.held,
            "comparing" if done else "ready",
            3,
            channels,
        )
        later = DueRelease(
            "r-sao-mai",
            "SAO-MAI",
            self.due + timedelta(hours=1, minutes=30),
            "provisional",
            False,
            "waiting",
            2,
            (),
        )
        record = DayRecord(14, 0, 0, 0, 2.1, 11.0, (2.0, 3.1, 1.8, 2.2, 4.0, 2.1, 11.0, 2.4))
        publisher = PublisherState("pub-1", 41, True, (Standby("pub-2", True, 0.2),), -0.4, True)
        return Monitor(publisher, (due, later), record, (), self.start, 212, True)
