"""After a release: corrections that say so, and takedowns that two people lift."""

from __future__ import annotations

import pytest

from desk.approvals import decide
from desk.errors import Refused, UsageError
from desk.items import drafts, revisions
from desk.releases import clashes, plan
from desk.releases.hold import lift
from desk.releases.withdraw import restore, withdraw
from desk.trust.judge import judge
from tests.verbs.house import TEXT, House

FIXED = {"body": TEXT["body"].replace("quý III", "quý II"), "edit_note": "Sửa quý III thành quý II"}


def rules(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.rule for reason in refused.value.reasons}


def corrected(house: House, item: str, **changes: str) -> None:
    drafts.edit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, {**FIXED, **changes})
    revisions.submit(house.room, house["editor"], item)


def text(house: House, item: str) -> dict[str, object]:
    with house.room.reading(item) as view:
        return revisions.load(view, house["editor"], item)


def test_a_correction_names_what_it_corrects_and_tells_its_readers(house: House) -> None:
    _, (item,) = house.published()
    corrected(house, item)
    assert text(house, item)["correction_of"] == 1
    decide.approve(house.room, house["reviewer"], item)
    house.published(item)
    with house.room.reading(item) as view:
        assert view.record.items[item].public == "corrected"


def test_a_correction_that_leaves_a_channel_as_it_is_is_told(house: House) -> None:
    def left(*channels: str) -> list[str]:
        act = plan.plan(house.room, house["lead-1"], house.moment(7200), items=[item],
                        channels=channels, code="SỬA")  # fmt: skip
        with house.room.reading(act.subject) as view:
            return [one.text for one in clashes.told_before(view, act.subject)
                    if one.code == "left-as-it-is"]  # fmt: skip

    _, (item,) = house.published()
    corrected(house, item)
    decide.approve(house.room, house["reviewer"], item)
    (told,) = left("press")
    assert f"{item} is public on portal too" in told
    assert left("press", "portal") == []
    with house.room.reading() as view:  # and before it is planned
        before = [one.text for one in clashes.left_by(view, [item], ["press"])]
        assert before == [told]
        assert clashes.left_by(view, [item], ["portal", "press"]) == []
    withdraw(house.room, house["lead-1"], item, note="Sai nguồn")
    assert left("press") == []


def test_a_correction_without_a_note_is_refused(house: House) -> None:
    _, (item,) = house.published()
    with pytest.raises(Refused) as refused:
        corrected(house, item, edit_note="")
    assert rules(refused) == {"edit_note"}


def test_a_note_is_not_said_twice(house: House) -> None:
    """The second correction begins without the note of the first."""
    _, (item,) = house.published()
    corrected(house, item)
    decide.approve(house.room, house["reviewer"], item)
    house.published(item)
    draft = drafts.edit(house.room, house["editor"], item)
    assert "edit_note" not in draft.document
    assert draft.document["correction_of"] == 2


def test_a_draft_begun_before_the_release_becomes_a_correction(house: House) -> None:
    item = house.approved()
    drafts.edit(house.room, house["editor"], item)
    house.published(item)
    drafts.save(house.room, house["editor"], item, {"body": FIXED["body"]})
    with pytest.raises(Refused):
        revisions.submit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, FIXED)
    revisions.submit(house.room, house["editor"], item)
    assert text(house, item)["correction_of"] == 1


def test_a_revision_submitted_before_the_release_is_not_approved_as_it_was(house: House) -> None:
    """It says nothing of a correction, since nothing was public when it was written."""
    item = house.approved()
    release = house.signed(item)
    drafts.edit(house.room, house["editor"], item)
    drafts.save(house.room, house["editor"], item, {"body": FIXED["body"]})
    revisions.submit(house.room, house["editor"], item)
    house.out(release)
    with pytest.raises(Refused) as refused:
        decide.approve(house.room, house["reviewer"], item)
    assert {"correction", "edit_note"} <= rules(refused)


def test_a_takedown_is_put_back_by_two(house: House) -> None:
    _, (item,) = house.published()
    withdraw(house.room, house["lead-1"], item, note="Đang rà soát", mode="takedown")
    first = restore(house.room, house["lead-1"], item)
    assert (first.done, first.by) == (False, ("lead-1",))
    assert "lead-2" in first.who
    assert restore(house.room, house["lead-1"], item).already
    second = restore(house.room, house["lead-2"], item)
    assert second.done
    assert restore(house.room, house["lead-2"], item).already
    with house.room.reading(item) as view:
        assert view.record.items[item].public == "live"


@pytest.mark.parametrize("mode", ["withdraw", "kill"])
def test_what_is_withdrawn_for_good_is_not_put_back(house: House, mode: str) -> None:
    _, (item,) = house.published()
    withdraw(house.room, house["lead-1"], item, note="Sai số liệu", mode=mode)
    with pytest.raises(Refused) as refused:
        restore(house.room, house["lead-1"], item)
    assert rules(refused) == {"final"}
    with pytest.raises(Refused) as refused:
        withdraw(house.room, house["lead-2"], item, note="x", mode="takedown")
    assert rules(refused) == {"final"}


def test_withdrawing_holds_what_would_bring_the_item_back(house: House) -> None:
    """A correction that is signed and waits for its instant."""
    _, (item,) = house.published()
    corrected(house, item)
    decide.approve(house.room, house["reviewer"], item)
    waiting, open_yet = house.signed(item), house.planned(item)
    done = withdraw(house.room, house["lead-1"], item, note="Sai số liệu")
    assert set(done.held) == {waiting}, "nobody has signed the other one"
    with house.room.reading(waiting) as view:
        assert {reason.rule for reason in judge(view.record, waiting).reasons} == {"held"}
        assert not view.record.releases[open_yet].holds
    assert withdraw(house.room, house["lead-2"], item, note="x", mode="kill").held == {}
    for lead in ("lead-1", "lead-2"):
        lift(house.room, house[lead], waiting)
    with house.room.reading(waiting) as view:
        assert judge(view.record, waiting).ok


def test_a_takedown_may_become_final(house: House) -> None:
    _, (item,) = house.published()
    withdraw(house.room, house["lead-1"], item, note="Đang rà soát", mode="takedown")
    restore(house.room, house["lead-1"], item)
    withdraw(house.room, house["lead-2"], item, note="Sai số liệu", mode="kill")
    with pytest.raises(Refused):
        restore(house.room, house["lead-2"], item)


def test_only_who_may_withdraw_puts_back(house: House) -> None:
    _, (item,) = house.published()
    withdraw(house.room, house["lead-1"], item, note="Đang rà soát", mode="takedown")
    with pytest.raises(Refused) as refused:
        restore(house.room, house["editor"], item)
    assert rules(refused) == {"role"}
    assert "lead-1" in refused.value.reasons[0].who


def test_what_is_up_is_not_put_back(house: House) -> None:
    _, (item,) = house.published()
    with pytest.raises(Refused):
        restore(house.room, house["lead-1"], item)
    with pytest.raises(UsageError):
        withdraw(house.room, house["lead-1"], item, note=" ", mode="takedown")
