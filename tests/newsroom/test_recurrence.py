"""A slot's rule falls on the days that its author would count on a wall calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.newsroom.recurrence import parse_rule
from desk.newsroom.values import BadValue


def days(rule: str, first: str, last: str, anchor: str | None = None) -> list[str]:
    found = parse_rule(rule).days(
        date.fromisoformat(first),
        date.fromisoformat(last),
        date.fromisoformat(anchor) if anchor else None,
    )
    return [day.isoformat() for day in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("FREQ=WEEKLY;BYDAY=TH", ["2026-11-05", "2026-11-12", "2026-11-19", "2026-11-26"]),
        ("FREQ=MONTHLY;BYMONTHDAY=6", ["2026-11-06"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", []),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", ["2026-11-30"]),
        ("FREQ=MONTHLY;BYDAY=1MO,-1FR", ["2026-11-02", "2026-11-27"]),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", ["2026-11-30"]),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=20", ["2026-11-20"]),
        ("FREQ=YEARLY;BYWEEKNO=47;BYDAY=MO", ["2026-11-16"]),
        ("freq=weekly;byday=sa ", ["2026-11-07", "2026-11-14", "2026-11-21", "2026-11-28"]),
        ("RRULE:FREQ=DAILY;BYMONTHDAY=1,2;", ["2026-11-01", "2026-11-02"]),
    ],
)
def test_a_rule_falls_on_its_days(rule: str, expected: list[str]) -> None:
    assert days(rule, "2026-11-01", "2026-11-30") == expected


def test_an_interval_counts_from_the_week_of_the_first_date() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR"
    # 2026-01-07 is a Wednesday: its week counts, its Monday is before the first date.
    expected = ["2026-01-09", "2026-01-19", "2026-01-23", "2026-02-02"]
    assert days(rule, "2026-01-01", "2026-02-02", "2026-01-07") == expected


@pytest.mark.parametrize(
    ("rule", "anchor"),
    [
        ("FREQ=DAILY;INTERVAL=3", "2025-12-30"),
        ("FREQ=WEEKLY;INTERVAL=3;BYDAY=TU,SU", "2025-06-11"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU", "2025-06-11"),
        ("FREQ=MONTHLY;INTERVAL=5;BYMONTHDAY=31", "2024-01-31"),
        ("FREQ=YEARLY;INTERVAL=2;BYMONTH=2;BYMONTHDAY=28", "2023-05-01"),
    ],
)
def test_an_interval_gives_the_same_days_wherever_one_starts_looking(
    rule: str, anchor: str
) -> None:
    every = days(rule, anchor, "2031-12-31", anchor)
    for first in ("2026-01-01", "2026-02-28", "2027-07-15", "2029-12-31"):
        assert days(rule, first, "2031-12-31", anchor) == [day for day in every if day >= first]


@settings(max_examples=60)
@given(
    rule=st.sampled_from(
        [
            "FREQ=WEEKLY;BYDAY=MO,WE,SU",
            "FREQ=WEEKLY;BYDAY=MO,WE,SU;BYSETPOS=2",
            "FREQ=MONTHLY;BYDAY=-1MO",
            "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1",
            "FREQ=YEARLY;BYYEARDAY=-1,60",
        ]
    ),
    start=st.dates(date(2025, 1, 1), date(2028, 1, 1)),
    length=st.integers(0, 500),
    cut=st.integers(0, 500),
)
def test_a_span_cut_in_two_has_the_same_days(rule: str, start: date, length: int, cut: int) -> None:
    parsed = parse_rule(rule)
    end = start + timedelta(days=length)
    middle = start + timedelta(days=min(cut, length))
    halves = parsed.days(start, middle) + parsed.days(middle + timedelta(days=1), end)
    assert halves == parsed.days(start, end)


@pytest.mark.parametrize(
    ("rule", "what"),
    [
        ("", "empty"),
        ("WEEKLY", "NAME=VALUE"),
        ("BYDAY=MO", "no FREQ"),
        ("FREQ=FORTNIGHTLY", "'FORTNIGHTLY'"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ is given twice"),
        ("FREQ=WEEKLY;BYDAYS=MO", "unknown part 'BYDAYS'"),
        ("FREQ=WEEKLY;BYDAY=", "NAME=VALUE"),
        ("FREQ=WEEKLY;BYDAY=1MO", "counts weekdays"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY cannot be '0'"),
        ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY cannot be '54'"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "BYMONTHDAY cannot be '32'"),
        ("FREQ=MONTHLY;BYMONTHDAY=٣", "BYMONTHDAY cannot be"),
        ("FREQ=MONTHLY;BYMONTHDAY=1;BYMONTH=-1", "BYMONTH cannot be '-1'"),
        ("FREQ=MONTHLY", "on which days"),
        ("FREQ=YEARLY;BYMONTH=3", "on which days"),
        ("FREQ=YEARLY;BYWEEKNO=3", "on which days"),
        ("FREQ=WEEKLY;BYMONTHDAY=3;BYDAY=MO", "does not go with"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL cannot be '0'"),
        ("FREQ=DAILY;INTERVAL=99999999999", "INTERVAL cannot be"),
        ("FREQ=DAILY;BYSETPOS=1", "nothing to choose from"),
        ("FREQ=DAILY;UNTIL=20270101", "UNTIL does not belong"),
        ("FREQ=DAILY;WKST=XX", "'XX' is not a weekday"),
    ],
)
def test_attack_32_a_bad_rule_is_told_by_its_part(rule: str, what: str) -> None:
    with pytest.raises(BadValue) as caught:
        parse_rule(rule)
    assert what in caught.value.what
    assert caught.value.hint


@given(st.text(alphabet="FREQ=WEKLYDAINTHOMUSTPB;,-+0123456789 ", max_size=60))
def test_attack_32_no_rule_escapes_as_another_error(text: str) -> None:
    try:
        rule = parse_rule(f"FREQ=MONTHLY;BYMONTHDAY=1;{text}")
    except BadValue as error:
        problem = error.what
    else:
        problem = "" if rule.days(date(2026, 1, 1), date(2026, 12, 31)) is not None else "?"
    assert problem != "?"
