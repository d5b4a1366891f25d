"""How many have signed, as the calendar lists it: the leads whose signatures the judge counts."""

from __future__ import annotations

from typing import Any

import pytest

from desk.errors import Refused
from desk.newsroom import administer
from desk.people import deputies
from desk.releases import sign, views
from desk.trust.acts import write
from desk.trust.judge import judge
from tests.verbs.house import House, change_roster


def signed(house: House, release: str) -> int:
    """What the calendar's row says."""
    with house.room.store.read() as connection:
        (row,) = (one for one in views.page(connection) if one.id == release)
    return row.signed


def test_who_is_lead_no_more_is_counted_no_more(house: House) -> None:
    release = house.signed()
    assert signed(house, release) == 2
    with house.room.reading() as view:
        document: dict[str, Any] = dict(view.roster.document)
    people = {name: dict(entry) for name, entry in document["people"].items()}
    people["lead-2"]["roles"] = [{"role": "review", "agency": "*"}]
    change_roster(house, {**document, "people": people})
    assert signed(house, release) == 1
    administer.rebuild(house.room)
    assert signed(house, release) == 1
    with house.room.reading(release) as view:
        assert not judge(view.record, release).ok


def test_a_deputy_and_whom_they_stand_in_for_count_as_one(house: House) -> None:
    release = house.planned(house.approved())
    sign.sign(house.room, house["lead-1"], release)
    deputies.delegate(house.room, house["lead-1"], "checker", role="lead", agency="*",
                      since=house.room.instant(), until="2026-11-21T00:00:00Z")  # fmt: skip
    with pytest.raises(Refused) as refused:
        sign.sign(house.room, house["checker"], release)
    assert [one.rule for one in refused.value.reasons] == ["deputy"]
    with house.room.acting(release) as tx:  # as somebody with a Desk of their own could
        fields = sign.to_sign(tx, release)
        tx.adopt(write("release.sign", fields, house["checker"].identity))
    with house.room.reading(release) as view:
        raw = view.record.releases[release].signoff
    assert raw is not None
    assert set(raw.signers) == {"lead-1", "checker"}
    assert signed(house, release) == 1


def test_what_is_public_keeps_those_that_counted(house: House) -> None:
    release, _items = house.published()
    assert signed(house, release) == 2
