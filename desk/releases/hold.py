"""Holding: a stop that anyone may pull, laid over any state; lifting it takes two people."""

from __future__ import annotations

import secrets

from desk.errors import NotFound
from desk.newsroom.room import Actor, Room, Transaction
from desk.releases.plan import find
from desk.store import sealed
from desk.text import nfc
from desk.trust.acts import EVERYTHING, Act
from desk.trust.canonical import canonical, digest_bytes
from desk.trust.ids import new_salt
from desk.trust.readers import deputies_of
from desk.trust.record import LIFTERS
from desk.trust.seal import Name, SealKey
from desk.trust.state import Hold


def hold(room: Room, actor: Actor, subject: str, *, reason: str = "") -> Act:
    """Stop one release, or everything (`*`). The reason is sealed for the leads."""
    with room.acting(subject) as tx:
        room.require_person(tx, actor)
        return hold_in(tx, actor, subject, reason)


def hold_in(tx: Transaction, actor: Actor, subject: str, reason: str) -> Act:
    """The same inside a write transaction, so that it happens together with what it belongs to."""
    if subject != EVERYTHING:
        find(tx, subject)
    data = canonical({"format": 1, "reason": nfc(reason), "salt": new_salt()})
    fields = {
        "nonce": secrets.token_hex(32),
        "reason": digest_bytes(data) if reason else None,
    }
    act = tx.append("release.hold", subject, fields, actor)
    if reason:
        name = Name(tx.record.newsroom, "note", subject, str(fields["reason"]))
        deputies = deputies_of(tx.record, ("lead",), "*", tx.time)
        who = tx.roster.readers(("lead",), "*", (actor.id, *sorted(deputies)))
        sealed.put(tx.connection, SealKey.fresh(name), {"reason": data}, who)
    return act


def lift(room: Room, actor: Actor, subject: str) -> tuple[list[Act], list[Hold]]:
    """Lift every hold on the subject as one of two people. Returns acts, and holds still on."""
    with room.acting(subject) as tx:
        room.require_person(tx, actor)
        own = tx.record.holds if subject == EVERYTHING else find(tx, subject).holds
        waiting = [h for h in own.values() if not h.lifted(LIFTERS)]
        if not waiting:
            raise NotFound("Nothing is held", subject, "Look: desk release show")
        acts = [
            tx.append("release.lift", subject, {"hold": h.digest}, actor)
            for h in waiting
            if actor.id not in h.lifts
        ]
        left = [h for h in waiting if not h.lifted(LIFTERS)]
    return acts, left
