"""The follower: what it must have read before anything may go out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, insert

from desk.clock import FakeClock, SystemClock
from desk.demo import newsroom as demo
from desk.publisher.follower import Follower
from desk.store import log
from desk.trust.log import Entry, Head, next_entry
from desk.trust.record import Record
from models.tables import LOG


@pytest.fixture
def newsroom(tmp_path: Path) -> demo.DemoNewsroom:
    return demo.found(tmp_path)


def test_a_log_that_is_read_in_part_may_hide_a_stop(newsroom: demo.DemoNewsroom) -> None:
    record = Record(newsroom.fingerprint)
    follower = Follower(newsroom.home, newsroom.room.store, record, SystemClock())
    assert not follower.caught_up
    assert len(follower.poll(1)) == 1
    assert not follower.caught_up, "there is a second entry: the roster with everybody in it"
    assert len(follower.poll(1)) == 1
    follower.poll(1)
    assert follower.caught_up
    assert len(follower.poll(2)) == 0
    assert follower.caught_up
    with newsroom.room.store.read() as connection:
        assert newsroom.room.whole_record(connection).seq == follower.record.seq


def test_attack_26_a_flood_hides_no_hold(newsroom: demo.DemoNewsroom) -> None:
    """Whoever writes to the database fills the log with noise, and a hold stands behind it."""
    store = newsroom.room.store
    follower = Follower(newsroom.home, store, Record(newsroom.fingerprint), SystemClock())
    follower.poll()
    follower.poll()
    assert follower.caught_up
    with store.write() as connection:
        for number in range(5):
            entry = next_entry(log.head(connection), b'{"noise":%d}' % number)
            row = {"kind": "", "subject": "", "actor": "", "time": "", "digest": str(number)}
            connection.execute(insert(LOG).values(**row, **entry.__dict__))
    for _ in range(2):
        assert len(follower.poll(2)) == 2
        assert not follower.caught_up, "a hold may stand behind it"
    assert len(follower.poll(2)) == 1
    assert follower.caught_up


def _kept(n: demo.DemoNewsroom, count: int = 100) -> list[Entry]:
    with n.room.store.read() as connection:
        return list(log.entries(connection, 0, count))


def _one_behind(n: demo.DemoNewsroom) -> Follower:
    """A follower that has not read the newest entry."""
    follower = Follower(n.home, n.room.store, Record(n.fingerprint), SystemClock())
    follower.poll(1)
    return follower


def test_attack_08_what_another_has_heard_counts_when_the_database_forgot_it(
    newsroom: demo.DemoNewsroom,
) -> None:
    follower = _one_behind(newsroom)
    assert [one.seq for one in follower.learn(_kept(newsroom))] == [2]
    with newsroom.room.store.write() as connection:
        connection.execute(delete(LOG).where(LOG.c.seq == 2))
    follower.poll()
    assert "missing" in follower.halted
    assert [entry.seq for entry in newsroom.home.entries()] == [1, 2], "and it is kept here"
    assert follower.learn(_kept(newsroom)) == [], "a copy that is behind says nothing new"


def test_attack_08_two_that_have_seen_different_logs_publish_nothing(
    newsroom: demo.DemoNewsroom,
) -> None:
    follower = _one_behind(newsroom)
    first, _ = _kept(newsroom)
    other = next_entry(Head(), b"{}")
    beside = next_entry(Head(1, other.hash), b"{}")
    for kept in ([other], [beside], [first, beside]):
        one = _one_behind(newsroom)
        assert one.learn(kept) == []
        assert "another log" in one.halted
        one.poll()
        assert "another log" in one.halted, "the database does not talk it out of that"
    assert not follower.halted


def test_an_entry_missing_in_the_middle_is_told_at_each_look_until_it_is_back(
    newsroom: demo.DemoNewsroom,
) -> None:
    store, clock = newsroom.room.store, FakeClock()
    follower = Follower(newsroom.home, store, Record(newsroom.fingerprint), clock)
    follower.poll()
    clock.advance(60)
    with store.write() as connection:
        row = connection.execute(delete(LOG).where(LOG.c.seq == 1).returning(*LOG.c)).one()
    for _look in range(3):
        follower.poll()
        assert follower.broken == "1 entries are missing"
    with store.write() as connection:
        connection.execute(insert(LOG).values(row._asdict()))
    follower.poll()
    assert follower.broken == ""
