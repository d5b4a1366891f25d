"""Browsing the log: what a filter lets through, in which order, and one act in full."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.audit import browse
from desk.audit.browse import BUCKET, Filter, parse
from desk.audit.words import KINDS, kind_word
from desk.clock import now, written
from desk.errors import NotFound
from desk.locales import set_language
from desk.newsroom import administer
from desk.releases import hold, sign
from desk.store import log
from desk.trust.acts import FIELDS
from tests.verbs.house import POLICY, House


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


def test_a_person_is_found_by_what_they_signed_together_with_others(
    lively: tuple[House, str],
) -> None:
    house, _release = lively
    with house.room.reading() as view:
        names = browse.key_names(view.roster)
    with house.room.store.read() as connection:
        by = {
            person: browse.page(connection, parse(f"person:{person}"), limit=10_000)
            for person in ("lead-1", "lead-2", "editor", "admin", "nobody")
        }
        signs = [
            one for one in browse.page(connection, Filter(), limit=10_000)
            if one.kind == "release.sign"
        ]  # fmt: skip
        every = browse.signers(connection, [one.seq for one in signs], names)
    assert signs
    for lead in ("lead-1", "lead-2"):
        assert {one.seq for one in by[lead] if one.kind == "release.sign"} == {
            seq for seq, who in every.items() if lead in who
        }
    assert any(one.actor == "editor" for one in by["editor"]), "and by what they signed alone"
    assert not [one for one in by["editor"] if one.kind == "release.sign"]
    assert by["nobody"] == []
    assert [one.kind for one in by["admin"] if one.kind == "roster"]


def test_stretches_count_what_the_pages_hold(lively: tuple[House, str]) -> None:
    house, release = lively
    for query in (
        "",
        "kind:release",
        f"about:{release}",
        "person:editor",
        "person:lead-1",
        "nothing-like-it",
    ):
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
        day = every[0].time[:10]
        found = browse.page(connection, parse(f"after:{day} before:{day}"), limit=1000)
        older = browse.page(connection, parse("before:2000"), limit=1000)
    assert {line.seq for line in found} == {
        line.seq for line in every if (line.not_before or line.time)[:10] == day
    }
    assert any(line.kind == "release.sign" for line in found)
    assert older == []


def test_what_several_people_sign_is_placed_between_its_neighbours(house: House) -> None:
    release, begun = house.planned(house.approved()), now(house.clock)
    for lead in ("lead-1", "lead-2"):
        house.clock.step(60)
        house.submitted()
        house.clock.step(1)
        sign.sign(house.room, house[lead], release)
    house.clock.step(30)
    hold.hold(house.room, house["editor"], release)
    with house.room.reading() as view:
        lines = browse.page(view.connection, parse("kind:release.sign"), limit=9)
        who = browse.signers(
            view.connection, [line.seq for line in lines], browse.key_names(view.roster)
        )
    assert [line.time for line in lines] == ["", ""]
    assert [line.not_before for line in lines] == [
        written(begun + timedelta(seconds=seconds)) for seconds in (121, 60)
    ]
    assert [line.when for line in lines] == [f"≥ {line.not_before}" for line in lines]
    assert [who[line.seq] for line in lines] == [("lead-2",), ("lead-1",)]
    one = browse.act_in_full(house.room, lines[0].seq)
    assert one.not_after == written(begun + timedelta(seconds=152))


def test_rules_that_were_adopted_later_than_proposed_say_so(house: House) -> None:
    with house.room.reading() as view:
        envelope = administer.propose_policy(view, {**POLICY, "languages": ["vi"]},
                                             house.room.instant())  # fmt: skip
        proposal = administer.countersign(view, envelope, house["admin"])
    proposed = house.room.instant()
    house.clock.step(3600)
    house.submitted()
    administer.enact(house.room, proposal.act.envelope)
    with house.room.reading() as view:
        (line, *_older) = browse.page(view.connection, parse("kind:policy"), limit=1)
        who = browse.signers(view.connection, [line.seq], browse.key_names(view.roster))
    assert line.time == proposed
    assert line.not_before == written(now(house.clock))
    assert who[line.seq] == ("admin",)


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


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=60))
def test_any_text_is_a_filter(house: House, text: str) -> None:
    wanted = parse(text)
    assert wanted == parse(" ".join(text.split()))
    with house.room.store.read() as connection:
        assert len(browse.page(connection, wanted, limit=1)) <= 1


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
