"""Zone changes: the wall times that a zone skips (gaps) or repeats (folds) in given years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache

from desk.clock import zone


@dataclass(frozen=True)
class Change:
    """One change of a zone's offset from UTC.

    `start` and `end` are naive wall times, half open: skipped when `gap`, else they occur twice.
    """

    start: datetime
    end: datetime
    gap: bool

    def covers(self, wall: datetime) -> bool:
        """Whether the naive wall time is one of those skipped or repeated."""
        return self.start <= wall < self.end


@lru_cache(maxsize=32)
def changes(zone_name: str, first_year: int, last_year: int) -> tuple[Change, ...]:
    """All changes of the zone's offset in those years (UTC), in order. Raises UsageError.

    Looks weekly and then halves: no zone keeps an offset for less than a week.
    """
    tz = zone(zone_name)
    step = timedelta(days=7)
    found = []
    moment = datetime(first_year, 1, 1, tzinfo=UTC)
    end = datetime(last_year + 1, 1, 1, tzinfo=UTC)
    before = _offset(moment, tz)
    while moment < end:
        later = moment + step
        after = _offset(later, tz)
        if after != before:
            at = _first_after(moment, later, tz).replace(tzinfo=None)
            low, high = sorted((at + before, at + after))
            found.append(Change(low, high, gap=after > before))
        moment, before = later, after
    return tuple(found)


def _offset(moment: datetime, tz: tzinfo) -> timedelta:
    return moment.astimezone(tz).utcoffset() or timedelta(0)


def _first_after(low: datetime, high: datetime, tz: tzinfo) -> datetime:
    """The first second in (low, high] at which the new offset holds."""
    old = _offset(low, tz)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=int((high - low).total_seconds()) // 2)
        if _offset(middle, tz) == old:
            low = middle
        else:
            high = middle
    return high
