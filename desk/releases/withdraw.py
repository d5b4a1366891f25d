"""Withdrawing: taking a public item back, by the roles that the policy names, with a public note.

`withdraw` replaces it by a notice for good, `takedown` for the time being (ninjs `withheld`),
`kill` says that it must never be used (ninjs `canceled`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from desk.errors import NotFound, Reason, Refused, UsageError
from desk.newsroom.room import Actor, Room, Transaction
from desk.text import nfc
from desk.trust.state import ItemState, RevisionState

MODES = ("withdraw", "takedown", "kill")
LONGEST_NOTE = 500


@dataclass(frozen=True)
class Withdrawn:
    """What was taken back. `act`: digest of the act that did it, now or earlier (`already`)."""

    item: str
    number: int
    mode: str
    act: str
    already: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return dict(self.__dict__)


def withdraw(
    room: Room, actor: Actor, item: str, *, note: str, mode: str = "withdraw"
) -> Withdrawn:
    """Take the public revision of an item back.

    Raises Refused for a role that may not and for what is not public, NotFound, UsageError for a
    note that is missing or longer than 500 characters.
    """
    if mode not in MODES:
        raise UsageError("Unknown way to withdraw", mode, "One of: " + ", ".join(MODES))
    if not note.strip() or len(note) > LONGEST_NOTE:
        raise UsageError(
            "A public note is needed",
            f"of 1 to {LONGEST_NOTE} characters",
            "Tell readers why it is gone: --note TEXT",
        )
    with room.acting(item) as tx:
        room.require_person(tx, actor)
        _require_role(tx, actor)
        revision = _public_revision(tx, item)
        if revision.withdrawn == mode:
            return Withdrawn(item, revision.number, mode, revision.withdrawal, already=True)
        fields = {
            "revision": revision.digest,
            "mode": mode,
            "note": nfc(note),
            "parent": revision.withdrawal or None,
        }
        act = tx.append("item.withdraw", item, fields, actor)
    return Withdrawn(item, revision.number, mode, act.digest)


def _require_role(tx: Transaction, actor: Actor) -> None:
    roles = tuple(tx.policy.document["withdraw_roles"])
    if any(tx.roster.people[actor.id].holds(role) for role in roles):
        return
    who = sorted({person for role in roles for person in tx.roster.holders(role)})
    text = f"{actor.id} is none of {', '.join(roles)}"
    raise Refused("You may not withdraw", [Reason("role", text, tuple(who))])


def _public_revision(tx: Transaction, item: str) -> RevisionState:
    state: ItemState | None = tx.record.items.get(item)
    if state is None:
        raise NotFound("No such item", item, "List them: desk item list")
    public = [revision for revision in state.revisions.values() if revision.released_in]
    if not public:
        raise Refused(
            "It is not public",
            [Reason("not-public", f"no revision of {item} was ever released")],
            "Stop what is planned instead: desk release hold, or desk item return",
        )
    return public[-1]
