"""Grants and triggers on acts alone: who may open what, when, how often."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.trust.acts import Act, write
from desk.trust.envelope import Envelope
from desk.trust.judge import judge, manifest, release_state
from desk.trust.log import Head, next_entry
from desk.trust.record import Record

from .house import AT, PIN, TIME, UID, WALL, ZONE, House, digest_of, identity

UNTIL = "2026-11-20T10:00:00Z"
INSIDE = "2026-11-20T09:00:00Z"


class Granted(House):
    """A house with one release that is granted to a script and signed by two leads."""

    def __init__(self) -> None:
        super().__init__()
        self.people["script"] = identity("script")
        revision = self.item("gdp")
        self.approve(revision)
        self.release = self.plan("gdp", revision)
        self.grant = self.good(self.granting())
        self.good(self.signoff(self.release))

    def granting(self, who: str = "lead-1", **changes: Any) -> Act:
        fields = {
            "newsroom": UID, "subject": self.release, "actor": who, "time": TIME,
            "parent": self.record.releases[self.release].basis, "at": AT, "zone": ZONE,
            "wall": WALL, "until": UNTIL, "script": "gdp", "once": True,
            "key": identity("script").sign_public,
        }  # fmt: skip
        return write("release.grant", fields | changes, self.people[who])

    def trigger(self, key: str = "script", **changes: Any) -> Act:
        state = self.record.releases[self.release]
        fields = {
            "newsroom": UID, "subject": self.release, "time": INSIDE,
            "grant": self.grant.digest,
            "signoff": state.signoff.digest if state.signoff else digest_of("none"),
        }  # fmt: skip
        return write("release.trigger", fields | changes, identity(key))

    @property
    def open(self) -> bool:
        verdict = judge(self.record, self.release)
        return verdict.ok and not verdict.waits


def rules(house: House, release: str) -> set[str]:
    return {reason.rule for reason in judge(house.record, release).reasons}


def test_attack_21_staged_but_not_open_until_the_script_says_so() -> None:
    house = Granted()
    verdict = judge(house.record, house.release)
    assert verdict.ok
    assert verdict.waits
    fields = house.record.releases[house.release].signoff.fields  # type: ignore[union-attr]
    assert fields["not_after"] == UNTIL
    assert fields["trigger"]["key"] == identity("script").sign_public
    assert judge(house.elsewhere(), house.release).waits
    house.good(house.trigger())
    assert house.open
    assert release_state(house.record, house.release) == "signed"


def test_attack_21_once_and_no_second_sign_off_on_it() -> None:
    house = Granted()
    house.good(house.trigger())
    assert house.void(house.trigger(time="2026-11-20T09:00:01Z")).startswith("Triggered already")
    assert house.void(house.trigger()).startswith("Replayed")
    house.approve(house.item("gdp"))  # newer, approved, signed anew: the grant is used up
    house.good(house.signoff(house.release))
    assert "grant" in rules(house, house.release)
    assert house.void(house.trigger(time="2026-11-20T09:00:02Z")).startswith("Triggered already")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"time": "2026-11-20T07:59:59Z"}, "Too early"),
        ({"time": "2026-11-20T10:00:01Z"}, "Too late"),
        ({"grant": digest_of("another")}, "Not granted"),
        ({"signoff": digest_of("another")}, "Stale"),
        ({"subject": "r-0000000000"}, "No such release"),
        ({"newsroom": f"other@{'0' * 32}"}, "Another newsroom"),
        ({"key": "lead-1"}, "Unsigned"),
        ({"key": "writer"}, "Unsigned"),
    ],
)
def test_attack_21_nothing_but_what_was_granted(changes: dict[str, Any], why: str) -> None:
    house = Granted()
    assert house.void(house.trigger(**changes)).startswith(why)
    assert not house.open


@pytest.mark.parametrize("edge", [AT, UNTIL])
def test_the_first_and_the_last_instant_belong_to_the_window(edge: str) -> None:
    house = Granted()
    house.good(house.trigger(time=edge))
    assert house.open


def test_attack_21_the_scripts_key_signs_nothing_else() -> None:
    house = Granted()
    item = house.record.releases[house.release].items[0]
    revision = house.record.items[item].latest
    for who in ("script", "lead-1", "reviewer"):
        for kind, subject, fields in (
            ("release.hold", house.release, {"nonce": digest_of("n")}),
            ("item.approve", item, {"revision": revision, "step": "review", "gates": [],
                                    "roster": 1}),
            ("release.recall", house.release,
             {"parent": house.grant.digest, "signoff": digest_of("s")}),
        ):  # fmt: skip
            house.void(house.make(kind, subject, who, key="script", **fields))
    house.void(write("release.sign", manifest(house.record, house.release), identity("script")))
    house.void(house.granting("script"))
    assert judge(house.record, house.release).waits


@pytest.mark.parametrize("what", ["recall", "postpone"])
def test_attack_21_a_recall_ends_the_grant_and_leaves_no_plain_release(what: str) -> None:
    house = Granted()
    signoff = house.record.releases[house.release].signoff
    assert signoff is not None
    old = house.trigger()
    fields = {"parent": house.grant.digest}
    fields |= {"signoff": signoff.digest} if what == "recall" else {"note": "Hoãn"}
    house.say(f"release.{what}", house.release, "lead-2", **fields)
    assert house.void(old).startswith("Not granted")
    # Not even leads make it go out by itself: it needs another grant, or an instant.
    house.good(house.signoff(house.release))
    assert "grant" in rules(house, house.release)
    assert not house.open
    assert house.void(house.trigger()).startswith("Not granted")
    house.grant = house.good(house.granting(note="Lại"))
    if what == "postpone":
        house.say("release.confirm", house.release, "lead-1", parent=house.grant.digest)
    house.good(house.signoff(house.release))
    assert house.void(old).startswith("Not granted")
    house.good(house.trigger())
    assert house.open


def test_attack_21_a_move_gives_an_instant_again() -> None:
    house = Granted()
    old = house.trigger()
    house.say(
        "release.move", house.release, "lead-1", parent=house.grant.digest, zone=ZONE,
        at="2026-11-20T11:00:00Z", wall="2026-11-20T18:00:00", note="Dời",
    )  # fmt: skip
    assert "trigger" not in manifest(house.record, house.release)
    assert house.void(old).startswith("Not granted")
    house.good(house.signoff(house.release))
    assert house.void(house.trigger()).startswith("Not granted")
    assert house.open  # at its instant, as any other


def test_attack_21_neither_held_nor_half_signed() -> None:
    house = Granted()
    hold = house.hold(house.release)
    assert house.void(house.trigger()).startswith("Held")
    house.say("release.lift", house.release, "lead-1", hold=hold.digest)
    house.say("release.lift", house.release, "lead-2", hold=hold.digest)
    assert not house.open  # a trigger is no promise for later
    house.grant = house.good(house.granting())
    house.good(house.signoff(house.release, "lead-1"))
    assert house.void(house.trigger()).startswith("Not signed")
    house.good(house.signoff(house.release, "lead-2"))
    assert not house.open
    house.good(house.trigger(time="2026-11-20T09:00:05Z"))
    assert house.open


def test_attack_21_leads_sign_the_key() -> None:
    """A sign-off for another key, or made for a plain release, opens nothing."""
    house = Granted()
    basis = house.record.releases[house.release].basis
    for trigger in (None, {"grant": basis, "key": identity("other").sign_public, "script": "gdp"}):
        other = {k: v for k, v in manifest(house.record, house.release).items() if k != "trigger"}
        act = write(
            "release.sign", other | ({"trigger": trigger} if trigger else {}),
            house.people["lead-1"], house.people["lead-2"],
        )  # fmt: skip
        house.good(act)
        assert "manifest" in rules(house, house.release)
        assert not house.open


@pytest.mark.parametrize(
    "changes",
    [
        {"until": AT},
        {"until": "2026-12-22T08:00:01Z"},
        {"key": identity("lead-2").sign_public},
        {"key": identity("pub-1").sign_public},
        {"key": identity("admin-1").sign_public},
        {"parent": digest_of("old")},
        {"at": "2026-11-20T08:30:00Z"},  # confirmed, and no note
    ],
)
def test_a_grant_that_is_none(changes: dict[str, Any]) -> None:
    house = Granted()
    house.void(house.granting(**changes))
    assert judge(house.record, house.release).waits


@pytest.mark.parametrize("who", ["writer", "reviewer", "guest", "lead-yt"])
def test_only_a_lead_of_its_agencies_grants(who: str) -> None:
    house = Granted()
    house.void(house.granting(who))


def test_a_grant_by_a_compromised_key_opens_nothing() -> None:
    house = Granted()
    house.good(house.trigger())
    house.key_state("lead-1", "compromised")
    assert "plan-key" in rules(house, house.release)


STEPS = ("trigger", "again", "early", "late", "recall", "grant", "sign", "one", "hold", "lift",
         "move", "revise", "edit")  # fmt: skip


@settings(max_examples=120)
@given(st.lists(st.sampled_from(STEPS), max_size=12))
def test_attack_21_it_opens_only_by_a_trigger_of_the_sign_off_in_force(steps: list[str]) -> None:
    """Whatever happens in whatever order, log and portal agree, and no window opens by itself."""
    house = Granted()
    second = 0
    for step in steps:
        second += 1
        _do(house, step, f"2026-11-20T09:00:{second:02}Z")
        state, verdict = house.record.releases[house.release], judge(house.record, house.release)
        elsewhere = Record.from_acts(
            PIN, house.acts, roster=house.record.roster, policy=house.record.policy
        )
        there = judge(elsewhere, house.release)
        assert (there.ok, there.waits) == (verdict.ok, verdict.waits)
        if state.grant is None or not verdict.ok or verdict.waits:
            continue
        assert state.signoff is not None
        fired = next(a for a in _triggers(house) if a.digest == state.signoff.trigger)
        assert fired.fields["signoff"] == state.signoff.digest
        assert fired.fields["grant"] == state.grant.digest
        assert state.at <= fired.time <= state.grant.until
        assert state.grant.used == state.signoff.digest
        assert len(state.signoff.signers) >= 2


def _triggers(house: House) -> list[Act]:
    from desk.trust.acts import read

    kind = "application/vnd.desk.act.release.trigger.v1+json"
    return [read(e) for e in house.acts if e.payload_type == kind]


def _do(house: Granted, step: str, time: str) -> None:
    state = house.record.releases[house.release]
    parent = {"parent": state.basis}
    if step in ("trigger", "again"):
        house.put(house.trigger(time=time if step == "trigger" else INSIDE).envelope)
    elif step == "early":
        house.put(house.trigger(time=TIME).envelope)
    elif step == "late":
        house.put(house.trigger(time="2026-11-20T12:00:00Z").envelope)
    elif step == "recall" and state.signoff:
        fields = parent | {"signoff": state.signoff.digest}
        house.put(house.make("release.recall", house.release, "lead-2", **fields).envelope)
    elif step == "grant":
        act = house.granting(time=time, note="lại")
        if not house.put(act.envelope).void:
            house.grant = act
    elif step in ("sign", "one"):
        leads = ("lead-1",) if step == "one" else ("lead-1", "lead-2")
        house.put(house.signoff(house.release, *leads).envelope)
    elif step == "hold":
        house.hold(house.release)
    elif step == "lift":
        for hold in list(state.holds):
            for lead in ("lead-1", "lead-2"):
                house.put(house.make("release.lift", house.release, lead, hold=hold).envelope)
    elif step == "move":
        fields = parent | {"at": AT, "zone": ZONE, "wall": WALL, "note": "Dời", "time": time}
        house.put(house.make("release.move", house.release, "lead-1", **fields).envelope)
    elif step == "revise":
        house.approve(house.item("gdp"))
    elif step == "edit":
        fields = parent | {"channels": ["portal"], "items": list(state.items), "time": time}
        house.put(house.make("release.edit", house.release, "lead-1", **fields).envelope)


def lift(house: House, hold: Act) -> None:
    for lead in ("lead-1", "lead-2"):
        house.say("release.lift", hold.subject, lead, hold=hold.digest, time=INSIDE)


@pytest.mark.parametrize("subject", ["its own", "*"])
def test_attack_21_a_refused_trigger_put_back_after_the_lift_opens_nothing(subject: str) -> None:
    """Whoever writes to the database has the script's word from while it was held."""
    house = Granted()
    hold = house.hold(house.release if subject == "its own" else subject)
    refused = house.trigger()
    assert house.void(refused).startswith("Held")
    lift(house, hold)
    assert house.void(refused).startswith("Refused before")
    assert not house.open
    house.good(house.trigger(time="2026-11-20T09:00:01Z"))
    assert house.open


def test_attack_21_a_trigger_before_the_last_signature_waits_for_no_other() -> None:
    house = Granted()
    house.say("release.recall", house.release, "lead-1",
              parent=house.record.releases[house.release].basis,
              signoff=house.record.releases[house.release].signoff.digest)  # type: ignore[union-attr]  # fmt: skip
    house.grant = house.good(house.granting())
    signed = house.signoff(house.release, "lead-1")
    house.good(signed)
    refused = house.trigger()
    assert house.void(refused).startswith("Not signed")
    house.good(house.signoff(house.release, "lead-2"))
    assert house.void(refused).startswith("Refused before")
    assert not house.open


def test_attack_21_a_forged_trigger_keeps_the_real_one_from_nothing() -> None:
    house = Granted()
    real = house.trigger()
    forged = Envelope(real.envelope.payload_type, real.envelope.payload, ()).signed_also_by(
        identity("writer")
    )
    assert house.void(forged).startswith("Unsigned")
    house.good(real)
    assert house.open


def test_attack_21_what_was_refused_is_remembered_by_who_folds_again() -> None:
    house = Granted()
    hold = house.hold(house.release)
    refused = house.trigger()
    house.void(refused)
    lift(house, hold)
    head, entries = Head(), []
    for envelope in house.acts:
        entry = next_entry(head, envelope.to_json())
        head = Head(entry.seq, entry.hash)
        entries.append(entry)
    again = Record.refold(PIN, entries, house.record.vouch(head))
    assert again.apply(refused.envelope).void.startswith("Refused before")
    assert again.releases == house.record.releases
