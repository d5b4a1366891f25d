"""A table of any length: only the lines in sight are fetched, opened and drawn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from textwrap import wrap
from typing import ClassVar, Generic, Literal

from rich.cells import cell_len, set_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.events import Click, Resize
from textual.geometry import Offset, Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from desk.errors import DeskError
from desk.text import safe_text
from screens.jump import Target
from screens.widgets.rows import Cache, Chunk, RowSource, RowT, Shape, first_rows

Tone = Literal["", "good", "warn", "bad", "dim", "accent", "strong"]
TONES = ("good", "warn", "bad", "dim", "accent", "strong")
Cell = tuple[str, Tone]
MARGIN = 2  # cells at the left, where the cursor's mark stands


@dataclass(frozen=True)
class Column(Generic[RowT]):
    """One column: what it shows, and when there is room for it.

    `width` is in cells; `flex` columns share what is left, never less than `width`. Columns with
    a smaller `rank` come first when room is scarce; the order on the screen is that of the list.
    `most` bounds a flex column: a wide terminal must not tear a row's ends apart.
    """

    title: str
    width: int
    cell: Callable[[RowT], Cell]
    rank: int = 1
    flex: bool = False
    right: bool = False
    most: int = 0


def fit(text: object, width: int, *, right: bool = False) -> str:
    """`text`, made safe, in exactly `width` cells: cut with an ellipsis or filled with spaces."""
    line = safe_text(text)
    length = len(line) if line.isascii() else cell_len(line)
    if length > width:
        return set_cell_size(line, width - 1) + "…" if width > 0 else ""
    space = " " * (width - length)
    return space + line if right else line + space


def layout(columns: Sequence[Column[RowT]], width: int) -> list[tuple[Column[RowT], int]]:
    """The columns that fit into `width` cells, in their order, each with its width."""
    room = width - MARGIN
    chosen: set[int] = set()
    for index in sorted(range(len(columns)), key=lambda i: (columns[i].rank, i)):
        need = columns[index].width + 1
        if need <= room:
            chosen.add(index)
            room -= need
        elif columns[index].rank > 1:
            break  # a wide column left out must not let a lesser one in
    flexible = [index for index in sorted(chosen) if columns[index].flex]
    share, rest = divmod(room, len(flexible)) if flexible else (0, 0)
    more = {index: share + (place < rest) for place, index in enumerate(flexible)}
    return [(one, min(one.most or width, one.width + more.get(index, 0)))
            for index, one in enumerate(columns) if index in chosen]  # fmt: skip


class VirtualTable(ScrollView, Generic[RowT], can_focus=True):
    """A table over a `RowSource`, with headings of groups, a cursor and the mouse.

    Its cursor never rests on a heading. Rows not fetched yet show as dots and fill in.
    """

    DEFAULT_CSS = """
    VirtualTable { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    VirtualTable > .table--row { color: $foreground; }
    VirtualTable > .table--cursor { background: $panel; }
    VirtualTable:focus > .table--cursor { background: $primary-muted; text-style: bold; }
    VirtualTable > .table--heading { color: $text-accent; text-style: bold; }
    VirtualTable > .table--titles { color: $text-muted; text-style: underline; }
    VirtualTable > .table--good { color: $text-success; }
    VirtualTable > .table--warn { color: $text-warning; }
    VirtualTable > .table--bad { color: $text-error; text-style: bold; }
    VirtualTable > .table--dim { color: $text-muted; }
    VirtualTable > .table--accent { color: $text-primary; }
    VirtualTable > .table--strong { text-style: bold; }
    """
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        f"table--{name}" for name in ("row", "cursor", "heading", "titles", *TONES)
    }
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home,ctrl+home", "first", show=False),
        Binding("end,ctrl+end", "last", show=False),
        Binding("enter", "select", show=False),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)

    class Selected(Message):
        """Enter or a double click on a row."""

        def __init__(self, table: VirtualTable[RowT], row: RowT) -> None:
            self.table, self.row = table, row
            super().__init__()

    class Moved(Message):
        """The cursor has come to another row, or the row under it was fetched."""

        def __init__(self, table: VirtualTable[RowT], row: RowT | None) -> None:
            self.table, self.row = table, row
            super().__init__()

        def can_replace(self, message: Message) -> bool:
            """Only the last of several moves matters."""
            return isinstance(message, VirtualTable.Moved) and message.table is self.table

    class Failed(Message):
        """The source could not be read."""

        def __init__(self, error: DeskError) -> None:
            self.error = error
            super().__init__()

    def __init__(
        self,
        columns: Sequence[Column[RowT]],
        *,
        titles: bool = True,
        empty: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(id=id)
        self.columns = list(columns)
        self._titles = titles
        self.empty = empty
        self._source: RowSource[RowT] | None = None
        self._shape = Shape(())
        self._cache: Cache[RowT] | None = None
        self._wanted: set[int] = set()
        self._strips: LRUCache[tuple[int, bool], Strip] = LRUCache(512)
        self._layout: list[tuple[Column[RowT], int]] = []
        self._styles: dict[str, Style] = {}

    # Data

    @property
    def rows(self) -> int:
        """How many rows the source has."""
        return self._shape.rows

    @property
    def current(self) -> RowT | None:
        """The row under the cursor, when there is one and it has been fetched."""
        return self.row(self.cursor)

    async def load(
        self,
        source: RowSource[RowT],
        *,
        at: str | None = None,
        to: Callable[[], str] | None = None,
    ) -> None:
        """Show a source, or read it anew; the cursor stays with its row when it is still there.

        `at` puts the cursor on the first row of the first group whose tag is not less. `to` gives
        the key of the row that shall have it, asked in the thread beside the rows, of a source
        whose keys are ordered as texts; "" or a row that is not there changes nothing.
        """
        kept = self.current
        try:
            shape, cache, row, found = await asyncio.to_thread(
                first_rows, source, self.cursor, at, to
            )
        except DeskError as error:
            self.post_message(self.Failed(error))
            return
        if not found and kept is not None and at is None:
            again = cache.find(kept.key)
            row = row if again is None else again
        offset = self._shape.line_of(self.cursor) - self.scroll_offset.y if self.rows else 0
        self._source, self._shape, self._cache = source, shape, cache
        self._wanted.clear()
        self._strips.clear()
        self.virtual_size = Size(self.size.width, shape.lines + self._titles)
        self.set_reactive(VirtualTable.cursor, row)
        self._show_cursor(offset if at is None else 1)
        self.refresh()
        self.post_message(self.Moved(self, self.current))

    def row(self, index: int) -> RowT | None:
        """A row by its place, when it has been fetched."""
        return self._cache.row(index) if self._cache and 0 <= index < self.rows else None

    def _want(self, index: int) -> None:
        """Have the chunk of a row fetched, once."""
        if self._cache is None or not 0 <= index < self.rows:
            return
        chunk = self._shape.chunk_of(index)
        if chunk.number not in self._wanted and not self._cache.has(chunk):
            self._wanted.add(chunk.number)
            self.run_worker(partial(self._fetch, self._cache, chunk), group="rows")  # type: ignore[arg-type]

    async def _fetch(self, cache: Cache[RowT], chunk: Chunk) -> None:
        try:
            whole = await asyncio.to_thread(cache.fetch, chunk)
        except DeskError as error:
            self.post_message(self.Failed(error))
            return
        if cache is not self._cache:
            return  # the table was loaded anew meanwhile
        if not whole and self._source is not None:
            await self.load(self._source)
            return
        self._wanted.discard(chunk.number)
        self.refresh()
        if chunk.first <= self.cursor < chunk.first + chunk.count:
            self.post_message(self.Moved(self, self.current))

    # Cursor

    def validate_cursor(self, row: int) -> int:
        """The nearest row there is."""
        return max(0, min(row, self.rows - 1))

    def watch_cursor(self, old: int, new: int) -> None:
        """Draw the two rows that changed, and tell."""
        if not self.rows:
            return
        self._show_cursor()
        for row in (old, new):
            self._refresh_row(row)
        self._want(new)
        self.post_message(self.Moved(self, self.current))

    def _refresh_row(self, row: int) -> None:
        if 0 <= row < self.rows:
            y = self._shape.line_of(row) - self.scroll_offset.y + self._titles
            self.refresh(Region(0, y, self.size.width, 1))

    @property
    def _height(self) -> int:
        """Lines for rows and headings that are in sight."""
        return max(1, self.size.height - self._titles)

    def _show_cursor(self, offset: int | None = None) -> None:
        """Scroll so that the cursor is in sight, with its heading when it is a group's first row.

        `offset` asks for so many lines between the top and the cursor.
        """
        if not self.rows:
            return
        line = self._shape.line_of(self.cursor)
        top = self.scroll_offset.y
        if offset is not None:
            top = line - max(0, min(offset, self._height - 1))
        first = line - 1 if self._shape.heading_at(line - 1) else line
        top = min(first, max(top, line - self._height + 1))
        self.scroll_to(y=max(0, top), animate=False, force=True)

    def action_move(self, by: int) -> None:
        """Move the cursor by so many rows."""
        self.cursor += by

    def action_page(self, direction: int) -> None:
        """Move the cursor by one screen."""
        self.cursor += direction * max(1, self._height - 1)

    def action_first(self) -> None:
        """To the first row."""
        self.cursor = 0

    def action_last(self) -> None:
        """To the last row."""
        self.cursor = self.rows - 1

    def action_select(self) -> None:
        """Tell that the row under the cursor was chosen."""
        if (row := self.current) is not None:
            self.post_message(self.Selected(self, row))

    def on_click(self, event: Click) -> None:
        """A click moves the cursor, a second one chooses."""
        row = self._shape.row_at(event.y - self._titles + self.scroll_offset.y)
        if row is None or (self._titles and event.y == 0):
            return
        self.cursor = row
        if event.chain == 2:
            self.action_select()

    def jump_targets(self) -> Iterator[Target]:
        """Every row in sight."""
        for y in range(self._titles, self.size.height):
            row = self._shape.row_at(y - self._titles + self.scroll_offset.y)
            if row is not None:
                yield Target(Offset(0, y), partial(self._jump_to, row))

    def _jump_to(self, row: int) -> None:
        self.focus()
        self.cursor = row

    # Picture

    def on_resize(self, event: Resize) -> None:
        """Choose the columns again."""
        self._layout = layout(self.columns, event.size.width)
        self._strips.clear()
        self.virtual_size = Size(event.size.width, self._shape.lines + self._titles)
        self.call_after_refresh(self._show_cursor)

    def recolumn(self, columns: Sequence[Column[RowT]]) -> None:
        """Show other columns; the rows that suit them are loaded next."""
        self.columns = list(columns)
        self._layout = layout(self.columns, self.size.width)
        self._strips.clear()

    def redraw(self) -> None:
        """Draw the rows in sight anew: their cells tell the time, say."""
        self._strips.clear()
        self.refresh()

    def notify_style_update(self) -> None:
        """Colours have changed."""
        self._styles.clear()
        self._strips.clear()
        super().notify_style_update()

    def _style(self, name: str) -> Style:
        if (style := self._styles.get(name)) is None:
            style = self.get_component_rich_style(f"table--{name}", partial=name != "row")
            self._styles[name] = style
        return style

    def render_line(self, y: int) -> Strip:
        """One line of the screen (Textual's line API)."""
        width = self.size.width
        if not self._layout:
            self._layout = layout(self.columns, width)
        if self._titles and y == 0:
            return self._title_strip(width)
        line = y - self._titles + self.scroll_offset.y
        if (row := self._shape.row_at(line)) is not None:
            return self._row_strip(row, width)
        if (group := self._shape.heading_at(line)) is not None:
            title = f" {fit(group.title, min(cell_len(group.title), width - 2))} "
            rule = "─" * max(0, width - cell_len(title))
            return Strip([self._segment(title, "heading"), self._segment(rule, "dim")], width)
        said = wrap(self.empty, max(1, width - 3)) if line > 0 and not self.rows else []
        text = said[line - 1] if 0 < line <= len(said) else ""
        return Strip([self._segment(fit("  " + text, width), "dim")], width)

    def _segment(self, text: str, name: str) -> Segment:
        return Segment(text, self._style("row") + self._style(name))

    def _title_strip(self, width: int) -> Strip:
        cells = [fit(column.title, size, right=column.right) for column, size in self._layout]
        return Strip([self._segment(fit("  " + " ".join(cells), width), "titles")], width)

    def _row_strip(self, index: int, width: int) -> Strip:
        at_cursor = index == self.cursor
        if (strip := self._strips.get((index, at_cursor))) is not None:
            return strip
        row = self.row(index)
        if row is None:
            self._want(index)
            return Strip([self._segment(fit("  ···", width), "dim")], width)
        base = self._style("row") + self._style("cursor") if at_cursor else self._style("row")
        segments = [Segment("▸ " if at_cursor else "  ", base)]
        for column, size in self._layout:
            text, tone = column.cell(row)
            style = base + self._style(tone) if tone else base
            segments.append(Segment(fit(text, size, right=column.right) + " ", style))
        strip = Strip(segments).adjust_cell_length(width, base)
        self._strips[index, at_cursor] = strip
        return strip
