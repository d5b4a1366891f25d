"""The calendar as a grid: a week of hours, or a month of days, counted and not listed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import ClassVar, Literal

from rich.cells import cell_len
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.events import Click
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from desk.locales import dates, ngettext
from screens.rooms.calendar_room_cells import until_text
from screens.source.calendar_room import HourCell
from screens.states import BLACKOUT, SLOT, State, release_state
from screens.widgets.plain import TONES, line
from screens.widgets.virtual_table import fit

GridView = Literal["week", "month"]
WIDE = 20  # cells of a column in which numbers are told in words
TIMED = 8  # cells of a sign and a time
LETTERS = 6  # fewer letters of a name tell nothing
HOURS = (7, 18)  # shown in a week even when they are empty


def monday(day: date) -> date:
    """The Monday of its week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def month_start(day: date) -> date:
    """The Monday of the week in which its month begins."""
    return monday(day.replace(day=1))


def weeks_of(day: date) -> int:
    """How many weeks its month touches."""
    after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return ((after - timedelta(days=1)) - month_start(day)).days // 7 + 1


def day_name(day: date, width: int) -> str:
    """The name of a day of the week, as long as there is room."""
    moment = datetime.combine(day, time())
    whole = dates.weekday(moment)
    return whole if cell_len(whole) <= width else dates.short_weekday(moment)


def marks(cells: Iterable[HourCell]) -> list[tuple[str, State]]:
    """What some hours hold, in the fewest signs: count and glyph of each state, slots, blackouts.

    The order is that of the states' urgency: held and missed first.
    """
    counts: dict[State, int] = {}
    for cell in cells:
        state = state_of(cell)
        counts[state] = counts.get(state, 0) + cell.count
    order = sorted(counts, key=_urgency)
    return [(f"{state.glyph}{counts[state]}" if state is not BLACKOUT else state.glyph, state)
            for state in order]  # fmt: skip


def state_of(cell: HourCell) -> State:
    """How a cell looks."""
    if cell.kind == "slot":
        return SLOT
    return BLACKOUT if cell.kind == "blackout" else release_state(cell.state, cell.held)


def _until(cell: HourCell) -> str:
    """When a blackout is over, seen from the day of one of its hours."""
    if cell.until is None:
        return ""
    return until_text(datetime.combine(cell.day, time()), cell.until.replace(tzinfo=None))


def _urgency(state: State) -> tuple[int, str]:
    ranks = {"bad": 0, "warn": 1, "accent": 2, "": 3, "good": 4, "dim": 5}
    return (6 if state in (SLOT, BLACKOUT) else ranks.get(state.tone, 3), state.word)


class CalendarGrid(Widget, can_focus=True):
    """Days with what they hold, and a cursor on a day (a month) or an hour of it (a week).

    It is given its cells by `show`; when the cursor leaves what is shown it posts `Leaves`.
    """

    DEFAULT_CSS = """
    CalendarGrid { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "go(-1, 0)", show=False),
        Binding("right", "go(1, 0)", show=False),
        Binding("up", "go(0, -1)", show=False),
        Binding("down", "go(0, 1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(0)", show=False),
        Binding("end", "edge(6)", show=False),
        Binding("enter", "choose", show=False),
    ]

    cursor: reactive[datetime] = reactive(datetime(2000, 1, 3, 9))  # noqa: DTZ001 - a wall time
    today: reactive[date] = reactive(date(2000, 1, 1))

    class Leaves(Message):
        """The cursor has gone to a day that is not shown: it has to be read."""

    class Moved(Message):
        """The cursor has come to another hour or day."""

    class Chosen(Message):
        """Enter or a double click."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.view: GridView = "week"
        self.first = date(2000, 1, 3)
        self._cells: dict[date, list[HourCell]] = {}
        self._hours: tuple[int, ...] = tuple(range(HOURS[0], HOURS[1] + 1))
        self._top = 0

    # What it shows

    @property
    def days(self) -> int:
        """How many days are shown."""
        return 7 if self.view == "week" else weeks_of(self.cursor.date()) * 7

    def wanted(self) -> date:
        """The first day that has to be shown for the cursor."""
        day = self.cursor.date()
        return monday(day) if self.view == "week" else month_start(day)

    def show(self, view: GridView, first: date, cells: Sequence[HourCell]) -> None:
        """Show these cells, from that day on."""
        self.view, self.first, self._cells = view, first, {}
        for cell in cells:
            self._cells.setdefault(cell.day, []).append(cell)
        busy = [cell.hour for cell in cells if cell.kind != "blackout"]
        low, high = min([HOURS[0], *busy]), max([HOURS[1], *busy])
        for there in self._cells.values():  # of a night's blackout two hours: its name, its end
            if black := [cell.hour for cell in there if cell.kind == "blackout"]:
                low = min(low, max(black[0], black[-1] - 1))
                high = max(high, min(black[-1], black[0] + 1))
        self._hours = tuple(range(low, high + 1))
        self.refresh()

    def under(self) -> list[HourCell]:
        """What lies under the cursor: an hour's or a day's cells."""
        cells = self._cells.get(self.cursor.date(), [])
        if self.view == "month":
            return cells
        return [cell for cell in cells if cell.hour == self.cursor.hour]

    # Cursor

    def watch_cursor(self) -> None:
        """Read other days, or tell."""
        self.post_message(self.Leaves() if self.wanted() != self.first else self.Moved())

    def action_go(self, days: int, steps: int) -> None:
        """By days, or by steps: hours in a week, weeks in a month."""
        if self.view == "month":
            self.cursor += timedelta(days=days + 7 * steps)
            return
        hour = max(0, min(23, self.cursor.hour + steps))
        self.cursor = self.cursor.replace(hour=hour, minute=0) + timedelta(days=days)

    def action_page(self, by: int) -> None:
        """By a week or a month."""
        if self.view == "week":
            self.cursor += timedelta(days=7 * by)
            return
        first = self.cursor.replace(day=1)
        other = first - timedelta(days=1) if by < 0 else first + timedelta(days=31)
        last = (other.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        self.cursor = other.replace(day=min(self.cursor.day, last.day))

    def action_edge(self, day: int) -> None:
        """To Monday or Sunday."""
        self.cursor += timedelta(days=day - self.cursor.weekday())

    def action_choose(self) -> None:
        """The list there."""
        self.post_message(self.Chosen())

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, a second one chooses."""
        place = self._at(event.x, event.y)
        if place is not None:
            self.cursor = place
            if event.chain == 2:
                self.action_choose()

    def _at(self, x: int, y: int) -> datetime | None:
        left, width = self._left, self._width
        column = (x - left) // (width + 1)
        if x < left or not 0 <= column < 7 or y < 1:
            return None
        if self.view == "month":
            week = (y - 1) // self._tall
            day = self.first + timedelta(days=7 * week + column)
            return datetime.combine(day, self.cursor.time()) if week < self.days // 7 else None
        row = self._top + y - 1
        if row >= len(self._hours):
            return None
        return datetime.combine(self.first + timedelta(days=column), time(self._hours[row]))

    # Picture

    @property
    def _left(self) -> int:
        return 6 if self.view == "week" else 1

    @property
    def _width(self) -> int:
        """The cells of one day's column."""
        return max(4, (self.size.width - self._left) // 7 - 1)

    @property
    def _tall(self) -> int:
        """The lines of one week of a month."""
        return max(2, min(6, (self.size.height - 1) // max(1, self.days // 7)))

    def render(self) -> Content:
        """Heading and rows, as many as fit."""
        rows = self._week() if self.view == "week" else self._month()
        return Content("\n").join([self._heading(), *rows][: max(1, self.size.height)])

    def _heading(self) -> Content:
        parts: list[Content] = [Content(" " * self._left)]
        for number in range(7):
            day, width = self.first + timedelta(days=number), self._width
            if self.view == "month":
                text = day_name(day, width)
            else:
                name = day_name(day, width - 6)
                text = f"{name} {day:%d/%m}"
            here = self.view == "week" and day == self.today
            tone = TONES["accent"] + " bold" if here else TONES["dim"]
            parts.append(line((fit(text, width), tone), " "))
        return Content("").join(parts)

    def _week(self) -> list[Content]:
        room = max(1, self.size.height - 1)
        place = self._hours.index(min(max(self.cursor.hour, self._hours[0]), self._hours[-1]))
        self._top = max(0, min(self._top, place, len(self._hours) - room))
        if place >= self._top + room:
            self._top = place - room + 1
        return [self._hour_row(hour) for hour in self._hours[self._top : self._top + room]]

    def _hour_row(self, hour: int) -> Content:
        parts: list[Content] = [line((f"{hour:02}:00 ", TONES["dim"]))]
        for number in range(7):
            day = self.first + timedelta(days=number)
            cells = [cell for cell in self._cells.get(day, []) if cell.hour == hour]
            here = (self.cursor.date(), self.cursor.hour) == (day, hour)
            parts.append(self._boxed(self._hour_marks(cells), here))
        return Content("").join(parts)

    def _hour_marks(self, cells: list[HourCell]) -> list[tuple[str, State]]:
        """One thing alone is told with its time and name, several with their numbers."""
        if len(cells) == 1 and cells[0].count == 1:
            cell, state = cells[0], state_of(cells[0])
            if cell.kind == "blackout":
                return [(self._blackout_word(cell), state)]
            label = cell.label if self._width > TIMED + LETTERS else ""
            return [(f"{state.glyph} {cell.first} {label}".rstrip(), state)]
        return marks(cells)

    def _blackout_word(self, cell: HourCell) -> str:
        """In the first hour that its day shows the name, in the next one the end."""
        begun = cell.since is not None and cell.since.date() == cell.day
        first = cell.since.hour if cell.since is not None and begun else 0
        shown = [hour for hour in self._hours[self._top :] if hour >= first]
        here = shown.index(cell.hour) if cell.hour in shown else -1
        if here == 1:
            return _until(cell)  # alone: it has to fit a narrow column
        return f"{BLACKOUT.glyph} {cell.label}" if here == 0 else BLACKOUT.glyph

    def _month(self) -> list[Content]:
        rows: list[Content] = []
        for week in range(self.days // 7):
            days = [self.first + timedelta(days=7 * week + number) for number in range(7)]
            boxes = [self._day_lines(day) for day in days]
            for number in range(self._tall):
                parts = [Content(" " * self._left)]
                for day, box in zip(days, boxes, strict=True):
                    here = day == self.cursor.date()
                    parts.append(self._boxed(box[number] if number < len(box) else [], here))
                rows.append(Content("").join(parts))
        return rows

    def _day_lines(self, day: date) -> list[list[tuple[str, State]]]:
        """The number of the day with how many releases it has, then its marks in lines."""
        cells = self._cells.get(day, [])
        count = sum(cell.count for cell in cells if cell.kind == "release")
        number = f"[{day.day}]" if day == self.today else f"{day.day}"
        tone = State("", "", "dim" if day.month != self.cursor.month else "strong")
        told = ngettext("{n} release", "{n} releases", count).format(n=count)
        head = f"{number:<5}{told}" if count else number
        if self._width < WIDE:
            head = f"{number:<4}{f'Σ{count}' if count else ''}"
        black = [cell for cell in cells if cell.kind == "blackout"]
        others = marks(cell for cell in cells if cell.kind != "blackout")
        rest = [[(head, tone)], *self._wrapped(others)]
        if not black or len(rest) >= self._tall:
            return [[(head, tone)], *self._wrapped(marks(cells))]
        texts = [f"{BLACKOUT.glyph} {black[0].label}", _until(black[0])]
        return [*rest, *([(text, BLACKOUT)] for text in texts)]

    def _wrapped(self, found: list[tuple[str, State]]) -> list[list[tuple[str, State]]]:
        """Marks in as many lines of the column as they need."""
        lines: list[list[tuple[str, State]]] = []
        room = 0
        for text, state in found:
            if not lines or room < cell_len(text):
                lines.append([])
                room = self._width
            lines[-1].append((text, state))
            room -= cell_len(text) + 1
        return lines

    def _boxed(self, found: list[tuple[str, State]], here: bool) -> Content:
        """Marks in exactly one column; the cursor's has a background and a sign."""
        parts: list[Content] = []
        room = self._width
        for text, state in found:
            if room <= 0:
                break
            piece = fit(text, min(room, cell_len(text)))
            parts.append(line((piece, TONES[state.tone])))
            room -= cell_len(piece)
            if room > 0:
                parts.append(Content(" "))
                room -= 1
        box = Content("").join([*parts, Content(" " * max(0, room))])
        if not here:
            return box + Content(" ")
        return (box + Content("◂")).stylize("bold reverse" if self.has_focus else "underline")
