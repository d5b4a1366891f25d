"""Browsing the log: what a filter lets through, in which order, and one act in full."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.audit import browse
from desk.audit.browse import BUCKET, Filter, parse
from desk.audit.words import KINDS, kind_word
from desk.errors import NotFound
from desk.locales import set_language
from desk.releases import hold
from desk.store import log
from desk.trust.acts import FIELDS
from tests.verbs.house import House


@pytest.fixture
def lively(house: House) -> tuple[House, str]:
    release = house.signed()
    hold.hold(house.room, house["editor"], release)
    return house, release


def test_every_kind_of_act_has_words_in_both_languages() -> None:
    assert set(KINDS) == set(FIELDS)
    set_language("vi")
    try:
        same = [kind for kind in KINDS if kind_word(kind) == KINDS[kind]]
    finally:
        set_language("en")
    assert same == []


def test_a_filter_reads_fields_and_words() -> None:
    wanted = parse(
        "kind:release person:lead-1 person:lead-2 after:2026-11 before:2026-11-20 8c1f a:b"
    )
    assert wanted == Filter(
        ("release",), ("lead-1", "lead-2"), (), ("8c1f", "a:b"), "2026-11", "2026-11-20"
    )
    assert parse("kind: person:") == Filter(words=("kind:", "person:"))


def test_pages_follow_each_other_newest_first(lively: tuple[House, str]) -> None:
    house, _release = lively
    with house.room.store.read() as connection:
        head = log.head(connection).seq
        first = browse.page(connection, Filter(), limit=3)
        second = browse.page(connection, Filter(), below=first[-1].seq, limit=3)
        everything = browse.page(connection, Filter(), limit=10_000)
    assert [one.seq for one in everything] == list(range(head, 0, -1))
    assert [one.seq for one in (*first, *second)] == [one.seq for one in everything[:6]]


def test_stretches_count_what_the_pages_hold(lively: tuple[House, str]) -> None:
    house, release = lively
    for query in ("", "kind:release", f"about:{release}", "person:editor", "nothing-like-it"):
        wanted = parse(query)
        with house.room.store.read() as connection:
            found = browse.buckets(connection, wanted)
            lines = browse.page(connection, wanted, limit=10_000)
        assert sum(bucket.count for bucket in found) == len(lines)
        assert all(bucket.above % BUCKET == 0 for bucket in found)
        assert sorted((b.above for b in found), reverse=True) == [b.above for b in found]


def test_a_kind_finds_its_family_and_not_its_neighbours(lively: tuple[House, str]) -> None:
    house, _release = lively
    with house.room.store.read() as connection:
        family = browse.page(connection, parse("kind:release"), limit=1000)
        one = browse.page(connection, parse("kind:release.hold"), limit=1000)
        like = browse.page(connection, parse("kind:rel%"), limit=1000)
    assert {line.kind.split(".")[0] for line in family} == {"release"}
    assert [line.kind for line in one] == ["release.hold"]
    assert like == []


def test_a_day_holds_all_its_acts(lively: tuple[House, str]) -> None:
    house, _release = lively
    with house.room.store.read() as connection:
        every = browse.page(connection, Filter(), limit=1000)
        dated = [line for line in every if line.time]
        day = dated[0].time[:10]
        found = browse.page(connection, parse(f"after:{day} before:{day}"), limit=1000)
    assert {line.seq for line in found} == {line.seq for line in dated if line.time[:10] == day}


def test_one_act_in_full_names_its_signer(lively: tuple[House, str]) -> None:
    house, release = lively
    with house.room.store.read() as connection:
        line = browse.page(connection, parse("kind:release.hold"), limit=1)[0]
    one = browse.act_in_full(house.room, line.seq)
    assert one.fields["subject"] == release
    assert [each.person for each in one.signed] == [house["editor"].id]
    assert one.void == ""
    with pytest.raises(NotFound):
        browse.act_in_full(house.room, 10_000)


def test_an_act_of_several_people_names_them_all(lively: tuple[House, str]) -> None:
    house, _release = lively
    with house.room.store.read() as connection:
        line = browse.page(connection, parse("kind:release.sign"), limit=1)[0]
    one = browse.act_in_full(house.room, line.seq)
    assert line.actor == ""
    assert one.signed
    assert all(each.person for each in one.signed)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=60))
def test_any_text_is_a_filter(text: str) -> None:
    wanted = parse(text)
    assert wanted == parse(" ".join(text.split()))
    wanted.conditions()


def test_a_filter_is_understood_in_vietnamese() -> None:
    wanted = parse("việc:tạm-dừng viec:duyet người:lead-1 về:r-1 từ:2026-11 đến:2026-11-20")
    assert wanted == Filter(
        ("release.hold", "item.approve"), ("lead-1",), ("r-1",), (), "2026-11", "2026-11-20"
    )
    assert parse("việc:bộ-công-bố").kinds == ("publisher",)
    assert parse("kind:release.sign").kinds == ("release.sign",)


def test_acts_are_listed_by_code_names(lively: tuple[House, str]) -> None:
    house, release = lively
    with house.room.store.read() as connection:
        found = browse.codes(connection, [release, "*", "i-0000000000"])
    with house.room.reading(release) as view:
        code = view.record.releases[release].code
    assert found == ({release: code} if code else {})
