"""Signed envelopes: DSSE v1 (secure-systems-lab/dsse) over Ed25519 (RFC 8032).

The signature covers the payload type and the exact payload bytes (pre-authentication encoding),
so that no act can be read as one of another kind. A key id is the hex of the public key.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from desk.errors import CanonicalError, TrustError
from desk.trust.canonical import canonical, digest_bytes, parse, parse_json

MAX_ENVELOPE = 4 * 1024 * 1024
MAX_SIGNATURES = 64
_KEYID = re.compile(r"[0-9a-f]{64}")


class Signer(Protocol):
    """Anything that holds a signing key: an Identity, a service key, a hardware token."""

    @property
    def sign_public(self) -> str:
        """Ed25519 public key, 64 hex digits."""
        ...

    def sign(self, message: bytes) -> bytes:
        """A 64-byte Ed25519 signature."""
        ...


@dataclass(frozen=True)
class Signature:
    """One signature: the public key (hex) that made it, and its 64 bytes."""

    keyid: str
    sig: bytes


def pae(payload_type: str, payload: bytes) -> bytes:
    """DSSE pre-authentication encoding."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@dataclass(frozen=True)
class Envelope:
    """A payload, its type, and the signatures over both: few, one per key, each of 64 bytes."""

    payload_type: str
    payload: bytes
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        # One spelling of a key and one signature by it: nobody counts twice, and a pile of copies
        # of one good signature costs nobody time.
        if len(self.signatures) > MAX_SIGNATURES:
            raise TrustError("Not an envelope", f"more than {MAX_SIGNATURES} signatures")
        if len({s.keyid for s in self.signatures}) != len(self.signatures):
            raise TrustError("Not an envelope", "two signatures by one key")
        for s in self.signatures:
            if not _KEYID.fullmatch(s.keyid) or len(s.sig) != 64:
                raise TrustError("Not an envelope", "a signature is a key's 64 hex and 64 bytes")

    @property
    def digest(self) -> str:
        """What other acts name this one by: SHA-256 over type and payload, not signatures."""
        return digest_bytes(pae(self.payload_type, self.payload))

    def body(self) -> dict[str, Any]:
        """The payload as a value. Raises CanonicalError unless it is a canonical object."""
        value = parse(self.payload)
        if not isinstance(value, dict):
            raise CanonicalError("A payload is an object")
        return value

    def to_value(self) -> dict[str, Any]:
        """The envelope as plain values (DSSE JSON)."""
        return {
            "payload": base64.b64encode(self.payload).decode(),
            "payloadType": self.payload_type,
            "signatures": [
                {"keyid": s.keyid, "sig": base64.b64encode(s.sig).decode()} for s in self.signatures
            ],
        }

    def to_json(self) -> bytes:
        """The envelope as canonical JSON bytes, the form in which it is stored and hashed."""
        return canonical(self.to_value())

    @classmethod
    def from_json(cls, data: bytes) -> Envelope:
        """Read an envelope. Raises TrustError for anything malformed or too large."""
        if len(data) > MAX_ENVELOPE:
            raise TrustError("Envelope too large", f"{len(data)} bytes")
        return cls.from_value(parse_json(data))

    @classmethod
    def from_value(cls, value: Any) -> Envelope:
        """Read an envelope from plain values. Raises TrustError."""
        try:
            if set(value) != {"payload", "payloadType", "signatures"}:
                raise TrustError("Not an envelope", "unexpected members")
            signatures = tuple(
                Signature(_text(s["keyid"]), _base64(s["sig"])) for s in value["signatures"]
            )
            if any(set(s) != {"keyid", "sig"} for s in value["signatures"]):
                raise TrustError("Not an envelope", "unexpected members")
            kind = value["payloadType"]
            if not isinstance(kind, str) or not kind.isascii():
                raise TrustError("Not an envelope", "payload type")
            return cls(kind, _base64(value["payload"]), signatures)
        except (KeyError, TypeError, AttributeError, binascii.Error, ValueError) as error:
            raise TrustError("Not an envelope", type(error).__name__) from None

    def signed_also_by(self, signer: Signer) -> Envelope:
        """The same envelope with one more signature over the same bytes."""
        extra = Signature(signer.sign_public, signer.sign(pae(self.payload_type, self.payload)))
        return Envelope(self.payload_type, self.payload, (*self.signatures, extra))


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _base64(value: Any) -> bytes:
    """Standard base64, padded, with no bits left over: one spelling of the same bytes."""
    data = base64.b64decode(_text(value), validate=True)
    if base64.b64encode(data).decode() != value:
        raise ValueError
    return data


def sign(payload_type: str, value: Mapping[str, Any], *signers: Signer) -> Envelope:
    """Sign the canonical bytes of a value. One envelope, one signature per signer."""
    envelope = Envelope(payload_type, canonical(dict(value)), ())
    for signer in signers:
        envelope = envelope.signed_also_by(signer)
    return envelope


def verify_bytes(key: str, signature: bytes, message: bytes) -> bool:
    """Whether that Ed25519 key (hex) made that signature over that message."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify(envelope: Envelope, keys: Iterable[str]) -> frozenset[str]:
    """The keys, out of those allowed, whose signatures hold.

    Any signature by an allowed key that does not hold raises TrustError: an envelope is good as
    a whole or not at all. Signatures by other keys count for nothing.
    """
    allowed = keys if isinstance(keys, (set, frozenset, dict)) else set(keys)
    message = pae(envelope.payload_type, envelope.payload)
    good = set()
    for signature in envelope.signatures:
        if signature.keyid not in allowed:
            continue
        if not verify_bytes(signature.keyid, signature.sig, message):
            raise TrustError("A signature does not hold", f"key {signature.keyid[:16]}…")
        good.add(signature.keyid)
    return frozenset(good)
