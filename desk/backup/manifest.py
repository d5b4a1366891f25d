"""The manifest of a backup: what it holds, to whom it is sealed, and who vouches for it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

from desk.errors import TrustError
from desk.newsroom.room import Actor
from desk.phrase import phrase
from desk.trust.acts import DIGEST, INSTANT, NEWSROOM, PERSON, WHOLE
from desk.trust.envelope import Envelope, sign, verify
from desk.trust.keys import Identity, derive
from desk.trust.log import Head
from desk.trust.roster import Roster
from desk.trust.seal import Name, Reader, SealKey, unwrap

BACKUP = "application/vnd.desk.backup.v1+json"
FORMAT = 1
RECOVERY = "recovery"


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself, in clear. No name, title or text of an item is in it.

    `id`: 64 hex, drawn anew each time; `newsroom`: uid; `root`: fingerprint (64 hex); `by`: who
    signs it; `recovery`: the X25519 key (hex) that opens it; `wrap`: the body's key for that key;
    `files`: name and size in bytes; `cipher`: SHA-256 and size of the sealed body.
    """

    id: str
    newsroom: str
    root: str
    time: str
    by: str
    head: Head
    roster: int
    policy: int
    recovery: str
    wrap: bytes
    files: tuple[tuple[str, int], ...]
    cipher: tuple[str, int]

    def to_value(self) -> dict[str, Any]:
        """The payload to be signed."""
        return {
            "format": FORMAT,
            "id": self.id,
            "newsroom": self.newsroom,
            "root": self.root,
            "time": self.time,
            "by": self.by,
            "seq": self.head.seq,
            "head": self.head.hash,
            "roster": self.roster,
            "policy": self.policy,
            "recovery": self.recovery,
            "wrap": base64.b64encode(self.wrap).decode(),
            "files": [{"name": name, "size": size} for name, size in self.files],
            "cipher_sha256": self.cipher[0],
            "cipher_size": self.cipher[1],
        }

    def signed(self, actor: Actor) -> Envelope:
        """The manifest, signed by who made the backup."""
        return sign(BACKUP, self.to_value(), actor.identity)

    def stream_key(self, recovery: Identity) -> bytes:
        """The key of the body. Raises TrustError when this is not the recovery key it needs."""
        found = unwrap(_name(self), {self.recovery: self.wrap}, RECOVERY, recovery)
        if found is None:
            raise TrustError(
                "This is not the recovery key of that backup",
                phrase("it is sealed to the key {key}…", key=self.recovery[:16]),
                "Bring the recovery seed that belonged to the roster when it was made",
            )
        return _stream_key(found)


def _name(manifest: Manifest) -> Name:
    return Name(manifest.newsroom, "backup", "backup", manifest.id)


def _stream_key(key: SealKey) -> bytes:
    return derive(key.secret, f"desk backup stream v1 {key.name.id}")


def fresh_key(newsroom: str, id: str, recovery: str) -> tuple[bytes, bytes]:
    """A new key for a body (32 bytes), and its wrap for the recovery key (HPKE)."""
    key = SealKey.fresh(Name(newsroom, "backup", "backup", id))
    return _stream_key(key), key.wrap_for([Reader(RECOVERY, recovery)])[recovery]


_CHECKS: dict[str, Any] = {
    "format": lambda value: value == FORMAT,
    "id": DIGEST,
    "newsroom": NEWSROOM,
    "root": DIGEST,
    "time": INSTANT,
    "by": PERSON,
    "seq": WHOLE,
    "head": DIGEST,
    "roster": WHOLE,
    "policy": WHOLE,
    "recovery": DIGEST,
    "wrap": lambda value: isinstance(value, str) and len(value) < 1000,
    "files": lambda value: isinstance(value, list) and len(value) < 10_000,
    "cipher_sha256": DIGEST,
    "cipher_size": WHOLE,
}


def read_manifest(envelope: Envelope) -> Manifest:
    """Read a manifest; who signed it is for `vouched_by`. Raises TrustError."""
    if envelope.payload_type != BACKUP:
        raise TrustError("This is not a backup", envelope.payload_type[:60])
    body = envelope.body()
    if body.keys() != _CHECKS.keys() or not all(_CHECKS[k](v) for k, v in body.items()):
        raise TrustError("The manifest of the backup is malformed")
    try:
        files = tuple((str(f["name"]), int(f["size"])) for f in body["files"])
        wrap = base64.b64decode(body["wrap"], validate=True)
    except (KeyError, TypeError, ValueError, binascii.Error):
        raise TrustError("The manifest of the backup is malformed") from None
    return Manifest(
        body["id"], body["newsroom"], body["root"], body["time"], body["by"],
        Head(body["seq"], body["head"]), body["roster"], body["policy"], body["recovery"], wrap,
        files, (body["cipher_sha256"], body["cipher_size"]),
    )  # fmt: skip


def vouched_by(envelope: Envelope, manifest: Manifest, roster: Roster) -> str:
    """Who of the roster signed it. Raises TrustError when it is not who it says.

    A key that was rotated since counts: the backup may be older than the rotation.
    """
    usable = {
        key: state
        for key, state in roster.keys.items()
        if state.person == manifest.by and state.state in ("active", "rotated")
    }
    if not verify(envelope, usable):
        raise TrustError(
            "Nobody vouches for this backup",
            phrase(
                "it is not signed by a key of {by} in roster v{version}",
                by=manifest.by,
                version=roster.version,
            ),
            "Take another backup",
        )
    return manifest.by
