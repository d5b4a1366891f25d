"""What else waits for one person: what came back, and what they have not signed (again)."""

from __future__ import annotations

from desk.approvals import decide, mine
from desk.releases import sign
from desk.releases.short_notice import leave_out
from tests.verbs.house import House


def test_a_returned_revision_waits_for_its_author_alone(house: House) -> None:
    item = house.submitted()
    house.submitted("editor-2")
    decide.give_back(house.room, house["reviewer"], item, "Thiếu nguồn")
    (back,) = mine.returned(house.room, house["editor"])
    assert (back.item, back.step, back.by, back.number) == (item, "review", "reviewer", 1)
    assert mine.returned(house.room, house["editor-2"]) == []
    assert mine.returned(house.room, house["reviewer"]) == []


def test_a_release_waits_for_each_lead_until_they_have_signed(house: House) -> None:
    release = house.planned(house.approved())
    for lead in ("lead-1", "lead-2"):
        (one,) = mine.unsigned(house.room, house[lead])
        assert (one.release, one.anew, one.needed) == (release, False, 2)
        sign.sign(house.room, house[lead], release)
        assert mine.unsigned(house.room, house[lead]) == []
    assert mine.unsigned(house.room, house["editor"]) == []


def test_what_was_left_out_after_signing_is_named_to_who_must_sign_again(house: House) -> None:
    kept, out = house.approved(), house.approved()
    release = house.signed(kept, out)
    assert mine.unsigned(house.room, house["lead-2"]) == []
    leave_out(house.room, house["lead-1"], release, [out])
    (one,) = mine.unsigned(house.room, house["lead-2"])
    assert (one.release, one.anew, one.left_out, one.items) == (release, True, (out,), 1)
    assert one.signers == ("lead-1",)
    assert mine.unsigned(house.room, house["lead-1"]) == []


def test_a_release_that_still_wants_approvals_asks_nobody_to_sign(house: House) -> None:
    house.planned(house.submitted())
    assert mine.unsigned(house.room, house["lead-1"]) == []
