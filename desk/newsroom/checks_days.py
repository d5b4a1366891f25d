"""Checks of what calendar.yaml says of time: spans, blackouts, and the days on which slots fall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from desk.clock import to_instant
from desk.errors import UsageError
from desk.newsroom import values
from desk.newsroom.checks_view import Found, View
from desk.newsroom.marks import Path
from desk.newsroom.recurrence import Rule, parse_rule
from desk.newsroom.zones import changes
from desk.phrase import phrase

# Years in which a slot may not meet a gap. Fixed, so that a file that is good stays good;
# should a zone change its mind later, the schedule skips the slot and says so.
HORIZON = (2026, 2040)
_LEAP_CYCLE = timedelta(days=366 * 8)


def check_spans(view: View) -> Iterator[Found]:
    """What goes out late does so before it is too late."""
    part = view.mapping(view.root.get("releases"))
    within = view.parsed(values.parse_span, part.get("publish_within", "900s"))
    after = view.parsed(values.parse_span, part.get("not_after", "900s"))
    if within is not None and after is not None and within > after:
        place = "publish_within" if "publish_within" in part else "not_after"
        yield Found(
            ("releases", place),
            phrase(
                "publish_within ({within} s) is longer than not_after ({after} s)",
                within=within,
                after=after,
            ),
            "Nothing goes out after not_after: make publish_within as long or shorter",
        )


def check_blackouts(view: View) -> Iterator[Found]:
    """Blackouts end after they begin, at times that the zone has."""
    for path, part in view.each("blackouts"):
        start = view.parsed(values.parse_wall, part.get("from"))
        end = view.parsed(values.parse_wall, part.get("to"))
        if start and end and start >= end:
            yield Found((*path, "to"), "the blackout ends before it begins", "Exchange from and to")
        for key, wall in (("from", start), ("to", end)):
            if wall and view.zone and is_skipped(wall, view.zone):
                yield Found(
                    (*path, key),
                    phrase(
                        "{wall} does not exist in {zone}",
                        wall=f"{wall:%Y-%m-%d %H:%M}",
                        zone=view.zone,
                    ),
                    "Clocks are put forward then: choose a time before or after",
                )


def is_skipped(wall: datetime, zone_name: str) -> bool:
    """Whether the zone has no such wall time (naive), since clocks are put forward over it."""
    try:
        to_instant(wall, zone_name, "earlier")
    except UsageError:
        return True
    return False


@dataclass(frozen=True)
class _Slot:
    """What a slot says about its days, as far as it can be read."""

    path: Path
    rule: Rule
    at: time | None
    first: date | None
    last: date | None


def check_slots(view: View) -> Iterator[Found]:
    """Slots fall on days, at times that the zone has on them."""
    for path, part in view.each("slots"):
        first = view.parsed(values.parse_day, part.get("from"))
        last = view.parsed(values.parse_day, part.get("until"))
        rule = view.parsed(parse_rule, part.get("rule"))
        if first and last and first > last:
            yield Found((*path, "until"), "the slot ends before it begins", "Exchange the dates")
        elif rule and rule.interval > 1 and not first:
            yield Found(
                (*path, "rule"),
                phrase(
                    "every {interval} of what? The rule has nothing to count from",
                    interval=rule.interval,
                ),
                "Give the slot its first date: from: 2026-01-05",
            )
        elif rule:
            at = view.parsed(values.parse_time, part.get("at"))
            yield from _slot_days(_Slot(path, rule, at, first, last), view.zone)


def _slot_days(slot: _Slot, zone_name: str | None) -> Iterator[Found]:
    start = slot.first or date(HORIZON[0], 1, 1)
    end = min(slot.last or date.max, start + _LEAP_CYCLE * slot.rule.interval, date(2299, 1, 1))
    if next(slot.rule.iterate(start, end, slot.first), None) is None:
        hint = "Look at its parts again"
        yield Found((*slot.path, "rule"), "the rule never falls on a day", hint)
    elif slot.at and zone_name and (day := _skipped_day(slot, slot.at, zone_name)):
        yield Found(
            (*slot.path, "at"),
            phrase(
                "{time} does not exist in {zone} on {day}",
                time=f"{slot.at:%H:%M}",
                zone=zone_name,
                day=day,
            ),
            "Clocks are put forward then: choose a time before or after",
        )


def _skipped_day(slot: _Slot, at: time, zone_name: str) -> date | None:
    """The first day on which the slot's wall time does not exist."""
    for change in changes(zone_name, *HORIZON):
        # A gap may begin before midnight and end after it.
        for day in sorted({change.start.date(), change.end.date()}):
            if (
                change.gap
                and change.covers(datetime.combine(day, at))
                and (slot.last is None or day <= slot.last)
                and slot.rule.days(day, day, slot.first)
            ):
                return day
    return None
