"""The calendar: what goes out when, is it ready, where is room?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.clock import to_wall
from desk.locales import _, dates, ngettext
from screens import actions, states
from screens.dialogs.confirm import Confirm
from screens.dialogs.message import Message
from screens.rooms.base import Room
from screens.rooms.release_text import release_text
from screens.source import CalendarRow, Source
from screens.widgets.input import Input
from screens.widgets.plain import TONES, line, lines
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Cell, Column, VirtualTable


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

    def page(self, after: str, limit: int) -> Sequence[CalendarRow]:
        """Rows after a cursor."""
        return self._source.calendar_page(after, limit, self._query)


def state_cell(row: CalendarRow) -> Cell:
    """Glyph and word of a row's state."""
    if row.kind == "slot":
        return str(states.SLOT), "dim"
    if row.kind == "blackout":
        return str(states.BLACKOUT), "warn"
    state = states.release_state(row.state, row.held)
    return str(state), state.tone


def title_cell(row: CalendarRow) -> Cell:
    """The title; a sealed release shows its code name behind the seal."""
    if row.sealed:
        return f"{states.SEALED} · {row.title}", "dim"
    return row.title, "dim" if row.kind != "release" else ""


def progress_cell(row: CalendarRow) -> Cell:
    """What is still missing, what is wrong, or how late it was."""
    if row.late_ms is not None:
        return f"+{dates.number(row.late_ms)} ms", "good"
    if row.progress is None:
        return (f"⚠ {row.warnings[0]}", "warn") if row.warnings else ("", "")
    names = {"approved": _("approved"), "signed": _("signed"), "ready": _("ready")}
    done = row.progress.done >= row.progress.needed
    text = f"{names[row.progress.what]} {row.progress.done}/{row.progress.needed}"
    return (f"{text} ⚠", "warn") if row.warnings else (text, "good" if done else "")


class CalendarRoom(Room):
    """Days and their releases, free slots and blackouts."""

    PLACE = "calendar"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("calendar"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._query = ""
        self._opened = False

    def body(self) -> ComposeResult:
        """A filter that appears when asked for, and the table."""
        yield Input(placeholder=_("words, agency:ID, state:WORD"), id="filter", compact=True)
        columns: list[Column[CalendarRow]] = [
            Column(_("Time"), 8, self._time_cell),
            Column(_("State"), 18, state_cell),
            Column(_("Title"), 22, title_cell, flex=True),
            Column(_("Agency"), 9, lambda row: (row.agency, "accent"), rank=3),
            Column(_("Lang."), 5, lambda row: (" ".join(row.languages), ""), rank=4),
            Column(_("Channels"), 10, self._channels_cell, rank=5),
            Column(_("Items"), 8, self._items_cell, rank=6),
            Column(_("Progress"), 14, progress_cell, rank=2),
        ]
        yield VirtualTable(columns, empty=_("Nothing in the calendar."), id="calendar")

    def _time_cell(self, row: CalendarRow) -> Cell:
        wall = to_wall(row.at, self.desk.zone)
        if row.until is not None and row.kind == "blackout":
            return f"{dates.short_time(wall)}–", "warn"
        return dates.short_time(wall), "dim" if row.kind == "slot" else "strong"

    @staticmethod
    def _channels_cell(row: CalendarRow) -> Cell:
        if not row.channels:
            return "", ""
        return ngettext("{n} channel", "{n} channels", row.channels).format(n=row.channels), "dim"

    @staticmethod
    def _items_cell(row: CalendarRow) -> Cell:
        if not row.items:
            return "", ""
        return ngettext("{n} item", "{n} items", row.items).format(n=row.items), "dim"

    @property
    def _table(self) -> VirtualTable[CalendarRow]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """Today at first, afterwards wherever the cursor is."""
        now = self.desk.moment
        rows = CalendarRows(self.source, self._query, now)
        at = None if self._opened else now.date().isoformat()
        self._opened = True
        await self._table.load(rows, at=at)
        if at is not None:
            self._to_next(now)

    def _to_next(self, now: datetime) -> None:
        """From the first row of today to the first that is still to come."""
        table, index = self._table, self._table.cursor
        while (row := table.row(index)) is not None and row.at < now:
            index += 1
        if table.row(index) is not None:
            table.cursor = index

    def on_mount(self) -> None:
        """Keys go to the table."""
        self.query_one("#filter").display = False
        self._table.focus()

    # Filter and place

    def action_filter(self) -> None:
        """Show the filter and type into it."""
        field = self.query_one("#filter", Input)
        field.display = True
        field.focus()

    def action_no_filter(self) -> None:
        """Forget the filter."""
        field = self.query_one("#filter", Input)
        field.value = ""
        field.display = False
        self._table.focus()
        self._look_for("")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in the filter looks."""
        self._table.focus()
        if not event.value.strip():
            event.input.display = False
        self._look_for(event.value.strip())

    def _look_for(self, query: str) -> None:
        if query != self._query:
            self._query, self._opened = query, False
            self.reread()

    def action_today(self) -> None:
        """Go to today."""
        self._opened = False
        self.reread()

    # Acts on the release under the cursor

    def _release(self) -> CalendarRow | None:
        row = self._table.current
        if row is None or row.kind != "release":
            self.notify(_("Put the cursor on a release first."), severity="warning")
            return None
        return row

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter opens."""
        event.stop()
        self.action_open()

    @work(group="act")
    async def action_open(self) -> None:
        """Show the release."""
        row = self._table.current
        if row is not None and row.kind != "release":
            self.app.push_screen(Message(row.title, self._plain_row(row)))
        elif row is not None and (view := await self.ask(self.source.release, row.release)):
            self.app.push_screen(Message(view.title, release_text(view, self.desk.zone)))

    def _plain_row(self, row: CalendarRow) -> str:
        wall = to_wall(row.at, self.desk.zone)
        text = f"{state_cell(row)[0]}  {dates.short_time(wall)} {dates.date(wall)}"
        if row.until is not None:
            end = to_wall(row.until, self.desk.zone)
            text += f" – {dates.short_time(end)} {dates.date(end)}"
        return text

    @work(group="act")
    async def action_sign(self) -> None:
        """Sign off exactly what is shown."""
        if (row := self._release()) is None:
            return
        view = await self.ask(self.source.release, row.release)
        if view is None:
            return
        if view.refusals:
            self.refuse(_("You cannot sign this release now"), view.refusals)
            return
        title = _("Sign off: {title}").format(title=view.title)
        secret = await self.secret(title, release_text(view, self.desk.zone), _("sign"))
        if secret is not None:
            await self.act(self.source.sign, view.release, view.manifest, secret)

    @work(group="act")
    async def action_confirm(self) -> None:
        """Make a provisional release confirmed."""
        if (row := self._release()) is None:
            return
        title = _("Confirm: {title}").format(title=row.title)
        if await self.app.push_screen_wait(Confirm(title, self._facts(row), _("confirm"))):
            await self.act(self.source.confirm, row.release)

    @work(group="act")
    async def action_hold(self) -> None:
        """Stop the release."""
        if (row := self._release()) is not None:
            await self.hold_with_reason(row.release, self._facts(row))

    @work(group="act")
    async def action_lift(self) -> None:
        """Let it go on."""
        if (row := self._release()) is not None:
            await self.lift_hold(row.release, self._facts(row))

    def _facts(self, row: CalendarRow) -> Content:
        wall = to_wall(row.at, self.desk.zone)
        text, tone = state_cell(row)
        return lines(
            line((row.title, "bold")),
            line(f"{dates.clock_time(wall)} {dates.date(wall)}  ", (text, TONES[tone])),
        )
