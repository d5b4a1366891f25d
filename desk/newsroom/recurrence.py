"""Recurrence: the RRULE of a slot (RFC 5545, 3.3.10), as days; the time of day is the slot's `at`.

Only rules whose days do not depend on a hidden start are taken: a weekly rule names its weekdays,
a monthly one its days, and an interval needs the slot's `from` to count from. COUNT and UNTIL are
the slot's `from` and `until`; parts finer than a day are its `at`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal, get_args

from desk.newsroom.values import BadValue, closest, described, shown
from desk.phrase import phrase

Frequency = Literal["YEARLY", "MONTHLY", "WEEKLY", "DAILY"]
FREQUENCIES: tuple[Frequency, ...] = get_args(Frequency)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_ELSEWHERE = {
    "COUNT": phrase("Give the slot a date in 'until' instead"),
    "UNTIL": phrase("Give the slot a date in 'until' instead"),
    "DTSTART": phrase("Give the slot a date in 'from' instead"),
    "BYHOUR": phrase("The time of day stands in 'at'"),
    "BYMINUTE": phrase("The time of day stands in 'at'"),
    "BYSECOND": phrase("The time of day stands in 'at'"),
}
# Part -> the greatest absolute value, and whether it counts from the end when negative.
_NUMBERS = {
    "BYMONTH": (12, False),
    "BYMONTHDAY": (31, True),
    "BYYEARDAY": (366, True),
    "BYWEEKNO": (53, True),
    "BYSETPOS": (366, True),
}
_PARTS = ("FREQ", "INTERVAL", "BYDAY", "WKST", *_NUMBERS)
_BYDAY = re.compile(r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_EXAMPLE = "Write for example FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


@dataclass(frozen=True)
class Rule:
    """A checked RRULE. `by_day` pairs a weekday (0 is Monday) with its place, 0 for every one."""

    text: str
    frequency: Frequency
    interval: int = 1
    week_start: int = 0
    by_day: tuple[tuple[int, int], ...] = ()
    numbers: tuple[tuple[str, tuple[int, ...]], ...] = ()

    def days(self, first: date, last: date, anchor: date | None = None) -> list[date]:
        """The days from `first` to `last`, both included, on which the rule falls.

        `anchor` is the slot's `from`: no day before it counts, and intervals count from the
        week, month or year it lies in.
        """
        return list(self.iterate(first, last, anchor))

    def iterate(self, first: date, last: date, anchor: date | None = None) -> Iterator[date]:
        """The same as `days`, one at a time."""
        from dateutil import rrule

        if anchor is not None:
            first = max(first, anchor)
        if first > last:
            return
        numbers: dict[str, Any] = {name.lower(): values for name, values in self.numbers}
        weekdays = [rrule.weekday(day, place or None) for day, place in self.by_day]
        rule = rrule.rrule(
            getattr(rrule, self.frequency),
            dtstart=datetime.combine(self._start(first, anchor), datetime.min.time()),
            until=datetime.combine(last, datetime.min.time()),
            interval=self.interval,
            wkst=self.week_start,
            byweekday=weekdays or None,
            **numbers,
        )
        for moment in rule:
            if moment.date() >= first:
                yield moment.date()

    def _start(self, first: date, anchor: date | None) -> date:
        """A start whose period is whole, so that BYSETPOS counts in full weeks and months."""
        if self.interval > 1:
            first = self._in_step(first, anchor or first)
        if self.frequency == "WEEKLY":
            return first - timedelta(days=(first.weekday() - self.week_start) % 7)
        if self.frequency == "MONTHLY":
            return first.replace(day=1)
        return first.replace(month=1, day=1) if self.frequency == "YEARLY" else first

    def _in_step(self, first: date, anchor: date) -> date:
        """The last start of a counted period not after `first`, so that no year is walked twice."""
        if self.frequency == "DAILY":
            return first - timedelta(days=(first - anchor).days % self.interval)
        if self.frequency == "WEEKLY":
            anchor -= timedelta(days=(anchor.weekday() - self.week_start) % 7)
            return first - timedelta(days=(first - anchor).days % (7 * self.interval))
        if self.frequency == "MONTHLY":
            months = (first.year - anchor.year) * 12 + first.month - anchor.month
            index = anchor.year * 12 + anchor.month - 1 + months - months % self.interval
            return date(index // 12, index % 12 + 1, 1)
        return date(first.year - (first.year - anchor.year) % self.interval, 1, 1)


def parse_rule(value: object) -> Rule:
    """Read an RRULE. Raises BadValue that names the part that is wrong."""
    if isinstance(value, Rule):
        return value
    if not isinstance(value, str):
        raise BadValue(
            phrase("expected a rule, found {described}", described=described(value)), _EXAMPLE
        )
    text = value.strip().upper().removeprefix("RRULE:")
    if not text or len(text) > 500:
        raise BadValue("the rule is empty or too long", _EXAMPLE)
    parts: dict[str, str] = {}
    for piece in text.rstrip(";").split(";"):
        name, sign, given = piece.partition("=")
        if not sign or not given:
            raise BadValue(
                phrase("{piece} in the rule is not NAME=VALUE", piece=shown(piece)), _EXAMPLE
            )
        if name in _ELSEWHERE:
            raise BadValue(
                phrase("{name} does not belong in a slot's rule", name=name), _ELSEWHERE[name]
            )
        if name not in _PARTS:
            raise BadValue(
                phrase("unknown part {name} in the rule", name=shown(name)), closest(name, _PARTS)
            )
        if name in parts:
            raise BadValue(
                phrase("{name} is given twice in the rule", name=name), "Keep one of them"
            )
        parts[name] = given
    rule = Rule(
        ";".join(f"{name}={given}" for name, given in parts.items()),
        _frequency(parts),
        _number("INTERVAL", parts.get("INTERVAL", "1"), 366, negative=False),
        WEEKDAYS.index(_weekday(parts.get("WKST", "MO"))),
        tuple(_by_day(entry) for entry in parts["BYDAY"].split(",")) if "BYDAY" in parts else (),
        tuple(
            (name, tuple(_number(name, entry, *bounds) for entry in parts[name].split(",")))
            for name, bounds in _NUMBERS.items()
            if name in parts
        ),
    )
    _check_sense(rule, parts)
    return rule


def _frequency(parts: dict[str, str]) -> Frequency:
    given = parts.get("FREQ", "")
    for frequency in FREQUENCIES:
        if given == frequency:
            return frequency
    if not given:
        raise BadValue("the rule has no FREQ", _EXAMPLE)
    raise BadValue(
        phrase("FREQ={given} is not known here", given=shown(given)),
        "Use DAILY, WEEKLY, MONTHLY or YEARLY",
    )


def _number(name: str, text: str, most: int, negative: bool) -> int:
    number = int(text) if re.fullmatch(r"[+-]?[0-9]{1,3}", text) else 0
    if 1 <= number <= most or (negative and -most <= number <= -1):
        return number
    raise BadValue(
        phrase("{name} cannot be {found}", name=name, found=shown(text)),
        phrase("Use -{most} to -1 or 1 to {most}", most=most)
        if negative
        else phrase("Use 1 to {most}", most=most),
    )


def _weekday(text: str) -> str:
    if text not in WEEKDAYS:
        what = phrase("{found} is not a weekday", found=shown(text))
        raise BadValue(what, "Use MO, TU, WE, TH, FR, SA or SU")
    return text


def _by_day(text: str) -> tuple[int, int]:
    match = _BYDAY.fullmatch(text)
    if not match:
        raise BadValue(
            phrase("BYDAY cannot be {found}", found=shown(text)),
            "Use MO, TU, …, or 1MO for the first, -1FR the last",
        )
    place = _number("BYDAY", match[1], 53, negative=True) if match[1] else 0
    return WEEKDAYS.index(match[2]), place


def _check_sense(rule: Rule, parts: dict[str, str]) -> None:
    """Refuse what RFC 5545 forbids, and what would hang on a start that nobody wrote."""
    frequency = rule.frequency
    if any(place for _, place in rule.by_day):
        if frequency not in {"MONTHLY", "YEARLY"}:
            raise BadValue(
                phrase("BYDAY counts weekdays in a {frequency} rule", frequency=frequency),
                "Leave the number out",
            )
        if "BYWEEKNO" in parts:
            raise BadValue("BYDAY counts weekdays beside BYWEEKNO", "Leave the number out")
    for name, allowed in (
        ("BYMONTHDAY", {"DAILY", "MONTHLY", "YEARLY"}),
        ("BYYEARDAY", {"YEARLY"}),
        ("BYWEEKNO", {"YEARLY"}),
    ):
        if name in parts and frequency not in allowed:
            raise BadValue(
                phrase("{name} does not go with FREQ={frequency}", name=name, frequency=frequency),
                "See RFC 5545, 3.3.10",
            )
    names_days = {
        "DAILY": True,
        "WEEKLY": "BYDAY" in parts,
        "MONTHLY": bool({"BYDAY", "BYMONTHDAY"} & parts.keys()),
        "YEARLY": bool({"BYDAY", "BYMONTHDAY", "BYYEARDAY"} & parts.keys()),
    }
    if not names_days[frequency]:
        raise BadValue(
            phrase("a {frequency} rule has to say on which days", frequency=frequency),
            "Add BYDAY=MO" if frequency == "WEEKLY" else "Add BYMONTHDAY=15 or BYDAY=1MO",
        )
    if "BYSETPOS" in parts and not (parts.keys() & {"BYDAY", "BYMONTHDAY", "BYYEARDAY"}):
        raise BadValue("BYSETPOS has nothing to choose from", "Add BYDAY, for example MO,TU")
