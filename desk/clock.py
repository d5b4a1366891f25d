"""Time: one clock that can be injected, and the one written form of an instant.

An instant is UTC, written `YYYY-MM-DDTHH:MM:SSZ`. A wall time is what a person typed; with an
IANA zone it gives an instant, unless the zone skips it (refused) or repeats it (must be chosen).
"""

from __future__ import annotations

import asyncio
import re
import time
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from desk.errors import UsageError
from desk.phrase import phrase

Fold = Literal["earlier", "later"]
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)


class Clock(Protocol):
    """Where time comes from. `time_ns` may be stepped by an administrator, `monotonic_ns` not."""

    def time_ns(self) -> int:
        """Wall clock: nanoseconds since 1970-01-01T00:00:00Z."""
        ...

    def monotonic_ns(self) -> int:
        """Nanoseconds from an arbitrary start, never going back."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait about so many seconds of monotonic time."""
        ...


class SystemClock:
    """The machine's clock."""

    def time_ns(self) -> int:
        """Wall clock, ns since the epoch."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """CLOCK_MONOTONIC in ns."""
        return time.monotonic_ns()

    async def sleep(self, seconds: float) -> None:
        """`asyncio.sleep`."""
        await asyncio.sleep(seconds)


class FakeClock:
    """A clock for tests: time moves only when told, or when somebody sleeps."""

    def __init__(self, start: datetime | str = "2026-11-20T01:00:00Z") -> None:
        moment = parse_instant(start) if isinstance(start, str) else start
        self._wall = int(moment.timestamp()) * 1_000_000_000
        self._mono = 1_000_000_000

    def time_ns(self) -> int:
        """The wall time that was set."""
        return self._wall

    def monotonic_ns(self) -> int:
        """The monotonic time that has passed."""
        return self._mono

    async def sleep(self, seconds: float) -> None:
        """Move both clocks on and yield to the loop."""
        self.advance(seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        """Let time pass on both clocks."""
        self._wall += int(seconds * 1e9)
        self._mono += int(seconds * 1e9)

    def step(self, seconds: float) -> None:
        """Set the wall clock by so many seconds, as an administrator would."""
        self._wall += int(seconds * 1e9)


def now(clock: Clock) -> datetime:
    """The wall time as an aware datetime in UTC, microsecond precision."""
    return datetime.fromtimestamp(clock.time_ns() / 1e9, UTC)


def written(moment: datetime) -> str:
    """The one written form: UTC, whole seconds, `YYYY-MM-DDTHH:MM:SSZ`. Refuses naive times."""
    if moment.tzinfo is None:
        raise UsageError("A time without a zone is not an instant", repr(moment))
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Read the written form and nothing else. Raises UsageError."""
    if not _WRITTEN.fullmatch(text):
        raise UsageError(
            "Not an instant",
            text[:40],
            "Write it as YYYY-MM-DDTHH:MM:SSZ, in UTC, for example 2026-11-20T08:00:00Z",
        )
    try:
        # Ten times as fast as strptime, and lists read thousands; unlike fromisoformat it takes no
        # hour 24, whatever the version of Python.
        day = int(text[:4]), int(text[5:7]), int(text[8:10])
        return datetime(*day, int(text[11:13]), int(text[14:16]), int(text[17:19]), tzinfo=UTC)
    except ValueError as error:
        raise UsageError("No such time", f"{text}: {error}") from None


def epoch_ns(instant: str) -> int:
    """A written instant as nanoseconds since 1970-01-01T00:00:00Z."""
    return int(parse_instant(instant).timestamp()) * 1_000_000_000


def zone(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises UsageError."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            "Unknown time zone", name, "Use an IANA name such as Asia/Ho_Chi_Minh"
        ) from None


def to_instant(wall: datetime, zone_name: str, fold: Fold | None = None) -> datetime:
    """The instant (UTC) at which clocks in that zone show `wall` (naive).

    Raises UsageError when the zone skips that time, or repeats it and `fold` does not choose.
    """
    tz = zone(zone_name)
    if wall.tzinfo is not None:
        raise UsageError("A wall time carries no offset", repr(wall))
    first = wall.replace(tzinfo=tz, fold=0)
    second = wall.replace(tzinfo=tz, fold=1)
    if first.utcoffset() != second.utcoffset():
        if first.astimezone(UTC).astimezone(tz).replace(tzinfo=None) != wall:
            raise UsageError(
                "That time does not exist",
                phrase(
                    "{wall:%Y-%m-%d %H:%M} is skipped in {zone_name}",
                    wall=wall,
                    zone_name=zone_name,
                ),
                "Clocks are put forward then: choose a time before or after",
            )
        if fold is None:
            raise UsageError(
                "That time occurs twice",
                phrase("{wall:%Y-%m-%d %H:%M} in {zone_name}", wall=wall, zone_name=zone_name),
                "Clocks are put back then: choose --fold earlier or --fold later",
            )
    chosen = second if fold == "later" else first
    return chosen.astimezone(UTC)


def to_wall(instant: datetime, zone_name: str) -> datetime:
    """What clocks in that zone show at that instant, as an aware datetime."""
    return instant.astimezone(zone(zone_name))


def seconds(span: timedelta) -> int:
    """A span as whole seconds."""
    return int(span.total_seconds())
