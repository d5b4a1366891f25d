"""The log's arithmetic: the hash chain over envelopes, heads, and signed checkpoints.

Entry n holds the hash of entry n-1. A chain alone does not show a cut tail, so heads are pinned
elsewhere: by the publisher in its own directory, and as signed checkpoints in a file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from desk.errors import TrustError
from desk.phrase import phrase
from desk.trust.acts import DIGEST, INSTANT, NEWSROOM, WHOLE
from desk.trust.envelope import Envelope, Signer, sign, verify

GENESIS = "0" * 64
CHECKPOINT = "application/vnd.desk.checkpoint.v1+json"
_FIELDS = {"newsroom": NEWSROOM, "seq": WHOLE, "head": DIGEST, "time": INSTANT}


@dataclass(frozen=True)
class Head:
    """The last entry: its sequence number (from 1; 0 for an empty log) and hash."""

    seq: int = 0
    hash: str = GENESIS


@dataclass(frozen=True)
class Entry:
    """One row of the log. `envelope` is the canonical JSON of the signed act."""

    seq: int
    previous: str
    hash: str
    envelope: bytes


def entry_hash(seq: int, previous: str, envelope: bytes) -> str:
    """SHA-256 over a domain name, the sequence, the previous hash and the envelope's digest."""
    inner = hashlib.sha256(envelope).digest()
    text = b"desk log v1\n%d\n%b\n" % (seq, previous.encode())
    return hashlib.sha256(text + inner).hexdigest()


def next_entry(head: Head, envelope: bytes) -> Entry:
    """The entry that follows a head."""
    seq = head.seq + 1
    return Entry(seq, head.hash, entry_hash(seq, head.hash, envelope), envelope)


def extend(head: Head, entries: Iterable[Entry]) -> Head:
    """The head after these entries. Raises TrustError at the first that does not follow."""
    for entry in entries:
        expected = entry_hash(entry.seq, entry.previous, entry.envelope)
        if entry.seq != head.seq + 1 or entry.previous != head.hash or entry.hash != expected:
            raise TrustError(
                "The log does not follow",
                phrase(
                    "entry {seq} does not extend entry {before}", seq=entry.seq, before=head.seq
                ),
                "Stop publishing and compare with the checkpoint: desk audit verify",
            )
        head = Head(entry.seq, entry.hash)
    return head


def checkpoint(newsroom: str, head: Head, time: str, signer: Signer) -> Envelope:
    """A signed statement that the log had this head at that instant."""
    value = {"newsroom": newsroom, "seq": head.seq, "head": head.hash, "time": time}
    return sign(CHECKPOINT, value, signer)


def read_checkpoint(envelope: Envelope, newsroom: str, keys: Iterable[str]) -> Head:
    """The head that a checkpoint vouches for. Raises TrustError unless signed by one of `keys`."""
    if envelope.payload_type != CHECKPOINT or not verify(envelope, keys):
        raise TrustError("A checkpoint does not hold", "not signed by a publisher of the roster")
    body = envelope.body()
    if body.get("newsroom") != newsroom:
        raise TrustError("This is another newsroom", "the checkpoint names another")
    if body.keys() != _FIELDS.keys() or not all(_FIELDS[k](v) for k, v in body.items()):
        raise TrustError("A checkpoint does not hold", "malformed")
    return Head(body["seq"], body["head"])
