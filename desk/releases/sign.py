"""Signing: leads sign the same exact bytes, a manifest of instant, channels and revisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.clock import epoch_ns
from desk.errors import Reason, Refused, because
from desk.newsroom.room import Actor, Room, Transaction, View
from desk.people.speaking import with_speakers
from desk.phrase import instant, phrase
from desk.releases.deadline import LATEST_SIGN_OFF
from desk.releases.plan import find
from desk.trust.acts import FIELDS, read, write
from desk.trust.begun import begun
from desk.trust.envelope import Envelope
from desk.trust.judge import (
    Verdict,
    authors_of,
    judge,
    judge_revision,
    manifest,
    release_state,
    signers_left,
    voices,
)
from desk.trust.state import SignOff


@dataclass(frozen=True)
class Signed:
    """A sign-off after one more signature. `manifest`: its digest, read aloud to compare."""

    release: str
    manifest: str
    signers: tuple[str, ...]
    needed: int
    state: str
    already: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "signers": list(self.signers)}


def preview(view: View, release_id: str) -> tuple[dict[str, Any], Verdict]:
    """What would be signed now, and what speaks against it apart from missing signatures."""
    release = find(view, release_id)
    wanted = manifest(view.record, release_id)
    so_far = begun(view.record, release)
    fields = dict(so_far.fields) if so_far else wanted
    return fields, with_speakers(view, judge(view.record, release_id, proposed=fields))


def sign(
    room: Room, actor: Actor, release_id: str, *, expect: str = "", anew: bool = False
) -> Signed:
    """Add the actor's signature to the release's manifest.

    `expect`: the digest that the signer saw; another one is refused. After a complete sign-off a
    newer revision changes nothing until it is signed `anew` or recalled: signing anew leaves the
    old manifest, which then lacks this signature. Raises Refused with every rule that speaks
    against the release, and who could act.
    """
    with room.acting(release_id) as tx:
        room.require_person(tx, actor)
        return sign_in(room, tx, actor, release_id, expect=expect, anew=anew)


def sign_in(
    room: Room, tx: Transaction, actor: Actor, release_id: str, *, expect: str = "",
    anew: bool = False,
) -> Signed:  # fmt: skip
    """The same inside a write transaction, so that it happens together with what it follows."""
    release = find(tx, release_id)
    signoff = release.signoff
    if signoff and not anew and judge(tx.record, release_id).ok:
        return _signed(tx, release_id, signoff, already=True)
    fields, verdict = preview(tx, release_id)
    so_far = begun(tx.record, release)
    if so_far and actor.id in voices(tx.record, so_far):
        return _signed(tx, release_id, so_far, already=True)
    _may_sign(tx, release_id, actor, so_far)
    verdict.require("The release is not ready to sign")
    last = release.grant.until if release.grant else release.at
    if (epoch_ns(last) - room.clock.time_ns()) < LATEST_SIGN_OFF * 1_000_000_000:
        raise Refused(
            "Too late to sign",
            [
                because(
                    "late",
                    "a sign-off needs {seconds} s before {last}",
                    seconds=LATEST_SIGN_OFF,
                    last=instant(last),
                )
            ],
            "Move the release, then sign it again: desk release move",
        )
    act = write("release.sign", {k: v for k, v in fields.items() if k != "kind"}, actor.identity)
    if expect and act.digest != expect:
        raise Refused(
            "This is not what you looked at",
            [Reason("changed", "the manifest changed since you opened it")],
            "Open the release again and read what changed.",
        )
    tx.adopt(act)
    done = tx.record.releases[release_id].signoffs[act.digest]
    return _signed(tx, release_id, done)


def to_sign(view: View, release_id: str, *, anew: bool = False) -> dict[str, Any]:
    """The manifest that `sign` is about: the complete one, unless it is signed anew."""
    signoff = find(view, release_id).signoff
    if signoff and not anew and judge(view.record, release_id).ok:
        return dict(signoff.fields)
    return preview(view, release_id)[0]


def may_sign(view: View, actor: Actor, release_id: str) -> bool:
    """Whether that person's signature would count for what is planned now."""
    return actor.id in signers_left(view.record, find(view, release_id), None)


def newer_revisions(view: View, release_id: str) -> tuple[str, ...]:
    """Items of a signed release whose newest revision is approved, but is not the signed one."""
    release = find(view, release_id)
    signed = release.signoff.fields["items"] if release.signoff else ()
    record = view.record
    return tuple(
        entry["item"]
        for entry in signed
        if (item := record.items.get(entry["item"])) is not None
        and item.latest != entry["revision"]
        and not judge_revision(record, item.id, item.latest)
    )


def _may_sign(tx: View, release_id: str, actor: Actor, so_far: SignOff | None) -> None:
    release = find(tx, release_id)
    left = signers_left(tx.record, release, so_far)
    if actor.id in left:
        return
    if not tx.record.holds_role(actor.id, "lead", time=tx.time):
        reason = because("role", "{id} is not a shift lead", id=actor.id, who=left)
    elif not tx.record.holds_role(actor.id, "lead", time=release.at):
        text = phrase("{id} is no longer a shift lead at {at}", id=actor.id, at=instant(release.at))
        reason = Reason("role", text, left)
    elif so_far and any(actor.id in seat for seat in voices(tx.record, so_far).values()):
        reason = because(
            "deputy", "a deputy has signed in the place of {id}", id=actor.id, who=left
        )
    elif actor.id in authors_of(tx.record, preview(tx, release_id)[0]["items"]):
        reason = because(
            "author-signs", "{id} wrote an item of it and may not sign", id=actor.id, who=left
        )
    else:
        reason = because(
            "deputy",
            "all in whose place {id} could sign have signed, or wrote an item of it",
            id=actor.id,
            who=left,
        )
    raise Refused("You may not sign this", [reason])


def digest_to_sign(fields: dict[str, Any]) -> str:
    """The digest of the manifest that `sign` would sign, to show before asking."""
    from desk.trust.canonical import canonical

    kind = FIELDS["release.sign"]
    value = {**fields, "kind": "release.sign"}
    return read(Envelope(kind.payload_type, canonical(value), ())).digest


def _signed(tx: View, release_id: str, signoff: SignOff, *, already: bool = False) -> Signed:
    return Signed(
        release_id,
        signoff.digest,
        tuple(sorted(voices(tx.record, signoff))),
        tx.policy.signers,
        release_state(tx.record, release_id),
        already,
    )
