"""The sample's calendar: three days of releases, a free slot, a blackout."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby

from desk.clock import Clock, now, parse_instant, to_instant, to_wall
from desk.errors import NotFound, Reason
from desk.releases.placing import read_moment
from screens.sample.memory import ZONE, Memory, called, digest
from screens.source import CalendarRow, DayCount, NextRelease, Outcome, Progress
from screens.source.calendar_room import (
    CalendarChoices,
    Clashing,
    HourCell,
    Placing,
    PlannedAs,
    Standing,
)
from screens.source.urgent import UrgentChoices, UrgentDone, UrgentPlace

BOTH = ("vi", "en")
CHANNELS = (("portal", "Cổng tin"), ("press", "Báo chí"), ("foreign", "Đối ngoại"))


class SampleCalendar(Memory):
    """Answers the calendar; what is planned or moved stays as it was."""

    def __init__(self, clock: Clock | None = None, *, asks_passphrase: bool = True) -> None:
        super().__init__(clock, asks_passphrase=asks_passphrase)
        self.rows = sample_rows(self.start)

    def row_of(self, release: str) -> CalendarRow:
        """The row of a release. Raises NotFound."""
        found = next((row for row in self.rows if row.release == release), None)
        if found is None:
            raise NotFound("No such release", release)
        return found

    @property
    def due(self) -> datetime:
        """The instant of the release that counts down."""
        return self.row_of("r-quy3").at

    def _matching(self, query: str) -> list[CalendarRow]:
        words = query.casefold().split()
        return [
            row
            for row in self.rows
            if all(
                word in f"{row.title} agency:{row.agency} state:{row.state}".casefold()
                for word in words
            )
        ]

    def calendar_days(self, query: str) -> Sequence[DayCount]:
        """Days of the rows that match."""
        self._check()
        found: list[DayCount] = []
        after = ""
        for day, rows in groupby(self._matching(query), lambda row: to_wall(row.at, ZONE).date()):
            keys = [row.key for row in rows]
            found.append(DayCount(day, after, len(keys)))
            after = keys[-1]
        return found

    def calendar_page(self, after: str, limit: int, query: str) -> Sequence[CalendarRow]:
        """Rows after a key; keys sort like their rows."""
        self._check()
        rows = self._matching(query)
        start = bisect_right([row.key for row in rows], after)
        return [
            replace(row, held=row.release in self.held) if row.release else row
            for row in rows[start : start + limit]
        ]

    def calendar_span(self, first: date, days: int, query: str) -> Sequence[HourCell]:
        """The hours of the rows that match; a blackout reaches until its end."""
        cells: list[HourCell] = []
        for row in self._matching(query):
            for wall in _hours(row):
                if first <= wall.date() < first + timedelta(days=days):
                    cells.append(
                        HourCell(wall.date(), wall.hour, row.kind, 1, f"{wall:%H:%M}", row.state,
                                 row.release in self.held, row.title,
                                 row.until and to_wall(row.at, ZONE),
                                 row.until and to_wall(row.until, ZONE), row.release)
                    )  # fmt: skip
        return sorted(cells, key=lambda cell: (cell.day, cell.hour))

    def calendar_coming(self, limit: int) -> Sequence[NextRelease]:
        """The rows ahead of the clock."""
        moment = now(self.clock)
        ahead = [row for row in self.rows if row.kind == "release" and row.at > moment]
        return [NextRelease(row.release, row.title, row.at, row.state, row.release in self.held,
                            row.items, row.channels, True) for row in ahead[:limit]]  # fmt: skip

    def calendar_cannot(self) -> Mapping[str, tuple[Reason, ...]]:
        """This lead may do everything."""
        return {}

    def calendar_choices(self) -> CalendarChoices:
        """Two items, three channels."""
        items = (("i-5", "Hỏi đáp bảo hiểm y tế"), ("i-6", "Lịch tiêm chủng tháng 12"))
        return CalendarChoices(items, CHANNELS)

    def calendar_planned(self, release: str) -> PlannedAs:
        """A release as it is planned now."""
        row = self.row_of(release)
        wall = f"{to_wall(row.at, ZONE):%Y-%m-%d %H:%M:%S}"
        channels = tuple(name for name, _title in CHANNELS[: row.channels])
        return PlannedAs(release, row.title, wall, ZONE, row.state != "provisional", (), channels)

    def calendar_where(self, release: str) -> tuple[str, datetime] | None:
        """Where its row stands."""
        return next(((row.key, row.at) for row in self.rows if row.release == release), None)

    def calendar_standing(self, release: str) -> Standing:
        """As its row says."""
        row = self.row_of(release)
        return Standing(row.at, row.state, release in self.held, digest(8))

    def calendar_place(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str],
        slot: str = "", release: str = "",
    ) -> Placing:  # fmt: skip
        """Nothing speaks against any place."""
        return Placing(parse_instant(read_moment(wall, ZONE).at))

    def calendar_left(
        self, items: Sequence[str], channels: Sequence[str], release: str = ""
    ) -> Sequence[str]:
        """Nothing is public yet of what the sample plans."""
        return ()

    def calendar_clashes(self) -> Sequence[Clashing]:
        """One release in a blackout."""
        row = next(one for one in self.rows if one.kind == "release")
        why = called("rơi vào thời gian ngừng công bố", "falls into a blackout")
        return [Clashing(row.release, row.title, row.at, why)]

    def urgent_choices(self) -> UrgentChoices:
        """One urgent kind, for one agency, in Vietnamese."""
        kinds = (("urgent", called("Tin khẩn", "Urgent notice")),)
        return UrgentChoices(kinds, (("y-te", called("Bộ Y tế", "Ministry of Health")),),
                             (("urgent", ("vi",)),))  # fmt: skip

    def urgent_clashes(self, place: UrgentPlace) -> Sequence[str]:
        """Nothing."""
        return ()

    def urgent(self, place: UrgentPlace, texts: Mapping[str, str], passphrase: str) -> UrgentDone:
        """Remember it."""
        self._done("urgent", place.agency, texts["headline"])
        return UrgentDone("i-9", next(one.release for one in self.rows if one.release), False)

    def calendar_plan(
        self, wall: str, fold: str, items: Sequence[str], channels: Sequence[str], code: str,
        slot: str = "",
    ) -> Outcome:  # fmt: skip
        """Remember it."""
        self._done("plan", wall, code)
        return Outcome(called("Đã đưa vào lịch", "Planned"))

    def calendar_edit(
        self, release: str, items: Sequence[str], channels: Sequence[str], code: str
    ) -> Outcome:
        """Remember it."""
        self._done("edit", release, code)
        return Outcome(called("Đã sửa", "Edited"))

    def calendar_move(
        self, release: str, wall: str, fold: str, note: str, passphrase: str
    ) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("move", release, wall, note)
        return Outcome(called("Đã dời", "Moved"))

    def calendar_postpone(self, release: str, note: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("postpone", release, note)
        return Outcome(called("Đã hoãn", "Postponed"))

    def calendar_cancel(self, release: str, note: str, passphrase: str) -> Outcome:
        """Remember it, when the passphrase is right."""
        self._unlock(passphrase)
        self._done("cancel", release, note)
        return Outcome(called("Đã hủy", "Cancelled"))


def _hours(row: CalendarRow) -> list[datetime]:
    """The wall times a row stands at: its own, and each full hour of a blackout."""
    first = to_wall(row.at, ZONE)
    if row.until is None:
        return [first]
    count = int((row.until - row.at).total_seconds() // 3600)
    return [first + timedelta(hours=n) for n in range(max(1, count))]


def sample_rows(start: datetime) -> list[CalendarRow]:
    """Five days round `start` (in the newsroom's zone); one release is due in 19 minutes."""

    def at(days: int, hour: int, minute: int = 0) -> datetime:
        day = (start + timedelta(days=days)).date()
        return to_instant(datetime.combine(day, time(hour, minute)), ZONE)

    def row(name: str, when: datetime, title: str, **fields: object) -> CalendarRow:
        when = when.astimezone(UTC)
        base = CalendarRow(f"{when:%Y%m%d%H%M%S}-{name}", "release", when, title, f"r-{name}")
        return replace(base, **fields)  # type: ignore[arg-type]

    soon = start + timedelta(minutes=18, seconds=53)
    found = [
        row("sang", at(-1, 9, 30), "Bản tin sáng", state="released", agency="VPTW", languages=BOTH,
            channels=3, items=4, late_ms=2.0),
        row("toi", at(0, 0, 10), "Bản tin tối", state="released", agency="VPTW",
            languages=BOTH, channels=3, items=4, late_ms=3.0),
        row("quy3", soon, "Số liệu quý III", state="staged", agency="TK", languages=BOTH,
            channels=3, items=3, progress=Progress("signed", 2, 2)),
        row("sao-mai", soon + timedelta(minutes=90), "SAO-MAI", sealed=True, agency="VP",
            languages=("vi",), channels=1, items=2, progress=Progress("approved", 1, 3)),
        replace(row("chieu", soon + timedelta(minutes=120), "Bản tin chiều"), kind="slot",
                release=""),
        replace(row("bao-tri", at(1, 0), "bảo trì cổng"), kind="blackout", release="",
                until=at(2, 0)),
        row("sang2", at(3, 9, 30), "Bản tin sáng", state="confirmed", agency="VPTW",
            languages=BOTH, channels=3, items=7, progress=Progress("ready", 5, 7),
            warnings=("thiếu bản dịch",)),
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.key)


def many_rows(count: int, first: date) -> list[CalendarRow]:
    """`count` releases, forty a day, for measuring."""
    start = to_instant(datetime.combine(first, time(6)), ZONE)
    rows: list[CalendarRow] = []
    for number in range(count):
        day, slot = divmod(number, 40)
        when = start + timedelta(days=day, minutes=20 * slot)
        rows.append(
            CalendarRow(
                f"{when:%Y%m%d%H%M%S}-{number:06}", "release", when, f"Bản tin số {number}",
                f"r-{number:010}", "confirmed", agency="TK", languages=("vi", "en"), channels=3,
                items=4, progress=Progress("ready", number % 8, 7),
            )
        )  # fmt: skip
    return rows
