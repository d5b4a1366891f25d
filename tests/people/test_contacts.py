"""The spokesperson board: who may change it, who is on duty, who can speak to a release."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.clock import FakeClock
from desk.demo.newsroom import DemoNewsroom
from desk.errors import Conflict, NotFound, Refused, TrustError, UsageError
from desk.newsroom import administer
from desk.people import availability, contact_exchange, contacts, keys
from desk.people.contact_entries import Contact, Topic
from desk.people.contacts import Change, Private
from desk.publisher.joiners import readable, wrap_missing
from desk.releases import plan, views
from desk.store import log, projections
from desk.store.sealed import Opener
from desk.trust.acts import CONTACTS, FIELDS
from desk.trust.envelope import sign
from desk.trust.ids import new_contact
from desk.trust.keys import Identity
from tests.screens.contacts_world import PRIVATE, Board
from tests.screens.newsroom_world import build

ZONE = "Asia/Ho_Chi_Minh"
ECONOMY = "kinh-te@thong-ke"


def test_who_keeps_no_contacts_changes_nothing(newsroom: DemoNewsroom, board: Board) -> None:
    one = contacts.board(newsroom.room).contacts[board.first]
    with pytest.raises(Refused) as refused:
        contacts.change(newsroom.room, newsroom.actor("editor-1"), [Change(board.first, one)])
    assert "admin-1" in refused.value.reasons[0].who


def test_an_act_by_who_keeps_no_contacts_counts_for_nothing(newsroom: DemoNewsroom) -> None:
    """The verb may be gone round: the fold refuses it as well."""
    room, editor = newsroom.room, newsroom.actor("editor-1")
    entry = {"id": new_contact(), "value": {"agency": "thong-ke", "format": 1}}
    with room.acting(CONTACTS) as tx, pytest.raises(Refused):
        tx.append("contacts.change", CONTACTS, {"entries": [entry]}, editor)


def test_changes_are_attributed_and_the_same_again_is_no_act(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    known = contacts.board(room).contacts[board.second]
    changed = Contact(known.id, known.agency, known.name, phone="+84 24 555 0177")
    contacts.change(room, lead, [Change(board.second, changed)])
    after = contacts.history(room, board.second)
    assert [(one.person, one.what) for one in after] == [
        ("lead-1", "changed"),
        ("admin-1", "added"),
    ]
    with room.store.read() as connection:
        head = log.head(connection).seq
    contacts.change(room, lead, [Change(board.second, changed)])
    with room.store.read() as connection:
        assert log.head(connection).seq == head


def test_who_was_slower_is_told(newsroom: DemoNewsroom, board: Board) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    before = contacts.board(room)
    seen, one = before.acts[board.second], before.contacts[board.second]
    first = Contact(one.id, one.agency, one.name, phone="+84 24 555 0111")
    contacts.change(room, newsroom.actor("lead-2"), [Change(one.id, first, parent=seen)])
    with pytest.raises(Conflict):
        contacts.change(room, lead, [Change(one.id, one, parent=seen)])


def test_attack_06_an_older_act_about_an_entry_does_not_come_back(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, admin = newsroom.room, newsroom.actor("admin-1")
    with room.store.read() as connection:
        old = next(e for e in log.every_entry(connection) if b"contacts.change" in e.envelope)
    one = contacts.board(room).contacts[board.second]
    gone = Contact(one.id, one.agency, one.name, phone="+84 24 555 0111")
    contacts.change(room, admin, [Change(one.id, gone)])
    with room.reading(CONTACTS) as view:
        assert view.record.apply(old.envelope).void
        assert contacts.board_of(view).contacts[one.id].phone == "+84 24 555 0111"


def test_private_numbers_are_for_those_who_keep_the_board(
    newsroom: DemoNewsroom, board: Board
) -> None:
    with newsroom.room.reading(CONTACTS) as view:
        for person in ("admin-1", "lead-1", "lead-2"):
            found = contacts.private_of(view, newsroom.actor(person), board.first)
            assert found == Private(PRIVATE, "", "sau 18 giờ")
        for person in ("editor-1", "reviewer-1"):
            with pytest.raises(Refused):
                contacts.private_of(view, newsroom.actor(person), board.first)


def test_attack_14_private_numbers_and_enquiries_stand_nowhere_in_clear(
    newsroom: DemoNewsroom, board: Board
) -> None:
    raw = b"".join(p.read_bytes() for p in (newsroom.root / "var").glob("desk.db*"))
    for secret in (PRIVATE, "sau 18 giờ", "Example Wire", "quý III được tính", "desk@example.net"):
        assert secret.encode() not in raw
    for form in ("vcard", "csv"):
        text = contact_exchange.export(contacts.board(newsroom.room), form)  # type: ignore[arg-type]
        assert "555 0101" in text
        assert "0199" not in text


def test_attack_16_a_private_part_put_under_another_contact_does_not_open(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room = newsroom.room
    with room.store.write() as connection:
        connection.exec_driver_sql("UPDATE sealed SET ciphertext = x'00' WHERE kind = 'contact'")
    with room.reading(CONTACTS) as view, pytest.raises(TrustError):
        contacts.private_of(view, newsroom.actor("lead-1"), board.first)


def test_a_new_private_number_replaces_the_old_one_for_good(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    one = contacts.board(room).contacts[board.first]
    contacts.change(room, lead, [Change(one.id, one, Private("+84 24 555 0188"))])
    with room.reading(CONTACTS) as view:
        assert contacts.private_of(view, lead, one.id) == Private("+84 24 555 0188")
        kept = "SELECT count(*) FROM sealed WHERE kind = 'contact'"
        assert view.connection.exec_driver_sql(kept).scalar() == 1
    contacts.change(room, lead, [Change(one.id, one, Private())])
    with room.reading(CONTACTS) as view:
        assert contacts.private_of(view, lead, one.id).empty
        assert view.connection.exec_driver_sql(kept).scalar() == 0


def test_who_becomes_a_lead_reads_private_numbers_after_the_publisher_wrapped_them(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, editor = newsroom.room, newsroom.actor("editor-1")
    with room.reading() as view:
        roles = [("author", "*"), ("lead", "*")]
        document = administer.with_roles(view.roster, "editor-1", roles)
        proposal = administer.countersign(
            view, administer.propose_roster(view, document, room.instant()),
            newsroom.actor("admin-1"),
        )  # fmt: skip
    administer.enact(room, proposal.act.envelope)
    with room.reading(CONTACTS) as view, pytest.raises(Refused):
        contacts.private_of(view, editor, board.first)
    with room.store.read() as connection:
        record = room.whole_record(connection)
    opener = Opener("pub-1", newsroom.home.identity())
    done = list(wrap_missing(room.store, opener, readable(record), lambda: False))
    assert [why for _, why in done if why] == []
    with room.reading(CONTACTS) as view:
        assert contacts.private_of(view, editor, board.first).phone == PRIVATE


def test_a_lead_lets_a_joiner_read_by_rewrap(newsroom: DemoNewsroom) -> None:
    assert [one.problem for one in keys.rewrap(newsroom.room, newsroom.actor("lead-1"))
            if one.problem] == []  # fmt: skip


def test_a_contact_on_whom_a_topic_rests_is_not_removed(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    with pytest.raises(Conflict, match=ECONOMY):
        contacts.change(room, lead, [Change(board.second, None)])
    topic = contacts.board(room).topics[ECONOMY]
    alone = Topic(topic.id, topic.agency, topic.name, topic.focal)
    contacts.change(room, lead, [Change(topic.id, alone)])
    after = contacts.change(room, lead, [Change(board.second, None)])
    assert board.second not in after.contacts


def test_an_entry_of_another_shape_is_shown_to_nobody(newsroom: DemoNewsroom) -> None:
    room = newsroom.room
    id = new_contact()
    with room.acting(CONTACTS) as tx:
        entry = {"id": id, "value": {"agency": "thong-ke", "format": 1, "name": {"vi": "\x1b[2J"}}}
        tx.append("contacts.change", CONTACTS, {"entries": [entry]}, newsroom.actor("lead-1"))
    found = contacts.board(room)
    assert id not in found.contacts
    assert found.broken == (id,)


# Availability


def test_a_release_warns_until_somebody_can_speak_and_again_after_a_move(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, admin = newsroom.room, newsroom.actor("admin-1")
    assert availability.speakers(room, newsroom.release).warn
    said = availability.acknowledge(room, admin, newsroom.release)
    assert not said.warn
    assert [(one.contact, one.counts, one.on_duty) for one in said.words] == [
        (board.first, True, True)
    ]
    assert _row(newsroom).speaks == 1
    moment = plan.Moment.of_instant("2026-11-20T06:00:00Z", ZONE)
    plan.move(room, newsroom.actor("lead-1"), newsroom.release, moment, note="Lùi giờ")
    moved = availability.speakers(room, newsroom.release)
    assert moved.warn
    assert not moved.words[0].counts
    assert _row(newsroom).speaks == 0


def _row(newsroom: DemoNewsroom) -> views.CalendarRow:
    with newsroom.room.store.read() as connection:
        rows = views.page(connection)
        rebuilt = newsroom.room.whole_record(connection)
    with newsroom.room.store.write() as connection:
        before = projections.snapshot(connection)
        projections.project_all(connection, rebuilt)
        assert projections.snapshot(connection) == before
    return next(row for row in rows if row.id == newsroom.release)


def test_the_newest_word_stands_and_the_same_again_is_no_act(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, admin = newsroom.room, newsroom.actor("admin-1")
    availability.acknowledge(room, admin, newsroom.release)
    with room.store.read() as connection:
        head = log.head(connection).seq
    availability.acknowledge(room, admin, newsroom.release)
    with room.store.read() as connection:
        assert log.head(connection).seq == head
    assert availability.acknowledge(room, admin, newsroom.release, can=False).warn


def test_only_the_contact_or_a_lead_says_so(newsroom: DemoNewsroom, board: Board) -> None:
    room = newsroom.room
    with pytest.raises(Refused):
        availability.acknowledge(room, newsroom.actor("editor-1"), newsroom.release,
                                 contact=board.first)  # fmt: skip
    with pytest.raises(UsageError):
        availability.acknowledge(room, newsroom.actor("lead-1"), newsroom.release)
    by_lead = availability.acknowledge(room, newsroom.actor("lead-1"), newsroom.release,
                                       contact=board.second)  # fmt: skip
    assert [(one.contact, one.by) for one in by_lead.words] == [(board.second, "lead-1")]
    with pytest.raises(NotFound):
        availability.acknowledge(room, newsroom.actor("lead-1"), "r-0000000000",
                                 contact=board.second)  # fmt: skip


def test_a_newsroom_without_a_board_is_not_warned(tmp_path: Path) -> None:
    newsroom = build(tmp_path / "bare", FakeClock())
    assert not availability.speakers(newsroom.room, newsroom.release).warn


def test_an_act_by_a_stranger_about_availability_is_void(newsroom: DemoNewsroom) -> None:
    stranger = Identity(b"\x07" * 32)
    with newsroom.room.reading(newsroom.release) as view:
        value = {
            "newsroom": view.record.newsroom, "kind": "contact.available",
            "subject": newsroom.release, "actor": "lead-1", "time": view.time,
            "contact": new_contact(), "can": "yes", "from": newsroom.at, "until": newsroom.at,
        }  # fmt: skip
        act = sign(FIELDS["contact.available"].payload_type, value, stranger)
        assert view.record.apply(act).void
        assert not view.record.releases[newsroom.release].available


# Import


def test_attack_31_an_import_leaves_out_look_alikes_unless_accepted(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    text = (
        "name_vi,agency,email\r\n"
        "Cục Thống kê – người phát ngôn 3,thong-ke,a@example.org\r\n"
        "Cụс Thống kê – người phát ngôn 1,thong-ke,a@exarnple.org\r\n"
        "Nơi khác,khong-co,\r\n"
    )
    done = contact_exchange.take(room, lead, contact_exchange.read(text))
    assert len(done.added) == 1
    assert {one.code for one in done.flagged} >= {"mixed-script", "look-alike-domain"}
    assert len(done.left_out) == 2
    again = contact_exchange.take(room, lead, contact_exchange.read(text), accept=True)
    assert (len(again.added), len(again.same)) == (1, 1)


def test_what_was_exported_changes_nothing_when_it_comes_back(
    newsroom: DemoNewsroom, board: Board
) -> None:
    room, lead = newsroom.room, newsroom.actor("lead-1")
    before = contacts.board(room)
    for form in ("vcard", "csv"):
        text = contact_exchange.export(before, form)  # type: ignore[arg-type]
        done = contact_exchange.take(room, lead, contact_exchange.read(text))
        assert (done.added, done.changed, done.left_out) == ((), (), ())
        assert len(done.same) == 3
    assert contacts.board(room) == before
