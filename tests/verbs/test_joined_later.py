"""Who joins, or gets a new key, after a text went out: that can be read and corrected."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from desk.errors import Refused
from desk.items import drafts
from desk.newsroom.administer import PublicKeys
from desk.newsroom.room import Actor
from desk.people import keys
from desk.publisher.joiners import readable, wrap_missing
from desk.trust.keys import Identity
from tests.verbs.house import House, change_roster


def rekeyed(house: House, person: str) -> Actor:
    """That person with another key, the old one being lost."""
    fresh = Identity(os.urandom(32))
    public = PublicKeys(fresh.sign_public, fresh.read_public)
    with house.room.reading() as view:
        document = keys.with_rekey(
            view.roster, person, public, house.room.instant(), compromised=False
        )
    change_roster(house, document)
    return replace(house[person], identity=fresh)


def test_what_is_public_can_be_corrected_with_a_new_key_once_the_publisher_has_let_it_in(
    house: House,
) -> None:
    _, (item, *_) = house.published(house.approved())
    editor = rekeyed(house, "editor")
    with pytest.raises(Refused):
        drafts.edit(house.room, editor, item)
    with house.room.store.read() as connection:
        record = house.room.whole_record(connection)
    opener = house["pub-1"].opener
    done = list(wrap_missing(house.room.store, opener, readable(record), lambda: False))
    assert {(one.name.subject, why) for one, why in done} == {(item, "")}
    assert drafts.edit(house.room, editor, item).item == item


def test_a_colleague_lets_a_new_key_in_where_no_publisher_runs(house: House) -> None:
    _, (item, *_) = house.published(house.approved())
    editor = rekeyed(house, "editor")
    assert {one.item for one in keys.rewrap(house.room, house["lead-1"])} == {item}
    assert drafts.edit(house.room, editor, item).item == item
