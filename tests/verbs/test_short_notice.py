"""Minutes before a release: leave out, mend, bring forward, approve a pair, recall."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk.approvals import decide
from desk.errors import Conflict, Refused, UsageError
from desk.items import content, drafts, quick_fix, revisions
from desk.newsroom.room import Room
from desk.releases import plan, sign
from desk.releases.deadline import deadline
from desk.releases.plan import find
from desk.releases.short_notice import bring_forward, leave_out
from desk.store import sealed
from desk.trust.ids import new_revision
from desk.trust.judge import judge, judge_revision
from desk.trust.seal import SealKey
from tests.verbs.house import TEXT, House

BODY = TEXT["body"]
SLIP = BODY.replace("vừa được", "vừa mới")
BIG = BODY.replace("vừa được công bố trên trang", "sẽ không bao giờ được đưa lên bất kỳ trang nào")


def rules(refused: pytest.ExceptionInfo[Refused]) -> set[str]:
    return {reason.rule for reason in refused.value.reasons}


def statement(house: House) -> str:
    """An approved statement in both languages; its Vietnamese item."""
    vi, en = house.pair()
    for item in (vi, en):
        for who in ("appraiser", "reviewer", "checker"):
            decide.approve(house.room, house[who], item)
    return vi


def good(room: Room, release: str) -> bool:
    with room.reading(release) as view:
        return judge(view.record, release).ok


def pass_until(house: House, release: str, seconds: float) -> None:
    """Let time go by until so many seconds are left."""
    with house.room.reading(release) as view:
        left = deadline(house.room, view, release).left
    house.clock.advance(left - seconds)


# -- quick fix ---------------------------------------------------------------------------------


def test_a_slip_takes_one_approval_and_a_new_sign_off(house: House) -> None:
    item = statement(house)
    with house.room.reading(item) as view:
        pair = decide.language_versions(view, item)
    release = house.signed(*pair)
    done = quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    assert (done.step, done.releases) == ("check", (release,))
    assert "checker" in done.who
    assert "editor" not in done.who
    assert any(line.startswith("- ") and "vừa được" in line for line in done.diff)
    assert good(house.room, release)  # the old text goes out unless it is signed anew
    with pytest.raises(Refused):  # not before somebody has approved the difference
        sign.sign(house.room, house["lead-1"], release, anew=True)
    assert quick_fix.difference(house.room, house["checker"], item) == done.diff
    decide.approve(house.room, house["checker"], item, digest=done.digest)
    with house.room.reading(release) as view:
        assert sign.newer_revisions(view, release) == (item,)
    assert sign.sign(house.room, house["lead-1"], release).already
    first = sign.sign(house.room, house["lead-1"], release, anew=True)
    assert first.signers == ("lead-1",)
    assert not good(house.room, release)
    sign.sign(house.room, house["lead-2"], release)
    assert good(house.room, release)
    with house.room.reading(release) as view:
        signoff = find(view, release).signoff
        assert signoff is not None
        assert done.digest in {entry["revision"] for entry in signoff.fields["items"]}


@pytest.mark.parametrize(
    "changes",
    [{"body": BIG}, {"body": SLIP, "headline": "Khác"}, {"body": BODY + " 7,4%"},
     {"body": BODY.replace("Cục", "Vụ")}, {"sources": [{"id": "1", "title": "X"}]}, {}],
    ids=["too long", "two fields", "a figure", "a name", "a source", "nothing"],
)  # fmt: skip
def test_more_than_a_slip_is_no_quick_fix(house: House, changes: dict[str, object]) -> None:
    item = house.approved()
    with pytest.raises(Refused) as refused:
        quick_fix.mend(house.room, house["editor-2"], item, changes)
    assert rules(refused) == {"quick-fix"}
    with house.room.reading(item) as view:
        assert view.record.items[item].current.number == 1


def test_attack_03_a_forged_quick_fix_is_caught_by_the_approvers_gate(house: House) -> None:
    """The flag is only a claim: the approver's own process compares the two signed texts."""
    item = house.approved()
    room, forger = house.room, house["editor-2"]
    with room.acting(item) as tx:
        state, base = revisions.find(tx, item)
        document = content.changed(revisions.load(tx, forger, item), {"body": BIG})
        _, data, digest = content.finished(document)
        name = new_revision()
        fields = {"revision": name, "number": 2, "parent": base.digest, "language": "vi",
                  "message": state.message, "item_kind": "news", "agency": "thong-ke",
                  "content": digest, "quick_fix": True}  # fmt: skip
        act = tx.append("item.revise", item, fields, forger)
        key = SealKey.fresh(revisions.name_of(tx, item, name))
        readers = revisions.readers(tx, state, "news", "thong-ke", forger.id)
        sealed.put(tx.connection, key, {"content": data}, readers)
    with pytest.raises(Refused) as refused:
        decide.approve(room, house["reviewer"], item, digest=act.digest)
    assert rules(refused) == {"quick-fix"}
    with room.reading(item) as view:
        assert judge_revision(view.record, item, act.digest)


def test_only_an_approved_text_takes_a_quick_fix(house: House) -> None:
    item = house.submitted()
    with pytest.raises(Refused) as refused:
        quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    assert "chain" in rules(refused)


def test_attack_03_whoever_approved_the_text_does_not_mend_it(house: House) -> None:
    """`writer` writes and reviews."""
    item = house.submitted("editor", "statement")
    house.submitted("editor", "statement", language="en", translates=item)
    for who in ("appraiser", "writer", "checker"):
        decide.approve(house.room, house[who], item)
    with pytest.raises(Refused) as refused:
        quick_fix.mend(house.room, house["writer"], item, {"body": SLIP})
    assert rules(refused) == {"author-approves"}


def test_attack_03_nobody_approves_his_own_quick_fix(house: House) -> None:
    item = house.approved()
    done = quick_fix.mend(house.room, house["writer"], item, {"body": SLIP})
    with pytest.raises(Refused) as refused:
        decide.approve(house.room, house["writer"], item, digest=done.digest)
    assert rules(refused) == {"author-approves"}
    decide.approve(house.room, house["reviewer"], item, digest=done.digest)


def test_what_is_public_is_corrected_not_mended(house: House) -> None:
    _, (item,) = house.published()
    with pytest.raises(Refused) as refused:
        quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    assert refused.value.title == "That is a correction"


def test_a_quick_fix_in_the_last_half_minute_is_refused(house: House) -> None:
    item = house.approved()
    release = house.signed(item)
    pass_until(house, release, 29)
    with pytest.raises(Refused) as refused:
        quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    assert rules(refused) == {"late"}


def test_assets_stay_with_a_mended_text(house: House, tmp_path: Path) -> None:
    path = tmp_path / "ghi-chu.txt"
    path.write_text("Ghi chú", "utf-8")
    item = house.draft()
    drafts.attach(house.room, house["editor"], item, path, role="document", alt="Ghi chú")
    revisions.submit(house.room, house["editor"], item)
    decide.approve(house.room, house["reviewer"], item)
    quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    with house.room.reading(item) as view:
        _, current = revisions.find(view, item)
        document = revisions.load(view, house["reviewer"], item)
        (asset,) = document["assets"]
        data = revisions.asset(view, house["reviewer"], item, current.digest, asset["id"])
    assert data == "Ghi chú".encode()


# -- leave out ---------------------------------------------------------------------------------


def test_a_lead_leaves_an_item_out_and_signs_in_one_go(house: House) -> None:
    kept, dropped = house.approved(), house.approved()
    release = house.signed(kept, dropped)
    done = leave_out(house.room, house["lead-1"], release, [dropped])
    assert done.signed is not None
    assert done.signed.signers == ("lead-1",)
    assert not good(house.room, release)
    assert [one.what for one in done.deadline.needed] == ["signatures: 1 of 2"]
    assert done.deadline.needed[0].who == ("lead-2", "writer")
    sign.sign(house.room, house["lead-2"], release)
    assert good(house.room, release)
    with house.room.reading(release) as view:
        assert find(view, release).items == (kept,)


def test_one_language_of_a_pair_is_not_left_out_alone(house: House) -> None:
    vi = statement(house)
    with house.room.reading(vi) as view:
        pair = decide.language_versions(view, vi)
    other = house.approved()
    release = house.signed(*pair, other)
    with pytest.raises(Refused) as refused:
        leave_out(house.room, house["lead-1"], release, [pair[1]])
    assert rules(refused) == {"translation"}
    assert good(house.room, release)  # nothing was changed
    leave_out(house.room, house["lead-1"], release, pair)


def test_the_only_item_is_not_left_out(house: House) -> None:
    item = house.approved()
    release = house.signed(item)
    with pytest.raises(Refused) as refused:
        leave_out(house.room, house["lead-1"], release, [item])
    assert "empty" in rules(refused)
    assert good(house.room, release)


@pytest.mark.parametrize(("left", "refused"), [(31, False), (29.9, True)])
def test_an_item_is_left_out_until_thirty_seconds_before(
    house: House, left: float, refused: bool
) -> None:
    kept, dropped = house.approved(), house.approved()
    release = house.signed(kept, dropped)
    pass_until(house, release, left)
    if not refused:
        leave_out(house.room, house["lead-1"], release, [dropped])
        return
    with pytest.raises(Refused) as late:
        leave_out(house.room, house["lead-1"], release, [dropped])
    assert rules(late) == {"late"}
    assert good(house.room, release)


# -- now, pair, recall -------------------------------------------------------------------------


def test_release_now_moves_confirms_and_signs(house: House) -> None:
    release = house.planned(house.approved(), confirm=False)
    done = bring_forward(house.room, house["lead-1"], release)
    assert 20 <= done.deadline.left <= 21
    assert done.signed is not None
    sign.sign(house.room, house["lead-2"], release)
    assert good(house.room, release)


def test_release_now_of_an_announced_release_needs_a_note(house: House) -> None:
    release = house.signed()
    with pytest.raises(UsageError):
        bring_forward(house.room, house["lead-1"], release)
    done = bring_forward(house.room, house["lead-1"], release, note="Công bố sớm")
    assert done.signed is not None
    assert not good(house.room, release)  # the old sign-off was for another instant


def test_release_now_leaves_everything_as_it_was_when_it_could_not_go_out(house: House) -> None:
    release = house.planned(house.submitted(), confirm=False)
    with house.room.reading(release) as view:
        before = find(view, release).at
    with pytest.raises(Refused) as refused:
        bring_forward(house.room, house["lead-1"], release)
    assert rules(refused) == {"chain"}
    with house.room.reading(release) as view:
        assert (find(view, release).at, find(view, release).confirmed) == (before, False)


def test_a_pair_is_approved_with_one_confirmation(house: House) -> None:
    vi, en = house.pair()
    done = decide.approve_pair(house.room, house["appraiser"], en)
    assert [(d.item, d.step) for d in done] == [(en, "appraise"), (vi, "appraise")]
    with house.room.reading(vi, en) as view:
        assert all(len(view.record.items[i].current.approvals) == 1 for i in (vi, en))
    again = decide.approve_pair(house.room, house["appraiser"], vi)
    assert all(d.already for d in again)


def test_both_of_a_pair_or_none(house: House) -> None:
    """The English text has a reviewer already, so nobody else may take that step there."""
    vi, en = house.pair()
    decide.approve_pair(house.room, house["appraiser"], vi)
    decide.approve(house.room, house["checker"], en, step="review")
    with pytest.raises(Refused):
        decide.approve_pair(house.room, house["reviewer"], vi, step="review")
    with house.room.reading(vi, en) as view:
        assert [a.person for a in view.record.items[vi].current.approvals] == ["appraiser"]


def test_a_text_alone_is_no_pair(house: House) -> None:
    with pytest.raises(Refused) as refused:
        decide.approve_pair(house.room, house["reviewer"], house.submitted())
    assert rules(refused) == {"pair"}


def test_a_recalled_release_takes_the_newest_revisions_when_it_is_signed_again(
    house: House,
) -> None:
    item = house.approved()
    release = house.signed(item)
    done = quick_fix.mend(house.room, house["editor-2"], item, {"body": SLIP})
    decide.approve(house.room, house["reviewer"], item, digest=done.digest)
    plan.recall(house.room, house["lead-1"], release)
    assert not good(house.room, release)
    with pytest.raises(Conflict):
        plan.recall(house.room, house["lead-1"], release)
    for lead in ("lead-1", "lead-2"):
        sign.sign(house.room, house[lead], release)
    assert good(house.room, release)
    with house.room.reading(release) as view:
        signoff = find(view, release).signoff
        assert signoff is not None
        assert [e["revision"] for e in signoff.fields["items"]] == [done.digest]
