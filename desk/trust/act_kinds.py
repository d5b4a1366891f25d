"""Kinds of acts: the whole vocabulary of the log, and the fields of each kind.

`docs/canonical.md` describes the same table for other implementations.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from desk.trust.act_shapes import (
    AGENCY,
    BOARD_ENTRY,
    CONTACT,
    DIGEST,
    ENQUIRY,
    GATE,
    INSTANT,
    ITEM,
    LANGUAGE,
    MESSAGE,
    NAME,
    NEWSROOM,
    PERSON,
    RELEASE,
    REVISION,
    SIGN_KEY,
    SIGNED_ITEM,
    TRIGGER,
    WALL,
    ZONE,
    Check,
    distinct,
    list_of,
    one_of,
    text,
    whole,
)

PREFIX = "application/vnd.desk.act."
SUFFIX = ".v1+json"
EVERYTHING = "*"  # the subject of a hold over all releases
PEOPLE = "people"  # the subject of delegations
CONTACTS = "contacts"  # the subject of the spokesperson board
TERMS = "terms"  # the subject of changes of the newsroom's own termbase


@dataclass(frozen=True)
class Kind:
    """What one kind of act carries.

    `signed_by`: person, root (a quorum), leads, publisher, script (a key that was granted).
    """

    name: str
    subject: Check
    required: Mapping[str, Check]
    optional: Mapping[str, Check]
    signed_by: str = "person"

    @property
    def payload_type(self) -> str:
        """The DSSE payload type."""
        return PREFIX + self.name + SUFFIX


def _kind(
    name: str,
    subject: Check,
    required: Mapping[str, Check],
    optional: Mapping[str, Check] | None = None,
    signed_by: str = "person",
) -> Kind:
    common: dict[str, Check] = {"newsroom": NEWSROOM, "kind": one_of(name), "subject": subject}
    if signed_by in ("person", "publisher"):
        common |= {"actor": PERSON, "time": INSTANT}
    elif signed_by in ("root", "script"):
        common |= {"time": INSTANT}
    return Kind(name, subject, common | dict(required), dict(optional or {}), signed_by)


_MOMENT: dict[str, Check] = {"at": INSTANT, "zone": ZONE, "wall": WALL}
_BASIS: dict[str, Check] = {"parent": DIGEST}
_PUBLIC_NOTE: dict[str, Check] = {"note": text(500)}
_SEALED_NOTE: dict[str, Check] = {"reason": DIGEST}
_DOCUMENT: dict[str, Check] = {"version": whole, "document": lambda v: isinstance(v, dict)}

FIELDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("roster", one_of("roster"), _DOCUMENT, _BASIS, "root"),
        _kind("policy", one_of("policy"), _DOCUMENT, _BASIS, "root"),
        _kind("resume", one_of("newsroom"), {"head": DIGEST, "seq": whole}, {}, "root"),
        _kind(
            "item.revise",
            ITEM,
            {
                "revision": REVISION,
                "number": whole,
                "language": LANGUAGE,
                "item_kind": NAME,
                "agency": NAME,
                "content": DIGEST,
            },
            {
                "parent": DIGEST,
                "message": MESSAGE,
                "notes": DIGEST,
                "code": text(60),
                "quick_fix": lambda value: value is True,
            },
        ),
        _kind(
            "item.approve",
            ITEM,
            {"revision": DIGEST, "step": NAME, "gates": list_of(GATE, 50), "roster": whole},
            {"acknowledged": list_of(DIGEST, 500), "termbase": text(80)},
        ),
        _kind("item.return", ITEM, {"revision": DIGEST}, _SEALED_NOTE | {"step": NAME}),
        _kind(
            "item.withdraw",
            ITEM,
            {"revision": DIGEST, "mode": one_of("withdraw", "takedown", "kill")} | _PUBLIC_NOTE,
            {"parent": DIGEST},
        ),
        _kind("item.restore", ITEM, {"revision": DIGEST, "withdrawal": DIGEST}),
        _kind(
            "release.plan",
            RELEASE,
            _MOMENT
            | {
                "code": text(60),
                "channels": distinct(NAME),
                "items": distinct(ITEM),
            },
            {"slot": NAME, "fold": one_of("earlier", "later")},
        ),
        _kind(
            "release.edit",
            RELEASE,
            _BASIS | {"channels": distinct(NAME), "items": distinct(ITEM)},
            {"code": text(60)},
        ),
        _kind(
            "release.move",
            RELEASE,
            _BASIS | _MOMENT,
            {"slot": NAME, "fold": one_of("earlier", "later")} | _PUBLIC_NOTE,
        ),
        _kind("release.confirm", RELEASE, _BASIS),
        _kind("release.postpone", RELEASE, _BASIS | _PUBLIC_NOTE),
        _kind("release.cancel", RELEASE, _BASIS | _PUBLIC_NOTE),
        _kind("release.recall", RELEASE, _BASIS | {"signoff": DIGEST}, _SEALED_NOTE),
        _kind(
            "release.sign",
            RELEASE,
            _BASIS
            | {
                "at": INSTANT,
                "zone": ZONE,
                "not_after": INSTANT,
                "publish_within": whole,
                "channels": distinct(NAME),
                "items": list_of(SIGNED_ITEM),
                "policy": DIGEST,
                "policy_version": whole,
                "roster_version": whole,
            },
            {"termbase": text(80), "trigger": TRIGGER},
            "leads",
        ),
        _kind(
            "release.hold",
            lambda v: v == EVERYTHING or RELEASE(v),
            {"nonce": DIGEST},
            _SEALED_NOTE,
        ),
        _kind("release.lift", lambda v: v == EVERYTHING or RELEASE(v), {"hold": DIGEST}),
        _kind(
            "release.grant",
            RELEASE,
            _BASIS
            | _MOMENT
            | {"until": INSTANT, "script": NAME, "key": SIGN_KEY, "once": lambda v: v is True},
            {"fold": one_of("earlier", "later")} | _PUBLIC_NOTE,
        ),
        _kind("release.trigger", RELEASE, {"grant": DIGEST, "signoff": DIGEST}, {}, "script"),
        _kind(
            "people.delegate",
            one_of(PEOPLE),
            {"to": PERSON, "role": NAME, "agency": AGENCY, "from": INSTANT, "until": INSTANT},
            {"note": text(200)},
        ),
        _kind("people.undelegate", one_of(PEOPLE), {"delegation": DIGEST}),
        _kind(
            "people.remind",
            lambda v: ITEM(v) or RELEASE(v),
            {"to": distinct(PERSON), "step": NAME},
        ),
        _kind(
            "terms.change",
            one_of(TERMS),
            {
                "number": whole,
                "base": DIGEST,
                "after": DIGEST,
                "change": DIGEST,
                "people": lambda value: whole(value) and value in (1, 2),
            },
        ),
        _kind("contacts.change", one_of(CONTACTS), {"entries": list_of(BOARD_ENTRY, 500)}),
        _kind(
            "contact.available",
            RELEASE,
            {"contact": CONTACT, "can": one_of("yes", "no"), "from": INSTANT, "until": INSTANT},
        ),
        _kind(
            "enquiry.open",
            ENQUIRY,
            {"question": DIGEST, "language": LANGUAGE, "agency": NAME, "due": INSTANT},
            {"enquirer": DIGEST, "topic": NAME, "contact": CONTACT},
        ),
        _kind("enquiry.assign", ENQUIRY, _BASIS, {"contact": CONTACT, "due": INSTANT}),
        _kind("enquiry.answer", ENQUIRY, _BASIS | {"item": ITEM}),
        _kind(
            "enquiry.close",
            ENQUIRY,
            _BASIS | {"outcome": one_of("answered", "declined")},
            _SEALED_NOTE | {"revision": DIGEST},
        ),
        _kind("enquiry.reopen", ENQUIRY, _BASIS | {"due": INSTANT}),
        _kind("enquiry.forget", ENQUIRY, _BASIS),
        _kind(
            "publisher.staged",
            RELEASE,
            {"signoff": DIGEST, "channel": NAME, "address": DIGEST},
            {},
            "publisher",
        ),
        _kind(
            "publisher.released",
            RELEASE,
            {
                "signoff": DIGEST,
                "channel": NAME,
                "address": DIGEST,
                "opened_ms": whole,
                "revisions": distinct(DIGEST),
            },
            {"receipt": DIGEST},
            "publisher",
        ),
        _kind(
            "publisher.failed",
            RELEASE,
            {"signoff": DIGEST, "channel": NAME, "code": NAME},
            {},
            "publisher",
        ),
        _kind("publisher.missed", RELEASE, {"signoff": DIGEST, "code": NAME}, {}, "publisher"),
        _kind(
            "publisher.ack",
            lambda v: isinstance(v, str),
            {"act": DIGEST, "outcome": one_of("in-force", "too-late")},
            {},
            "publisher",
        ),
        _kind(
            "publisher.alarm",
            lambda v: isinstance(v, str),
            {"code": NAME},
            {"detail": text(300)},
            "publisher",
        ),
    )
}

# Acts that stop, take back or change what goes out: they count only once the publisher has seen
# them (it acknowledges).
NEEDS_ACK = frozenset(
    {"release.edit", "release.hold", "release.lift", "release.recall", "release.move",
     "release.postpone", "release.cancel", "release.grant", "item.return", "item.withdraw",
     "item.restore", "people.undelegate", "roster", "policy"}
)  # fmt: skip
