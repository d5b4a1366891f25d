"""Readings that are not folded twice: always what the log says, and refused when it was altered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from desk.approvals import decide
from desk.errors import TrustError
from desk.newsroom import administer, folded
from desk.newsroom.folded import Folded, fold
from desk.releases import hold
from desk.store import log
from desk.trust.acts import EVERYTHING
from desk.trust.judge import judge
from desk.trust.record import Record
from tests.verbs.house import House, change_roster


def fresh(house: House, *subjects: str) -> Record:
    """The same record, folded anew."""
    with house.room.store.read() as connection:
        related = house.room._related(connection, subjects)
        return fold(house.room.pin.fingerprint, log.acts_about(connection, related))


def read(house: House, *subjects: str) -> Record:
    with house.room.reading(*subjects) as view:
        return view.record


def test_what_was_read_is_not_folded_again_and_judging_leaves_it_as_it_was(house: House) -> None:
    release = house.signed()
    first = read(house, release)
    assert judge(first, release).ok
    assert read(house, release) is first
    assert first == fresh(house, release)


def test_an_act_of_another_desk_is_in_the_next_reading(house: House) -> None:
    release = house.signed()
    other = house.opened()
    before = read(house, release)
    hold.hold(other, house["editor"], release)
    after = read(house, release)
    assert (len(before.active_holds(release)), len(after.active_holds(release))) == (0, 1)
    hold.hold(other, house["editor"], EVERYTHING)
    assert len(read(house, release).active_holds(release)) == 2
    assert read(house, release) == fresh(house, release)


def test_who_acts_does_not_change_what_another_one_reads(house: House) -> None:
    item = house.submitted()
    seen, before = read(house, item), fresh(house, item)
    decide.approve(house.room, house["reviewer"], item)
    assert seen == before
    assert read(house, item) == fresh(house, item) != seen


@pytest.mark.parametrize(
    "edit",
    [
        "delete from log where kind = 'release.hold'",
        "update log set envelope = (select envelope from log where kind = 'item.revise' limit 1)"
        " where kind = 'release.hold'",
        "update log set subject = 'r-elsewhere0' where kind = 'release.hold'",
    ],
)
def test_attack_12_a_log_altered_under_a_reading_is_read_as_it_is(house: House, edit: str) -> None:
    """The record must not outlive its entries: rebuild, audit and publisher then tell of it."""
    release = house.signed()
    hold.hold(house.room, house["editor"], release)
    house.submitted()  # the head stays where it was
    assert read(house, release).active_holds(release)
    with house.room.store.write() as connection:
        head = log.head(connection)
        connection.exec_driver_sql(edit)
        assert log.head(connection) == head
    assert read(house, release) == fresh(house, release)
    assert not read(house, release).active_holds(release)


def test_attack_08_a_roster_taken_out_below_the_head_is_refused_by_who_had_read_it(
    house: House,
) -> None:
    with house.room.reading() as view:
        document = administer.with_key_ended(
            view.roster, "reviewer", "revoked", house.room.instant()
        )
    change_roster(house, document)
    item = house.submitted()
    for subjects in ((), (item,)):
        read(house, *subjects)
    with house.room.store.write() as connection:
        connection.exec_driver_sql(
            "delete from log where seq = (select max(seq) from log where kind = 'roster')"
        )
    for subjects in ((), (item,)):
        with pytest.raises(TrustError, match="rolled back"), house.room.reading(*subjects):
            pass


def test_attack_34_signatures_that_do_not_hold_are_never_taken_for_those_that_did(
    house: House,
) -> None:
    release = house.signed()
    assert judge(read(house, release), release).ok
    with house.room.store.write() as connection:
        for seq, envelope in connection.exec_driver_sql(
            "select seq, envelope from log where kind = 'release.sign'"
        ).all():
            forged = envelope.replace(b'"sig":"', b'"sig":"A', 1)
            assert forged != envelope
            connection.exec_driver_sql("update log set envelope = ? where seq = ?", (forged, seq))
    assert not judge(read(house, release), release).ok


def test_only_so_many_readings_are_kept_and_long_ones_not_at_all(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = house.submitted()
    with house.room.store.read() as connection:
        rows = log.acts_about(connection, [item])
    kept = Folded(house.room.pin.fingerprint)
    first = kept.record(frozenset({item}), rows)
    for number in range(folded.MOST - 1):
        kept.record(frozenset({f"i-{number}"}), rows)
    assert kept.record(frozenset({item}), rows) is first
    for number in range(folded.MOST):
        kept.record(frozenset({f"r-{number}"}), rows)
    assert kept.record(frozenset({item}), rows) is not first
    monkeypatch.setattr(folded, "LARGEST", 1)
    long = Folded(house.room.pin.fingerprint)
    assert long.record(frozenset(), rows) is not long.record(frozenset(), rows)


def test_readers_and_writers_at_once_see_each_act_once_it_is_there(house: House) -> None:
    release = house.signed()
    seen: list[int] = []

    def look() -> int:
        record = read(house, release)
        return len(record.active_holds(release))

    with ThreadPoolExecutor(4) as pool:
        for count in range(1, 6):
            hold.hold(house.opened(), house["editor"], release, reason=f"lần {count}")
            seen += pool.map(lambda _n: look(), range(8))
    assert seen == sorted(seen)
    assert read(house, release) == fresh(house, release)
