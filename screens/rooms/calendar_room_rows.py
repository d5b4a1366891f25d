"""The rows of the calendar's list: a table's source over the newsroom's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from desk.locales import dates
from screens.source import CalendarRow
from screens.widgets.rows import Group

if TYPE_CHECKING:
    from screens.source import Source


class CalendarRows:
    """The calendar as a table's source: grouped by day, filtered by a query."""

    def __init__(self, source: Source, query: str, today: datetime) -> None:
        self._source, self._query, self._today = source, query, today

    def groups(self) -> Sequence[Group]:
        """One group a day."""
        zone = self._today.tzinfo
        return [
            Group(
                found.after,
                dates.day(datetime(*found.day.timetuple()[:3], tzinfo=zone), self._today),
                found.rows,
                found.day.isoformat(),
            )
            for found in self._source.calendar_days(self._query)
        ]

    def key_of(self, release: str) -> str:
        """The key of that release's row as it stands now; "" for none."""
        found = self._source.calendar_where(release) if release else None
        return found[0] if found else ""

    def releases(self, day: date, hour: int | None) -> list[CalendarRow]:
        """The releases of a day, or of one hour of it, on the newsroom's clocks."""
        found = next(
            (one for one in self._source.calendar_days(self._query) if one.day == day), None
        )
        rows = self._source.calendar_page(found.after, found.rows, self._query) if found else ()
        zone = self._today.tzinfo
        return [row for row in rows if row.kind == "release"
                and hour in (None, row.at.astimezone(zone).hour)]  # fmt: skip

    def page(self, after: str, limit: int) -> Sequence[CalendarRow]:
        """Rows after a cursor."""
        return self._source.calendar_page(after, limit, self._query)
