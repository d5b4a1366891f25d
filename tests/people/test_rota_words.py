"""A contact's rota in words: days, hours over midnight, absences on the newsroom's clocks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from desk.locales import set_language
from desk.people.contact_entries import Away, Contact, Shift
from desk.people.contacts import Board
from desk.people.rota_words import away_text, days_text, rota_lines, shift_text

ZONE = "Asia/Ho_Chi_Minh"
WHO = "c-0000000001"


@pytest.fixture(autouse=True)
def _vietnamese() -> Iterator[None]:
    set_language("vi")
    yield
    set_language("en")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY", "hằng ngày"),
        ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "T2–T6"),
        ("FREQ=WEEKLY;BYDAY=SU,SA", "T7, CN"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "T2, T4"),
        ("freq=weekly;byday=su", "CN"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;BYDAY=1MO"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
    ],
)
def test_days_are_named_and_a_rule_that_is_not_simple_stays(rule: str, said: str) -> None:
    assert days_text(rule) == said


def test_a_shift_over_midnight_says_that_it_ends_on_the_next_day() -> None:
    night = Shift("s-0000000001", "y-te", WHO, "FREQ=DAILY", "22:00", "06:00", "2026-12-01")
    assert shift_text(night) == "hằng ngày 22:00–06:00 hôm sau từ 01/12/2026"
    assert shift_text(Shift("s-1", "y-te", WHO, "FREQ=DAILY", "08:00", "17:00")) == (
        "hằng ngày 08:00–17:00"
    )


def test_an_absence_is_told_on_the_newsroom_s_clocks() -> None:
    same = Away("w-1", "y-te", WHO, "2026-11-23T01:00:00Z", "2026-11-23T05:00:00Z")
    assert away_text(same, ZONE) == "vắng 08:00 23/11/2026 – 12:00"
    two = Away("w-1", "y-te", WHO, "2026-11-23T01:00:00Z", "2026-11-24T17:00:00Z")
    assert away_text(two, ZONE) == "vắng 08:00 23/11/2026 – 00:00 25/11/2026"


def test_the_rota_is_of_one_contact_without_absences_that_are_over() -> None:
    contact = Contact(WHO, "y-te", {"vi": "Bộ Y tế – người phát ngôn"}, "", ("vi",))
    board = Board(
        {WHO: contact},
        shifts={"s-1": Shift("s-1", "y-te", WHO, "FREQ=DAILY", "13:00", "17:00"),
                "s-2": Shift("s-2", "y-te", WHO, "FREQ=DAILY", "07:00", "12:00"),
                "s-3": Shift("s-3", "y-te", "c-0000000002", "FREQ=DAILY", "07:00", "12:00")},
        aways={"w-1": Away("w-1", "y-te", WHO, "2026-11-20T01:00:00Z", "2026-11-20T05:00:00Z"),
               "w-2": Away("w-2", "y-te", WHO, "2026-11-23T01:00:00Z", "2026-11-23T05:00:00Z")},
    )  # fmt: skip
    found = rota_lines(board, WHO, ZONE, datetime(2026, 11, 20, 5, tzinfo=UTC))
    assert [entry for entry, _text in found] == ["s-2", "s-1", "w-2"]
