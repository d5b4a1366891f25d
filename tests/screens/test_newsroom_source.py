"""The rooms on a real newsroom: who sees what, what is signed, and what a wrong word changes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.clock import FakeClock, now, parse_instant
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Conflict, DeskError, NotFound, Refused, TrustError
from desk.items import drafts, revisions
from desk.locales import set_language
from desk.releases import hold, plan
from desk.releases.titles import Titles
from desk.trust.acts import EVERYTHING
from screens.newsroom.source import NewsroomSource
from screens.source import CalendarRow, Outcome, QueueEntry
from tests.screens.newsroom_world import (
    PASSPHRASE,
    START,
    answer,
    head,
    holds_of,
    source,
    status_file,
)

PROPERTY = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
PATIENCE = 20.0  # seconds; only ends a hung test


LANGUAGE = "vi"


def rows(from_source: NewsroomSource, query: str = "") -> list[CalendarRow]:
    return list(from_source.calendar_page("", 1000, query))


def releases(from_source: NewsroomSource, query: str = "") -> list[CalendarRow]:
    return [row for row in rows(from_source, query) if row.kind == "release"]


def to_approve(from_source: NewsroomSource) -> list[QueueEntry]:
    return [entry for entry in from_source.queue() if entry.what == "approve"]


# Who sees what


def test_the_desk_knows_its_newsroom_and_person(built: DemoNewsroom) -> None:
    view = source(built).desk()
    assert view.newsroom == "Cổng thông tin điện tử – Tòa soạn trung tâm"
    assert view.name == "Ca trực 1 – trưởng ca"
    assert (view.zone, view.roles) == ("Asia/Ho_Chi_Minh", ("check", "lead"))


def test_a_key_that_is_not_in_the_roster_gets_no_desk(built: DemoNewsroom) -> None:
    stranger = source(built, "lead-1")
    stranger._house.actor = type(built.actor("lead-1"))("lead-1", built.actor("editor-1").identity)
    with pytest.raises(Refused, match="does not act here"):
        stranger.desk()


def test_a_reader_sees_headlines_in_the_language_of_the_interface(built: DemoNewsroom) -> None:
    titles = {row.title for row in releases(source(built))}
    assert "Việt Nam có thêm một Di sản Thế giới liên tỉnh" in titles
    assert any(title.startswith("Tài liệu báo chí") for title in titles)
    set_language("en")
    english = {row.title for row in releases(source(built))}
    assert english.isdisjoint(titles)
    assert not any(row.sealed for row in releases(source(built)))


def test_who_may_not_read_sees_code_names_alone(built: DemoNewsroom) -> None:
    seen = releases(source(built, "admin-1"))
    assert {row.title for row in seen} == {
        "SAO-MAI", "HOA-SEN", "SÔNG-HƯƠNG", "TRE-XANH", "TRỐNG-ĐỒNG",
    }  # fmt: skip
    assert all(row.sealed for row in seen)
    view = source(built, "admin-1").release(built.release)
    assert view.sealed
    assert all(item.headline.startswith("▒ ") for item in view.items)


def test_attack_14_browsing_writes_no_unreleased_text_to_disk(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    found = [row.title for row in releases(reader)]
    reader.pulse(), reader.monitor(), reader.release(newsroom.release)
    texts = [reader.review(entry.revision).text for entry in to_approve(reader)]
    assert found
    assert texts
    wanted = [title.rsplit(" (+", 1)[0].encode() for title in found]
    for file in newsroom.root.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert not any(title in data for title in wanted), file


def test_attack_16_a_swapped_ciphertext_is_shown_as_sealed(newsroom: DemoNewsroom) -> None:
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE sealed SET ciphertext = (SELECT ciphertext FROM sealed WHERE kind = 'revision' "
            "AND part = 'content' ORDER BY id LIMIT 1) WHERE kind = 'revision' AND part = 'content'"
        )
    shown = [row for row in releases(source(newsroom)) if not row.sealed]
    assert len(shown) <= 1  # the one whose ciphertext stayed where it was


def test_a_headline_is_not_taken_from_an_act_that_its_author_did_not_sign(
    newsroom: DemoNewsroom,
) -> None:
    actor, item = newsroom.actor("lead-1"), newsroom.items[0]
    with newsroom.room.reading(item) as view:
        digest = view.record.items[item].latest
        assert Titles(actor).headline(view, item, digest)
        assert Titles(actor).headline(view, item, "0" * 64) == ""
        assert Titles(actor).headline(view, newsroom.items[1], digest) == ""


# The calendar


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
    assert [row.agency for row in releases(reader, "NGHỊ QUYẾT")] == ["van-phong-tw"]
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


# Acts


def test_a_wrong_passphrase_signs_nothing(newsroom: DemoNewsroom) -> None:
    reader, before = source(newsroom), head(newsroom)
    entry = to_approve(reader)[0]
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    digest = reader.review(entry.revision).digest
    calls: list[Callable[[], Outcome]] = [
        lambda: reader.approve(entry.revision, digest, "sai"),
        lambda: reader.send_back(entry.revision, digest, "vì sao", "sai"),
        lambda: reader.sign(view.release, view.manifest, "sai"),
        lambda: reader.hold(newsroom.release, "vì sao", "sai"),
        lambda: reader.lift(newsroom.release, "sai"),
    ]
    for call in calls:
        with pytest.raises(TrustError):
            call()
    assert head(newsroom) == before


def test_signing_signs_the_manifest_that_was_shown(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    assert view.refusals == ()
    assert view.signed == ("lead-2",)
    reader.sign(view.release, view.manifest, PASSPHRASE)
    with newsroom.room.reading(view.release) as read:
        signoff = read.record.releases[view.release].signoff
        assert signoff is not None
        assert signoff.digest == view.manifest
        assert set(signoff.signers) == {"lead-1", "lead-2"}
    assert "lead-1" in reader.release(view.release).refusals[0].text


def test_a_manifest_that_has_changed_since_is_refused(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    view = reader.release(releases(reader, "hoa-sen")[0].release)
    later = plan.Moment.of_instant(view.at + timedelta(hours=1), "Asia/Ho_Chi_Minh")
    plan.move(newsroom.room, newsroom.actor("lead-2"), view.release, later, note="Lùi một giờ")
    with pytest.raises(Refused, match="not what you looked at"):
        reader.sign(view.release, view.manifest, PASSPHRASE)


def test_each_release_says_why_one_may_not_sign_it(built: DemoNewsroom) -> None:
    reader = source(built)
    rules = {
        row.title.rsplit(" (+", 1)[0]: reader.release(row.release).refusals[0].rule
        for row in releases(reader)
        if row.progress is not None and row.progress.what == "approved"
    }
    assert set(rules.values()) <= {"chain", "returned", "confirmed", "translation"}
    assert rules
    editor = source(built, "editor-1").release(built.release)
    assert editor.refusals[0].who == () or "lead-1" not in editor.refusals[0].text


def test_a_review_shows_text_gates_and_who_may_go_on(built: DemoNewsroom) -> None:
    reader = source(built)
    entries = to_approve(reader)
    assert [entry.step for entry in entries] == ["check"] * 4
    assert [entry.due for entry in entries] == sorted(e.due for e in entries if e.due)
    review = reader.review(entries[0].revision)
    assert review.headline in review.text
    assert review.refusals == ()
    assert [step.by != "" for step in review.approvals] == [True, False]
    assert dict(review.who)["check"]
    assert {gate.outcome for gate in review.gates} == {"ok"}
    assert review.since is None


def test_attack_3_the_author_is_told_why_they_may_not_approve(built: DemoNewsroom) -> None:
    entry = to_approve(source(built))[0]
    review = source(built, "editor-1").review(entry.revision)
    assert review.refusals[0].rule == "author-approves"
    with pytest.raises(NotFound):
        source(built).review("nonsense")


def test_approving_takes_it_off_the_queue(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    entry, waiting = to_approve(reader)[0], reader.pulse().waiting
    digest = reader.review(entry.revision).digest
    assert reader.approve(entry.revision, digest, PASSPHRASE).confirmed
    assert entry.revision not in [other.revision for other in reader.queue()]
    assert reader.pulse().waiting == waiting - 1


def test_a_revision_that_came_in_between_is_not_approved(newsroom: DemoNewsroom) -> None:
    reader, editor = source(newsroom), newsroom.actor("editor-1")
    entry = to_approve(reader)[0]
    digest, item = reader.review(entry.revision).digest, entry.revision.partition("/")[0]
    draft = drafts.edit(newsroom.room, editor, item)
    changes = {"headline": "Một đầu đề khác hẳn"}
    drafts.save(newsroom.room, editor, item, changes, version=draft.version)
    revisions.submit(newsroom.room, editor, item)
    with pytest.raises((Refused, Conflict)):
        reader.approve(entry.revision, digest, PASSPHRASE)


def test_sending_back_keeps_the_reason_for_its_readers(newsroom: DemoNewsroom) -> None:
    from desk.approvals.decide import reason_of

    reader = source(newsroom)
    entry = to_approve(reader)[0]
    digest = reader.review(entry.revision).digest
    outcome = reader.send_back(entry.revision, digest, "Thiếu nguồn.", PASSPHRASE)
    assert not outcome.confirmed  # no publisher runs here
    item = entry.revision.partition("/")[0]
    assert reason_of(newsroom.room, newsroom.actor("editor-1"), item) == "Thiếu nguồn."


# Holds


def held_while(newsroom: DemoNewsroom, release: str | None, outcome: str) -> Outcome:
    """Hold, and let the publisher answer as soon as it sees the hold."""
    subject = release or EVERYTHING
    with ThreadPoolExecutor(1) as pool:
        asked: Future[Outcome] = pool.submit(
            source(newsroom).hold, release, "Sai số liệu.", PASSPHRASE
        )
        end = time.monotonic() + PATIENCE
        while not (holds := holds_of(newsroom, subject)) and time.monotonic() < end:
            pass
        answer(newsroom, subject, holds[0].digest, outcome)
        return asked.result(PATIENCE)


def test_a_hold_is_done_when_the_publisher_has_confirmed_it(newsroom: DemoNewsroom) -> None:
    assert held_while(newsroom, newsroom.release, "in-force").confirmed
    due = source(newsroom).monitor().due[0]
    assert (due.held, due.hold_requested) == (True, False)
    assert source(newsroom).pulse().next is not None


def test_a_hold_without_an_answer_is_requested_not_confirmed(newsroom: DemoNewsroom) -> None:
    outcome = source(newsroom).hold(newsroom.release, "Sai số liệu.", PASSPHRASE)
    assert not outcome.confirmed
    assert source(newsroom).monitor().due[0].hold_requested


def test_attack_26_a_hold_that_comes_too_late_offers_withdrawal(newsroom: DemoNewsroom) -> None:
    with pytest.raises(Refused) as refused:
        held_while(newsroom, newsroom.release, "too-late")
    assert "desk item withdraw" in refused.value.hint


def test_lifting_takes_two_people(newsroom: DemoNewsroom) -> None:
    held_while(newsroom, newsroom.release, "in-force")
    one, other = source(newsroom), source(newsroom, "lead-2")
    one.lift(newsroom.release, PASSPHRASE)
    assert one.monitor().due[0].held
    with pytest.raises(Refused):
        one.lift(newsroom.release, PASSPHRASE)
    other.lift(newsroom.release, PASSPHRASE)
    assert not one.monitor().due[0].held


def test_holding_everything_holds_every_row_and_is_lifted_from_any(newsroom: DemoNewsroom) -> None:
    held_while(newsroom, None, "in-force")
    reader = source(newsroom)
    assert all(row.held for row in releases(reader))
    assert all(due.held for due in reader.monitor().due)
    for person in ("lead-1", "lead-2"):
        source(newsroom, person).lift(newsroom.release, PASSPHRASE)
    assert not any(row.held for row in releases(reader))


# The monitor


def say(newsroom: DemoNewsroom, **value: object) -> None:
    """What the publisher would write."""
    told = {"publisher": "pub-1", "time": START, "stopping": False, **value}
    status_file(newsroom).write_text(json.dumps(told), "utf-8")


def test_the_monitor_follows_the_channels(newsroom: DemoNewsroom) -> None:
    portal = {"id": "portal", "epoch": 41, "offset_ms": -0.4, "sealed": True, "differing": 0}
    planned = {"release": newsroom.release, "channels": [{"id": "portal", "state": "staged"}]}
    say(newsroom, channels=[portal], next=[planned])
    found = source(newsroom).monitor()
    assert found.publisher is not None
    assert (found.publisher.name, found.publisher.epoch) == ("pub-1", 41)
    assert found.publisher.alive
    assert found.publisher.clock_ms == -0.4
    due = found.due[0]
    assert [channel.channel for channel in due.channels] == ["portal", "foreign", "press"]
    assert [(c.staged, c.items) for c in due.channels] == [(4, 4), (0, 2), (0, 4)]
    assert due.phase == "waiting"  # twenty minutes ahead
    assert due.at == parse_instant(newsroom.at)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"publisher": 3, "time": 4}', "null", "[" * 9000])
def test_a_damaged_status_says_that_nobody_publishes(newsroom: DemoNewsroom, text: str) -> None:
    status_file(newsroom).write_text(text, "utf-8")
    found = source(newsroom).monitor()
    assert found.publisher is None or not found.publisher.alive
    assert source(newsroom).pulse().next is not None


@pytest.mark.parametrize(
    "silent", [{"time": "2026-11-20T00:59:40Z"}, {"stopping": True}, {"time": "soon"}]
)
def test_a_silent_publisher_is_not_alive(newsroom: DemoNewsroom, silent: dict[str, object]) -> None:
    say(newsroom, **silent)
    found = source(newsroom).monitor().publisher
    assert found is not None
    assert not found.alive


def test_alarms_are_told_in_words_and_counted(newsroom: DemoNewsroom) -> None:
    say(
        newsroom,
        halted="the log was cut",
        channels=[{"id": "portal", "problem": "no answer", "differing": 2}],
        alarms=[
            {"time": START, "code": "failed", "detail": "r-1 on press: 403"},
            {"time": "2026-11-01T00:00:00Z", "code": "failed", "detail": "long ago"},
        ],
    )
    found = source(newsroom).monitor()
    assert len(found.alarms) == 4
    assert source(newsroom).pulse().alarms == 4
    assert any("403" in alarm for alarm in found.alarms)
    assert not any("long ago" in alarm for alarm in found.alarms)


def test_alerts_ring_once_count_while_they_stand_and_name_no_text(newsroom: DemoNewsroom) -> None:
    say(newsroom)
    desk = source(newsroom)
    before = desk.pulse().alarms + len(desk.rings())
    assert desk.rings() == ()
    hold.hold(newsroom.room, newsroom.actor("lead-1"), newsroom.release, reason="Chờ số liệu")
    (line,) = desk.rings()
    assert newsroom.release in line
    assert "Chờ số liệu" not in line
    assert desk.rings() == ()
    assert desk.pulse().alarms == before + 1
    assert line in desk.monitor().alarms
    for lead in ("lead-1", "lead-2"):
        hold.lift(newsroom.room, newsroom.actor(lead), newsroom.release)
    assert desk.rings() == ()
    assert desk.pulse().alarms == before


def test_around_an_instant_no_alert_is_looked_for(newsroom: DemoNewsroom) -> None:
    say(newsroom)
    desk = source(newsroom)
    clock = newsroom.room.clock
    assert isinstance(clock, FakeClock)
    clock.advance((parse_instant(newsroom.at) - now(clock)).total_seconds() - 4)
    hold.hold(newsroom.room, newsroom.actor("lead-1"), "*")
    assert desk.rings() == (), "the publisher needs the machine for itself now"
    clock.advance(8)
    assert any("đang tạm dừng" in line or "on hold" in line for line in desk.rings())


def test_the_version_is_the_head_of_the_log(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    before = reader.pulse().version
    assert before == reader.pulse().version == str(head(newsroom))
    reader.confirm(releases(reader, "tre-xanh")[0].release)
    assert reader.pulse().version == str(head(newsroom)) != before


def test_many_threads_hear_the_same(built: DemoNewsroom) -> None:
    reader = source(built)
    expected = rows(reader), reader.queue(), reader.pulse(), reader.monitor()

    def ask(_number: int) -> object:
        reader.calendar_days("")
        return rows(reader), reader.queue(), reader.pulse(), reader.monitor()

    with ThreadPoolExecutor(8) as pool:
        for heard in pool.map(ask, range(16)):
            assert heard == expected


def test_a_database_that_is_gone_is_told(newsroom: DemoNewsroom) -> None:
    reader = source(newsroom)
    for file in (newsroom.root / "var").glob("desk.db*"):
        file.rename(file.with_suffix(".away"))
    (newsroom.root / "var" / "desk.db").mkdir()
    with pytest.raises(DeskError):
        reader.pulse()


def test_a_release_that_went_out_late_is_not_told_as_on_time(newsroom: DemoNewsroom) -> None:
    set_late(newsroom, 29_000)
    day = source(newsroom).monitor().today
    assert (day.on_time, day.late) == (0, 1)
    set_late(newsroom, 6)
    day = source(newsroom).monitor().today
    assert (day.on_time, day.late, day.early, day.p50_ms) == (1, 0, 0, 6.0)
    set_late(newsroom, -1)
    assert source(newsroom).monitor().today.early == 1


def set_late(newsroom: DemoNewsroom, ms: int) -> None:
    """Let the projection say that the signed release opened so long after its instant."""
    opened = int(parse_instant(newsroom.at).timestamp() * 1000) + ms
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE releases SET state = 'released' WHERE id = ?", (newsroom.release,)
        )
        connection.exec_driver_sql(
            "UPDATE release_channels SET state = 'released', opened_ms = ? WHERE release = ?",
            (opened, newsroom.release),
        )
