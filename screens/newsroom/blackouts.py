"""Blackouts as the calendar tells them: once on each day they cover, and in each of its hours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from desk.clock import to_wall, written, zone
from desk.newsroom.schedule import day_starts
from screens.source import CalendarRow
from screens.source.calendar_room import HourCell


def on_each_day(
    rows: Iterable[CalendarRow], place: str, early: datetime, late: datetime
) -> list[CalendarRow]:
    """The rows, with one for each day of a blackout whose time there touches the span.

    A day's row keeps the end of the whole and says since when; slots stay as they are.
    """
    found: list[CalendarRow] = []
    for row in rows:
        if row.until is None:
            found.append(row)
            continue
        for at in day_starts(row.at, row.until, place, early, late):
            key = f"{written(at)}/{row.key.partition('/')[2]}"
            found.append(replace(row, key=key, at=at, since=row.at))
    return sorted(found, key=lambda row: row.key)


def hours(row: CalendarRow, first: date, days: int, place: str) -> list[HourCell]:
    """A cell for each hour that a blackout covers, of so many days from that one on."""
    if row.until is None:
        return []
    tz = zone(place)
    since, until = to_wall(row.at, place), to_wall(row.until, place)
    hour = max(row.at, datetime.combine(first, time(), tz).astimezone(UTC))
    hour = hour.replace(minute=0, second=0)
    last = min(row.until, datetime.combine(first + timedelta(days=days), time(), tz))
    found = []
    while hour < last:
        wall = to_wall(hour, place)
        found.append(
            HourCell(wall.date(), wall.hour, "blackout", 1, f"{wall:%H:%M}", label=row.title,
                     since=since, until=until)
        )  # fmt: skip
        hour += timedelta(hours=1)
    return found
