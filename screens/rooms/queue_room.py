"""The queue: what waits for me, what changed since anyone approved, may I approve?"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from desk.clock import to_wall
from desk.errors import DeskError, NotFound
from desk.locales import _, dates, ngettext
from screens import actions
from screens.dialogs.message import Message
from screens.rooms.base import Room
from screens.rooms.release_text import digest_words
from screens.rooms.review_text import due_text, review_text, who_text
from screens.source import QueueEntry, Review
from screens.states import STEPS, word
from screens.widgets.plain import TONES, Plain, line, lines
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Cell, Column, VirtualTable


class QueueRows:
    """The queue, read once, as a table's source."""

    def __init__(self, entries: Sequence[QueueEntry]) -> None:
        self.entries = list(entries)
        self._after = {"": 0} | {e.revision: n for n, e in enumerate(self.entries, 1)}

    def groups(self) -> Sequence[Group]:
        """One group without a heading."""
        return [Group("", "", len(self.entries))]

    def page(self, after: str, limit: int) -> Sequence[QueueEntry]:
        """Entries after a revision."""
        start = self._after.get(after, len(self.entries))
        return self.entries[start : start + limit]


class QueueRoom(Room):
    """The list of what waits, and beside it the revision under the cursor."""

    PLACE = "queue"
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings("queue")]

    def __init__(self) -> None:
        super().__init__()
        self._rows = QueueRows(())
        self._review: Review | None = None
        self._whole = False

    def body(self) -> ComposeResult:
        """A line on the queue, the list, the revision."""
        yield Plain("", id="queue-line")
        with Horizontal(id="queue-halves"):
            columns: list[Column[QueueEntry]] = [
                Column(_("Due"), 6, self._due_cell),
                Column(_("Waiting"), 12, self._headline_cell, flex=True),
                Column(_("Step"), 12, self._step_cell, rank=2),
                Column(_("Agency"), 8, lambda row: (row.agency, "accent"), rank=3),
            ]
            yield VirtualTable(columns, empty=_("Nothing waits for you."), id="queue")
            with VerticalScroll(id="review", can_focus=True):
                yield Plain("", id="review-text")

    def _due_cell(self, row: QueueEntry) -> Cell:
        if row.due is None:
            return "–", "dim"
        wall = to_wall(row.due, self.desk.zone)
        if wall.date() == self.desk.moment.date():
            return f"{wall:%H:%M}", "warn" if row.urgent else "strong"
        return f"{wall:%d/%m}", ""

    @staticmethod
    def _headline_cell(row: QueueEntry) -> Cell:
        mark = "⚡ " if row.urgent else ""
        return f"{mark}{row.headline} · {row.language}", ""

    @staticmethod
    def _step_cell(row: QueueEntry) -> Cell:
        return f"{row.step_number}/{row.steps} {word(STEPS, row.step)}", "dim"

    @property
    def _table(self) -> VirtualTable[QueueEntry]:
        return self.query_one(VirtualTable)

    def on_mount(self) -> None:
        """Keys go to the list."""
        self._table.focus()

    async def read(self) -> None:
        """What waits now."""
        entries = await self.ask(self.source.queue)
        if entries is None:
            return
        kept = self._table.current
        self._rows = QueueRows(entries)
        await self._table.load(self._rows)
        keys = [entry.revision for entry in self._rows.entries]
        if kept is not None and kept.revision in keys:
            self._table.cursor = keys.index(kept.revision)
        self.tick(self.desk.moment)

    def tick(self, now: datetime) -> None:
        """Keep the line on the queue true."""
        super().tick(now)
        for place in self.query("#queue-line").results(Plain):
            place.show(self._queue_line(now))

    def _queue_line(self, now: datetime) -> Content:
        count = len(self._rows.entries)
        text = line((ngettext("{n} waiting", "{n} waiting", count).format(n=count), "bold"))
        soonest = min((e.due for e in self._rows.entries if e.due is not None), default=None)
        if soonest is not None:
            left = dates.countdown((soonest - now).total_seconds())
            text += line("  " + _("soonest due in") + " ", (left, "bold $text-accent"))
        return text

    # The revision under the cursor

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Open the revision that the cursor has come to."""
        event.stop()
        self.run_worker(partial(self._open, self._table.current), group="review", exclusive=True)

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter goes to the text, to scroll it."""
        event.stop()
        self.query_one("#review").focus()

    async def _open(self, entry: QueueEntry | None) -> None:
        if entry is None:
            self._review = None
            self.query_one("#review-text", Plain).show("")
            return
        try:
            review = await asyncio.to_thread(self.source.review, entry.revision)
        except NotFound:
            # Decided a moment ago, here or at another desk: the list is about to say so.
            return
        except DeskError as error:
            self.tell(error)
            return
        fresh = self._review is None or self._review.revision != review.revision
        self._review = review
        self._draw()
        if fresh:
            self.query_one("#review").scroll_home(animate=False)

    def _draw(self) -> None:
        if self._review is not None:
            text = review_text(self._review, self.desk.zone, whole=self._whole)
            self.query_one("#review-text", Plain).show(text)

    def _open_review(self) -> Review | None:
        """The review on the screen, when it is the one under the cursor."""
        entry, review = self._table.current, self._review
        if entry is None or review is None or entry.revision != review.revision:
            self.app.bell()
            return None
        return review

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

    def action_who(self) -> None:
        """Who could act."""
        if (review := self._open_review()) is not None:
            self.app.push_screen(Message(_("Who can act"), who_text(review)))

    @work(group="act")
    async def action_approve(self) -> None:
        """Approve exactly these bytes."""
        if (review := self._open_review()) is None:
            return
        if review.refusals:
            self.refuse(_("You cannot approve this revision"), review.refusals)
            return
        title = _("Approve: {title}").format(title=review.headline)
        secret = await self.secret(title, self._facts(review), _("approve"))
        if secret is not None:
            await self.act(self.source.approve, review.revision, review.digest, secret)

    @work(group="act")
    async def action_send_back(self) -> None:
        """Return it with a reason."""
        if (review := self._open_review()) is None:
            return
        title = _("Return: {title}").format(title=review.headline)
        reason = await self.reason(title, self._facts(review), _("return"))
        if reason is None:
            return
        secret = await self.secret(title, reason, _("return"))
        if secret is not None:
            arguments = (review.revision, review.digest, reason, secret)
            await self.act(self.source.send_back, *arguments)

    def _facts(self, review: Review) -> Content:
        return lines(
            line(
                _("rev {n}").format(n=review.number),
                " · ",
                (digest_words(review.digest), TONES["accent"]),
            ),
            line(_("by") + " ", ", ".join(review.authors)),
            due_text(review, self.desk.zone),
        )
