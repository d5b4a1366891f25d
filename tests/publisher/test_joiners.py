"""Who joins the roster can read what was sealed before; nobody else can."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from desk.approvals import decide
from desk.demo import newsroom as demo
from desk.errors import Refused
from desk.items import quick_fix, revisions
from desk.newsroom import administer
from desk.newsroom.administer import PublicKeys
from desk.newsroom.room import Actor
from desk.publisher.joiners import readable, wrap_missing
from desk.store.sealed import Opener
from desk.trust.keys import Identity
from tests.attacks.test_evening import slip


@pytest.fixture
def newsroom(tmp_path: Path) -> demo.DemoNewsroom:
    found = demo.found(tmp_path)
    urls = dict.fromkeys(demo.PORTALS, "http://127.0.0.1:1")
    demo.write_calendar(tmp_path, urls, demo.make_portals(found))
    demo.adopt(found)
    found.items += demo.write_pair(found, demo.messages(1)[0])
    return found


def enact(newsroom: demo.DemoNewsroom, person: str, roles: list[tuple[str, str]]) -> Actor:
    identity = Identity(os.urandom(32))
    keys = PublicKeys(identity.sign_public, identity.read_public)
    room = newsroom.room
    with room.reading() as view:
        document = administer.with_person(
            view.roster, person, person, roles, keys, room.instant()
        )  # fmt: skip
        proposal = administer.countersign(
            view, administer.propose_roster(view, document, room.instant()),
            newsroom.actor(demo.ADMIN),
        )  # fmt: skip
    administer.enact(room, proposal.act.envelope)
    return Actor(person, identity)


def welcome(newsroom: demo.DemoNewsroom, stop: bool = False) -> list[str]:
    room = newsroom.room
    with room.store.read() as connection:
        record = room.whole_record(connection)
    opener = Opener(demo.PUBLISHER, newsroom.home.identity())
    done = wrap_missing(room.store, opener, readable(record), lambda: stop)
    return [one.name.subject for one, why in done if not why]


def test_a_new_reviewer_reads_what_was_sealed_before(newsroom: demo.DemoNewsroom) -> None:
    reviewer = enact(newsroom, "reviewer-9", [("review", "*")])
    item = newsroom.items[0]
    with newsroom.room.reading(item) as view, pytest.raises(Refused):
        revisions.load(view, reviewer, item)
    assert sorted(welcome(newsroom)) == sorted(newsroom.items)
    with newsroom.room.reading(item) as view:
        assert revisions.load(view, reviewer, item)["item"] == item
    assert welcome(newsroom) == [], "it is done once"


def test_a_spokesperson_gets_no_key(newsroom: demo.DemoNewsroom) -> None:
    speaker = enact(newsroom, "speaker-9", [("spokesperson", "*")])
    assert welcome(newsroom) == []
    with newsroom.room.reading(newsroom.items[0]) as view, pytest.raises(Refused):
        revisions.load(view, speaker, newsroom.items[0])


def test_it_stops_when_an_instant_is_near(newsroom: demo.DemoNewsroom) -> None:
    enact(newsroom, "reviewer-9", [("review", "*")])
    assert welcome(newsroom, stop=True) == []


def test_attack_07_a_key_that_only_the_database_names_gets_nothing(
    newsroom: demo.DemoNewsroom,
) -> None:
    stranger = Identity(os.urandom(32))
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "INSERT INTO wraps (kind, id, reader, wrapped) VALUES ('revision', 'v-x', ?, x'00')",
            (stranger.read_public,),
        )
    enact(newsroom, "reviewer-9", [("review", "*")])
    welcome(newsroom)
    with newsroom.room.store.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT id FROM wraps WHERE reader = ?", (stranger.read_public,)
        ).fetchall()
    assert [tuple(row) for row in rows] == [("v-x",)]


def test_one_damaged_seal_does_not_keep_the_others_waiting(newsroom: demo.DemoNewsroom) -> None:
    enact(newsroom, "reviewer-9", [("review", "*")])
    with newsroom.room.store.write() as connection:
        connection.exec_driver_sql(
            "UPDATE wraps SET wrapped = x'00' WHERE reader = ? AND id = "
            "(SELECT min(id) FROM wraps)",
            (newsroom.home.identity().read_public,),
        )
    assert len(welcome(newsroom)) == 1


def test_who_joins_minutes_before_may_approve_a_quick_fix(newsroom: demo.DemoNewsroom) -> None:
    """Its approver is shown the difference, so what it stands on has to open as well."""
    item, editor = newsroom.items[0], newsroom.actor("editor-1")
    demo.approve(newsroom, item)
    with newsroom.room.reading(item) as view:
        body = str(revisions.load(view, editor, item)["body"])
    mended, _ = slip(body)
    fixed = quick_fix.mend(newsroom.room, editor, item, {"body": mended})
    checker = enact(newsroom, "checker-9", [("check", "*")])
    with pytest.raises(Refused) as refused:
        decide.approve(newsroom.room, checker, item, digest=fixed.digest)
    assert "within seconds" in refused.value.hint
    welcome(newsroom)
    done = decide.approve(newsroom.room, checker, item, digest=fixed.digest)
    assert done.step == "check"
