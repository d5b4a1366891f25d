"""The schedule says the instants that clocks in the newsroom will show, and what is in the way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.clock import parse_instant, written
from desk.errors import NotFound, UsageError
from desk.newsroom.config import NewsroomConfig
from desk.newsroom.load import load
from desk.newsroom.schedule import (
    Taken,
    blackouts_between,
    conflicts,
    next_free,
    skipped_slots,
    slot_at,
    slot_times,
)
from desk.newsroom.zones import changes
from tests.newsroom.sample import config, with_change

WEEKDAYS = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"


def newsroom(
    zone: str = "Asia/Ho_Chi_Minh", rule: str = WEEKDAYS, at: str = "09:30", extra: str = ""
) -> NewsroomConfig:
    text = with_change("Asia/Ho_Chi_Minh", zone)
    text = with_change(WEEKDAYS, f'"{rule}"', text)
    return config(with_change('at: "09:30"', f'at: "{at}"{extra}', text))


def instants(good: NewsroomConfig, start: str, end: str) -> list[str]:
    found = slot_times(good, parse_instant(start), parse_instant(end))
    return [written(slot.at) for slot in found]


def test_a_slot_in_viet_nam_is_seven_hours_before_utc_all_year() -> None:
    good = newsroom()
    expected = ["2026-11-19T02:30:00Z", "2026-11-20T02:30:00Z", "2026-11-23T02:30:00Z"]
    assert instants(good, "2026-11-19T00:00:00Z", "2026-11-24T00:00:00Z") == expected
    slot = slot_times(good, parse_instant("2026-07-01T00:00:00Z"), datetime.max.replace(
        year=2026, tzinfo=UTC))[0]  # fmt: skip
    assert (slot.wall.hour, slot.wall.minute, slot.wall.tzname()) == (9, 30, "+07")
    assert slot.kinds == ("news",)
    assert slot.label("vi") == "morning"


def test_the_start_of_a_span_is_in_it_and_the_end_is_not() -> None:
    good = newsroom()
    nine = "2026-11-19T02:30:00Z"
    assert instants(good, nine, "2026-11-20T02:30:00Z") == [nine]
    assert instants(good, nine, nine) == []
    assert instants(good, "2026-11-20T00:00:00Z", "2026-11-19T00:00:00Z") == []


def test_a_slot_keeps_its_wall_time_when_clocks_change() -> None:
    good = newsroom("Europe/Berlin", "FREQ=WEEKLY;BYDAY=MO", "09:30")
    spring = instants(good, "2027-03-20T00:00:00Z", "2027-03-31T00:00:00Z")
    assert spring == ["2027-03-22T08:30:00Z", "2027-03-29T07:30:00Z"]
    good = newsroom("America/New_York", "FREQ=WEEKLY;BYDAY=MO", "09:30")
    autumn = instants(good, "2026-10-25T00:00:00Z", "2026-11-03T00:00:00Z")
    assert autumn == ["2026-10-26T13:30:00Z", "2026-11-02T14:30:00Z"]


@pytest.mark.parametrize(
    ("zone", "at", "day", "first_of_two"),
    [
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30:00Z"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30:00Z"),
        ("Australia/Lord_Howe", "01:45", "2027-04-04", "2027-04-03T14:45:00Z"),
    ],
)
def test_a_slot_that_occurs_twice_takes_place_the_earlier_time_only(
    zone: str, at: str, day: str, first_of_two: str
) -> None:
    month = int(day[5:7])
    good = newsroom(zone, f"FREQ=YEARLY;BYMONTH={month};BYDAY=SU,MO,TU,WE,TH,FR,SA", at)
    around = parse_instant(first_of_two)
    found = slot_times(good, around - timedelta(hours=12), around + timedelta(hours=12))
    assert [written(slot.at) for slot in found] == [first_of_two]


def _with_gap(zone: str, at: str) -> NewsroomConfig:
    """A configuration that the loader would refuse: as when a zone changes its mind later."""
    good = newsroom(zone, "FREQ=DAILY", "12:00")
    hour, minute = map(int, at.split(":"))
    moved = good.slots[0].model_copy(
        update={"at": good.slots[0].at.replace(hour=hour, minute=minute)}
    )
    return good.model_copy(update={"slots": (moved,)})


@pytest.mark.parametrize(
    ("zone", "at", "day"),
    [
        ("Europe/Berlin", "02:30", "2027-03-28"),
        ("America/New_York", "02:00", "2027-03-14"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04"),
    ],
)
def test_a_slot_whose_time_is_skipped_does_not_take_place_and_says_so(
    zone: str, at: str, day: str
) -> None:
    good = _with_gap(zone, at)
    start = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo(zone)) - timedelta(
        days=2
    )
    end = start + timedelta(days=5)
    assert len(slot_times(good, start, end)) == 4
    (skipped,) = skipped_slots(good, start, end)
    assert skipped.wall == datetime.fromisoformat(f"{day}T{at}")
    assert "does not exist" in skipped.text


@settings(max_examples=80)
@given(
    zone=st.sampled_from(
        ["Asia/Ho_Chi_Minh", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
    ),
    minute=st.integers(0, 24 * 60 - 1),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 1)),
    length=st.integers(0, 40 * 86_400),
    cut=st.integers(0, 40 * 86_400),
)
def test_every_day_has_its_slot_or_a_note_and_spans_join(
    zone: str, minute: int, start: datetime, length: int, cut: int
) -> None:
    good = _with_gap(zone, f"{minute // 60:02}:{minute % 60:02}")
    first = start.replace(tzinfo=UTC, microsecond=0)
    last = first + timedelta(seconds=length)
    middle = first + timedelta(seconds=min(cut, length))
    slots = slot_times(good, first, last)
    assert slots == slot_times(good, first, middle) + slot_times(good, middle, last)
    for slot in slots:
        assert first <= slot.at < last
        assert slot.wall.time() == good.slots[0].at
        assert slot.wall.astimezone(UTC) == slot.at
    days = {slot.wall.date() for slot in slots}
    days |= {skipped.wall.date() for skipped in skipped_slots(good, first, last)}
    assert abs(len(days) - length / 86_400) <= 1.1


def test_changes_of_a_zone_are_found_to_the_second() -> None:
    spring, autumn = changes("Europe/Berlin", 2027, 2027)
    assert (spring.start, spring.end, spring.gap) == (
        datetime(2027, 3, 28, 2), datetime(2027, 3, 28, 3), True)  # fmt: skip
    assert (autumn.start, autumn.end, autumn.gap) == (
        datetime(2027, 10, 31, 2), datetime(2027, 10, 31, 3), False)  # fmt: skip
    half_hour = [change.end - change.start for change in changes("Australia/Lord_Howe", 2026, 2027)]
    assert set(half_hour) == {timedelta(minutes=30)}
    assert changes("Asia/Ho_Chi_Minh", 2026, 2040) == ()


def test_a_slot_has_its_first_and_last_day() -> None:
    good = newsroom(extra="\n    from: 2026-11-19\n    until: 2026-11-20")
    expected = ["2026-11-19T02:30:00Z", "2026-11-20T02:30:00Z"]
    assert instants(good, "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z") == expected


def test_blackouts_are_instants_of_the_zone() -> None:
    (one,) = blackouts_between(
        config(), parse_instant("2026-11-20T00:00:00Z"), parse_instant("2026-11-20T17:00:01Z")
    )
    assert written(one.start) == "2026-11-20T17:00:00Z"
    assert written(one.end) == "2026-11-21T17:00:00Z"
    assert blackouts_between(config(), one.end, one.end + timedelta(days=9)) == []
    assert blackouts_between(config(), one.start - timedelta(days=9), one.start) == []


def test_a_blackout_between_times_that_occur_twice_is_the_longer_one() -> None:
    text = with_change("Asia/Ho_Chi_Minh", "Europe/Berlin")
    text = with_change("2026-11-21T00:00", "2026-10-25T02:15", text)
    good = config(with_change("2026-11-22T00:00", "2026-10-25T02:45", text))
    (one,) = blackouts_between(good, parse_instant("2026-10-01T00:00:00Z"),
                               parse_instant("2026-11-01T00:00:00Z"))  # fmt: skip
    assert (written(one.start), written(one.end)) == (
        "2026-10-25T00:15:00Z", "2026-10-25T01:45:00Z")  # fmt: skip


def codes(good: NewsroomConfig, at: str, *taken: Taken, kinds: tuple[str, ...] = ("news",),
          channels: tuple[str, ...] = ("portal",), now: str = "") -> list[str]:  # fmt: skip
    found = conflicts(good, parse_instant(at), channels, kinds, taken,
                      now=parse_instant(now) if now else None)  # fmt: skip
    assert all(one.text and one.text_vi for one in found)
    return [one.code for one in found]


def test_conflicts_name_what_is_in_the_way() -> None:
    good = config(with_change("signers: 2,", "signers: 2, min_gap: 2m,"))
    noon = "2026-11-20T05:00:00Z"
    other = Taken("r-0000000001", parse_instant(noon), ("portal", "press"))
    assert codes(good, noon) == []
    assert codes(good, noon, now="2026-11-20T04:59:59Z") == []
    assert codes(good, noon, now=noon) == ["past"]
    assert codes(good, "2026-11-20T17:00:00Z") == ["blackout"]
    assert codes(good, "2026-11-20T16:59:59Z") == []
    assert codes(good, "2026-11-21T17:00:00Z") == []
    assert codes(good, noon, other) == ["channel-taken"]
    assert codes(good, "2026-11-20T05:01:59Z", other) == ["too-close"]
    assert codes(good, "2026-11-20T04:58:01Z", other) == ["too-close"]
    assert codes(good, "2026-11-20T05:02:00Z", other) == []
    assert codes(good, noon, Taken("r-2", parse_instant(noon), ("elsewhere",))) == []
    assert codes(good, noon, kinds=("poem",), channels=("tv",)) == [
        "unknown-channel",
        "unknown-kind",
    ]


def test_an_urgent_release_need_not_keep_the_gap_but_the_rest() -> None:
    good = config(with_change("signers: 2,", "signers: 2, min_gap: 2m,"))
    noon = parse_instant("2026-11-20T05:00:00Z")
    other = Taken("r-1", noon, ("portal",))
    assert codes(good, "2026-11-20T05:00:01Z", other, kinds=("urgent",)) == []
    assert codes(good, "2026-11-20T05:00:00Z", other, kinds=("urgent",)) == ["channel-taken"]
    assert codes(good, "2026-11-21T05:00:00Z", kinds=("urgent",)) == ["blackout"]


def test_a_release_that_is_moved_is_not_in_its_own_way() -> None:
    noon = parse_instant("2026-11-20T05:00:00Z")
    own = Taken("r-1", noon, ("portal",))
    assert conflicts(config(), noon, ["portal"], ["news"], [own], release_id="r-1") == []


def test_a_blackout_of_one_channel_leaves_the_others_open() -> None:
    good = config(with_change("why: {vi: bảo trì}", "channels: [portal], why: {vi: bảo trì}"))
    assert codes(good, "2026-11-21T05:00:00Z", channels=("press",)) == []
    assert codes(good, "2026-11-21T05:00:00Z", channels=("press", "portal")) == ["blackout"]


def test_the_next_free_slot_passes_over_what_is_taken_and_blacked_out() -> None:
    good = newsroom(rule="FREQ=DAILY")
    friday = parse_instant("2026-11-20T02:30:00Z")
    found = next_free(good, friday - timedelta(seconds=1), "news")
    assert found is not None
    assert found.at == friday
    # Later than Friday's slot: Saturday is a blackout, Sunday taken.
    sunday = Taken("r-1", friday + timedelta(days=2), ("press",))
    found = next_free(good, friday, "news", [sunday])
    assert found is not None
    assert written(found.at) == "2026-11-23T02:30:00Z"
    assert next_free(good, friday, "statement") is None
    with pytest.raises(NotFound):
        next_free(good, friday, "poem")


def test_a_slot_is_named_with_its_instant() -> None:
    at = parse_instant("2026-11-20T02:30:00Z")
    assert slot_at(config(), "morning", at).at == at
    with pytest.raises(NotFound, match="does not fall"):
        slot_at(config(), "morning", at + timedelta(seconds=1))
    with pytest.raises(NotFound, match="No slot"):
        slot_at(config(), "evening", at)


def test_times_without_a_zone_are_refused() -> None:
    naive = datetime(2026, 11, 20)
    with pytest.raises(UsageError):
        slot_times(config(), naive, naive)
    with pytest.raises(UsageError):
        conflicts(config(), naive, ["portal"], ["news"])


def test_the_year_of_the_project_s_calendar_has_its_months() -> None:
    good = load(Path(__file__).parents[2] / "calendar.yaml")
    start = parse_instant("2026-12-31T17:00:00Z")
    year = slot_times(good, start, start + timedelta(days=365))
    figures = [slot.wall.date() for slot in year if slot.slot_id == "figures"]
    assert [day.day for day in figures] == [6] * 12
    assert sum(slot.slot_id == "session" for slot in year) == 12
    assert [slot.at for slot in year] == sorted(slot.at for slot in year)
