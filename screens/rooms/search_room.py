"""The search: one line over everything that may be read, and the way to what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from desk.locales import N_, _, ngettext
from desk.locales.words import word
from desk.search.query import CALLED
from screens import actions, states
from screens.dialogs.message import Message
from screens.rooms.base import Room
from screens.rooms.contacts_text import ENQUIRY
from screens.rooms.log_room import act_text
from screens.source.search_room import Found
from screens.widgets.input import Input
from screens.widgets.plain import Plain, line
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable

STATES: Mapping[str, states.State] = {
    **states.ITEM,
    **{str(name): state for name, state in states.RELEASE.items()},
    "live": states.RELEASE["released"],
    "corrected": states.State("✔", N_("corrected"), "warn"),
}


def title_cell(row: Found) -> Cell:
    """The title, or the code name behind the seal."""
    if row.sealed:
        return f"{states.SEALED} · {row.title}", "dim"
    return row.title, "strong"


def state_cell(row: Found) -> Cell:
    """Glyph and word; a state that has neither stays as it is."""
    if row.place == "terms":
        return word("gate says", row.state), "dim"
    known = ENQUIRY if row.place == "enquiries" else STATES
    state = known.get(row.state)
    return (str(state), state.tone) if state else (row.state, "dim")


class SearchRoom(Room):
    """Type, Enter, and Enter again on what is wanted."""

    PLACE = "search"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("search"),
        Binding("escape", "back", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._query = ""

    def body(self) -> ComposeResult:
        """The question, how many answers, the answers."""
        yield Input(placeholder=_('words, "a phrase", agency:ID after:2026-11 is:released in:log'),
                    id="question", compact=True)  # fmt: skip
        yield Plain("", id="search-line")
        columns: list[Column[Found]] = [
            Column(_("In"), 11, lambda row: (_(CALLED.get(row.place, row.place)), "accent")),
            Column(_("Title"), 24, title_cell, flex=True),
            Column(_("State"), 18, state_cell, rank=2),
            Column(_("Date"), 10, self._date_cell, rank=3),
            Column(_("Text"), 40, lambda row: (row.snippet, "dim"), rank=4, flex=True),
            Column(_("Agency"), 10, lambda row: (row.agency, ""), rank=5),
        ]
        yield VirtualTable(
            columns, empty=_("Type words above, then Enter. Escape leaves the line."), id="found"
        )

    def _date_cell(self, row: Found) -> Cell:
        return (f"{self.wall(row.at):%d/%m/%Y}" if row.at else ""), "dim"

    @property
    def _table(self) -> VirtualTable[Found]:
        return self.query_one(VirtualTable)

    def on_mount(self) -> None:
        """Keys go to the question."""
        self.query_one("#question").focus()

    async def read(self) -> None:
        """Search again: what is found may have changed."""
        if not self._query:
            return
        found = await self.ask(self.source.search_find, self._query)
        if found is None:
            return
        self._table.empty = _("Nothing found. Try fewer words, or without their accents.")
        await self._table.load(KnownRows(found))
        count = ngettext("{n} found", "{n} found", len(found)).format(n=len(found))
        self.query_one("#search-line", Plain).show(line((count, "bold")))
        if found and self.focused is self.query_one("#question"):
            self._table.focus()

    def action_ask(self) -> None:
        """To the question; what is typed takes the place of the one before."""
        question = self.query_one("#question", Input)
        question.focus()
        question.select_all()

    def action_back(self) -> None:
        """Back to the question; out of it, so that the digits of the rooms are keys again."""
        question = self.query_one("#question")
        (self._table if self.focused is question else question).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter searches."""
        event.stop()
        # The cursor stands here when the room opens: who presses / all the same has typed it.
        self._query = event.value.strip().removeprefix("/").strip()
        if self._query:
            event.input.value = self._query
            self.reread()

    # Going there

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter goes there."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Go to what is under the cursor."""
        row = self._table.current
        if row is None:
            return
        ways: dict[str, Callable[[Found], None]] = {
            "items": self._item, "releases": self._release, "handbook": self._page,
            "log": self._act,
        }  # fmt: skip
        ways.get(row.place, self._tell)(row)

    def _item(self, row: Found) -> None:
        from screens.rooms.item_room import ItemRoom  # late: the editor is large

        self.app.push_screen(ItemRoom(row.opens))

    def _release(self, row: Found) -> None:
        from screens.rooms.release_room import ReleaseRoom  # late, like the editor

        self.app.push_screen(ReleaseRoom(row.opens))

    def _page(self, row: Found) -> None:
        self.desk.open_handbook(row.opens)

    def _act(self, row: Found) -> None:
        async def show() -> None:
            one = await self.ask(self.source.log_act, int(row.opens))
            if one is not None:
                self.app.push_screen(Message(f"#{row.opens}", act_text(one, self.wall)))

        self.run_worker(show, group="act")

    def _tell(self, row: Found) -> None:
        self.app.push_screen(Message(row.title, row.snippet or row.opens))
