"""The items: what I write, what I may read, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from desk.locales import N_, _
from screens import actions, states
from screens.dialogs.choose import Choose
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form
from screens.rooms.filtered import Filtered
from screens.source import Source
from screens.source.items_room import ItemRow
from screens.states import LANGUAGES, word
from screens.widgets.input import Input
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Cell, Column, VirtualTable

MINE = N_("mine")


class ItemRows:
    """The items as a table's source, filtered by a query."""

    def __init__(self, source: Source, query: str) -> None:
        self._source, self._query = source, query

    def groups(self) -> Sequence[Group]:
        """Stretches without headings, so that a jump to the end reads the end alone."""
        found = self._source.items_stretches(self._query)
        return [Group(one.after, "", one.count) for one in found]

    def page(self, after: str, limit: int) -> Sequence[ItemRow]:
        """Rows after an item."""
        return self._source.items_page(after, limit, self._query)


def state_cell(row: ItemRow) -> Cell:
    """Glyph and word; a draft that a killed desk left says so."""
    if row.recovered:
        return "⚕ " + _("recovered"), "warn"
    state = states.ITEM[row.state]
    return str(state), state.tone


def title_cell(row: ItemRow) -> Cell:
    """The headline; sealed ones show their code name behind the seal."""
    if row.sealed:
        return f"{states.SEALED} · {row.title}", "dim"
    return row.title, "strong" if row.mine else ""


def open_cell(row: ItemRow) -> Cell:
    """Who else has it open now."""
    return ("⌨ " + ", ".join(row.others), "warn") if row.others else ("", "")


class ItemsRoom(Filtered):
    """The list, and the way into an item."""

    PLACE = "items"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("items"),
        Binding("escape", "no_filter", show=False),
    ]

    _begun = ""  # the item that this list has begun last, until it is shown

    def body(self) -> ComposeResult:
        """A filter that appears when asked for, and the table."""
        hint = _("words, agency:ID, kind:ID, state:WORD, lang:CODE, mine")
        yield Input(placeholder=hint, id="filter", compact=True)
        columns: list[Column[ItemRow]] = [
            Column(_("Saved"), 11, self._time_cell, rank=2),
            Column(_("State"), 14, state_cell),
            Column(_("Title"), 22, title_cell, flex=True, most=90),
            Column(_("Lang."), 5, lambda row: (row.language, "")),
            Column(_("Kind"), 12, lambda row: (row.kind_name or row.kind, "dim"), rank=3),
            Column(_("Agency"), 16, lambda row: (row.agency_name or row.agency, "accent"), rank=5),
            Column(_("Rev."), 4, self._number_cell, rank=6, right=True),
            Column(_("Open at"), 12, open_cell, rank=4),
        ]
        yield VirtualTable(columns, empty=_("No items. Begin one: n"), id="items")

    def _time_cell(self, row: ItemRow) -> Cell:
        if row.at is None:
            return "", ""
        wall = self.wall(row.at)
        today = wall.date() == self.desk.moment.date()
        return (f"{wall:%H:%M:%S}" if today else f"{wall:%d/%m %H:%M}"), "dim"

    @staticmethod
    def _number_cell(row: ItemRow) -> Cell:
        return (str(row.number) if row.number else "–"), "dim"

    @property
    def _table(self) -> VirtualTable[ItemRow]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """The items now; the cursor stays with its row."""
        table = self._table
        await table.load(ItemRows(self.source, self._query))
        first = table.row(0)
        if self._begun and first is not None and first.item == self._begun:
            self._begun, table.cursor = "", 0  # what was begun or written last stands first

    # Filter

    def action_mine(self) -> None:
        """What I have a draft of, or everything."""
        words = self._query.split()
        mine = _(MINE).replace(" ", "-")  # one word of the filter, as its readers call it
        left = [one for one in words if one not in (MINE, mine)]
        words = left if len(left) < len(words) else [*words, mine]
        self.look_for(" ".join(words))

    # Into an item

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter opens."""
        event.stop()
        self.action_open()

    def action_open(self) -> None:
        """Open the item under the cursor."""
        if (row := self._row()) is not None:
            self.open_item(row.item)

    def open_item(self, item: str) -> None:
        """Open an item by its id."""
        from screens.rooms.item_room import ItemRoom  # late: its text areas are slow to import

        self.app.push_screen(ItemRoom(item))

    def _row(self) -> ItemRow | None:
        row = self._table.current
        if row is None:
            self.notify(_("Put the cursor on an item first."), severity="warning")
        return row

    @work(group="act")
    async def action_new(self) -> None:
        """Ask for what cannot change later, then open the empty item."""
        choices = await self.ask(self.source.items_choices)
        if choices is None:
            return
        title = _("New item")
        kind = await self.app.push_screen_wait(Choose(f"{title} · " + _("Kind"), choices.kinds))
        if kind is None:
            return
        agency = await self.app.push_screen_wait(
            Choose(f"{title} · " + _("Agency"), choices.agencies)
        )
        if agency is None:
            return
        languages = [(code, word(LANGUAGES, code)) for code in dict(choices.languages)[kind]]
        language: str | None = languages[0][0]
        if len(languages) > 1:
            language = await self.app.push_screen_wait(
                Choose(f"{title} · " + _("Language"), languages)
            )
        if language is None:
            return
        about = _(
            "Others see it instead of the headline until it goes out; it should give nothing away."
        )
        field = Field("code", _("code name"), example="SAO-MAI")
        answer = await self.app.push_screen_wait(Form(title, [field], _("begin"), text=about))
        if answer is None:
            return
        item = await self.ask(self.source.items_new, kind, agency, language, answer["code"])
        if item is not None:
            self._begun = item
            self.open_item(item)

    @work(group="act")
    async def action_translate(self) -> None:
        """Begin or open the other language."""
        if (row := self._row()) is None:
            return
        choices = await self.ask(self.source.items_choices)
        if choices is None:
            return
        codes = dict(choices.languages).get(row.kind, ())
        others = [(code, word(LANGUAGES, code)) for code in codes if code != row.language]
        if not others:
            self.notify(_("This kind is written in one language only."), severity="warning")
            return
        language: str | None = others[0][0]
        if len(others) > 1:
            language = await self.app.push_screen_wait(Choose(_("Translate into"), others))
        if language is None:
            return
        item = await self.ask(self.source.items_translation, row.item, language)
        if item == "":
            title = _("Begin the version in {language}?").format(language=word(LANGUAGES, language))
            if await self.app.push_screen_wait(Confirm(title, row.title, _("begin"))):
                item = await self.ask(self.source.items_translate, row.item, language)
        if item:
            self.open_item(item)
