"""The follower: what it must have read before anything may go out."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.clock import SystemClock
from desk.demo import newsroom as demo
from desk.publisher.follower import Follower
from desk.trust.record import Record


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
    with newsroom.room.store.read() as connection:
        assert newsroom.room.whole_record(connection).seq == follower.record.seq
