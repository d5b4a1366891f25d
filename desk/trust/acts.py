"""Acts: every kind, its fields, and how one is written and read.

An act is a DSSE envelope whose payload is canonical JSON. `FIELDS` is the whole vocabulary; an
act with an unknown kind, a missing field, an extra field or a malformed value is not an act.
`docs/canonical.md` describes the same table for other implementations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.errors import TrustError
from desk.trust.envelope import Envelope, Signer
from desk.trust.envelope import sign as sign_envelope
from desk.trust.keys import weak_signing_key

PREFIX = "application/vnd.desk.act."
SUFFIX = ".v1+json"
EVERYTHING = "*"  # the subject of a hold over all releases
PEOPLE = "people"  # the subject of delegations
CONTACTS = "contacts"  # the subject of the spokesperson board
TERMS = "terms"  # the subject of changes of the newsroom's own termbase

Check = Callable[[Any], bool]

# Payload bytes by who signs: read before any signature is checked, so it must stay cheap.
MAX_PAYLOAD = {"person": 128 * 1024, "publisher": 256 * 1024, "leads": 512 * 1024,
               "root": 3 * 1024 * 1024, "script": 4 * 1024}  # fmt: skip


def _matches(pattern: str) -> Check:
    compiled = re.compile(pattern, re.ASCII)  # no digits or letters of other scripts
    return lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None


def _text(limit: int) -> Check:
    return lambda value: isinstance(value, str) and 0 < len(value) <= limit


def _moment(pattern: str) -> Check:
    shape = _matches(pattern)

    def check(value: Any) -> bool:
        if not shape(value):
            return False
        try:
            datetime.fromisoformat(value.removesuffix("Z"))
        except ValueError:
            return False
        return True

    return check


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _list_of(check: Check, limit: int = 2000) -> Check:
    return lambda value: (
        isinstance(value, list) and len(value) <= limit and all(check(entry) for entry in value)
    )


def _distinct(check: Check) -> Check:
    listed = _list_of(check)
    return lambda value: listed(value) and len(set(value)) == len(value)


def _object(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    extra = optional or {}

    def check(value: Any) -> bool:
        return (
            isinstance(value, dict)
            and required.keys() <= value.keys()
            and value.keys() <= required.keys() | extra.keys()
            and all((required.get(k) or extra[k])(v) for k, v in value.items())
        )

    return check


def _one_of(*words: str) -> Check:
    return lambda value: isinstance(value, str) and value in words


PERSON = _matches(r"[a-z0-9][a-z0-9-]{0,63}")
ITEM = _matches(r"i-[0-9a-hjkmnp-tv-z]{10}")
RELEASE = _matches(r"r-[0-9a-hjkmnp-tv-z]{10}")
MESSAGE = _matches(r"m-[0-9a-hjkmnp-tv-z]{10}")
REVISION = _matches(r"v-[0-9a-hjkmnp-tv-z]{16}")
ENQUIRY = _matches(r"q-[0-9a-hjkmnp-tv-z]{10}")
CONTACT = _matches(r"c-[0-9a-hjkmnp-tv-z]{10}")
# A contact, a shift, an absence; or a topic of an agency.
ENTRY = _matches(r"[csw]-[0-9a-hjkmnp-tv-z]{10}|[a-z0-9][a-z0-9-]{0,63}@[a-z0-9][a-z0-9-]{0,63}")
DIGEST = _matches(r"[0-9a-f]{64}")
SIGN_KEY: Check = lambda value: DIGEST(value) and not weak_signing_key(value)  # noqa: E731
# A date that exists, in two centuries: nothing computed from it can overflow.
# Hours to 23: newer Pythons read 24:00 as the next day, and all must read one act alike.
_CLOCK = r"2[01]\d\d-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d"
INSTANT = _moment(_CLOCK + "Z")
WALL = _moment(_CLOCK)
NAME = _matches(r"[a-z0-9][a-z0-9-]{0,63}")
AGENCY: Check = lambda value: value == "*" or NAME(value)  # noqa: E731
LANGUAGE = _matches(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
ZONE = _matches(r"[A-Za-z0-9_+\-/]{1,64}")
WHOLE: Check = _whole
NEWSROOM = _matches(r"[a-z0-9][a-z0-9-]{0,63}@[0-9a-f]{32}")
_GATE = _object(
    {
        "id": NAME,
        "version": _whole,
        "outcome": _one_of("pass", "warn", "fail"),
        "input": DIGEST,
    }
)
_ENTRY_VALUE: Check = lambda v: isinstance(v, dict) and NAME(v.get("agency"))  # noqa: E731
_BOARD_ENTRY = _object({"id": ENTRY}, {"value": _ENTRY_VALUE, "parent": DIGEST, "private": DIGEST})
_SIGNED_ITEM = _object({"item": ITEM, "revision": DIGEST, "language": LANGUAGE})
_TRIGGER = _object({"grant": DIGEST, "key": SIGN_KEY, "script": NAME})


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
    common: dict[str, Check] = {"newsroom": NEWSROOM, "kind": _one_of(name), "subject": subject}
    if signed_by in ("person", "publisher"):
        common |= {"actor": PERSON, "time": INSTANT}
    elif signed_by in ("root", "script"):
        common |= {"time": INSTANT}
    return Kind(name, subject, common | dict(required), dict(optional or {}), signed_by)


_MOMENT: dict[str, Check] = {"at": INSTANT, "zone": ZONE, "wall": WALL}
_BASIS: dict[str, Check] = {"parent": DIGEST}
_PUBLIC_NOTE: dict[str, Check] = {"note": _text(500)}
_SEALED_NOTE: dict[str, Check] = {"reason": DIGEST}
_DOCUMENT: dict[str, Check] = {"version": _whole, "document": lambda v: isinstance(v, dict)}

FIELDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        _kind("roster", _one_of("roster"), _DOCUMENT, _BASIS, "root"),
        _kind("policy", _one_of("policy"), _DOCUMENT, _BASIS, "root"),
        _kind("resume", _one_of("newsroom"), {"head": DIGEST, "seq": _whole}, {}, "root"),
        _kind(
            "item.revise",
            ITEM,
            {
                "revision": REVISION,
                "number": _whole,
                "language": LANGUAGE,
                "item_kind": NAME,
                "agency": NAME,
                "content": DIGEST,
            },
            {
                "parent": DIGEST,
                "message": MESSAGE,
                "notes": DIGEST,
                "code": _text(60),
                "quick_fix": lambda value: value is True,
            },
        ),
        _kind(
            "item.approve",
            ITEM,
            {"revision": DIGEST, "step": NAME, "gates": _list_of(_GATE, 50), "roster": _whole},
            {"acknowledged": _list_of(DIGEST, 500), "termbase": _text(80)},
        ),
        _kind("item.return", ITEM, {"revision": DIGEST}, _SEALED_NOTE | {"step": NAME}),
        _kind(
            "item.withdraw",
            ITEM,
            {"revision": DIGEST, "mode": _one_of("withdraw", "takedown", "kill")} | _PUBLIC_NOTE,
            {"parent": DIGEST},
        ),
        _kind("item.restore", ITEM, {"revision": DIGEST, "withdrawal": DIGEST}),
        _kind(
            "release.plan",
            RELEASE,
            _MOMENT
            | {
                "code": _text(60),
                "channels": _distinct(NAME),
                "items": _distinct(ITEM),
            },
            {"slot": NAME, "fold": _one_of("earlier", "later")},
        ),
        _kind(
            "release.edit",
            RELEASE,
            _BASIS | {"channels": _distinct(NAME), "items": _distinct(ITEM)},
            {"code": _text(60)},
        ),
        _kind(
            "release.move",
            RELEASE,
            _BASIS | _MOMENT,
            {"slot": NAME, "fold": _one_of("earlier", "later")} | _PUBLIC_NOTE,
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
                "publish_within": _whole,
                "channels": _distinct(NAME),
                "items": _list_of(_SIGNED_ITEM),
                "policy": DIGEST,
                "policy_version": _whole,
                "roster_version": _whole,
            },
            {"termbase": _text(80), "trigger": _TRIGGER},
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
            {"fold": _one_of("earlier", "later")} | _PUBLIC_NOTE,
        ),
        _kind("release.trigger", RELEASE, {"grant": DIGEST, "signoff": DIGEST}, {}, "script"),
        _kind(
            "people.delegate",
            _one_of(PEOPLE),
            {"to": PERSON, "role": NAME, "agency": AGENCY, "from": INSTANT, "until": INSTANT},
            {"note": _text(200)},
        ),
        _kind("people.undelegate", _one_of(PEOPLE), {"delegation": DIGEST}),
        _kind(
            "people.remind",
            lambda v: ITEM(v) or RELEASE(v),
            {"to": _distinct(PERSON), "step": NAME},
        ),
        _kind(
            "terms.change",
            _one_of(TERMS),
            {
                "number": _whole,
                "base": DIGEST,
                "after": DIGEST,
                "change": DIGEST,
                "people": lambda value: _whole(value) and value in (1, 2),
            },
        ),
        _kind("contacts.change", _one_of(CONTACTS), {"entries": _list_of(_BOARD_ENTRY, 500)}),
        _kind(
            "contact.available",
            RELEASE,
            {"contact": CONTACT, "can": _one_of("yes", "no"), "from": INSTANT, "until": INSTANT},
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
            _BASIS | {"outcome": _one_of("answered", "declined")},
            _SEALED_NOTE | {"revision": DIGEST},
        ),
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
                "opened_ms": _whole,
                "revisions": _distinct(DIGEST),
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
            {"act": DIGEST, "outcome": _one_of("in-force", "too-late")},
            {},
            "publisher",
        ),
        _kind(
            "publisher.alarm",
            lambda v: isinstance(v, str),
            {"code": NAME},
            {"detail": _text(300)},
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


@dataclass(frozen=True)
class Act:
    """One read act: its kind and fields. Whether it is signed by whom it should is for `verify`.

    `digest` is the name by which other acts refer to it (SHA-256 over type and payload).
    """

    kind: Kind
    fields: Mapping[str, Any]
    envelope: Envelope
    digest: str

    @property
    def subject(self) -> str:
        """The item, release, or document that it is about."""
        return str(self.fields["subject"])

    @property
    def actor(self) -> str:
        """The person or publisher that it names, or '' for acts of several."""
        return str(self.fields.get("actor", ""))

    @property
    def time(self) -> str:
        """The instant that it states, or ''."""
        return str(self.fields.get("time", ""))


class UnknownKind(TrustError):
    """An act of a kind that this Desk does not know: nobody may guess what it means."""

    code = "unknown_kind"


def read(envelope: Envelope) -> Act:
    """Read an act. Raises UnknownKind, or TrustError naming the field that is wrong."""
    kind_name = envelope.payload_type.removeprefix(PREFIX).removesuffix(SUFFIX)
    kind = FIELDS.get(kind_name)
    if kind is None or kind.payload_type != envelope.payload_type:
        raise UnknownKind("Unknown kind of act", envelope.payload_type[:80])
    if len(envelope.payload) > MAX_PAYLOAD[kind.signed_by]:
        raise TrustError("Act too large", f"{kind_name}: {len(envelope.payload)} bytes")
    if kind.signed_by not in ("leads", "root") and len(envelope.signatures) > 1:
        # A second signature could only cast doubt on which key counts.
        raise TrustError("Malformed act", f"{kind_name}: one signature, by the actor")
    fields = envelope.body()
    for name in fields:
        if name not in kind.required and name not in kind.optional:
            raise TrustError("Malformed act", f"{kind_name}: unexpected field {name[:40]}")
    for name, check in kind.required.items():
        if name not in fields or not check(fields[name]):
            raise TrustError("Malformed act", f"{kind_name}: field {name}")
    for name, check in kind.optional.items():
        if name in fields and not check(fields[name]):
            raise TrustError("Malformed act", f"{kind_name}: field {name}")
    return Act(kind, fields, envelope, envelope.digest)


def write(kind_name: str, fields: Mapping[str, Any], *signers: Signer) -> Act:
    """Sign a new act. `fields` without `kind`; a field whose value is None is left out."""
    kind = FIELDS[kind_name]
    value = {name: given for name, given in fields.items() if given is not None}
    value["kind"] = kind_name
    return read(sign_envelope(kind.payload_type, value, *signers))
