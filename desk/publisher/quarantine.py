"""Quarantine: what a restored publisher does until administrators have signed `resume`.

It follows the log, asks every channel what that has seen, and takes up what they can prove. It
stages, opens and withdraws nothing, and takes no epoch: the old publisher may still be running.
The restore stands in the log as an alarm with the restore's own number, so that the head which
`resume` accepts belongs to this restore and to no earlier one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from desk.errors import DeskError, Reason
from desk.locales import N_
from desk.phrase import as_phrase, joined, phrase
from desk.publisher.channel import Channel
from desk.publisher.kept import Kept
from desk.publisher.marker import MARKER, read_marker
from desk.publisher.witness import Finding, Witness, behind_checkpoint
from desk.trust.acts import Act
from desk.trust.record import Applied

if TYPE_CHECKING:
    from desk.publisher.loop import Publisher

EVERY_NS = 2_000_000_000
CODE = "restored"


@dataclass(frozen=True)
class Resume:
    """A `resume` that administrators signed: where it stands, and the head that it accepts."""

    at: int
    seq: int
    head: str


@dataclass
class Quarantine:
    """The quarantine of one publisher. `why` is '' when there is none."""

    p: Publisher
    kept: Kept = field(init=False)
    since: int = 0
    looked: dict[str, list[Finding]] = field(default_factory=dict)
    renewed: int = 0
    _resumes: list[Resume] = field(default_factory=list)
    _next: int = 0

    def __post_init__(self) -> None:
        """Read the marker and what was kept. Raises TrustError, Unavailable: then nothing runs."""
        self.kept = Kept.load(self.p.ledger)
        marker = read_marker(self.p.home.path) or read_marker(self.p.home.shared)
        if marker is not None and marker.nonce != self.kept.nonce:
            self.kept.nonce, self.kept.resumed = marker.nonce, 0
            self.kept.taken, self.kept.restored = marker.taken, marker.restored
            self.kept.seq = marker.seq
            self.kept.save(self.p.ledger)
            self.p.ledger.renew()
        self._witness = Witness(self.p, self.kept)

    def follow(self) -> None:
        """The leader's ledger was followed: its quarantine may have begun or ended."""
        if Kept.load(self.p.ledger) != self.kept:
            self.reload()

    def reload(self) -> None:
        """Read again what was kept: the ledger is now what another publisher left."""
        before = self.kept
        self.__post_init__()
        if self.kept != before:
            self.p.forget_verdicts()

    @property
    def why(self) -> str:
        """Why nothing may go out, or ''."""
        if not self.kept.quarantined:
            return ""
        blocking = [f.text for f in self.findings() if f.blocking]
        if not self._resumes or not blocking:
            return phrase(
                "quarantine: restored from the backup of {taken}; "
                "administrators have to sign resume",
                taken=self.kept.taken,
            )
        return phrase(
            "quarantine: restored from the backup of {taken}; resume is signed, but {why}",
            taken=self.kept.taken,
            why=joined("; ", blocking),
        )

    @property
    def lift(self) -> int:
        """What to add to the log's numbers, so that no public calendar has to go back."""
        return self.kept.lift

    def against(self, release: str) -> tuple[Reason, ...]:
        """Why a release may not go out, beyond what the judge says."""
        return tuple(self.kept.against(self.p.record, release))

    def bars(self, release: str, signoff: str) -> bool:
        """Whether what was staged under that sign-off has to be taken back."""
        known = self.p.record.releases.get(release)
        return self.kept.bars(known.signoffs.get(signoff) if known else None)

    # -- what is heard ----------------------------------------------------------------------------

    def heard(self, applied: Applied) -> None:
        """Note the acts that matter here, from the first entry of the log on."""
        act = applied.act
        if act is None or applied.void:
            return
        if act.kind.name == "roster":
            self.renewed = applied.seq
        elif act.kind.name == "resume":
            self._resumes.append(
                Resume(applied.seq, int(act.fields["seq"]), str(act.fields["head"]))
            )
        elif act.kind.name == "publisher.alarm" and self._is_ours(act):
            self.since = self.since or applied.seq

    def _is_ours(self, act: Act) -> bool:
        detail = str(act.fields.get("detail", ""))
        nonce = self.kept.nonce
        return act.fields["code"] == CODE and bool(nonce) and detail.startswith(nonce)

    # -- what is done -----------------------------------------------------------------------------

    def turn(self) -> None:
        """One round: say in the log that this is a restore, look at channels, end when it may."""
        p = self.p
        if not self.kept.quarantined or p.unsound or p.record.policy is None:
            return
        if not self.since:
            p.ledger.owe(
                f"{CODE} {self.kept.nonce}", "publisher.alarm", "newsroom",
                {"code": CODE, "detail": f"{self.kept.nonce} backup of {self.kept.taken}"},
            )  # fmt: skip
        moment = p.clock.monotonic_ns()
        if moment >= self._next:
            self._next = moment + EVERY_NS
            for channel in p.channels.values():
                p.duties.spawn(f"look {channel.id}", self._look, channel)
        self._end()

    async def _look(self, channel: Channel) -> None:
        """Ask one channel. What it says counts once everything it can prove is in the log."""
        try:
            found = await self._witness.ask(channel)
        except DeskError as error:
            self.looked.pop(channel.id, None)
            channel.problem = error.sentence
            raise
        finally:
            self.kept.save(self.p.ledger)
        channel.problem = ""
        if found is not None:
            self.looked[channel.id] = found

    def findings(self) -> list[Finding]:
        """What the channels know and this log does not; what blocks `resume` first."""
        policy = self.p.record.policy
        found = [one for each in self.looked.values() for one in each]
        for name in policy.channels if policy else ():
            if name not in self.looked:
                channel = self.p.channels.get(name)
                why = as_phrase((channel and channel.problem) or N_("no answer yet"))
                text = phrase("{channel} could not be asked: {why}", channel=name, why=why)
                found.append(Finding("silent", name, text, True))
        lost = behind_checkpoint(self.p)
        if lost is not None:
            found.append(lost)
        return sorted(found, key=lambda one: (not one.blocking, one.channel, one.text))

    def _end(self) -> None:
        """End it when administrators accepted a head of this restore and nothing blocks."""
        p = self.p
        if not 0 < self.since < self.renewed or p.ledger.owed(1) or not self._resumes:
            return
        accepted = [r for r in self._resumes if self.since <= r.seq < r.at]
        if not accepted or any(one.blocking for one in self.findings()):
            return
        hashes = {entry.seq: entry.hash for entry in p.home.entries()}
        good = [r for r in accepted if hashes.get(r.seq) == r.head]
        if not good:
            return
        assert p.record.roster is not None
        self.kept.resumed, self.kept.roster = good[-1].at, p.record.roster.version
        self.kept.save(p.ledger)
        (p.home.path / MARKER).unlink(missing_ok=True)
        p.journal("quarantine-ended", resume=self.kept.resumed)
        p.forget_verdicts()
        for release in self._unsigned_again():
            p.after.alarm_once(f"{CODE} {release}", "sign-again", release)

    def _unsigned_again(self) -> list[str]:
        """Releases still to come whose sign-off is from before the restore."""
        now = self.p.instant_now()
        return [
            release.id
            for release in self.p.record.releases.values()
            if release.at > now and not release.opened and release.status == "planned"
            and release.signoff is not None and self.kept.bars(release.signoff)
        ]  # fmt: skip

    def report(self) -> dict[str, Any] | None:
        """For the status file: ids and code names only; None where nothing was ever restored."""
        if not self.kept.nonce:
            return None
        active = self.kept.quarantined
        return {
            "active": active,
            "restore": self.kept.nonce,
            "taken": self.kept.taken,
            "since": self.since,
            "resumed": self.kept.resumed,
            "findings": [one.as_json() for one in self.findings()] if active else [],
            "sign_again": self._unsigned_again(),
        }
