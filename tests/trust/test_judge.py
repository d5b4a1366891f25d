"""The judge: which releases may go out, why not, and who could still act."""

from __future__ import annotations

from typing import Any

import pytest

from desk.errors import Refused
from desk.trust.judge import judge, judge_revision, release_state, steps_of
from desk.trust.permission import may_approve
from desk.trust.record import Record
from desk.trust.roster import root_fingerprint

from .house import GATES, PIN, House, digest_of, ident, policy_document


def rules(house: House, release: str) -> set[str]:
    return {reason.rule for reason in judge(house.record, release).reasons}


@pytest.mark.parametrize("kind", ["news", "statement"])
def test_a_release_with_all_its_people_may_go_out(kind: str) -> None:
    house = House()
    release, _ = house.ready(kind=kind)
    verdict = judge(house.record, release)
    assert verdict.ok
    assert verdict.signers == ("lead-1", "lead-2")
    assert judge(house.elsewhere(), release) == verdict
    assert release_state(house.record, release) == "signed"


def test_nothing_goes_out_before_anything_is_adopted() -> None:
    assert not judge(Record(root_fingerprint("x", {})), ident("r", "x")).ok
    house = House()
    release, _ = house.ready()
    without = Record.from_acts(PIN, [house.acts[0], *house.acts[2:]])
    assert not judge(without, release).ok


# -- authors -----------------------------------------------------------------------------------


def test_attack_03_authors_never_count() -> None:
    """Who fixed a comma earlier is an author of every revision until the next release."""
    house = House()
    house.item("one", "writer-2")
    revision = house.item("one", "writer")
    house.good(house.approval(revision, "review", "writer-2"))
    reasons = judge_revision(house.record, revision.subject, revision.digest)
    assert [reason.rule for reason in reasons] == ["author-approves"]
    assert set(reasons[0].who) == {"reviewer"}
    with pytest.raises(Refused):
        may_approve(house.record, revision.subject, revision.digest, "writer-2", "review")


def test_attack_03_an_author_who_leads_does_not_count_as_signer() -> None:
    house = House()
    revision = house.item("one", "lead-3")
    house.approve(revision)
    release = house.plan("r", revision)
    house.good(house.signoff(release, "lead-1", "lead-3"))
    assert rules(house, release) == {"author-signs", "signers"}
    assert not judge(house.elsewhere(), release).ok
    house.good(house.signoff(release, "lead-2"))
    assert judge(house.record, release).ok


def test_attack_04_one_person_does_not_take_two_steps() -> None:
    house = House()
    document = house.document()
    document["people"]["reviewer"]["roles"].append({"role": "check", "agency": "*"})
    house.roster(document)
    revision = house.item("one", item_kind="statement")
    for step, who in {"appraise": "appraiser", "review": "reviewer", "check": "reviewer"}.items():
        house.good(house.approval(revision, step, who))
    release = house.plan("r", revision)
    assert "chain" in rules(house, release)
    item = house.record.items[revision.subject]
    states = steps_of(house.record, item, item.current)
    assert [s.step for s in states if s.approval is None] == ["check"]
    assert set(states[2].who) == {"checker", "lead-1"}


def test_whoever_can_be_placed_is_placed() -> None:
    """`reviewer` took both review and check; `writer-2` review only: then both steps are filled."""
    house = House()
    document = house.document()
    document["people"]["reviewer"]["roles"].append({"role": "check", "agency": "*"})
    house.roster(document)
    revision = house.item("one", item_kind="statement")
    for step, who in [("appraise", "appraiser"), ("review", "reviewer"), ("check", "reviewer"),
                      ("review", "writer-2")]:  # fmt: skip
        house.good(house.approval(revision, step, who))
    assert not judge_revision(house.record, revision.subject, revision.digest)


def test_many_approvals_of_few_steps_are_judged_at_once() -> None:
    """Sixty people approve the same two of three steps: no way exists, and that is seen quickly."""
    house = House()
    revision = house.item("one", item_kind="statement")
    item = house.record.items[revision.subject]
    document = house.document()
    from .house import identity, key_entry

    for number in range(60):
        name = f"extra-{number}"
        house.people[name] = identity(name)
        document["people"][name] = {
            "name": name,
            "roles": [{"role": r, "agency": "*"} for r in ("appraise", "review")],
            "keys": [key_entry(name)],
        }
    house.roster(document)
    for number in range(60):
        for step in ("appraise", "review"):
            house.good(house.approval(revision, step, f"extra-{number}"))
    states = steps_of(house.record, item, item.current)
    assert [s.step for s in states if s.approval is None] == ["check"]


# -- gates -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "gates",
    [
        [],
        [GATES[0] | {"outcome": "fail"}],
        [GATES[0] | {"id": "summary"}],
        [GATES[0] | {"outcome": "fail"}, GATES[0]],
        [GATES[0], GATES[0] | {"outcome": "fail"}],
    ],
    ids=["none", "failed", "another", "failed, then passed", "passed, then failed"],
)
def test_an_approval_without_its_gates_does_not_count(gates: list[dict[str, Any]]) -> None:
    house = House()
    revision = house.item("one", item_kind="statement")
    for step, who in {"appraise": "appraiser", "review": "reviewer", "check": "checker"}.items():
        given = gates if step == "check" else GATES
        house.good(house.approval(revision, step, who, gates=given))
    assert judge_revision(house.record, revision.subject, revision.digest)


# -- manifests ---------------------------------------------------------------------------------

OTHER = {
    "another instant": {"at": "2026-11-20T07:59:59Z"},
    "a later end": {"not_after": "2026-11-21T08:00:00Z"},
    "a longer window": {"publish_within": 901},
    "fewer channels": {"channels": ["portal"]},
    "no channels": {"channels": []},
    "another policy": {"policy": digest_of("policy")},
    "another zone": {"zone": "UTC"},
    "no items": {"items": []},
}


@pytest.mark.parametrize("changes", OTHER.values(), ids=OTHER)
def test_attack_02_a_manifest_that_is_not_the_plan_does_not_go_out(
    changes: dict[str, Any],
) -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("r", revision)
    house.put(house.signoff(release, **changes).envelope)
    assert not judge(house.record, release).ok
    assert not judge(house.elsewhere(), release).ok


def test_attack_05_a_manifest_names_each_item_once_in_its_language_and_revision() -> None:
    house = House()
    one, two = house.item("one"), house.item("two")
    for revision in (one, two):
        house.approve(revision)
    release = house.plan("r", one)
    entry = {"item": one.subject, "revision": one.digest, "language": "vi"}
    for entries in (
        [entry, entry],
        [entry, {"item": two.subject, "revision": two.digest, "language": "vi"}],
        [entry | {"language": "en"}],
        [entry | {"revision": two.digest}],
        [entry | {"revision": digest_of("none")}],
        [{"item": two.subject, "revision": two.digest, "language": "vi"}],
    ):
        house.put(house.signoff(release, items=entries).envelope)
        assert not judge(house.record, release).ok


def test_attack_13_a_change_of_the_rules_asks_the_signers_again() -> None:
    house = House()
    release, _ = house.ready()
    document = policy_document()
    document["channels"]["portal"]["url"] = "http://127.0.0.1:9"
    house.policy(document)
    assert rules(house, release) == {"policy"}
    house.good(house.signoff(release))
    assert judge(house.record, release).ok


def test_attack_13_a_kind_or_channel_taken_away_stops_what_needs_it() -> None:
    for part, name in (("kinds", "news"), ("channels", "press")):
        house = House()
        release, _ = house.ready()
        document = policy_document()
        del document[part][name]
        house.policy(document)
        assert not judge(house.record, release).ok


def test_attack_12_what_was_returned_or_withdrawn_stays_away() -> None:
    for kind, who, fields in (
        ("item.return", "reviewer", {}),
        ("item.withdraw", "lead-1", {"mode": "kill", "note": "x"}),
    ):
        house = House()
        release, revision = house.ready()
        house.say(kind, revision.subject, who, revision=revision.digest, **fields)
        assert not judge(house.record, release).ok
        assert not judge(house.elsewhere(), release).ok


def test_a_release_missed_unsigned_says_that_its_time_is_over_not_only_who_could_sign() -> None:
    house = House()
    release = house.plan("r", house.item("one"))
    house.say("publisher.missed", release, "pub-1", signoff=house.record.releases[release].basis,
              code="sign-off")  # fmt: skip
    assert release_state(house.record, release) == "missed"
    found = {reason.rule: reason for reason in judge(house.record, release).reasons}
    assert {"missed", "sign-off"} <= set(found)
    assert found["missed"].who == house.record.roster.holders("lead")  # type: ignore[union-attr]


def test_a_missed_release_needs_a_new_instant() -> None:
    house = House()
    release, _ = house.ready()
    signoff = house.record.releases[release].signoff
    assert signoff is not None
    house.say("publisher.missed", release, "pub-1", signoff=signoff.digest, code="not-staged")
    assert rules(house, release) == {"missed"}
    assert release_state(house.record, release) == "missed"


def test_every_refusal_names_a_rule_and_says_something() -> None:
    house = House()
    revision = house.item("one", item_kind="statement")
    release = house.plan("r", revision)
    for reason in judge(house.record, release).reasons:
        assert reason.rule
        assert reason.text
    assert not judge(house.record, release).signable
