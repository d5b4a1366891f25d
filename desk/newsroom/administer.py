"""Administration: found a newsroom, change its roster, adopt its policy; signed by the root.

A change is first a proposal: an act with the signatures it has so far, which can be handed round
as a file until a quorum of administrators has signed it, and then takes effect.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.clock import Clock, now, written
from desk.errors import Conflict, NotFound, Reason, Refused, TrustError, UsageError, because
from desk.newsroom.room import Actor, Room, View
from desk.phrase import phrase
from desk.store import log, projections
from desk.store.migrations import upgrade
from desk.store.session import Store, create_sqlite
from desk.text import nfc
from desk.trust import roster as rosters
from desk.trust.acts import Act, read
from desk.trust.canonical import canonical
from desk.trust.envelope import Envelope, Signer, verify
from desk.trust.envelope import sign as sign_envelope
from desk.trust.roster import Roster

ROLES = ("author", "appraise", "review", "check", "lead", "spokesperson", "admin")


@dataclass(frozen=True)
class PublicKeys:
    """The public half of a person's keys, as `desk key show` prints it."""

    sign: str
    read: str


@dataclass(frozen=True)
class Proposal:
    """A roster or policy act and how many root signatures it has and needs."""

    act: Act
    signed: int
    needed: int

    @property
    def complete(self) -> bool:
        """Whether a quorum has signed."""
        return self.signed >= self.needed


def person_entry(
    name: str, roles: Sequence[tuple[str, str]], keys: PublicKeys, since: str
) -> dict[str, Any]:
    """A person's entry in a roster document."""
    return {
        "name": nfc(name),
        "roles": [{"role": role, "agency": agency} for role, agency in sorted(set(roles))],
        "keys": [{"sign": keys.sign, "read": keys.read, "state": "active", "from": since}],
    }


def genesis(
    newsroom: str,
    administrators: Mapping[str, PublicKeys],
    *,
    threshold: int,
    recovery: str,
    clock: Clock,
    names: Mapping[str, str] | None = None,
    signers: Sequence[Signer] = (),
) -> Act:
    """The first roster: the root and its administrators. The desk of each signs it."""
    if not 1 <= threshold <= len(administrators):
        raise UsageError(
            "That quorum cannot be reached",
            phrase(
                "{threshold} of {count} administrators",
                threshold=threshold,
                count=len(administrators),
            ),
        )
    time = written(now(clock))
    document = {
        "format": 1,
        "newsroom": newsroom,
        "root": {
            "threshold": threshold,
            "keys": {name: keys.sign for name, keys in sorted(administrators.items())},
        },
        "people": {
            name: person_entry((names or {}).get(name, name), [("admin", "*")], keys, time)
            for name, keys in sorted(administrators.items())
        },
        "publishers": {},
        "recovery": recovery,
    }
    fingerprint = rosters.root_fingerprint(newsroom, document["root"])  # type: ignore[arg-type]
    value = {
        "newsroom": rosters.uid(newsroom, fingerprint),
        "kind": "roster",
        "subject": "roster",
        "time": time,
        "version": 1,
        "document": document,
    }
    from desk.trust.acts import FIELDS

    return read(sign_envelope(FIELDS["roster"].payload_type, value, *signers))


def found(database: Path, act: Act) -> str:
    """Create the database and store the first roster. Returns the root's fingerprint (64 hex).

    Raises Conflict when there is a newsroom already, TrustError without a quorum of signatures.
    """
    document = act.fields["document"]
    fingerprint = rosters.root_fingerprint(document["newsroom"], document["root"])
    rosters.first(act, fingerprint)
    if database.exists():
        raise Conflict(
            "There is a newsroom already", str(database), "Choose another folder, or adopt."
        )
    upgrade(create_sqlite(database))
    store = Store.at(database)
    with store.write() as connection:
        log.append(connection, act)
    store.close()
    return fingerprint


def propose_roster(view: View, document: Mapping[str, Any], time: str) -> Envelope:
    """A roster that follows the one in force, unsigned. Raises TrustError when it is malformed."""
    roster = view.roster
    rosters.read_document(document, roster.version + 1, roster.fingerprint)
    return _unsigned(
        "roster", view, {"version": roster.version + 1, "parent": roster.digest,
                         "document": dict(document), "time": time},
    )  # fmt: skip


def propose_policy(view: View, document: Mapping[str, Any], time: str) -> Envelope:
    """A policy that follows the one in force, unsigned."""
    from desk.trust.policy import read_document

    before = view.record.policy
    version = before.version + 1 if before else 1
    read_document(document, version)
    fields: dict[str, Any] = {"version": version, "document": dict(document), "time": time}
    if before:
        fields["parent"] = before.digest
    return _unsigned("policy", view, fields)


def _unsigned(kind: str, view: View, fields: Mapping[str, Any]) -> Envelope:
    from desk.trust.acts import FIELDS

    value = {"newsroom": view.record.newsroom, "kind": kind, "subject": kind, **fields}
    return Envelope(FIELDS[kind].payload_type, canonical(value), ())


def countersign(view: View, envelope: Envelope, actor: Actor) -> Proposal:
    """Add an administrator's signature. Raises Refused for who is none."""
    keys = view.roster.root_keys
    if keys.get(actor.id) != actor.identity.sign_public:
        raise Refused(
            "You are not an administrator",
            [
                because(
                    "root", "{id} holds no key of the root", id=actor.id, who=tuple(sorted(keys))
                )
            ],
        )
    if actor.identity.sign_public not in verify(envelope, set(keys.values())):
        envelope = envelope.signed_also_by(actor.identity)
    return state_of(view, envelope)


def state_of(view: View, envelope: Envelope) -> Proposal:
    """How far a proposal is."""
    act = read(envelope)
    if act.kind.signed_by != "root":
        raise UsageError("This is not a proposal", act.kind.name)
    signed = len(verify(envelope, set(view.roster.root_keys.values())))
    return Proposal(act, signed, view.roster.root_threshold)


def enact(room: Room, envelope: Envelope) -> Act:
    """Put a proposal with enough signatures into the log. Raises Refused when some are missing.

    States of releases that are not over are worked out again, since a role or key may be gone.
    """
    with room.store.read() as connection:
        affected = projections.open_releases(connection)
    with room.acting(*affected) as tx:
        proposal = state_of(tx, envelope)
        if not proposal.complete:
            missing = sorted(
                name
                for name, key in tx.roster.root_keys.items()
                if key not in {s.keyid for s in envelope.signatures}
            )
            raise Refused(
                "Not enough administrators have signed",
                [
                    because(
                        "root",
                        "{signed} of {needed}",
                        signed=proposal.signed,
                        needed=proposal.needed,
                        who=tuple(missing),
                    )
                ],
                "Hand the proposal on: desk roster sign FILE",
            )
        act = tx.adopt(proposal.act)
        tx.touched |= {*tx.record.releases, *tx.record.items}
        return act


def with_person(
    roster: Roster,
    person: str,
    name: str,
    roles: Sequence[tuple[str, str]],
    keys: PublicKeys,
    time: str,
) -> dict[str, Any]:
    """The document with one more person."""
    if person in roster.people or person in roster.publishers:
        raise Conflict("That id is taken", person, "See: desk roster show")
    _check_roles(roles)
    document = _copy(roster)
    document["people"][person] = person_entry(name, roles, keys, time)
    return document


def with_roles(roster: Roster, person: str, roles: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """The document with other roles for a person. A role that stays ends when it did."""
    _check_roles(roles)
    document = _copy(roster)
    entry = _entry(document, person)
    ends = {(r["role"], r["agency"]): r["until"] for r in entry["roles"] if "until" in r}
    entry["roles"] = [
        {"role": role, "agency": agency}
        | ({"until": ends[role, agency]} if (role, agency) in ends else {})
        for role, agency in sorted(set(roles))
    ]
    return document


def with_new_key(roster: Roster, person: str, keys: PublicKeys, time: str) -> dict[str, Any]:
    """Ordinary rotation: what the old key signed until now keeps counting."""
    document = _copy(roster)
    entry = _entry(document, person)
    for key in entry["keys"]:
        if key["state"] == "active":
            key.update(state="rotated", until=time)
    entry["keys"].append({"sign": keys.sign, "read": keys.read, "state": "active", "from": time})
    if person in document["root"]["keys"]:
        document["root"]["keys"][person] = keys.sign
    return document


def with_key_ended(roster: Roster, person: str, state: str, time: str) -> dict[str, Any]:
    """Revoke (the person leaves) or declare compromised (its unreleased acts are void)."""
    if state not in ("revoked", "compromised"):
        raise UsageError("A key is revoked or compromised", state)
    document = _copy(roster)
    ended = [k for k in _entry(document, person)["keys"] if k["state"] in ("active", "rotated")]
    if not ended:
        raise NotFound("No key in use", person)
    if person in document["root"]["keys"]:
        if len(document["root"]["keys"]) <= document["root"]["threshold"]:
            raise Refused(
                "The root would be without a quorum",
                [Reason("last-admin", "add another administrator first")],
                "desk roster root --add PERSON",
            )
        del document["root"]["keys"][person]
    for key in ended:
        key.update(state=state, until=key.get("until", time))
    return document


def with_root(
    roster: Roster,
    *,
    add: Sequence[str] = (),
    drop: Sequence[str] = (),
    threshold: int | None = None,
) -> dict[str, Any]:
    """The document with other administrators in its root, or another quorum of them.

    Whoever is added must have a key in use. Raises NotFound, Refused when no quorum would be left.
    """
    document = _copy(roster)
    root = document["root"]
    for person in add:
        _entry(document, person)
        key = roster.people[person].key
        if key is None:
            raise NotFound("No key in use", person, "See: desk roster show")
        root["keys"][person] = key.sign
    for person in drop:
        if root["keys"].pop(person, None) is None:
            raise NotFound("No administrator", person, "See: desk newsroom show")
    root["threshold"] = root["threshold"] if threshold is None else threshold
    if not 1 <= root["threshold"] <= len(root["keys"]):
        text = phrase(
            "{threshold} signatures of {count} administrators",
            threshold=root["threshold"],
            count=len(root["keys"]),
        )
        raise Refused(
            "The root would be without a quorum",
            [Reason("last-admin", text)],
            "Add another administrator first: desk roster root --add PERSON",
        )
    return document


def with_publisher(roster: Roster, name: str, keys: PublicKeys) -> dict[str, Any]:
    """The document with one more publisher, or another key for it."""
    document = _copy(roster)
    document.setdefault("publishers", {})[name] = {"sign": keys.sign, "read": keys.read}
    return document


def _copy(roster: Roster) -> dict[str, Any]:
    return copy.deepcopy(dict(roster.document))


def _entry(document: dict[str, Any], person: str) -> dict[str, Any]:
    if person not in document["people"]:
        raise NotFound("No such person", person, "See: desk roster show")
    entry: dict[str, Any] = document["people"][person]
    return entry


def _check_roles(roles: Sequence[tuple[str, str]]) -> None:
    for role, _ in roles:
        if role not in ROLES:
            raise UsageError("Unknown role", role, phrase("Roles: {names}", names=", ".join(ROLES)))


def rebuild(room: Room) -> dict[str, int]:
    """Make every projection again from the log, and count what differed from what stood there.

    Raises TrustError when the log's chain is broken; then nothing is changed.
    """
    from desk.trust.log import Head, extend
    from desk.trust.record import Record

    with room.store.write() as connection:
        before = projections.snapshot(connection)
        record = Record(room.pin.fingerprint)
        head = Head()
        for entry in log.every_entry(connection):
            head = extend(head, [entry])
            record.apply(entry.envelope, entry.seq)
        if record.roster is None:
            raise TrustError("The log does not begin with the pinned root's roster")
        projections.project_all(connection, record)
        after = projections.snapshot(connection)
    return {name: len(set(before[name]) ^ set(rows)) for name, rows in after.items()}
