"""Keys: what is done when a key is lost or stolen, and when somebody leaves."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from desk.errors import DeskError, NotFound, Refused, because
from desk.newsroom import administer
from desk.newsroom.administer import PublicKeys
from desk.newsroom.room import Actor, Room, View
from desk.people.deputies import DelegationView, standing
from desk.store import sealed
from desk.store.sealed import Opener
from desk.trust.keys import Identity
from desk.trust.readers import readers_of, sealed_beside
from desk.trust.roster import ENDED, Roster
from desk.trust.seal import Name, Reader, SealKey
from models.tables import DRAFTS, ITEMS, RELEASES, WRAPS

RECOVERY = "recovery"  # the id of the recovery key among the readers


def with_rekey(
    roster: Roster, person: str, keys: PublicKeys, time: str, *, compromised: bool
) -> dict[str, Any]:
    """The roster document in which that person has another key, in the root too.

    A forgotten passphrase is an ordinary rotation: what was signed keeps counting. A key that
    somebody else may have is compromised, with all older ones: what they signed and is not out
    is void. An administrator's place in the root is kept, so no quorum is lost.
    """
    if person not in roster.people:
        raise NotFound("No such person", person, "See: desk roster show")
    if not compromised:
        return administer.with_new_key(roster, person, keys, time)
    document = copy.deepcopy(dict(roster.document))
    entry = document["people"][person]
    for key in entry["keys"]:
        if key["state"] not in ENDED:
            key.update(state="compromised", until=key.get("until", time))
    entry["keys"].append({"sign": keys.sign, "read": keys.read, "state": "active", "from": time})
    if person in document["root"]["keys"]:
        document["root"]["keys"][person] = keys.sign
    return document


def with_leaver(roster: Roster, person: str, time: str) -> dict[str, Any]:
    """The roster document without that person's keys and roles, and in no list of deputies.

    Raises NotFound, Refused when the root would be left without a quorum.
    """
    if person not in roster.people:
        raise NotFound("No such person", person, "See: desk roster show")
    in_use = any(key.state not in ENDED for key in roster.people[person].keys)
    document = (
        administer.with_key_ended(roster, person, "revoked", time)
        if in_use
        else copy.deepcopy(dict(roster.document))
    )
    document["people"][person]["roles"] = []
    lists = {
        name: [one for one in listed if one != person]
        for name, listed in document.get("deputies", {}).items()
    }
    if lists:
        document["deputies"] = {name: listed for name, listed in lists.items() if listed}
    return document


def with_deputies(roster: Roster, role: str, agency: str, people: list[str]) -> dict[str, Any]:
    """The roster document with another order in which people are asked; none: no list."""
    unknown = [person for person in people if person not in roster.people]
    if unknown:
        raise NotFound("No such person", ", ".join(unknown), "See: desk roster show")
    document = copy.deepcopy(dict(roster.document))
    lists = document.setdefault("deputies", {})
    lists.pop(f"{role}:{agency}", None)
    if people:
        lists[f"{role}:{agency}"] = list(dict.fromkeys(people))
    if not lists:
        del document["deputies"]
    return document


def with_role_end(
    roster: Roster, person: str, role: str, agency: str, until: str
) -> dict[str, Any]:
    """The roster document in which a role of that person ends (written instant; '' is never)."""
    document = copy.deepcopy(dict(roster.document))
    entries = document["people"].get(person, {"roles": []})["roles"]
    found = [one for one in entries if (one["role"], one["agency"]) == (role, agency)]
    if not found:
        raise NotFound("No such role", f"{person}, {role}:{agency}", "See: desk roster show")
    for one in found:
        one.pop("until", None)
        if until:
            one["until"] = until
    return document


# -- who leaves ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Leaving:
    """What somebody leaves behind. `waiting`: items and steps that they could have taken."""

    person: str
    drafts: tuple[str, ...]
    waiting: tuple[str, ...]
    signed: tuple[str, ...]
    delegations: tuple[DelegationView, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {**self.__dict__, "delegations": [one.as_json() for one in self.delegations]}


def left_behind(room: Room, person: str) -> Leaving:
    """Drafts, items that wait for a step of theirs, releases they signed that are not out yet,
    delegations by and to them. Raises NotFound.
    """
    with room.store.read() as connection:
        open_now = RELEASES.c.state.in_(("confirmed", "signed", "staged"))
        releases = list(connection.scalars(select(RELEASES.c.id).where(open_now)))
    with room.reading(*releases) as view:
        known = view.roster.people.get(person)
        if known is None:
            raise NotFound("No such person", person, "See: desk roster show")
        mine = select(DRAFTS.c.item).where(DRAFTS.c.author == person)
        rows = view.connection.execute(select(ITEMS).where(ITEMS.c.waiting_for != ""))
        return Leaving(
            person,
            tuple(sorted(view.connection.scalars(mine))),
            tuple(sorted(f"{row.id} {row.waiting_for}" for row in rows
                         if known.holds(row.waiting_for, row.agency))),
            tuple(sorted(name for name, release in view.record.releases.items()
                         if release.signoff and person in release.signoff.signers
                         and not release.opened)),
            tuple(standing(view, person)),
        )  # fmt: skip


# -- what was sealed for an old key --------------------------------------------------------------


@dataclass(frozen=True)
class Rewrapped:
    """One sealed revision whose key was wrapped anew; `problem`: why it could not be, or ''."""

    item: str
    revision: str
    problem: str = ""


def rewrap(room: Room, actor: Actor) -> list[Rewrapped]:
    """Wrap what the actor can read for everybody who may read it now and has no wrap.

    Of every item: the newest revision and those before it back to the last released one, which
    approvers compare it with and a correction begins with. Also of contacts and enquiries. Wraps
    for keys that are revoked or compromised are removed. The publisher does the same for the newest
    and for what is public by itself when the roster changes.
    """
    from desk.publisher.joiners import Sealed, wrap_missing

    with room.store.read() as connection:
        record = room.whole_record(connection)
    room.require_person(View(connection, record), actor)
    wanted = []
    for item in record.items.values():
        authors = {revision.author for revision in item.revisions.values()}
        for revision in reversed(item.revisions.values()):
            readers = readers_of(record, item.kind, item.agency, authors, room.instant())
            name = Name(record.newsroom, "revision", item.id, revision.id)
            wanted.append(Sealed(name, tuple(readers)))
            if revision.released_in:
                break
    wanted += [Sealed(name, who) for name, who in sealed_beside(record)]
    done = wrap_missing(room.store, actor.opener, wanted, lambda: False)
    found = [Rewrapped(one.name.subject, one.name.id, problem) for one, problem in done]
    assert record.roster is not None
    ended = [key.read for key in record.roster.keys.values() if key.state in ENDED]
    with room.store.write() as connection:
        connection.execute(delete(WRAPS).where(WRAPS.c.reader.in_(ended)))
    return found


@dataclass(frozen=True)
class Recovered:
    """One draft that its author can open again; `problem`: why it cannot be, or ''."""

    item: str
    author: str
    problem: str = ""


def recover_drafts(room: Room, recovery: Identity, person: str = "") -> list[Recovered]:
    """Seal anew, for their authors' present keys, the drafts that those keys do not open.

    Each gets a fresh key, so the lost one opens nothing of it any more. `person`: only theirs.
    Raises Refused when this is not the roster's recovery key.
    """
    found = []
    with room.store.write() as connection:
        view = View(connection, room.record_about(connection))
        if recovery.read_public != view.roster.recovery:
            raise Refused(
                "This is not the recovery key",
                [
                    because(
                        "recovery",
                        "the roster names {recovery}",
                        recovery=view.roster.recovery[:16] or "none",
                    )
                ],
            )
        for item, author in _locked_out(view, person):
            try:
                _reseal(view, recovery, item, author)
                found.append(Recovered(item, author))
            except DeskError as error:
                found.append(Recovered(item, author, str(error)))
    return found


def _draft(view: View, item: str, author: str) -> Name:
    return Name(view.record.newsroom, "draft", item, f"{item}:{author}")


def _locked_out(view: View, person: str) -> Iterator[tuple[str, str]]:
    """Drafts whose authors have a key in use that does not open them."""
    rows = view.connection.execute(select(DRAFTS.c.item, DRAFTS.c.author)).all()
    for item, author in sorted((row.item, row.author) for row in rows):
        known = view.roster.people.get(author)
        if person not in ("", author) or known is None or known.key is None:
            continue
        if known.key.read not in _readers(view.connection, _draft(view, item, author)):
            yield item, author


def _readers(connection: Connection, name: Name) -> set[str]:
    query = select(WRAPS.c.reader).where(WRAPS.c.kind == name.kind, WRAPS.c.id == name.id)
    return set(connection.scalars(query))


def _reseal(view: View, recovery: Identity, item: str, author: str) -> None:
    name = _draft(view, item, author)
    old = sealed.key_for(view.connection, name, Opener(RECOVERY, recovery))
    parts = {
        part: sealed.get(view.connection, old, part) for part in sealed.parts(view.connection, name)
    }
    key = view.roster.people[author].key
    assert key is not None
    readers = [Reader(author, key.read), Reader(RECOVERY, recovery.read_public)]
    sealed.drop(view.connection, name)
    sealed.put(view.connection, SealKey.fresh(name), parts, readers)
