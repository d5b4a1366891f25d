"""The release monitor: will it go, did it go, is it still right?"""

from __future__ import annotations

import asyncio
import os
from datetime import datetime
from functools import partial
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content

from desk.errors import DeskError
from desk.locales import _, dates, ngettext, told
from desk.reports.lateness import bins
from screens import actions
from screens.dialogs.base import Since
from screens.rooms.meanwhile import Meanwhile, changed_of
from screens.rooms.monitor_text import FEW, monitor_text
from screens.source import DayRecord, DueRelease, Monitor
from screens.source.calendar_room import Standing
from screens.states import release_state
from screens.widgets.plain import TONES, Plain, line, lines

WIDE, HIGH = 100, 38  # cells of the terminal from which a plot is drawn below the text
_EVERY = 1.0  # seconds between two readings while the room is in sight


class MonitorRoom(Meanwhile):
    """The publisher, the releases near now, their channels."""

    PLACE = "monitor"
    BINDINGS: ClassVar[list[BindingType]] = [*actions.bindings("monitor")]

    def __init__(self) -> None:
        super().__init__()
        self._monitor: Monitor | None = None
        self._chosen = ""
        self._reading = False
        self._plotted: tuple[float, ...] = ()

    def body(self) -> ComposeResult:
        """One text that scrolls."""
        with VerticalScroll(id="monitor", can_focus=True):
            yield Plain("", id="monitor-text")
        yield Vertical(id="monitor-plot")

    def on_mount(self) -> None:
        """Read while in sight."""
        self.query_one("#monitor").focus()
        self.set_interval(_EVERY, self._again)

    def _again(self) -> None:
        if self.is_current and not self._reading:
            self.reread()

    async def read(self) -> None:
        """What the publisher does. An error here is the app's head line, not a dialog a second."""
        self._reading = True
        try:
            self._monitor = await asyncio.to_thread(self.source.monitor)
        except DeskError as error:
            self.show_pulse(self.desk.pulse, told(error.sentence))
        finally:
            self._reading = False
        self._draw(self.desk.moment)

    def tick(self, now: datetime) -> None:
        """Count down."""
        super().tick(now)
        self._draw(now)

    def _draw(self, now: datetime) -> None:
        if self._monitor is not None:
            place = self.query_one("#monitor-text", Plain)
            width = place.content_size.width or 78
            drawn = self._plot(self._monitor.today)
            text = monitor_text(
                self._monitor, self._index, now, self.desk.zone, width, histogram=not drawn
            )
            place.show(text)

    def _plot(self, day: DayRecord) -> bool:
        """Draw the lateness of the day where there is room and colour; whether it is drawn."""
        place, wanted = self.query_one("#monitor-plot"), len(day.late_ms) >= FEW
        wanted = wanted and self.size.height >= HIGH and self.size.width >= WIDE
        wanted = wanted and not os.environ.get("NO_COLOR")
        place.display = wanted
        if not wanted or day.late_ms == self._plotted:
            return wanted
        self._plotted = day.late_ms
        self.run_worker(partial(self._draw_plot, day), group="plot", exclusive=True)
        return True

    async def _draw_plot(self, day: DayRecord) -> None:
        from screens.widgets.plots import BarPlot  # late: plotext takes longer than the room

        place = self.query_one("#monitor-plot")
        if not place.query(BarPlot):
            await place.mount(BarPlot())
        found = bins(day.late_ms)
        names, counts = [one.label for one in found], [float(one.count) for one in found]
        place.query_one(BarPlot).show(_("Lateness in milliseconds"), names, counts)

    @property
    def _index(self) -> int:
        due = self._monitor.due if self._monitor else ()
        found = [number for number, release in enumerate(due) if release.release == self._chosen]
        return found[0] if found else 0

    @property
    def _release(self) -> DueRelease | None:
        due = self._monitor.due if self._monitor else ()
        return due[self._index] if due else None

    def action_next(self) -> None:
        """Show the next release's channels."""
        if self._monitor is not None and (due := self._monitor.due):
            self._chosen = due[(self._index + 1) % len(due)].release
            self._draw(self.desk.moment)

    def action_runbook(self) -> None:
        """The page of the handbook for what is wrong now."""
        page = self._monitor.runbook if self._monitor else ""
        self.desk.open_handbook(page or "duty-and-spares")

    def action_log(self) -> None:
        """The log, where every alarm and every opening stands."""
        self.desk.action_room("log")

    @work(group="act")
    async def action_hold(self) -> None:
        """Stop the release shown."""
        if (release := self._release) is not None:
            facts, since = self._facts(release), self._minding(release)
            await self.hold_with_reason(release.release, facts, since)

    @work(group="act")
    async def action_hold_all(self) -> None:
        """Stop everything."""
        due = self._monitor.due if self._monitor else ()
        count = ngettext("{n} release is due", "{n} releases are due", len(due))
        since = self.since("", self._standings(), self._standings, _changed_for_all)
        await self.hold_with_reason(None, count.format(n=len(due)), since)

    def _standings(self) -> tuple[Standing, ...]:
        return tuple(_standing(one) for one in (self._monitor.due if self._monitor else ()))

    @work(group="act")
    async def action_lift(self) -> None:
        """Let it go on: the release shown, else the first that is held."""
        due = self._monitor.due if self._monitor else ()
        held = [one for one in (self._release, *due) if one is not None and one.held]
        if not held:
            self.notify(_("No release is held."), severity="warning")
            return
        await self.lift_hold(held[0].release, self._facts(held[0]), self._minding(held[0]))

    def _minding(self, shown: DueRelease) -> Since:
        """For dialogs about a release: what others do to it meanwhile."""

        def now() -> Standing | None:
            due = self._monitor.due if self._monitor else ()
            found = (_standing(one) for one in due if one.release == shown.release)
            return next(found, None)

        return self.since("", _standing(shown), now, changed_of(self.wall))

    def _facts(self, release: DueRelease) -> Content:
        now = self.desk.moment
        left = dates.countdown((release.at - now).total_seconds())
        wall = release.at.astimezone(now.tzinfo)
        state = release_state(release.state, release.held)
        return lines(
            line((release.title, "bold")),
            line(f"{dates.moment(wall)}  ", _("in") + " ", (left, "bold"),
                 "  ", (str(state), TONES[state.tone])),
        )  # fmt: skip


def _changed_for_all(shown: tuple[Standing, ...], known: tuple[Standing, ...]) -> str:
    """What others did while all were about to be held: held some, lifted some, planned others."""
    before, now = (sum(one.held for one in some) for some in (shown, known))
    if before != now:
        return ngettext("Meanwhile {n} of them is on hold.", "Meanwhile {n} of them are on hold.",
                        now).format(n=now)  # fmt: skip
    if len(shown) != len(known):
        return ngettext("Meanwhile {n} release is due.", "Meanwhile {n} releases are due.",
                        len(known)).format(n=len(known))  # fmt: skip
    return ""


def _standing(release: DueRelease) -> Standing:
    """How it stands, as far as the monitor knows."""
    return Standing(release.at, release.state, release.held, "")
