"""Where the calendar begins: at what comes next, also in the last minutes before midnight."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Literal, cast
from zoneinfo import ZoneInfo

import pytest

from screens.rooms.calendar_room import CalendarRoom
from screens.source import CalendarRow

NOW = datetime(2026, 11, 22, 23, 46, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
Kind = Literal["release", "slot", "blackout"]


def row(kind: Kind, minutes: int) -> CalendarRow:
    return CalendarRow(f"{kind} {minutes}", kind, NOW + timedelta(minutes=minutes), "")


@pytest.mark.parametrize(
    ("rows", "begins"),
    [
        ([row("release", -30), row("blackout", 14), row("release", 17)], "release 17"),
        ([row("blackout", 14), row("blackout", 15), row("slot", 90)], "slot 90"),
        ([row("release", -30), row("blackout", 14), row("release", 2000)], "blackout 14"),
        ([row("release", -30), row("blackout", 14)], "blackout 14"),
        ([row("blackout", -30), row("release", 5), row("blackout", 14)], "release 5"),
        ([row("release", -30)], "release -30"),
    ],
)  # fmt: skip
def test_it_begins_at_the_next_release_and_not_at_a_blackout_before_it(
    rows: list[CalendarRow], begins: str
) -> None:
    def at(index: int) -> CalendarRow | None:
        return rows[index] if 0 <= index < len(rows) else None

    table = SimpleNamespace(cursor=0, row=at)
    CalendarRoom._to_next(cast(CalendarRoom, SimpleNamespace(_table=table)), NOW)
    assert rows[table.cursor].key == begins
