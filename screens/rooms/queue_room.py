"""The queue: what waits for me, what changed since anyone approved, may I approve?"""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from desk.locales import _, dates
from desk.text import has_words
from screens import actions
from screens.rooms.filtered import Filtered
from screens.rooms.queue_acts import QueueActs
from screens.rooms.review_text import kind_mark, queue_counts, release_text, review_text
from screens.source import QueueEntry, Review
from screens.states import STEPS, word
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Hanging, Plain, line
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable


def fits(entry: QueueEntry, query: str) -> bool:
    """Whether every word is in what the row shows, with or without accents."""
    shown = (
        f"{entry.headline} {entry.language} {entry.agency} {entry.step} "
        f"{word(STEPS, entry.step)} {kind_mark(entry)}"
    )
    return has_words(shown, query)


class QueueRoom(QueueActs, Filtered):
    """The list of what waits, and beside it the revision under the cursor."""

    PLACE = "queue"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("queue"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._all: tuple[QueueEntry, ...] = ()
        self._rows: KnownRows[QueueEntry] = KnownRows()
        self._review: Review | None = None
        self._whole = False

    def body(self) -> ComposeResult:
        """A filter, a line on the queue, the list, the revision."""
        yield Input(placeholder=_("words, with or without accents"), id="filter", compact=True)
        yield Plain("", id="queue-line")
        with Horizontal(id="queue-halves"):
            columns: list[Column[QueueEntry]] = [
                Column(_("Due"), 6, self._due_cell),
                Column(_("Waiting"), 12, self._headline_cell, flex=True),
                Column(_("Step"), 15, self._step_cell, rank=2),
                Column(_("Agency"), 8, lambda row: (row.agency, "accent"), rank=3),
            ]
            yield VirtualTable(
                columns,
                empty=_("Nothing waits for you. What waits for others: 1 calendar, 4 items"),
                id="queue",
            )
            with VerticalScroll(id="review", can_focus=True):
                yield Hanging("", id="review-text")

    def _due_cell(self, row: QueueEntry) -> Cell:
        if row.due is None:
            return "–", "dim"
        wall = self.wall(row.due)
        if wall.date() == self.desk.moment.date():
            return f"{wall:%H:%M}", "warn" if row.urgent else "strong"
        return f"{wall:%d/%m}", ""

    @staticmethod
    def _headline_cell(row: QueueEntry) -> Cell:
        # The language first: the end of a headline is cut off, and a pair would look the same.
        return " ".join(part for part in (kind_mark(row), row.language, row.headline) if part), ""

    @staticmethod
    def _step_cell(row: QueueEntry) -> Cell:
        if row.what == "returned":
            return _("came back"), "bad"
        name = _("to sign") if row.what == "sign" else word(STEPS, row.step)
        return f"{row.step_number}/{row.steps} {name}", "warn" if row.what == "sign" else "dim"

    @property
    def _table(self) -> VirtualTable[QueueEntry]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """What waits now; the cursor stays with its row."""
        entries = await self.ask(self.source.queue)
        if entries is None:
            return
        self._all = tuple(entries)
        kept = self._table.current
        self._rows = KnownRows([one for one in entries if fits(one, self._query)])
        await self._table.load(self._rows)
        place = self._rows.place(kept.key) if kept is not None else None
        if place is not None:
            self._table.cursor = place
        self.tick(self.desk.moment)

    # Filter

    def action_no_filter(self) -> None:
        """From the text to the list; from a filter to everything."""
        if self.focused is not None and self.focused.id == "review":
            self._table.focus()
            return
        super().action_no_filter()

    def tick(self, now: datetime) -> None:
        """Keep the line on the queue true."""
        super().tick(now)
        for place in self.query("#queue-line").results(Plain):
            place.show(self._queue_line(now))

    def _queue_line(self, now: datetime) -> Content:
        text = queue_counts(self._all)
        if self._query:
            text += line((f"  / {self._query}: {len(self._rows.rows)}", TONES["accent"]))
        soonest = min((e.due for e in self._rows.rows if e.due is not None), default=None)
        if soonest is not None:
            left = (soonest - now).total_seconds()
            if left < 0:
                over = _("the oldest is overdue by {time}").format(time=dates.countdown(-left))
                text += line(("  ✖ " + over, TONES["bad"]))
            else:
                soon = (dates.countdown(left), "bold $text-accent")
                text += line("  " + _("soonest due in") + " ", soon)
        return text

    # The revision under the cursor

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Open the revision that the cursor has come to."""
        event.stop()
        self.run_worker(partial(self._open, self._table.current), group="review", exclusive=True)

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter goes to the text, to scroll it; of a release, to its manifest."""
        event.stop()
        entry = self.entry
        if entry is not None and entry.what == "sign":
            self.action_open()
        else:
            self.query_one("#review").focus()

    async def _open(self, entry: QueueEntry | None) -> None:
        if entry is None:
            self._review = None
            self.query_one("#review-text", Plain).show("")
            return
        if entry.what == "sign":
            self._review = None
            self.query_one("#review-text", Plain).show(release_text(entry, self.desk.zone))
            return
        review = await self.ask_row(self.source.review, entry.revision)
        if review is None:
            if self.opened is None:  # the text of another row would stand beside this one
                self._review = None
                why = _("The text could not be opened, or the list has moved on: look again.")
                self.query_one("#review-text", Plain).show(line(("⚠ " + why, TONES["warn"])))
            return
        fresh = self._review is None or self._review.revision != review.revision
        self._review = review
        self._draw()
        if fresh:
            self.query_one("#review").scroll_home(animate=False)

    async def open_row(self) -> None:
        """Open the revision under the cursor now."""
        await self._open(self._table.current)

    def _draw(self) -> None:
        if self._review is not None:
            text = review_text(self._review, self.desk.zone, whole=self._whole)
            self.query_one("#review-text", Plain).show(text)

    @property
    def entry(self) -> QueueEntry | None:
        """The row under the cursor."""
        return self._table.current

    @property
    def opened(self) -> Review | None:
        """The review on the screen, when it is the one under the cursor."""
        entry, review = self._table.current, self._review
        if entry is None or review is None or entry.revision != review.revision:
            return None
        return review

    def waits(self, revision: str) -> bool:
        """Whether it was among what waits when that was read last."""
        return any(one.revision == revision for one in self._all)

    # Acts

    def action_toggle_text(self) -> None:
        """Changes, or the whole text."""
        self._whole = not self._whole
        self._draw()
        self.query_one("#review").scroll_home(animate=False)

    def action_next(self) -> None:
        """The next one, round the end."""
        if self._table.rows:
            self._table.cursor = (self._table.cursor + 1) % self._table.rows
