"""Short notice: what can still be done minutes before a release, each in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from desk.clock import now as clock_now
from desk.errors import NotFound, Reason, Refused, UsageError
from desk.newsroom.room import Actor, Room, Transaction
from desk.phrase import phrase
from desk.releases.deadline import Deadline, deadline, must_be_changeable
from desk.releases.notes import public_note
from desk.releases.plan import Moment, find
from desk.releases.sign import Signed, may_sign, preview, sign_in
from desk.trust.judge import judge, manifest
from desk.trust.state import ReleaseState

AHEAD = 20  # seconds from `desk release now` to the instant


@dataclass(frozen=True)
class Changed:
    """A release after a late change. `act`: digest of the act that a publisher has to hear.

    `signed`: the actor's signature over the new manifest, when it was given along with it.
    """

    release: str
    act: str
    signed: Signed | None
    deadline: Deadline

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {"release": self.release, "act": self.act,
                "signed": self.signed.as_json() if self.signed else None,
                "deadline": self.deadline.as_json()}  # fmt: skip


def leave_out(
    room: Room, actor: Actor, release_id: str, items: Sequence[str], *, sign: bool = True
) -> Changed:
    """Take items out of a release; with `sign`, a lead signs what is left in the same breath.

    The old sign-off is void, so the others have to sign as well. Raises Refused from T - 30 s on,
    and when what would be left could not go out (one language of a pair, nothing at all).
    """
    with room.acting(release_id) as tx:
        room.require_person(tx, actor)
        release = _open(tx, release_id)
        missing = [item for item in items if item not in release.items]
        if missing:
            raise NotFound("Not in this release", ", ".join(missing), "desk release show")
        must_be_changeable(room, release.at, phrase("leave an item out"))
        before = _against(tx, release_id)
        kept = [item for item in release.items if item not in items]
        act = tx.append(
            "release.edit", release_id,
            {"items": kept, "channels": sorted(release.channels), "parent": release.basis}, actor,
        )  # fmt: skip
        worse = [r for r in judge(tx.record, release_id, proposed=_proposed(tx, release_id)).reasons
                 if (r.rule, r.text) not in before]  # fmt: skip
        if worse:
            raise Refused("The rest could not go out", worse, "Leave the other out as well")
        signed = _signed(room, tx, actor, release_id) if sign else None
        return Changed(release_id, act.digest, signed, deadline(room, tx, release_id))


def _open(tx: Transaction, release_id: str) -> ReleaseState:
    release = find(tx, release_id)
    if release.opened:
        text = "what is public is corrected or withdrawn, not changed"
        raise Refused("The release is public", [Reason("released", text)],
                      "desk item withdraw ITEM --note TEXT")  # fmt: skip
    return release


def _proposed(tx: Transaction, release_id: str) -> dict[str, Any]:
    return manifest(tx.record, release_id)


def _against(tx: Transaction, release_id: str) -> set[tuple[str, str]]:
    verdict = judge(tx.record, release_id, proposed=_proposed(tx, release_id))
    return {(reason.rule, reason.text) for reason in verdict.reasons}


def _signed(room: Room, tx: Transaction, actor: Actor, release_id: str) -> Signed | None:
    """The actor's signature, where it would count and nothing but signatures is missing."""
    _, verdict = preview(tx, release_id)
    if not verdict.ok or not may_sign(tx, actor, release_id):
        return None
    return sign_in(room, tx, actor, release_id)


def bring_forward(
    room: Room, actor: Actor, release_id: str, *, note: str = "", seconds: int = AHEAD
) -> Changed:
    """Set the instant so many seconds ahead, confirm, and sign as the caller, all or nothing.

    A confirmed release needs a public note. Raises Refused for what speaks against the release
    itself: moving it would only make it miss its time.
    """
    with room.acting(release_id) as tx:
        room.require_person(tx, actor)
        release = _open(tx, release_id)
        if release.confirmed and not note.strip():
            raise UsageError("A public note is needed", "the date was announced", "--note TEXT")
        at = clock_now(room.clock) + timedelta(seconds=seconds + 1)
        moment = Moment.of_instant(at.replace(microsecond=0), release.zone)
        fields = {**moment.fields(), "note": public_note(note) or None, "parent": release.basis}
        act = tx.append("release.move", release_id, fields, actor)
        if not release.confirmed:
            tx.append("release.confirm", release_id, {"parent": release.basis}, actor)
        preview(tx, release_id)[1].require("It cannot go out now")
        signed = _signed(room, tx, actor, release_id)
        return Changed(release_id, act.digest, signed, deadline(room, tx, release_id))
