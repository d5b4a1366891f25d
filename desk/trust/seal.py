"""Seals: one key per sealed thing, AES-256-GCM, wrapped for each reader.

The associated data names what the ciphertext is (kind, item, revision, field, format), by frozen
logical names, so that two ciphertexts swapped between rows do not open. The key of one thing is
wrapped with HPKE for each reader; the wrap's `info` binds the reader's roster entry.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.errors import TrustError
from desk.phrase import phrase
from desk.trust.canonical import canonical
from desk.trust.keys import Identity, wrap

FORMAT = 1


@dataclass(frozen=True)
class Name:
    """What a sealed thing is. `kind`: revision, draft, note; `field`: content, notes, asset:…"""

    newsroom: str
    kind: str
    subject: str
    id: str

    def aad(self, part: str) -> bytes:
        """The associated data for one part of the thing."""
        return canonical(
            {
                "field": part,
                "format": FORMAT,
                "id": self.id,
                "kind": self.kind,
                "newsroom": self.newsroom,
                "subject": self.subject,
            }
        )


@dataclass(frozen=True)
class Reader:
    """One entry of the roster that may read: who, and the X25519 key (hex)."""

    id: str
    key: str


@dataclass
class SealKey:
    """The 32-byte key of one sealed thing. Never stored or shown; only its wraps are."""

    name: Name
    secret: bytes = field(repr=False)

    @classmethod
    def fresh(cls, name: Name) -> SealKey:
        """A new random key for a new thing."""
        return cls(name, os.urandom(32))

    def seal(self, part: str, plaintext: bytes) -> bytes:
        """Nonce (12 bytes) and ciphertext of one part."""
        nonce = os.urandom(12)
        return nonce + AESGCM(self.secret).encrypt(nonce, plaintext, self.name.aad(part))

    def open(self, part: str, sealed: bytes) -> bytes:
        """The plaintext of one part. Raises TrustError when it is not what it is said to be."""
        try:
            return AESGCM(self.secret).decrypt(sealed[:12], sealed[12:], self.name.aad(part))
        except (InvalidTag, ValueError, TypeError):  # a database may hand over text for bytes
            raise TrustError(
                "A seal does not hold",
                phrase(
                    "{kind} {id}, {part}: altered, or put in another's place",
                    kind=self.name.kind,
                    id=self.name.id,
                    part=part,
                ),
                "Tell the administrators: desk audit verify",
            ) from None

    def wrap_for(self, readers: Iterable[Reader]) -> dict[str, bytes]:
        """The key wrapped for each reader, by the reader's key (hex)."""
        return {r.key: wrap(self.secret, r.key, wrap_info(self.name, r)) for r in readers}


def wrap_info(name: Name, reader: Reader) -> bytes:
    """What a wrap is bound to: the thing and the reader's roster entry."""
    return canonical(
        {
            "desk": "wrap v1",
            "id": name.id,
            "key": reader.key,
            "kind": name.kind,
            "newsroom": name.newsroom,
            "reader": reader.id,
            "subject": name.subject,
        }
    )


def unwrap(
    name: Name, wraps: Mapping[str, bytes], reader_id: str, identity: Identity
) -> SealKey | None:
    """The key of a thing for one reader, or None when there is no wrap for that reader."""
    wrapped = wraps.get(identity.read_public)
    if wrapped is None:
        return None
    info = wrap_info(name, Reader(reader_id, identity.read_public))
    return SealKey(name, identity.open(wrapped, info))
