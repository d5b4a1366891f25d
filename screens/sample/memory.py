"""What every part of the sample stands on: its clock, its passphrase, and a list of what was done.

Posts, never persons: `Cục Thống kê – biên tập 1`. Numbers and domains are reserved ones (RFC 2606,
RFC 5737), so that nothing here can be called or opened.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from desk.clock import Clock, SystemClock, now, to_instant, to_wall
from desk.errors import DeskError, UsageError
from desk.locales import language

ZONE = "Asia/Ho_Chi_Minh"
PASSPHRASE = "thử nghiệm"  # noqa: S105 - opens nothing but this sample
DIGEST = "8c1f04b7a2d95e3360ab17ce94f2d8b15a0be36c7714d920efab45c3906d81e2"


def digest(number: int) -> str:
    """A digest that differs from the others; 64 hexadecimal digits."""
    return DIGEST[number % 64 :] + DIGEST[: number % 64]


def called(vi: str, en: str) -> str:
    """What something is called in the language of the interface."""
    return vi if language() == "vi" else en


class Memory:
    """The base of every part. `fault` is raised by the next calls; `calls` notes the acts.

    `start` is the moment at which the sample was made, on the newsroom's clocks: everything in it
    lies so long before or after that moment, to the second.
    """

    def __init__(self, clock: Clock | None = None, *, asks_passphrase: bool = True) -> None:
        self.clock = clock or SystemClock()
        self.asks_passphrase = asks_passphrase
        self.start = to_wall(now(self.clock), ZONE).replace(microsecond=0)
        self.calls: list[tuple[str, ...]] = []
        self.held: set[str] = set()
        self.fault: DeskError | None = None

    def day(self, days: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
        """A wall time so many days after the first one, as an instant."""
        date = (self.start + timedelta(days=days)).date()
        return to_instant(datetime.combine(date, time(hour, minute, second)), ZONE)

    def ago(self, minutes: float) -> datetime:
        """So many minutes before the sample was made."""
        return self.start - timedelta(minutes=minutes)

    def _check(self) -> None:
        if self.fault is not None:
            raise self.fault

    def _unlock(self, passphrase: str) -> None:
        if self.asks_passphrase and passphrase != PASSPHRASE:
            raise UsageError("The key stays locked", "wrong passphrase", "Try again")

    def _done(self, *call: str) -> None:
        self.calls.append(call)
