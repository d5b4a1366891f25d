"""Withdrawing: taking a public item back, by the roles that the policy names, with a public note.

`withdraw` replaces it by a notice for good, `takedown` for the time being (ninjs `withheld`),
`kill` says that it must never be used (ninjs `canceled`). What was taken down for the time being
is put back by two of those roles, as a hold is lifted by two; the others are final.

A correction that is signed already would bring the item back in a newer revision. Withdrawing
therefore holds each such release as well, until two people lift it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.errors import NotFound, Reason, Refused, UsageError, because
from desk.locales import N_
from desk.locales.words import all_said
from desk.newsroom.room import Actor, Room, Transaction
from desk.phrase import phrase
from desk.releases.hold import hold_in
from desk.releases.notes import LONGEST_NOTE
from desk.store import log
from desk.text import nfc
from desk.trust.acts import read
from desk.trust.envelope import Envelope
from desk.trust.fold import WITHDRAWALS
from desk.trust.record import LIFTERS
from desk.trust.roster import counts
from desk.trust.state import ItemState, RevisionState

MODES = ("withdraw", "takedown", "kill")


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back. `act`: digest of the act that did it, now or earlier (`already`).

    `held`: signed releases of newer revisions, which are held with it -> digest of the hold.
    """

    item: str
    number: int
    mode: str
    act: str
    already: bool = False
    held: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "held": sorted(self.held)}


def withdraw(
    room: Room, actor: Actor, item: str, *, note: str, mode: str = "withdraw"
) -> Withdrawn:
    """Take the public revision of an item back.

    Done already, it is only told; but when the key or the role of whoever did it is gone, it is
    signed anew, since a portal that has not heard of it yet would refuse the first act.
    Raises Refused for a role that may not and for what is not public, NotFound, UsageError for a
    note that is missing or longer than 500 characters.
    """
    if mode not in MODES:
        raise UsageError(
            "Unknown way to withdraw", mode, phrase("One of: {names}", names=", ".join(MODES))
        )
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise UsageError(
            "A public note is needed",
            phrase("of 1 to {longest_note} characters", longest_note=LONGEST_NOTE),
            "Tell readers why it is gone: --note TEXT",
        )
    with room.acting(item) as tx:
        room.require_person(tx, actor)
        _require_role(tx, actor)
        revision = _public_revision(tx, item)
        if WITHDRAWALS[revision.withdrawn] > WITHDRAWALS[mode]:
            text = phrase(
                "{item} is withdrawn for good already ({withdrawn})",
                item=item,
                withdrawn=revision.withdrawn,
            )
            raise Refused("It stays away", [Reason("final", text)])
        if revision.withdrawn == mode and _counts(tx, item, revision.withdrawal):
            return Withdrawn(item, revision.number, mode, revision.withdrawal, already=True)
        fields = {
            "revision": revision.digest,
            "mode": mode,
            "note": nfc(note),
            "parent": revision.withdrawal or None,
        }
        # Before the withdrawal: who waits for the answer to that has the answer to these.
        held = {
            release: hold_in(tx, actor, release, note).digest
            for release in _brings_back(tx, item, revision)
        }
        act = tx.append("item.withdraw", item, fields, actor)
    return Withdrawn(item, revision.number, mode, act.digest, held=held)


def _counts(tx: Transaction, item: str, withdrawal: str) -> bool:
    """Whether a portal that hears of that withdrawal only now would carry it out.

    It judges by its roster: not when the key is lost, or the role ended, of whoever signed it.
    """
    roles = tx.policy.document["withdraw_roles"]
    for _, data in log.acts_about(tx.connection, (item,)):
        if (envelope := Envelope.from_json(data)).digest == withdrawal:
            act = read(envelope)
            return any(
                not counts(
                    tx.roster, act.actor, signature.keyid, role=role,
                    agency=tx.record.items[item].agency, time=act.time,
                )
                for role in roles
                for signature in envelope.signatures
            )  # fmt: skip
    return True


def _brings_back(tx: Transaction, item: str, revision: RevisionState) -> list[str]:
    """Signed releases still to come, not held, with another revision of the item."""
    found = []
    for release in tx.record.releases.values():
        signoff = release.signoff
        if signoff is None or release.status != "planned" or release.opened:
            continue
        revisions = {one["revision"] for one in signoff.fields["items"] if one["item"] == item}
        held = any(not hold.lifted(LIFTERS) for hold in release.holds.values())
        if revisions - {revision.digest} and not held:
            found.append(release.id)
    return found


@dataclass(frozen=True)
class Restored:
    """One person's word that an item is put back. `done`: enough people have given it.

    `by`: who has so far; `who`: who else could.
    """

    item: str
    number: int
    act: str
    done: bool
    by: tuple[str, ...]
    who: tuple[str, ...]
    already: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "by": list(self.by), "who": list(self.who)}


def restore(room: Room, actor: Actor, item: str) -> Restored:
    """Put back what was taken down for the time being, as one of two people.

    Raises Refused for a role that may not and for what is final or not down, NotFound.
    """
    with room.acting(item) as tx:
        room.require_person(tx, actor)
        _require_role(tx, actor, N_("You may not put it back"))
        revision = _public_revision(tx, item)
        if not revision.withdrawn and revision.restored:
            return _restored(tx, item, revision, "", already=True)
        if revision.withdrawn != "takedown":
            text = phrase(
                "{item} is {withdrawn}", item=item, withdrawn=revision.withdrawn or "not taken down"
            )
            raise Refused("There is nothing to put back", [Reason("final", text)],
                          "Only a takedown is put back; release a new item instead")  # fmt: skip
        if actor.id in revision.restores:
            return _restored(tx, item, revision, "", already=True)
        fields = {"revision": revision.digest, "withdrawal": revision.withdrawal}
        act = tx.append("item.restore", item, fields, actor)
        return _restored(tx, item, revision, act.digest)


def _restored(
    tx: Transaction, item: str, revision: RevisionState, act: str, *, already: bool = False
) -> Restored:
    done = not revision.withdrawn
    roles = tuple(tx.policy.document["withdraw_roles"])
    agency = tx.record.items[item].agency
    who = {p for role in roles for p in tx.roster.holders(role, agency)} - set(revision.restores)
    return Restored(
        item, revision.number, act, done, tuple(sorted(revision.restores)),
        () if done else tuple(sorted(who)), already,
    )  # fmt: skip


def _require_role(tx: Transaction, actor: Actor, title: str = N_("You may not withdraw")) -> None:
    roles = tuple(tx.policy.document["withdraw_roles"])
    if any(tx.roster.people[actor.id].holds(role) for role in roles):
        return
    who = sorted({person for role in roles for person in tx.roster.holders(role)})
    text = phrase("{id} is none of {names}", id=actor.id, names=all_said("role", roles))
    raise Refused(title, [Reason("role", text, tuple(who))])


def _public_revision(tx: Transaction, item: str) -> RevisionState:
    state: ItemState | None = tx.record.items.get(item)
    if state is None:
        raise NotFound("No such item", item, "List them: desk item list")
    public = [revision for revision in state.revisions.values() if revision.released_in]
    if not public:
        raise Refused(
            "It is not public",
            [because("not-public", "no revision of {item} was ever released", item=item)],
            "Stop what is planned instead: desk release hold, or desk item return",
        )
    return public[-1]
