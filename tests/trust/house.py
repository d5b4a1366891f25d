"""A small newsroom for tests of the trust core: fixed keys, a roster, a policy, and its acts.

Everything is derived from fixed seeds, so that a failing example can be played again, and the
committed vectors are the same on every machine.
"""

from __future__ import annotations

import copy
import hashlib
from typing import Any

from desk.trust.acts import Act, write
from desk.trust.envelope import Envelope
from desk.trust.judge import judge, manifest
from desk.trust.keys import Identity
from desk.trust.record import Applied, Record
from desk.trust.roster import root_fingerprint, uid

NEWSROOM = "desk-vn"
AT = "2026-11-20T08:00:00Z"
WALL = "2026-11-20T15:00:00"
ZONE = "Asia/Ho_Chi_Minh"
TIME = "2026-11-20T07:00:00Z"
ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

ROLES: dict[str, list[tuple[str, str]]] = {
    "writer": [("author", "*")],
    "writer-2": [("author", "thong-ke"), ("review", "*")],
    "appraiser": [("appraise", "*")],
    "reviewer": [("review", "*")],
    "checker": [("check", "*")],
    "lead-1": [("lead", "*"), ("check", "*")],
    "lead-2": [("lead", "*")],
    "lead-3": [("lead", "*"), ("author", "*")],
    "lead-yt": [("lead", "y-te"), ("review", "y-te")],
    "guest": [("spokesperson", "*")],
}
ADMINS = ("admin-1", "admin-2", "admin-3")


def seed(name: str) -> bytes:
    return hashlib.sha256(f"desk test seed {name}".encode()).digest()


def identity(name: str) -> Identity:
    return Identity.from_seed(seed(name))


def digest_of(name: str) -> str:
    """Any 64 hex digits, the same each time."""
    return hashlib.sha256(name.encode()).hexdigest()


def ident(letter: str, name: str, length: int = 10) -> str:
    """A well-formed id, the same each time."""
    number = int(digest_of(f"{letter} {name}"), 16)
    return f"{letter}-" + "".join(ALPHABET[(number >> 5 * i) & 31] for i in range(length))


ROOT = {"threshold": 2, "keys": {name: identity(name).sign_public for name in ADMINS}}
PIN = root_fingerprint(NEWSROOM, ROOT)
UID = uid(NEWSROOM, PIN)


def key_entry(name: str, state: str = "active", until: str = "") -> dict[str, Any]:
    who = identity(name)
    entry = {
        "sign": who.sign_public,
        "read": who.read_public,
        "state": state,
        "from": "2026-01-01T00:00:00Z",
    }
    return entry | ({"until": until} if until else {})


def roster_document() -> dict[str, Any]:
    return {
        "format": 1,
        "newsroom": NEWSROOM,
        "root": copy.deepcopy(ROOT),
        "people": {
            name: {
                "name": f"Bộ phận {name}",
                "roles": [{"role": role, "agency": agency} for role, agency in held],
                "keys": [key_entry(name)],
            }
            for name, held in ROLES.items()
        },
        "publishers": {
            "pub-1": {
                "sign": identity("pub-1").sign_public,
                "read": identity("pub-1").read_public,
            }
        },
        "recovery": identity("recovery").read_public,
    }


def policy_document() -> dict[str, Any]:
    return {
        "format": 1,
        "newsroom": NEWSROOM,
        "zone": ZONE,
        "languages": ["vi", "en"],
        "agencies": ["thong-ke", "y-te"],
        "kinds": {
            "news": {"chain": ["review"], "gates": [], "languages": ["vi"], "urgent": False},
            "statement": {
                "chain": ["appraise", "review", "check"],
                "gates": ["legal"],
                "languages": ["vi"],
                "urgent": False,
            },
        },
        "channels": {
            "portal": {
                "driver": "desk",
                "url": "http://127.0.0.1:8601",
                "languages": ["vi", "en"],
                "required": True,
                "key": identity("portal").sign_public,
            },
            "press": {"driver": "folder", "path": "out", "languages": ["vi"], "required": False},
        },
        "releases": {
            "signers": 2,
            "stage_ahead": 600,
            "publish_within": 900,
            "not_after": 900,
            "clock_bound_ms": 500,
        },
        "withdraw_roles": ["lead"],
    }


GATES = [{"id": "legal", "version": 1, "outcome": "pass", "input": digest_of("input")}]
CHAIN = {
    "news": {"review": "reviewer"},
    "statement": {"appraise": "appraiser", "review": "reviewer", "check": "checker"},
}


class House:
    """A growing log of acts and the record folded from it. `say` signs and folds one act."""

    def __init__(self, **policy: Any) -> None:
        self.acts: list[Envelope] = []
        self.record = Record(PIN)
        self.people = {name: identity(name) for name in (*ROLES, *ADMINS, "pub-1")}
        self.count = 0
        self.roster(roster_document())
        self.policy(policy_document() | policy)

    # -- the log

    def put(self, envelope: Envelope) -> Applied:
        """Append an envelope, good or bad, as a database would hand it over."""
        self.acts.append(envelope)
        return self.record.apply(envelope.to_json())

    def good(self, act: Act) -> Act:
        applied = self.put(act.envelope)
        assert not applied.void, applied.void
        return act

    def make(self, kind: str, subject: str, who: str, *, key: str = "", **fields: Any) -> Act:
        """A signed act that is not in the log."""
        value = {"newsroom": UID, "subject": subject, "actor": who, "time": TIME} | fields
        return write(kind, value, self.people[key or who])

    def say(self, kind: str, subject: str, who: str, **fields: Any) -> Act:
        return self.good(self.make(kind, subject, who, **fields))

    def void(self, act: Act | Envelope) -> str:
        """Append an act that must count for nothing; why it does."""
        applied = self.put(act if isinstance(act, Envelope) else act.envelope)
        assert applied.void, "it counted"
        return applied.void

    # -- governance

    def govern(self, kind: str, document: dict[str, Any], *admins: str, **fields: Any) -> Act:
        before = self.record.roster if kind == "roster" else self.record.policy
        value = {
            "newsroom": UID,
            "subject": kind,
            "time": TIME,
            "version": before.version + 1 if before else 1,
            "document": document,
            "parent": before.digest if before else None,
        } | fields
        return write(kind, value, *(self.people[a] for a in admins or ADMINS[:2]))

    def roster(self, document: dict[str, Any]) -> Act:
        return self.good(self.govern("roster", document))

    def policy(self, document: dict[str, Any]) -> Act:
        return self.good(self.govern("policy", document))

    def document(self) -> dict[str, Any]:
        assert self.record.roster is not None
        return copy.deepcopy(dict(self.record.roster.document))

    def key_state(self, person: str, state: str, until: str = TIME) -> Act:
        """A next roster in which that person's key has that state."""
        document = self.document()
        document["people"][person]["keys"][0].update(state=state, until=until)
        return self.roster(document)

    def rotate(self, person: str, until: str = TIME) -> None:
        """A next roster in which that person has a new key; the old one stays in `person-old`."""
        self.people[f"{person}-old"] = self.people[person]
        self.people[person] = identity(f"{person} second")
        document = self.document()
        keys = document["people"][person]["keys"]
        keys[0].update(state="rotated", until=until)
        keys.append(key_entry(f"{person} second"))
        self.roster(document)

    # -- the usual course of things

    def revise(self, name: str, who: str = "writer", **fields: Any) -> Act:
        """A revision that follows the newest one, signed but not in the log."""
        item = self.record.items.get(ident("i", name))
        self.count += 1
        number = item.current.number + 1 if item else 1
        value = {
            "revision": ident("v", f"{name} {number} {who} {self.count}", 16),
            "number": number,
            "language": "vi",
            "item_kind": item.kind if item else "news",
            "agency": item.agency if item else "thong-ke",
            "content": digest_of(f"content {name} {self.count}"),
            "parent": item.latest if item else None,
        }
        return self.make("item.revise", ident("i", name), who, **(value | fields))

    def item(self, name: str, who: str = "writer", **fields: Any) -> Act:
        return self.good(self.revise(name, who, **fields))

    def approval(self, revision: Act, step: str, who: str, **fields: Any) -> Act:
        value = {"revision": revision.digest, "step": step, "gates": GATES, "roster": 1}
        return self.make("item.approve", revision.subject, who, **(value | fields))

    def approve(self, revision: Act) -> None:
        kind = self.record.items[revision.subject].kind
        for step, who in CHAIN[kind].items():
            self.good(self.approval(revision, step, who))

    def plan(self, name: str, *revisions: Act, at: str = AT, who: str = "lead-1") -> str:
        release = ident("r", name)
        plan = self.say(
            "release.plan", release, who, at=at, zone=ZONE, wall=WALL, code=name,
            channels=["portal", "press"], items=sorted(r.subject for r in revisions),
        )  # fmt: skip
        self.say("release.confirm", release, "lead-1", parent=plan.digest)
        return release

    def signoff(self, release: str, *leads: str, **changes: Any) -> Act:
        fields = manifest(self.record, release) | changes
        signers = [self.people[lead] for lead in leads or ("lead-1", "lead-2")]
        return write("release.sign", fields, *signers)

    def ready(self, name: str = "sao-mai", kind: str = "news") -> tuple[str, Act]:
        """A release of one approved item, signed by two leads."""
        revision = self.item(name, item_kind=kind)
        self.approve(revision)
        release = self.plan(name, revision)
        self.good(self.signoff(release))
        return release, revision

    def hold(self, subject: str, who: str = "guest") -> Act:
        self.count += 1
        return self.say("release.hold", subject, who, nonce=digest_of(f"hold {self.count}"))

    def released(self, release: str, **changes: Any) -> Act:
        signoff = self.record.releases[release].signoff
        assert signoff is not None
        value = {
            "signoff": signoff.digest,
            "channel": "portal",
            "address": digest_of("address"),
            "opened_ms": 1_795_161_600_004,
            "revisions": [entry["revision"] for entry in signoff.fields["items"]],
        }
        return self.make("publisher.released", release, "pub-1", **(value | changes))

    def elsewhere(self) -> Record:
        """The same acts as a portal judges them: under the pinned roster and policy of now."""
        return Record.from_acts(
            PIN, self.acts, roster=self.record.roster, policy=self.record.policy
        )


def rules(house: House, release: str) -> set[str]:
    """The rules for which the judge says no to a release."""
    return {reason.rule for reason in judge(house.record, release).reasons}
