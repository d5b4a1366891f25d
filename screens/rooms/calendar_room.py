"""The calendar: what goes out when, is it ready, where is room?"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial
from typing import ClassVar, Literal

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.widget import Widget

from desk.locales import N_, _, dates
from screens import actions, states
from screens.dialogs.choose import Choose
from screens.dialogs.message import Message
from screens.rooms import calendar_room_cells as cells
from screens.rooms.calendar_room_acts import CalendarActs
from screens.rooms.calendar_room_grid import CalendarGrid, day_name, marks, state_of
from screens.rooms.calendar_room_rows import CalendarRows
from screens.rooms.filtered import Filtered
from screens.source import CalendarRow, NextRelease, Outcome
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Plain, line, lines
from screens.widgets.virtual_table import VirtualTable

View = Literal["list", "week", "month"]
VIEWS: dict[View, str] = {"list": N_("list"), "week": N_("week"), "month": N_("month")}
COMING = 4  # releases whose countdown is shown


class CalendarRoom(CalendarActs, Filtered):
    """Days and their releases, free slots and blackouts: as a list, a week or a month."""

    PLACE = "calendar"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("calendar"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._opened = False
        self._mode: View = "list"
        self._goto: datetime | None = None
        self._follow = ""  # the release that the cursor goes to when it is read next
        self._from_list: tuple[str, datetime] | None = None  # a release, and its hour in the grid
        self._coming: tuple[NextRelease, ...] = ()

    def body(self) -> ComposeResult:
        """The views, a filter that appears when asked for, the list or the grid, what is there."""
        yield Plain(id="calendar-line")
        yield Input(placeholder=_("words  agency: kind: channel: lang: state: after: before:"),
                    id="filter", compact=True)  # fmt: skip
        yield VirtualTable(
            cells.columns(self.wall), empty=_("Nothing in the calendar. Plan a release: n"),
            id="calendar",
        )  # fmt: skip
        yield CalendarGrid(id="calendar-grid")
        yield Plain(id="calendar-under")

    @property
    def _table(self) -> VirtualTable[CalendarRow]:
        return self.query_one(VirtualTable)

    @property
    def _grid(self) -> CalendarGrid:
        return self.query_one(CalendarGrid)

    def on_mount(self) -> None:
        """Only what the view needs is there."""
        self._show_mode()

    # Reading

    async def read(self) -> None:
        """Today at first, afterwards wherever the cursor is."""
        if self._mode == "list":
            await self._read_list()
        else:
            await self._read_grid()
        coming = await self.ask(self.source.calendar_coming, COMING)
        self._coming = tuple(coming or ())
        cannot = await self.ask(self.source.calendar_cannot)
        self.show_limits(dict(cannot or {}))
        self._tell()
        await self.look_again()

    def follow(self, outcome: Outcome) -> None:
        """A new release gets the cursor."""
        self._follow = outcome.made or self._follow

    async def _read_list(self) -> None:
        now = self.desk.moment
        rows = CalendarRows(self.source, self._query, now)
        goto = self._goto or (None if self._opened else now)
        here = self._table.current
        release = self._follow or (here.release if here is not None and goto is None else "")
        at = goto.date().isoformat() if goto else None
        await self._table.load(rows, at=at, to=partial(rows.key_of, release))
        self._opened, self._goto, self._follow = True, None, ""
        here = self._table.current
        if goto is not None and not (release and here is not None and here.release == release):
            self._to_next(goto)

    def _to_next(self, at: datetime) -> None:
        """From the first row of a day to the first that is not before that time.

        A blackout that begins again at midnight does not stand before a release of that day.
        """
        table, index = self._table, self._table.cursor
        while (row := table.row(index)) is not None and row.at < at:
            index += 1
        first, day = index, row.at.astimezone(at.tzinfo).date() if row is not None else None
        while (row := table.row(index)) is not None and row.kind == "blackout":
            index += 1
        if row is None or row.at.astimezone(at.tzinfo).date() != day:
            index = first
        if table.row(index) is not None:
            table.cursor = index

    def _in_grid(self) -> str:
        """The release on which the grid's cursor is: the list's, or the only one there; or ""."""
        grid = self._grid
        if self._from_list is not None and self._from_list[1] == grid.cursor:
            return self._from_list[0]
        there = [cell for cell in grid.under() if cell.kind == "release"]
        return there[0].release if len(there) == 1 else ""

    async def _follow_in_grid(self) -> None:
        """Put the cursor where its release, or a new one, stands now."""
        grid = self._grid
        release, before = self._follow or self._in_grid(), grid.cursor
        found = await self.ask(self.source.calendar_where, release) if release else None
        self._follow = ""
        if found and grid.cursor == before:
            at = hour_of(self.wall(found[1]))
            if grid.view == "month" and at.date() == before.date():
                at = before  # a day has no hours there
            self._from_list = (release, at)
            grid.cursor = at

    async def _read_grid(self) -> None:
        grid = self._grid
        await self._follow_in_grid()
        first, mode = grid.wanted(), grid.view
        grid.today = self.desk.moment.date()
        found = await self.ask(self.source.calendar_span, first, grid.days, self._query)
        if found is not None and (first, mode) == (grid.wanted(), grid.view):
            grid.show(mode, first, found)

    # What is told above and below

    def tick(self, now: datetime) -> None:
        """The countdowns run."""
        super().tick(now)
        self._tell_line(now)

    def _tell_line(self, now: datetime) -> None:
        views = [(f"{'▌' if mode == self._mode else ' '}{_(word)} ",
                  "bold $text-primary" if mode == self._mode else TONES["dim"])
                 for mode, word in VIEWS.items()]  # fmt: skip
        parts: list[str | tuple[str, str]] = [*views]
        if self._mode != "list":
            day = self._grid.cursor
            parts.append((f" {_span_name(self._grid.view, day)} ", "bold"))
        if self._query:
            parts.append((f" / {self._query} ", TONES["accent"]))
        if "plan" in self.limits and "sign" in self.limits:
            parts.append((" " + _("read only") + " ", TONES["warn"]))
        told = self.query_one("#calendar-line", Plain)
        for one in [one for one in self._coming if one.at > now][1:]:  # the head has the first
            wall = self.wall(one.at)
            left = dates.countdown((one.at - now).total_seconds())
            glyph = states.release_state(one.state, one.held).glyph
            day_text = "" if wall.date() == now.date() else f"{wall:%d/%m} "
            more = [*parts, (f" {glyph} {day_text}{dates.short_time(wall)}", "bold"), f" −{left}"]
            if line(*more).cell_length > told.content_size.width > 0:
                break  # half a countdown says something wrong
            parts = [*more, " "]
        told.show(line(*parts))

    def _tell(self) -> None:
        """What lies under the cursor: warnings of a row, the things of an hour or a day."""
        self._tell_line(self.desk.moment)
        self.query_one("#calendar-under", Plain).show(
            self._under_row() if self._mode == "list" else self._under_cell()
        )

    def _under_row(self) -> Content:
        row = self._table.current
        if row is None:
            return line("")
        if row.kind != "release":
            return line((f"{cells.span_text(row, self.wall)}  {row.title}", TONES["dim"]))
        return line((cells.warning_text(row), TONES["warn"]))

    def _under_cell(self) -> Content:
        grid = self._grid
        there, at = grid.under(), grid.cursor
        head = f"{day_name(at.date(), 20)} {dates.date(at)}"
        if grid.view == "week":
            head += f" {at.hour:02}:00"
        parts: list[str | tuple[str, str]] = [(head, "bold"), "  "]
        for _text, state in sorted(marks(there), key=lambda one: one[1] is not states.BLACKOUT):
            told = f" {sum(cell.count for cell in there if state_of(cell) == state)}"
            if state is states.BLACKOUT:
                black = (cell for cell in there if cell.kind == "blackout")
                told = "  " + " · ".join(dict.fromkeys(map(cells.blackout_text, black)))
            parts += [(f"{state}{told}", TONES[state.tone]), "   "]
        if not there:
            parts.append((_("nothing is planned: n plans"), TONES["dim"]))
        return line(*parts)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Another row."""
        event.stop()
        self._tell()

    def on_calendar_grid_moved(self, event: CalendarGrid.Moved) -> None:
        """Another hour or day."""
        event.stop()
        self._tell()

    def on_calendar_grid_leaves(self, event: CalendarGrid.Leaves) -> None:
        """Other days are wanted."""
        event.stop()
        self._tell()
        self.reread()

    def on_calendar_grid_chosen(self, event: CalendarGrid.Chosen) -> None:
        """Enter shows the list there."""
        event.stop()
        self.action_open()

    # Views

    def action_view(self, mode: View | None = None) -> None:
        """The next view: list, week, month."""
        order = list(VIEWS)
        was = self._mode
        self._mode = mode or order[(order.index(was) + 1) % len(order)]
        if self._mode != "list":
            if was == "list":
                row = self._table.current
                at = hour_of(self.wall(row.at) if row is not None else self.desk.moment)
                self._grid.cursor = at
                self._from_list = (row.release, at) if row is not None and row.release else None
            self._grid.view = self._mode
            self._grid.show(self._mode, self._grid.wanted(), ())
        elif was != "list":
            self._goto, self._follow = self._grid_moment(), self._in_grid()
        self._show_mode()
        self.reread()

    def on_click(self, event: Click) -> None:
        """A click on the name of a view shows it."""
        region, at = self.query_one("#calendar-line").region, event.screen_x - 1
        for mode, word in VIEWS.items() if event.screen_y == region.y else ():
            width = line(f" {_(word)} ").cell_length
            if 0 <= at < width and mode != self._mode:
                self.action_view(mode)
            at -= width

    def _grid_moment(self) -> datetime:
        """The beginning of the hour or day under the grid's cursor, in the newsroom's zone."""
        at = self._grid.cursor
        at = at.replace(hour=0) if self._grid.view == "month" else at
        return at.replace(tzinfo=self.desk.moment.tzinfo)

    def _show_mode(self) -> None:
        listed = self._mode == "list"
        self._table.display, self._grid.display = listed, not listed
        self.listed.focus()
        self._tell()

    # Filter and place

    @property
    def listed(self) -> Widget:
        """The list or the grid."""
        return self._table if self._mode == "list" else self._grid

    def narrowed(self) -> None:
        """Other words begin at today again."""
        self._opened = False

    def action_today(self) -> None:
        """Go to today."""
        self._opened, self._from_list = False, None
        self._grid.cursor = hour_of(self.desk.moment)
        self.reread()

    # Under the cursor

    def release_row(self) -> CalendarRow | None:
        """The release under the list's cursor."""
        row = self._table.current
        if row is None or row.kind != "release":
            self.notify(_("Put the cursor on a release first."), severity="warning")
            return None
        return row

    async def chosen_row(self) -> CalendarRow | None:
        """The same; in a grid the release of that hour or day, of several the one chosen."""
        if self._mode == "list":
            return self.release_row()
        at, hour = self._grid.cursor, None if self._grid.view == "month" else self._grid.cursor.hour
        rows = CalendarRows(self.source, self._query, self.desk.moment)
        found = await self.ask(rows.releases, at.date(), hour)
        if found is None or len(found) == 1:
            return found[0] if found else None
        if not found:
            self.notify(_("Put the cursor on a release first."), severity="warning")
            return None
        named = [(row.release, f"{dates.short_time(self.wall(row.at))}  {row.title}")
                 for row in found]  # fmt: skip
        chosen = await self.app.push_screen_wait(Choose(_("Which of them?"), named))
        return next((row for row in found if row.release == chosen), None)

    def cursor_wall(self) -> tuple[datetime, str]:
        """Where to plan: the free slot or the hour under the cursor, and that slot.

        Where a release or a blackout is: the next free slot of that day, or the full hour after.
        """
        now = self.desk.moment
        soon = (now + timedelta(hours=1)).replace(minute=0, second=0)
        if self._mode != "list":
            at = self._grid.cursor.replace(tzinfo=now.tzinfo)
            return (at if at > now else soon), ""
        row = self._table.current
        if row is None:
            return soon, ""
        wall = self.wall(row.at)
        if row.kind != "slot":
            row = self._slot_below(wall.date()) or row
        start = self.wall(row.until or row.at)
        if row.kind != "slot":
            start = (start + timedelta(minutes=59, seconds=59)).replace(minute=0, second=0)
            start += timedelta(hours=row.kind == "release" and start == wall)
        return (start, row.slot) if start > now else (soon, "")

    def _slot_below(self, day: date) -> CalendarRow | None:
        """The first free slot below the cursor, of that day."""
        table, index = self._table, self._table.cursor + 1
        while (row := table.row(index)) is not None:
            if self.wall(row.at).date() != day:
                return None
            if row.kind == "slot":
                return row
            index += 1
        return None

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter opens."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """The release's own screen; a free slot or a blackout is told; a grid gives the list."""
        if self._mode != "list":
            self.action_view("list")
            return
        row = self._table.current
        if row is not None and row.kind != "release":
            self.app.push_screen(Message(row.title, cells.span_text(row, self.wall)))
        elif row is not None:
            self.open_release(row.release)

    def open_release(self, release: str) -> None:
        """Open a release by its id."""
        from screens.rooms.release_room import ReleaseRoom  # late: the first paint is without it

        self._follow = release
        self.app.push_screen(ReleaseRoom(release))

    def row_facts(self, row: CalendarRow) -> Content:
        """Title, time, state, warnings."""
        wall = self.wall(row.at)
        text, tone = cells.state_cell(row)
        return lines(
            line((row.title, "bold")),
            line(f"{dates.moment(wall)}  ", (text, TONES[tone])),
            *(line((f"⚠ {one}", TONES["warn"])) for one in row.warnings),
        )


def hour_of(wall: datetime) -> datetime:
    """The beginning of its hour, as a naive wall time: where the grid's cursor stands."""
    return wall.replace(minute=0, second=0, tzinfo=None)


def _span_name(view: str, at: datetime) -> str:
    """What a grid shows: the week of a date, or a month."""
    if view == "month":
        return _("month {month}/{year}").format(month=at.month, year=at.year)
    return _("week {number} of {year}").format(number=at.isocalendar()[1], year=at.isocalendar()[0])
