"""The handbook: the newsroom's own pages and the runbooks, one key away on a bad day."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from desk.locales import _, ngettext
from screens import actions
from screens.rooms.filtered import Filtered
from screens.rooms.markdown_text import markdown_text
from screens.source.handbook_room import PageRow, PageView
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Plain, line, lines
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable

MOST = 96  # cells of a line: longer ones are hard to read


def title_cell(row: PageRow) -> Cell:
    """The title; a page of the newsroom's own is marked."""
    return ("✎ " if row.own else "") + row.title, "strong" if row.own else ""


class HandbookRoom(Filtered):
    """Pages on the left, the one under the cursor on the right."""

    PLACE = "handbook"
    AGAIN = True  # pages and entries are files, which anybody may save
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("handbook"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._wanted = ""
        self._rows: KnownRows[PageRow] = KnownRows()
        self._page: tuple[PageRow, PageView] | None = None

    def body(self) -> ComposeResult:
        """The search, the pages, the page."""
        yield Input(placeholder=_("words, with or without accents"), id="filter", compact=True)
        with Horizontal(id="handbook-halves"):
            columns: list[Column[PageRow]] = [Column(_("Page"), 20, title_cell, flex=True)]
            yield VirtualTable(
                columns, empty=_("No page has these words. Escape shows all pages."), id="pages"
            )
            with VerticalScroll(id="page", can_focus=True):
                yield Plain("", id="page-text")

    @property
    def _table(self) -> VirtualTable[PageRow]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """The pages now; the cursor stays, or goes to the page that was asked for."""
        found = await self.ask(self.source.handbook_pages, self._query)
        if found is None:
            return
        kept = self._table.current
        self._rows = KnownRows(found)
        await self._table.load(self._rows)
        wanted, self._wanted = self._wanted or (kept.key if kept else ""), ""
        place = self._rows.place(wanted)
        self._table.cursor = place if place is not None else 0
        if self._query:
            count = len(self._rows.rows)
            self.notify(ngettext("{n} page", "{n} pages", count).format(n=count), timeout=2)

    def open_page(self, name: str) -> None:
        """Show that page, whatever was searched for."""
        self._wanted, self._query = name, ""
        for field in self.query("#filter").results(Input):  # none yet when it was never shown
            field.value, field.display = "", False
        if self.is_mounted:
            self.reread()

    # The page under the cursor

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Open the page that the cursor has come to."""
        event.stop()
        self.run_worker(partial(self._open, self._table.current), group="page", exclusive=True)

    async def _open(self, row: PageRow | None) -> None:
        view = await self.ask_row(self.source.handbook_page, row.key) if row else None
        if row is None or view is None:
            self._page = None
            self.query_one("#page-text", Plain).show("")
            return
        self._page = row, view
        self._draw_page()
        self.query_one("#page").scroll_home(animate=False)

    def _draw_page(self) -> None:
        """As wide as there is room."""
        if self._page is None:
            return
        row, view = self._page
        page = self.query_one("#page", VerticalScroll)
        found: list[Content | str] = []
        if row.snippet:
            found = [line((f"… {row.snippet}", TONES["warn"])), ""]
        origin = _("the newsroom's own page") if view.own else _("ships with Desk")
        foot = line((f"{view.key} · {origin}", TONES["dim"]))
        text = markdown_text(view.text, (), min(MOST, page.scrollable_content_region.width))
        self.query_one("#page-text", Plain).show(lines(*found, text, "", foot))

    def on_resize(self) -> None:
        """Lines are broken anew."""
        self.call_after_refresh(self._draw_page)

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter goes to the page, to scroll it."""
        event.stop()
        self.action_read_page()

    def action_read_page(self) -> None:
        """To the page."""
        self.query_one("#page").focus()

    def action_next(self) -> None:
        """The next page, round the end."""
        if self._table.rows:
            self._table.cursor = (self._table.cursor + 1) % self._table.rows

    def action_no_filter(self) -> None:
        """From the page to the list, from a search to all pages."""
        if self.focused is not None and self.focused.id == "page":
            self._table.focus()
            return
        super().action_no_filter()
