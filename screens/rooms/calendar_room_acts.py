"""What one does to a date in the calendar: move, confirm, sign, hold, postpone, cancel."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from textual import work
from textual.content import Content

from desk.clock import to_wall
from desk.errors import Reason
from desk.locales import _, dates
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.rows import Deed, Rows
from screens.rooms.planning import typed_wall
from screens.rooms.release_text import release_text
from screens.rooms.typed import wrong_time
from screens.rooms.urgent import Urgently
from screens.source import CalendarRow, Outcome
from screens.source.calendar_room import Clashing, PlannedAs
from screens.widgets.plain import TONES, line, lines


class CalendarActs(Urgently):
    """The acts on the calendar; what lies under the cursor is the subclass's."""

    def row_facts(self, row: CalendarRow) -> Content:
        """What a dialog says of a row."""
        raise NotImplementedError

    # What stands in the way

    @work(group="act")
    async def action_clashes(self) -> None:
        """What stands in the way of releases to come; the one chosen is opened."""
        found = await self.ask(self.source.calendar_clashes)
        if found is None:
            return
        rows = [self._clash_row(one) for one in found]
        deeds = [Deed("open", _("open"), "f4")]
        title = _("What stands in the way")
        dialog = Rows(title, rows, deeds, empty="✔ " + _("Nothing stands in the way."))
        chosen = await self.app.push_screen_wait(dialog)
        if chosen is not None:
            self.open_release(found[chosen.row].release)

    def _clash_row(self, one: Clashing) -> Content:
        wall = self.wall(one.at)
        when = f"{wall:%d/%m} {dates.short_time(wall)}  "
        return lines(line((when, "bold"), one.title), line(("  ✖ ", TONES["bad"]), one.why))

    # The date

    @work(group="act")
    async def action_move(self) -> None:
        """Move it to another time."""
        row = await self.chosen_row()
        if row is None or not self.may("move"):
            return
        known = await self.ask(self.source.calendar_planned, row.release)
        if known is None:
            return
        self.minds = await self.minding("move", row)
        typed: Values = {"wall": typed_wall(to_wall(row.at, known.zone)), "note": ""}
        while True:
            told = await self._new_time(row, known, typed)
            if told is None:
                return
            typed = told
            wall, note = typed["wall"], typed["note"]
            fold = await self.placed(wall, known.items, known.channels, release=known.release)
            if fold is None:
                continue
            call = partial(self.source.calendar_move, known.release, wall, fold, note)
            title, facts = self._move_title(row), self._moved(row, known, typed)
            if await self.act_sealed(title, facts, _("move"), call, since=self.minds) is not False:
                return

    @staticmethod
    def _move_title(row: CalendarRow) -> str:
        return _("Move: {title}").format(title=row.title)

    async def _new_time(self, row: CalendarRow, known: PlannedAs, before: Values) -> Values | None:
        def wrong(typed: Values) -> str:
            if not typed["wall"]:
                return _("Say when.")
            if typed["wall"] == there:
                return _("It stands there already: say another time.")
            if known.confirmed and not typed["note"]:
                return _("The date was announced: the public is told why it changes.")
            return wrong_time(typed["wall"], known.zone)

        there = typed_wall(to_wall(row.at, known.zone))
        note = _("why, for the public")
        fields = [
            Field("wall", _("date and time in {zone}").format(zone=known.zone), before["wall"]),
            Field("note", note, before["note"], _("figures of the month are awaited")),
        ]
        text = lines(self.row_facts(row), _("What was signed of it is void; approvals stay."))
        form = Form(
            self._move_title(row), fields, _("continue"), text=text, check=wrong, first="wall"
        )
        return await self.put(form)

    def _moved(self, row: CalendarRow, known: PlannedAs, typed: Values) -> Content:
        return lines(
            self.row_facts(row),
            line("→ ", (typed["wall"], "bold $text-accent"), f" {known.zone}"),
            *([line(typed["note"])] if typed["note"] else []),
        )

    @work(group="act")
    async def action_postpone(self) -> None:
        """Take the date away."""
        await self._strike("postpone", _("Postpone without a date: {title}"), _("postpone"),
                           self.source.calendar_postpone)  # fmt: skip

    @work(group="act")
    async def action_cancel(self) -> None:
        """Strike it for good."""
        await self._strike("cancel", _("Cancel for good: {title}"), _("cancel"),
                           self.source.calendar_cancel)  # fmt: skip

    async def _strike(
        self, name: str, title: str, accept: str, call: Callable[[str, str, str], Outcome]
    ) -> None:
        row = await self.chosen_row()
        if row is None or not self.may(name):
            return
        title = title.format(title=row.title)
        await self.act_with_reason(
            title, lines(self.row_facts(row), _("The reason is public:")), accept,
            partial(call, row.release), shown=self.row_facts(row), about=row.release,
            since=await self.minding(name, row),
        )  # fmt: skip

    # Confirming, signing, holding

    @work(group="act")
    async def action_confirm(self) -> None:
        """Make a provisional release confirmed."""
        row = await self.chosen_row()
        if row is None or not self.may("confirm"):
            return
        self.minds = await self.minding("confirm", row)
        title = _("Confirm: {title}").format(title=row.title)
        if await self.put(Confirm(title, self.row_facts(row), _("confirm"))):
            await self.act(self.source.confirm, row.release)

    @work(group="act")
    async def action_sign(self) -> None:
        """Sign off exactly what is shown."""
        row = await self.chosen_row()
        if row is None or not self.may("sign"):
            return
        view = await self.ask(self.source.release, row.release)
        if view is None:
            return
        if view.refusals:
            self.refuse(_("You cannot sign this release now"), view.refusals)
            return
        title = _("Sign off: {title}").format(title=view.title)
        await self.act_sealed(
            title, release_text(view, self.desk.zone), _("sign"),
            partial(self.source.sign, view.release, view.manifest),
            since=await self.minding("sign", row),
        )  # fmt: skip

    @work(group="act")
    async def action_hold(self) -> None:
        """Stop the release, unless it is out: that would only alarm everybody."""
        row = await self.chosen_row()
        if row is not None and row.state == "released":
            text = _("it is public: what is public is corrected or withdrawn, not changed")
            self.refuse(_("Nothing is left to hold"), (Reason("released", text),))
        elif row is not None:
            since = await self.minding("hold", row)
            await self.hold_with_reason(row.release, self.row_facts(row), since)

    @work(group="act")
    async def action_lift(self) -> None:
        """Let it go on."""
        row = await self.chosen_row()
        if row is not None and self.may("lift"):
            since = await self.minding("lift", row)
            await self.lift_hold(row.release, self.row_facts(row), since)
