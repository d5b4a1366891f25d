"""The contacts: who speaks to what, can they now, and which questions wait for an answer?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.locales import _, ngettext
from desk.text import has_words
from screens import actions
from screens.dialogs.message import Message
from screens.rooms.contacts_acts import ContactsActs
from screens.rooms.contacts_text import (
    CLOSED,
    card_text,
    deputies_cell,
    duty_cell,
    enquiry_text,
    left_cell,
    moment,
    question_cell,
    short,
    state_cell,
    topic_text,
)
from screens.rooms.filtered import Filtered
from screens.source.contacts_room import Board, BoardMode, BoardRow, EnquiryRow
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Plain, line
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable

_LINES = {"board": "contacts-line", "enquiries": "enquiries-line"}
MODES: tuple[BoardMode, ...] = ("topics", "contacts", "gaps")


class ContactsRoom(ContactsActs, Filtered):
    """The board above, the enquiries with their deadlines below."""

    PLACE = "contacts"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("contacts"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._board = Board((), (), (), ())
        self._rows: list[EnquiryRow] = []
        self._mode: BoardMode = "topics"

    def body(self) -> ComposeResult:
        """What is true now, a filter, the board, and the questions below it."""
        yield Plain("", id="contacts-line")
        yield Input(placeholder=_("words of a name, an agency, a question"), id="filter",
                    compact=True)  # fmt: skip
        yield VirtualTable(self._board_columns(), empty=_("Nobody is on the board yet: n adds."),
                           id="board")  # fmt: skip
        yield Plain("", id="enquiries-line")
        columns: list[Column[EnquiryRow]] = [
            Column(_("Left"), 12, lambda row: left_cell(row, self.desk.moment)),
            Column(_("State"), 17, state_cell),
            Column(_("Question"), 20, question_cell, flex=True),
            Column(_("Topic"), 14, lambda row: (row.topic, "accent"), rank=4),
            Column(_("Lang."), 5, lambda row: (row.language, ""), rank=3),
            Column(_("Goes to"), 20, lambda row: (short(row.contact) or "⚠ –", ""), rank=2),
        ]
        yield VirtualTable(columns, empty=_("No question waits. Note one: n"), id="enquiries")

    def _board_columns(self) -> list[Column[BoardRow]]:
        if self._mode == "topics":
            return [
                Column(_("Topic"), 10, lambda row: (row.name, "strong")),
                Column(_("Agency"), 12, lambda row: (row.agency, "accent"), rank=5),
                Column(
                    _("Focal point"), 18, lambda row: (short(row.focal) or "⚠ –", ""), flex=True
                ),
                Column(_("Deputy"), 14, deputies_cell, rank=4, flex=True),
                Column(_("Now"), 16, duty_cell),
                Column(_("Next gap"), 13, self._gap_cell, rank=2),
                Column(_("Next"), 22, self._next_cell, rank=6, flex=True),
            ]
        if self._mode == "contacts":
            return [
                Column(_("Contact"), 20, lambda row: (short(row.name), "strong"), flex=True),
                Column(_("Agency"), 12, lambda row: (row.agency, "accent"), rank=3),
                Column(_("Now"), 16, duty_cell),
                Column(_("Languages"), 9, lambda row: (" ".join(row.languages), ""), rank=4),
                Column(_("Telephone"), 18, self._phone_cell, rank=2),
                Column(_("Mail"), 24, lambda row: (row.email, ""), rank=5),
            ]
        return [
            Column(_("Topic"), 20, lambda row: (row.name, "strong"), flex=True),
            Column(_("Agency"), 12, lambda row: (row.agency, "accent"), rank=2),
            Column(_("From"), 12, lambda row: (self._moment(row.gap_from), "warn")),
            Column(_("Until"), 12, lambda row: (self._moment(row.gap_to), "warn")),
        ]

    def _moment(self, at: datetime | None) -> str:
        return moment(at, self.desk.zone, self.desk.moment)

    def _gap_cell(self, row: BoardRow) -> Cell:
        return (f"⚠ {self._moment(row.gap_from)}", "warn") if row.gap_from else ("–", "dim")

    def _next_cell(self, row: BoardRow) -> Cell:
        return (
            (f"{self._moment(row.next_at)} {short(row.next_who)}", "")
            if row.next_who
            else ("–", "dim")
        )

    @staticmethod
    def _phone_cell(row: BoardRow) -> Cell:
        return (row.phone + " ▒" if row.private else row.phone), ""

    @property
    def board_table(self) -> VirtualTable[BoardRow]:
        """The board."""
        return self.query_one("#board", VirtualTable)

    @property
    def enquiry_table(self) -> VirtualTable[EnquiryRow]:
        """The questions."""
        return self.query_one("#enquiries", VirtualTable)

    # Reading

    async def read(self) -> None:
        """The board and the questions as they are now."""
        board = await self.ask(self.source.contacts_board)
        rows = await self.ask(self.source.contacts_enquiries) if board is not None else None
        if board is None or rows is None:
            return
        self._board, self._rows = board, list(rows)
        await self._show()

    async def _show(self) -> None:
        """Both tables, narrowed by the filter."""
        shown = {"topics": self._board.topics, "contacts": self._board.contacts,
                 "gaps": self._board.gaps}[self._mode]  # fmt: skip
        board = [row for row in shown if has_words(" ".join(self._words(row)), self._query)]
        asked = [
            row
            for row in self._rows
            if has_words(
                f"{row.outlet} {row.question} {row.topic} {row.agency} {row.contact}", self._query
            )
        ]
        await self.board_table.load(KnownRows(board))
        await self.enquiry_table.load(KnownRows(asked))
        self.tick(self.desk.moment)

    @staticmethod
    def _words(row: BoardRow) -> tuple[str, ...]:
        return row.name, row.key, row.agency, row.focal, row.email, *row.deputies

    def tick(self, now: datetime) -> None:
        """Keep the lines and the clocks of the deadlines true."""
        super().tick(now)
        self._tell(now)
        if any(row.state not in CLOSED for row in self._rows):
            self.enquiry_table.redraw()

    def _tell(self, now: datetime) -> None:
        """The lines above the lists; a bar marks the one that the keys are for."""
        heads: dict[str, Callable[[], Content]] = {
            "board": self._head, "enquiries": partial(self._enquiries_head, now),
        }  # fmt: skip
        for name, told in heads.items():
            bar = "▌" if self.query_one(f"#{name}").has_focus else " "
            self.query_one(f"#{_LINES[name]}", Plain).show(line((bar, TONES["accent"])) + told())

    def on_descendant_focus(self) -> None:
        """The other list."""
        if self.query("#enquiries-line"):
            self._tell(self.desk.moment)

    def _head(self) -> Content:
        topics, gaps = len(self._board.topics), len(self._board.gaps)
        counted = ngettext("{n} topic", "{n} topics", topics).format(n=topics)
        there = ", ".join(map(short, self._board.on_duty))
        tone = "bold" if there else TONES["warn"]
        parts: list[Content] = []
        if gaps:  # first: the names after it may be many
            text = ngettext("{n} gap this week", "{n} gaps this week", gaps).format(n=gaps)
            parts.append(line((f"⚠ {text}", TONES["warn"])))
        parts.append(line("☎ " + _("on duty now") + ": ", (there or _("nobody"), tone)))
        parts.append(line(counted))
        return Content(" · ").join(parts)

    def _enquiries_head(self, now: datetime) -> Content:
        waiting = [row for row in self._rows if row.state not in CLOSED]
        late = sum(row.due < now for row in waiting)
        count = len(waiting)
        text = ngettext("{n} question waits", "{n} questions wait", count).format(n=count)
        parts = [line((_("Enquiries"), "bold"), " · ", text)]
        if late:
            over = ngettext("{n} overdue", "{n} overdue", late).format(n=late)
            parts.append(line((f"✖ {over}", TONES["bad"])))
        return Content(" · ").join(parts)

    # The filter, the modes

    def action_board(self) -> None:
        """Topics, contacts, gaps, and round again."""
        self._mode = MODES[(MODES.index(self._mode) + 1) % len(MODES)]
        self.board_table.recolumn(self._board_columns())
        self.board_table.focus()
        self.reread()

    @property
    def mode(self) -> BoardMode:
        """What the board shows."""
        return self._mode

    # What is under the cursor

    async def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter tells everything about it."""
        event.stop()
        zone, now = self.desk.zone, self.desk.moment
        row = event.row
        if isinstance(row, EnquiryRow):
            title = _("Enquiry") + f" {row.key}"
            self.app.push_screen(Message(title, enquiry_text(row, zone, now)))
        elif isinstance(row, BoardRow) and row.mode == "contacts":
            card = await self.ask(self.source.contacts_card, row.key)
            if card is not None:
                self.app.push_screen(Message(row.name, card_text(card, zone)))
        elif isinstance(row, BoardRow):
            self.app.push_screen(Message(row.name, topic_text(row, zone, now)))
