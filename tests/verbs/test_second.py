"""What waits for a second person: a hold that one has lifted, a takedown that one wants to end."""

from __future__ import annotations

import pytest

from desk.errors import Refused
from desk.people.second import second
from desk.releases import hold
from desk.releases.withdraw import restore, withdraw
from tests.verbs.house import House


def test_a_hold_names_who_can_still_lift_it_until_two_have(house: House) -> None:
    release = house.signed()
    assert second(house.room, release) == []
    hold.hold(house.room, house["editor"], release, reason="x")
    (waits,) = second(house.room, release)
    assert (waits.subject, waits.step, waits.now) == (release, "lift", True)
    assert waits.able == ("lead-1", "lead-2", "writer")
    hold.lift(house.room, house["lead-1"], release)
    (waits,) = second(house.room, release)
    assert waits.able == ("lead-2", "writer")
    assert [one.why for one in waits.candidates if not one.can] == ["has lifted it"]
    hold.lift(house.room, house["lead-2"], release)
    assert second(house.room, release) == []


def test_a_hold_over_everything_is_named_for_each_release(house: House) -> None:
    release = house.signed()
    hold.hold(house.room, house["editor"], "*")
    (waits,) = second(house.room, release)
    assert waits.subject == "*"
    assert "lead-2" in waits.able


def test_a_takedown_waits_for_somebody_once_one_has_asked_for_its_end(house: House) -> None:
    _, (item, *_) = house.published(house.approved())
    withdraw(house.room, house["lead-1"], item, note="Đang rà soát", mode="takedown")
    assert second(house.room, item) == []
    restore(house.room, house["lead-1"], item)
    (waits,) = second(house.room, item)
    assert (waits.step, waits.able) == ("restore", ("lead-2", "writer"))
    restore(house.room, house["lead-2"], item)
    assert second(house.room, item) == []


def test_who_may_not_end_a_takedown_is_told_of_that_and_not_of_withdrawing(house: House) -> None:
    _, (item, *_) = house.published(house.approved())
    withdraw(house.room, house["lead-1"], item, note="Đang rà soát", mode="takedown")
    with pytest.raises(Refused, match="put it back"):
        restore(house.room, house["editor"], item)
