"""The calendar of a real newsroom: rows, pages, filters, and rules nobody adopted."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.demo.newsroom import DemoNewsroom
from screens.source import CalendarRow
from tests.screens.newsroom_world import (
    releases,
    rows,
    source,
)

PROPERTY = settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])


LANGUAGE = "vi"


def test_days_and_pages_tell_the_same_rows(built: DemoNewsroom) -> None:
    reader = source(built)
    days = reader.calendar_days("")
    every = rows(reader)
    assert sum(day.rows for day in days) == len(every)
    assert [row.key for row in every] == sorted(row.key for row in every)
    for day in days:
        first = reader.calendar_page(day.after, 1, "")[0]
        assert (first.at + timedelta(hours=7)).date() == day.day


@PROPERTY
@given(limit=st.integers(1, 40))
def test_any_page_size_gives_every_row_once(built: DemoNewsroom, limit: int) -> None:
    reader = source(built)
    reader.calendar_days("")
    paged: list[CalendarRow] = []
    while page := reader.calendar_page(paged[-1].key if paged else "", limit, ""):
        assert len(page) <= limit
        paged += page
    assert [row.key for row in paged] == [row.key for row in rows(reader)]


def test_a_slot_that_is_taken_is_no_free_slot(built: DemoNewsroom) -> None:
    every = rows(source(built))
    taken = {row.at for row in every if row.kind == "release"}
    free = [row for row in every if row.kind == "slot"]
    assert free
    assert taken.isdisjoint({row.at for row in free})
    assert any(row.kind == "blackout" and row.until for row in every)


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("hoa-sen", {"HOA-SEN"}),
        ("SÔNG", {"SÔNG-HƯƠNG"}),
        ("agency:van-phong-tw", {"TRE-XANH"}),
        ("state:signed", {"SAO-MAI"}),
        ("state:đã-ký", {"SAO-MAI"}),
        ("state:dự-kiến", {"TRE-XANH", "TRỐNG-ĐỒNG"}),
        ("state:held", set()),
        ("state:nonsense", set()),
        ("state:provisional agency:van-phong-tw", {"TRE-XANH"}),
        ("100%", set()),
        ("_", set()),
    ],
)
def test_a_filter_finds_by_word_agency_and_state(
    built: DemoNewsroom, query: str, codes: set[str]
) -> None:
    reader = source(built, "admin-1")
    assert {row.title for row in releases(reader, query)} == codes
    assert sum(day.rows for day in reader.calendar_days(query)) == len(rows(reader, query))


def test_a_reader_finds_by_the_words_of_headlines_they_have_opened(built: DemoNewsroom) -> None:
    reader = source(built)
    rows(reader)
    assert [row.agency for row in releases(reader, "NGHỊ QUYẾT")] == ["Văn phòng Trung ương Đảng"]
    assert releases(source(built, "admin-1"), "NGHỊ QUYẾT") == []


@PROPERTY
@given(query=st.text(max_size=30))
def test_no_filter_breaks_the_calendar(built: DemoNewsroom, query: str) -> None:
    reader = source(built)
    assert sum(day.rows for day in reader.calendar_days(query)) == len(rows(reader, query))


def test_a_returned_item_is_warned_of(built: DemoNewsroom) -> None:
    row = releases(source(built), "trống-đồng")[0]
    assert row.warnings == ("có tin bài bị trả lại",)


def test_a_calendar_with_mistakes_leaves_the_releases_and_says_so(newsroom: DemoNewsroom) -> None:
    (newsroom.root / "calendar.yaml").write_text("newsroom: [", "utf-8")
    reader = source(newsroom)
    assert {row.kind for row in rows(reader)} == {"release"}
    assert reader.pulse().policy_differs
    assert reader.desk().newsroom == "desk-vn"


def test_attack_13_an_unadopted_rule_is_told_and_a_comment_is_not(newsroom: DemoNewsroom) -> None:
    reader, file = source(newsroom), newsroom.root / "calendar.yaml"
    text = file.read_text("utf-8")
    assert not reader.pulse().policy_differs
    file.write_text(text + "\n# a word more\n", "utf-8")
    assert not reader.pulse().policy_differs
    file.write_text(text.replace("signers: 2", "signers: 1"), "utf-8")
    assert reader.pulse().policy_differs
