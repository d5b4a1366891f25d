"""A quick fix borrows the chain of what it mends, and nothing more than that."""

from __future__ import annotations

import pytest

from desk.errors import Refused
from desk.trust.acts import Act
from desk.trust.approval import MOST_QUICK_FIXES, QUICK_FIX_GATE
from desk.trust.judge import judge, judge_revision, steps_of
from desk.trust.permission import may_approve

from .house import GATES, TIME, House, digest_of, ident, policy_document

FIXED = [*GATES, {"id": QUICK_FIX_GATE, "version": 1, "outcome": "pass",
                  "input": digest_of("both texts")}]  # fmt: skip


def fix(house: House, revision: Act, who: str = "writer-2") -> Act:
    """A quick fix of the newest revision, in the log."""
    name = next(n for n in ("one", "two", "sao-mai") if _is(n, revision))
    return house.good(house.revise(name, who, quick_fix=True))


def _is(name: str, revision: Act) -> bool:
    return ident("i", name) == revision.subject


def approved(house: House, name: str = "one") -> Act:
    """A statement that passed its whole chain."""
    revision = house.item(name, item_kind="statement")
    house.approve(revision)
    return revision


def rules(house: House, revision: Act) -> set[str]:
    """What speaks against it, in the log and where the roster is pinned from elsewhere."""
    here = judge_revision(house.record, revision.subject, revision.digest)
    there = judge_revision(house.elsewhere(), revision.subject, revision.digest)
    assert {r.rule for r in here} == {r.rule for r in there}
    return {reason.rule for reason in here}


def test_one_approval_of_the_last_step_is_enough() -> None:
    house = House()
    mended = fix(house, approved(house))
    assert rules(house, mended) == {"chain"}
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    assert rules(house, mended) == set()
    item = house.record.items[mended.subject]
    steps = steps_of(house.record, item, item.current)
    done = [step.approval.person for step in steps if step.approval]
    assert done == ["appraiser", "reviewer", "checker"]


def test_a_release_of_it_may_go_out() -> None:
    house = House()
    mended = fix(house, approved(house))
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    release = house.plan("sao-mai", mended)
    house.good(house.signoff(release))
    assert judge(house.record, release).ok
    assert judge(house.elsewhere(), release).ok


@pytest.mark.parametrize("gates", [GATES, [*GATES, FIXED[-1] | {"outcome": "fail"}], FIXED[-1:]],
                         ids=["missing", "failed", "the others missing"])  # fmt: skip
def test_an_approval_without_the_gate_counts_for_nothing(gates: list[dict[str, object]]) -> None:
    house = House()
    mended = fix(house, approved(house))
    house.good(house.approval(mended, "check", "checker", gates=gates))
    assert rules(house, mended) == {"chain"}


def test_attack_03_a_quick_fix_of_what_nobody_approved_is_refused() -> None:
    house = House()
    revision = house.item("one", item_kind="statement")
    house.good(house.approval(revision, "appraise", "appraiser"))
    house.good(house.approval(revision, "review", "reviewer"))
    mended = fix(house, revision)
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    assert QUICK_FIX_GATE in rules(house, mended)
    with pytest.raises(Refused) as refused:
        may_approve(house.record, mended.subject, mended.digest, "lead-1", "check")
    assert {r.rule for r in refused.value.reasons} == {QUICK_FIX_GATE}


def test_attack_03_nobody_approves_a_fix_of_his_own() -> None:
    """writer-2 reviews, too: having fixed it, neither his old approval nor a new one counts."""
    house = House()
    revision = house.item("one", item_kind="statement")
    for step, who in (("appraise", "appraiser"), ("review", "writer-2"), ("check", "checker")):
        house.good(house.approval(revision, step, who))
    assert rules(house, revision) == set()
    mended = fix(house, revision, "writer-2")
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    assert "author-approves" in rules(house, mended)


def test_attack_03_the_author_of_the_text_approves_no_fix_of_it() -> None:
    house = House()
    document = house.document()
    document["people"]["writer"]["roles"].append({"role": "check", "agency": "*"})
    house.roster(document)
    mended = fix(house, approved(house), "writer-2")
    house.good(house.approval(mended, "check", "writer", gates=FIXED))
    assert rules(house, mended) == {"author-approves"}


def test_a_quick_fix_of_a_quick_fix_counts_the_authors_of_both() -> None:
    house = House()
    first = fix(house, approved(house), "writer-2")
    house.good(house.approval(first, "check", "checker", gates=FIXED))
    second = fix(house, first, "lead-3")
    house.good(house.approval(second, "check", "checker", gates=FIXED))
    item = house.record.items[second.subject]
    assert item.authors(second.digest) == {"writer", "writer-2", "lead-3"}
    assert rules(house, second) == set()
    release = house.plan("sao-mai", second)
    house.good(house.signoff(release, "lead-1", "lead-3"))
    assert "author-signs" in {r.rule for r in judge(house.record, release).reasons}


def test_small_changes_may_not_add_up_without_end() -> None:
    house = House()
    revision = approved(house)
    for _ in range(MOST_QUICK_FIXES):
        revision = fix(house, revision)
        house.good(house.approval(revision, "check", "checker", gates=FIXED))
        assert rules(house, revision) == set()
    revision = fix(house, revision)
    house.good(house.approval(revision, "check", "checker", gates=FIXED))
    assert rules(house, revision) == {QUICK_FIX_GATE}


def test_thousands_of_them_are_judged_without_a_deep_call() -> None:
    house = House()
    revision = approved(house)
    for _ in range(1100):
        revision = fix(house, revision)
    assert QUICK_FIX_GATE in rules(house, revision)


def test_what_mends_a_public_text_is_a_correction_and_takes_the_whole_chain() -> None:
    house = House()
    release, revision = house.ready(kind="statement")
    house.good(house.released(release))
    mended = fix(house, revision)
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    assert QUICK_FIX_GATE in rules(house, mended)


def test_a_text_returned_after_it_was_mended_takes_the_fix_with_it() -> None:
    house = House()
    revision = approved(house)
    mended = fix(house, revision)
    house.good(house.approval(mended, "check", "checker", gates=FIXED))
    house.say("item.return", revision.subject, "reviewer", revision=revision.digest)
    assert QUICK_FIX_GATE in rules(house, mended)


def test_attack_09_a_compromised_key_below_a_fix_stops_it() -> None:
    for person in ("writer", "appraiser"):
        house = House()
        mended = fix(house, approved(house))
        house.good(house.approval(mended, "check", "checker", gates=FIXED))
        house.key_state(person, "compromised")
        assert rules(house, mended)


def test_each_step_needs_another_person_across_both() -> None:
    """lead-1 checks; a reviewer of the text may not also be the one who checks the fix."""
    house = House()
    document = house.document()
    document["people"]["reviewer"]["roles"].append({"role": "check", "agency": "*"})
    house.roster(document)
    mended = fix(house, approved(house))
    house.good(house.approval(mended, "check", "reviewer", gates=FIXED))
    assert rules(house, mended) == {"chain"}


def test_only_the_last_step_is_asked() -> None:
    house = House()
    mended = fix(house, approved(house))
    with pytest.raises(Refused):
        may_approve(house.record, mended.subject, mended.digest, "reviewer", "review")
    may_approve(house.record, mended.subject, mended.digest, "checker", "check")
    house.good(house.approval(mended, "review", "reviewer", gates=FIXED))
    assert rules(house, mended) == {"chain"}


def test_a_first_revision_mends_nothing() -> None:
    house = House()
    assert "quick fix" in house.void(house.revise("one", quick_fix=True))


# -- restoring ---------------------------------------------------------------------------------


def taken_down(house: House, mode: str = "takedown") -> tuple[Act, Act]:
    """A public revision and the act that took it down."""
    release, revision = house.ready()
    house.good(house.released(release))
    away = house.say(
        "item.withdraw", revision.subject, "lead-1", revision=revision.digest, mode=mode, note="x"
    )
    return revision, away


def restore(house: House, revision: Act, away: Act, who: str) -> Act:
    return house.make(
        "item.restore", revision.subject, who, revision=revision.digest, withdrawal=away.digest
    )


def down(house: House, revision: Act) -> str:
    found = {record.items[revision.subject].revisions[revision.digest].withdrawn
             for record in (house.record, house.elsewhere())}  # fmt: skip
    assert len(found) == 1
    return found.pop()


def test_a_takedown_is_lifted_by_two() -> None:
    house = House()
    revision, away = taken_down(house)
    assert down(house, revision) == "takedown"
    house.good(restore(house, revision, away, "lead-1"))
    assert down(house, revision) == "takedown"
    assert house.void(restore(house, revision, away, "lead-1"))  # once more the same
    assert down(house, revision) == "takedown"
    house.good(restore(house, revision, away, "lead-2"))
    assert down(house, revision) == ""
    assert house.record.items[revision.subject].public == "live"


@pytest.mark.parametrize("mode", ["withdraw", "kill"])
def test_what_was_withdrawn_for_good_stays_away(mode: str) -> None:
    house = House()
    revision, away = taken_down(house, mode)
    assert "for a time" in house.void(restore(house, revision, away, "lead-1"))
    weaker = house.make("item.withdraw", revision.subject, "lead-2", revision=revision.digest,
                        mode="takedown", note="x")  # fmt: skip
    assert "for good" in house.void(weaker)
    assert down(house, revision) == mode


def test_attack_06_an_old_restore_does_not_lift_the_next_takedown() -> None:
    house = House()
    revision, away = taken_down(house)
    olds = [house.good(restore(house, revision, away, who)) for who in ("lead-1", "lead-2")]
    house.say("item.withdraw", revision.subject, "lead-2", revision=revision.digest,
              mode="takedown", note="y", parent=away.digest)  # fmt: skip
    for old in olds:
        assert house.void(old)
    assert down(house, revision) == "takedown"


def test_a_restore_begun_before_another_takedown_begins_anew() -> None:
    house = House()
    revision, away = taken_down(house)
    house.good(restore(house, revision, away, "lead-1"))
    again = house.say("item.withdraw", revision.subject, "lead-2", revision=revision.digest,
                      mode="takedown", note="y")  # fmt: skip
    assert house.void(restore(house, revision, away, "lead-2"))
    house.good(restore(house, revision, again, "lead-2"))
    assert down(house, revision) == "takedown"


@pytest.mark.parametrize("who", ["writer", "reviewer", "guest", "lead-yt"])
def test_only_a_role_that_may_withdraw_for_that_agency_restores(who: str) -> None:
    house = House()
    revision, away = taken_down(house)
    house.void(restore(house, revision, away, who))
    house.good(restore(house, revision, away, "lead-1"))
    assert down(house, revision) == "takedown"


def test_attack_09_a_restore_by_somebody_who_has_left_no_longer_counts() -> None:
    house = House()
    revision, away = taken_down(house)
    house.good(restore(house, revision, away, "lead-1"))
    house.key_state("lead-1", "revoked", TIME)
    house.good(restore(house, revision, away, "lead-2"))
    assert down(house, revision) == "takedown"
    house.good(restore(house, revision, away, "lead-3"))
    assert down(house, revision) == ""


# -- corrections of one language ---------------------------------------------------------------


def test_a_correction_of_one_language_does_not_wait_for_the_other() -> None:
    """The other one is public and may be right; a first release needs both."""
    document = policy_document()
    document["kinds"]["news"] |= {"gates": ["translation"], "languages": ["vi", "en"]}
    house = House(kinds=document["kinds"])
    gates = [{**GATES[0], "id": "translation"}]
    message = ident("m", "pair")
    pair = [
        house.item(name, message=message, language=language)
        for name, language in (("one", "vi"), ("two", "en"))
    ]
    for revision in pair:
        house.good(house.approval(revision, "review", "reviewer", gates=gates))
    alone = house.plan("alone", pair[0])
    house.good(house.signoff(alone))
    assert {r.rule for r in judge(house.record, alone).reasons} == {"translation"}
    both = house.plan("both", *pair)
    house.good(house.signoff(both))
    assert judge(house.record, both).ok
    house.good(house.released(both))
    corrected = house.item("one", message=message)
    house.good(house.approval(corrected, "review", "reviewer", gates=gates))
    later = house.plan("later", corrected)
    house.good(house.signoff(later))
    assert judge(house.record, later).ok
    assert judge(house.elsewhere(), later).ok
