"""Acts: how one is written and read.

An act is a DSSE envelope whose payload is canonical JSON. `FIELDS` (`act_kinds.py`) is the whole
vocabulary; an act with an unknown kind, a missing field, an extra field or a malformed value
(`act_shapes.py`) is not an act. Both are offered here too: who reads acts needs no other module.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.trust.act_kinds import (
    CONTACTS,
    EVERYTHING,
    FIELDS,
    NEEDS_ACK,
    PEOPLE,
    PREFIX,
    SUFFIX,
    TERMS,
    Kind,
)
from desk.trust.act_shapes import (
    AGENCY,
    CONTACT,
    DIGEST,
    ENQUIRY,
    ENTRY,
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
    WALL,
    WHOLE,
    ZONE,
    Check,
)
from desk.trust.envelope import Envelope, Signer
from desk.trust.envelope import sign as sign_envelope

__all__ = [
    "AGENCY",
    "CONTACT",
    "CONTACTS",
    "DIGEST",
    "ENQUIRY",
    "ENTRY",
    "EVERYTHING",
    "FIELDS",
    "INSTANT",
    "ITEM",
    "LANGUAGE",
    "MAX_PAYLOAD",
    "MESSAGE",
    "NAME",
    "NEEDS_ACK",
    "NEWSROOM",
    "PEOPLE",
    "PERSON",
    "PREFIX",
    "RELEASE",
    "REVISION",
    "SIGN_KEY",
    "SUFFIX",
    "TERMS",
    "WALL",
    "WHOLE",
    "ZONE",
    "Act",
    "Check",
    "Kind",
    "UnknownKind",
    "read",
    "write",
]

# Payload bytes by who signs: read before any signature is checked, so it must stay cheap.
MAX_PAYLOAD = {"person": 128 * 1024, "publisher": 256 * 1024, "leads": 512 * 1024,
               "root": 3 * 1024 * 1024, "script": 4 * 1024}  # fmt: skip


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
