"""A kind that requires a spokesperson: nobody signs until somebody has said that they can speak."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.demo.newsroom import DemoNewsroom, adopt
from desk.errors import Reason, Refused, UsageError
from desk.people import availability, contacts, reach
from desk.people.contact_entries import Away, Contact, Topic
from desk.people.contacts import Change
from desk.people.speaking import required
from desk.releases import plan, short_notice, sign, views
from desk.releases.deadline import deadline
from desk.trust.acts import CONTACTS
from desk.trust.ids import new_away, new_contact
from desk.trust.judge import judge
from tests.screens.newsroom_world import build, copy

AGENCY = "thong-ke"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> DemoNewsroom:
    """A newsroom in which every kind of the signed release requires somebody who speaks."""
    newsroom = build(tmp_path_factory.mktemp("built"))
    calendar = newsroom.root / "calendar.yaml"
    text = calendar.read_text("utf-8")
    kinds, _, rest = text.partition("\nchannels:")
    kinds = kinds.replace("    chain: [", "    spokesperson: required\n    chain: [")
    calendar.write_text(f"{kinds}\nchannels:{rest}", "utf-8")
    adopt(newsroom)
    plan.recall(newsroom.room, newsroom.actor("lead-1"), newsroom.release)
    return newsroom


@pytest.fixture
def newsroom(built: DemoNewsroom, tmp_path: Path) -> DemoNewsroom:
    return copy(built, tmp_path / "room")


def agencies(newsroom: DemoNewsroom) -> tuple[str, ...]:
    with newsroom.room.reading(newsroom.release) as view:
        return view.record.agencies(view.record.releases[newsroom.release].items)


def board(newsroom: DemoNewsroom) -> dict[str, tuple[str, str]]:
    """A focal point and a deputy for each agency of the release; admin-1 is the first of them."""
    made, changes = {}, []
    for number, agency in enumerate(agencies(newsroom)):
        focal, deputy = new_contact(), new_contact()
        made[agency] = focal, deputy
        person = "admin-1" if number == 0 else ""
        topic = f"viec@{agency}"
        changes += [
            Change(focal, Contact(focal, agency, {"vi": f"{agency} – người phát ngôn"}, person)),
            Change(deputy, Contact(deputy, agency, {"vi": f"{agency} – dự phòng"})),
            Change(topic, Topic(topic, agency, {"vi": "Việc chung"}, focal, (deputy,))),
        ]
    contacts.change(newsroom.room, newsroom.actor("admin-1"), changes)
    return made


def speak(newsroom: DemoNewsroom, contact: str, *, can: bool = True) -> None:
    availability.acknowledge(
        newsroom.room, newsroom.actor("lead-1"), newsroom.release, contact=contact, can=can
    )


def against(newsroom: DemoNewsroom) -> list[Reason]:
    found = views.detail(newsroom.room, newsroom.release).reasons
    return [reason for reason in found if reason.rule == "spokesperson"]


def everybody_signs(newsroom: DemoNewsroom) -> sign.Signed:
    sign.sign(newsroom.room, newsroom.actor("lead-1"), newsroom.release)
    return sign.sign(newsroom.room, newsroom.actor("lead-2"), newsroom.release)


def test_nobody_signs_until_somebody_speaks_for_each_agency(newsroom: DemoNewsroom) -> None:
    release, lead = newsroom.release, newsroom.actor("lead-1")
    with pytest.raises(Refused) as bare:
        sign.sign(newsroom.room, lead, release)
    assert {r.rule for r in bare.value.reasons} == {"spokesperson"}
    assert "names nobody" in bare.value.reasons[0].text
    people = board(newsroom)
    for agency, (focal, deputy) in people.items():
        (first, *_) = against(newsroom)
        assert agency in first.text
        assert "lead-2" in first.who
        with pytest.raises(Refused):
            sign.sign(newsroom.room, lead, release)
        speak(newsroom, deputy if agency != AGENCY else focal)
    assert not against(newsroom)
    assert everybody_signs(newsroom).state == "signed"


def test_those_who_may_say_so_are_named_and_leads_are_not_asked_to_sign_yet(
    newsroom: DemoNewsroom,
) -> None:
    room, release = newsroom.room, newsroom.release
    people = board(newsroom)
    assert "admin-1" in against(newsroom)[0].who
    (step,) = [one for one in reach.who(room, release) if one.step == "lead"]
    assert not step.now
    for focal, _ in people.values():
        speak(newsroom, focal)
    (step,) = [one for one in reach.who(room, release) if one.step == "lead"]
    assert step.now


def test_who_cannot_who_is_away_and_who_is_of_another_agency_do_not_count(
    newsroom: DemoNewsroom,
) -> None:
    people = board(newsroom)
    for focal, _ in people.values():
        speak(newsroom, focal)
    focal, _deputy = people[AGENCY]
    speak(newsroom, focal, can=False)
    assert [AGENCY in reason.text for reason in against(newsroom)] == [True]
    newsroom.room.clock.advance(60)
    speak(newsroom, focal)
    assert not against(newsroom)
    with newsroom.room.reading(newsroom.release) as view:
        at = view.record.releases[newsroom.release].at
    gone = Away(new_away(), AGENCY, focal, at, at[:11] + "23:00:00Z")
    contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(gone.id, gone)])
    (reason,) = against(newsroom)
    assert "away" in reason.text
    stranger = new_contact()
    other = Contact(stranger, "y-te", {"vi": "Bộ Y tế – người phát ngôn"})
    contacts.change(newsroom.room, newsroom.actor("lead-1"), [Change(stranger, other)])
    speak(newsroom, stranger)
    assert against(newsroom)


def test_a_word_by_somebody_who_is_neither_the_contact_nor_a_lead_does_not_count(
    newsroom: DemoNewsroom,
) -> None:
    """The verb refuses it; who writes the act by themselves gains nothing either."""
    people = board(newsroom)
    second = list(people)[-1]
    for agency, (focal, _) in people.items():
        if agency != second:
            speak(newsroom, focal)
    focal, _ = people[second]
    room, spokesperson = newsroom.room, newsroom.actor("admin-1")
    entry = contacts.board(room).contacts[focal]
    contacts.change(room, spokesperson, [Change(focal, replace(entry, person="editor-1"))])
    with room.acting(newsroom.release, CONTACTS) as tx:
        at = tx.record.releases[newsroom.release].at
        fields = {"contact": focal, "can": "yes", "from": at, "until": at}
        tx.append("contact.available", newsroom.release, fields, spokesperson)
    assert against(newsroom)


def test_a_word_taken_back_after_the_signatures_warns_and_stops_nothing(
    newsroom: DemoNewsroom,
) -> None:
    """The publisher judges without it: stopping a signed release is a hold, which has a name."""
    people = board(newsroom)
    for focal, _ in people.values():
        speak(newsroom, focal)
    everybody_signs(newsroom)
    for focal, _ in people.values():
        speak(newsroom, focal, can=False)
    assert availability.speakers(newsroom.room, newsroom.release).warn
    assert views.detail(newsroom.room, newsroom.release).ready
    with newsroom.room.store.read() as connection:
        assert judge(newsroom.room.whole_record(connection), newsroom.release).ok


def test_a_move_asks_again_and_a_word_from_now_on_lasts_when_it_is_brought_forward(
    newsroom: DemoNewsroom,
) -> None:
    room, lead, release = newsroom.room, newsroom.actor("lead-1"), newsroom.release
    people = board(newsroom)
    for focal, _ in people.values():
        speak(newsroom, focal)
    with pytest.raises(Refused) as refused:
        short_notice.bring_forward(room, lead, release, note="Sớm hơn")
    assert {reason.rule for reason in refused.value.reasons} == {"spokesperson"}
    assert not against(newsroom)  # nothing was moved
    for focal, _ in people.values():
        done = availability.acknowledge(room, lead, release, contact=focal, already=True)
        again = availability.acknowledge(room, lead, release, contact=focal, already=True)
        assert again.words == done.words
    changed = short_notice.bring_forward(room, lead, release, note="Sớm hơn")
    assert changed.signed is not None
    with pytest.raises(UsageError):
        availability.acknowledge(room, lead, release, contact=focal, already=True,
                                 span=timedelta(hours=24))  # fmt: skip


def test_what_is_still_needed_names_it_and_json_carries_the_rule(newsroom: DemoNewsroom) -> None:
    board(newsroom)
    with newsroom.room.reading(newsroom.release) as view:
        found = deadline(newsroom.room, view, newsroom.release)
    assert any("focal point" in one.what for one in found.needed)
    detail = views.detail(newsroom.room, newsroom.release)
    told = json.dumps([reason.__dict__ for reason in detail.reasons], default=str)
    assert '"rule": "spokesperson"' in told


def test_it_warns_alone_where_the_policy_says_nothing(tmp_path: Path) -> None:
    newsroom = build(tmp_path / "plain", FakeClock("2026-11-20T01:00:00Z"))
    with newsroom.room.reading(newsroom.release) as view:
        assert not required(view, newsroom.release)
    board(newsroom)
    plan.recall(newsroom.room, newsroom.actor("lead-1"), newsroom.release)
    assert availability.speakers(newsroom.room, newsroom.release).warn
    assert everybody_signs(newsroom).state == "signed"
