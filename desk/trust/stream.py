"""A stream under one key: chunks of AES-256-GCM that cannot be cut, moved, repeated or mixed.

STREAM (Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse
Misuse-Resistance", 2015): chunks of 64 KiB, each with its number and a final flag in the nonce.
One key seals one stream only, since its nonces are counted from zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.errors import TrustError
from desk.phrase import phrase

CHUNK = 64 * 1024
TAG = 16
_NONCE = 12


def chunk_nonce(number: int, final: bool) -> bytes:
    """The nonce (12 bytes) of one chunk: its number, then 1 for the last one and 0 before."""
    return number.to_bytes(_NONCE - 1, "big") + (b"\x01" if final else b"\x00")


def sealed_size(size: int) -> int:
    """Bytes of the ciphertext of a stream of `size` bytes."""
    return size + TAG * max(1, -(-size // CHUNK))


def seal_stream(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Ciphertext chunks (64 KiB + 16 bytes, the last one shorter) of pieces of any sizes.

    `key`: 32 bytes that seal nothing else. An error of `pieces` comes before the final chunk, so
    that what was written so far does not open as a whole.
    """
    cipher, waiting, number = AESGCM(key), bytearray(), 0
    for piece in pieces:
        waiting += piece
        # One whole chunk is always kept back, since only the end shows which one is final.
        while len(waiting) > CHUNK:
            yield cipher.encrypt(chunk_nonce(number, False), bytes(waiting[:CHUNK]), None)
            del waiting[:CHUNK]
            number += 1
    yield cipher.encrypt(chunk_nonce(number, True), bytes(waiting), None)


def open_stream(key: bytes, pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Plaintext chunks of a stream whose ciphertext comes in pieces of any sizes.

    Raises TrustError at the first chunk that does not open, and at the end of a stream that was
    cut; chunks given before are genuine, but only the whole is what was sealed.
    """
    cipher, waiting, number = AESGCM(key), bytearray(), 0
    for piece in pieces:
        waiting += piece
        while len(waiting) > CHUNK + TAG:
            yield _opened(cipher, number, False, bytes(waiting[: CHUNK + TAG]))
            del waiting[: CHUNK + TAG]
            number += 1
    yield _opened(cipher, number, True, bytes(waiting))


def _opened(cipher: AESGCM, number: int, final: bool, sealed: bytes) -> bytes:
    try:
        return cipher.decrypt(chunk_nonce(number, final), sealed, None)
    except (InvalidTag, ValueError):
        raise TrustError(
            "A sealed stream does not open",
            phrase("chunk {number} was altered, moved or cut", number=number),
        ) from None
