"""Duty: who is on duty for a topic now and next, and when nobody is who should be.

Shifts are wall times of the newsroom's zone; everything returned is an instant (UTC), half open.
A wall time that the zone skips counts with the offset before the gap, as RFC 5545 (3.3.5) says; of
one that occurs twice a shift begins at the first and ends at the second, so that two shifts which
meet there leave no hole.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from desk.clock import parse_instant, to_wall, zone
from desk.people.contact_entries import Shift, Topic, clock, read_rule
from desk.people.contacts import Board

DutyState = Literal["on-duty", "deputy", "away", "off", "none"]


@dataclass(frozen=True, order=True)
class Span:
    """From `start` to `end` (aware, UTC), `end` excluded."""

    start: datetime
    end: datetime

    def covers(self, at: datetime) -> bool:
        """Whether an instant lies in it."""
        return self.start <= at < self.end


@dataclass(frozen=True)
class DutyView:
    """A topic now. `state`: on-duty (the focal point is), deputy (a deputy is), away (somebody
    should be, and nobody is), off (nobody should be), none (there are no hours at all).

    `contact` is who is on duty, or ''; `until` when that ends; `next_contact` is on duty from
    `next_at`; `gap` is the next time in which nobody is on duty who should be.
    """

    topic: str
    state: DutyState
    contact: str = ""
    until: datetime | None = None
    next_contact: str = ""
    next_at: datetime | None = None
    gap: Span | None = None


@dataclass(frozen=True)
class Gap:
    """A time in which nobody is on duty for a topic though somebody should be."""

    topic: str
    span: Span


# Spans


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans in order that neither touch nor overlap."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def without(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """The time of `spans` that lies in none of `taken`."""
    found: list[Span] = []
    away = merged(taken)
    for span in merged(spans):
        start = span.start
        for other in away:
            if other.end <= start or other.start >= span.end:
                continue
            if other.start > start:
                found.append(Span(start, other.start))
            start = max(start, other.end)
        if start < span.end:
            found.append(Span(start, span.end))
    return found


def _cut(spans: Iterable[Span], start: datetime, end: datetime) -> list[Span]:
    return merged(Span(max(s.start, start), min(s.end, end)) for s in spans)


def _instant(day: date, at: str, zone_name: str, *, last: bool = False) -> datetime:
    wall = datetime.combine(day, clock(at))
    return wall.replace(tzinfo=zone(zone_name), fold=1 if last and _twice(wall, zone_name) else 0
                        ).astimezone(UTC)  # fmt: skip


def _twice(wall: datetime, zone_name: str) -> bool:
    """Whether the zone repeats that wall time (and does not skip it)."""
    first = wall.replace(tzinfo=zone(zone_name), fold=0)
    return first.utcoffset() != first.replace(fold=1).utcoffset() and (
        first.astimezone(UTC).astimezone(zone(zone_name)).replace(tzinfo=None) == wall
    )


def occurrences(
    rule: str, start: str, end: str, zone_name: str, since: datetime, until: datetime,
    first: str = "", last: str = "",
) -> list[Span]:  # fmt: skip
    """A recurring span of wall time between two instants, whole where it reaches beyond them."""
    one_day = timedelta(days=1)
    day = to_wall(since, zone_name).date() - one_day
    final = to_wall(until, zone_name).date()
    if last:
        final = min(final, date.fromisoformat(last))
    anchor = date.fromisoformat(first) if first else None
    found = []
    for on in read_rule(rule).iterate(day, final, anchor):
        over_night = clock(end) <= clock(start)
        ends = on + one_day if over_night else on
        span = Span(_instant(on, start, zone_name), _instant(ends, end, zone_name, last=True))
        if span.end > since and span.start < until:
            found.append(span)
    return merged(found)


# Contacts and topics


def planned(board: Board, contact: str, zone_name: str, since: datetime, until: datetime
            ) -> list[Span]:  # fmt: skip
    """When that contact's shifts say that they are on duty, whether they are away or not."""
    shifts = [one for one in board.shifts.values() if one.contact == contact]
    return merged(span for one in shifts for span in _shift(one, zone_name, since, until))


def _shift(one: Shift, zone_name: str, since: datetime, until: datetime) -> list[Span]:
    return occurrences(one.rule, one.start, one.end, zone_name, since, until, one.first, one.last)


def away(board: Board, contact: str) -> list[Span]:
    """When that contact is away."""
    return merged(
        Span(parse_instant(one.since), parse_instant(one.until))
        for one in board.aways.values()
        if one.contact == contact
    )


def present(board: Board, contact: str, zone_name: str, since: datetime, until: datetime
            ) -> list[Span]:  # fmt: skip
    """When that contact is on duty: the shifts without the absences."""
    return without(planned(board, contact, zone_name, since, until), away(board, contact))


def needed(board: Board, topic: Topic, zone_name: str, since: datetime, until: datetime
           ) -> list[Span]:  # fmt: skip
    """When somebody must be on duty for a topic: its hours; without any, all planned shifts."""
    if topic.rule:
        return occurrences(topic.rule, topic.start, topic.end, zone_name, since, until)
    people = topic.order
    return merged(s for c in people for s in planned(board, c, zone_name, since, until))


def on_duty(board: Board, topic: Topic, at: datetime, zone_name: str) -> str:
    """The first of focal point and deputies who is on duty at an instant, or ''."""
    for contact in topic.order:
        spans = present(board, contact, zone_name, at, at + timedelta(seconds=1))
        if contact in board.contacts and any(span.covers(at) for span in spans):
            return contact
    return ""


def topic_gaps(board: Board, topic: Topic, zone_name: str, since: datetime, until: datetime
               ) -> list[Span]:  # fmt: skip
    """The times between two instants in which nobody is on duty though somebody should be."""
    there = [
        span
        for contact in topic.order
        if contact in board.contacts
        for span in present(board, contact, zone_name, since, until)
    ]
    wanted = needed(board, topic, zone_name, since, until)
    return _cut(without(wanted, there), since, until)


def gaps(board: Board, zone_name: str, since: datetime, until: datetime) -> list[Gap]:
    """The gaps of every topic, the soonest first."""
    found = [
        Gap(topic.id, span)
        for topic in board.topics.values()
        for span in topic_gaps(board, topic, zone_name, since, until)
    ]
    return sorted(found, key=lambda gap: (gap.span, gap.topic))


def duty_of(
    board: Board, topic: Topic, at: datetime, zone_name: str, ahead: timedelta = timedelta(days=14)
) -> DutyView:
    """A topic at an instant, and what comes within `ahead`."""
    end = at + ahead
    who = on_duty(board, topic, at, zone_name)
    wanted = needed(board, topic, zone_name, at, end)
    coming = topic_gaps(board, topic, zone_name, at, end)
    next_contact, next_at = _next(board, topic, at, end, zone_name, who)
    state: DutyState = "off"
    if who:
        state = "on-duty" if who == topic.focal else "deputy"
    elif any(span.covers(at) for span in wanted):
        state = "away"
    elif not wanted:
        state = "none"
    until = None
    if who:
        spans = present(board, who, zone_name, at, end)
        until = next(span.end for span in spans if span.covers(at))
    return DutyView(
        topic.id, state, who, until, next_contact, next_at, coming[0] if coming else None
    )


def _next(
    board: Board, topic: Topic, at: datetime, end: datetime, zone_name: str, who: str
) -> tuple[str, datetime | None]:
    """Who is on duty after the one of now: the first instant at which that changes."""
    edges = {
        edge
        for contact in topic.order
        for span in present(board, contact, zone_name, at, end)
        for edge in (span.start, span.end)
        if at < edge < end
    }
    for edge in sorted(edges):
        then = on_duty(board, topic, edge, zone_name)
        if then and then != who:
            return then, edge
        if not then:
            who = ""
    return "", None


def for_topic(board: Board, word: str, agency: str) -> Topic | None:
    """The topic of that word and agency; one of the same word elsewhere stands in, if it is the
    only one; None when nobody speaks to it.
    """
    if (own := board.topics.get(f"{word}@{agency}")) is not None:
        return own
    same = [topic for topic in board.topics.values() if topic.topic == word]
    return same[0] if len(same) == 1 else None


def speaker(board: Board, topic: Topic, at: datetime, zone_name: str) -> str:
    """Who takes a question on a topic: who is on duty; else the first who is not away.

    '' when all of them are away or gone.
    """
    if who := on_duty(board, topic, at, zone_name):
        return who
    for contact in topic.order:
        if contact in board.contacts and not any(s.covers(at) for s in away(board, contact)):
            return contact
    return ""
