"""Dates, times and numbers as readers of the interface write them: 20/11/2026, 15:00:00.

Both languages of Desk write day/month/year and the 24-hour clock; only names of days and the
decimal sign differ. Everything here takes aware datetimes already moved to the newsroom's zone.
"""

from __future__ import annotations

from datetime import datetime

from desk.locales import N_, _, language, ngettext

_DAYS = (
    N_("Monday"),
    N_("Tuesday"),
    N_("Wednesday"),
    N_("Thursday"),
    N_("Friday"),
    N_("Saturday"),
    N_("Sunday"),
)
_SHORT = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


def date(moment: datetime) -> str:
    """Day, month and year: `20/11/2026`."""
    return f"{moment.day:02}/{moment.month:02}/{moment.year}"


def clock_time(moment: datetime) -> str:
    """Hours, minutes and seconds: `15:00:00`."""
    return f"{moment:%H:%M:%S}"


def moment(wall: datetime) -> str:
    """A time of a day: `15:00:00 20/11/2026`."""
    return f"{clock_time(wall)} {date(wall)}"


def short_moment(wall: datetime) -> str:
    """The same, with seconds only when there are any: `15:00 20/11/2026`."""
    return f"{short_time(wall)} {date(wall)}"


def instant_on(wall: datetime) -> str:
    """An instant as the clocks of a zone show it: `15:00:00 20/11/2026 GMT+7`."""
    return f"{moment(wall)} {offset(wall)}"


def short_time(moment: datetime) -> str:
    """Hours and minutes, with seconds only when there are any: `15:00`, `15:00:20`."""
    return f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"


def weekday(moment: datetime) -> str:
    """The day's name: `Thứ Sáu`, `Friday`."""
    return _(_DAYS[moment.weekday()])


def short_weekday(moment: datetime) -> str:
    """The day's name where there is little room: `T6`, `Fri`."""
    return _(_SHORT[moment.weekday()])


def day(moment: datetime, today: datetime | None = None) -> str:
    """A day as a heading: `Today · Friday 20/11/2026`. Same year as today: without the year."""
    name = f"{weekday(moment)} {date(moment)}"
    if today is None:
        return name
    apart = (moment.date() - today.date()).days
    near = {-1: _("Yesterday"), 0: _("Today"), 1: _("Tomorrow")}.get(apart)
    if moment.year == today.year:
        name = name.removesuffix(f"/{moment.year}")
    return f"{near} · {name}" if near else name


def offset(moment: datetime) -> str:
    """The offset from UTC as people write it: `GMT+7`, `GMT+5:30`."""
    span = moment.utcoffset()
    minutes = int(span.total_seconds() // 60) if span is not None else 0
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"GMT{sign}{hours}" + (f":{rest:02}" if rest else "")


def countdown(seconds: float) -> str:
    """Time left (seconds) as `00:18:53`, or with days; nothing left is `00:00:00`, never less."""
    left = max(0, -int(-seconds // 1))
    days, left = divmod(left, 86400)
    hours, left = divmod(left, 3600)
    text = f"{hours:02}:{left // 60:02}:{left % 60:02}"
    if not days:
        return text
    return ngettext("{days} day", "{days} days", days).format(days=days) + f" {text}"


def number(value: float, places: int = 0) -> str:
    """A number with the decimal and thousands signs of the language: `1.234,5` or `1,234.5`."""
    text = f"{value:,.{places}f}"
    if language() == "vi":
        text = text.translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")
