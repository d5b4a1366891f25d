"""The roster: the signed list of people, keys, roles and publishers, and what it says.

A chain of documents starts at the root: a threshold of administrators' keys, whose fingerprint is
confirmed by voice once and pinned. Each roster is signed by a quorum of the root before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from desk.errors import TrustError
from desk.locales.words import said
from desk.phrase import instant, phrase
from desk.trust.acts import INSTANT, NAME, PERSON, Act
from desk.trust.canonical import canonical, digest, digest_bytes
from desk.trust.envelope import verify
from desk.trust.keys import weak_reading_key, weak_signing_key
from desk.trust.seal import Reader

KEY_STATES = ("active", "rotated", "revoked", "compromised")
ENDED = ("revoked", "compromised")
_STATES = (phrase("active"), phrase("rotated"), phrase("revoked"), phrase("compromised"))
_HEX = re.compile(r"[0-9a-f]{64}")
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
    """A post: id, display name, roles as (role, agency), keys old and new.

    `ends`: the last instant of those roles that end.
    """

    id: str
    name: str
    roles: frozenset[tuple[str, str]]
    keys: tuple[Key, ...]
    ends: Mapping[tuple[str, str], str] = field(default_factory=dict)

    def holds(self, role: str, agency: str = ANY, at: str = "") -> bool:
        """Whether this person has the role for that agency (or, for ANY, for some agency).

        `at`: the instant that the role must reach; without it a role counts whenever it ends.
        """
        return any(
            held == role and self._reaches(held, where, at)
            for held, where in self.roles
            if agency in (ANY, where) or where == ANY
        )

    def grants(self, role: str, agency: str, at: str = "") -> bool:
        """Whether this person has the role there and, for ANY, for every agency."""
        return any(
            (role, where) in self.roles and self._reaches(role, where, at)
            for where in {agency, ANY}
        )

    def _reaches(self, role: str, agency: str, at: str) -> bool:
        return not at or at <= self.ends.get((role, agency), at)

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
    deputies: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)

    @property
    def newsroom(self) -> str:
        """The newsroom's uid."""
        return uid(str(self.document["newsroom"]), self.fingerprint)

    def key_of(self, sign_key: str) -> Key | None:
        """The roster's entry for a signing key, in whatever state it is."""
        return self.keys.get(sign_key)

    def holders(self, role: str, agency: str = ANY, at: str = "") -> tuple[str, ...]:
        """Everybody who holds the role for the agency and has an active key, by id.

        `at`: the instant that role must reach, if that matters.
        """
        return tuple(
            sorted(p.id for p in self.people.values() if p.holds(role, agency, at) and p.key)
        )

    def in_order(self, role: str, agency: str) -> tuple[str, ...]:
        """Who is asked first for a step there: the list for the agency, then the one for all.

        An order for people to be asked in; it gives nobody a right.
        """
        lists = (self.deputies.get((role, where), ()) for where in (agency, ANY))
        return tuple(dict.fromkeys(person for listed in lists for person in listed))

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


def counts(
    roster: Roster, person: str, key: str, *, role: str, agency: str = ANY, time: str = "",
    at: str = "",
) -> str:  # fmt: skip
    """'' when a signature counts under this roster, else why not.

    `time`: the instant that the act states; acts without one (sign-offs) count after an ordinary
    rotation too. `at`: the instant that key and role must reach (for a sign-off, that of the
    release), else it is `time`. A key that may have leaked is declared compromised, which voids
    all its acts.
    """
    if why := sound(roster, person, key, time=time, at=at):
        return why
    holder = roster.people[person]
    if not holder.holds(role, agency):
        text = "{person} does not hold the role {role}"
        return phrase(text, person=person, role=said("role", role))
    if not holder.holds(role, agency, at or time):
        text = "{person} does not hold the role {role} until {until}"
        return phrase(text, person=person, role=said("role", role), until=instant(at or time))
    return ""


def sound(roster: Roster, person: str, key: str, *, time: str = "", at: str = "") -> str:
    """'' when that key of that person counts, whatever the role; else why not. See `counts`."""
    entry = roster.keys.get(key)
    if entry is None or person not in roster.people or entry.person != person:
        return phrase("{person} is not in the roster", person=person)
    in_time = not time or (bool(entry.until) and time <= entry.until)
    if entry.state != "active" and not (entry.state == "rotated" and in_time):
        return phrase(
            "the key of {person} is {state}",
            person=person,
            state=_STATES[KEY_STATES.index(entry.state)],
        )
    if entry.state == "active" and entry.until and (at or time) > entry.until:
        return phrase(
            "the key of {person} expires at {until}", person=person, until=instant(entry.until)
        )
    return ""


def malformed(template: str, **values: object) -> TrustError:
    """What is wrong with a roster that cannot be read."""
    return TrustError("Malformed roster", phrase(template, **values))


def _keys(person: str, entries: Any) -> tuple[Key, ...]:
    keys = []
    for entry in _list(entries):
        if entry["state"] not in KEY_STATES:
            raise malformed("key state of {person}", person=person)
        if not INSTANT(entry["from"]) or not INSTANT(entry.get("until", entry["from"])):
            raise malformed("from or until of a key of {person}", person=person)
        keys.append(
            Key(person, *_pair(entry), entry["state"], entry["from"], entry.get("until", ""))
        )
    if sum(key.state == "active" for key in keys) > 1:
        raise malformed("{person} has two active keys", person=person)
    return tuple(keys)


def _hex(value: Any) -> str:
    """One spelling of a key: with capitals or blanks allowed, one key could stand for two."""
    if not isinstance(value, str) or not _HEX.fullmatch(value):
        raise malformed("a key is 64 lower hex digits")
    return value


def _sign_key(value: Any) -> str:
    if weak_signing_key(_hex(value)):
        raise malformed("anybody can sign for that key")
    return str(value)


def _read_key(value: Any) -> str:
    if weak_reading_key(_hex(value)):
        raise malformed("anybody can read what is for that key")
    return str(value)


def _pair(entry: Mapping[str, Any]) -> tuple[str, str]:
    return _sign_key(entry["sign"]), _read_key(entry["read"])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _id(value: Any) -> str:
    if not PERSON(value):
        raise malformed("not an id: {text}", text=ascii(str(value)[:40]))
    return str(value)


def _role(entry: Mapping[str, Any]) -> tuple[str, str]:
    role, agency = entry["role"], entry["agency"]
    if not NAME(role) or not (agency == ANY or NAME(agency)):
        raise malformed("a role or its agency")
    if "until" in entry and not INSTANT(entry["until"]):
        raise malformed("the end of role {role}", role=role)
    return str(role), str(agency)


def _person(person_id: Any, entry: Mapping[str, Any]) -> Person:
    listed = _list(entry["roles"])
    roles = [_role(role) for role in listed]
    if len(set(roles)) != len(roles) and any("until" in role for role in listed):
        raise malformed("one role of {id} twice, and it ends", id=_id(person_id))
    ends = {pair: role["until"] for pair, role in zip(roles, listed, strict=True)
            if "until" in role}  # fmt: skip
    keys = _keys(_id(person_id), entry["keys"])
    return Person(_id(person_id), str(entry["name"]), frozenset(roles), keys, ends)


def _deputies(lists: Mapping[str, Any], people: Mapping[str, Any]) -> dict[Any, tuple[str, ...]]:
    """Who is asked in which order, by (role, agency)."""
    found: dict[Any, tuple[str, ...]] = {}
    for name, listed in lists.items():
        role, _, agency = name.partition(":")
        known = all(isinstance(person, str) and person in people for person in _list(listed))
        if not NAME(role) or not (agency == ANY or NAME(agency)) or not known:
            raise malformed("the deputies of {name}", name=ascii(name[:80]))
        if len(set(listed)) != len(listed):
            raise malformed("a deputy of {name} is named twice", name=ascii(name[:80]))
        found[role, agency] = tuple(listed)
    return found


def _root(document: Mapping[str, Any]) -> tuple[int, dict[str, str]]:
    """The threshold and the administrators' keys, of which there must be enough."""
    threshold = document["root"]["threshold"]
    keys = {_id(name): _sign_key(key) for name, key in document["root"]["keys"].items()}
    whole = isinstance(threshold, int) and not isinstance(threshold, bool)
    if not whole or len(set(keys.values())) != len(keys) or not 1 <= threshold <= len(keys):
        raise malformed("the root needs as many distinct keys as it asks for")
    return threshold, keys


def read_document(
    document: Mapping[str, Any], version: int, fingerprint: str, act_digest: str = ""
) -> Roster:
    """Check a roster document by itself. Raises TrustError; a key may stand under one name only."""
    try:
        people = {name: _person(name, entry) for name, entry in document["people"].items()}
        publishers = {
            _id(name): Key(name, *_pair(entry), "active", "")
            for name, entry in document.get("publishers", {}).items()
        }
        threshold, root_keys = _root(document)
        recovery = _read_key(document["recovery"]) if "recovery" in document else ""
        deputies = _deputies(document.get("deputies", {}), people)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise TrustError("Malformed roster", f"{type(error).__name__}: {error}") from None
    if document.get("format") is True or document.get("format") != 1:
        raise malformed("unknown format")
    if set(people) & set(publishers) or "recovery" in people or "recovery" in publishers:
        raise malformed("one id stands for two")
    everyone = [key for person in people.values() for key in person.keys]
    everyone += list(publishers.values())
    by_sign: dict[str, Key] = {}
    seen_read: set[str] = {recovery} - {""}
    for key in everyone:
        if key.sign in by_sign or key.read in seen_read:
            raise TrustError(
                "One key under two names",
                phrase(
                    "{person} and {other}",
                    person=by_sign[key.sign].person if key.sign in by_sign else "…",
                    other=key.person,
                ),
                "Each person makes a key of their own: desk key new",
            )
        by_sign[key.sign] = key
        seen_read.add(key.read)
    for name, root_key in root_keys.items():
        entry = by_sign.get(root_key)
        if entry and (entry.state in ENDED or entry.person in publishers):
            raise malformed("the root key of {name} is ended or a service's", name=name)
    return Roster(
        version, document, people, publishers, by_sign, threshold, root_keys, recovery,
        fingerprint, act_digest, deputies,
    )  # fmt: skip


def has_quorum(act: Act, threshold: int, keys: Mapping[str, str]) -> bool:
    """Whether enough distinct root keys signed the act."""
    return len(verify(act.envelope, set(keys.values()))) >= threshold


def first(act: Act, pinned_fingerprint: str) -> Roster:
    """Read the first roster of a chain. Raises TrustError unless its root is the pinned one."""
    document = act.fields["document"]
    if not isinstance(document.get("root"), dict):
        raise malformed("no root")
    fingerprint = root_fingerprint(str(document.get("newsroom")), document["root"])
    if fingerprint != pinned_fingerprint:
        raise TrustError(
            "This is another newsroom",
            "the root of the roster is not the pinned one",
            "Compare the fingerprint by voice with an administrator: desk roster show",
        )
    roster = read_document(document, act.fields["version"], fingerprint, act.digest)
    if act.fields["version"] != 1 or "parent" in act.fields:
        raise malformed("a chain starts at version 1")
    return _accept(act, roster, roster)


def following(act: Act, before: Roster) -> Roster:
    """Read the roster that follows another. Raises TrustError unless that one's root signed it."""
    if act.fields["version"] != before.version + 1 or act.fields.get("parent") != before.digest:
        raise TrustError(
            "Roster out of order", phrase("version {version}", version=act.fields["version"])
        )
    roster = read_document(
        act.fields["document"], act.fields["version"], before.fingerprint, act.digest
    )
    if roster.newsroom != before.newsroom:
        raise TrustError("This is another newsroom", "the roster names another id")
    _stays_compromised(before, roster)
    return _accept(act, roster, before)


def _stays_compromised(before: Roster, after: Roster) -> None:
    """What somebody else may sign with does not become sound again, nor is it forgotten: a key
    that is no longer listed could come back as a new one."""
    for sign, key in before.keys.items():
        now = after.keys.get(sign)
        same = now and (now.person, now.read, now.state) == (key.person, key.read, key.state)
        if key.state == "compromised" and not same:
            raise TrustError(
                "A compromised key stays compromised",
                phrase("a key of {person}", person=key.person),
                "Give the post a new key: desk people rekey",
            )


def _accept(act: Act, roster: Roster, judged_by: Roster) -> Roster:
    if act.fields["newsroom"] != roster.newsroom:
        raise TrustError("This is another newsroom", "the act names another newsroom")
    if not has_quorum(act, judged_by.root_threshold, judged_by.root_keys):
        text = "version {version} needs {needed} administrators"
        lacks = phrase(text, version=roster.version, needed=judged_by.root_threshold)
        raise TrustError("The roster lacks signatures", lacks)
    return roster


def document_digest(document: Mapping[str, Any]) -> str:
    """SHA-256 of a document's canonical bytes."""
    return digest_bytes(canonical(dict(document)))
