"""Reports: were we on time, where does the time go, what comes back?"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from threading import Event
from typing import ClassVar

from textual import events, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll

from desk.alphabet import by_name
from desk.locales import _
from desk.reports.report import ALL, Figures
from screens import actions
from screens.dialogs.confirm import Confirm
from screens.dialogs.message import Message
from screens.rooms.base import Room
from screens.rooms.reports_text import (
    PICTURES,
    agency_text,
    in_order,
    month_text,
    percent,
    picture_text,
    releases_text,
)
from screens.source.reports_room import ReportsView
from screens.widgets.plain import TONES, Plain, line
from screens.widgets.plots import BarPlot, drawable
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable


class ReportsRoom(Room):
    """Months and agencies on the left, a picture of the row under the cursor on the right."""

    PLACE = "reports"
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings("reports")]

    def __init__(self) -> None:
        super().__init__()
        self._view: ReportsView | None = None
        self._rows: KnownRows[Figures] = KnownRows()
        self._picture = 0
        self._agency = ""

    def body(self) -> ComposeResult:
        """A line, the rows, the picture."""
        yield Plain(_("Counting the log …"), id="reports-line")
        with Horizontal(id="reports-halves"):
            columns: list[Column[Figures]] = [
                Column(_("Month, agency"), 19, self._name_cell, flex=True),
                Column(_("On time"), 8, self._rate_cell, right=True),
                Column(_("Releases"), 8, lambda row: (str(row.releases), ""), rank=2, right=True),
                Column(_("Returned"), 10, lambda row: (str(row.returned), ""), rank=3, right=True),
            ]
            yield VirtualTable(
                columns,
                empty=_("Nothing has happened yet: figures come with the first release."),
                id="reports",
            )
            with Vertical(id="reports-right"):
                yield Plain("", id="reports-title")
                yield BarPlot(id="reports-plot")
                with VerticalScroll(id="reports-more", can_focus=True):
                    yield Plain("", id="reports-text")

    def _name_cell(self, row: Figures) -> Cell:
        """The month on the row of all its agencies; below it each by its name."""
        if row.agency == ALL:
            return month_text(row.month), "strong"
        name = agency_text(row.agency, self._view.names if self._view else {})
        return (f"{month_text(row.month)} {name}" if self._agency else f"  {name}"), ""

    @staticmethod
    def _rate_cell(row: Figures) -> Cell:
        bad = row.early + row.missed
        return percent(row.on_time_rate), "bad" if bad else "warn" if row.late else ""

    @property
    def _table(self) -> VirtualTable[Figures]:
        return self.query_one(VirtualTable)

    def on_mount(self) -> None:
        """Keys go to the rows."""
        self.query_one("#reports-plot").display = False
        self._table.focus()

    async def read(self) -> None:
        """Count anew; the cursor stays on its month and agency.

        The first count of a long log takes seconds: it says how far it is, and ends when the
        person leaves, to go on from there when they come back.
        """
        stopped, loop = Event(), asyncio.get_running_loop()

        def going(done: int, of: int) -> bool:
            if self._view is None and not stopped.is_set():
                with suppress(RuntimeError):  # the loop has ended
                    loop.call_soon_threadsafe(self._tell_count, done, of)
            return not stopped.is_set()

        try:
            view = await self.ask(self.source.reports, going)
        finally:
            stopped.set()
        if view is None:
            return
        self._view = view
        await self._fill()

    def _tell_count(self, done: int, of: int) -> None:
        for place in self.query("#reports-line").results(Plain):
            place.show(_("Counting the log …") + f" {100 * done // max(of, 1)} %")

    def on_screen_suspend(self) -> None:
        """Nobody waits for the count any more."""
        self.workers.cancel_group(self, "read")

    async def _fill(self) -> None:
        assert self._view is not None
        kept = self._table.current
        figures = self._view.report.figures
        wanted = in_order([one for one in figures if self._agency in ("", one.agency)],
                          self._view.names)  # fmt: skip
        self._rows = KnownRows(wanted)
        await self._table.load(self._rows)
        place = self._rows.place(kept.key) if kept else None
        self._table.cursor = place if place is not None else 0
        self._draw()

    # The picture of the row under the cursor

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Another row."""
        event.stop()
        self._draw()

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter goes to the picture, to scroll it."""
        event.stop()
        self.query_one("#reports-more").focus()

    def on_resize(self, event: events.Resize) -> None:
        """A plot needs room."""
        self.call_after_refresh(self._draw)

    def _draw(self) -> None:
        row, view = self._table.current, self._view
        if row is None or view is None:
            self.query_one("#reports-line", Plain).show(_("Nothing has happened yet."))
            return
        picture = PICTURES[self._picture](view.report, row)
        where = f"{month_text(row.month)} · {agency_text(row.agency, view.names)}"
        self.query_one("#reports-line", Plain).show(
            line((where, "bold"), "  ", _("on time"), " ", (percent(row.on_time_rate), "bold"),
                 ("  " + _("from the signed acts alone"), TONES["dim"]))
        )  # fmt: skip
        number = f"{self._picture + 1}/{len(PICTURES)}"
        self.query_one("#reports-title", Plain).show(
            line((picture.title, "bold $text-accent"), (f"  {number}", TONES["dim"]))
        )
        right, plot = self.query_one("#reports-right"), self.query_one(BarPlot)
        size = right.content_size
        drawn = drawable(size.width, size.height // 2) and bool(picture.bars)
        plot.display = drawn
        if drawn:
            names = [name for name, _value, _shown in picture.bars]
            plot.show(picture.title, names, [value for _name, value, _shown in picture.bars])
        width = (size.width or 48) - 1  # a scrollbar may come
        text = picture_text(picture, width, drawn=drawn)
        self.query_one("#reports-text", Plain).show(text)

    def action_picture(self, by: int) -> None:
        """The next picture, or the one before, round the ends."""
        self._picture = (self._picture + by) % len(PICTURES)
        self._draw()
        self.query_one("#reports-more").scroll_home(animate=False)

    # Acts

    def action_releases(self) -> None:
        """The releases behind the row."""
        row, view = self._table.current, self._view
        if row is None or view is None:
            self.app.bell()
            return
        title = f"{month_text(row.month)} · {agency_text(row.agency, view.names)}"
        self.app.push_screen(Message(title, releases_text(view.report, row)))

    @work(group="act")
    async def action_agency(self) -> None:
        """Choose an agency."""
        from screens.dialogs.choose import Choose

        if self._view is None:
            return
        known = self._view.report.agencies
        options = [("", _("all agencies and each"))]
        named = by_name((one, agency_text(one, self._view.names)) for one in known)
        options += [(ALL, agency_text(ALL, {})), *named]
        chosen = await self.app.push_screen_wait(Choose(_("Agency"), options))
        if chosen is not None:
            self._agency = chosen
            await self._fill()

    @work(group="act")
    async def action_export(self) -> None:
        """Write CSV files."""
        title, what = _("Export the reports as CSV"), _("Figures, steps and releases: three files.")
        if not await self.app.push_screen_wait(Confirm(title, what, _("export"))):
            return
        paths = await self.ask(self.source.reports_export)
        if paths is not None:
            self.notify("\n".join(paths), title=_("Written"))
