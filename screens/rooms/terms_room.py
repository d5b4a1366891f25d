"""The terms room: what to write, why, and who says so; entries added, changed and accepted."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content

from desk.errors import DeskError
from desk.locales import _, ngettext, told
from desk.locales.words import typed, word
from desk.terms.drafted import Drafted
from screens import actions
from screens.dialogs.form import Field, Form
from screens.dialogs.message import Message, error_text
from screens.rooms.filtered import Filtered
from screens.source.terms_room import TermRow, TermsBoard, TermView
from screens.widgets.input import Input
from screens.widgets.plain import TONES, Hanging, Plain, line, lines
from screens.widgets.rows import KnownRows
from screens.widgets.virtual_table import Cell, Column, VirtualTable

SIGNS: Mapping[str, Cell] = {
    "error": ("✖", "bad"),
    "warning": ("⚠", "warn"),
    "info": ("·", "dim"),
}
STATES = {"shipped": " ", "own": "✎", "waits": "…"}


def use_cell(row: TermRow) -> Cell:
    """What to write, marked as the newsroom's own or as waiting."""
    return f"{STATES[row.state]} {row.use}", "strong" if row.state != "shipped" else ""


def severity_cell(row: TermRow) -> Cell:
    """A sign for the severity."""
    return SIGNS.get(row.severity, ("·", "dim"))


class TermsRoom(Filtered):
    """Entries on the left, the one under the cursor on the right."""

    PLACE = "terms"
    AGAIN = True  # pages and entries are files, which anybody may save
    BINDINGS: ClassVar[list[BindingType]] = [
        *actions.bindings("terms"),
        Binding("escape", "no_filter", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._rows: KnownRows[TermRow] = KnownRows()
        self._view: TermView | None = None
        self._board: TermsBoard | None = None

    def body(self) -> ComposeResult:
        """The version, the search, the entries, the entry."""
        yield Plain("", id="terms-line")
        yield Input(placeholder=_("letters, with or without accents"), id="filter", compact=True)
        with Horizontal(id="terms-halves"):
            columns: list[Column[TermRow]] = [
                Column("", 1, severity_cell),
                Column("", 2, lambda row: (row.language, "dim")),
                Column(_("Write"), 20, use_cell, flex=True),
                Column(_("not"), 20, lambda row: (row.avoid, "dim"), flex=True),
            ]
            yield VirtualTable(
                columns, empty=_("No entry has these letters. Add one: a"), id="entries-list"
            )
            with VerticalScroll(id="entry", can_focus=True):
                yield Hanging("", id="entry-text")

    @property
    def _table(self) -> VirtualTable[TermRow]:
        return self.query_one(VirtualTable)

    async def read(self) -> None:
        """The entries now; the cursor stays on its entry."""
        board = await self.ask(self.source.terms_board, self._query)
        if board is None:
            return
        self._board = board
        kept = self._table.current
        self._rows = KnownRows(board.rows)
        await self._table.load(self._rows)
        place = self._rows.place(kept.key) if kept else None
        self._table.cursor = place if place is not None else 0
        waiting = sum(row.state == "waits" for row in board.rows)
        waits = ngettext("{n} waits for a second person", "{n} wait for a second person", waiting)
        head = line(
            (_("termbase {version}").format(version=board.version), "bold"),
            " · " + _("{n} entries").format(n=board.entries),
            (" · … " + waits.format(n=waiting) if waiting else "", TONES["warn"]),
        )  # fmt: skip
        problems = [line(("✖ " + problem, TONES["bad"])) for problem in board.problems]
        self.query_one("#terms-line", Plain).show(lines(head, *problems))

    def on_virtual_table_moved(self, event: VirtualTable.Moved) -> None:
        """Show the entry that the cursor has come to."""
        event.stop()
        self.run_worker(partial(self._open, self._table.current), group="page", exclusive=True)

    async def _open(self, row: TermRow | None) -> None:
        place = self.query_one("#entry-text", Plain)
        self._view = await self.ask_row(self.source.terms_entry, row.key) if row else None
        if self._view is None:
            place.show("")
            return
        rows = [
            line((f"{label}: ", TONES["dim"]), text) if label else line(text)
            for label, text in self._view.facts
        ]
        place.show(lines(*rows, "", line((self._view.key[:40], TONES["dim"]))))
        self.query_one("#entry").scroll_home(animate=False)

    async def _opened(self) -> TermView | None:
        """The entry under the cursor, read now where a key came before it was."""
        row = self._table.current
        if row is not None and (self._view is None or self._view.key != row.key):
            await self._open(row)
        return self._view if row is not None else None

    # Adding and changing

    @work(group="act")
    async def action_add(self) -> None:
        """A new entry."""
        await self._write(Drafted(), "")

    @work(group="act")
    async def action_edit(self) -> None:
        """The entry under the mark."""
        view = await self._opened()
        if view is None:
            self.notify(_("Put the cursor on an entry first."), severity="warning")
            return
        if view.draft is None:
            text = _("This is a change that waits: accept it (F9), or propose another.")
            self.notify(text, severity="warning")
            return
        await self._write(view.draft, view.key)

    async def _write(self, draft: Drafted, key: str) -> None:
        title = _("Change an entry") if key else _("Add an entry")
        wrong: str | Content = ""
        while True:
            filled = await self._filled(title, draft, wrong, key)
            if filled is None:
                return
            draft, reason = filled
            try:
                near = await asyncio.to_thread(self.source.terms_near, draft, key)
                secret = await self.secret(title, _facts(draft, near), _("sign"))
                if secret is None:
                    return
                put = partial(self.source.terms_put, draft, key, reason, secret)
                done = await self.desk.carrying.carry(put)
            except DeskError as error:  # the form comes again, as it was filled in
                wrong = lines(line((told(error.title), TONES["bad"])), error_text(error))
                continue
            self.sent()
            self.notify(done.message)
            self.reread()
            return

    async def _filled(
        self, title: str, draft: Drafted, wrong: str | Content, key: str
    ) -> tuple[Drafted, str] | None:
        forms = [
            Field("use", _("what to write; several with | between, the best first"), draft.use),
            Field("avoid", _("what not to write"), draft.avoid),
            Field("was", _("what was right once"), draft.was),
            Field(
                "severity", _("severity: error, warning or info"), word("gate says", draft.severity)
            ),
        ]
        if not key:
            forms.append(Field("language", _("language: vi or en"), draft.language))
        first = await self.app.push_screen_wait(
            Form(title, forms, _("continue"), text=wrong, check=_check_forms, about=key)
        )
        if first is None:
            return None
        why = [
            Field("rule", _("the rule, in a sentence"), draft.rule),
            Field("source", _("where it is written (a title; never left out)"), draft.source),
            Field("place", _("the place there"), draft.place),
            Field("match", _("sentences it must find, with | between"), draft.match),
            Field("clean", _("sentences it must leave alone"), draft.clean),
            Field("reason", _("why it is changed")),
        ]
        second = await self.app.push_screen_wait(
            Form(title, why, _("continue"), check=_check_source, about=f"{key} 2")
        )
        if second is None:
            return None
        texts = {**first, **second}
        reason = texts.pop("reason")
        texts["severity"] = typed("gate says", texts["severity"], SIGNS)
        return replace(draft, **texts), reason

    @work(group="act")
    async def action_accept(self) -> None:
        """The second signature for the change under the mark."""
        row = self._table.current
        view = await self._opened() if row is not None and row.state == "waits" else None
        if row is None or view is None:
            self.notify(_("Put the cursor on a change that waits (…)."), severity="warning")
            return
        facts = lines(*(line((f"{label} ", TONES["dim"]), text) for label, text in
                        view.facts))  # fmt: skip
        secret = await self.secret(_("Accept this change"), facts, _("accept"))
        if secret is not None:
            await self.act(self.source.terms_accept, row.key, secret)

    @work(group="act", exclusive=True)
    async def action_affected(self) -> None:
        """What the termbase speaks against now."""
        self.notify(_("Reading the items and the archive…"), timeout=2)
        found = await self.ask(self.source.terms_affected)
        if found is None:
            return
        rows = [
            line((f"✖ {one.errors} ⚠ {one.warnings} ", TONES["bad" if one.errors else "warn"]),
                 f"{one.item} {one.headline}", (f"  {one.first}", TONES["dim"]))
            for one in found
        ] or [line(_("Nothing: every text agrees with the termbase."))]  # fmt: skip
        title = _("Against the termbase in force: {n}").format(n=len(found))
        self.app.push_screen(Message(title, lines(*rows)))


def _facts(draft: Drafted, near: Sequence[str]) -> Content:
    """What is about to be signed, and what it may be confused with."""
    return lines(
        line(("→ " + draft.use, "bold")),
        line("✗ " + " | ".join(part for part in (draft.avoid, draft.was) if part)),
        line((f"{draft.rule} ({draft.source})", TONES["dim"])),
        *(line(("⚠ " + _("did you mean: ") + one, TONES["warn"])) for one in near),
    )


def _check_forms(values: Mapping[str, str]) -> str:
    if not values["use"]:
        return _("Say what to write.")
    if not typed("gate says", values["severity"], SIGNS):
        return _("The severity is error, warning or info.")
    return ""


def _check_source(values: Mapping[str, str]) -> str:
    return "" if values["source"] else _("Say where it is written: no rule without a source.")
