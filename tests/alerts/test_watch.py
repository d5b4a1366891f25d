"""What is told when: from signed acts, the publisher's status and a clock, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from desk.alerts import bell, status, words
from desk.alerts.events import Event, Rules, Wait
from desk.alerts.sight import Lookout, Sight, glance
from desk.alerts.targets import Route, Target
from desk.alerts.watch import watch
from desk.approvals import decide
from desk.clock import now, parse_instant, written
from desk.items import quick_fix
from desk.newsroom.room import Actor
from desk.releases import hold, plan, short_notice, sign
from desk.store.session import Store
from tests.verbs.house import TEXT, House, change_roster

RULES = Rules((Wait("unsigned-30m", 1800), Wait("waiting-1h", 3600, (900,))))
SECRET = "CANARY-bí-mật"


def told(
    house: House, state: status.Status | None = None, sight: Sight | None = None
) -> list[Event]:
    """The events at the house's present time, with a publisher that is well."""
    here = now(house.clock)
    well = state or status.Status("pub-1", written(here))
    return watch(sight or Lookout(house.room).look(), well, here, RULES)


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def by_publisher(house: House, kind: str, subject: str, **fields: Any) -> None:
    with house.room.acting(subject) as tx:
        tx.append(kind, subject, fields, house["pub-1"])


def test_nothing_is_told_on_a_quiet_day(house: House) -> None:
    house.signed()
    assert told(house) == []


def test_an_item_is_told_from_an_hour_before_its_release_and_again_when_that_lasts(
    house: House,
) -> None:
    item = house.submitted(code="SAO")
    release = house.planned(item, seconds=2 * 3600)
    assert told(house) == []
    house.clock.advance(3599)
    assert told(house) == []
    house.clock.advance(1)
    (event,) = told(house)
    assert (event.kind, event.subject, event.code, event.state) == (
        "waiting-1h", item, "SAO", "review",
    )  # fmt: skip
    assert event.release == release
    assert event.who == ("checker", "reviewer", "writer")
    assert event.time == written(parse_instant(event.at) - timedelta(hours=1))
    house.clock.advance(900)
    first, again = told(house)
    assert (first, again.escalated) == (event, 900)
    assert again.key != first.key
    decide.approve(house.room, house["reviewer"], item)
    assert "waiting-1h" not in kinds(told(house))


def test_who_is_asked_late_has_time_from_there(house: House) -> None:
    item = house.submitted()
    house.planned(item, seconds=1200)
    (event,) = [e for e in told(house) if e.kind == "waiting-1h"]
    assert (event.state, event.time) == ("review", house.room.instant())
    house.clock.advance(899)
    assert all(not e.escalated for e in told(house))
    house.clock.advance(1)
    assert [e.escalated for e in told(house) if e.kind == "waiting-1h"] == [0, 900]


def test_a_returned_item_waits_for_its_author(house: House) -> None:
    item = house.submitted()
    house.planned(item, seconds=1800)
    decide.give_back(house.room, house["reviewer"], item, reason=SECRET)
    (event,) = [e for e in told(house) if e.kind == "waiting-1h"]
    assert (event.state, event.who) == ("author", ("editor",))
    assert SECRET not in event.to_text()


def test_a_confirmed_release_is_told_half_an_hour_before_when_too_few_have_signed(
    house: House,
) -> None:
    release = house.planned(house.approved())
    sign.sign(house.room, house["lead-1"], release)
    house.clock.advance(1799)
    assert told(house) == []
    house.clock.advance(1)
    (event,) = told(house)
    assert (event.kind, event.subject, event.code) == ("unsigned-30m", release, "SAO-MAI")
    assert (event.state, event.who) == ("1/2", ("lead-2", "writer"))
    sign.sign(house.room, house["lead-2"], release)
    assert told(house) == []


def test_a_provisional_release_is_not_missing_signatures(house: House) -> None:
    house.planned(house.approved(), seconds=600, confirm=False)
    assert told(house) == []


def test_a_hold_and_its_lifting_by_the_second_person_are_told_once(house: House) -> None:
    release = house.signed()
    hold.hold(house.room, house["checker"], release, reason=SECRET)
    (event,) = told(house)
    assert (event.kind, event.subject, event.who) == ("held", release, ("checker",))
    hold.lift(house.room, house["lead-1"], release)
    assert kinds(told(house)) == ["held"]
    hold.lift(house.room, house["lead-2"], release)
    events = {event.kind: event for event in told(house)}
    assert events.keys() == {"held", "lifted"}
    assert events["lifted"].who == ("lead-1", "lead-2")
    assert SECRET not in "".join(e.to_text() for e in events.values())


def test_a_hold_over_everything_is_told(house: House) -> None:
    hold.hold(house.room, house["lead-1"], "*", reason=SECRET)
    (event,) = told(house)
    assert (event.kind, event.subject, event.release) == ("held", "*", "")


def test_missed_is_told_by_the_publisher_or_else_by_the_time(house: House) -> None:
    release = house.signed()
    house.clock.advance(3600 + 900 + 60)
    assert told(house) == []
    house.clock.advance(1)
    (silent,) = told(house)
    assert (silent.kind, silent.state) == ("missed", "no-word")
    with house.room.reading(release) as view:
        signoff = view.record.releases[release].signoff
    assert signoff is not None
    by_publisher(house, "publisher.missed", release, signoff=signoff.digest, code="held")
    (said,) = told(house)
    assert (said.state, said.key) == ("held", silent.key), "the same event, told once"


def test_a_release_that_is_out_in_part_needs_patience(house: House) -> None:
    item = house.approved()
    act = plan.plan(house.room, house["lead-1"], house.moment(), items=[item],
                    channels=["portal", "press"], code="SAO")  # fmt: skip
    plan.confirm(house.room, house["lead-1"], act.subject)
    for lead in ("lead-1", "lead-2"):
        sign.sign(house.room, house[lead], act.subject)
    house.clock.advance(3600)
    opened(house, act.subject, "portal")
    (event,) = told(house)
    assert (event.kind, event.channel) == ("partial", "press")
    assert event.patience == 60
    opened(house, act.subject, "press")
    assert kinds(told(house)) == ["released"]


def opened(house: House, release: str, channel: str) -> None:
    with house.room.reading(release) as view:
        signoff = view.record.releases[release].signoff
    assert signoff is not None
    by_publisher(
        house, "publisher.released", release, signoff=signoff.digest, channel=channel,
        address="0" * 64, opened_ms=house.clock.time_ns() // 10**6,
        revisions=[entry["revision"] for entry in signoff.fields["items"]],
    )  # fmt: skip


def test_an_alarm_is_told_by_its_code_and_the_ids_in_it_alone(house: House) -> None:
    item = house.approved()
    by_publisher(house, "publisher.alarm", "newsroom", code="altered",
                 detail=f"{item} on portal: {SECRET}")  # fmt: skip
    by_publisher(house, "publisher.alarm", "newsroom", code="refused",
                 detail=f"{SECRET} on {SECRET}")  # fmt: skip
    altered, refused = sorted(told(house), key=lambda event: event.kind != "altered")
    assert (altered.kind, refused.kind) == ("altered", "alarm")
    assert (altered.subject, altered.channel, altered.code) == (item, "portal", "SAO")
    assert (refused.subject, refused.state, refused.channel) == ("publisher", "refused", "")
    assert SECRET not in altered.to_text() + refused.to_text()


def test_an_alarm_that_no_publisher_signed_tells_nothing(house: House) -> None:
    stranger = Actor("pub-1", house["editor"].identity)
    with house.room.acting("newsroom") as tx, pytest.raises(Exception, match="pub-1"):
        tx.append("publisher.alarm", "newsroom", {"code": "early"}, stranger)
    assert told(house) == []


def test_the_clock_in_doubt_is_one_event_in_log_and_status(house: House) -> None:
    by_publisher(house, "publisher.alarm", "newsroom", code="clock", detail=SECRET)
    (event,) = told(house, status.Status("pub-1", house.room.instant(), clock=True))
    assert (event.kind, event.lasting) == ("clock", True)
    house.clock.advance(700)
    assert told(house) == []


def test_what_the_publisher_says_of_itself(house: House) -> None:
    value = {
        "publisher": "pub-1", "time": house.room.instant(), "halted": SECRET, "clock": "",
        "channels": [
            {"id": "portal", "problem": SECRET, "barred": ""},
            {"id": "press", "problem": "", "barred": "clock"},
            {"id": "good", "problem": "", "barred": ""},
        ],
    }  # fmt: skip
    events = told(house, status.parse(value))
    assert [(e.kind, e.subject) for e in events] == [
        ("clock", "press"), ("log", "log"), ("unreachable", "portal"),
    ]  # fmt: skip
    assert all(event.lasting for event in events)
    assert SECRET not in "".join(e.to_text() for e in events)


def test_a_publisher_that_says_nothing_is_told(house: House) -> None:
    old = status.Status("pub-1", house.room.instant())
    house.clock.advance(61)
    for gone in (old, None):
        (event,) = watch(Lookout(house.room).look(), gone, now(house.clock), RULES)
        assert (event.kind, event.subject) == ("unreachable", "publisher")


@pytest.mark.parametrize("days", [30, 7, 1])
def test_a_key_that_ends_soon_is_told_at_each_of_three_distances(house: House, days: int) -> None:
    with house.room.reading() as view:
        document = dict(view.roster.document)
    until = now(house.clock) + timedelta(days=days)
    person = dict(document["people"]["lead-1"])
    person["keys"] = [{**person["keys"][0], "until": written(until)}]
    change_roster(house, {**document, "people": {**document["people"], "lead-1": person}})
    (event,) = told(house)
    assert (event.kind, event.subject, event.state) == ("expiring", "lead-1", "key")
    assert event.until == written(until)
    assert event.key.endswith(f" {days}")


def test_a_role_and_a_certificate_that_end_are_told(house: House) -> None:
    with house.room.reading() as view:
        document = dict(view.roster.document)
    soon = written(now(house.clock) + timedelta(days=3))
    person = dict(document["people"]["checker"])
    person["roles"] = [{"role": "check", "agency": "*", "until": soon}]
    change_roster(house, {**document, "people": {**document["people"], "checker": person}})
    sight = Lookout(house.room).look()
    sight.certificates = {"portal": soon, "press": "2099-01-01T00:00:00Z"}
    events = told(house, sight=sight)
    assert [(e.subject, e.state) for e in events] == [
        ("portal", "certificate"), ("checker", "role check"),
    ]  # fmt: skip


def test_a_delegation_is_told_of_before_it_ends_but_not_when_it_is_made(house: House) -> None:
    here = now(house.clock)
    fields = {
        "to": "lead-2", "role": "check", "agency": "*", "from": written(here),
        "until": written(here + timedelta(days=7)),
    }  # fmt: skip
    with house.room.acting("people") as tx:
        tx.append("people.delegate", "people", fields, house["checker"])
    assert told(house) == []
    house.clock.advance(6 * 86_400)
    (event,) = told(house)
    assert (event.subject, event.state, event.who) == ("lead-2", "deputy check", ("checker",))
    assert glance(house.room, now(house.clock), 0).record.delegations


def test_a_reminder_is_told_where_people_are_waited_for(house: House) -> None:
    item = house.submitted()
    with house.room.acting(item) as tx:
        tx.append("people.remind", item, {"to": ["reviewer"], "step": "review"}, house["lead-1"])
    (event,) = told(house)
    assert (event.kind, event.code, event.who) == ("reminded", "SAO", ("reviewer",))
    one = Target("smtp", "a@example.org")
    assert Route(frozenset({"waiting-1h"}), one).takes(event)
    assert not Route(frozenset({"held", "alarm"}), one).takes(event)


def test_a_restored_publisher_is_no_broken_log(house: House) -> None:
    value = {"publisher": "pub-1", "time": house.room.instant(), "halted": "quarantine: …",
             "quarantine": {"active": True}}  # fmt: skip
    by_publisher(house, "publisher.alarm", "newsroom", code="restored", detail="1")
    (event,) = told(house, status.parse(value))
    assert (event.kind, event.lasting) == ("restored", True)
    assert "resume" in words.sentence(event, "en")
    one = Target("smtp", "a@example.org")
    assert Route(frozenset({"restored"}), one).takes(event)
    assert Route(frozenset({"alarm"}), one).takes(event)
    value |= {"halted": "", "quarantine": {"active": False, "sign_again": []}}
    assert told(house, status.parse(value)) == [], "over once administrators have signed resume"


def test_what_was_signed_before_a_restore_is_told_until_it_is_signed_again(house: House) -> None:
    release = house.signed()
    value = {"publisher": "pub-1", "time": house.room.instant(),
             "quarantine": {"active": False, "sign_again": [release, "r-\x1b]0;x", 7]}}  # fmt: skip
    by_publisher(house, "publisher.alarm", "newsroom", code="sign-again", detail=release)
    (event,) = told(house, status.parse(value))
    assert (event.kind, event.release, event.code) == ("sign-again", release, "SAO-MAI")


def test_a_release_that_changed_since_it_was_signed_is_told_until_all_have_signed(
    house: House,
) -> None:
    items = [house.approved(), house.approved()]
    release = house.signed(*items)
    house.clock.advance(60)
    assert told(house) == []
    short_notice.leave_out(house.room, house["lead-1"], release, items[:1], sign=False)
    (event,) = told(house)
    assert (event.kind, event.release, event.state) == ("sign-again", release, "0/2")
    assert {"lead-1", "lead-2"} <= set(event.who)
    assert bell.line(event, "vi") == f"Đợt công bố SAO-MAI ({release}) phải ký duyệt công bố lại."
    sign.sign(house.room, house["lead-1"], release)
    (later,) = told(house)
    assert (later.key, later.state) == (event.key, "1/2"), "told once"
    assert "lead-1" not in later.who
    sign.sign(house.room, house["lead-2"], release)
    assert told(house) == []
    plan.recall(house.room, house["lead-1"], release)
    assert [(e.kind, e.key != event.key) for e in told(house)] == [("sign-again", True)]


def test_an_approved_quick_fix_waits_for_the_signers(house: House) -> None:
    item = house.approved()
    release = house.signed(item)
    body = str(TEXT["body"])
    quick_fix.mend(
        house.room, house["editor"], item, {"body": body.replace("theo từng", "chia theo từng")}
    )
    assert kinds(told(house)) == ["waiting-1h"], "nothing to sign before it is approved"
    decide.approve(house.room, house["reviewer"], item)
    (event,) = told(house)
    assert (event.kind, event.state) == ("sign-again", "0/2")
    sign.sign(house.room, house["lead-1"], release, anew=True)
    (later,) = told(house)
    assert (later.key, later.state) == (event.key, "1/2")
    sign.sign(house.room, house["lead-2"], release, anew=True)
    assert told(house) == []


def test_a_log_that_was_cut_or_rewritten_is_an_alarm(house: House) -> None:
    lookout = Lookout(house.room)
    house.planned(house.approved())
    assert not lookout.look().broken
    with Store.at(house.database).write() as connection:
        connection.exec_driver_sql("DELETE FROM log WHERE seq = (SELECT max(seq) FROM log)")
    (event,) = told(house, sight=lookout.look())
    assert (event.kind, event.lasting) == ("log", True)


def test_reading_on_gives_what_reading_anew_gives(house: House) -> None:
    lookout = Lookout(house.room)
    for _ in range(2):
        release = house.planned(house.submitted(), seconds=1500)
        hold.hold(house.room, house["checker"], release, reason=SECRET)
        assert told(house, sight=lookout.look()) == told(house)
    here = now(house.clock)
    assert watch(glance(house.room, here, 3600), None, here, RULES) == watch(
        lookout.look(), None, here, RULES
    )
