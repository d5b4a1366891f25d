"""The record: which acts change something, and which count for nothing, with the reason."""

from __future__ import annotations

import pytest

from desk.trust import acts
from desk.trust.acts import EVERYTHING, write
from desk.trust.envelope import Envelope
from desk.trust.judge import judge
from desk.trust.roster import root_fingerprint, uid

from .house import AT, House, digest_of, identity, rules

# -- who signed, for what, where ---------------------------------------------------------------


def test_attack_20_the_actor_is_the_one_whose_key_signed() -> None:
    house = House()
    assert "not signed by a key" in house.void(
        house.make("release.hold", EVERYTHING, "lead-1", key="guest", nonce=digest_of("n"))
    )
    assert not house.record.holds


def test_attack_05_an_act_of_another_newsroom_is_refused() -> None:
    house = House()
    revision = house.item("one")
    other = uid("desk-vn", root_fingerprint("desk-vn", {"threshold": 1, "keys": {}}))
    for name in (other, "desk-vn@" + "0" * 32):
        copied = house.approval(revision, "review", "reviewer", newsroom=name)
        assert "Another newsroom" in house.void(copied)


def test_attack_05_an_approval_of_another_item_or_revision_does_not_count() -> None:
    house = House()
    one, two = house.item("one"), house.item("two")
    house.good(house.approval(one, "review", "reviewer"))
    misplaced = house.make(
        "item.approve", two.subject, "reviewer", revision=one.digest, step="review", gates=[],
        roster=1,
    )  # fmt: skip
    assert "No such revision" in house.void(misplaced)
    next_one = house.item("one")
    release = house.plan("r", next_one)
    assert "chain" in rules(house, release)


def test_attack_06_a_hold_is_no_approval_and_a_replay_is_nothing() -> None:
    house = House()
    release, _ = house.ready()
    held = house.hold(release, "reviewer")
    as_approval = Envelope(
        acts.FIELDS["item.approve"].payload_type, held.envelope.payload, held.envelope.signatures
    )
    house.void(as_approval)
    for lead in ("lead-1", "lead-2"):
        house.say("release.lift", release, lead, hold=held.digest)
    assert judge(house.record, release).ok
    assert "Replayed" in house.void(held)
    assert judge(house.record, release).ok


def test_attack_06_older_steps_of_the_plan_do_not_come_back() -> None:
    house = House()
    release, _ = house.ready()
    earlier = [e for e in house.acts if ".release." in e.payload_type]
    state = house.record.releases[release]
    house.say(
        "release.move", release, "lead-1", parent=state.basis, at="2026-11-21T08:00:00Z",
        zone="Asia/Ho_Chi_Minh", wall="2026-11-21T15:00:00", note="Dời lịch",
    )  # fmt: skip
    for envelope in earlier:
        house.void(envelope)
    assert state.at == "2026-11-21T08:00:00Z"
    assert "sign-off" in rules(house, release)


def test_attack_02_the_sign_off_from_before_a_move_does_not_return() -> None:
    """Moved away and back to the same instant: the leads are asked again."""
    house = House()
    release, _ = house.ready()
    signoff = house.record.releases[release].signoff
    assert signoff is not None
    for at in ("2026-11-21T08:00:00Z", AT):
        house.say(
            "release.move", release, "lead-1", parent=house.record.releases[release].basis,
            at=at, zone="Asia/Ho_Chi_Minh", wall=at[:-1], note="Dời lịch",
        )  # fmt: skip
    replayed = write(
        "release.sign", signoff.fields, identity("lead-1"), identity("lead-2"), identity("lead-3")
    )
    assert "Stale" in house.void(replayed)
    assert "sign-off" in rules(house, release)


def test_a_recalled_sign_off_does_not_return() -> None:
    house = House()
    release, _ = house.ready()
    signed = house.record.releases[release].signoff
    assert signed is not None
    house.say(
        "release.recall", release, "lead-2", parent=house.record.releases[release].basis,
        signoff=signed.digest,
    )  # fmt: skip
    assert "Stale" in house.void(write("release.sign", signed.fields, identity("lead-3")))
    assert not judge(house.record, release).ok
    house.good(house.signoff(release))
    assert judge(house.record, release).ok


def test_a_second_signature_by_another_key_does_not_cast_doubt_on_an_act() -> None:
    house = House()
    act = house.make("release.hold", EVERYTHING, "guest", nonce=digest_of("n"))
    both = act.envelope.signed_also_by(house.people["lead-1"])
    assert "one signature" in house.void(both)
    house.good(act)


# -- what a publisher may say ------------------------------------------------------------------


def test_attack_03_a_publisher_cannot_free_an_author_by_saying_it_was_released() -> None:
    """`writer-2` may review. After a release of his revision he may review the next one's; a
    publisher's word that it went out is not enough for that."""
    house = House()
    first = house.item("one", "writer-2")
    release = house.plan("r", first)
    house.void(house.make("publisher.released", release, "pub-1", signoff=digest_of("none"),
                          channel="portal", address=digest_of("a"), opened_ms=1,
                          revisions=[first.digest]))  # fmt: skip
    unsigned = house.signoff(release, "lead-1")
    house.good(unsigned)
    assert "too few" in house.void(house.released(release))
    second = house.item("one", "writer")
    house.good(house.approval(second, "review", "writer-2"))
    assert house.record.items[second.subject].authors(second.digest) == {"writer", "writer-2"}
    assert "author-approves" in rules(house, house.plan("r2", second))


def test_a_publisher_can_only_say_what_was_signed() -> None:
    house = House()
    release, revision = house.ready()
    other = house.item("other")
    assert house.void(house.released(release, revisions=[other.digest]))
    assert house.void(house.released(release, channel="elsewhere"))
    assert house.void(house.released(release, signoff=digest_of("x")))
    house.good(house.released(release))
    item = house.record.items[revision.subject]
    assert item.public == "live"
    assert item.authors(house.item("sao-mai", "lead-3").digest) == {"lead-3"}


# -- holds -------------------------------------------------------------------------------------


def test_a_hold_takes_one_of_anybody_and_lifting_two_leads() -> None:
    house = House()
    release, _ = house.ready()
    for subject in (release, EVERYTHING):
        held = house.hold(subject, "guest")
        assert rules(house, release) == {"held"}
        assert house.void(house.make("release.lift", subject, "writer", hold=held.digest))
        house.say("release.lift", subject, "lead-1", hold=held.digest)
        house.say("release.lift", subject, "lead-1", hold=held.digest, time="2026-11-20T07:00:01Z")
        assert rules(house, release) == {"held"}
        house.say("release.lift", subject, "lead-2", hold=held.digest)
        assert judge(house.record, release).ok


def test_a_lift_of_one_hold_lifts_no_other() -> None:
    house = House()
    release, _ = house.ready()
    first, second = house.hold(release), house.hold(release)
    for lead in ("lead-1", "lead-2"):
        house.say("release.lift", release, lead, hold=first.digest)
    assert house.void(house.make("release.lift", EVERYTHING, "lead-1", hold=second.digest))
    assert [h.digest for h in house.record.active_holds(release)] == [second.digest]


@pytest.mark.parametrize("state", ["revoked", "compromised"])
def test_a_hold_is_back_when_who_lifted_it_no_longer_counts(state: str) -> None:
    house = House()
    release, _ = house.ready()
    held = house.hold(release)
    for lead in ("lead-3", "lead-2"):
        house.say("release.lift", release, lead, hold=held.digest)
    house.key_state("lead-3", state)
    assert rules(house, release) == {"held"}
    house.say("release.lift", release, "lead-1", hold=held.digest)
    assert judge(house.record, release).ok


# -- several manifests on one plan -------------------------------------------------------------


def test_nobody_alone_displaces_what_a_quorum_has_signed() -> None:
    house = House()
    release, revision = house.ready()
    signed = house.record.releases[release].signoff
    assert signed is not None
    house.item("sao-mai")  # a newer draft changes nothing
    assert house.void(house.signoff(release, "writer"))
    house.good(house.signoff(release, "lead-3"))
    verdict = judge(house.record, release)
    assert verdict.ok
    assert verdict.signoff == signed.digest
    assert signed.fields["items"][0]["revision"] == revision.digest


def test_a_lead_stands_behind_one_manifest_and_not_again_behind_an_older_one() -> None:
    house = House()
    release, _ = house.ready()
    old = house.record.releases[release].signoff
    assert old is not None
    newer = house.item("sao-mai")
    house.approve(newer)
    house.good(house.signoff(release, "lead-1", "lead-2"))
    new = house.record.releases[release].signoff
    assert new is not None
    assert new.fields["items"][0]["revision"] == newer.digest
    # Anybody can put the old signatures together with one more.
    again = write("release.sign", old.fields, identity("lead-1"), identity("lead-2"),
                  identity("lead-3"))  # fmt: skip
    house.put(again.envelope)
    verdict = judge(house.record, release)
    assert verdict.ok
    assert verdict.signoff == new.digest
