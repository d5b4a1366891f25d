"""The record and those who sign: keys in every state, rights that end, roles that were lost."""

from __future__ import annotations

import pytest

from desk.trust.acts import write
from desk.trust.judge import judge

from .house import TIME, House, digest_of, identity, rules


@pytest.mark.parametrize("state", ["rotated", "revoked", "compromised"])
def test_attack_09_an_ended_key_cannot_act_whatever_time_it_states(state: str) -> None:
    house = House()
    revision = house.item("one")
    release = house.plan("r", revision)
    basis = house.record.releases[release].basis
    held = house.hold(release)
    for name in ("writer", "reviewer", "lead-1"):
        house.key_state(name, state)
    early = "2026-11-20T06:00:00Z"
    late = [
        house.revise("one", time=early),
        house.revise("two", time=early),
        house.approval(revision, "review", "reviewer", time=early),
        house.make("item.return", revision.subject, "reviewer", revision=revision.digest,
                   time=early),
        house.make("release.cancel", release, "lead-1", parent=basis, note="x", time=early),
        house.make("release.hold", release, "lead-1", nonce=digest_of("n"), time=early),
        house.make("release.lift", release, "lead-1", hold=held.digest, time=early),
        house.make("item.withdraw", revision.subject, "lead-1", revision=revision.digest,
                   mode="kill", note="x", time=early),
        house.signoff(release, "lead-1"),
    ]  # fmt: skip
    for act in late:
        assert house.void(act), act.kind.name
    assert house.record.items[revision.subject].current.digest == revision.digest


def test_attack_09_what_was_signed_before_a_rotation_keeps_counting() -> None:
    house = House()
    release, _ = house.ready()
    for name in ("writer", "reviewer", "lead-1", "lead-2"):
        house.rotate(name, until="2026-11-20T07:00:00Z")
    assert judge(house.record, release).ok
    assert judge(house.elsewhere(), release).ok


@pytest.mark.parametrize("state", ["revoked", "compromised"])
@pytest.mark.parametrize("who", ["reviewer", "lead-1"])
def test_attack_09_an_approver_or_signer_who_leaves_blocks_the_release(
    who: str, state: str
) -> None:
    house = House()
    release, _ = house.ready()
    house.key_state(who, state)
    assert not judge(house.record, release).ok
    assert not judge(house.elsewhere(), release).ok


def test_attack_09_a_signer_whose_key_expires_before_the_instant_blocks_it() -> None:
    house = House()
    release, _ = house.ready()
    house.key_state("lead-1", "active", until="2026-11-20T07:59:59Z")
    assert "signers" in rules(house, release)


@pytest.mark.parametrize("who", ["writer", "lead-1"])
def test_a_compromised_author_or_planner_voids_what_is_unreleased(who: str) -> None:
    house = House()
    revision = house.item("one")
    house.approve(revision)
    release = house.plan("r", revision, who=who)
    house.good(house.signoff(release, "lead-2", "lead-3"))
    house.key_state(who, "compromised")
    wanted = {"writer": {"author-key", "plan-key"}, "lead-1": {"plan-key"}}[who]
    assert rules(house, release) == wanted
    assert not judge(house.elsewhere(), release).ok


def test_a_signer_can_sign_again_with_a_new_key() -> None:
    house = House()
    release, _ = house.ready()
    document = house.document()
    keys = document["people"]["lead-1"]["keys"]
    keys[0].update(state="compromised", until=TIME)
    second = identity("lead-1 second")
    keys.append({"sign": second.sign_public, "read": second.read_public, "state": "active",
                 "from": TIME})  # fmt: skip
    signed = house.record.releases[release].signoff
    assert signed is not None
    house.roster(document)
    assert "signers" in rules(house, release)
    house.good(write("release.sign", signed.fields, second))
    assert "plan-key" in rules(house, release)  # lead-1 planned it too
    assert "signers" not in rules(house, release)
    # Nor does the old signature, brought back beside a new one, replace the good one.
    house.void(write("release.sign", signed.fields, identity("lead-1")))
    house.good(write("release.sign", signed.fields, identity("lead-1"), identity("lead-3")))
    assert "signers" not in rules(house, release)


# -- roles and agencies ------------------------------------------------------------------------


def test_rights_end_at_the_agency() -> None:
    house = House()
    assert "Not allowed" in house.void(house.revise("one", "writer-2", agency="y-te"))
    revision = house.item("one")
    assert "Not allowed" in house.void(house.approval(revision, "review", "lead-yt"))
    assert "Not allowed" in house.void(house.approval(revision, "check", "reviewer"))
    house.approve(revision)
    release = house.plan("r", revision)
    assert "Not allowed" in house.void(house.signoff(release, "lead-yt"))
    withdrawal = house.make(
        "item.withdraw", revision.subject, "lead-yt", revision=revision.digest, mode="withdraw",
        note="x",
    )  # fmt: skip
    assert "Not allowed" in house.void(withdrawal)
    house.good(house.signoff(release, "lead-1", "lead-yt"))
    assert "signers" in rules(house, release)
    reasons = judge(house.record, release).reasons
    assert {who for reason in reasons for who in reason.who} == {"lead-2", "lead-3"}


def test_a_right_given_later_does_not_make_an_old_act_good() -> None:
    house = House()
    revision = house.item("one")
    house.void(house.approval(revision, "review", "guest"))
    document = house.document()
    document["people"]["guest"]["roles"] = [{"role": "review", "agency": "*"}]
    house.roster(document)
    release = house.plan("r", revision)
    assert "chain" in rules(house, release)


def test_who_lost_the_role_no_longer_counts() -> None:
    house = House()
    release, _ = house.ready()
    document = house.document()
    document["people"]["reviewer"]["roles"] = []
    house.roster(document)
    assert rules(house, release) == {"chain"}
    assert not judge(house.elsewhere(), release).ok


def test_a_publisher_is_no_person_and_a_person_no_publisher() -> None:
    house = House()
    release, revision = house.ready()
    house.void(house.make("release.hold", release, "pub-1", nonce=digest_of("n")))
    forged = house.released(release)
    house.void(
        write("publisher.released", {**forged.fields, "actor": "lead-1"}, identity("lead-1"))
    )
    house.void(write("publisher.released", forged.fields, identity("lead-1")))
    assert house.record.items[revision.subject].public == "none"
