"""The public release calendar as iCalendar (RFC 5545), for the calendars of journalists."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from icalendar import Calendar, Event

from desk.clock import parse_instant
from desk.portal.contract.calendar import Entry, PublicCalendar, in_language
from desk.text import safe_text

_STATUS = {
    "provisional": "TENTATIVE",
    "confirmed": "CONFIRMED",
    "postponed": "TENTATIVE",
    "cancelled": "CANCELLED",
    "released": "CONFIRMED",
}
_FORMULA = re.compile(r"^[=+\-@\t\r]")


def neutral(text: str) -> str:
    """Text that no calendar or spreadsheet takes for anything else.

    One line without control characters (a CR LF would begin a property), and an apostrophe before
    what a spreadsheet would compute.
    """
    line = safe_text(" ".join(text.split()))
    return f"'{line}" if _FORMULA.match(line) else line


_UNNAMED = {"vi": "Đợt công bố", "en": "Release"}
"""What an entry without a slot is called; its id says nothing to readers."""


def ical(calendar: PublicCalendar, language: str, base: str, now: datetime) -> bytes:
    """The calendar in one language. `now` (UTC) is the stamp of this copy; `base` links to it."""
    made = Calendar()
    made.add("prodid", "-//Desk//Release calendar 1//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", neutral(in_language(calendar.name, language, calendar.newsroom)))
    made.add("x-wr-timezone", calendar.zone)
    made.add("refresh-interval", timedelta(minutes=15), parameters={"VALUE": "DURATION"})
    for entry in calendar.entries:
        made.add_component(_event(entry, calendar, language, base, now))
    return bytes(made.to_ical())


def _event(
    entry: Entry, calendar: PublicCalendar, language: str, base: str, now: datetime
) -> Event:
    event = Event()
    event.add("uid", f"{entry.release}@{calendar.newsroom}")
    event.add("dtstamp", now.astimezone(UTC).replace(microsecond=0))
    event.add("dtstart", parse_instant(entry.at))
    event.add("summary", neutral(in_language(entry.title or _UNNAMED, language, entry.release)))
    event.add("status", _STATUS[entry.state])
    event.add("sequence", entry.sequence)
    event.add("transp", "TRANSPARENT")
    names = [in_language(calendar.agencies.get(a, {}), language, a) for a in entry.agencies]
    if names:
        event.add("location", neutral(", ".join(names)))
    if entry.note:
        event.add("description", neutral(entry.note))
    if base:
        event.add("url", f"{base}/?lang={language}")
    return event
