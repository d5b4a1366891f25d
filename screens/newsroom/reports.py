"""The reports room over the log: counted from the acts, read once and then only what is new."""

from __future__ import annotations

from desk.reports import tables
from desk.reports.facts import Going, Past
from desk.reports.report import Report, report
from desk.spreadsheet import write_new
from desk.store import log
from screens.newsroom.part import Part
from screens.source.reports_room import ReportsView


class ReportsPart(Part):
    """Answers the reports room."""

    _past: Past | None = None

    def reports(self, going: Going | None = None) -> ReportsView | None:
        """The figures of every month and agency; None when `going` stopped it."""
        if not self._read().read(going):
            return None
        config = self._house.config()
        known = config.agencies if config else ()
        return ReportsView(
            self._report(), {one.id: self._house.named(one.name, one.id) for one in known}
        )

    def _read(self) -> Past:
        if self._past is None:
            self._past = Past(self._house.room)
        return self._past

    def _report(self) -> Report:
        past = self._read()
        return report(past.facts(), past.zone)

    def reports_export(self) -> tuple[str, ...]:
        """Write the tables beside the newsroom's own files."""
        room = self._house.room
        with room.store.read() as connection:
            head = log.head(connection).seq
        found = self._report()
        folder = self._house.calendar.parent
        return tuple(
            str(write_new(folder / f"reports-{head}-{part}.csv", tables.as_csv(found, part)))
            for part in tables.PARTS
        )
