"""A person's keys: one 32-byte seed, from which the signing and the reading key are derived.

Ed25519 (RFC 8032) signs, X25519 with HPKE base mode (RFC 9180) opens what was wrapped for the
reader. Both come from the seed by HKDF-SHA256 (RFC 5869) with names of their own.
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from desk.errors import TrustError
from desk.phrase import phrase

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


_P = 2**255 - 19
# Points of order 8 and less on edwards25519 (y) and curve25519 (u); RFC 7748 section 6.1.
_Y8 = 0x05FC536D880238B13933C6D305ACDFD5F098EFF289F4C345B027B2C28F95E826
_WEAK_Y = frozenset({0, 1, _P - 1, _Y8, _P - _Y8})
_WEAK_U = frozenset({
    0, 1, _P - 1,
    325606250916557431795983626356110631294008115727848805560023387167927233504,
    39382357235489614581723061780553021112529911719440698176882885853963445705823,
})  # fmt: skip


def _coordinate(key: str) -> int:
    return int.from_bytes(bytes.fromhex(key), "little") & (2**255 - 1)


def weak_signing_key(key: str) -> bool:
    """Whether anybody could sign for that Ed25519 key (hex), or it has a second spelling."""
    y = _coordinate(key)
    return y >= _P or y in _WEAK_Y


def weak_reading_key(key: str) -> bool:
    """Whether anybody could open what is wrapped for that X25519 key (hex), or it has a twin."""
    u = _coordinate(key)
    return u >= _P or u in _WEAK_U or bytes.fromhex(key)[31] > 127


def derive(secret: bytes, name: str, length: int = 32) -> bytes:
    """HKDF-SHA256 of a secret under a name; the name is the only thing that tells uses apart."""
    return HKDF(hashes.SHA256(), length, salt=None, info=name.encode()).derive(secret)


class Identity:
    """The two private keys of one person or service. Its repr shows public parts only."""

    def __init__(self, seed: bytes | bytearray) -> None:
        if len(seed) != 32:
            raise TrustError("A key seed is 32 bytes", phrase("got {size}", size=len(seed)))
        self._signing = Ed25519PrivateKey.from_private_bytes(derive(bytes(seed), "desk sign v1"))
        self._reading = X25519PrivateKey.from_private_bytes(derive(bytes(seed), "desk read v1"))
        self.sign_public = self._signing.public_key().public_bytes_raw().hex()
        self.read_public = self._reading.public_key().public_bytes_raw().hex()

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
        return _SUITE.encrypt(secret, public, info)
    except ValueError:
        raise TrustError("Not a reading key", read_public[:16]) from None


def fingerprint(key: str) -> str:
    """A public key or digest (hex) in groups of four, to be read aloud and compared."""
    return " ".join(key[i : i + 4] for i in range(0, min(len(key), 40), 4))
