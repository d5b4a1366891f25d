"""Verifying: the chain, every signature, the rosters from the pinned root, the checkpoints.

Needs no database and no network: entries, the root's fingerprint and checkpoints are enough.
A chain alone does not show a cut tail or a log that was hashed anew; a checkpoint does.

A log that was restored from a backup lacks what came after the backup, and checkpoints of that
time tell of it. They speak against the log unless administrators accepted it as it is: a `resume`
whose head stands in this log, stated later than the checkpoint. Whoever has only the database
cannot make one, and a copied one does not fit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from desk.errors import DeskError, TrustError
from desk.phrase import phrase
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
class Resumed:
    """Administrators accepted the log after a restore: the act at `seq`, stated at `time`.

    `accepted`: the entry whose hash it names. `holds`: whether that entry is in this log; one that
    does not hold, such as a copy from before the restore, excuses nothing. `lost`: how many
    checkpoints of the time before saw a log that was lost, up to entry `reached`.
    """

    seq: int
    time: str
    accepted: int
    holds: bool
    lost: int = 0
    reached: int = 0


@dataclass(frozen=True)
class AuditReport:
    """What verification found. `ok` when nothing is broken; void acts alone break nothing.

    `checkpoints`: how many hold; `checkpoint`: the highest sequence that one of them vouches for.
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
    resumes: tuple[Resumed, ...] = ()

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
            "resumes": [resumed.__dict__ for resumed in self.resumes],
        }


def verify(root: str, entries: Iterable[Entry], checkpoints: Sequence[Envelope]) -> AuditReport:
    """Verify a log. `root`: the fingerprint (64 hex) that people confirmed, not the log's own word.

    Never raises for what it finds in the log or the checkpoints: it is in the report.
    """
    log = _Log(Record(root))
    for entry in entries:
        log.read(entry)
    if not log.entries:
        log.findings.append(Finding("chain", phrase("the log is empty")))
    record, seen = log.record, log.compare(checkpoints)
    return AuditReport(
        record.newsroom if record.roster else "",
        root,
        log.entries,
        log.head.hash,
        record.roster.version if record.roster else 0,
        record.policy.version if record.policy else 0,
        len(seen),
        max(seen, default=0),
        tuple(log.findings),
        tuple(_void(applied) for applied in record.voids),
        tuple(log.resumes),
    )


@dataclass
class _Log:
    """What is known of the log while it is read; after the first break nothing more is folded."""

    record: Record
    head: Head = field(default_factory=Head)
    entries: int = 0
    hashes: dict[int, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    resumes: list[Resumed] = field(default_factory=list)
    publishers: set[str] = field(default_factory=set)  # of every roster: also keys replaced since

    def read(self, entry: Entry) -> None:
        """Fold the next entry, unless something before it does not hold."""
        self.entries += 1
        if not self.findings:
            try:
                self.head = extend(self.head, [entry])
                self.hashes[self.head.seq] = self.head.hash
                self._apply(entry)
            except Stopped as error:
                self.findings.append(
                    Finding(
                        "stopped", phrase("entry {seq}: {why}", seq=entry.seq, why=error.sentence)
                    )
                )
            except TrustError as error:
                self.findings.append(Finding("chain", error.message))
        if entry.seq == 1 and self.record.roster is None and not self.findings:
            self.findings.append(
                Finding("root", phrase("it does not begin with a roster of that root"))
            )

    def _apply(self, entry: Entry) -> None:
        applied = self.record.apply(entry.envelope, entry.seq)
        if self.record.roster:
            self.publishers |= {key.sign for key in self.record.roster.publishers.values()}
        act = applied.act
        if act is not None and act.kind.name == "resume" and not applied.void:
            accepted = int(act.fields["seq"])
            holds = accepted < entry.seq and self.hashes.get(accepted) == act.fields["head"]
            self.resumes.append(Resumed(entry.seq, act.time, accepted, holds))

    def compare(self, checkpoints: Sequence[Envelope]) -> list[int]:
        """Compare each checkpoint with the log. The sequences that those which hold vouch for."""
        good = []
        for number, envelope in enumerate(checkpoints, 1):
            try:
                vouched = read_checkpoint(envelope, self.record.newsroom, self.publishers)
            except (DeskError, KeyError, ValueError) as error:
                why = error.sentence if isinstance(error, DeskError) else str(error)
                text = phrase("checkpoint {number} does not hold: {why}", number=number, why=why)
                self.findings.append(Finding("checkpoint", text))
                continue
            if self.hashes.get(vouched.seq) == vouched.hash:
                good.append(vouched.seq)
            elif not self._excused(vouched, str(envelope.body()["time"])):
                self.findings.append(self._against(number, vouched))
        return good

    def _against(self, number: int, vouched: Head) -> Finding:
        if vouched.seq > len(self.hashes):
            text = phrase(
                "checkpoint {number} saw {seen} entries, the log has {count}",
                number=number,
                seen=vouched.seq,
                count=len(self.hashes),
            )
            return Finding("cut", text)
        text = phrase(
            "entry {seq} is not the one that checkpoint {number} saw",
            seq=vouched.seq,
            number=number,
        )
        return Finding("rehashed", text)

    def _excused(self, vouched: Head, time: str) -> bool:
        """Whether a checkpoint saw what was lost before administrators accepted this log."""
        for index, resumed in enumerate(self.resumes):
            if resumed.holds and time < resumed.time:
                reached = max(resumed.reached, vouched.seq)
                self.resumes[index] = replace(resumed, lost=resumed.lost + 1, reached=reached)
                return True
        return False


def _void(applied: Any) -> VoidAct:
    act = applied.act
    return VoidAct(
        applied.seq, act.kind.name if act else "?", act.subject if act else "?", applied.void
    )
