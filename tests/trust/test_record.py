"""The record: which acts change something, and which count for nothing, with the reason."""

from __future__ import annotations

import copy

import pytest

from desk.errors import TrustError
from desk.trust import acts
from desk.trust.acts import EVERYTHING, PREFIX, write
from desk.trust.canonical import canonical
from desk.trust.envelope import Envelope, sign
from desk.trust.judge import judge
from desk.trust.log import Head, checkpoint
from desk.trust.record import Record, Stopped
from desk.trust.roster import root_fingerprint, uid

from .house import AT, PIN, TIME, UID, House, digest_of, ident, identity


def rules(house: House, release: str) -> set[str]:
    return {reason.rule for reason in judge(house.record, release).reasons}


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


# -- keys in every state -----------------------------------------------------------------------


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


# -- what is not understood --------------------------------------------------------------------


def unknown(*signers: str, kind: str = PREFIX + "item.approve.v2+json", **fields: str) -> Envelope:
    value = {"newsroom": UID, "kind": "item.approve", "subject": "x"} | fields
    return sign(kind, value, *(identity(name) for name in signers))


def test_attack_34_an_unknown_kind_by_one_of_us_stops_everything() -> None:
    for who in ("reviewer", "pub-1", "admin-1"):
        with pytest.raises(Stopped):
            House().put(unknown(who))


def test_attack_34_an_unknown_kind_by_others_stops_nothing() -> None:
    house = House()
    house.key_state("guest", "compromised")
    house.void(unknown())
    house.void(unknown("stranger"))
    house.void(unknown("guest"))
    house.void(unknown("reviewer", newsroom="desk-xx@" + "0" * 32))
    house.void(checkpoint(UID, Head(), TIME, identity("pub-1")))
    house.void(unknown("pub-1", kind="application/vnd.desk.portal.stage.v1+json"))


@pytest.mark.parametrize(
    "data",
    [b"", b"{}", b"null", b"[" * 5000, b'{"payload":"","payloadType":"x","signatures":[]}',
     b"\xff" * 10],
)  # fmt: skip
def test_attack_34_noise_from_the_database_changes_nothing(data: bytes) -> None:
    house = House()
    before = copy.deepcopy(house.record.roster)
    assert house.record.apply(data).void
    assert house.record.roster == before


def test_attack_34_acts_before_any_roster_count_for_nothing() -> None:
    house = House()
    house.ready()
    record = Record(PIN)
    for envelope in house.acts[1:]:
        assert record.apply(envelope).void
    assert not record.releases


def test_attack_34_reordered_acts_never_make_a_release_good_that_was_not() -> None:
    """The same acts backwards, and each one left out: refused, or the same manifest."""
    house = House()
    release, _ = house.ready("one", "statement")
    verdict = judge(house.record, release)
    assert verdict.ok
    rest = house.acts[2:]
    for order in (rest[::-1], rest[1:] + rest[:1]):
        record = Record.from_acts(PIN, [*house.acts[:2], *order])
        assert not judge(record, release).ok
    for left_out in range(len(rest)):
        record = Record.from_acts(PIN, [*house.acts[:2], *rest[:left_out], *rest[left_out + 1 :]])
        assert not judge(record, release).ok


# -- malformed acts ----------------------------------------------------------------------------

BAD_FIELDS = {
    "a date that does not exist": {"at": "2026-02-30T08:00:00Z"},
    "an instant after the last year": {"at": "9999-12-31T23:59:59Z"},
    "digits of another script": {"at": "٢٠٢٦-11-20T08:00:00Z"},
    "a channel twice": {"channels": ["portal", "portal"]},
    "channels as text": {"channels": "portal"},
    "a channel as a list": {"channels": [["portal"]]},
    "an item twice": {"items": [ident("i", "a"), ident("i", "a")]},
    "an item with a capital": {"items": [ident("i", "a").upper()]},
    "an item with i, l, o or u": {"items": ["i-ilouilouil"]},
    "a line end in an id": {"slot": "morning\n"},
    "an empty code": {"code": ""},
    "a long code": {"code": "x" * 61},
    "a code that is true": {"code": True},
    "a field more": {"more": 1},
    "a fold of its own": {"fold": "whatever"},
    "the kind of another act": {"kind": "release.edit"},
}


@pytest.mark.parametrize("changes", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_attack_10_a_malformed_act_counts_for_nothing(changes: dict[str, object]) -> None:
    house = House()
    value = {
        "newsroom": UID, "kind": "release.plan", "subject": ident("r", "one"), "actor": "lead-1",
        "time": TIME, "at": AT, "zone": "UTC", "wall": AT[:-1], "code": "x", "channels": ["portal"],
        "items": [],
    } | changes  # fmt: skip
    kind = acts.FIELDS["release.plan"].payload_type
    house.void(sign(kind, value, identity("lead-1")))
    assert not house.record.releases


@pytest.mark.parametrize("number", [True, "1", -1, [1]])
def test_attack_10_a_number_is_a_number(number: object) -> None:
    house = House()
    with pytest.raises(TrustError):
        house.make("item.revise", ident("i", "a"), "writer", revision=ident("v", "a", 16),
                   number=number, language="vi", item_kind="news", agency="thong-ke",
                   content=digest_of("c"))  # fmt: skip


def test_an_act_of_millions_of_bytes_is_refused_before_it_is_read() -> None:
    payload = canonical({"newsroom": UID, "reason": "x" * 200_000})
    kind = acts.FIELDS["release.hold"].payload_type
    with pytest.raises(TrustError, match="too large"):
        acts.read(Envelope(kind, payload, ()))


def test_every_kind_has_a_handler_and_a_payload_type_of_its_own() -> None:
    assert len({kind.payload_type for kind in acts.FIELDS.values()}) == len(acts.FIELDS)
    house = House()
    for name, kind in acts.FIELDS.items():
        house.record.apply(Envelope(kind.payload_type, canonical({"kind": name}), ()))


def test_attack_29_why_an_act_is_void_can_always_be_written_down() -> None:
    """Half a character in a duplicate key: the reason goes into journals and reports."""
    house = House()
    doubled = b'{"\\ud800":1,"\\ud800":2}'
    for data in (
        doubled,
        Envelope(acts.FIELDS["release.hold"].payload_type, doubled, ()).to_json(),
    ):
        applied = house.record.apply(data)
        assert applied.void.startswith("Duplicate key")
        assert applied.void.encode()
