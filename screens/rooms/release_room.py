"""The release: what exactly is signed, is it ready, what can still be done, and by whom."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll

from desk.locales import N_, _
from screens import actions, states
from screens.rooms.release_room_acts import ReleaseActs
from screens.rooms.release_room_text import board_text, channel_look, head_text, item_detail
from screens.source.release_room import BoardItem, ReleaseBoard
from screens.widgets.plain import Hanging, Plain, lines
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Cell, Column, VirtualTable

GATE_HEADS = {
    "summary": N_("short"),
    "sources": N_("srcs"),
    "legal": N_("legal"),
    "translation": N_("trans"),
    "assets": N_("files"),
    "length": N_("len."),
    "terms": N_("term."),
}
"""Heads of columns five cells wide."""
ORDER = tuple(GATE_HEADS)


def channel_width(name: str) -> int:
    """The cells of a channel's column: its name fits, unless it is long."""
    return max(8, min(14, cell_len(name)))


class ReleaseItems:
    """The items of a release as a table's source."""

    def __init__(self, items: Sequence[BoardItem]) -> None:
        self._items = list(items)

    def groups(self) -> Sequence[Group]:
        """One group without a heading."""
        return [Group("", "", len(self._items))] if self._items else []

    def page(self, after: str, limit: int) -> Sequence[BoardItem]:
        """Items after an id."""
        keys = [item.key for item in self._items]
        start = keys.index(after) + 1 if after in keys else 0
        return self._items[start : start + limit]


def gates_of(items: Sequence[BoardItem]) -> list[str]:
    """The gates that some item has, the usual ones first."""
    there = {gate.gate for item in items for gate in item.gates}
    return [*(name for name in ORDER if name in there), *sorted(there - set(ORDER))]


def gate_cell(name: str) -> Callable[[BoardItem], Cell]:
    """What one gate said of an item."""

    def cell(item: BoardItem) -> Cell:
        found = next((gate for gate in item.gates if gate.gate == name), None)
        if found is None:
            return "–", "dim"
        state = states.GATE[found.outcome]
        return f" {state.glyph}", state.tone

    return cell


def channel_cell(channel: str) -> Callable[[BoardItem], Cell]:
    """How far an item is on one channel."""

    def cell(item: BoardItem) -> Cell:
        state = item.channels.get(channel, "")
        if not state:
            return "  –", "dim"
        look = channel_look(state)
        return f"  {look.glyph}", look.tone

    return cell


def title_cell(item: BoardItem) -> Cell:
    """The headline; what is sealed or was taken back has its sign."""
    if item.state == "withdrawn":
        state = states.ITEM[item.state]
        return f"{state.glyph} {item.headline}", state.tone
    return item.headline, "dim" if item.sealed else ""


def steps_cell(item: BoardItem) -> Cell:
    """How many steps are taken."""
    done = sum(1 for step in item.steps if step.by)
    return f"{done}/{len(item.steps)}", "good" if done == len(item.steps) else "warn"


class ReleaseRoom(ReleaseActs):
    """One release, opened over another room; Escape goes back."""

    PLACE = "release"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("release"),
    ]

    def __init__(self, release: str) -> None:
        super().__init__()
        self._release = release
        self._board: ReleaseBoard | None = None

    @property
    def release(self) -> str:
        """Its id."""
        return self._release

    @property
    def board(self) -> ReleaseBoard | None:
        """What was read last."""
        return self._board

    def body(self) -> ComposeResult:
        """Head, the items with their gates and channels, the item under the cursor, the rest."""
        yield Hanging("…", id="release-head")
        yield VirtualTable(self._columns(), empty="", id="release-items")  # until it was read
        yield VerticalScroll(
            Hanging(id="release-item"), Hanging(id="release-board"), id="release-more"
        )  # fmt: skip

    def _columns(self) -> list[Column[BoardItem]]:
        board = self._board
        gates = gates_of(board.items) if board else []
        channels = board.channels if board else ()
        return [
            Column(_("Title"), 18, title_cell, flex=True, most=64),
            Column(_("Lg."), 3, lambda item: (item.language, "accent")),
            *(Column(_(GATE_HEADS.get(name, name)), 5, gate_cell(name), rank=2) for name in gates),
            Column(_("Steps"), 5, steps_cell),
            *(
                Column(one.name, channel_width(one.name), channel_cell(one.channel), rank=3)
                for one in channels
            ),
        ]

    @property
    def table(self) -> VirtualTable[BoardItem]:
        """The items."""
        return self.query_one(VirtualTable)

    def on_mount(self) -> None:
        """Keys go to the items."""
        self.table.focus()

    async def read(self) -> None:
        """Read it anew."""
        board = await self.ask(self.source.release_board, self._release)
        if board is None:
            return
        self._board = board
        self.show_limits(dict(board.cannot))
        table = self.table
        table.empty = _("No items yet: e adds some.")
        table.styles.height = min(len(board.items) + 1, max(3, self.size.height * 2 // 5))
        table.recolumn(self._columns())
        await table.load(ReleaseItems(board.items))
        self.query_one("#release-board", Plain).show(board_text(board, self.desk.zone))
        self._tell_head(self.desk.moment)
        self._tell_item()
        await self.look_again()

    def tick(self, now: datetime) -> None:
        """What is left runs."""
        super().tick(now)
        self._tell_head(now)

    def _tell_head(self, now: datetime) -> None:
        if self._board is not None:
            self.query_one("#release-head", Plain).show(head_text(self._board, self.desk.zone, now))

    def _tell_item(self) -> None:
        item = self.table.current
        text = lines(item_detail(item), "") if item is not None else lines("")
        self.query_one("#release-item", Plain).show(text)

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Another item."""
        event.stop()
        self._tell_item()

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter previews."""
        event.stop()
        self.action_preview()

    def item_row(self) -> BoardItem | None:
        """The item under the cursor."""
        item = self.table.current
        if item is None:
            self.notify(_("Put the cursor on an item first."), severity="warning")
        return item

    def action_back(self) -> None:
        """Back to where it was opened from."""
        self.close()
