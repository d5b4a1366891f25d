"""A person's keys: one 32-byte seed, from which the signing and the reading key are derived.

Ed25519 (RFC 8032) signs, X25519 with HPKE base mode (RFC 9180) opens what was wrapped for the
reader. Both come from the seed by HKDF-SHA256 (RFC 5869) with names of their own.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desk.errors import TrustError

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_RAW = serialization.Encoding.Raw
_RAW_PUBLIC = serialization.PublicFormat.Raw


def derive(secret: bytes, name: str, length: int = 32) -> bytes:
    """HKDF-SHA256 of a secret under a name; the name is the only thing that tells uses apart."""
    return HKDF(hashes.SHA256(), length, salt=None, info=name.encode()).derive(secret)


class Identity:
    """The two private keys of one person or service. Its repr shows public parts only."""

    def __init__(self, seed: bytes | bytearray) -> None:
        if len(seed) != 32:
            raise TrustError("A key seed is 32 bytes", f"got {len(seed)}")
        self._signing = Ed25519PrivateKey.from_private_bytes(derive(bytes(seed), "desk sign v1"))
        self._reading = X25519PrivateKey.from_private_bytes(derive(bytes(seed), "desk read v1"))
        self.sign_public = self._signing.public_key().public_bytes(_RAW, _RAW_PUBLIC).hex()
        self.read_public = self._reading.public_key().public_bytes(_RAW, _RAW_PUBLIC).hex()

    @classmethod
    def from_seed(cls, seed: bytes | bytearray) -> Identity:
        """The identity of a 32-byte seed."""
        return cls(seed)

    @classmethod
    def generate(cls) -> tuple[Identity, bytes]:
        """A fresh identity and its seed (32 bytes, from the system's generator)."""
        seed = os.urandom(32)
        return cls(seed), seed

    def __repr__(self) -> str:
        return f"Identity({self.sign_public[:16]}…)"

    def sign(self, message: bytes) -> bytes:
        """A 64-byte Ed25519 signature over the message."""
        return self._signing.sign(message)

    def open(self, wrapped: bytes, info: bytes) -> bytes:
        """Open what was wrapped for this reader. Raises TrustError when it was not, or altered."""
        try:
            return _SUITE.decrypt(wrapped, self._reading, info)
        except (InvalidTag, ValueError):
            raise TrustError(
                "This key does not open it",
                "the wrapped key was made for another reader or changed",
            ) from None


def wrap(secret: bytes, read_public: str, info: bytes) -> bytes:
    """Encrypt a secret to one reader's X25519 key (hex), bound to `info` (HPKE, RFC 9180)."""
    try:
        public = X25519PublicKey.from_public_bytes(bytes.fromhex(read_public))
    except ValueError:
        raise TrustError("Not a reading key", read_public[:16]) from None
    return _SUITE.encrypt(secret, public, info)


def fingerprint(key: str) -> str:
    """A public key or digest (hex) in groups of four, to be read aloud and compared."""
    return " ".join(key[i : i + 4] for i in range(0, min(len(key), 40), 4))
