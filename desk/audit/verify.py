"""Verifying: the chain, every signature, the rosters from the pinned root, the checkpoints.

Needs no database and no network: entries, the root's fingerprint and checkpoints are enough.
A chain alone does not show a cut tail or a log that was hashed anew; a checkpoint does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from desk.errors import DeskError, TrustError
from desk.trust.envelope import Envelope
from desk.trust.log import Entry, Head, extend, read_checkpoint
from desk.trust.record import Record, Stopped


@dataclass(frozen=True)
class VoidAct:
    """An act that stands in the log and counts for nothing, and why. Attacks leave such acts."""

    seq: int
    kind: str
    subject: str
    reason: str


@dataclass(frozen=True)
class Finding:
    """Something that does not hold. `code`: chain, root, stopped, checkpoint, cut, rehashed."""

    code: str
    text: str


@dataclass(frozen=True)
class AuditReport:
    """What verification found. `ok` when nothing is broken; void acts alone break nothing.

    `checkpoints`: how many were compared; `checkpoint`: the highest sequence vouched for.
    """

    newsroom: str
    root: str
    entries: int
    head: str
    roster: int
    policy: int
    checkpoints: int
    checkpoint: int
    findings: tuple[Finding, ...]
    voids: tuple[VoidAct, ...]

    @property
    def ok(self) -> bool:
        """Whether the log holds."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            **self.__dict__,
            "ok": self.ok,
            "findings": [finding.__dict__ for finding in self.findings],
            "voids": [void.__dict__ for void in self.voids],
        }


def verify(root: str, entries: Iterable[Entry], checkpoints: Sequence[Envelope]) -> AuditReport:
    """Verify a log. `root`: the fingerprint (64 hex) that people confirmed, not the log's own word.

    Never raises for what it finds in the log or the checkpoints: it is in the report.
    """
    record = Record(root)
    hashes: dict[int, str] = {}
    findings: list[Finding] = []
    publishers: set[str] = set()  # of every roster: a key that was replaced has signed too
    head, seen = Head(), 0
    for entry in entries:
        seen += 1
        if not findings:
            try:
                head = extend(head, [entry])
                hashes[head.seq] = head.hash
                record.apply(entry.envelope, entry.seq)
                if record.roster:
                    publishers |= {key.sign for key in record.roster.publishers.values()}
            except Stopped as error:
                findings.append(Finding("stopped", f"entry {entry.seq}: {error}"))
            except TrustError as error:
                findings.append(Finding("chain", error.message))
        if entry.seq == 1 and record.roster is None and not findings:
            findings.append(Finding("root", "it does not begin with a roster of that root"))
    if not seen:
        findings.append(Finding("chain", "the log is empty"))
    highest, compared = 0, 0
    for number, envelope in enumerate(checkpoints, 1):
        found, vouched = _compare(number, envelope, record, publishers, hashes)
        findings += [found] if found else []
        compared += found is None
        highest = max(highest, vouched)
    return AuditReport(
        record.newsroom if record.roster else "",
        root,
        seen,
        head.hash,
        record.roster.version if record.roster else 0,
        record.policy.version if record.policy else 0,
        compared,
        highest,
        tuple(findings),
        tuple(_void(applied) for applied in record.voids),
    )


def _compare(
    number: int,
    envelope: Envelope,
    record: Record,
    publishers: set[str],
    hashes: dict[int, str],
) -> tuple[Finding | None, int]:
    """What speaks against one checkpoint, and up to which entry it vouches."""
    try:
        vouched = read_checkpoint(envelope, record.newsroom, publishers)
    except (DeskError, KeyError, ValueError) as error:
        return Finding("checkpoint", f"checkpoint {number} does not hold: {error}"), 0
    if vouched.seq > len(hashes):
        text = f"checkpoint {number} saw {vouched.seq} entries, the log has {len(hashes)}"
        return Finding("cut", text), vouched.seq
    if hashes.get(vouched.seq) != vouched.hash:
        text = f"entry {vouched.seq} is not the one that checkpoint {number} saw"
        return Finding("rehashed", text), vouched.seq
    return None, vouched.seq


def _void(applied: Any) -> VoidAct:
    act = applied.act
    return VoidAct(
        applied.seq, act.kind.name if act else "?", act.subject if act else "?", applied.void
    )
