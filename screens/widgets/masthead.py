"""The two lines at the head of every room: where am I, what time is it, what goes out next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import partial

from textual.content import Content
from textual.events import Click
from textual.geometry import Offset
from textual.reactive import reactive
from textual.widget import Widget

from desk.locales import _, dates, ngettext
from desk.text import one_line
from screens import actions, rooms
from screens.actions.action import Action
from screens.jump import Target
from screens.source import NextRelease, Pulse
from screens.states import release_state
from screens.widgets.plain import TONES, line

ROOMS = tuple(
    (name, actions.BY_ID[f"app.{name}"]) for name in rooms.ROOMS if f"app.{name}" in actions.BY_ID
)
DATED = 64  # columns from which the date is worth more than the names of rooms
LATE = 5.0  # seconds after an instant from which it is said to be late
WANTED = ("queue", "calendar", "monitor", "items")
"""Whose names are shown first where not all fit; the others show their digit."""


class Masthead(Widget):
    """Tabs of the rooms and the clock; below them the next release with its countdown.

    The app sets `moment` (in the newsroom's zone) and `pulse`; nothing is drawn when neither
    changes what is shown.
    """

    DEFAULT_CSS = """
    Masthead { height: 2; dock: top; background: $panel; padding: 0 1; }
    """

    moment: reactive[datetime | None] = reactive(None)
    pulse: reactive[Pulse] = reactive(Pulse())
    trouble: reactive[str] = reactive("")

    def __init__(self, room: str) -> None:
        super().__init__()
        self.room = room
        self._spans: list[tuple[int, int, Action]] = []

    def render(self) -> Content:
        """Both lines, as wide as there is room."""
        width = self.content_size.width or 78
        both = [self._tabs(width), self._next(width)]
        return Content("\n").join(part.truncate(width, ellipsis=True) for part in both)

    def _tabs(self, width: int) -> Content:
        clock = "00/00/0000 00:00:00 " if width >= DATED else "00:00:00 "
        left = self._named(width - len(clock))
        right = self._clock(width - left.cell_length)
        gap = max(0, width - left.cell_length - right.cell_length)
        return left + Content(" " * gap) + right

    def _named(self, width: int) -> Content:
        """The tabs with as many names as fit; this room's own always. Notes where each stands."""
        order = [self.room, *WANTED, *(name for name, _action in ROOMS)]
        named = list(dict.fromkeys(order))
        while named:
            parts = [self._tab(room, action, room in named) for room, action in ROOMS]
            if sum(part.cell_length for part in parts) <= width or len(named) == 1:
                break
            named.pop()
        self._spans, at = [], 0
        for part, (_room, action) in zip(parts, ROOMS, strict=True):
            self._spans.append((at, at + part.cell_length, action))
            at += part.cell_length
        return Content("").join(parts)

    def _tab(self, room: str, action: Action, named: bool) -> Content:
        count = f" {self.pulse.waiting}" if room == "queue" and self.pulse.waiting else ""
        here = room == self.room
        title = f" {actions.title(action)}{count}" if named else ""
        text = f"{'▌' if here else ' '}{action.keys[0]}{title}"
        return line((text, "bold $text-primary" if here else "$text-muted"), " " if named else "")

    def jump_targets(self) -> Iterator[Target]:
        """Every room."""
        for start, _end, action in self._spans:
            yield Target(Offset(start + 1, 0), partial(self.app.run_action, action.run))

    async def on_click(self, event: Click) -> None:
        """Go to the room that was clicked."""
        place = event.get_content_offset(self)
        for start, end, action in self._spans:
            if place is not None and place.y == 0 and start <= place.x < end:
                await self.app.run_action(action.run)

    def _clock(self, room: int) -> Content:
        now = self.moment
        if now is None:
            return Content("")
        time, day = dates.clock_time(now), dates.date(now)
        for text in (
            f"{dates.weekday(now)} {day} {time} ({dates.offset(now)})",
            f"{day} {time} ({dates.offset(now)})",
            f"{day} {time}",
            time,
        ):
            if len(text) < room:
                return line((text, "bold"))
        return Content("")

    def _next(self, width: int) -> Content:
        if self.trouble:
            return line(("⚠ " + one_line(self.trouble, width - 2), TONES["bad"]))
        alarms = self.pulse.alarms
        if alarms:
            text = ngettext("{n} alert", "{n} alerts", alarms).format(n=alarms)
            head = line(("⚠ " + text, TONES["bad"]), "  ")
        elif self.pulse.policy_differs:
            head = line(("⚠ " + _("policy file not adopted"), TONES["warn"]), "  ")
        else:
            head = Content("")
        if (coming := self.pulse.next) is None:
            known = _("nothing is due") if self.pulse.version else "…"  # not asked yet
            return head + line((known, TONES["dim"]))
        return head + countdown_line(coming, self.moment, width - head.cell_length)


def countdown_line(coming: NextRelease, now: datetime | None, width: int) -> Content:
    """The next release in one line of at most `width` cells: time, state, what is left."""
    state = release_state(coming.state, coming.held)
    at = coming.at.astimezone(now.tzinfo) if now else coming.at
    day = f"{at:%d/%m} " if now and at.date() != now.date() else ""
    seconds = (at - now).total_seconds() if now else 0.0
    late = seconds < -LATE
    left = dates.countdown(-seconds if late else seconds) if now else "--:--:--"
    ready = ("✔ " + _("complete"), TONES["good"])
    if not coming.ready:
        ready = ("⚠ " + _("not complete"), TONES["warn"])
    counts = " · ".join(
        (
            ngettext("{n} item", "{n} items", coming.items).format(n=coming.items),
            ngettext("{n} channel", "{n} channels", coming.channels).format(n=coming.channels),
        )
    )
    text = line(
        ("▸ " + _("next") + " " if width >= 56 else "▸ ", TONES["dim"]),
        (day + (dates.short_time(at) if day else dates.clock_time(at)), "bold"),
        "  ",
        (str(state) if width >= 56 else state.glyph, TONES[state.tone]),
        ("  ✖ " + _("late by") + " ", TONES["bad"]) if late else "  " + _("in") + " ",
        (left, TONES["bad"] if late else "bold $text-accent"),
    )
    for part in (line("  ", ready), line("  " + counts)):
        if text.cell_length + part.cell_length <= width:
            text += part
    room = width - text.cell_length - 2
    return text + line("  " + one_line(coming.title, room)) if room > 12 else text
