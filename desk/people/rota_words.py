"""A contact's rota for people: recurring hours and absences, each in one line."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from desk.clock import parse_instant, to_wall
from desk.locales import _, dates
from desk.people.contact_entries import Away, Shift
from desk.people.contacts import Board

_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONDAY = date(2001, 1, 1)


def rota_lines(board: Board, contact: str, zone: str, now: datetime) -> list[tuple[str, str]]:
    """Entry and text of each shift, then of each absence that is not over. `now`: aware."""
    shifts = [one for one in board.shifts.values() if one.contact == contact]
    aways = [one for one in board.aways.values()
             if one.contact == contact and parse_instant(one.until) > now]  # fmt: skip
    return [
        *((one.id, shift_text(one)) for one in sorted(shifts, key=lambda s: (s.start, s.id))),
        *((one.id, away_text(one, zone)) for one in sorted(aways, key=lambda a: (a.since, a.id))),
    ]


def shift_text(shift: Shift) -> str:
    """The days and hours of a shift, and its first and last day where it has them."""
    text = f"{days_text(shift.rule)} {shift.start}–{shift.end}"
    if shift.end <= shift.start:
        text += " " + _("of the next day")
    if shift.first:
        text += " " + _("from {day}").format(day=_day(shift.first))
    if shift.last:
        text += " " + _("until {day}").format(day=_day(shift.last))
    return text


def days_text(rule: str) -> str:
    """The days of a rule (RFC 5545): all, some of the week by name; another rule as it is."""
    parts = dict(part.split("=", 1) for part in rule.upper().split(";") if "=" in part)
    if parts == {"FREQ": "DAILY"}:
        return _("daily")
    days = parts.get("BYDAY", "").split(",")
    if parts.keys() == {"FREQ", "BYDAY"} and parts["FREQ"] == "WEEKLY" and set(days) <= {*_CODES}:
        found = sorted({_CODES.index(day) for day in days})
        names = [dates.short_weekday(_weekday(number)) for number in found]
        joined = found == list(range(found[0], found[-1] + 1)) and len(found) > 2
        return f"{names[0]}–{names[-1]}" if joined else ", ".join(names)
    return rule


def away_text(away: Away, zone: str) -> str:
    """From when to when, on the newsroom's clocks."""
    since, until = (to_wall(parse_instant(at), zone) for at in (away.since, away.until))
    text = f"{dates.short_moment(since)} – "
    text += dates.short_time(until)
    if until.date() != since.date():
        text += " " + dates.date(until)
    return _("away {span}").format(span=text)


def _weekday(number: int) -> datetime:
    return datetime.combine(_MONDAY + timedelta(days=number), time())


def _day(written: str) -> str:
    return dates.date(datetime.fromisoformat(written))
