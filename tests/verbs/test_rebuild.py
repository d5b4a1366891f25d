"""Rebuilding: the tables are what the log says, whatever somebody made of them in between."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from desk.approvals import decide
from desk.errors import TrustError
from desk.items import drafts, revisions
from desk.newsroom import administer
from desk.releases import hold, plan, withdraw
from desk.store import projections
from desk.trust.acts import EVERYTHING
from tests.verbs.house import House, change_roster


def story(house: House) -> None:
    """A little of everything that leaves traces in the tables."""
    release, (item,) = house.published()
    withdraw.withdraw(house.room, house["lead-1"], item, note="Đang rà soát")
    house.signed()
    returned = house.submitted()
    decide.give_back(house.room, house["reviewer"], returned, "Thiếu nguồn")
    drafts.edit(house.room, house["editor-2"], returned)
    revisions.submit(house.room, house["editor-2"], returned)
    vi, en = house.pair()
    decide.approve(house.room, house["appraiser"], vi)
    moved = house.planned(vi, en)
    hold.hold(house.room, house["editor"], moved, reason="x")
    plan.move(house.room, house["lead-1"], moved, house.moment(9000), note="Lùi")
    hold.hold(house.room, house["editor"], EVERYTHING)
    hold.lift(house.room, house["lead-1"], EVERYTHING)
    struck = house.planned(house.approved())
    plan.cancel(house.room, house["lead-2"], struck, note="Thôi")
    assert release


def snapshot(house: House) -> dict[str, list[tuple[object, ...]]]:
    with house.room.store.read() as connection:
        return projections.snapshot(connection)


def test_what_was_kept_step_by_step_equals_what_the_log_gives_at_once(house: House) -> None:
    story(house)
    before = snapshot(house)
    assert set(administer.rebuild(house.room).values()) == {0}
    assert snapshot(house) == before


HOSTILE = [
    "update releases set state = 'released', at = '2020-01-01T00:00:00Z', signed = 9",
    "update items set state = 'approved', waiting_for = '', agency = 'y-te'",
    "update revisions set author = 'nobody', state = 'approved'",
    "update items set at = '2020-01-01T00:00:00Z'",
    "delete from holds",
    "delete from release_items",
    "insert into releases select 'r-0000000000', at, zone, wall, code, slot, state, held, "
    "confirmed, basis, signed, items, channels, note, speaks, waits_until from releases limit 1",
    "update release_channels set channel = 'evil-' || channel",
    "delete from items",
]


@pytest.mark.parametrize("edit", HOSTILE)
def test_hostile_edits_of_the_tables_are_undone(house: House, edit: str) -> None:
    story(house)
    before = snapshot(house)
    with house.room.store.write() as connection:
        connection.execute(text(edit))
    assert snapshot(house) != before
    assert sum(administer.rebuild(house.room).values()) > 0
    assert snapshot(house) == before


def test_a_broken_log_is_not_rebuilt_from(house: House) -> None:
    story(house)
    before = snapshot(house)
    with house.room.store.write() as connection:
        connection.execute(text("delete from log where kind = 'release.hold'"))
    with pytest.raises(TrustError, match="does not follow"):
        administer.rebuild(house.room)
    assert snapshot(house) == before


def test_attack_12_after_the_rows_of_a_hold_are_deleted_a_rebuild_refuses(house: House) -> None:
    release = house.signed()
    hold.hold(house.room, house["editor"], release)
    house.submitted()  # somebody works on; a tail cut off is seen by checkpoints (attack 19)
    with house.room.store.write() as connection:
        connection.execute(text("delete from holds"))
        connection.execute(text("delete from log where kind = 'release.hold'"))
    with pytest.raises(TrustError):
        administer.rebuild(house.room)


def test_revoking_a_key_is_seen_in_the_tables_at_once(house: House) -> None:
    release = house.signed()
    with house.room.reading() as view:
        document = administer.with_key_ended(
            view.roster, "lead-2", "compromised", house.room.instant()
        )
    change_roster(house, document)
    with house.room.store.read() as connection:
        states = dict(
            connection.execute(text("select id, state from releases")).all()  # type: ignore[arg-type]
        )
    assert states[release] == "confirmed"
    assert set(administer.rebuild(house.room).values()) == {0}
