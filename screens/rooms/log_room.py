"""The log: who did what, when, and does it hold?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content

from desk.audit.words import FAMILIES, kind_word
from desk.locales import _, dates, ngettext, told
from desk.trust.acts import EVERYTHING
from screens import actions
from screens.dialogs.confirm import Confirm
from screens.dialogs.message import Message
from screens.rooms.filtered import Filtered
from screens.source import Source
from screens.source.log_room import LogAct, LogProof, LogRow
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Plain, line, lines
from screens.widgets.rows import Group
from screens.widgets.virtual_table import Cell, Column, VirtualTable

Wall = Callable[[datetime], datetime]
"""From an instant to the newsroom's wall time."""
ALARMING = ("publisher.alarm", "publisher.failed", "publisher.missed")
STOPPING = ("release.hold", "item.withdraw", "item.return", "release.recall")


class LogRows:
    """The log as a table's source: stretches without headings, filtered by a query."""

    def __init__(self, source: Source, query: str) -> None:
        self._source, self._query = source, query

    def groups(self) -> Sequence[Group]:
        """One group for each stretch."""
        found = self._source.log_stretches(self._query)
        return [Group(one.after, "", one.count) for one in found]

    def page(self, after: str, limit: int) -> Sequence[LogRow]:
        """Rows after a cursor."""
        return self._source.log_page(after, limit, self._query)


def act_cell(row: LogRow) -> Cell:
    """What was done, in words; alarms and stops stand out by a sign."""
    if row.kind in ALARMING:
        return f"⚠ {kind_word(row.kind)}", "bad"
    if row.kind in STOPPING:
        return f"‖ {kind_word(row.kind)}", "warn"
    return kind_word(row.kind), ""


def subject_cell(row: LogRow) -> Cell:
    """What it is about, by its code name if it has one."""
    if row.subject == EVERYTHING:
        return _("everything"), ""
    return row.code or (_(FAMILIES[row.subject]) if row.subject in FAMILIES else row.subject), ""


def by_cell(row: LogRow) -> Cell:
    """Who did it; of an act by several people, whose keys are on this entry."""
    return row.actor or ", ".join(row.signed) or _("several"), "accent"


def time_text(row: LogRow, wall: Wall, today: date) -> str:
    """When it was; of an act by several people, no earlier than when."""
    if row.at is None:
        return "–"
    at = wall(row.at)
    text = f"{at:%H:%M:%S}" if at.date() == today else f"{at:%d/%m/%y %H:%M}"
    return f"≥{text}" if row.open_ended else text


def _moments(one: LogAct, wall: Wall) -> list[tuple[str, str]]:
    """When it was made, as far as its text and its place in the log tell."""

    def said(at: datetime) -> str:
        return dates.moment(wall(at))

    found = [(_("time"), said(one.stated))] if one.stated is not None else []
    if not one.row.open_ended:
        return found
    if found:
        found = [(_("proposed"), found[0][1])]
    if one.row.at is not None:
        found.append((_("signed, earliest"), said(one.row.at)))
    if one.not_after is not None:
        found.append((_("signed, latest"), said(one.not_after)))
    return found


def act_text(one: LogAct, wall: Wall) -> Content:
    """An act in full."""

    def pair(label: str, value: str, tone: str = "") -> Content:
        return line((f"{label:<18} ", TONES["dim"]), (value, TONES[tone]))

    signed = [
        pair(_("signed by") if not number else "", f"{person or '?'}  {key}")
        for number, (person, key) in enumerate(one.signed)
    ]
    return lines(
        pair(_("entry"), str(one.row.seq), "strong"),
        pair(_("act"), f"{kind_word(one.row.kind)}  [{one.row.kind}]"),
        pair(_("subject"), one.row.subject),
        *(pair(label, text) for label, text in _moments(one, wall)),
        *signed,
        *([pair(_("has no effect"), told(one.void), "bad")] if one.void else []),
        *([pair(_("publisher says"), one.acknowledged)] if one.acknowledged else []),
        pair(_("hash"), one.hash[:32] + "…"),
        pair(_("follows"), one.previous[:32] + "…"),
        "",
        *one.fields.split("\n"),
    )


def proof_text(proof: LogProof) -> Content:
    """What verifying found."""
    rows = [line(_("{n} entries, head {head}").format(n=proof.entries, head=proof.head[:16]))]
    if proof.checkpoints:
        rows.append(line(_("{n} checkpoints hold").format(n=proof.checkpoints)))
    else:
        text = _("No checkpoint is here: a log cut off at its end would look the same.")
        rows.append(line((f"⚠ {text}", TONES["warn"])))
    if proof.voids:
        rows.append(line(_("{n} acts have no effect: filter by person to find them")
                         .format(n=proof.voids)))  # fmt: skip
    rows += [line((f"✖ {told(finding)}", TONES["bad"])) for finding in proof.findings]
    if proof.findings:
        rows.append(line((_("Publish nothing: see the handbook, log-alarm."), TONES["bad"])))
    return lines(*rows)


class LogRoom(Filtered):
    """Signed acts, newest first."""

    PLACE = "log"
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("log"),
        Binding("escape", "no_filter", show=False),
    ]

    def body(self) -> ComposeResult:
        """The filter, how many, the acts."""
        yield Input(placeholder=_("kind:release person:ID about:ID after:2026-11 before:2026-12"),
                    id="filter", compact=True)  # fmt: skip
        yield Plain("", id="log-line")
        columns: list[Column[LogRow]] = [
            Column("#", 7, lambda row: (str(row.seq), "dim"), right=True),
            Column(_("When"), 15, self._time_cell),
            Column(_("Act"), 24, act_cell, flex=True),
            Column(_("By"), 13, by_cell),
            Column(_("Subject"), 13, subject_cell, rank=2),
            Column(_("Digest"), 12, lambda row: (row.digest[:12], "dim"), rank=3),
        ]
        yield VirtualTable(columns, empty=_("No act fits. Escape takes the filter away."), id="log")

    def _time_cell(self, row: LogRow) -> Cell:
        return time_text(row, self.wall, self.desk.moment.date()), "dim"

    @property
    def _table(self) -> VirtualTable[LogRow]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """The log now; the cursor stays with its act."""
        await self._table.load(LogRows(self.source, self._query))
        count = self._table.rows
        text = ngettext("{n} act", "{n} acts", count).format(n=dates.number(count))
        if self._query:
            text += f"  ·  {self._query}"
        self.query_one("#log-line", Plain).show(text)

    # Filter

    def action_subject(self) -> None:
        """Only the same subject."""
        if (row := self._table.current) is not None:
            self.look_for(f"about:{row.subject}")

    # Acts

    def on_virtual_table_selected(self, event: VirtualTable.Selected) -> None:
        """Enter opens."""
        event.stop()
        self.action_open()

    @work(group="act")
    async def action_open(self) -> None:
        """The act in full."""
        row = self._table.current
        if row is not None and (one := await self.ask(self.source.log_act, row.seq)) is not None:
            self.app.push_screen(Message(f"#{row.seq}", act_text(one, self.wall)))

    @work(group="act", exclusive=True)
    async def action_verify(self) -> None:
        """Prove the log."""
        self.notify(_("Verifying the whole log …"), timeout=3)
        proof = await self.ask(self.source.log_verify)
        if proof is not None:
            title = _("✔ The log holds") if proof.ok else _("✖ The log does not hold")
            self.app.push_screen(Message(title, proof_text(proof)))

    @work(group="act")
    async def action_export(self) -> None:
        """Write a CSV file."""
        what = self._query or _("the whole log")
        title = _("Export the log as CSV")
        if not await self.app.push_screen_wait(Confirm(title, what, _("export"))):
            return
        path = await self.ask(self.source.log_export, self._query)
        if path is not None:
            self.notify(path, title=_("Written"))
