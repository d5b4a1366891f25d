"""Planning: what goes out, when and where, asked for step by step; nothing typed is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from textual import work

from desk.clock import to_wall
from desk.locales import _, dates
from screens.dialogs.answers import Answer, Answers
from screens.dialogs.base import Since
from screens.dialogs.confirm import Confirm
from screens.dialogs.form import Field, Form, Values
from screens.dialogs.pick import Pick
from screens.rooms.meanwhile import Meanwhile, changed_of
from screens.rooms.typed import wrong_time
from screens.source import CalendarRow
from screens.source.calendar_room import CalendarChoices, Placing, Standing
from screens.widgets.plain import TONES, line, lines


@dataclass(frozen=True)
class Plan:
    """What was said so far of a release. `wall` is as it was typed; `free` is the slot's own."""

    code: str = ""
    wall: str = ""
    items: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    fold: str = ""
    slot: str = ""
    free: str = ""

    @property
    def in_slot(self) -> str:
        """The slot, while the time is still the slot's."""
        return self.slot if self.wall == self.free else ""


Step = Callable[[Plan], Awaitable[Plan | None]]
"""Asks for one part of a plan; None: one step back."""


class Planning(Meanwhile):
    """Asks for a plan and for what changes in it; what lies under the cursor is the subclass's."""

    def release_row(self) -> CalendarRow | None:
        """The release under the cursor; None after saying that there is none."""
        raise NotImplementedError

    async def chosen_row(self) -> CalendarRow | None:
        """The same where several may lie under the cursor: then the person says which."""
        return self.release_row()

    def cursor_wall(self) -> tuple[datetime, str]:
        """The wall time under the cursor, and the free slot there, or ''."""
        raise NotImplementedError

    async def _walk(self, plan: Plan, steps: Sequence[Step]) -> Plan | None:
        """Each step in turn; Escape goes one back, and out of the first one. None: left."""
        at = 0
        while at < len(steps):
            answer = await steps[at](plan)
            if answer is not None:
                plan, at = answer, at + 1
            elif at == 0:
                return None
            else:
                at -= 1
        return plan

    # A new one

    @work(group="act")
    async def action_plan(self) -> None:
        """Plan a release where the cursor is."""
        if not self.may("plan"):
            return
        choices = await self.ask(self.source.calendar_choices)
        if choices is None:
            return
        if not choices.items:
            self.notify(_("No item is submitted yet that could go out."), severity="warning")
            return
        wall, slot = self.cursor_wall()
        at = typed_wall(wall)
        plan = Plan(wall=at, channels=tuple(id for id, _name in choices.channels), slot=slot,
                    free=at)  # fmt: skip
        self.minds = await self._taken("plan", plan)
        while (said := await self._asked(choices, plan)) is not None:
            done = await self.act_or_tell(
                self.source.calendar_plan, said.wall, said.fold, said.items, said.channels,
                said.code, said.in_slot,
            )  # fmt: skip
            if done is not False:
                return
            plan = said

    async def _taken(self, name: str, plan: Plan) -> Since:
        """For the dialogs of a new plan: whether somebody takes the place where it begins."""
        look = partial(self.source.calendar_place, plan.wall, "", (), plan.channels, plan.slot)
        known = await self.keep_looking(look)

        def told(shown: Placing, now: Placing) -> str:
            text = _("{time} is no longer free: {why}")
            more = [one for one in now.clashes if one not in shown.clashes]
            return text.format(time=plan.wall, why=more[0]) if more else ""

        return self.since(name, known() or Placing(None), known, told)

    async def minding(self, name: str, row: CalendarRow) -> Since:
        """For the dialogs of an act on a release: what others do to it meanwhile."""
        known = await self.keep_looking(partial(self.source.calendar_standing, row.release))
        now = known()
        manifest = now.manifest if now else ""
        shown = Standing(row.at, row.state, row.held, manifest)
        return self.since(name, shown, known, changed_of(self.wall))

    async def _asked(self, choices: CalendarChoices, plan: Plan) -> Plan | None:
        """The whole plan, placed; None: left. A time that is not free leads back to the first."""
        steps: Sequence[Step] = (self._code_and_time, self._items(choices), self._channels(choices))
        while True:
            said = await self._walk(plan, steps)
            if said is None:
                return None
            fold = await self.placed(said.wall, said.items, said.channels, slot=said.in_slot)
            if fold is not None and await self._leaves(said):
                return replace(said, fold=fold)
            plan = said

    async def _leaves(self, said: Plan, release: str = "") -> bool:
        """Whether no channel keeps an earlier text of it, or the person wants that all the same."""
        left = await self.ask_or_tell(self.source.calendar_left, said.items, said.channels, release)
        if not left:
            return left is not None
        rows = [line(("⚠ ", TONES["warn"]), one) for one in left]
        text = lines(*rows, "", _("Let it go out there as well, or insist."))
        dialog = Confirm("⚠ " + _("An earlier text stays public"), text, _("all the same"),
                         danger=True, leave=_("other channels"))  # fmt: skip
        return await self.put(dialog) is True

    async def _code_and_time(self, plan: Plan) -> Plan | None:
        about = _(
            "The code name stands for the headlines until it goes out; it should give nothing away."
        )
        fields = [
            Field("code", _("code name"), plan.code, "SAO-MAI"),
            Field("wall", _("date and time in {zone}").format(zone=self.desk.zone), plan.wall,
                  "20/11/2026 15:00"),
        ]  # fmt: skip
        typed = await self.put(
            Form(_("Plan a release"), fields, _("continue"), text=about, check=self._said_both)
        )
        return replace(plan, code=typed["code"], wall=typed["wall"]) if typed else None

    def _said_both(self, typed: Values) -> str:
        if not typed["code"]:
            return _("Give the release a code name.")
        return wrong_time(typed["wall"], self.desk.zone) if typed["wall"] else _("Say when.")

    def _items(self, choices: CalendarChoices) -> Step:
        async def ask(plan: Plan) -> Plan | None:
            known = {id for id, _name in choices.items}
            others = [(id, id) for id in plan.items if id not in known]
            pick = Pick(_("What goes out?"), [*choices.items, *others], plan.items)
            pick.leave_label = _("previous")
            chosen = await self.put(pick)
            return replace(plan, items=chosen) if chosen else None

        return ask

    def _channels(self, choices: CalendarChoices) -> Step:
        async def ask(plan: Plan) -> Plan | None:
            pick = Pick(_("On which channels?"), choices.channels, plan.channels)
            pick.leave_label = _("previous")
            chosen = await self.put(pick)
            return replace(plan, channels=chosen) if chosen else None

        return ask

    # Where it comes to stand

    async def placed(
        self, wall: str, items: Sequence[str], channels: Sequence[str], *, slot: str = "",
        release: str = "",
    ) -> str | None:  # fmt: skip
        """Which of two instants that wall time is ("" when there is one); None: not there.

        What speaks against it is shown first, and has to be insisted on.
        """
        found: Placing | None = await self.ask_or_tell(
            self.source.calendar_place, wall, "", items, channels, slot, release
        )
        fold = ""
        if found is not None and found.ambiguous:
            chosen = await self._which(wall, found)
            if chosen is None:
                return None
            fold = chosen
            found = await self.ask_or_tell(
                self.source.calendar_place, wall, fold, items, channels, slot, release
            )
        if found is None or found.at is None:
            return None
        return fold if await self._insists(found.clashes) else None

    async def _insists(self, clashes: Sequence[str]) -> bool:
        """Whether nothing speaks against the place, or the person wants it all the same."""
        if not clashes:
            return True
        rows = [line(("✖ ", TONES["bad"]), one) for one in clashes]
        text = lines(*rows, "", _("Choose another time, or insist."))
        dialog = Confirm("⚠ " + _("That time is not free"), text, _("all the same"), danger=True)
        dialog.leave_label = _("another time")
        insists = await self.put(dialog)
        return insists is True

    async def _which(self, wall: str, found: Placing) -> str | None:
        text = lines(
            _("Clocks are put back then, so {wall} comes twice.").format(wall=wall), "",
            *(f"{number}  {_clock(at, self.desk.zone)}"
              for number, at in enumerate(found.ambiguous, 1)),
        )  # fmt: skip
        answers = [Answer("earlier", _("the earlier"), "f2"), Answer("later", _("the later"), "f3")]
        return await self.put(
            Answers(_("Which of the two?"), text, answers)
        )  # fmt: skip

    # A plan that is there

    @work(group="act")
    async def action_edit(self) -> None:
        """Change items, channels or the code name."""
        row = await self.chosen_row()
        if row is None or not self.may("edit"):
            return
        known = await self.ask(self.source.calendar_planned, row.release)
        choices = await self.ask(self.source.calendar_choices) if known else None
        if known is None or choices is None:
            return
        self.minds = await self.minding("edit", row)
        title = _("Edit: {title}").format(title=row.title)

        async def code(plan: Plan) -> Plan | None:
            form = Form(title, [Field("code", _("code name"), plan.code)], _("continue"))
            typed = await self.put(form)
            return replace(plan, code=typed["code"]) if typed else None

        plan = Plan(known.code, items=known.items, channels=known.channels)
        steps: Sequence[Step] = (code, self._items(choices), self._channels(choices))
        while (said := await self._walk(plan, steps)) is not None:
            plan = said
            if not await self._leaves(said, known.release):
                continue
            done = await self.act_or_tell(
                self.source.calendar_edit, known.release, said.items, said.channels, said.code
            )
            if done is not False:
                return


def typed_wall(wall: datetime) -> str:
    """A wall time as it is typed: 20/11/2026 15:00, with seconds where there are any."""
    return f"{wall:%d/%m/%Y %H:%M:%S}" if wall.second else f"{wall:%d/%m/%Y %H:%M}"


def _clock(at: datetime, zone: str) -> str:
    return dates.instant_on(to_wall(at, zone))
