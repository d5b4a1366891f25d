"""Sealing of what is staged: deterministic AEAD under a key that the portal gets at the instant.

A bundle is one AES-256-GCM message. An asset is a STREAM (Hoang, Reyhanitabar, Rogaway, Vizár,
"Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", 2015): chunks of 64 KiB,
each with its number and a final flag in the nonce, so chunks cannot be cut, moved or repeated and
any range can be opened by itself.

Everything is deterministic, so that a restarted publisher, or a standby, stages the same bytes.
That is safe because no nonce depends on the address alone: the bundle's nonce is a MAC of its
plaintext (as in RFC 8452, SIV), and each asset has a key of its own, derived from its digest. Two
plaintexts under one address therefore never share a key and a nonce.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from desk.errors import TrustError
from desk.phrase import phrase
from desk.trust.canonical import canonical, digest
from desk.trust.keys import derive
from desk.trust.stream import CHUNK, TAG, chunk_nonce, seal_stream

_NONCE = 12


def bundle_address(newsroom: str, channel: str, manifest: str) -> str:
    """Where a bundle is staged: a digest (64 hex) of newsroom uid, channel and sign-off digest."""
    return digest(
        {
            "channel": channel,
            "desk": "bundle address v1",
            "manifest": manifest,
            "newsroom": newsroom,
        }
    )


def bundle_key(secret: bytes, address: str) -> bytes:
    """The 32-byte key of one bundle, from the publisher's secret (32 bytes) and its address."""
    return derive(secret, f"desk bundle key v1 {address}")


def seal_bundle(key: bytes, address: str, plaintext: bytes) -> bytes:
    """Nonce (12 bytes) and AES-256-GCM ciphertext of a bundle; the same bytes each time."""
    seal_key, nonce_key = _bundle_keys(key, address)
    nonce = hmac.digest(nonce_key, hashlib.sha256(plaintext).digest(), "sha256")[:_NONCE]
    return nonce + AESGCM(seal_key).encrypt(nonce, plaintext, _bundle_aad(address))


def open_bundle(key: bytes, address: str, sealed: bytes) -> bytes:
    """The plaintext of a bundle. Raises TrustError: wrong key, wrong address, or altered."""
    if len(key) != 32:
        raise TrustError("A bundle key is 32 bytes", phrase("got {size}", size=len(key)))
    seal_key, _ = _bundle_keys(key, address)
    try:
        return AESGCM(seal_key).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bundle_aad(address))
    except (InvalidTag, ValueError):
        raise TrustError(
            "The bundle does not open", "the key is another's, or the staged bytes were altered"
        ) from None


def seal_asset(key: bytes, address: str, sha256: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Ciphertext chunks (64 KiB + 16 bytes, the last one shorter) of an asset.

    `sha256` is the digest of the plaintext, whose chunks may come in any sizes. Raises TrustError
    at the end when the plaintext is not the one of that digest.
    """
    return seal_stream(_asset_key(key, address, sha256), _of_that_digest(sha256, chunks))


def _of_that_digest(sha256: str, chunks: Iterable[bytes]) -> Iterator[bytes]:
    seen = hashlib.sha256()
    for chunk in chunks:
        seen.update(chunk)
        yield chunk
    if seen.hexdigest() != sha256:
        raise TrustError("An asset is not what was signed", "its digest differs")


ReadAt = Callable[[int, int], bytes]


def open_asset(
    key: bytes,
    address: str,
    sha256: str,
    size: int,
    *,
    read_at: ReadAt,
    start: int = 0,
    stop: int | None = None,
) -> Iterator[bytes]:
    """Plaintext bytes `start` to `stop` (exclusive) of an asset, chunk by chunk.

    `size` is that of the plaintext; `read_at(offset, length)` reads the ciphertext. Raises
    TrustError at the first chunk that does not open; chunks given before it are genuine.
    """
    stop = size if stop is None else min(stop, size)
    cipher = AESGCM(_asset_key(key, address, sha256))
    last = max(0, -(-size // CHUNK) - 1)
    if start >= stop and size:
        return
    for number in range(start // CHUNK, (max(stop, 1) - 1) // CHUNK + 1):
        length = (size - number * CHUNK) if number == last else CHUNK
        sealed = read_at(number * (CHUNK + TAG), length + TAG)
        try:
            plain = cipher.decrypt(chunk_nonce(number, number == last), sealed, None)
        except (InvalidTag, ValueError):
            raise TrustError(
                "An asset does not open", phrase("chunk {number} was altered", number=number)
            ) from None
        base = number * CHUNK
        yield plain[max(0, start - base) : stop - base]


def _bundle_keys(key: bytes, address: str) -> tuple[bytes, bytes]:
    return derive(key, f"desk bundle seal v1 {address}"), derive(
        key, f"desk bundle nonce v1 {address}"
    )


def _bundle_aad(address: str) -> bytes:
    return canonical({"address": address, "desk": "bundle v1"})


def _asset_key(key: bytes, address: str, sha256: str) -> bytes:
    return derive(key, f"desk bundle asset v1 {address} {sha256}")
