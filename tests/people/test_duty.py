"""Duty: shifts over midnight and summer time, who stands in for whom, gaps nobody fills."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.clock import parse_instant
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Refused, UsageError
from desk.people import contacts, duty
from desk.people.contact_entries import Away, Shift
from desk.people.contacts import Change
from desk.people.duty import Span
from tests.screens.contacts_world import WEEKDAYS, Board

ZONE = "Asia/Ho_Chi_Minh"
ECONOMY = "kinh-te@thong-ke"


def utc(text: str) -> datetime:
    return parse_instant(text + "Z")


def test_a_shift_of_a_contact_of_another_agency_is_void(
    newsroom: DemoNewsroom, board: Board
) -> None:
    made = Shift("s-0000000000", "y-te", board.first, WEEKDAYS, "08:00", "17:00")
    with pytest.raises(Refused, match="another agency"):
        contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(made.id, made)])


def test_the_deputy_is_on_duty_when_the_focal_point_is_away_else_a_gap_shows(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    found = contacts.board(room)
    topic = found.topics[ECONOMY]
    friday, monday = utc("2026-11-20T01:00:00"), utc("2026-11-23T03:00:00")
    assert duty.on_duty(found, topic, friday, ZONE) == board.first
    assert duty.on_duty(found, topic, monday, ZONE) == ""
    assert duty.duty_of(found, topic, monday, ZONE).state == "away"
    span = Span(utc("2026-11-23T00:30:00"), utc("2026-11-23T10:30:00"))
    assert duty.gaps(found, ZONE, friday, friday + timedelta(days=7)) == [duty.Gap(ECONOMY, span)]
    assert duty.speaker(found, topic, monday, ZONE) == board.second
    shift = Shift(
        "s-0000000001", "thong-ke", board.second, "FREQ=WEEKLY;BYDAY=MO", "07:00", "12:00"
    )
    found = contacts.change(room, lead, [Change(shift.id, shift)])
    assert duty.duty_of(found, topic, monday, ZONE).state == "deputy"
    (gap,) = duty.topic_gaps(found, topic, ZONE, friday, friday + timedelta(days=7))
    assert gap == Span(utc("2026-11-23T05:00:00"), utc("2026-11-23T10:30:00"))


def test_a_shift_over_midnight_and_one_across_the_changes_of_summer_time() -> None:
    night = duty.occurrences(
        "FREQ=DAILY", "22:00", "06:00", "Europe/Paris",
        utc("2026-03-28T12:00:00"), utc("2026-03-29T12:00:00"),
    )  # fmt: skip
    # The clock goes from 2:00 to 3:00 on the 29th: that night is an hour shorter.
    assert night == [Span(utc("2026-03-28T21:00:00"), utc("2026-03-29T04:00:00"))]
    halves = [("00:00", "02:30"), ("02:30", "06:00")]
    for day in ("2026-03-29", "2026-10-25"):
        since = utc(f"{day}T00:00:00") - timedelta(hours=6)
        spans = [
            span
            for start, end in halves
            for span in duty.occurrences(
                "FREQ=DAILY", start, end, "Europe/Paris", since, since + timedelta(hours=13),
                day, day,
            )
        ]  # fmt: skip
        assert len(duty.merged(spans)) == 1  # no hole where the two meet


POINTS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8)


@given(POINTS, POINTS)
def test_spans_without_others_are_exactly_the_minutes_left(
    given_spans: list[tuple[int, int]], taken: list[tuple[int, int]]
) -> None:
    start = datetime(2026, 11, 20, tzinfo=UTC)

    def spans(pairs: list[tuple[int, int]]) -> list[Span]:
        return [Span(start + timedelta(minutes=a), start + timedelta(minutes=b)) for a, b in pairs]

    left = duty.without(spans(given_spans), spans(taken))
    assert left == duty.merged(left)
    for minute in range(60):
        at = start + timedelta(minutes=minute)
        inside = any(a <= minute < b for a, b in given_spans)
        gone = any(a <= minute < b for a, b in taken)
        assert any(span.covers(at) for span in left) == (inside and not gone)


def test_an_interval_without_a_first_day_is_refused(newsroom: DemoNewsroom, board: Board) -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=SA"
    shift = Shift("s-0000000002", "thong-ke", board.first, rule, "08:00", "12:00")
    with pytest.raises(UsageError, match="nowhere"):
        contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(shift.id, shift)])


def test_an_absence_that_ends_before_it_begins_is_refused(
    newsroom: DemoNewsroom, board: Board
) -> None:
    gone = Away("w-0000000000", "thong-ke", board.first, "2026-11-23T02:00:00Z",
                "2026-11-23T01:00:00Z")  # fmt: skip
    with pytest.raises(UsageError):
        contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(gone.id, gone)])
