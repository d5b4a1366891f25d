"""The two lines at the head of every room: where am I, what time is it, what goes out next."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from desk.locales import _, dates, ngettext
from desk.text import one_line
from screens import actions
from screens.source import NextRelease, Pulse
from screens.states import release_state
from screens.widgets.plain import TONES, line

ROOMS = (
    ("calendar", actions.BY_ID["app.calendar"]),
    ("queue", actions.BY_ID["app.queue"]),
    ("monitor", actions.BY_ID["app.monitor"]),
)


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

    def render(self) -> Content:
        """Both lines, as wide as there is room."""
        width = self.content_size.width or 78
        both = [self._tabs(width), self._next(width)]
        return Content("\n").join(part.truncate(width, ellipsis=True) for part in both)

    def _tabs(self, width: int) -> Content:
        parts: list[Content] = []
        for number, (room, action) in enumerate(ROOMS, 1):
            count = f" {self.pulse.waiting}" if room == "queue" and self.pulse.waiting else ""
            here = room == self.room
            text = f"{'▌' if here else ' '}{number} {actions.title(action)}{count}"
            parts.append(line((text, "bold $text-primary" if here else "$text-muted"), " "))
        left = Content("").join(parts)
        right = self._clock(width - left.cell_length)
        gap = max(0, width - left.cell_length - right.cell_length)
        return left + Content(" " * gap) + right

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
    left = dates.countdown((at - now).total_seconds()) if now else "--:--:--"
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
        (dates.clock_time(at), "bold"),
        "  ",
        (str(state) if width >= 56 else state.glyph, TONES[state.tone]),
        "  " + _("in") + " ",
        (left, "bold $text-accent"),
    )
    for part in (line("  ", ready), line("  " + counts)):
        if text.cell_length + part.cell_length <= width:
            text += part
    room = width - text.cell_length - 2
    return text + line("  " + one_line(coming.title, room)) if room > 12 else text
