"""What one does to the calendar: plan, edit, move, confirm, sign, hold, postpone, cancel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from textual import work
from textual.content import Content

from desk.clock import to_wall
from desk.locales import _, dates
from screens.dialogs.answers import Answer, Answers
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.pick import Pick
from screens.rooms.limits import Limited
from screens.rooms.release_text import release_text
from screens.source import CalendarRow, Outcome
from screens.source.calendar_room import CalendarChoices, Placing, PlannedAs
from screens.widgets.plain import TONES, line, lines

FOLDS = ("earlier", "later")


class CalendarActs(Limited):
    """The acts on the calendar; what lies under the cursor is the subclass's."""

    def release_row(self) -> CalendarRow | None:
        """The release under the cursor; None after saying that there is none."""
        raise NotImplementedError

    def row_facts(self, row: CalendarRow) -> Content:
        """What a dialog says of a row."""
        raise NotImplementedError

    def cursor_wall(self) -> tuple[datetime, str]:
        """The wall time under the cursor, and the free slot there, or ''."""
        raise NotImplementedError

    # Planning

    @work(group="act")
    async def action_plan(self) -> None:
        """Plan a release where the cursor is."""
        if not self.may("plan"):
            return
        choices = await self.ask(self.source.calendar_choices)
        if choices is None:
            return
        wall, slot = self.cursor_wall()
        typed = await self._code_and_time(_("Plan a release"), "", wall)
        if typed is None:
            return
        items = await self._items(choices, ())
        if items is None:
            return
        channels = await self._channels(choices, ())
        if channels is None:
            return
        slot = slot if typed["wall"] == _typed(wall) else ""
        fold = await self.placed(typed["wall"], items, channels, slot=slot)
        if fold is not None:
            await self.act(
                self.source.calendar_plan, typed["wall"], fold, items, channels, typed["code"], slot
            )

    async def _code_and_time(self, title: str, code: str, wall: datetime) -> Values | None:
        about = _("The code name stands for the headlines until it goes out; let it say nothing.")
        fields = [
            Field("code", _("code name"), code, "SAO-MAI"),
            Field("wall", _("date and time in {zone}").format(zone=self.desk.zone), _typed(wall),
                  "20/11/2026 15:00"),
        ]  # fmt: skip
        return await self.app.push_screen_wait(
            Form(title, fields, _("go on"), text=about, check=_said_both)
        )

    async def _items(
        self, choices: CalendarChoices, marked: Sequence[str]
    ) -> tuple[str, ...] | None:
        known = {id for id, _name in choices.items}
        others = [(id, id) for id in marked if id not in known]
        if not choices.items and not others:
            self.notify(_("No item is submitted yet that could go out."), severity="warning")
            return None
        pick = Pick(_("What goes out?"), [*choices.items, *others], marked)
        return await self.app.push_screen_wait(pick)

    async def _channels(
        self, choices: CalendarChoices, marked: Sequence[str]
    ) -> tuple[str, ...] | None:
        every = marked or tuple(id for id, _name in choices.channels)
        return await self.app.push_screen_wait(Pick(_("On which channels?"), choices.channels,
                                                    every))  # fmt: skip

    async def placed(
        self, wall: str, items: Sequence[str], channels: Sequence[str], *, slot: str = "",
        release: str = "",
    ) -> str | None:  # fmt: skip
        """Which of two instants that wall time is ("" when there is one); None: not there.

        What speaks against it is shown first, and has to be insisted on.
        """
        found: Placing | None = await self.ask(
            self.source.calendar_place, wall, "", items, channels, slot, release
        )
        fold = ""
        if found is not None and found.ambiguous:
            chosen = await self._which(wall, found)
            if chosen is None:
                return None
            fold = chosen
            found = await self.ask(
                self.source.calendar_place, wall, fold, items, channels, slot, release
            )
        if found is None or found.at is None:
            return None
        if found.clashes:
            rows = [line(("✖ ", TONES["bad"]), one) for one in found.clashes]
            text = lines(*rows, "", _("Choose another time, or insist."))
            dialog = Confirm("⚠ " + _("That time is not free"), text, _("all the same"),
                             danger=True)  # fmt: skip
            if not await self.app.push_screen_wait(dialog):
                return None
        return fold

    async def _which(self, wall: str, found: Placing) -> str | None:
        text = lines(
            _("Clocks are put back then, so {wall} comes twice.").format(wall=wall), "",
            *(f"{number}  {_clock(at, self.desk.zone)}"
              for number, at in enumerate(found.ambiguous, 1)),
        )  # fmt: skip
        answers = [Answer("earlier", _("the earlier"), "f2"), Answer("later", _("the later"), "f3")]
        return await self.app.push_screen_wait(
            Answers(_("Which of the two?"), text, answers)
        )  # fmt: skip

    @work(group="act")
    async def action_edit(self) -> None:
        """Change items, channels or the code name."""
        row = self.release_row()
        if row is None or not self.may("edit"):
            return
        known = await self.ask(self.source.calendar_planned, row.release)
        choices = await self.ask(self.source.calendar_choices) if known else None
        if known is None or choices is None:
            return
        form = Form(_("Edit: {title}").format(title=row.title),
                    [Field("code", _("code name"), known.code)], _("go on"))  # fmt: skip
        typed = await self.app.push_screen_wait(form)
        items = await self._items(choices, known.items) if typed else None
        channels = await self._channels(choices, known.channels) if items else None
        if typed is not None and items is not None and channels is not None:
            await self.act(self.source.calendar_edit, known.release, items, channels, typed["code"])

    # The date

    @work(group="act")
    async def action_move(self) -> None:
        """Move it to another time."""
        row = self.release_row()
        if row is None or not self.may("move"):
            return
        known = await self.ask(self.source.calendar_planned, row.release)
        if known is None:
            return
        title = _("Move: {title}").format(title=row.title)
        typed = await self._new_time(title, row, known)
        if typed is None:
            return
        fold = await self.placed(typed["wall"], known.items, known.channels, release=known.release)
        if fold is None:
            return
        secret = await self.secret(title, self._moved(row, known, typed), _("move"))
        if secret is not None:
            await self.act(self.source.calendar_move, known.release, typed["wall"], fold,
                           typed["note"], secret)  # fmt: skip

    async def _new_time(self, title: str, row: CalendarRow, known: PlannedAs) -> Values | None:
        def wrong(typed: Values) -> str:
            if not typed["wall"]:
                return _("Say when.")
            if known.confirmed and not typed["note"]:
                return _("The date was announced: the public is told why it changes.")
            return ""

        wall = to_wall(row.at, known.zone)
        note = _("why, for the public")
        fields = [
            Field("wall", _("date and time in {zone}").format(zone=known.zone), _typed(wall)),
            Field("note", note, "", _("figures of the month are awaited")),
        ]
        text = lines(self.row_facts(row), _("What was signed of it is void; approvals stay."))
        return await self.app.push_screen_wait(Form(title, fields, _("go on"), text=text,
                                                    check=wrong))  # fmt: skip

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
        await self._strike("cancel", _("Strike for good: {title}"), _("strike"),
                           self.source.calendar_cancel)  # fmt: skip

    async def _strike(
        self, name: str, title: str, accept: str, call: Callable[[str, str, str], Outcome]
    ) -> None:
        row = self.release_row()
        if row is None or not self.may(name):
            return
        title = title.format(title=row.title)
        text = lines(self.row_facts(row), _("The reason is public:"))
        note = await self.reason(title, text, accept, danger=True)
        if note is None:
            return
        facts = lines(self.row_facts(row), note)
        secret = await self.secret(title, facts, accept, danger=True)
        if secret is not None:
            await self.act(call, row.release, note, secret)

    # Confirming, signing, holding

    @work(group="act")
    async def action_confirm(self) -> None:
        """Make a provisional release confirmed."""
        row = self.release_row()
        if row is None or not self.may("confirm"):
            return
        title = _("Confirm: {title}").format(title=row.title)
        if await self.app.push_screen_wait(Confirm(title, self.row_facts(row), _("confirm"))):
            await self.act(self.source.confirm, row.release)

    @work(group="act")
    async def action_sign(self) -> None:
        """Sign off exactly what is shown."""
        row = self.release_row()
        if row is None or not self.may("sign"):
            return
        view = await self.ask(self.source.release, row.release)
        if view is None:
            return
        if view.refusals:
            self.refuse(_("You cannot sign this release now"), view.refusals)
            return
        title = _("Sign off: {title}").format(title=view.title)
        secret = await self.secret(title, release_text(view, self.desk.zone), _("sign"))
        if secret is not None:
            await self.act(self.source.sign, view.release, view.manifest, secret)

    @work(group="act")
    async def action_hold(self) -> None:
        """Stop the release."""
        if (row := self.release_row()) is not None:
            await self.hold_with_reason(row.release, self.row_facts(row))

    @work(group="act")
    async def action_lift(self) -> None:
        """Let it go on."""
        row = self.release_row()
        if row is not None and self.may("lift"):
            await self.lift_hold(row.release, self.row_facts(row))


def _typed(wall: datetime) -> str:
    """A wall time as it is typed: 20/11/2026 15:00, with seconds where there are any."""
    return f"{wall:%d/%m/%Y %H:%M:%S}" if wall.second else f"{wall:%d/%m/%Y %H:%M}"


def _clock(at: datetime, zone: str) -> str:
    wall = to_wall(at, zone)
    return f"{dates.clock_time(wall)} {dates.date(wall)} {dates.offset(wall)}"


def _said_both(typed: Values) -> str:
    if not typed["code"]:
        return _("A release has a code name.")
    return "" if typed["wall"] else _("Say when.")
