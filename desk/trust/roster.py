"""The roster: the signed list of people, keys, roles and publishers, and what it says.

A chain of documents starts at the root: a threshold of administrators' keys, whose fingerprint is
confirmed by voice once and pinned. Each roster is signed by a quorum of the root before it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.trust.acts import Act
from desk.trust.canonical import canonical, digest, digest_bytes
from desk.trust.envelope import verify
from desk.trust.seal import Reader

KEY_STATES = ("active", "rotated", "revoked", "compromised")
ANY = "*"


@dataclass(frozen=True)
class Key:
    """One key pair of a person. `until`: the instant after which its acts no longer count."""

    person: str
    sign: str
    read: str
    state: str
    since: str
    until: str = ""


@dataclass(frozen=True)
class Person:
    """A post: id, display name, roles as (role, agency), keys old and new."""

    id: str
    name: str
    roles: frozenset[tuple[str, str]]
    keys: tuple[Key, ...]

    def holds(self, role: str, agency: str = ANY) -> bool:
        """Whether this person has the role for that agency (or, for ANY, for some agency)."""
        if agency == ANY:
            return any(held == role for held, _ in self.roles)
        return (role, agency) in self.roles or (role, ANY) in self.roles

    @property
    def key(self) -> Key | None:
        """The key in use, if any."""
        return next((key for key in self.keys if key.state == "active"), None)


def root_fingerprint(newsroom: str, root: Mapping[str, Any]) -> str:
    """64 hex digits that name a newsroom's first root, read by voice and pinned everywhere."""
    return digest({"newsroom": newsroom, "root": dict(root)})


def uid(newsroom: str, fingerprint: str) -> str:
    """The newsroom as acts name it: its id and its root, so that no other has the same."""
    return f"{newsroom}@{fingerprint[:32]}"


@dataclass(frozen=True)
class Roster:
    """One verified roster document, with lookups. `fingerprint` is that of the chain's root."""

    version: int
    document: Mapping[str, Any]
    people: Mapping[str, Person]
    publishers: Mapping[str, Key]
    keys: Mapping[str, Key]
    root_threshold: int
    root_keys: Mapping[str, str]
    recovery: str
    fingerprint: str
    digest: str = ""

    @property
    def newsroom(self) -> str:
        """The newsroom's uid."""
        return uid(str(self.document["newsroom"]), self.fingerprint)

    def key_of(self, sign_key: str) -> Key | None:
        """The roster's entry for a signing key, in whatever state it is."""
        return self.keys.get(sign_key)

    def holders(self, role: str, agency: str = ANY) -> tuple[str, ...]:
        """Everybody who holds the role for the agency and has an active key, by id."""
        return tuple(sorted(p.id for p in self.people.values() if p.holds(role, agency) and p.key))

    def readers(self, roles: tuple[str, ...], agency: str, people: tuple[str, ...]) -> list[Reader]:
        """Who may read: named people, holders of roles there, publishers, recovery."""
        ids = set(people) | {p for role in roles for p in self.holders(role, agency)}
        found = [
            Reader(person_id, key.read)
            for person_id in sorted(ids)
            if (person := self.people.get(person_id)) and (key := person.key)
        ]
        found += [Reader(name, key.read) for name, key in sorted(self.publishers.items())]
        if self.recovery:
            found.append(Reader("recovery", self.recovery))
        return found


def _keys(person: str, entries: Any) -> tuple[Key, ...]:
    keys = []
    for entry in entries:
        state = str(entry["state"])
        if state not in KEY_STATES:
            raise TrustError("Malformed roster", f"key state of {person}")
        keys.append(
            Key(
                person,
                _hex(entry["sign"]),
                _hex(entry["read"]),
                state,
                str(entry["from"]),
                str(entry.get("until", "")),
            )
        )
    if sum(key.state == "active" for key in keys) > 1:
        raise TrustError("Malformed roster", f"{person} has two active keys")
    return tuple(keys)


def _hex(value: Any) -> str:
    if not isinstance(value, str) or len(value) != 64:
        raise TrustError("Malformed roster", "a key is 64 hex digits")
    bytes.fromhex(value)
    return value


def read_document(
    document: Mapping[str, Any], version: int, fingerprint: str, act_digest: str = ""
) -> Roster:
    """Check a roster document by itself. Raises TrustError; a key may stand under one name only."""
    try:
        people = {
            person_id: Person(
                person_id,
                str(entry["name"]),
                frozenset((str(r["role"]), str(r["agency"])) for r in entry["roles"]),
                _keys(person_id, entry["keys"]),
            )
            for person_id, entry in document["people"].items()
        }
        publishers = {
            name: Key(name, _hex(entry["sign"]), _hex(entry["read"]), "active", "")
            for name, entry in document.get("publishers", {}).items()
        }
        root = document["root"]
        threshold = int(root["threshold"])
        root_keys = {str(name): _hex(key) for name, key in root["keys"].items()}
        recovery = _hex(document["recovery"]) if "recovery" in document else ""
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrustError("Malformed roster", f"{type(error).__name__}: {error}") from None
    if document.get("format") != 1:
        raise TrustError("Malformed roster", "unknown format")
    if not 1 <= threshold <= len(set(root_keys.values())) or len(set(root_keys.values())) != len(
        root_keys
    ):
        raise TrustError("Malformed roster", "the root needs as many distinct keys as it asks for")
    if set(people) & set(publishers) or "recovery" in people or "recovery" in publishers:
        raise TrustError("Malformed roster", "one id stands for two")
    everyone = [key for person in people.values() for key in person.keys]
    everyone += list(publishers.values())
    by_sign: dict[str, Key] = {}
    seen_read: set[str] = {recovery} - {""}
    for key in everyone:
        if key.sign in by_sign or key.read in seen_read:
            raise TrustError(
                "One key under two names",
                f"{by_sign[key.sign].person if key.sign in by_sign else '…'} and {key.person}",
                "Each person makes a key of their own: desk key new",
            )
        by_sign[key.sign] = key
        seen_read.add(key.read)
    return Roster(
        version, document, people, publishers, by_sign, threshold, root_keys, recovery,
        fingerprint, act_digest,
    )  # fmt: skip


def has_quorum(act: Act, threshold: int, keys: Mapping[str, str]) -> bool:
    """Whether enough distinct root keys signed the act."""
    return len(verify(act.envelope, set(keys.values()))) >= threshold


def first(act: Act, pinned_fingerprint: str) -> Roster:
    """Read the first roster of a chain. Raises TrustError unless its root is the pinned one."""
    document = act.fields["document"]
    if not isinstance(document.get("root"), dict):
        raise TrustError("Malformed roster", "no root")
    fingerprint = root_fingerprint(str(document.get("newsroom")), document["root"])
    if fingerprint != pinned_fingerprint:
        raise TrustError(
            "This is another newsroom",
            "the root of the roster is not the pinned one",
            "Compare the fingerprint by voice with an administrator: desk roster show",
        )
    roster = read_document(document, act.fields["version"], fingerprint, act.digest)
    if act.fields["version"] != 1 or "parent" in act.fields:
        raise TrustError("Malformed roster", "a chain starts at version 1")
    return _accept(act, roster, roster)


def following(act: Act, before: Roster) -> Roster:
    """Read the roster that follows another. Raises TrustError unless that one's root signed it."""
    if act.fields["version"] != before.version + 1 or act.fields.get("parent") != before.digest:
        raise TrustError("Roster out of order", f"version {act.fields['version']}")
    roster = read_document(
        act.fields["document"], act.fields["version"], before.fingerprint, act.digest
    )
    if roster.newsroom != before.newsroom:
        raise TrustError("This is another newsroom", "the roster names another id")
    return _accept(act, roster, before)


def _accept(act: Act, roster: Roster, judged_by: Roster) -> Roster:
    if act.fields["newsroom"] != roster.newsroom:
        raise TrustError("This is another newsroom", "the act names another newsroom")
    if not has_quorum(act, judged_by.root_threshold, judged_by.root_keys):
        raise TrustError(
            "The roster lacks signatures",
            f"version {roster.version} needs {judged_by.root_threshold} administrators",
        )
    return roster


def document_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document's canonical bytes."""
    return digest_bytes(canonical(dict(document)))
