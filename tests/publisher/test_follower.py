"""The follower: what it must have read before anything may go out."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from desk.clock import FakeClock, SystemClock
from desk.demo import newsroom as demo
from desk.publisher.follower import Follower
from desk.store import log
from desk.trust.log import next_entry
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
